"""What goes wrong in real disputes, as acts that somebody does beside the course (design: first-class real life).

Each is as complete as it can be, so that a rulebook that stops it does so for its own reasons.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from alteram.core.acts import (
    Act,
    Allegation,
    AllegationsAmended,
    AttendanceChanged,
    BallotDemanded,
    BiasChallenged,
    CapacityLost,
    CompanionUnavailable,
    ConsentRecorded,
    ContactPersonNamed,
    ContactReported,
    DecisionMade,
    ExhibitChallenged,
    ExhibitLodged,
    InterestDeclared,
    InterimMeasureImposed,
    MatterReopened,
    MediationOffered,
    MeetingAlleged,
    MeetingCalled,
    MeetingRegistered,
    MotionPut,
    OutcomePredicted,
    OutcomePublished,
    PartyJoined,
    ProceedingsPaused,
    ReportWithdrawn,
    RightWaived,
    SanctionLifted,
    StatementPublished,
    StatementTaken,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.rules.proving.course import CHARGE, HEARING
from alteram.core.rules.proving.exploring import Base


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing more that is done: its name, by whom, the act, and the steps before which it may be."""

    name: str
    by: PersonId
    act: Act
    places: tuple[str, ...] = ("notified", "meeting-called", "opened", "guilt-voted", "decided")


def find_wrongs(base: Base) -> Iterator[Wrong]:
    """Yield what happens in real disputes."""
    yield from (Wrong(*one) for one in _find_early(base))
    yield from _find_special(base)


def _find_early(base: Base) -> Iterator[tuple[str, PersonId, Act]]:
    cast = base.setting.cast
    respondent, complainant = cast.find("respondent"), cast.find("complainant")
    deciders = _find_deciders(base)
    one = deciders[0] if deciders else complainant
    gathered = deciders or (complainant,)
    held_at = base.marks[0].now - timedelta(hours=1)
    yield "met-without-the-respondent", one, MeetingRegistered(meeting="supper", held_at=held_at, attended=gathered)
    yield "meeting-alleged", respondent, MeetingAlleged(meeting="supper", attended=gathered, text="text")
    yield "outcome-predicted", respondent, OutcomePredicted(person=one, by_decider=True, text="text")
    yield "outcome-announced", one, StatementPublished(person=one, announces_outcome=True, text="text")
    yield "respondent-named", one, StatementPublished(person=one, names_respondent=True, text="text")
    yield "decider-lobbied", respondent, ContactReported(decider=one, by=complainant, text="text")
    yield "decider-challenged", respondent, BiasChallenged(person=one, grounds="text")
    yield "tie-declared", one, InterestDeclared(nature="family", text="text")
    yield "witness-joined", cast.find("case-manager"), PartyJoined(person=one, role="witness")
    yield "late-exhibit", cast.find("investigator"), _lodge("late")
    yield "recording", complainant, _lodge("call", kind="recording", speakers=(respondent,))
    yield "in-confidence", complainant, _lodge("confided", in_confidence=True)
    yield "from-mediation", complainant, _lodge("offer", from_mediation=True)
    yield "excerpt", complainant, _lodge("part", kind="recording", part_of="whole")
    yield "exhibit-challenged", respondent, ExhibitChallenged(exhibit="exhibit-1", ground="authenticity", text="text")
    yield "consent-refused", respondent, ConsentRecorded(exhibit="exhibit-1", speaker=respondent, state="refused")
    yield "charge-changed", cast.find("case-manager"), _amend(base)
    yield "companion-kept-away", respondent, CompanionUnavailable(meeting=HEARING, alternative_at=_in(base, 60))
    yield "capacity-lost", respondent, CapacityLost(person=respondent)
    yield (
        "contact-by-investigator",
        cast.find("case-manager"),
        ContactPersonNamed(person=cast.find("investigator"), for_person=respondent),
    )
    yield "outsider-came", one, AttendanceChanged(meeting=HEARING, came=(PersonId("stranger"),))
    yield "hearing-waived-unaware", respondent, RightWaived(right="hearing", informed=False)
    yield "report-withdrawn", complainant, ReportWithdrawn(report=0)
    yield "sanction-tabled", one, MotionPut(meeting=HEARING, motion="tabled", kind="sanction", allegation=CHARGE)
    yield "decided-beforehand", one, DecisionMade(kind="preliminary", deciders=gathered, reasons="text")
    yield "long-pause", cast.find("case-manager"), ProceedingsPaused(why="other", until=_in(base, 300))
    measure = InterimMeasureImposed(person=respondent, measure="suspension", particulars="text", reasons="text")
    review_by = base.marks[-1].now + timedelta(days=14)
    penalty = msgspec.structs.replace(measure, nature="penalty", until=_in(base, 21), review_by=review_by)
    yield "measure-as-penalty", one, penalty
    yield "measure-without-end", one, measure


