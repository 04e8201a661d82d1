"""Mediation: an offer is valid only with a jointly chosen mediator and the proceedings paused."""

from typing import Final, Literal

from alteram.core.acts.catalogue import act
from alteram.core.acts.fields import Act, Instant, People, Person, Ref, Text

_AREA: Final = "mediation"


@act("mediation.offered/1", area=_AREA, by=("case-manager", "chair", "complainant", "respondent"))
class MediationOffered(Act, frozen=True, kw_only=True):
    """Offer mediation; it counts once the mediator is jointly chosen and the proceedings are paused."""

    to: People = ()
    text: Text | None = None


@act("mediation.accepted/1", area=_AREA, by=("complainant", "respondent"))
class MediationAccepted(Act, frozen=True, kw_only=True):
    """Accept an offer of mediation."""

    offer: Ref


@act("mediation.declined/1", area=_AREA, by=("complainant", "respondent"))
class MediationDeclined(Act, frozen=True, kw_only=True):
    """Decline an offer of mediation; nothing follows from that."""

    offer: Ref


@act("mediator.chosen/1", area=_AREA, by=("case-manager", "complainant", "respondent"))
class MediatorChosen(Act, frozen=True, kw_only=True):
    """Record the mediator whom both sides chose."""

    mediator: Person
    chosen_by: People


@act("proceedings.paused/1", area=_AREA, by=("case-manager", "chair"))
class ProceedingsPaused(Act, frozen=True, kw_only=True):
    """Pause the proceedings; clocks stop and no motion is put meanwhile."""

    why: Literal["mediation", "external-order", "capacity", "other"]
    until: Instant | None = None


@act("proceedings.resumed/1", area=_AREA, by=("case-manager", "chair"))
class ProceedingsResumed(Act, frozen=True, kw_only=True):
    """Take the proceedings up again."""

    pause: Ref


@act("mediation.settled/1", area=_AREA, by=("mediator", "complainant", "respondent"))
class MediationSettled(Act, frozen=True, kw_only=True):
    """Record what was agreed; an apology made here is never evidence."""

    text: Text
    apology: bool = False


@act("mediation.closed/1", area=_AREA, by=("mediator", "case-manager"))
class MediationClosed(Act, frozen=True, kw_only=True):
    """Close mediation, settled or not."""

    outcome: Literal["settled", "not-settled", "not-begun"]
