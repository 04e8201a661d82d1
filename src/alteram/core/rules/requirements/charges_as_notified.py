"""Nothing is proved that was not in the notice (RONR, discipline: the trial is on an exact copy of the charges).

A charge amended after it was notified must be notified again. It compares identifiers of allegations; whether talk
behind closed doors strayed beyond them cannot be read from a record.
"""

from alteram.core.acts import Allegation, AllegationsAmended, DecisionMade, MotionPut, NoticeServed, VoteTaken
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_own, join, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.decisions import burdens
from alteram.core.rules.findings import Finding, failed, passed, silent
from alteram.core.rules.notices import build_notice_cure, find_notices
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import ask_of_each


class ChargesAsNotified(Parameters, frozen=True, kw_only=True):
    """It has no parameters."""


@requirement(
    "charges-as-notified",
    covers=("R3", "C11"),
    parameters=ChargesAsNotified,
    anchors=(DecisionMade, VoteTaken),
    reads=(NoticeServed, MotionPut, AllegationsAmended),
    applies=lambda _parameters, anchor: burdens(anchor.act),
)
def check_charges_as_notified(view: View, _parameters: ChargesAsNotified, anchor: AnyEvent) -> Finding:
    """Only what the respondent was notified of is put to the vote as a charge and found proved."""
    if isinstance(anchor.act, DecisionMade) and _acquits(anchor.act):
        because = phrase("Nothing was found proved.")
        return view.weigh(anchor, passed(because, entries=(anchor.seq,), uncontradicted=True))
    charges = _find_charges(view, anchor)
    if charges is None:
        return silent(phrase("This vote was not on a charge."))
    if not charges:
        because = phrase("It does not say which charges are meant.")
        return view.missing(anchor, because, thing="notice", acts=("decision.made",))
    return ask_of_each(view, anchor, view.protected, lambda person: _ask(view, anchor, person, charges))


def _acquits(act: DecisionMade) -> bool:
    return act.kind == "outcome" and bool(act.not_proved) and not act.proved


def _find_charges(view: View, anchor: AnyEvent) -> tuple[str, ...] | None:
    """Return the allegations decided or voted on at `anchor`; None for a vote on something else."""
    match anchor.act:
        case DecisionMade(proved=proved):
            return proved
        case VoteTaken(motion=motion):
            put = [one.act for one in view.all(MotionPut) if one.act.motion == motion]
            if not put or put[-1].kind != "finding":
                return None
            return () if put[-1].allegation is None else (put[-1].allegation,)
        case _:
            return None


def _ask(view: View, anchor: AnyEvent, person: PersonId, charges: tuple[str, ...]) -> Finding:
    notices, doubtful = find_notices(view, anchor, person)
    unnotified = [charge for charge in charges if not any(_covers(view, one, charge) for one in notices)]
    if not unnotified and not view.agreed_absent(anchor, "notice"):
        entries = (*(one.seq for one in notices), anchor.seq)
        return view.weigh(anchor, passed(phrase("Every charge was in a notice."), entries=entries))
    because = phrase(
        "The notice does not hold the charge {charges} as it was decided on.",
        charges=join(", ", map(as_own, unnotified or charges)),
    )
    cure = build_notice_cure(phrase("Serve a notice of these charges and begin the period again."))
    if notices and not doubtful:
        finding = failed(because, entries=(notices[-1].seq, anchor.seq), missing=("notice.served",), cures=(cure,))
        return view.weigh(anchor, finding)
    return view.missing(anchor, because, thing="notice", alleged=doubtful, acts=("notice.served",), cures=(cure,))


def _covers(view: View, notice: Event[NoticeServed], charge: str) -> bool:
    """Return whether `notice` names `charge`, and no amendment of it came after the notice."""
    return charge in notice.act.allegations and not any(
        one.established and one.before(notice) is not True and _amends(one.act.allegations, charge)
        for one in view.all(AllegationsAmended)
    )


def _amends(allegations: tuple[Allegation, ...], charge: str) -> bool:
    return any(one.id == charge for one in allegations)
