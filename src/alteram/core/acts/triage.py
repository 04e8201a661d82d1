"""Triage: who handles the matter, whether they are free to, and whether it is taken up."""

from typing import Final, Literal

from alteram.core.acts.catalogue import act
from alteram.core.acts.fields import Act, Id, Label, Labels, Person, Ref, Refs, Stream, Text

_AREA: Final = "triage"


@act("interest.declared/1", area=_AREA, by=("anyone",), open_to="parties")
class InterestDeclared(Act, frozen=True, kw_only=True):
    """Declare what ties you to this matter, or that nothing does."""

    nature: Literal["none", "personal", "family", "financial", "line-of-command", "witness", "prior-role", "other"]
    text: Text | None = None


@act("person.recused/1", area=_AREA, by=("anyone",), open_to="parties")
class PersonRecused(Act, frozen=True, kw_only=True):
    """Stand down from a part in this matter; a recusal is not a vote."""

    person: Person
    roles: Labels = ("decider",)
    reasons: Text | None = None


@act(
    "bias.challenged/1", area=_AREA, by=("complainant", "respondent", "companion", "representative"), open_to="parties"
)
class BiasChallenged(Act, frozen=True, kw_only=True):
    """Challenge somebody's part in this matter for bias."""

    person: Person
    grounds: Text


@act("challenge.ruled/1", area=_AREA, by=("chair", "appeal-decider", "custodian"), open_to="parties")
class ChallengeRuled(Act, frozen=True, kw_only=True):
    """Rule on a challenge for bias, with reasons; nobody rules on a challenge against themselves."""

    challenge: Ref
    upheld: bool
    reasons: Text


@act("case-manager.assigned/1", area=_AREA, by=("secretary", "custodian", "chair"), open_to="parties")
class CaseManagerAssigned(Act, frozen=True, kw_only=True):
    """Assign the person who handles the matter and keeps in contact."""

    person: Person


@act("matter.accepted/1", area=_AREA, by=("case-manager",), open_to="sides")
class MatterAccepted(Act, frozen=True, kw_only=True):
    """Accept the matter for a procedure; its rules in force now govern its steps."""

    procedure: Id
    complainant: Person | None = None
    respondent: Person | None = None
    reasons: Text | None = None


@act("matter.declined/1", area=_AREA, by=("case-manager",), open_to="reporter-side")
class MatterDeclined(Act, frozen=True, kw_only=True):
    """Decline to take the matter up, with reasons, a second key and a way to have that reviewed."""

    reasons: Text | None = None
    second: Person | None = None
    review_route: bool = False


@act(
    "second-key.given/1",
    area=_AREA,
    by=("custodian", "decider", "appeal-decider", "secretary", "chair", "scrutineer"),
    open_to="handlers",
)
class SecondKeyGiven(Act, frozen=True, kw_only=True):
    """Agree, as the second of two keys, to an act that one person alone may not do."""

    to_act: Label
    text: Text | None = None
    about: Ref | None = None
    """The request or entry that the act answers, where there can be several."""


@act("second-key.asked/1", area=_AREA, by=("custodian", "case-manager", "chair", "decider"), open_to="addressee")
class SecondKeyAsked(Act, frozen=True, kw_only=True):
    """Ask somebody to agree, as the second of two keys, and tell them what they must know to answer."""

    to: Person
    to_act: Label
    text: Text
    """What it is about. Name nobody whose identity is protected."""
    about: Ref | None = None
    """The request or entry that the act answers, where there can be several."""


@act(
    "second-key.refused/1",
    area=_AREA,
    by=("custodian", "decider", "appeal-decider", "secretary", "chair", "scrutineer"),
    open_to="handlers",
)
class SecondKeyRefused(Act, frozen=True, kw_only=True):
    """Refuse to agree as the second of two keys, with reasons."""

    to_act: Label
    reasons: Text
    about: Ref | None = None
    """The request or entry that the act answers, where there can be several."""


@act("matter.referred/1", area=_AREA, by=("case-manager", "custodian", "chair"), open_to="sides")
class MatterReferred(Act, frozen=True, kw_only=True):
    """Refer the matter to somebody outside: a commissioner, a regulator, the police."""

    to: Label
    reasons: Text


@act("inquiry.ordered/1", area=_AREA, by=("case-manager", "chair", "custodian"), open_to="sides")
class InquiryOrdered(Act, frozen=True, kw_only=True):
    """Order an inquiry: facts are to be established before anybody is charged."""

    reasons: Text
    triage_score: Literal["low", "medium", "high"] = "medium"


@act("triage.decided/1", area=_AREA, by=("case-manager",), open_to="sides")
class TriageDecided(Act, frozen=True, kw_only=True):
    """Record how urgent and how grave the matter is, with reasons."""

    score: Literal["low", "medium", "high"]
    reasons: Text


@act("matters.linked/1", area=_AREA, by=("case-manager", "secretary", "custodian"), open_to="handlers")
class MattersLinked(Act, frozen=True, kw_only=True):
    """Link this matter to another, so that parts played in both are seen; neither can close the other."""

    other: Stream
    why: Literal["same-people", "same-facts", "reprisal", "appeal", "counter-complaint"]


@act("ruling.made/1", area=_AREA, by=("chair", "appeal-decider", "custodian"), open_to="parties")
class RulingMade(Act, frozen=True, kw_only=True):
    """Rule, with reasons, on something that only a person can judge."""

    requirement: Id
    met: bool
    reasons: Text
    about: Refs = ()
