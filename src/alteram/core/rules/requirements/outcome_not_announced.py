"""Nobody who decides or holds office announces an outcome before it is decided.

Directive (EU) 2019/1937 art. 22 (the presumption of innocence). An announcement is a fact that bears on bias; what it
means for the matter needs a reasoned ruling.
"""

from dataclasses import replace

from alteram.core.acts import DecisionMade, OutcomePredicted, SanctionImposed, StatementPublished
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class OutcomeNotAnnounced(Parameters, frozen=True, kw_only=True):
    """`settled_by`: the kinds of decision after which the outcome may be told."""

    settled_by: tuple[str, ...] = ("outcome", "no-action")


def _announces(_parameters: OutcomeNotAnnounced, anchor: AnyEvent) -> bool:
    match anchor.act:
        case StatementPublished(announces_outcome=announces):
            return announces
        case SanctionImposed(announced_only=announces):
            return announces
        case OutcomePredicted(by_decider=announces):
            return announces
        case _:
            return False


@requirement(
    "outcome-not-announced",
    covers=("E11",),
    parameters=OutcomeNotAnnounced,
    anchors=(StatementPublished, SanctionImposed, OutcomePredicted),
    reads=(DecisionMade,),
    applies=_announces,
    may_be_ruled=True,
)
def check_outcome_not_announced(view: View, parameters: OutcomeNotAnnounced, anchor: AnyEvent) -> Finding:
    """Nobody who decides or holds office announces an outcome before it is decided, unless a ruling deals with it."""
    speaker, decides = _speaker(view, anchor)
    if not decides:
        because = phrase("Whoever said this neither decides nor holds office.")
        return view.weigh(anchor, passed(because, entries=(anchor.seq,)))
    decisions = [one for one in view.supporting(DecisionMade) if one.act.kind in parameters.settled_by]
    earlier = [one for one in decisions if one.before(anchor) is True]
    if earlier:
        entries = (earlier[-1].seq, anchor.seq)
        return view.weigh(anchor, passed(phrase("The outcome had been decided when it was told."), entries=entries))
    return _announced(view, anchor, speaker)


def _speaker(view: View, anchor: AnyEvent) -> tuple[PersonId | None, bool]:
    """Return who spoke, and whether that is somebody who decides or holds office; an unknown voice may be."""
    match anchor.act:
        case StatementPublished(person=person, office=office):
            if person is None and office is not None:
                return view.facts.roll.holder(office), True
            speaker = person or anchor.actor
        case OutcomePredicted(person=person):
            return person, True
        case _:
            return anchor.actor, True
    if speaker is None:
        return None, True
    return speaker, speaker in view.holders("decider") or bool(view.facts.roll.offices_of(speaker))


def _announced(view: View, anchor: AnyEvent, speaker: PersonId | None) -> Finding:
    cures = (
        Cure("ruling.made", view.demand.ruled_by or ("chair",), phrase("Rule, with reasons, what follows from this.")),
    )
    concerns = () if speaker is None else (speaker,)
    own_word = anchor.live and speaker is not None and speaker == anchor.actor
    if own_word:
        finding = failed(
            phrase("An outcome is announced before it is decided, by somebody who decides or holds office."),
            entries=(anchor.seq,),
            missing=("decision.made",),
            cures=cures,
        )
    else:
        finding = unknown(
            phrase(
                "An outcome was announced before any decision."
                " That bears on bias; a ruling on it is needed and missing."
            ),
            entries=(anchor.seq,),
            missing=("ruling.made",),
            cures=cures,
        )
    return replace(finding, concerns=concerns)
