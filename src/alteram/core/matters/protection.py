"""Whose identity is protected in a matter, and to whom it was released.

It decides from the matter's own entries: who reported protected or without a name, who joined protected. Protection
ends for the people a release names and for nobody else. Who may know a protected name otherwise is said by `access`.
"""

from alteram.core.acts import HistoryEntered, IdentityReleased, PartyJoined, ReportLodged
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters.stream_facts import StreamFacts


def find_protected(facts: StreamFacts, *, after: int = -1) -> frozenset[PersonId]:
    """Return whose identity is protected, whatever other part they came to play; only by what came `after` an entry.

    A reported event protects nobody, except in a matter that only tells a history: else anybody could hide anybody.
    """
    told = bool(facts.all(HistoryEntered))
    reports = [
        one for one in facts.all(ReportLodged) if one.act.identity != "named" and (one.live or told) and one.seq > after
    ]
    reporters = [one.actor for one in reports if one.actor is not None]
    joined = [
        one.act.person for one in facts.all(PartyJoined) if one.act.protected and (one.live or told) and one.seq > after
    ]
    return frozenset([*reporters, *joined])


def find_released_to(facts: StreamFacts, viewer: PersonId) -> frozenset[PersonId]:
    """Return whose protected identity was released to `viewer`."""
    releases = facts.all(IdentityReleased)
    return frozenset(one.act.person for one in releases if one.live and viewer in one.act.to)
