"""How grave a report is gets decided and written down, and whoever reported is told (ISO 37002 cl. 8.3.1).

The score is what the record says; whether it was the right one is not asked. That the reasons were told, and not only
the outcome, is for whoever reads the word to the reporter.
"""

from alteram.core.acts import MatterAccepted, MatterDeclined, ReporterInformed, TriageDecided
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, passed
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_before, judge_not_done, judge_period


class TriageTold(Parameters, frozen=True, kw_only=True):
    """`within`: how soon after the decision whoever reported is told of it."""

    within: Period


@requirement(
    "triage-told",
    covers=("I6",),
    parameters=TriageTold,
    anchors=(TriageDecided, MatterAccepted, MatterDeclined),
    reads=(ReporterInformed,),
)
def check_triage_told(view: View, parameters: TriageTold, anchor: AnyEvent) -> Finding:
    """A matter is accepted or declined only once its gravity was decided, and whoever reported is told of that."""
    if not isinstance(anchor.act, TriageDecided):
        return _decided_first(view, anchor)
    told = [
        one
        for one in view.all(ReporterInformed)
        if one.act.phase == "triage" and anchor.before(one) is not False and not one.corrected
    ]
    sure = [one for one in told if one.supports(view.protected)]
    if not sure:
        return judge_not_done(
            view,
            anchor,
            measure_within(anchor.when, parameters.within, When(view.now), view.calendar),
            because=phrase("Whoever reported was not told how their report was ranked, and why."),
            alleged=told,
            acts=("reporter.informed",),
            cures=(Cure("reporter.informed", ("case-manager",), phrase("Tell them the decision and its reasons.")),),
        )
    return judge_period(
        view,
        anchor,
        measure_within(anchor.when, parameters.within, sure[0].when, view.calendar),
        kept=phrase("Whoever reported was told in time how their report was ranked."),
        missed=phrase(
            "Whoever reported was told later than {within} how their report was ranked.", within=parameters.within
        ),
        entries=(sure[0].seq,),
        incurable=phrase("The time has passed."),
    )


def _decided_first(view: View, anchor: AnyEvent) -> Finding:
    sure, doubtful = find_before(view, anchor, view.all(TriageDecided))
    if sure:
        because = phrase("How grave the matter is had been decided before.")
        return view.weigh(anchor, passed(because, entries=(sure[-1].seq, anchor.seq)))
    return view.missing(
        anchor,
        phrase("Nobody had written down how grave the matter is before this."),
        alleged=doubtful,
        acts=("triage.decided",),
        cures=(Cure("triage.decided", ("case-manager",), phrase("Decide it, with reasons.")),),
    )
