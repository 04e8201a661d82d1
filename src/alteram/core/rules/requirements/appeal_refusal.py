"""An appeal is refused only by people who had no part before (House of Commons SO 150B(6); Acas Code para 27).

Refusing takes reasons, somebody fresh, and a second key that another fresh person turned after the appeal was lodged.
Once somebody else who is fresh has reviewed the refusal, or the appeal was decided after all, the refusal is mended.
"""

from collections.abc import Iterator

from alteram.core.acts import AppealDecided, AppealRefused, ReviewAsked, ReviewDecided, SecondKeyGiven
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_person, as_word, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.appeals import APPEALING, find_decisions, find_first_deciders, find_taken_part
from alteram.core.rules.findings import Cure, Finding, failed, passed, silent, unknown, worst
from alteram.core.rules.people import find_commanded
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_before

_ACT = "appeal.refused"
_REVIEW = Cure("review.decided", ("custodian", "appeal-decider"), phrase("Have somebody fresh review the refusal."))
_HEAR = Cure(
    "appeal.decided", ("appeal-decider",), phrase("Hear the appeal after all, by people who had no part before.")
)


class AppealRefusal(Parameters, frozen=True, kw_only=True):
    """`excluded`: roles whose holders, past or present, neither refuse nor agree. `second`: whose holders may agree."""

    excluded: tuple[Role, ...] = ("complainant", "respondent", "reporter", "witness", "investigator", "case-manager")
    second: tuple[Role, ...] = ("appeal-decider", "custodian")


@requirement(
    "appeal-refusal",
    covers=("U3", "A13"),
    parameters=AppealRefusal,
    anchors=(AppealRefused,),
    reads=(SecondKeyGiven, ReviewAsked, ReviewDecided, *APPEALING),
)
def check_appeal_refusal(view: View, parameters: AppealRefusal, anchor: AnyEvent) -> Finding:
    """An appeal is refused only with reasons, by somebody who had no part before, with the second key of another."""
    if not isinstance(anchor.act, AppealRefused):
        return silent(phrase("No appeal was refused."))
    mended = next(_mending(view, parameters, anchor, anchor.act), None)
    if mended is not None:
        because = phrase("Somebody fresh reviewed the refusal, or the appeal was decided after all.")
        return view.weigh(anchor, passed(because, entries=(anchor.seq, mended.seq)))
    if view.agreed_absent(anchor, "reasons"):
        reasons = view.missing(
            anchor, phrase("No reasons were given."), thing="reasons", acts=(_ACT,), cures=(_REVIEW, _HEAR)
        )
    else:
        reasons = view.weigh(anchor, passed(phrase("Reasons were given."), entries=(anchor.seq,)))
    return worst((_who(view, parameters, anchor), _second(view, parameters, anchor, anchor.act), reasons))


def _find_part(view: View, parameters: AppealRefusal, anchor: AnyEvent, person: PersonId) -> str:
    """Return the part that `person` had before; empty when there was none."""
    parts = find_taken_part(view, anchor, frozenset({person}), parameters.excluded, including_linked=True)
    return parts.get(person, "")


def _mending(view: View, parameters: AppealRefusal, anchor: AnyEvent, act: AppealRefused) -> Iterator[AnyEvent]:
    asked = {one.seq for one in view.all(ReviewAsked) if one.act.of == anchor.seq}
    for review in view.supporting(ReviewDecided):
        actor = review.actor
        if review.act.review not in asked or actor is None or actor == anchor.actor:
            continue
        if not _find_part(view, parameters, anchor, actor):
            yield review
    yield from (one for one in view.supporting(AppealDecided) if one.act.appeal == act.appeal and anchor.before(one))


def _who(view: View, parameters: AppealRefusal, anchor: AnyEvent) -> Finding:
    if anchor.actor is None:
        return unknown(phrase("It is not known who refused the appeal."), entries=(anchor.seq,), cures=(_REVIEW, _HEAR))
    part = _find_part(view, parameters, anchor, anchor.actor)
    if part:
        because = phrase(
            "{actor}, who refused the appeal, had a part before ({part}).",
            actor=as_person(anchor.actor),
            part=as_word(part),
        )
        finding = failed(because, entries=(anchor.seq,), missing=("appeal-panel.formed",), cures=(_REVIEW, _HEAR))
        return view.weigh(anchor, finding)
    if not all(find_first_deciders(view, one) for one in find_decisions(view, anchor)):
        return unknown(phrase("It is not known who decided before."), entries=(anchor.seq,), cures=(_REVIEW, _HEAR))
    return view.weigh(anchor, passed(phrase("Whoever refused the appeal had no part before."), entries=(anchor.seq,)))


def _second(view: View, parameters: AppealRefusal, anchor: AnyEvent, act: AppealRefused) -> Finding:
    since = [one for one in view.all(SecondKeyGiven) if one.act.to_act == _ACT and one.seq > act.appeal]
    keys, doubtful = find_before(view, anchor, since)
    entitled = frozenset(person for role in parameters.second for person in view.holders(role))
    under = find_commanded(view, () if anchor.actor is None else (anchor.actor,))
    for key in keys:
        free = key.actor in entitled - under - {anchor.actor}
        if key.actor is not None and free and not _find_part(view, parameters, anchor, key.actor):
            because = phrase("Another person who had no part before agreed to the refusal.")
            return view.weigh(anchor, passed(because, entries=(key.seq, anchor.seq)))
    return view.missing(
        anchor,
        phrase("Nobody else who had no part before agreed to refuse the appeal since it was lodged."),
        thing="second-key",
        alleged=doubtful,
        acts=("second-key.given",),
        cures=(_REVIEW, _HEAR),
    )
