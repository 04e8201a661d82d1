"""Evidence: exhibits, who handled them, what was made of them, whether they may be used, and who was given them."""

from typing import Final, Literal

from alteram.core.acts.catalogue import act
from alteram.core.acts.fields import (
    Act,
    Count,
    DigestHex,
    Id,
    Ids,
    Instant,
    Label,
    People,
    Person,
    Ref,
    Size,
    Text,
)

_AREA: Final = "evidence"


@act("exhibit.lodged/1", area=_AREA, by=("complainant", "respondent", "witness", "investigator", "case-manager"))
class ExhibitLodged(Act, frozen=True, kw_only=True):
    """Lodge an item of evidence: what it is, where it came from, who speaks in it."""

    exhibit: Id
    kind: Literal["document", "picture", "recording", "message", "web-page", "physical", "statement"]
    obtained: Literal["given", "made-by-lodger", "found", "published", "ordered"]
    speakers: People = ()
    part_of: Id | None = None
    digest: DigestHex | None = None
    in_confidence: bool = False
    from_mediation: bool = False
    title: Text | None = None
    media: Label | None = None
    """What kind of file it is, as two detectors found it, such as application/pdf."""
    size: Size | None = None
    file_name: Text | None = None
    scanned: bool = False
    """Whether a scanner looked at it before it was lodged."""
    malware: Label | None = None
    """What the scanner found: nobody opens it then until its quarantine is lifted."""
    source: Text | None = None
    """Where it comes from and how it was obtained, in words."""
    captured_at: Instant | None = None
    """When a web page was captured, or a recording made, as its lodger or the file says."""
    place: Text | None = None
    """Where a physical item is kept."""
    seal: Label | None = None
    """The number on the seal of a physical item."""
    form: Literal["bytes", "flac", "matroska", "messages", "pages"] | None = None
    """What the pieces are cut from: the file itself, or a lossless form of it made once and lodged with it."""
    pieces: Count | None = None
    tree: DigestHex | None = None
    """The root of the tree over the pieces: what an excerpt is proved against."""


@act("exhibit.challenged/1", area=_AREA, by=("complainant", "respondent", "representative", "witness"))
class ExhibitChallenged(Act, frozen=True, kw_only=True):
    """Challenge an exhibit."""

    exhibit: Id
    ground: Literal["authenticity", "consent", "context", "relevance", "privilege", "mediation"]
    text: Text


@act("exhibit.ruled/1", area=_AREA, by=("chair", "investigator", "appeal-decider"))
class ExhibitRuled(Act, frozen=True, kw_only=True):
    """Rule whether an exhibit may be used, with reasons."""

    exhibit: Id
    admissible: bool
    reasons: Text
    cites: Label | None = None
    """The rule on recording conversations that was weighed, as the pack and clause that say it."""


@act("exhibit.withheld/1", area=_AREA, by=("case-manager", "chair"))
class ExhibitWithheld(Act, frozen=True, kw_only=True):
    """Withhold an exhibit from a party, with the reason and the gist of it."""

    exhibit: Id
    person: Person
    reasons: Text
    gist: Text | None = None


@act("consent.recorded/1", area=_AREA, by=("anyone",))
class ConsentRecorded(Act, frozen=True, kw_only=True):
    """Record whether somebody who speaks in a recording consented: before, after, refused, or unknown."""

    exhibit: Id
    speaker: Person
    state: Literal["before", "after", "refused", "unknown"]


@act("exhibit.disclosed/1", area=_AREA, by=("case-manager", "investigator", "secretary"))
class ExhibitDisclosed(Act, frozen=True, kw_only=True):
    """Give a party exhibits to read, in full."""

    exhibits: Ids
    to: Person
    digest: DigestHex | None = None
    """SHA-256 of the letter, or of the copy of the bundle, as it was served."""
    bundle: Id | None = None
    by: Literal["page", "file", "print"] = "page"
    """By a page that only they can open, as an encrypted file, or on paper."""


@act("exhibit.seen/1", area=_AREA, by=("anyone",))
class ExhibitSeen(Act, frozen=True, kw_only=True):
    """Record the first sight of an exhibit by a party."""

    exhibit: Id
    person: Person


