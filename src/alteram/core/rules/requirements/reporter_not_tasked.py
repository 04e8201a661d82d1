"""Whoever reported is not sent to gather evidence (ISO 37002 cl. 8.2).

What a question says is not read here. Where its answer brought a new exhibit, somebody must rule that it was not asked
for; where nothing came, nothing speaks against the question.
"""

from alteram.core.acts import ExhibitLodged, ReporterAsked
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.matters import AnyEvent, Event, find_ever_holders
from alteram.core.rules.findings import Cure, Finding, failed, unknown
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class ReporterNotTasked(Parameters, frozen=True, kw_only=True):
    """`made_only`: only an exhibit that its lodger made speaks against the question, such as a recording."""

    made_only: bool = False


@requirement(
    "reporter-not-tasked",
    covers=("I12",),
    parameters=ReporterNotTasked,
    anchors=(ReporterAsked,),
    reads=(ExhibitLodged,),
    may_be_ruled=True,
)
def check_reporter_not_tasked(view: View, parameters: ReporterNotTasked, anchor: AnyEvent) -> Finding:
    """Whoever reported lodges no new evidence after being asked a question, or a ruling says it was not asked for."""
    side = find_ever_holders(view.facts.matter, "reporter") | find_ever_holders(view.facts.matter, "complainant")
    lodged = [
        one
        for one in view.all(ExhibitLodged)
        if one.actor in side
        and anchor.before(one) is not False
        and not one.corrected
        and (one.act.obtained == "made-by-lodger" or not parameters.made_only)
    ]
    if not lodged:
        return view.nothing_against(anchor, phrase("Nothing was gathered after this question."))
    return view.weigh(anchor, _judge(anchor, lodged))


def _judge(anchor: AnyEvent, lodged: list[Event[ExhibitLodged]]) -> Finding:
    because = phrase(
        "After this question whoever reported brought {exhibit}. Whether that was asked for needs a ruling.",
        exhibit=as_own(lodged[0].act.exhibit),
    )
    entries = (anchor.seq, *(one.seq for one in lodged))
    cure = Cure("ruling.made", ("chair", "custodian"), phrase("Rule, with reasons, whether it was asked for."))
    if any(one.established and anchor.before(one) for one in lodged):
        return failed(because, entries=entries, missing=("ruling.made",), cures=(cure,))
    return unknown(because, entries=entries, missing=("ruling.made",), cures=(cure,))
