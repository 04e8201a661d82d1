"""A sanction is one that the rules name, imposed by the body that may, for no longer than they allow.

Birch v Brookfield [2025] EWHC 732 (Comm) (the issue there); unwritten penalties are none. By what majority it was
carried is asked elsewhere.
"""

from collections.abc import Iterator

from alteram.core.acts import DecisionMade, SanctionImposed
from alteram.core.kernel.periods import Reckoning, last_within
from alteram.core.kernel.phrases import as_own, join, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.rulebook import Sanction
from alteram.core.rules.view import View


class SanctionAuthorised(Parameters, frozen=True, kw_only=True):
    """`only`: the sanctions that may be imposed at all; none named: every one of the rulebook's ladder."""

    only: tuple[str, ...] = ()


@requirement(
    "sanction-authorised",
    covers=("C6", "C7"),
    parameters=SanctionAuthorised,
    anchors=(SanctionImposed,),
    reads=(DecisionMade,),
    applies=lambda _parameters, anchor: isinstance(anchor.act, SanctionImposed) and not anchor.act.announced_only,
)
def check_sanction_authorised(view: View, parameters: SanctionAuthorised, anchor: AnyEvent) -> Finding:
    """The sanction is on the ladder, imposed by the body that may impose it, with a term where one is needed."""
    act = anchor.act
    sanction = view.rulebook.find_sanction(act.sanction) if isinstance(act, SanctionImposed) else None
    if (
        not isinstance(act, SanctionImposed)
        or sanction is None
        or sanction.id not in (parameters.only or (sanction.id,))
    ):
        cures = (_cure(phrase("Impose a sanction that the rules name, or none.")),)
        because = phrase("The rules name no such sanction.")
        return view.weigh(anchor, failed(because, entries=(anchor.seq,), cures=cures))
    body = act.body or _deciding_body(view, act)
    if body is None:
        return view.missing(
            anchor, phrase("Nothing shows which body imposed the sanction."), cures=(_cure(phrase("Name the body.")),)
        )
    if sanction.needs_term and act.until is None:
        because = phrase("The sanction {id} needs a term, and has none.", id=as_own(sanction.id))
        return view.missing(anchor, because, thing="term", cures=(_cure(phrase("Impose it with an end.")),))
    reckoning = _longest(view, sanction, act, anchor)
    wrong = list(_wrong(sanction, body, act, reckoning))
    working = () if reckoning is None else reckoning.working
    if wrong:
        cures = (_cure(phrase("Let {body} impose it, within its limits.", body=as_own(sanction.by))),)
        return view.weigh(anchor, failed(join(" ", wrong), entries=(anchor.seq,), working=working, cures=cures))
    because = phrase("The rules let {body} impose {id}.", body=as_own(sanction.by), id=as_own(sanction.id))
    return view.weigh(anchor, passed(because, entries=(anchor.seq,), working=working))


def _deciding_body(view: View, act: SanctionImposed) -> str | None:
    decision = next((one for one in view.supporting(DecisionMade) if one.seq == act.decision), None)
    return None if decision is None else decision.act.body


def _longest(view: View, sanction: Sanction, act: SanctionImposed, anchor: AnyEvent) -> Reckoning | None:
    start = act.effective_at or anchor.when.first
    if sanction.longest is None or start is None:
        return None
    return last_within(start, sanction.longest, view.calendar)


def _wrong(sanction: Sanction, body: str, act: SanctionImposed, reckoning: Reckoning | None) -> Iterator[str]:
    if body != sanction.by:
        yield phrase(
            "The sanction {id} is for {by} to impose, not for {body}.",
            id=as_own(sanction.id),
            by=as_own(sanction.by),
            body=as_own(body),
        )
    if reckoning is not None and act.until is not None and act.until > reckoning.end:
        yield phrase("The sanction {id} lasts longer than {longest}.", id=as_own(sanction.id), longest=sanction.longest)


def _cure(why: str) -> Cure:
    return Cure("sanction.imposed", ("chair", "decider"), why)
