"""Whether to take a matter up is not decided by whom it concerns (Cheshire West procedure; PWSS Act 2023 s 24DA).

Refusing takes somebody whom the report does not concern and who does not stand under such a person, a second key from
outside the line of command, reasons, and a way to have it reviewed. Once an independent person has reviewed the
refusal, or the matter is taken up after all, the refusal is mended.
"""

from collections.abc import Iterator

from alteram.core.acts import MatterAccepted, MatterDeclined, ReportLodged, ReviewAsked, ReviewDecided, SecondKeyGiven
from alteram.core.acts.reported import Thing
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_person, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed, silent, unknown, worst
from alteram.core.rules.people import find_commanded
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_before

_REVIEW = Cure(
    "review.decided", ("custodian", "appeal-decider"), phrase("Have somebody independent review the refusal.")
)
_TAKE_UP = Cure("matter.accepted", ("case-manager",), phrase("Take the matter up after all, by somebody independent."))


class IndependentDeclining(Parameters, frozen=True, kw_only=True):
    """It has no parameters."""


@requirement(
    "independent-declining",
    covers=("U12", "P2", "N12"),
    parameters=IndependentDeclining,
    anchors=(MatterDeclined,),
    reads=(ReportLodged, SecondKeyGiven, ReviewAsked, ReviewDecided, MatterAccepted),
)
def check_independent_declining(view: View, _parameters: IndependentDeclining, anchor: AnyEvent) -> Finding:
    """A matter is declined only by somebody independent, with a second key, reasons and a way to have it reviewed."""
    if not isinstance(anchor.act, MatterDeclined):
        return silent(phrase("Nothing was declined."))
    concerned = _find_concerned(view)
    mended = _find_mended(view, anchor, concerned)
    if mended is not None:
        because = phrase("Somebody independent reviewed the refusal, or took the matter up.")
        return view.weigh(anchor, passed(because, entries=(anchor.seq, mended.seq)))
    return worst(
        (
            _who(view, anchor, concerned),
            _second(view, anchor, anchor.act, concerned),
            *_papers(view, anchor, anchor.act),
        )
    )


def _find_concerned(view: View) -> frozenset[PersonId]:
    """Return whom the matter is about, and everybody who stands under one of them."""
    named = {person for one in view.all(ReportLodged) for person in one.act.people}
    concerned = view.holders("respondent") | named
    return concerned | find_commanded(view, concerned)


def _find_mended(view: View, anchor: AnyEvent, concerned: frozenset[PersonId]) -> AnyEvent | None:
    asked = {one.seq for one in view.all(ReviewAsked) if one.act.of == anchor.seq}
    reviews = [one for one in view.supporting(ReviewDecided) if one.act.review in asked]
    taken_up = [one for one in view.supporting(MatterAccepted) if anchor.before(one)]
    later: list[AnyEvent] = [*reviews, *taken_up]
    return next((one for one in later if one.actor not in {None, anchor.actor, *concerned}), None)


def _who(view: View, anchor: AnyEvent, concerned: frozenset[PersonId]) -> Finding:
    if anchor.actor is None:
        return unknown(phrase("It is not known who declined."), entries=(anchor.seq,), cures=(_REVIEW, _TAKE_UP))
    if anchor.actor in concerned:
        because = phrase(
            "{actor}, who declined, is somebody the matter concerns or stands under such a person.",
            actor=as_person(anchor.actor),
        )
        finding = failed(because, entries=(anchor.seq,), missing=("review.decided",), cures=(_REVIEW, _TAKE_UP))
    else:
        finding = passed(phrase("Somebody independent declined."), entries=(anchor.seq,))
    return view.weigh(anchor, finding)


def _second(view: View, anchor: AnyEvent, act: MatterDeclined, concerned: frozenset[PersonId]) -> Finding:
    keys, doubtful = find_before(view, anchor, view.all(SecondKeyGiven))
    given = [one for one in keys if one.actor == act.second and one.act.to_act == "matter.declined"]
    if act.second is None or not given:
        because = phrase("No second person agreed to the refusal beforehand.")
        return _missing(view, anchor, because, "second-key", alleged=doubtful)
    below = find_commanded(view, (anchor.actor,)) if anchor.actor is not None else frozenset()
    if act.second in {anchor.actor, *below, *concerned}:
        because = phrase("The second key, {second}, is not outside the line of command.", second=as_person(act.second))
        finding = failed(because, entries=(given[0].seq, anchor.seq), missing=("second-key.given",), cures=(_REVIEW,))
    else:
        finding = passed(phrase("A second person outside the line agreed."), entries=(given[0].seq, anchor.seq))
    return view.weigh(anchor, finding)


def _papers(view: View, anchor: AnyEvent, act: MatterDeclined) -> Iterator[Finding]:
    wanted: tuple[tuple[Thing, bool, str], ...] = (
        ("reasons", act.reasons is not None, phrase("No reasons were given for the refusal.")),
        ("review-route", act.review_route, phrase("No way to have the refusal reviewed was named.")),
    )
    for thing, there, because in wanted:
        if there and not view.agreed_absent(anchor, thing):
            yield view.weigh(anchor, passed(phrase("It came with reasons and a review route."), entries=(anchor.seq,)))
        else:
            yield _missing(view, anchor, because, thing)


def _missing(view: View, anchor: AnyEvent, because: str, thing: Thing, alleged: tuple[AnyEvent, ...] = ()) -> Finding:
    acts = ("second-key.given",) if thing == "second-key" else ("review.decided",)
    return view.missing(anchor, because, thing=thing, alleged=alleged, acts=acts, cures=(_REVIEW, _TAKE_UP))
