"""Charge: what is alleged, notice of it, the answer to it, and what holds meanwhile."""

from typing import Final, Literal

from msgspec import Struct

from alteram.core.acts.catalogue import act
from alteram.core.acts.fields import Act, Day, DigestHex, Id, Ids, Instant, Label, Labels, Person, Ref, Text, Texts

_AREA: Final = "charge"


class Allegation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One charge: its identifier in the matter, the breach of the rulebook it is said to be, and when."""

    id: Id
    breach: Id
    first_on: Day | None = None
    last_on: Day | None = None


@act("allegations.stated/1", area=_AREA, by=("case-manager", "investigator"))
class AllegationsStated(Act, frozen=True, kw_only=True):
    """State what is alleged, charge by charge, each with the breach it is said to be."""

    allegations: tuple[Allegation, ...]
    particulars: Texts = ()
    """When, where and what, one text for each allegation, in the same order."""


@act("allegations.amended/1", area=_AREA, by=("case-manager", "investigator"))
class AllegationsAmended(Act, frozen=True, kw_only=True):
    """Change or add allegations; periods that ran from the earlier notice start again."""

    allegations: tuple[Allegation, ...]
    particulars: Texts = ()
    reasons: Text | None = None


@act("notice.served/1", area=_AREA, by=("case-manager", "secretary"))
class NoticeServed(Act, frozen=True, kw_only=True):
    """Serve the respondent with the allegations, their particulars, the evidence and the worst outcome."""

    to: Person
    allegations: Ids = ()
    particulars: Texts = ()
    worst_sanction: Id | None = None
    jeopardy: Text | None = None
    """What follows beyond the body: a seat, a by-election, staff."""
    exhibits: Ids = ()
    hearing_at: Instant | None = None
    respond_by: Instant | None = None
    states_companion: bool = False
    states_presumption: bool = False
    method: Literal["page", "electronic", "post", "hand", "paper"] = "page"
    digest: DigestHex | None = None
    """SHA-256 of the letter as it was served."""


@act("service.confirmed/1", area=_AREA, by=("case-manager", "secretary", "respondent", "complainant"))
class ServiceConfirmed(Act, frozen=True, kw_only=True):
    """Confirm that a document was delivered, when and how; periods run from then."""

    document: Ref
    to: Person
    delivered_at: Instant
    how: Literal["read", "signed", "post-proof", "hand", "deemed"]


@act("response.given/1", area=_AREA, by=("respondent", "companion", "representative"))
class ResponseGiven(Act, frozen=True, kw_only=True):
    """Answer the allegations: admit, deny, in part, or explain."""

    allegations: Ids = ()
    stance: Literal["admit", "deny", "in-part", "explain"]
    text: Text | None = None


@act("submissions.closed/1", area=_AREA, by=("respondent", "complainant", "representative", "chair"))
class SubmissionsClosed(Act, frozen=True, kw_only=True):
    """Close a side's case: everything that side wants to say has been said."""

    side: Literal["respondent", "complainant"]


@act("extension.asked/1", area=_AREA, by=("respondent", "complainant", "companion", "representative"))
class ExtensionAsked(Act, frozen=True, kw_only=True):
    """Ask for more time, with the reason."""

    until: Instant
    reasons: Text


@act("extension.granted/1", area=_AREA, by=("case-manager", "chair"))
class ExtensionGranted(Act, frozen=True, kw_only=True):
    """Grant more time; the parties are told."""

    request: Ref | None = None
    until: Instant
    reasons: Text | None = None
    person: Person | None = None
    """Who has more time; nobody named: everybody who answers."""


@act("extension.refused/1", area=_AREA, by=("case-manager", "chair"))
class ExtensionRefused(Act, frozen=True, kw_only=True):
    """Refuse more time, with reasons."""

    request: Ref
    reasons: Text


@act("interim-measure.imposed/1", area=_AREA, by=("chair", "case-manager", "decider"))
class InterimMeasureImposed(Act, frozen=True, kw_only=True):
    """Impose a measure that holds meanwhile: not a penalty, with an end and a day of review."""

    person: Person
    measure: Literal["suspension", "restriction", "separation", "no-contact"]
    nature: Literal["precautionary", "penalty"] = "precautionary"
    until: Instant | None = None
    review_by: Instant | None = None
    keeps: Labels = ()
    """Rights that stay: be-notified, attend, see-evidence, speak, be-represented, appeal."""
    bars_vote: bool = False
    signed_off_by: Person | None = None
    particulars: Text | None = None
    reasons: Text | None = None
    exhibits: Ids = ()
    """The exhibits it rests on; none: it rests on no exhibit."""


@act("interim-measure.reviewed/1", area=_AREA, by=("chair", "case-manager", "decider"))
class InterimMeasureReviewed(Act, frozen=True, kw_only=True):
    """Look again at an interim measure: continue, vary or lift it."""

    measure: Ref
    outcome: Literal["continued", "varied", "lifted"]
    review_by: Instant | None = None
    reasons: Text
    exhibits: Ids = ()
    """The exhibits it rests on; none: it rests on no exhibit."""


@act("interim-measure.lifted/1", area=_AREA, by=("chair", "case-manager", "decider"))
class InterimMeasureLifted(Act, frozen=True, kw_only=True):
    """End an interim measure."""

    measure: Ref


@act("companion.named/1", area=_AREA, by=("respondent", "complainant", "witness"))
class CompanionNamed(Act, frozen=True, kw_only=True):
    """Name who accompanies or represents you."""

    person: Person
    for_person: Person
    kind: Literal["companion", "representative"] = "companion"


@act("companion.refused/1", area=_AREA, by=("chair", "case-manager"))
class CompanionRefused(Act, frozen=True, kw_only=True):
    """Refuse a companion or representative, with reasons."""

    person: Person
    reasons: Text


@act("companion.unavailable/1", area=_AREA, by=("respondent", "complainant", "companion"))
class CompanionUnavailable(Act, frozen=True, kw_only=True):
    """Say that the companion cannot come, and offer another time."""

    meeting: Id
    alternative_at: Instant


@act("gag.imposed/1", area=_AREA, by=("chair", "case-manager"))
class GagImposed(Act, frozen=True, kw_only=True):
    """Bind a party to silence about the matter, with an end and the people who may always be spoken to."""

    on: Person
    until: Instant | None = None
    safe_harbours: Labels = ()
    reasons: Text
    """Counsel, union, doctor, regulator and police stay open whatever this says."""


@act("gag.lifted/1", area=_AREA, by=("chair", "case-manager"))
class GagLifted(Act, frozen=True, kw_only=True):
    """End a gag."""

    gag: Ref


@act("jurisdiction.challenged/1", area=_AREA, by=("respondent", "companion", "representative"))
class JurisdictionChallenged(Act, frozen=True, kw_only=True):
    """Say that the body or the rules do not apply to this matter."""

    grounds: Text
    clause: Label | None = None
