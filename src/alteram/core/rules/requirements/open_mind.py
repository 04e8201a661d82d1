"""Nothing was settled before the other side was heard.

Haque v Faradhi [2023] EWHC 1135 (KB); Ridge v Baldwin [1964] AC 40. It compares the times of drafts, predictions and
announcements with those of the response and the hearing; it cannot see minds made up elsewhere, and never says it can.
"""

from collections.abc import Iterator
from dataclasses import replace

from alteram.core.acts import (
    DecisionDrafted,
    DecisionMade,
    DefaultNoted,
    MotionPut,
    OutcomePredicted,
    PartyHeard,
    ResponseGiven,
    RightWaived,
    SanctionImposed,
    StatementPublished,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.decisions import is_preliminary
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class OpenMind(Parameters, frozen=True, kw_only=True):
    """`motions_count`: whether a motion for a sanction, put before the party was heard, is such a sign."""

    motions_count: bool = True


@requirement(
    "open-mind",
    covers=("C1",),
    parameters=OpenMind,
    anchors=(DecisionMade, DecisionDrafted, SanctionImposed),
    reads=(OutcomePredicted, MotionPut, StatementPublished, ResponseGiven, PartyHeard, DefaultNoted, RightWaived),
    applies=lambda _parameters, anchor: not is_preliminary(anchor.act),
    may_be_ruled=True,
)
def check_open_mind(view: View, parameters: OpenMind, anchor: AnyEvent) -> Finding:
    """Nothing on record shows that the outcome was settled before the party had answered and been heard."""
    heard = _heard(view, anchor)
    signs = [one for one in _signs(view, parameters) if one.seq == anchor.seq or one.before(anchor) is not False]
    early = [one for one in signs if not heard or any(one.before(other) is not False for other in heard)]
    if not early and not signs:
        return view.nothing_against(anchor, phrase("No draft, prediction or announcement of the outcome is on record."))
    if not early:
        entries = (*(one.seq for one in heard), *(one.seq for one in signs), anchor.seq)
        because = phrase("Every draft and announcement came after the party had answered and been heard.")
        return view.weigh(anchor, passed(because, entries=entries))
    return view.weigh(anchor, _settled(view, anchor, early, heard))


def _heard(view: View, anchor: AnyEvent) -> list[AnyEvent]:
    """Return each first response, each hearing of a party, and what stands in for them, before `anchor`."""
    first: dict[PersonId | None, AnyEvent] = {}
    for one in view.supporting(ResponseGiven):
        first.setdefault(one.actor, one)
    hearings = [one for one in view.supporting(PartyHeard) if one.act.person in view.protected]
    defaults = [one for one in view.supporting(DefaultNoted) if one.act.person in view.protected]
    waivers = [one for one in view.supporting(RightWaived) if one.act.right == "hearing" and one.act.informed]
    return [one for one in (*first.values(), *hearings, *defaults, *waivers) if one.before(anchor) is not False]


def _signs(view: View, parameters: OpenMind) -> Iterator[AnyEvent]:
    yield from view.all(DecisionDrafted)
    yield from view.all(OutcomePredicted)
    yield from (one for one in view.all(StatementPublished) if one.act.announces_outcome)
    yield from (one for one in view.all(DecisionMade) if is_preliminary(one.act))
    if parameters.motions_count:
        yield from (one for one in view.all(MotionPut) if one.act.kind == "sanction")


def _settled(view: View, anchor: AnyEvent, early: list[AnyEvent], heard: list[AnyEvent]) -> Finding:
    certain = [one for one in early if _is_own_word(one) and any(one.before(other) is True for other in heard)]
    if not heard and anchor.live:
        certain = [one for one in early if _is_own_word(one)]
    entries = (*(one.seq for one in certain or early), *(one.seq for one in heard), anchor.seq)
    cures = (
        Cure(
            "ruling.made",
            view.demand.ruled_by or ("chair",),
            phrase("Rule, with reasons, whether minds were still open."),
        ),
        Cure("decision.made", ("decider",), phrase("Hear the party, and let people decide who had settled nothing.")),
    )
    concerns = tuple(sorted({one.actor for one in certain if one.actor is not None}))
    if certain:
        because = phrase("The outcome was written down or announced before the party had answered and been heard.")
        return replace(failed(because, entries=entries, missing=("party.heard",), cures=cures), concerns=concerns)
    because = phrase(
        "It is said that the outcome was settled before the party was heard. This record cannot show when it was."
    )
    return unknown(because, entries=entries, missing=("ruling.made",), cures=cures)


def _is_own_word(sign: AnyEvent) -> bool:
    """Return whether the sign is certain: an act of those who decide, or agreed or found; others only tell of it."""
    match sign.act:
        case OutcomePredicted(person=person) | StatementPublished(person=person) if sign.live:
            return person is not None and person == sign.actor
        case _:
            return sign.established
