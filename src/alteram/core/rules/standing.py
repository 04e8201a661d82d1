"""Which entries no longer stand: decided again on appeal, or lifted.

An entry is undone by an act done here, or found or told in a matter that only tells a history; a report of one that
somebody hands in undoes nothing.
"""

from alteram.core.acts import AppealDecided, InterimMeasureLifted, SanctionImposed, SanctionLifted
from alteram.core.acts.fields import Act
from alteram.core.matters import AnyEvent, Facts, StreamFacts

_READ: tuple[type[Act], ...] = (AppealDecided, SanctionLifted, InterimMeasureLifted)


def find_undone(facts: Facts) -> frozenset[int]:
    """Return the entries that no longer stand; a sanction falls with the decision it rests on."""
    matter = facts.matter
    undone = {
        seq
        for event in matter.all(*_READ)
        if _counts(event, matter) and (seq := _find_target(matter, event)) is not None
    }
    return frozenset(undone | {one.seq for one in matter.all(SanctionImposed) if one.act.decision in undone})


def _counts(event: AnyEvent, matter: StreamFacts) -> bool:
    return not event.corrected and (event.live or event.found or matter.is_history)


def _find_target(matter: StreamFacts, event: AnyEvent) -> int | None:
    match event.act:
        case AppealDecided(appeal=appeal, outcome="quashed" | "sent-back"):
            lodged = matter.find(appeal)
            against = getattr(lodged.act, "against", None) if lodged is not None else None
            return against if isinstance(against, int) else None
        case SanctionLifted(sanction=seq) | InterimMeasureLifted(measure=seq):
            return seq
        case _:
            return None
