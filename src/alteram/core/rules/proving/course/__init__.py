"""The course of a matter, act by act, as people would go through it who do everything that any rulebook may ask.

Each step drafts its act from how the matter stands; a rulebook that knows nothing of a step does without it. What is
drafted is complete, so that what a rulebook refuses on the way it refuses for its own reasons. `playing` plays it.
"""

from alteram.core.rules.proving.casting import Cast
from alteram.core.rules.proving.course.appeal import build_appeal
from alteram.core.rules.proving.course.desk import (
    CHARGE,
    EXHIBIT,
    HEARING,
    Desk,
    Drafting,
    Drafts,
    Step,
    find_own_cause,
)
from alteram.core.rules.proving.course.hearing import build_hearing
from alteram.core.rules.proving.course.inquiry import build_inquiry
from alteram.core.rules.proving.course.intake import build_intake
from alteram.core.rules.proving.course.mediation import offer_mediation
from alteram.core.rules.proving.course.outcome import build_outcome
from alteram.core.rules.rulebook import Rulebook

__all__ = ["CHARGE", "EXHIBIT", "HEARING", "Desk", "Drafting", "Drafts", "Step", "build_course", "find_own_cause"]


def build_course(rulebook: Rulebook, cast: Cast) -> tuple[Step, ...]:
    """Return the steps of a matter from its report to its closing, in their order."""
    inquiry = offer_mediation(rulebook, build_inquiry())
    return (*build_intake(rulebook), *inquiry, *build_hearing(cast), *build_outcome(), *build_appeal(cast))
