"""No sanction graver than the notice announced (Acas Code para 9: the possible consequences are told beforehand).

It compares rungs of the rulebook's ladder. Whether the sanction is deserved is not asked here.
"""

from alteram.core.acts import NoticeServed, SanctionImposed
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed, silent
from alteram.core.rules.notices import build_notice_cure, find_notices
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class SanctionWithinNotice(Parameters, frozen=True, kw_only=True):
    """It has no parameters."""


@requirement(
    "sanction-within-notice",
    covers=("A6",),
    parameters=SanctionWithinNotice,
    anchors=(SanctionImposed,),
    reads=(NoticeServed,),
)
def check_sanction_within_notice(view: View, _parameters: SanctionWithinNotice, anchor: AnyEvent) -> Finding:
    """A sanction is no graver than the worst that the notice said there could be."""
    act = anchor.act
    if not isinstance(act, SanctionImposed):
        return silent(phrase("No sanction was imposed."))
    notices, doubtful = find_notices(view, anchor, act.person)
    stated = [one for one in notices if one.act.worst_sanction is not None]
    if not stated or view.agreed_absent(anchor, "jeopardy"):
        return view.missing(
            anchor,
            phrase("No notice said what the worst outcome could be."),
            thing="jeopardy",
            alleged=doubtful,
            acts=("notice.served",),
            cures=(
                build_notice_cure(
                    phrase("Serve a notice that states the worst outcome, hear the answer, decide again.")
                ),
            ),
        )
    announced = stated[-1]
    finding = _compare(view, act.sanction, announced.act.worst_sanction or "", (announced.seq, anchor.seq))
    return view.weigh(anchor, finding)


def _compare(view: View, imposed: str, announced: str, entries: tuple[int, ...]) -> Finding:
    ladder = {one.id: one.rung for one in view.rulebook.sanctions}
    unnamed = [one for one in (imposed, announced) if one not in ladder]
    cure = Cure(
        "sanction.lifted",
        ("chair", "appeal-decider"),
        phrase("Impose nothing graver than {announced}.", announced=as_own(announced)),
    )
    if unnamed:
        because = phrase("The rulebook's ladder has no sanction {unnamed}.", unnamed=as_own(unnamed[0]))
        return failed(because, entries=entries, cures=(cure,))
    working = (
        phrase("{imposed} is rung {ladder}", imposed=as_own(imposed), ladder=ladder[imposed]),
        phrase("{announced} is rung {ladder}", announced=as_own(announced), ladder=ladder[announced]),
    )
    if ladder[imposed] <= ladder[announced]:
        return passed(phrase("The sanction is within what the notice announced."), entries=entries, working=working)
    because = phrase(
        "The sanction {imposed} is graver than {announced}, the worst that the notice announced.",
        imposed=as_own(imposed),
        announced=as_own(announced),
    )
    return failed(because, entries=entries, working=working, cures=(cure,))
