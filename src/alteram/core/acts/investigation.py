"""Investigation: establishing facts, interviews and statements, reports and findings. Exhibits are in `evidence`."""

from typing import Final, Literal

from alteram.core.acts.catalogue import act
from alteram.core.acts.fields import Act, Id, Ids, Labels, People, Person, Ref, Refs, Text

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
    """The exhibits it rests on; none: it rests on no exhibit."""
    comments_answered: Refs = ()
    text: Text


@act("finding.made/1", area=_AREA, by=("investigator", "decider", "chair"))
class FindingMade(Act, frozen=True, kw_only=True):
    """Find on one allegation, with reasons."""

    allegation: Id
    outcome: Literal["proved", "not-proved", "withdrawn"]
    exhibits: Ids = ()
    """The exhibits it rests on, beside those of the findings it follows; none: on no other."""
    reasons: Text


@act("remedy.planned/1", area=_AREA, by=("case-manager",))
class RemedyPlanned(Act, frozen=True, kw_only=True):
    """Plan what is done for a person against whom nothing was proved."""

    person: Person
    text: Text
