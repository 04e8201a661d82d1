"""The adversary's moves: what goes wrong in real disputes, and every way of saying or doing less than the course does.

The moves that add something were written from real disputes (design: things that go wrong in real life); those that
take away or change follow from the acts themselves.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, Literal

import msgspec

from alteram.core.acts import (
    Act,
    Allegation,
    AllegationsAmended,
    AllegationsStated,
    AttendanceChanged,
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
    MeetingAlleged,
    MeetingRegistered,
    MotionPut,
    OutcomePredicted,
    PartyJoined,
    ProceedingsPaused,
    ReportWithdrawn,
    RightWaived,
    StatementPublished,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.rules.proving.course import CHARGE, HEARING
from alteram.core.rules.proving.deviating import (
    Alter,
    By,
    Delay,
    Deviation,
    Insert,
    Move,
    Omit,
    OmitAll,
    find_alterations,
)
from alteram.core.rules.proving.exploring import Base
from alteram.core.rules.proving.playing import Played
from alteram.core.rules.proving.strictness import AT_MOST
from alteram.core.rules.requirements import get_requirement
from alteram.core.rules.rulebook import Demand

#: Steps that belong after the respondent's case is closed, and the earlier ones they may be taken before.
_DELIBERATING: Final = (
    "others-considered", "guilt-put", "guilt-voted", "penalty-put", "penalty-voted", "decision-drafted", "decided",
    "imposed", "report-final", "found", "opened", "meeting-called", "sides-left",
)  # fmt: skip
_LATE: Final = ("report-final", "opened", "guilt-put", "decided", "imposed")
_EARLIER: Final = ("respondent-closed", "respondent-heard", "opened", "answered", "notified", "accepted")
#: Steps before which something more is done: early, while the case is open, and at the last moment.
_PLACES: Final = ("notified", "meeting-called", "opened", "guilt-voted", "decided")


def find_deviations(base: Base) -> Iterator[Deviation]:
    """Yield every single deviation from a matter that keeps to the course."""
    taken = [step.name for step in base.course if base.find_act(step.name) is not None]
    people = find_people(base)
    for name in taken:
        yield Omit(name)
        act = base.find_act(name)
        if act is not None:
            yield from find_alterations(name, act, people)
    yield from _find_moves(taken)
    yield from find_insertions(base)


def find_bearing(base: Base, demand: Demand) -> Iterator[Deviation]:
    """Yield the deviations that bear on a demand: they change an act that it reads, or when one is done.

    Beside single steps, all that tell it of one thing are left out together: by kind of act, and by person.
    """
    reads = get_requirement(demand.kind).reads
    steps = {one.step: one for one in base.play.played if type(one.event.act) in reads}
    waited = {one.step for one, next_one in pairwise(base.play.played) if _is_apart(one, next_one)}
    for deviation in find_deviations(base):
        if _find_kind(base, deviation) in reads or (isinstance(deviation, Omit) and deviation.step in waited):
            yield deviation
    yield from _find_groups(steps)
    yield from _postpone(base, steps)
    yield from _find_old_conduct(base, demand)
    for period in find_beyond(demand):
        yield from (Delay(name, period) for name in _find_last(base, reads))


def _is_apart(one: Played, next_one: Played) -> bool:
    """Return whether time was waited for between two acts: without the first the later ones may come sooner."""
    return next_one.event.recorded_at - one.event.recorded_at > timedelta(days=1)


def _find_kind(base: Base, deviation: Deviation) -> type[Act] | None:
    match deviation:
        case Insert(act=act):
            return type(act)
        case OmitAll():
            return None
        case Omit(step=step) | Alter(step=step) | By(step=step) | Move(step=step) | Delay(step=step):
            found = base.find_act(step)
            return None if found is None else type(found)


def _find_groups(steps: dict[str, Played]) -> Iterator[OmitAll]:
    groups: dict[object, list[str]] = {}
    for name, one in steps.items():
        groups.setdefault(type(one.event.act), []).append(name)
        for person in {one.event.actor, getattr(one.event.act, "person", None), getattr(one.event.act, "to", None)}:
            if person is not None:
                groups.setdefault(person, []).append(name)
    yield from (OmitAll(tuple(names)) for names in groups.values() if len(names) > 1)


def _postpone(base: Base, steps: dict[str, Played]) -> Iterator[Move]:
    """Yield each step that a demand reads, taken late: at the last moment before each step that it should help."""
    order = {step.name: number for number, step in enumerate(base.course)}
    for name in steps:
        yield from (Move(name, late) for late in _LATE if late in order and order[name] + 1 < order[late])


def _find_old_conduct(base: Base, demand: Demand) -> Iterator[Alter]:
    """Yield the charge with conduct from before the rules, and from just beyond each period of the demand."""
    stated = base.find_act("alleged")
    if not isinstance(stated, AllegationsStated) or not stated.allegations:
        return
    begun = base.setting.rulebook.calendar.local_day(base.marks[0].now)
    for back in (timedelta(days=400), *find_beyond(demand)):
        day = begun - back
        charge = msgspec.structs.replace(stated.allegations[0], first_on=day, last_on=day)
        yield Alter("alleged", "allegations", (charge,))
        yield Alter("reported", "last_on", day)


def find_beyond(demand: Demand) -> tuple[timedelta, ...]:
    """Return lengths of time just beyond each period that a demand names."""
    found: list[timedelta] = []
    for name, raw in demand.parameters.items():
        value = msgspec.json.decode(raw)
        if name in AT_MOST and isinstance(value, dict):
            found += [timedelta(days=round(count * _DAYS_OF[unit]) + 4) for unit, count in value.items()]
    return tuple(found)


#: How long each unit of a period is at most, in days.
_DAYS_OF: Final = {
    "hours": 1 / 24, "days": 1, "clear_days": 1, "working_days": 1.6, "weeks": 7, "months": 31, "years": 366,
}  # fmt: skip


def _find_last(base: Base, reads: frozenset[type[Act]]) -> Iterator[str]:
    """Yield the steps of each kind of act that a demand reads, the first of a kind only."""
    seen: set[type[Act]] = set()
    for one in base.play.played:
        kind = type(one.event.act)
        if kind in reads and kind not in seen:
            seen.add(kind)
            yield one.step


def find_people(base: Base) -> tuple[PersonId, ...]:
    """Return one person for each way in which somebody may be the wrong one to act."""
    cast = base.setting.cast
    parts = ("respondent", "complainant", "witness", "companion", "case-manager", "investigator")
    return tuple(dict.fromkeys(cast.find(part) for part in parts))


def find_changes_of_hand(base: Base) -> Iterator[By]:
    """Yield each step taken by one of the sides instead."""
    sides = (base.setting.cast.find("respondent"), base.setting.cast.find("complainant"))
    for step in base.course:
        done = next((one.event.actor for one in base.play.played if one.step == step.name), None)
        yield from (By(step.name, person) for person in sides if done is not None and person != done)


def _find_moves(taken: list[str]) -> Iterator[Move]:
    order = {name: number for number, name in enumerate(taken)}
    for name in _DELIBERATING:
        for before in _EARLIER:
            if name in order and before in order and order[before] < order[name]:
                yield Move(name, before)


def find_insertions(base: Base) -> Iterator[Insert]:
    """Yield each thing more that may be done, at each place."""
    taken = {step.name for step in base.course if base.find_act(step.name) is not None}
    for name, by, act in _find_wrongs(base):
        for place in _PLACES:
            if place in taken:
                yield Insert(f"{name}-before-{place}", act, by, place)


def _find_wrongs(base: Base) -> Iterator[tuple[str, PersonId, Act]]:
    """Yield what happens in real disputes, and who does it."""
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
