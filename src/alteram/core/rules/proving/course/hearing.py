"""The body that decides is called together, those who had a part stand down, and both sides are heard."""

from typing import Final

from alteram.core.acts import (
    InterestDeclared,
    MeetingCalled,
    MeetingOpened,
    PartyHeard,
    PersonRecused,
    ServiceConfirmed,
    SubmissionsClosed,
    ViewSought,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import find_ever_holders
from alteram.core.rules.capacities import find_role_holders
from alteram.core.rules.proving.casting import Cast
from alteram.core.rules.proving.course.desk import (
    BOTH,
    HAD_A_PART,
    HEARING,
    ITEMS,
    TEXT,
    Desk,
    Drafting,
    Drafts,
    Step,
    each,
    find_own_cause,
)


def _call_meeting(desk: Desk) -> Drafts:
    if desk.body is None:
        return
    everyone = tuple(dict.fromkeys((*desk.sitting, *desk.sides, desk.who("companion"))))
    for at in desk.later():
        yield MeetingCalled(
            meeting=HEARING, body=desk.body.id, at=at, agenda=("charge",), invited=everyone, purpose="hearing"
        )


def _confirm_call(desk: Desk, person: PersonId) -> Drafts:
    call = desk.last(MeetingCalled)
    if call is not None:
        yield ServiceConfirmed(document=call, to=person, delivered_at=desk.now, how="read")


def _stand_down(person: PersonId) -> Drafting:
    def draft(desk: Desk) -> Drafts:
        parts = {one for role in HAD_A_PART for one in find_ever_holders(desk.facts.matter, role)}
        if person in desk.sitting and person in parts | find_own_cause(desk.facts):
            yield PersonRecused(person=person, reasons=TEXT)

    return draft


def _declare(person: PersonId) -> Drafting:
    return lambda desk: (InterestDeclared(nature="none"),) if person in desk.eligible else ()


def _open(desk: Desk) -> Drafts:
    chairs = find_role_holders(desk.facts, desk.rulebook, "chair") & frozenset(desk.voting)
    presiding = next(iter((*sorted(chairs), *desk.voting)), None)
    if desk.last(MeetingCalled) is not None and presiding is not None:
        there = tuple(dict.fromkeys((*desk.voting, *desk.sides, desk.who("companion"))))
        yield MeetingOpened(meeting=HEARING, present=there, chair=presiding)


def _hear(part: str) -> Drafting:
    return lambda desk: (PartyHeard(meeting=HEARING, person=desk.who(part), items=ITEMS),)


def _seek_view(desk: Desk) -> Drafts:
    yield ViewSought(person=desk.cast.independent, independent=True, text=TEXT)


_HEARING: Final = (
    Step("view-sought", _seek_view),
    Step("opened", _open),
    Step("complainant-heard", _hear("complainant")),
    Step("respondent-heard", _hear("respondent")),
    Step("respondent-closed", lambda _: (SubmissionsClosed(side="respondent"),), by="respondent"),
    Step("complainant-closed", lambda _: (SubmissionsClosed(side="complainant"),), by="complainant"),
)


def build_hearing(cast: Cast) -> tuple[Step, ...]:
    """Return the steps from the call of the meeting to the end of both cases."""
    members = tuple(dict.fromkeys((*cast.members, *cast.panel)))
    return (
        Step("meeting-called", _call_meeting),
        *(each("call-delivered", _confirm_call, part) for part in BOTH),
        *(Step(f"recused-{one}", _stand_down(one), by=one) for one in members),
        *(Step(f"declared-{one}", _declare(one), by=one) for one in members),
        *_HEARING,
    )
