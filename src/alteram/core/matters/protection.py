"""Whose identity is protected in a matter, and to whom it was released.

It decides from the matter's own entries: who reported protected or without a name, who joined protected. Protection
ends for the people a release names and for nobody else. Who may know a protected name otherwise is said by `access`.
"""

from alteram.core.acts import HistoryEntered, IdentityReleased, PartyJoined, ReportLodged
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters.stream_facts import StreamFacts


def find_protected(facts: StreamFacts, *, after: int = -1, before: int | None = None) -> frozenset[PersonId]:
    """Return whose identity is protected, whatever other part they came to play; only by what came between two entries.

    A reported event protects nobody, except in a matter that only tells a history: else anybody could hide anybody.
    """
    told, end = bool(facts.all(HistoryEntered)), facts.head_seq + 1 if before is None else before
    reports = [one for one in facts.all(ReportLodged) if one.act.identity != "named"]
    joined = [one for one in facts.all(PartyJoined) if one.act.protected]
    reporters = [one.actor for one in reports if one.actor is not None and (one.live or told) and after < one.seq < end]
    return frozenset([*reporters, *(one.act.person for one in joined if (one.live or told) and after < one.seq < end)])


def find_released_to(facts: StreamFacts, viewer: PersonId) -> frozenset[PersonId]:
    """Return whose protected identity was released to `viewer`."""
    releases = facts.all(IdentityReleased)
    return frozenset(one.act.person for one in releases if one.live and viewer in one.act.to)
