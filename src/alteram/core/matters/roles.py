"""Who plays which part in a matter, from its events alone.

Offices and bodies come from the organisation; which parts they play is said by the rulebook, see `rules.capacities`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from alteram.core.acts import (
    AppealPanelFormed,
    CaseManagerAssigned,
    CompanionNamed,
    ContactPersonNamed,
    HandoverMade,
    HistoryEntered,
    InvestigatorAppointed,
    MatterAccepted,
    MediatorChosen,
    PartyJoined,
    PartyReplaced,
    PartySevered,
    PersonRecused,
    ReportLodged,
)
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.matters.events import AnyEvent
from alteram.core.matters.stream_facts import StreamFacts

#: The parts of those whom a matter is between. Nobody stands down from one, and nobody who has one handles the matter.
SIDES: Final[frozenset[Role]] = frozenset({"reporter", "complainant", "respondent"})


@dataclass(frozen=True, slots=True)
class Holding:
    """One person in one role of a matter, from the entry `since` until the entry `until` (None: still)."""

    person: PersonId
    role: Role
    since: int
    until: int | None = None
    protected: bool = False


@dataclass(frozen=True, slots=True)
class LinkedMatter:
    """What a matter may see of one it is linked to: who plays which part, and no more."""

    stream: StreamId
    holdings: tuple[Holding, ...]

    def holders(self, role: Role) -> frozenset[PersonId]:
        """Return who ever held `role` there."""
        return frozenset(holding.person for holding in self.holdings if holding.role == role)


#: Acts that bear on who plays which part.
BEARING = (
    ReportLodged,
    MatterAccepted,
    PartyJoined,
    PartySevered,
    PartyReplaced,
    CaseManagerAssigned,
    HandoverMade,
    InvestigatorAppointed,
    MediatorChosen,
    CompanionNamed,
    ContactPersonNamed,
    AppealPanelFormed,
    PersonRecused,
)
_READ = (*BEARING, HistoryEntered)


def build_holdings(facts: StreamFacts) -> tuple[Holding, ...]:
    """Return every holding of the matter, past ones included, in the order they began.

    Only a matter that tells a history has parts by report: elsewhere a reported event gives nobody a part.
    """
    return facts.work_out(_READ, _build_holdings)


def _build_holdings(facts: StreamFacts, _reads: object) -> tuple[Holding, ...]:
    holdings: list[Holding] = []
    for event in facts.all(*BEARING):
        if not (event.live or facts.is_history):
            continue
        for person, role in _ended(event):
            _end(holdings, person, role, event.seq)
        holdings.extend(_begun(event, holdings))
    return tuple(holdings)


def find_holders(facts: StreamFacts, role: Role) -> frozenset[PersonId]:
    """Return who holds `role` in the matter now."""
    return frozenset(one.person for one in build_holdings(facts) if one.role == role and one.until is None)


def find_ever_holders(facts: StreamFacts, role: Role) -> frozenset[PersonId]:
    """Return who holds or ever held `role` in the matter."""
    return frozenset(one.person for one in build_holdings(facts) if one.role == role)


def find_side_holders(facts: StreamFacts) -> frozenset[PersonId]:
    """Return who is a side in the matter now."""
    return facts.work_out(_READ, _find_side_holders)


def _find_side_holders(facts: StreamFacts, _reads: object) -> frozenset[PersonId]:
    return frozenset(one.person for one in build_holdings(facts) if one.role in SIDES and one.until is None)


def _begun(event: AnyEvent, holdings: list[Holding]) -> Iterator[Holding]:
    known = {(one.person, one.role) for one in holdings if one.until is None}
    for person, role, protected in _given(event):
        if (person, role) not in known:
            known.add((person, role))
            yield Holding(person, role, event.seq, protected=protected)


def _given(event: AnyEvent) -> Iterator[tuple[PersonId, Role, bool]]:  # noqa: PLR0912 - a table of acts
    match event.act:
        case ReportLodged(identity=identity):
            if event.actor is not None and event.live:
                yield event.actor, "reporter", identity != "named"
                if identity == "named":
                    yield event.actor, "complainant", False
        case MatterAccepted(complainant=complainant, respondent=respondent):
            if complainant is not None:
                yield complainant, "complainant", False
            if respondent is not None:
                yield respondent, "respondent", False
        case PartyJoined(person=person, role=role, protected=protected):
            yield person, role, protected
        case CaseManagerAssigned(person=person):
            yield person, "case-manager", False
        case InvestigatorAppointed(person=person):
            yield person, "investigator", False
        case MediatorChosen(mediator=person):
            yield person, "mediator", False
        case CompanionNamed(person=person, kind=kind):
            yield person, kind, False
        case ContactPersonNamed(person=person):
            yield person, "contact-person", False
        case AppealPanelFormed(members=members):
            for person in members:
                yield person, "appeal-decider", False
        case HandoverMade(to=person, role=role) | PartyReplaced(by=person, role=role):
            yield person, role, False
        case _:
            return


def _ended(event: AnyEvent) -> Iterator[tuple[PersonId, str]]:
    match event.act:
        case PersonRecused(person=person, roles=roles) if event.actor == person or not event.live:
            # Nobody takes a part from another person by saying that they stood down.
            for role in roles:
                if role not in SIDES:
                    yield person, role
        case PartySevered(person=person, role=role) | PartyReplaced(person=person, role=role):
            yield person, role
        case HandoverMade(from_person=person, role=role):
            yield person, role
        case _:
            return


def _end(holdings: list[Holding], person: PersonId, role: str, seq: int) -> None:
    for place, one in enumerate(holdings):
        if one.person == person and one.role == role and one.until is None:
            holdings[place] = Holding(one.person, one.role, one.since, seq, one.protected)
