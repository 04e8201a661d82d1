"""An informal way is offered before the notice: by a mediator whom both sides chose, in a pause; it is declined."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from alteram.core.acts import (
    MediationDeclined,
    MediationOffered,
    MediatorChosen,
    ProceedingsPaused,
    ProceedingsResumed,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.rules.proving.course.desk import Desk, Drafts, Step
from alteram.core.rules.rulebook import Rulebook

#: Nobody who has another part.
_MEDIATOR: Final = PersonId("mediator")
_WEEK: Final = timedelta(days=7)
_NOTICE: Final = "notified"


def _decline(desk: Desk) -> Drafts:
    offer = desk.last(MediationOffered)
    if offer is not None:
        yield MediationDeclined(offer=offer)


def _resume(desk: Desk) -> Drafts:
    pause = desk.last(ProceedingsPaused)
    if pause is not None:
        yield ProceedingsResumed(pause=pause)


_MEDIATION: Final = (
    Step("mediator-chosen", lambda desk: (MediatorChosen(mediator=_MEDIATOR, chosen_by=desk.sides),)),
    Step("paused-to-mediate", lambda desk: (ProceedingsPaused(why="mediation", until=desk.now + _WEEK),)),
    Step("mediation-offered", lambda desk: (MediationOffered(to=desk.sides),)),
    Step("mediation-declined", _decline, by="respondent"),
    Step("resumed-after-mediation", _resume),
)


def offer_mediation(rulebook: Rulebook, course: tuple[Step, ...]) -> Iterator[Step]:
    """Yield the course with an offer of mediation before the notice, where the rulebook asks for an informal way."""
    asked = any(one.kind == "informal-first" for one in rulebook.demands)
    for step in course:
        if asked and step.name == _NOTICE:
            yield from _MEDIATION
        yield step
