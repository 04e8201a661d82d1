"""What the outside may ask about a matter without changing it."""

from collections.abc import Iterable
from datetime import datetime

from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import StreamId
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