def _find_special(base: Base) -> Iterator[Wrong]:
    """Yield what goes wrong at one place of a matter only."""
    cast = base.setting.cast
    respondent, complainant = cast.find("respondent"), cast.find("complainant")
    deciders = _find_deciders(base)
    chair = deciders[0] if deciders else complainant
    member = deciders[-1] if deciders else complainant
    manager = cast.find("case-manager")
    called = base.find_act("meeting-called")
    if isinstance(called, MeetingCalled):
        soon = CompanionUnavailable(meeting=HEARING, alternative_at=called.at + timedelta(days=3))
        yield Wrong("companion-soon-back", respondent, soon, ("opened",))
    yield Wrong("ballot-demanded", member, BallotDemanded(motion="penalty"), ("penalty-voted",))
    yield Wrong("mediation-meanwhile", chair, MediationOffered(to=(respondent, complainant)), ("notified", "opened"))
    taken = StatementTaken(person=complainant, oral=True, text="text")
    yield Wrong("oral-statement", cast.find("investigator"), taken, ("report-final",))
    yield Wrong("reopened", manager, MatterReopened(ground="new-evidence", reasons="text"), ("",))
    for decision in _find_seq(base, "decided"):
        named = OutcomePublished(decision=decision, names="respondent", text="text")
        yield Wrong("respondent-published", chair, named, ("informed-of-appeal", ""))
    for sanction in _find_seq(base, "imposed"):
        yield Wrong("sanction-lifted", chair, SanctionLifted(sanction=sanction, reasons="text"), ("minuted",))


def _find_seq(base: Base, step: str) -> Iterator[int]:
    yield from (one.event.seq for one in base.play.played if one.step == step)


def _find_deciders(base: Base) -> tuple[PersonId, ...]:
    body = base.setting.rulebook.find_body(base.setting.procedure.decided_by)
    chair = base.setting.cast.people.get(body.chair) if body is not None and body.chair else None
    voted = (one.event.act for one in base.play.played if one.step == "decided")
    deciders = next((act.deciders for act in voted if isinstance(act, DecisionMade)), ())
    return tuple(dict.fromkeys((*(() if chair not in deciders or chair is None else (chair,)), *deciders)))


def _lodge(
    name: str,
    *,
    kind: Literal["document", "recording"] = "document",
    speakers: tuple[PersonId, ...] = (),
    part_of: str | None = None,
    in_confidence: bool = False,
    from_mediation: bool = False,
) -> ExhibitLodged:
    return ExhibitLodged(
        exhibit=name,
        kind=kind,
        obtained="given",
        speakers=speakers,
        part_of=part_of,
        in_confidence=in_confidence,
        from_mediation=from_mediation,
        title="text",
    )


def _amend(base: Base) -> AllegationsAmended:
    breaches = base.setting.rulebook.breaches
    breach = breaches[-1].id if breaches else "none"
    on = base.setting.rulebook.calendar.local_day(base.marks[0].now - timedelta(days=3))
    charge = Allegation(id="charge-2", breach=breach, first_on=on, last_on=on)
    return AllegationsAmended(allegations=(charge,), particulars=("text",))


def _in(base: Base, days: int) -> datetime:
    return base.marks[-1].now + timedelta(days=days)
