"""A breach of confidence is itself taken up, and not only regretted (PWSS Act 2023 (Cth); ipsc.gov.au).

Taken up means charged, referred outside, or looked into as a matter of its own. Who leaked, and whether everybody who
saw the material had been told that it is confidential, is not decided here.
"""

from alteram.core.acts import (
    AllegationsAmended,
    AllegationsStated,
    InquiryOrdered,
    LeakReported,
    MatterReferred,
    MattersLinked,
)
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import judge_not_done, judge_period

_TAKEN_UP = (MatterReferred, MattersLinked, InquiryOrdered, AllegationsStated, AllegationsAmended)


class LeakPursued(Parameters, frozen=True, kw_only=True):
    """`within`: how soon after it was reported it is taken up."""

    within: Period


@requirement(
    "leak-pursued",
    covers=("P7",),
    parameters=LeakPursued,
    anchors=(LeakReported,),
    reads=_TAKEN_UP,
)
def check_leak_pursued(view: View, parameters: LeakPursued, anchor: AnyEvent) -> Finding:
    """A leak that was reported is charged, referred or inquired into within the period."""
    steps = [one for one in view.all(*_TAKEN_UP) if anchor.before(one) is not False and not one.corrected]
    sure = [one for one in steps if one.established]
    if not sure:
        return judge_not_done(
            view,
            anchor,
            measure_within(anchor.when, parameters.within, When(view.now), view.calendar),
            because=phrase("A leak was reported, and nobody took it up."),
            alleged=steps,
            acts=("matter.referred",),
            cures=(
                Cure(
                    "matter.referred",
                    ("case-manager", "custodian", "chair"),
                    phrase("Refer it, charge it, or order an inquiry into it."),
                ),
            ),
        )
    return judge_period(
        view,
        anchor,
        measure_within(anchor.when, parameters.within, sure[0].when, view.calendar),
        kept=phrase("The leak was taken up in time."),
        missed=phrase("The leak was taken up later than {within} after it was reported.", within=parameters.within),
        entries=(sure[0].seq,),
        incurable=phrase("The time has passed."),
    )
