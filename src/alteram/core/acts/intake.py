"""Intake: what happens from the first disclosure on."""

from typing import Final, Literal

from alteram.core.acts.catalogue import act
from alteram.core.acts.fields import Act, Day, DigestHex, Label, People, Person, Ref, Text

_AREA: Final = "intake"


@act("report.lodged/1", area=_AREA, by=("anyone",), open_to="reporter-side")
class ReportLodged(Act, frozen=True, kw_only=True):
    """Report an incident, a person or a practice, under your name, protected, or without a name."""

    identity: Literal["named", "protected", "anonymous"]
    about: Literal["incident", "person", "practice"]
    text: Text
    people: People = ()
    """Whom the report is about."""
    first_on: Day | None = None
    last_on: Day | None = None
    public: bool = False
    """True when the report was also made in public, for example in a newspaper."""
    urgent: bool = False


@act("report.acknowledged/1", area=_AREA, by=("case-manager",), open_to="reporter-side")
class ReportAcknowledged(Act, frozen=True, kw_only=True):
    """Tell the reporter that the report has arrived, what happens next, and which doors outside are open."""

    report: Ref
    text: Text
    external_routes: bool = False
    automatic: bool = False
    digest: DigestHex | None = None
    """SHA-256 of the letter as it was served."""


@act("reporter.asked/1", area=_AREA, by=("case-manager", "investigator"), open_to="reporter-side")
class ReporterAsked(Act, frozen=True, kw_only=True):
    """Ask the reporter a question, without asking for more evidence to be gathered."""

    text: Text


@act("reporter.answered/1", area=_AREA, by=("reporter", "complainant"), open_to="reporter-side")
class ReporterAnswered(Act, frozen=True, kw_only=True):
    """Answer a question put to you as reporter, or add to what you reported or were told."""

    question: Ref
    text: Text


@act("reporter.informed/1", area=_AREA, by=("case-manager",), open_to="reporter-side")
class ReporterInformed(Act, frozen=True, kw_only=True):
    """Tell the reporter where the matter stands and what comes next."""

    text: Text
    phase: Literal["triage", "charge", "investigation", "hearing", "outcome", "appeal", "interim"]


@act(
    "identity.asked/1",
    area=_AREA,
    by=(
        "case-manager",
        "investigator",
        "chair",
        "decider",
        "appeal-decider",
        "mediator",
        "secretary",
        "contact-person",
        "complainant",
        "respondent",
        "representative",
    ),
    open_to="addressee",
)
class IdentityAsked(Act, frozen=True, kw_only=True):
    """Ask the custodian who stands behind an entry whose author, or whom it speaks of, is protected, and say why."""

    entry: Ref
    """The entry that somebody protected wrote, or that speaks of them."""
    ground: Literal["consent", "legal-duty", "defence", "safety"]
    """Why it is needed: they agreed to it, a law demands it, no defence without it, somebody is in danger."""
    reasons: Text
    """What you need the name for, and why nothing less will do. Only the custodian and the case manager read it."""
    needed_by: People = ()
    """Whom the name is needed by, where the case manager asks for others; left empty, it is you."""


@act("identity.refused/1", area=_AREA, by=("custodian",), open_to="addressee")
class IdentityRefused(Act, frozen=True, kw_only=True):
    """Refuse to release a protected identity, with reasons, to whoever asked for it."""

    request: Ref
    to: Person
    """Who asked."""
    reasons: Text


@act("identity.released/1", area=_AREA, by=("custodian",), open_to="reporter-side")
class IdentityReleased(Act, frozen=True, kw_only=True):
    """Release a protected identity to named people, on consent or on a legal duty, after telling the reporter."""

    person: Person
    to: People
    basis: Literal["consent", "legal-duty"]
    reporter_told: Ref | None = None
    reasons: Text | None = None
    consented: Ref | None = None
    """The entry in which the person says yes."""
    request: Ref | None = None
    """The request that this answers: nothing is released unasked."""


@act("risk.assessed/1", area=_AREA, by=("case-manager", "contact-person"), open_to="handlers")
class RiskAssessed(Act, frozen=True, kw_only=True):
    """Assess the risk of harm to a person, at one of the points where it must be looked at."""

    point: Literal["report", "decision-to-investigate", "during", "outcome", "after-closing"]
    person: Person
    level: Literal["low", "medium", "high"]
    text: Text


@act("support.offered/1", area=_AREA, by=("case-manager", "contact-person"), open_to="addressee")
class SupportOffered(Act, frozen=True, kw_only=True):
    """Offer help to a party: a person to talk to, counselling, advice."""

    to: Person
    kind: Label = "support"


@act("support.accepted/1", area=_AREA, by=("anyone",), open_to="addressee")
class SupportAccepted(Act, frozen=True, kw_only=True):
    """Accept help that was offered to you."""

    offer: Ref


@act("support.declined/1", area=_AREA, by=("anyone",), open_to="addressee")
class SupportDeclined(Act, frozen=True, kw_only=True):
    """Decline help that was offered to you; it can be offered again."""

    offer: Ref


@act("report.withdrawn/1", area=_AREA, by=("reporter", "complainant"), open_to="reporter-side")
class ReportWithdrawn(Act, frozen=True, kw_only=True):
    """Withdraw your report; the organisation may still have to act on what it knows."""

    report: Ref
    freely: bool = True
    reasons: Text | None = None
