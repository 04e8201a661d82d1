"""Every gathering on a matter, formal or not, has a minute (Acas Code para 12 as lrdpublications.org.uk ch. 10 reads
it).

A minute made later still mends its absence. What the minute says, and whether the parties confirm it, is not asked.
"""

from alteram.core.acts import MeetingOpened, MeetingRegistered, MinuteMade
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, passed, unknown
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_standing


class MinuteKept(Parameters, frozen=True, kw_only=True):
    """`within`: how soon after a meeting its minute is made."""

    within: Period


@requirement(
    "minute-kept",
    covers=("A9",),
    parameters=MinuteKept,
    anchors=(MeetingOpened, MeetingRegistered),
    reads=(MinuteMade,),
)
def check_minute_kept(view: View, parameters: MinuteKept, anchor: AnyEvent) -> Finding:
    """Every meeting on the matter has a minute."""
    meeting = anchor.act.meeting if isinstance(anchor.act, MeetingOpened | MeetingRegistered) else ""
    sure, doubtful = find_standing(view, [one for one in view.all(MinuteMade) if one.act.meeting == meeting])
    if sure:
        return view.weigh(anchor, passed(phrase("The meeting has a minute."), entries=(anchor.seq, sure[0].seq)))
    cure = Cure("minute.made", ("chair", "secretary"), phrase("Make the minute, and disclose it to the parties."))
    measured = measure_within(_held(anchor), parameters.within, When.exactly(view.now), view.calendar)
    if anchor.live and measured.kept:
        return unknown(
            phrase("The minute is not due yet."), entries=(anchor.seq,), working=measured.working, cures=(cure,)
        )
    finding = view.missing(
        anchor,
        phrase("The meeting has no minute."),
        thing="minute",
        alleged=doubtful,
        acts=("minute.made",),
        cures=(cure,),
        working=measured.working,
    )
    return view.weigh(anchor, finding)


def _held(anchor: AnyEvent) -> When:
    return When.exactly(anchor.act.held_at) if isinstance(anchor.act, MeetingRegistered) else anchor.when
