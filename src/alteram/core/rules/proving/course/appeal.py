"""The respondent appeals, others hear it, and the matter is closed."""

from datetime import timedelta
from typing import Final

from alteram.core.acts import (
    AppealAdmitted,
    AppealDecided,
    AppealLodged,
    AppealPanelFormed,
    DecisionMade,
    DecisionServed,
    InterestDeclared,
    MatterClosed,
    OutcomePublished,
    SecondKeyGiven,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import find_ever_holders
from alteram.core.rules.proving.casting import Cast
from alteram.core.rules.proving.course.desk import (
    BOTH,
    TEXT,
    Desk,
    Drafting,
    Drafts,
    Step,
    build_risk,
    build_telling,
    each,
)


def _appeal(desk: Desk) -> Drafts:
    decision = desk.last(DecisionMade)
    if decision is not None:
        yield AppealLodged(against=decision, grounds=("procedure",), text=TEXT)


def _form_panel(desk: Desk) -> Drafts:
    yield AppealPanelFormed(members=desk.cast.panel, appeal=desk.last(AppealLodged))


def _declare_on_panel(person: PersonId) -> Drafting:
    def draft(desk: Desk) -> Drafts:
        if person in find_ever_holders(desk.facts.matter, "appeal-decider"):
            yield InterestDeclared(nature="none")

    return draft


def _admit(desk: Desk) -> Drafts:
    appeal = desk.last(AppealLodged)
    if appeal is not None:
        yield AppealAdmitted(appeal=appeal)


def _decide_appeal(desk: Desk) -> Drafts:
    appeal = desk.last(AppealLodged)
    if appeal is not None:
        yield AppealDecided(appeal=appeal, outcome="upheld", panel=desk.cast.panel, reasons=TEXT)


def _serve_appeal(desk: Desk, person: PersonId) -> Drafts:
    decided = desk.last(AppealDecided)
    if decided is not None:
        yield DecisionServed(decision=decided, to=person, states_appeal=True)


def _publish(desk: Desk) -> Drafts:
    decision = desk.last(AppealDecided) or desk.last(DecisionMade)
    if decision is not None:
        yield OutcomePublished(decision=decision, names="nobody", text=TEXT)


def _close(desk: Desk) -> Drafts:
    keys = [one.actor for one in desk.facts.matter.all(SecondKeyGiven) if one.act.to_act == "matter.closed"]
    yield MatterClosed(
        approved_by=(keys and keys[-1]) or desk.cast.independent,
        actions=TEXT,
        lessons=TEXT,
        reporter_told=True,
        review_routes=True,
    )


_APPEAL: Final = (
    Step("appealed", _appeal, by="respondent"),
    Step("panel-formed", _form_panel),
)
_APPEAL_DECIDED: Final = (
    Step("appeal-admitted", _admit),
    Step("appeal-decided", _decide_appeal),
)
_ENDING: Final = (
    Step("informed-of-appeal", build_telling("appeal")),
    Step("published", _publish),
    Step("second-key", lambda _: (SecondKeyGiven(to_act="matter.closed"),)),
    Step("closed", _close),
    Step("risk-after-closing", build_risk("after-closing"), after=timedelta(days=30)),
)


def build_appeal(cast: Cast) -> tuple[Step, ...]:
    """Return the steps from the appeal to the closing of the matter."""
    return (
        *_APPEAL,
        *(Step(f"panel-declared-{one}", _declare_on_panel(one), by=one) for one in cast.panel),
        *_APPEAL_DECIDED,
        *(each("appeal-served", _serve_appeal, part) for part in BOTH),
        *_ENDING,
    )
