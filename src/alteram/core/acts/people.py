"""People and capacity: who joins, leaves, falls ill, cannot use a screen, or needs somebody beside them."""

from typing import Final, Literal

from alteram.core.acts.catalogue import Role, act
from alteram.core.acts.fields import Act, DigestHex, Instant, Label, Labels, Person, Ref, Text

_AREA: Final = "people"


@act("party.joined/1", area=_AREA, by=("case-manager", "secretary"), open_to="parties")
class PartyJoined(Act, frozen=True, kw_only=True):
    """Join a person to the matter in a role."""

    person: Person
    role: Role
    protected: bool = False


@act("party.severed/1", area=_AREA, by=("case-manager", "chair"), open_to="parties")
class PartySevered(Act, frozen=True, kw_only=True):
    """Sever a party: their part goes on as a matter of its own, or ends."""

    person: Person
    role: Role
    reasons: Text | None = None


@act("party.resigned/1", area=_AREA, by=("anyone",), open_to="parties")
class PartyResigned(Act, frozen=True, kw_only=True):
    """Record that a party resigned from the organisation; that ends a membership, not a matter."""

    person: Person


@act("party.replaced/1", area=_AREA, by=("case-manager", "secretary", "custodian"), open_to="parties")
class PartyReplaced(Act, frozen=True, kw_only=True):
    """Replace the person in a role by another."""

    person: Person
    by: Person
    role: Role


@act(
    "capacity.lost/1",
    area=_AREA,
    by=("case-manager", "representative", "respondent", "complainant"),
    open_to="handlers",
)
class CapacityLost(Act, frozen=True, kw_only=True):
    """Record that a party cannot take part now; clocks that burden them stop until it ends."""

    person: Person
    until: Instant | None = None
    text: Text | None = None


@act("handover.made/1", area=_AREA, by=("case-manager", "secretary", "custodian"), open_to="parties")
class HandoverMade(Act, frozen=True, kw_only=True):
    """Hand the handling of the matter over to another person."""

    from_person: Person
    to: Person
    role: Role


@act("paper.served/1", area=_AREA, by=("case-manager", "secretary"))
class PaperServed(Act, frozen=True, kw_only=True):
    """Record that a document was served on paper, when, and who saw it."""

    document: Ref
    to: Person
    delivered_at: Instant
    witness: Person | None = None


@act("adjustment.granted/1", area=_AREA, by=("case-manager", "chair"), open_to="sides")
class AdjustmentGranted(Act, frozen=True, kw_only=True):
    """Grant an interpreter or another adjustment."""

    person: Person
    kind: Literal["interpreter", "time", "place", "format", "other"]
    text: Text | None = None


@act("proxy.named/1", area=_AREA, by=("complainant", "respondent", "witness", "case-manager"), open_to="parties")
class ProxyNamed(Act, frozen=True, kw_only=True):
    """Name who acts for you where the rulebook lets somebody."""

    person: Person
    for_person: Person
    steps: Labels = ()


@act("default.noted/1", area=_AREA, by=("case-manager", "chair"), open_to="sides")
class DefaultNoted(Act, frozen=True, kw_only=True):
    """Note that a step was not taken in its time, after service was proved; the way on is then open."""

    person: Person
    step: Label
    service: Ref | None = None


@act("right.waived/1", area=_AREA, by=("complainant", "respondent"), open_to="sides")
class RightWaived(Act, frozen=True, kw_only=True):
    """Waive a right, in writing, knowing what it is; no waiver is taken from silence."""

    right: Literal["notice-period", "hearing", "companion", "oral-hearing", "disclosure-period", "appeal"]
    informed: bool = True
    text: Text | None = None


@act("paper.entered/1", area=_AREA, by=("case-manager", "secretary"), open_to="sides")
class PaperEntered(Act, frozen=True, kw_only=True):
    """Enter what a party handed in on paper: the act that follows at once is theirs, read from that paper."""

    person: Person
    what: Label
    """The act (by name) that the paper does."""
    digest: DigestHex
    """SHA-256 of the picture of the paper, as it is kept."""
    received_at: Instant
    witness: Person | None = None
    """Who saw the paper beside whoever enters it; needed where the act gives something up."""
    read_back: bool = False
    """True when what is entered was read back to the party, or sent back to them for checking."""
    answers: Ref | None = None
    """The entry that the paper answers, as the letter to them names it."""


@act("paper.confirmed/1", area=_AREA, by=("anyone",), open_to="sides")
class PaperConfirmed(Act, frozen=True, kw_only=True):
    """Confirm that what was entered from a paper is what the paper says: as whose it is, or as a second who read it."""

    paper: Ref
    """The entry by which it was entered."""
    agrees: bool = True
    """False where what was entered is not what the paper says."""
    text: Text | None = None


@act("paper-report.entered/1", area=_AREA, by=("case-manager", "secretary", "custodian"), open_to="reporter-side")
class PaperReportEntered(Act, frozen=True, kw_only=True):
    """Enter that the report just before was handed in on paper, and is read from that paper."""

    report: Ref
    digest: DigestHex
    """SHA-256 of the picture of the paper, as it is kept."""
    received_at: Instant
    witness: Person | None = None
    """Who saw the paper beside whoever enters it."""
    read_back: bool = False
    """True when what is entered was read back to whoever reports."""
