"""Decision: drafts, findings with reasons, sanctions, and the instrument without which a sanction does not exist."""

from typing import Final, Literal

from alteram.core.acts.catalogue import act
from alteram.core.acts.fields import Act, Day, DigestHex, Id, Ids, Instant, Label, People, Person, Ref, Refs, Text

_AREA: Final = "decision"


@act("decision.drafted/1", area=_AREA, by=("chair", "decider", "secretary"), open_to="deciders")
class DecisionDrafted(Act, frozen=True, kw_only=True):
    """Lodge a draft of the decision; what matters is when."""

    digest: DigestHex | None = None
    text: Text | None = None


@act("outcome.predicted/1", area=_AREA, by=("anyone",), open_to="parties")
class OutcomePredicted(Act, frozen=True, kw_only=True):
    """Report that somebody announced an outcome, or said it was settled, before it was decided."""

    person: Person | None = None
    by_decider: bool = False
    text: Text | None = None


@act("decision.made/1", area=_AREA, by=("chair", "decider"))
class DecisionMade(Act, frozen=True, kw_only=True):
    """Decide: a finding for each allegation, on what evidence, by whom, with reasons."""

    kind: Literal["outcome", "suspension", "warning", "no-action", "preliminary"] = "outcome"
    body: Id | None = None
    deciders: People = ()
    meeting: Id | None = None
    proved: Ids = ()
    not_proved: Ids = ()
    exhibits: Ids = ()
    """The exhibits it rests on, beside those of the findings it follows; none: on no other."""
    motions: Ids = ()
    answers: Refs = ()
    """Open questions that the reasons answer, such as an alleged meeting."""
    comparators: Refs = ()
    no_comparators: bool = False
    """True when those who decide know of no like case."""
    states_appeal: bool = False
    considers_third_parties: bool = False
    reasons: Text | None = None


@act("sanction.imposed/1", area=_AREA, by=("chair", "decider"))
class SanctionImposed(Act, frozen=True, kw_only=True):
    """Impose a sanction of the ladder; it takes effect through its instrument."""

    person: Person
    sanction: Id
    body: Id | None = None
    decision: Ref | None = None
    motion: Id | None = None
    effective_at: Instant | None = None
    until: Instant | None = None
    announced_only: bool = False
    """True when the sanction was only said to exist."""


@act("instrument.issued/1", area=_AREA, by=("chair", "secretary"))
class InstrumentIssued(Act, frozen=True, kw_only=True):
    """Issue the document of a sanction: conduct, clause, term, trigger, appeal route."""

    sanction: Ref
    person: Person
    clause: Label | None = None
    expires_on: Day | None = None
    states_appeal: bool = False
    trigger: Text | None = None
    conduct: Text | None = None
    digest: DigestHex | None = None
    """SHA-256 of the letter as it was served."""


@act("condition.breached/1", area=_AREA, by=("case-manager",))
class ConditionBreached(Act, frozen=True, kw_only=True):
    """Record that the condition of an instrument is said to be breached; that is a new allegation."""

    instrument: Ref
    on: Day | None = None
    text: Text


@act("sanction.stayed/1", area=_AREA, by=("chair", "appeal-decider"))
class SanctionStayed(Act, frozen=True, kw_only=True):
    """Stay a sanction: pending an appeal, or as was voted."""

    sanction: Ref
    until: Instant | None = None
    motion: Id | None = None


@act("sanction.lifted/1", area=_AREA, by=("chair", "appeal-decider"))
class SanctionLifted(Act, frozen=True, kw_only=True):
    """Lift a sanction: on appeal, or as was voted."""

    sanction: Ref
    reasons: Text | None = None
    motion: Id | None = None


@act("decision.served/1", area=_AREA, by=("secretary", "case-manager"))
class DecisionServed(Act, frozen=True, kw_only=True):
    """Serve the decision on a party."""

    decision: Ref
    to: Person
    states_appeal: bool = False
    method: Literal["page", "electronic", "post", "hand", "paper"] = "page"
    digest: DigestHex | None = None
    """SHA-256 of the letter as it was served."""


@act("third-parties.considered/1", area=_AREA, by=("chair", "decider"))
class ThirdPartiesConsidered(Act, frozen=True, kw_only=True):
    """Consider, on the record, what the outcome does to others: voters, staff, family."""

    text: Text
