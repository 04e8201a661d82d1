"""What would still mend a matter: for whoever runs the organisation, and for one person as they may be told it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from weakref import WeakKeyDictionary

from alteram.core.access.cured import ToldCures, tell_cures
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.rules import Cures, Pack, plan_cures
from alteram.operations.entries import enter
from alteram.operations.organisation import Organisation
from alteram.operations.questions import get_facts
from alteram.operations.recent import Recent

_KEPT: Final = 32
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
    organisation: Organisation, stream: StreamId, viewer: PersonId, packs: tuple[Pack, ...], *, now: datetime
) -> ToldCures:
    """Return what would mend a matter as `viewer` may be told it, worked out at most once in a minute.

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
        found = tell_cures(entered.facts, entered.rulebook, entered.reader, at, packs)
        kept.put(key, found)
    return found
