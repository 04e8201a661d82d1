"""Drafts by which what was decided wrongly falls: appeals and reviews, by people who have not sat before."""

from alteram.core.acts import (
    AppealAdmitted,
    AppealDecided,
    AppealLodged,
    AppealPanelFormed,
    DecisionMade,
    MatterDeclined,
    ReviewAsked,
    ReviewDecided,
    SanctionImposed,
)
from alteram.core.rules.capacities import find_body_members, find_role_holders
from alteram.core.rules.curing.desk import TEXT, Desk
from alteram.core.rules.curing.people import OUTSIDERS
from alteram.core.rules.curing.proposing import Proposals, find_protected, propose_each


def propose_appeal(desk: Desk) -> Proposals:
    """Propose that a party appeals against what is complained of."""
    lodged = {one.act.against for one in desk.facts.matter.all(AppealLodged) if one.live}
    for one in desk.about(DecisionMade, SanctionImposed, MatterDeclined):
        if one.seq not in lodged:
            act = AppealLodged(against=one.seq, grounds=("procedure",), text=TEXT)
            for person in find_protected(desk):
                yield person, act


def _appeals(desk: Desk) -> list[int]:
    """Return the open appeals, those against what the intent is about first."""
    over = {one.act.appeal for one in desk.facts.matter.all(AppealDecided) if one.live}
    known = [one for one in desk.facts.matter.all(AppealLodged) if one.live and one.seq not in over]
    meant = [one.seq for one in known if one.act.against in desk.intent.about]
    return [*meant, *(one.seq for one in known if one.seq not in meant)] or [0]


def propose_panel(desk: Desk) -> Proposals:
    """Propose who hears the appeal: the body that the rules have for it, else people from outside."""
    body = desk.appeal_body
    sitting = () if body is None else tuple(sorted(find_body_members(desk.facts, body)))
    size = 3 if body is None or body.size is None else body.size
    members = sitting or OUTSIDERS[2 : 2 + size]
    for appeal in _appeals(desk)[:2]:
        yield from propose_each(desk, AppealPanelFormed(members=members, appeal=appeal))


def propose_admission(desk: Desk) -> Proposals:
    """Propose that the appeal is admitted."""
    for appeal in _appeals(desk)[:2]:
        yield from propose_each(desk, AppealAdmitted(appeal=appeal))


def propose_quashing(desk: Desk) -> Proposals:
    """Propose that the appeal is decided: what was decided wrongly falls."""
    panel = tuple(sorted(find_role_holders(desk.facts, desk.rulebook, "appeal-decider")))
    for appeal in _appeals(desk)[:2]:
        yield from propose_each(desk, AppealDecided(appeal=appeal, outcome="quashed", panel=panel, reasons=TEXT))


def propose_asking_review(desk: Desk) -> Proposals:
    """Propose that a party has a refusal to act reviewed."""
    for one in desk.about(MatterDeclined):
        for person in find_protected(desk):
            yield person, ReviewAsked(of=one.seq, text=TEXT)


def propose_review(desk: Desk) -> Proposals:
    """Propose that the review has the matter taken up."""
    asked = [one.seq for one in desk.facts.matter.all(ReviewAsked)] or [0]
    for seq in reversed(asked):
        yield from propose_each(desk, ReviewDecided(review=seq, outcome="to-be-taken-up", reasons=TEXT))
