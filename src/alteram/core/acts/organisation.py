"""The organisation: members, offices, bodies, rulebooks and keys."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from alteram.core.acts.catalogue import act
from alteram.core.acts.fields import (
    Act,
    Count,
    Day,
    DigestHex,
    Id,
    Instant,
    Label,
    Labels,
    People,
    Person,
    Ref,
    Stream,
    Text,
)

_AREA: Final = "organisation"

PublicKey = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{16,4000}$(?!\n)")]
"""A public key, base64url without padding."""


@act("organisation.founded/1", area=_AREA, by=("anyone",), stream="organisation", open_to="organisation")
class OrganisationFounded(Act, frozen=True, kw_only=True):
    """Found the organisation: its kind, its jurisdiction and its time zone."""

    name: Label
    kind: Label
    jurisdiction: Label
    time_zone: Label
    secretary: Person


@act("member.joined/1", area=_AREA, by=("secretary",), stream="organisation", open_to="organisation")
class MemberJoined(Act, frozen=True, kw_only=True):
    """Record that people became members."""

    people: People


@act("member.left/1", area=_AREA, by=("secretary",), stream="organisation", open_to="organisation")
class MemberLeft(Act, frozen=True, kw_only=True):
    """Record that a person is no longer a member, and why: resigned, expelled, lapsed, died."""

    person: Person
    why: Literal["resigned", "expelled", "lapsed", "died", "other"]
    matter: Stream | None = None
    """The matter that ended in this."""
    instrument: Ref | None = None
    """The entry of that matter which issued the instrument."""


@act("member.suspended/1", area=_AREA, by=("secretary",), stream="organisation", open_to="organisation")
class MemberSuspended(Act, frozen=True, kw_only=True):
    """Record a suspension in the roll, as an instrument of a matter says."""

    person: Person
    until: Instant | None = None
    matter: Stream | None = None
    """The matter in which the person is suspended."""
    instrument: Ref | None = None
    """The entry of that matter which issued the instrument, or imposed the measure."""


@act("office.filled/1", area=_AREA, by=("secretary",), stream="organisation", open_to="organisation")
class OfficeFilled(Act, frozen=True, kw_only=True):
    """Record who holds an office."""

    office: Id
    person: Person


@act("office.vacated/1", area=_AREA, by=("secretary",), stream="organisation", open_to="organisation")
class OfficeVacated(Act, frozen=True, kw_only=True):
    """Record that an office is vacant."""

    office: Id
    person: Person


@act("body.constituted/1", area=_AREA, by=("secretary",), stream="organisation", open_to="organisation")
class BodyConstituted(Act, frozen=True, kw_only=True):
    """Record who sits in a body from now on."""

    body: Id
    members: People


@act("command.recorded/1", area=_AREA, by=("secretary",), stream="organisation", open_to="organisation")
class CommandRecorded(Act, frozen=True, kw_only=True):
    """Record who stands under whose authority, so that nobody judges their own superior."""

    superior: Person
    people: People


@act(
    "organisation-act.agreed/1",
    area=_AREA,
    by=("secretary", "chair", "custodian", "scrutineer", "spokesperson", "decider", "member"),
    stream="organisation",
    open_to="organisation",
)
class OrganisationActAgreed(Act, frozen=True, kw_only=True):
    """Agree, as the second of two people, to an act of the organisation that its rulebook lets nobody do alone."""

    to_act: Label
    person: Person | None = None
    """Whom that act concerns."""
    office: Id | None = None
    body: Id | None = None
    people: People = ()
    """Who joins, sits or stands under somebody by that act."""
    digest: DigestHex | None = None
    """What that act adopts."""
    matter: Stream | None = None


@act("rulebook.adopted/1", area=_AREA, by=("secretary",), stream="organisation", open_to="organisation")
class RulebookAdopted(Act, frozen=True, kw_only=True):
    """Adopt a rulebook by its digest; it governs what happens from now on."""

    rulebook: Id
    version: Label
    digest: DigestHex
    packs: Labels = ()
    """The packs it builds on, each as name, space, digest."""
    published_on: Day | None = None


@act("rulebook.amended/1", area=_AREA, by=("secretary",), stream="organisation", open_to="organisation")
class RulebookAmended(Act, frozen=True, kw_only=True):
    """Adopt a new version of a rulebook; it governs later steps only."""

    rulebook: Id
    version: Label
    digest: DigestHex
    replaces: DigestHex
    packs: Labels = ()


@act("pack.adopted/1", area=_AREA, by=("secretary",), stream="organisation", open_to="organisation")
class PackAdopted(Act, frozen=True, kw_only=True):
    """Adopt a pack as a standard the organisation measures itself against."""

    pack: Id
    version: Label
    digest: DigestHex


@act("key.enrolled/1", area=_AREA, by=("secretary", "anyone"), stream="organisation", open_to="organisation")
class KeyEnrolled(Act, frozen=True, kw_only=True):
    """Enrol a person's signing key."""

    person: Person
    scheme: Literal["ed25519", "webauthn"]
    public_key: PublicKey
    held_by: Literal["organisation", "person"] = "organisation"


@act("key.rotated/1", area=_AREA, by=("secretary", "anyone"), stream="organisation", open_to="organisation")
class KeyRotated(Act, frozen=True, kw_only=True):
    """Replace a person's signing key."""

    person: Person
    scheme: Literal["ed25519", "webauthn"]
    public_key: PublicKey
    replaces: PublicKey
    held_by: Literal["organisation", "person"] = "organisation"


@act(
    "record-key.rotated/1",
    area=_AREA,
    by=("secretary", "custodian"),
    stream="organisation",
    open_to="organisation",
)
class RecordKeyRotated(Act, frozen=True, kw_only=True):
    """Replace the key that signs every entry; the log has published the new one."""

    public_key: PublicKey
    replaces: PublicKey


@act("key.lost/1", area=_AREA, by=("secretary", "custodian"), stream="organisation", open_to="organisation")
class KeyLost(Act, frozen=True, kw_only=True):
    """Declare a key lost or stolen: what it signs from now on counts for nothing."""

    kind: Literal["person", "record", "log", "witness"]
    person: Person | None = None
    public_key: PublicKey
    text: Text | None = None


@act("log.succeeded/1", area=_AREA, by=("secretary", "custodian"), stream="organisation", open_to="organisation")
class LogSucceeded(Act, frozen=True, kw_only=True):
    """Begin a new log after an old one, naming the last checkpoint of the old."""

    origin: Label
    last_size: Annotated[int, Meta(ge=0, le=2**53 - 1)]
    last_root: DigestHex


@act("statistics.published/1", area=_AREA, by=("secretary",), stream="organisation", open_to="organisation")
class StatisticsPublished(Act, frozen=True, kw_only=True):
    """Register that statistics of matters were published: of which days, and the smallest number they show."""

    first_on: Day
    last_on: Day
    least: Count
    """No number from one up to one less than this is shown."""
    tells: Annotated[tuple[Literal["complaints", "outcomes", "lessons"], ...], Meta(max_length=3)] = ()
    digest: DigestHex | None = None
    """SHA-256 of what was published."""
