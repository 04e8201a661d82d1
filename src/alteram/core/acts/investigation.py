"""Investigation: establishing facts, exhibits and their admissibility, disclosure, reports and findings."""

from typing import Final, Literal

from alteram.core.acts.catalogue import act
from alteram.core.acts.fields import Act, DigestHex, Id, Ids, Labels, People, Person, Ref, Refs, Text

_AREA: Final = "investigation"


@act("terms.set/1", area=_AREA, by=("case-manager", "chair"))
class TermsSet(Act, frozen=True, kw_only=True):
    """Set the terms of reference: what is investigated, what is not."""

    allegations: Ids = ()
    text: Text


@act("investigator.appointed/1", area=_AREA, by=("case-manager", "chair", "custodian"))
class InvestigatorAppointed(Act, frozen=True, kw_only=True):
    """Appoint an investigator under terms of reference."""

    person: Person
    terms: Ref | None = None
    principles: Labels = ()
    """Evidence on file that the person is independent, confidential, competent, impartial, lawful."""


@act("investigation.begun/1", area=_AREA, by=("investigator",))
class InvestigationBegun(Act, frozen=True, kw_only=True):
    """Begin the investigation."""

    terms: Ref


@act("interview.held/1", area=_AREA, by=("investigator",), open_to="handlers")
class InterviewHeld(Act, frozen=True, kw_only=True):
    """Record that a person was interviewed, and who was with them."""

    person: Person
    terms: Ref | None = None
    accompanied_by: People = ()
    minute: Text | None = None


@act("statement.taken/1", area=_AREA, by=("investigator", "case-manager"), open_to="handlers")
class StatementTaken(Act, frozen=True, kw_only=True):
    """Record what a person stated."""

    person: Person
    exhibit: Id | None = None
    oral: bool = False
    consent: bool | None = None
    text: Text | None = None


@act("statement.checked/1", area=_AREA, by=("anyone",), open_to="handlers")
class StatementChecked(Act, frozen=True, kw_only=True):
    """Check and correct the record of your own statement."""

    statement: Ref
    changes: Text | None = None


@act("statement.signed/1", area=_AREA, by=("anyone",), open_to="handlers")
class StatementSigned(Act, frozen=True, kw_only=True):
    """Sign the record of your own statement."""

    statement: Ref


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
    """SHA-256 of the letter as it was served."""


@act("exhibit.seen/1", area=_AREA, by=("anyone",))
class ExhibitSeen(Act, frozen=True, kw_only=True):
    """Record the first sight of an exhibit by a party."""

    exhibit: Id
    person: Person


@act("draft-report.served/1", area=_AREA, by=("investigator", "case-manager"))
class DraftReportServed(Act, frozen=True, kw_only=True):
    """Serve the draft report on a party, to be checked for facts before it is final."""

    to: Person
    exhibits: Ids = ()
    text: Text | None = None


@act("draft-report.commented/1", area=_AREA, by=("complainant", "respondent", "representative"))
class DraftReportCommented(Act, frozen=True, kw_only=True):
    """Comment on the draft report."""

    draft: Ref
    text: Text


@act("report.finalised/1", area=_AREA, by=("investigator",))
class ReportFinalised(Act, frozen=True, kw_only=True):
    """Make the report final: findings, evidence, and what became of each comment."""

    terms: Ref | None = None
    exhibits: Ids = ()
    comments_answered: Refs = ()
    text: Text


@act("finding.made/1", area=_AREA, by=("investigator", "decider", "chair"))
class FindingMade(Act, frozen=True, kw_only=True):
    """Find on one allegation, with reasons."""

    allegation: Id
    outcome: Literal["proved", "not-proved", "withdrawn"]
    exhibits: Ids = ()
    reasons: Text


@act("remedy.planned/1", area=_AREA, by=("case-manager",))
class RemedyPlanned(Act, frozen=True, kw_only=True):
    """Plan what is done for a person against whom nothing was proved."""

    person: Person
    text: Text
