"""All that a ruling may read: the organisation, the matter, the parts people play in linked matters, and the time."""

from dataclasses import dataclass, replace

from alteram.core.kernel.identifiers import ORGANISATION_STREAM
from alteram.core.matters.events import AnyEvent
from alteram.core.matters.organisation import Roll, build_roll
from alteram.core.matters.roles import Holding, LinkedMatter, build_holdings
from alteram.core.matters.stream_facts import StreamFacts


@dataclass(frozen=True, slots=True)
class Facts:
    """A small, hashable value; the same facts and rulebook give the same ruling anywhere, any year."""

    organisation: StreamFacts
    matter: StreamFacts
    linked: tuple[LinkedMatter, ...] = ()

    @property
    def roll(self) -> Roll:
        """Return who belongs and who holds what, now."""
        return build_roll(self.organisation)

    @property
    def holdings(self) -> tuple[Holding, ...]:
        """Return the parts played in the matter, past ones included."""
        return build_holdings(self.matter)

    def with_event(self, event: AnyEvent) -> "Facts":
        """Return the facts once `event` has happened in the stream that is ruled on."""
        if self.matter.stream == ORGANISATION_STREAM:
            after = self.organisation.with_event(event)
            return replace(self, organisation=after, matter=after)
        return Facts(self.organisation, self.matter.with_event(event), self.linked)
