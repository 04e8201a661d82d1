"""What no rulebook can let go about sanctions: they strike whoever was charged when it was decided, and no one else.

A sanction rests on a decision taken here, an instrument on a sanction that still stands; what was only reported to have
been decided elsewhere carries neither. Which sanction may follow, and by what majority, is for the rulebook.
"""

from alteram.core.acts import InstrumentIssued, SanctionImposed
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Facts
from alteram.core.rules.standing import find_undone


def find_sanction_refusal(facts: Facts, event: AnyEvent) -> Refused | None:
    """Return why `event`, a sanction or its instrument, may not be; None when nothing here stands in its way."""
    match event.act:
        case SanctionImposed(announced_only=True):
            return Refused(
                "sanction.announced-only",
                "record",
                phrase("A sanction that is only announced does not exist; impose it, or report that it was announced."),
            )
        case SanctionImposed(person=person, decision=decision):
            unfit = _unfit(facts, decision, "decision.made")
            return _not_charged(facts, person, decision) if unfit is None else unfit
        case InstrumentIssued(person=person, sanction=seq):
            unfit = _unfit(facts, seq, "sanction.imposed")
            return _not_theirs(facts, person, seq) if unfit is None else unfit
        case _:
            return None


def _unfit(facts: Facts, seq: int | None, act: str) -> Refused | None:
    """Return a refusal where what this rests on was not done here, or no longer stands."""
    target = None if seq is None else facts.matter.find(seq)
    if target is None:
        return Refused(
            "sanction.no-decision", "record", phrase("It names no decision that it rests on."), missing=(act,)
        )
    if not target.live or target.corrected or target.seq in find_undone(facts):
        return Refused(
            "sanction.no-decision",
            "record",
            phrase("What it rests on was not decided here, or no longer stands."),
            missing=(act,),
        )
    return None


def _not_charged(facts: Facts, person: PersonId, decision: int | None) -> Refused | None:
    charged = [one for one in facts.holdings if one.role == "respondent" and one.until is None]
    if any(one.person == person and one.since < (decision or 0) for one in charged):
        return None
    return Refused(
        "sanction.not-charged",
        "record",
        phrase("Only somebody who was charged when it was decided is sanctioned."),
        missing=("notice.served", "decision.made"),
    )


def _not_theirs(facts: Facts, person: PersonId, seq: int) -> Refused | None:
    sanction = facts.matter.find(seq)
    if sanction is not None and isinstance(sanction.act, SanctionImposed) and sanction.act.person == person:
        return None
    return Refused("sanction.not-charged", "record", phrase("The instrument is for whoever was sanctioned."))
