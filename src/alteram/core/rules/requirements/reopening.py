"""A closed matter is reopened for a reason of law or fact, by somebody new to it, and not because of outcry.

Williamson v Formby [2019] EWHC 2639 (QB). Publicity shortly before needs a reasoned ruling that it is not the reason.
"""

from alteram.core.acts import DecisionMade, LeakReported, MatterClosed, MatterReopened, StatementPublished
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, unknown
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class Reopening(Parameters, frozen=True, kw_only=True):
    """`quiet`: how long publicity must lie back."""

    quiet: Period


@requirement(
    "reopening",
    covers=("C5",),
    parameters=Reopening,
    anchors=(MatterReopened,),
    reads=(DecisionMade, MatterClosed, StatementPublished, LeakReported),
    may_be_ruled=True,
)
def check_reopening(view: View, parameters: Reopening, anchor: AnyEvent) -> Finding:
    """A matter is reopened by somebody who did not decide it, and not on the heels of publicity."""
    if anchor.actor is None:
        return unknown(phrase("Who reopened it is not known."), entries=(anchor.seq,))
    sat = _decided_by(view, anchor)
    if sat:
        cure = Cure(
            "matter.closed", ("case-manager", "chair"), phrase("Close it, and let somebody else look at the ground.")
        )
        because, entries = phrase("Whoever reopened it had decided it before."), (*(one.seq for one in sat), anchor.seq)
        finding = view.weigh(sat[-1], failed(because, entries=entries, cures=(cure,)))
        return view.weigh(anchor, finding)
    noise = [one for one in _publicity(view) if _shortly_before(view, parameters, one, anchor)]
    if not noise:
        return view.nothing_against(anchor, phrase("No publicity came shortly before it."))
    return unknown(
        phrase(
            "Publicity came within {quiet} before it; somebody must say why that is not the reason.",
            quiet=parameters.quiet,
        ),
        entries=(*(one.seq for one in noise), anchor.seq),
        missing=("ruling.made",),
        cures=(Cure("ruling.made", view.demand.ruled_by, phrase("Say with reasons why outcry is not the ground.")),),
    )


def _decided_by(view: View, anchor: AnyEvent) -> list[Event[DecisionMade]]:
    """Return the decisions before `anchor` that whoever acted there took part in, those best shown last."""
    decided = [one for one in view.all(DecisionMade) if one.before(anchor) is not False and not one.corrected]
    own = [one for one in decided if anchor.actor in {*one.act.deciders, one.actor}]
    return sorted(own, key=lambda one: one.established)


def _publicity(view: View) -> tuple[AnyEvent, ...]:
    """Return what became public after the matter was closed."""
    closings = view.all(MatterClosed)
    noise: tuple[AnyEvent, ...] = view.all(StatementPublished, LeakReported)
    return tuple(one for one in noise if not closings or one.before(closings[0]) is not True)


def _shortly_before(view: View, parameters: Reopening, noise: AnyEvent, anchor: AnyEvent) -> bool:
    if noise.before(anchor) is False:
        return False
    return measure_within(noise.when, parameters.quiet, anchor.when, view.calendar).kept is not False
