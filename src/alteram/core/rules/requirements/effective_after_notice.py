"""An ending takes effect only after notice with reasons and a hearing that could still stop it; else it is void.

California Corporations Code ss 5341(c), 18320: fifteen days' notice with the reasons, and a hearing five days before
the effect. Where no later effect is stated, a sanction takes effect when it is imposed.
"""

from alteram.core.acts import NoticeServed, PartyHeard, ResponseGiven, RightWaived, SanctionImposed
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, passed, silent, worst
from alteram.core.rules.measuring import measure_at_least
from alteram.core.rules.notices import find_notices
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.service import SERVING, find_delivery
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_waiver, judge_period


class EffectiveAfterNotice(Parameters, frozen=True, kw_only=True):
    """`notice`, `hearing`: how long before the effect. `sanctions`: of which ones it is asked; none named: of all."""

    notice: Period
    hearing: Period
    sanctions: tuple[str, ...] = ()


_CURE = Cure(
    "sanction.imposed",
    ("chair", "decider"),
    phrase("It is void. Give notice with reasons, hear the person, and impose it with a later effect."),
)


@requirement(
    "effective-after-notice",
    covers=("C10",),
    parameters=EffectiveAfterNotice,
    anchors=(SanctionImposed,),
    reads=(NoticeServed, PartyHeard, ResponseGiven, RightWaived, *SERVING),
    applies=lambda parameters, anchor: (
        isinstance(anchor.act, SanctionImposed)
        and not anchor.act.announced_only
        and (not parameters.sanctions or anchor.act.sanction in parameters.sanctions)
    ),
)
def check_effective_after_notice(view: View, parameters: EffectiveAfterNotice, anchor: AnyEvent) -> Finding:
    """A sanction takes effect only after long enough notice with reasons, and a hearing that could still stop it."""
    if not isinstance(anchor.act, SanctionImposed):
        return silent(phrase("No sanction was imposed."))
    effect = anchor.when if anchor.act.effective_at is None else When.exactly(anchor.act.effective_at)
    return worst(
        (
            _noticed(view, parameters, anchor, anchor.act, effect),
            _heard(view, parameters, anchor, anchor.act, effect),
        )
    )


def _noticed(
    view: View, parameters: EffectiveAfterNotice, anchor: AnyEvent, act: SanctionImposed, effect: When
) -> Finding:
    notices, doubtful = find_notices(view, anchor, act.person)
    reasoned = [one for one in notices if one.act.particulars]
    if not reasoned:
        return view.missing(
            anchor,
            phrase("It is void: no notice with reasons was served before it."),
            thing="notice",
            alleged=doubtful,
            acts=("notice.served",),
            cures=(_CURE,),
        )
    measured = measure_at_least(find_delivery(view, reasoned[0], act.person), parameters.notice, effect, view.calendar)
    return judge_period(
        view,
        anchor,
        measured,
        kept=phrase("Notice with reasons was served {notice} before it took effect.", notice=parameters.notice),
        missed=phrase("It is void: notice was shorter than {notice} before its effect.", notice=parameters.notice),
        entries=(reasoned[0].seq,),
        cures=(_CURE,),
    )


def _heard(
    view: View, parameters: EffectiveAfterNotice, anchor: AnyEvent, act: SanctionImposed, effect: When
) -> Finding:
    waiver = find_waiver(view, anchor, "hearing", act.person)
    if waiver is not None:
        because = phrase("The person waived the hearing.")
        return view.weigh(anchor, passed(because, entries=(waiver.seq, anchor.seq)))
    heard, doubtful = _find_hearings(view, act)
    if not heard:
        return view.missing(
            anchor,
            phrase("It is void: the person was not heard before its effect."),
            thing="hearing",
            alleged=doubtful,
            acts=("party.heard",),
            cures=(_CURE,),
        )
    measured = measure_at_least(heard[0].when, parameters.hearing, effect, view.calendar)
    return judge_period(
        view,
        anchor,
        measured,
        kept=phrase("The person was heard {hearing} before it took effect.", hearing=parameters.hearing),
        missed=phrase(
            "It is void: the hearing was later than {hearing} before its effect.", hearing=parameters.hearing
        ),
        entries=(heard[0].seq,),
        cures=(_CURE,),
    )


def _find_hearings(view: View, act: SanctionImposed) -> tuple[list[AnyEvent], list[AnyEvent]]:
    """Return when the person was heard, orally or in writing, then what is only said to be so; even after the vote."""
    spoken: list[AnyEvent] = [one for one in view.all(PartyHeard) if one.act.person == act.person]
    written: list[AnyEvent] = [one for one in view.all(ResponseGiven) if one.actor == act.person]
    kept = sorted((one for one in (*spoken, *written) if not one.corrected), key=lambda one: one.seq)
    return (
        [one for one in kept if one.supports(view.protected)],
        [one for one in kept if not one.supports(view.protected)],
    )
