"""Upkeep: how facts come to stand, corrections, departures, retention, shredding, closing and reopening."""

from typing import Final, Literal

from alteram.core.acts.catalogue import act
from alteram.core.acts.fields import Act, DigestHex, Id, Ids, Instant, Label, Labels, Person, Ref, Refs, Stream, Text

_AREA: Final = "upkeep"


@act("fact.agreed/1", area=_AREA, by=("complainant", "respondent", "chair", "case-manager", "custodian", "secretary"))
class FactAgreed(Act, frozen=True, kw_only=True):
    """Agree, as a party, that a reported event happened as it is told."""

    event: Ref


@act("fact.denied/1", area=_AREA, by=("anyone",))
class FactDenied(Act, frozen=True, kw_only=True):
    """Deny that a reported event happened as it is told."""

    event: Ref
    text: Text | None = None


@act("fact.found/1", area=_AREA, by=("investigator", "decider", "chair", "appeal-decider"))
class FactFound(Act, frozen=True, kw_only=True):
    """Find, with reasons, that a reported event did or did not happen."""

    event: Ref
    happened: bool
    reasons: Text
    exhibits: Ids = ()
    """The exhibits it rests on; none: it rests on no exhibit."""


@act("correction.made/1", area=_AREA, by=("anyone",))
class CorrectionMade(Act, frozen=True, kw_only=True):
    """Correct an earlier entry: it no longer supports anything, but it stays, and it can still count against."""

    entry: Ref
    reasons: Text


@act("departure.authorised/1", area=_AREA, by=("chair", "custodian", "appeal-decider"), open_to="parties")
class DepartureAuthorised(Act, frozen=True, kw_only=True):
    """Authorise a departure from a requirement, where the rulebook lets it be departed from, with reasons."""

    requirement: Id
    for_act: Label
    reasons: Text


@act("retention.held/1", area=_AREA, by=("custodian", "case-manager"), open_to="handlers")
class RetentionHeld(Act, frozen=True, kw_only=True):
    """Hold the matter against deletion."""

    until: Instant | None = None
    reasons: Text


@act("record.shredded/1", area=_AREA, by=("custodian",), open_to="handlers")
class RecordShredded(Act, frozen=True, kw_only=True):
    """Destroy the keys of fields, an entry or the whole matter, with two keys and a legal basis; proofs stay valid."""

    scope: Literal["fields", "entry", "matter"]
    entry: Ref | None = None
    fields: Labels = ()
    legal_basis: Label
    second: Person


@act("matter.closed/1", area=_AREA, by=("case-manager", "chair"), open_to="parties")
class MatterClosed(Act, frozen=True, kw_only=True):
    """Close the matter: who approved, what was done, what was learned, which reviews stay open."""

    approved_by: Person
    actions: Text | None = None
    lessons: Text | None = None
    reporter_told: bool = False
    review_routes: bool = False


@act("matter.reopened/1", area=_AREA, by=("case-manager", "custodian", "appeal-decider"), open_to="parties")
class MatterReopened(Act, frozen=True, kw_only=True):
    """Reopen a closed matter on new evidence, an error of procedure, or fraud; outcry is no ground."""

    ground: Literal["new-evidence", "procedural-error", "fraud"]
    reasons: Text


@act("act.refused/1", area=_AREA, by=("anyone",), stream="register", open_to="handlers")
class ActRefused(Act, frozen=True, kw_only=True):
    """An attempt that the rules refused, without its content."""

    stream: Stream
    act: Label
    code: Label
    clause: Label
    requirement: Id | None = None
    missing: Labels = ()


@act("content.read/1", area=_AREA, by=("anyone",), open_to="handlers", stream="register")
class ContentRead(Act, frozen=True, kw_only=True):
    """Record that somebody read the content of entries for the first time."""

    stream: Stream
    entries: Refs


@act(
    "certificate.issued/1",
    area=_AREA,
    by=(
        "complainant",
        "respondent",
        "representative",
        "case-manager",
        "chair",
        "custodian",
        "secretary",
        "appeal-decider",
    ),
    open_to="parties",
    stream="register",
)
class CertificateIssued(Act, frozen=True, kw_only=True):
    """Issue a certificate of a matter for outsiders: what each requirement comes to, with proofs and no content."""

    stream: Stream
    digest: DigestHex
    to: Text | None = None


@act(
    "certificate.published/1",
    area=_AREA,
    by=("secretary", "chair", "custodian"),
    open_to="parties",
    stream="register",
)
class CertificatePublished(Act, frozen=True, kw_only=True):
    """Publish a certificate that was issued, at an address that is its digest; or take it from there again."""

    stream: Stream
    digest: DigestHex
    withdrawn: bool = False


@act("history.entered/1", area=_AREA, by=("anyone",), open_to="parties")
class HistoryEntered(Act, frozen=True, kw_only=True):
    """Begin a matter that only tells what is said to have happened elsewhere; nothing is decided in it."""

    title: Label
    source: Label
    entered_as: Literal["party", "observer", "custodian"] = "observer"
