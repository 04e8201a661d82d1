"""The body deliberates, votes and decides; a sanction is imposed, put in writing and served."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from alteram.core.acts import (
    AdverseActReasoned,
    AttendanceChanged,
    DecisionDrafted,
    DecisionMade,
    DecisionServed,
    ExhibitLodged,
    InstrumentIssued,
    MeetingClosed,
    MinuteDisclosed,
    MinuteMade,
    MotionPut,
    SanctionImposed,
    ThirdPartiesConsidered,
    VoteTaken,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.rules.proving.course.desk import (
    BOTH,
    CHARGE,
    HEARING,
    TEXT,
    Desk,
    Drafting,
    Drafts,
    Step,
    build_confirming,
    build_risk,
    build_telling,
    each,
)
from alteram.core.rules.rulebook import Base


def _leave(desk: Desk) -> Drafts:
    gone = tuple(dict.fromkeys((*desk.sides, desk.who("companion"))))
    yield AttendanceChanged(meeting=HEARING, left=gone, at_item="before-deliberation")


def _put(name: str, kind: str) -> Drafting:
    def draft(desk: Desk) -> Drafts:
        if kind == "finding":
            yield MotionPut(meeting=HEARING, motion=name, kind="finding", allegation=CHARGE, base="eligible")
        elif desk.sanction is not None:
            yield MotionPut(meeting=HEARING, motion=name, kind="sanction", allegation=CHARGE, sanction=desk.sanction.id)

    return draft


def _vote(name: str) -> Drafting:
    """Draft a vote that all the eligible cast for the motion, counted of each base in turn."""

    def draft(desk: Desk) -> Drafts:
        eligible, voting = len(desk.eligible), len(desk.voting)
        bases: dict[Base, int] = {"eligible": eligible, "members": len(desk.sitting), "cast": voting, "present": voting}
        for base, count in bases.items():
            yield VoteTaken(
                motion=name,
                votes_for=voting,
                votes_against=0,
                recused=len(desk.sitting) - eligible,
                base=base,
                base_count=count,
                secret=True,
                voters=desk.voting,
            )

    return draft


def _decide(desk: Desk) -> Drafts:
    if desk.body is None:
        return
    motions = tuple(one.act.motion for one in desk.facts.matter.all(MotionPut))
    # It rests on all that was lodged, where the rulebook lets it, so that what came in late or wrongly is relied on.
    lodged = tuple(dict.fromkeys(one.act.exhibit for one in desk.facts.matter.all(ExhibitLodged)))
    for exhibits in dict.fromkeys((lodged, lodged[:1])):
        yield DecisionMade(
            kind="outcome",
            body=desk.body.id,
            deciders=desk.voting,
            meeting=HEARING,
            proved=(CHARGE,),
            exhibits=exhibits,
            motions=motions,
            no_comparators=True,
            states_appeal=True,
            considers_third_parties=True,
            reasons=TEXT,
        )


_DELIBERATION: Final = (
    Step("sides-left", _leave),
    Step("others-considered", lambda _: (ThirdPartiesConsidered(text=TEXT),)),
    Step("guilt-put", _put("guilt", "finding")),
    Step("guilt-voted", _vote("guilt")),
    Step("penalty-put", _put("penalty", "sanction")),
    Step("penalty-voted", _vote("penalty")),
    Step("decision-drafted", lambda _: (DecisionDrafted(text=TEXT),)),
    Step("risk-at-outcome", build_risk("outcome")),
    Step("decided", _decide),
)


def _reason(desk: Desk) -> Drafts:
    yield AdverseActReasoned(person=desk.who("respondent"), signed_off_by=desk.cast.independent, reasons=TEXT)


def _find_term(desk: Desk) -> Iterator[datetime | None]:
    if desk.sanction is None or not desk.sanction.needs_term:
        yield None
        return
    for days in (365, 180, 90, 28):
        yield desk.now + timedelta(days=days)


def _impose(desk: Desk) -> Drafts:
    decision = desk.last(DecisionMade)
    if desk.sanction is None or decision is None:
        return
    for until in _find_term(desk):
        yield SanctionImposed(
            person=desk.who("respondent"),
            sanction=desk.sanction.id,
            body=desk.sanction.by,
            decision=decision,
            motion="penalty",
            until=until,
        )


def _issue(desk: Desk) -> Drafts:
    imposed = desk.facts.matter.all(SanctionImposed)
    if not imposed or desk.sanction is None:
        return
    until = imposed[-1].act.until
    yield InstrumentIssued(
        sanction=imposed[-1].seq,
        person=desk.who("respondent"),
        clause=desk.rulebook.breaches[0].clause if desk.rulebook.breaches else "1",
        expires_on=None if until is None else desk.rulebook.calendar.local_day(until),
        states_appeal=True,
        trigger=TEXT,
        conduct=TEXT,
    )


def _serve_decision(desk: Desk, person: PersonId) -> Drafts:
    decision = desk.last(DecisionMade)
    if decision is not None:
        yield DecisionServed(decision=decision, to=person, states_appeal=True)


_SANCTION: Final = (
    Step("reasons-of-its-own", _reason),
    Step("imposed", _impose),
    Step("instrument-issued", _issue),
    Step("instrument-delivered", build_confirming(InstrumentIssued, "respondent")),
)
_MINUTE: Final = (
    Step("informed-of-outcome", build_telling("outcome")),
    Step("minuted", lambda _: (MinuteMade(meeting=HEARING, text=TEXT),)),
    Step("minute-disclosed", lambda desk: (MinuteDisclosed(meeting=HEARING, to=desk.who("respondent")),)),
    Step("meeting-closed", lambda _: (MeetingClosed(meeting=HEARING),)),
)


def build_outcome() -> tuple[Step, ...]:
    """Return the steps from the deliberation to the minute."""
    return (
        *_DELIBERATION,
        *_SANCTION,
        *(each("decision-served", _serve_decision, part) for part in BOTH),
        *_MINUTE,
    )
