"""What would still mend a matter: for whoever runs the organisation, and for one person as they may be told it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from weakref import WeakKeyDictionary

from alteram.core.access.cured import ToldCures, tell_cures
from alteram.core.kernel.canonical import Json, encode_canonical
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.rules import Cures, Pack, plan_cures
from alteram.operations.assessing import assess_entered
from alteram.operations.entries import Entered, enter
from alteram.operations.kept_cures import decode_cures
from alteram.operations.organisation import Organisation
from alteram.operations.questions import get_facts
from alteram.operations.recent import Recent

_KEPT: Final = 32
#: What is kept is worked out anew once the search knows more than it did: raise it then.
_SEARCH: Final = 1
_Told = Recent[tuple[object, ...], ToldCures]
_told: "WeakKeyDictionary[Organisation, _Told]" = WeakKeyDictionary()


def plan_matter(
    organisation: Organisation, stream: StreamId, *, packs: Iterable[Pack] = (), now: datetime | None = None
) -> Cures:
    """Return what would mend a matter, for whoever may see all of it. Raises: UnknownMatterError."""
    facts = get_facts(organisation, stream)
    at = (now or organisation.ports.clock()).replace(microsecond=0)
    return plan_cures(facts, organisation.governing(stream), at, packs=packs)


def plan_for(
    organisation: Organisation,
    stream: StreamId,
    viewer: PersonId,
    packs: tuple[Pack, ...],
    *,
    now: datetime,
    tell: Callable[[int, int], None] = lambda _done, _parts: None,
) -> ToldCures:
    """Return what would mend a matter as `viewer` may be told it, worked out at most once in a minute.

    `tell` is called with how many parts of the work are done, of how many.
    Raises: UnknownMatterError where the matter is not open to them.
    """
    entered = enter(organisation, stream, viewer)
    last = entered.facts.matter.last_at
    at = now.replace(second=0, microsecond=0)
    at = at if last is None or last <= at else now.replace(microsecond=0)
    kept = _told.setdefault(organisation, _Told(_KEPT))
    key = (stream, entered.heads, entered.reader, tuple((one.id, one.version) for one in packs), at)
    found = kept.find(key)
    if found is None:
        found = tell_cures(entered.facts, entered.rulebook, entered.reader, at, packs, tell=tell)
        kept.put(key, found)
    return found


@dataclass(frozen=True, slots=True)
class CuresWanted:
    """What somebody wants to know of a matter: `state` is how the matter stands, `key` all that the answer rests on."""

    entered: Entered
    packs: tuple[Pack, ...]
    state: str
    key: str


def want_cures(
    organisation: Organisation, stream: StreamId, viewer: PersonId, packs: tuple[Pack, ...], *, now: datetime
) -> CuresWanted:
    """Return what names the cures of a matter for one reader, as it stands on this day.

    Raises: UnknownMatterError where the matter is not open to them.
    """
    entered = enter(organisation, stream, viewer)
    facts, reader = entered.facts, entered.reader
    linked: list[Json] = [
        [one.stream, sorted([it.person, it.role, it.since, it.until or -1, it.protected] for it in one.holdings)]
        for one in facts.linked
    ]
    day = entered.rulebook.calendar.local_day(now).isoformat()
    state: list[Json] = [_SEARCH, stream, day, facts.organisation.head_seq, facts.matter.head_seq, linked]
    asked: list[Json] = [reader.person, list(reader.roles), sorted(reader.unknown), sorted(reader.serving)]
    chosen: list[Json] = [[one.id, one.version] for one in packs]
    return CuresWanted(entered, packs, _digest(state), _digest([state, asked, chosen]))


def read_cures(wanted: CuresWanted, kept: Any) -> ToldCures:
    """Return cures that were kept, as their reader may be told them."""
    at = datetime.fromisoformat(kept["now"])
    findings = assess_entered(wanted.entered, wanted.packs, now=at).requirements
    return decode_cures(kept, {one.demand.id: one for one in findings})


def _digest(value: Json) -> str:
    return sha256(encode_canonical(value)).hexdigest()
