"""From outside: orders that the rules must not block, answers to referrals, and the watch against reprisal."""

from typing import Final, Literal

from alteram.core.acts.catalogue import act
from alteram.core.acts.fields import Act, Instant, Labels, Person, Ref, Text

_AREA: Final = "outside"


@act("external-order.recorded/1", area=_AREA, by=("anyone",), open_to="sides")
class ExternalOrderRecorded(Act, frozen=True, kw_only=True):
    """Record an order of a court, a regulator or an emergency; acts that follow it are assessed, never blocked."""

    source: Literal["court", "regulator", "emergency"]
    acts: Labels = ()
    """The acts (by name) that the order requires or permits."""
    stays: bool = False
    text: Text


@act("referral.answered/1", area=_AREA, by=("case-manager", "secretary"), open_to="sides")
class ReferralAnswered(Act, frozen=True, kw_only=True):
    """Record the answer to a referral."""

    referral: Ref
    outcome: Literal["taken-up", "declined", "decided"]
    text: Text | None = None


@act("reprisal-watch.opened/1", area=_AREA, by=("case-manager", "contact-person"), open_to="reporter-side")
class ReprisalWatchOpened(Act, frozen=True, kw_only=True):
    """Open the watch against reprisal towards a reporter, with an end."""

    person: Person
    until: Instant


@act("reprisal.alleged/1", area=_AREA, by=("anyone",), open_to="reporter-side")
class ReprisalAlleged(Act, frozen=True, kw_only=True):
    """Say that something was done to a person for having reported."""

    person: Person
    text: Text


@act("adverse-act.reasoned/1", area=_AREA, by=("case-manager", "chair", "custodian"), open_to="reporter-side")
class AdverseActReasoned(Act, frozen=True, kw_only=True):
    """Give reasons, unconnected with the report, for an adverse act towards a reporter, signed off independently."""

    person: Person
    adverse_act: Ref | None = None
    signed_off_by: Person | None = None
    reasons: Text


@act("reprisal-watch.closed/1", area=_AREA, by=("case-manager", "contact-person"), open_to="reporter-side")
class ReprisalWatchClosed(Act, frozen=True, kw_only=True):
    """Close the watch against reprisal."""

    watch: Ref
    reporter_asked: bool = True
    text: Text | None = None
