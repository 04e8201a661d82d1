"""Whether a parameter of a requirement asks for more or for less than it did, where that is certain.

A period, a number or a share asks for more where it is longer or larger, but for those by which something must be done
*within* it. What a truth or a list means depends on the parameter; of those that stand in no table here, and of periods
in different units, nothing is said.
"""

from typing import Any, Final

from alteram.core.rules.amendments.effects import Effect

#: Periods and numbers that ask for more when they are smaller.
AT_MOST: Final = frozenset(
    {"within", "letter_within", "at_most", "longest", "idle", "review_within", "unacknowledged", "every_days"}
)
#: Truths that ask for more when they are true, and those that ask for less.
ASKS_MORE: Final = frozenset(
    {
        "external_routes",
        "personal",
        "linked_parts",
        "published_before",
        "evidence_too",
        "ruling_needed",
        "quorum",
        "digests",
        "including_linked",
        "outsider",
        "outsiders",
        "declaration",
        "offering_counts",
        "minute_seen",
        "former_too",
        "particulars",
        "worst_sanction",
        "jeopardy",
        "presumption",
        "companion",
        "hearing_time",
        "signed",
        "evidence",
        "oral",
        "interim",
        "consent_needed",
        "delivered",
        "findings_inside",
        "needs_expiry",
        "each_step",
    }
)
ASKS_LESS: Final = frozenset(
    {
        "refusable",
        "may_be_open",
        "telling_is_enough",
        "or_none_known",
        "decision_suffices",
        "admission_suffices",
        "lightest_needs_none",
        "watched_only",
        "made_only",
        "same_day_counts",
        "only_where_announced",
        "only_of_deciders",
    }
)
#: Lists that ask for more the more they hold, and those that ask for less.
MORE_IS_MORE: Final = frozenset(
    {
        "excluded",
        "items",
        "parts",
        "principles",
        "barring",
        "points",
        "purposes",
        "to",
        "on",
        "tells",
        "rights",
        "served_on",
        "breaches",
        "always_for",
    }
)
MORE_IS_LESS: Final = frozenset({"no_limit", "unless", "bases"})
_DAYS: Final = {"days": 1, "weeks": 7}
_MONTHS: Final = {"months": 1, "years": 12}


def find_effect(name: str, old: Any, new: Any) -> Effect:
    """Return what a parameter's change, of builtin values, does to whoever the requirement protects."""
    if name in ASKS_MORE | ASKS_LESS and isinstance(old, bool) and isinstance(new, bool):
        return "grows" if new is (name in ASKS_MORE) else "shrinks"
    if isinstance(old, list) and isinstance(new, list):
        return _compare_lists(name, set(old), set(new))
    before, after = find_size(old), find_size(new)
    if before is None or after is None or before[1] != after[1] or before[0] == after[0]:
        return "changes"
    return "grows" if (after[0] > before[0]) is (name not in AT_MOST) else "shrinks"


def _compare_lists(name: str, old: set[Any], new: set[Any]) -> Effect:
    if name not in MORE_IS_MORE | MORE_IS_LESS or not (old < new or new < old):
        return "changes"
    return "grows" if (old < new) is (name in MORE_IS_MORE) else "shrinks"


def find_size(value: Any) -> tuple[float, object] | None:
    """Return how much a number, a period or a share is, and of what: sizes of different things cannot be compared."""
    match value:
        case bool():
            return None
        case int():
            return value, "count"
        case {"numerator": int() as part, "denominator": int() as whole, "of": base}:
            # More than a share is a little more than the share; no vote is as small.
            return part / whole + (1e-9 if value.get("more_than") else 0), base
        case dict() if len(value) == 1:
            ((unit, count),) = value.items()
            if unit in _DAYS:
                return count * _DAYS[unit], "days"
            return (count * _MONTHS[unit], "months") if unit in _MONTHS else (count, unit)
        case _:
            return None
