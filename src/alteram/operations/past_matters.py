"""What an amendment would have meant for past matters, as one person may be told it: numbers first, then their own.

For whoever adopts amendments or agrees to them. Matters are named to those who have a part in them; of the others only
numbers are told, and small ones are hidden, so that nobody learns of one matter by them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from alteram.core.access import build_reader
from alteram.core.acts import find_spec
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.rules import Rulebook
from alteram.core.rules.amendments.replaying import Otherwise, RefusedAct, Replayed
from alteram.core.rules.capacities import find_roles
from alteram.core.rules.findings import Result
from alteram.operations.organisation import Organisation
from alteram.operations.questions import UnknownMatterError
from alteram.operations.statistics import LEAST

_AMENDED: Final = "rulebook.amended"


@dataclass(frozen=True, slots=True)
class Changed:
    """A requirement that would have come to something else, and in how many matters (None: too few to be told)."""

    requirement: str
    title: str
    old: Result | None
    new: Result | None
    matters: int | None


@dataclass(frozen=True, slots=True)
class Barred:
    """A kind of act that would have been refused, and in how many matters (None: too few to be told)."""

    act: str
    matters: int | None


@dataclass(frozen=True, slots=True)
class PastMatters:
    """What one person may be told: of `looked_at` matters, how many would have gone otherwise, and which are theirs."""

    looked_at: int
    touched: int | None
    changed: tuple[Changed, ...]
    barred: tuple[Barred, ...]
    mine: tuple[Replayed, ...]


def check_may_look_back(organisation: Organisation, viewer: PersonId) -> None:
    """Raise UnknownMatterError unless `viewer` adopts amendments here, or agrees to them."""
    facts = organisation.facts(ORGANISATION_STREAM, fresh=True)
    rulebook = organisation.governing(ORGANISATION_STREAM)
    if find_amenders(rulebook).isdisjoint(find_roles(facts, rulebook, viewer)):
        raise UnknownMatterError("This is not open to you.", remedy="Ask the secretary.")


def may_look_back(organisation: Organisation, viewer: PersonId) -> bool:
    """Return whether past matters are looked at for `viewer`."""
    try:
        check_may_look_back(organisation, viewer)
    except UnknownMatterError:
        return False
    return True


def find_amenders(rulebook: Rulebook) -> frozenset[str]:
    """Return the parts that adopt an amendment or agree to it under a rulebook."""
    rule, spec, second = (
        rulebook.find_act_rule(_AMENDED),
        find_spec(_AMENDED),
        rulebook.find_second_key(_AMENDED),
    )
    by = rule.by if rule is not None else () if spec is None else spec.by
    return frozenset((*by, *(() if second is None else second.by))) - {"anyone", "member"}


def tell_past_matters(
    organisation: Organisation, viewer: PersonId, replayed: Iterable[Replayed], looked_at: int
) -> PastMatters:
    """Return what `viewer` may be told of a replay. Raises: UnknownMatterError where it is not open to them."""
    check_may_look_back(organisation, viewer)
    touched = [one for one in replayed if one.is_touched]
    changed = Counter(
        (one.requirement, one.title, one.old, one.new) for matter in touched for one in matter.requirements
    )
    barred = Counter(act for matter in touched for act in {one.act for one in matter.refused})
    return PastMatters(
        looked_at=looked_at,
        touched=_hide(len(touched)),
        changed=tuple(Changed(*key, _hide(count)) for key, count in changed.most_common()),
        barred=tuple(Barred(act, _hide(count)) for act, count in barred.most_common()),
        mine=tuple(_find_mine(organisation, viewer, touched)),
    )


def _hide(count: int) -> int | None:
    return None if 0 < count < LEAST else count


def _find_mine(organisation: Organisation, viewer: PersonId, touched: Iterable[Replayed]) -> Iterator[Replayed]:
    """Yield the matters in which the viewer has a part."""
    for one in touched:
        facts = organisation.facts(one.stream)
        if build_reader(facts, organisation.governing(one.stream), viewer).has_part:
            yield one


def describe_replayed(one: Replayed) -> dict[str, Any]:
    """Return what came out of one matter as JSON can hold it."""
    return {
        "matter": one.stream,
        "requirements": [[each.requirement, each.title, each.old, each.new] for each in one.requirements],
        "refused": [[each.seq, each.act, each.code, each.clause, each.requirement] for each in one.refused],
    }


def read_replayed(value: dict[str, Any]) -> Replayed:
    """Return what `describe_replayed` described. Raises: KeyError, TypeError for anything else."""
    return Replayed(
        StreamId(value["matter"]),
        tuple(Otherwise(*each) for each in value["requirements"]),
        tuple(RefusedAct(*each) for each in value["refused"]),
    )