@act(
    "exhibit.derived/1",
    area=_AREA,
    by=("case-manager", "investigator", "secretary", "complainant", "respondent", "representative", "witness"),
)
class ExhibitDerived(Act, frozen=True, kw_only=True):
    """Lodge what was made of an exhibit: a transcript, a translation, an excerpt, a redaction. The original stays."""

    exhibit: Id
    of: Id
    how: Literal["transcript", "translation", "text", "excerpt", "redaction", "pages"]
    by_hand: bool = True
    tool: Label | None = None
    """The program and its version, where one made it."""
    digest: DigestHex | None = None
    media: Label | None = None
    size: Size | None = None
    file_name: Text | None = None
    # Pieces [first, until), from 0. Forms and pages count from 1: `until` is then the last.
    first: Count | None = None
    """Of an excerpt: with which piece it begins."""
    until: Count | None = None
    """Of an excerpt: with which piece it ends."""
    adds_to: Id | None = None
    """The excerpt to which this one adds what came before or after."""
    cuts: Count | None = None
    """How many places of a redaction are blacked out."""
    reasons: Text | None = None


@act(
    "exhibit.quarantined/1",
    area=_AREA,
    by=("case-manager", "investigator", "custodian", "secretary"),
    open_to="handlers",
)
class ExhibitQuarantined(Act, frozen=True, kw_only=True):
    """Keep an exhibit from being opened because a scanner found something in it, or let it go again."""

    exhibit: Id
    found: Label | None = None
    lifted: bool = False
    reasons: Text | None = None


@act(
    "custody.recorded/1",
    area=_AREA,
    by=(
        "case-manager",
        "investigator",
        "custodian",
        "secretary",
        "complainant",
        "respondent",
        "representative",
        "witness",
    ),
)
class CustodyRecorded(Act, frozen=True, kw_only=True):
    """Record who handled an exhibit, when, and why."""

    exhibit: Id
    event: Literal["received", "moved", "copied", "examined", "sealed", "opened", "returned", "destroyed"]
    holder: Person | None = None
    """Who has it afterwards."""
    handled_at: Instant | None = None
    place: Text | None = None
    seal: Label | None = None
    reasons: Text


@act("redaction.checked/1", area=_AREA, by=("case-manager", "investigator", "custodian", "secretary", "chair"))
class RedactionChecked(Act, frozen=True, kw_only=True):
    """Check a redaction that somebody else made: whether all is covered that must be, and nothing else."""

    exhibit: Id
    agreed: bool
    remarks: Text | None = None


@act("bundle.built/1", area=_AREA, by=("case-manager", "investigator", "secretary"), open_to="handlers")
class BundleBuilt(Act, frozen=True, kw_only=True):
    """Build a bundle: the paginated, indexed file of what people are given. A later one keeps the page numbers."""

    bundle: Id
    for_people: People
    exhibits: Ids
    withheld: Ids = ()
    pages: Count
    digest: DigestHex
    """SHA-256 of the unmarked file."""
    follows: Id | None = None
    """The bundle whose page numbers it keeps."""


@act("names.checked/1", area=_AREA, by=("case-manager", "custodian"), open_to="handlers")
class NamesChecked(Act, frozen=True, kw_only=True):
    """Confirm, having looked, that what is given names no protected person to somebody who may not know of them."""

    bundle: Id | None = None
    exhibits: Ids = ()
    """Exhibits that are given by themselves, with what was made of them."""
    gists: Ids = ()
    """Exhibits of which the gist, as it is to be given, was looked at."""
    found: Count
    """How many places the search found that may be a name; each was looked at."""
    reasons: Text | None = None
    gist: Text | None = None
    """The gist that was looked at: in other words it is not given."""


@act("receipt.given/1", area=_AREA, by=("anyone",))
class ReceiptGiven(Act, frozen=True, kw_only=True):
    """Confirm that you received what was disclosed to you."""

    disclosure: Ref


@act("copy.traced/1", area=_AREA, by=("case-manager", "investigator", "custodian"), open_to="handlers")
class CopyTraced(Act, frozen=True, kw_only=True):
    """Record what tracing a leaked copy came to: a fact for a charge of its own, never a sanction by itself."""

    digest: DigestHex
    """SHA-256 of the leaked file."""
    leak: Ref | None = None
    bundle: Id | None = None
    outcome: Literal["found", "cannot-tell"]
    copies: People = ()
    """Whose copies it comes from."""
    error: Label | None = None
    """The chance of naming a copy wrongly, such as 1 in 1,000,000."""
    text: Text | None = None
