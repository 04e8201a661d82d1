"""What the outside may ask about a matter without changing it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from alteram.core.access import build_reader, find_visible_claims
from alteram.core.acts import find_spec
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.matters import Facts
from alteram.core.rules import Assessment, Pack, assess
from alteram.operations.organisation import Organisation


class UnknownMatterError(AlteramError):
    """There is no matter of this name."""


def get_facts(organisation: Organisation, stream: StreamId) -> Facts:
    """Return a matter's facts, read just now. Raises: UnknownMatterError."""
    facts = organisation.facts(stream, fresh=True)
    if facts.matter.head_seq < 0:
        raise UnknownMatterError(f"There is no matter {stream}.", remedy="See `alteram matter list`.")
    return facts


def assess_matter(
    organisation: Organisation, stream: StreamId, *, packs: Iterable[Pack] = (), now: datetime | None = None
) -> Assessment:
    """Assess a matter against the rulebook that governs it, and further packs. Raises: UnknownMatterError."""
    facts = get_facts(organisation, stream)
    at = (now or organisation.ports.clock()).replace(microsecond=0)
    return assess(facts, organisation.governing(stream), at, packs=packs)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """An entry as one person may see it: `claims` holds what is open; `act` is empty where it is withheld."""

    seq: int
    at: datetime
    act: str
    claims: dict[str, Json]


def find_timeline(organisation: Organisation, stream: StreamId, viewer: PersonId) -> tuple[TimelineEntry, ...]:
    """Return a matter's entries as `viewer` may see them; who has no part in it is told of no other entry.

    Raises: UnknownMatterError, to whoever may see nothing of it as well.
    """
    facts = organisation.facts(stream, fresh=True)
    reader = build_reader(facts, organisation.governing(stream), viewer)
    entries = []
    for stored in organisation.ports.store.load(organisation.ports.organisation, stream):
        opened = organisation.open(stored)
        claims = {} if opened is None else opened.presentation.claims
        tag = claims.get("act")
        spec = find_spec(tag) if isinstance(tag, str) else None
        visible = () if spec is None else find_visible_claims(reader, spec, claims)
        shown = {name: value for name, value in claims.items() if name in visible}
        act = shown.get("act")
        if not (shown or reader.has_part):
            continue
        entries.append(TimelineEntry(stored.seq, stored.at, act if isinstance(act, str) else "", shown))
    if not entries:
        raise UnknownMatterError("There is no such matter, or it is not open to you.", remedy="Ask the secretary.")
    return tuple(entries)
