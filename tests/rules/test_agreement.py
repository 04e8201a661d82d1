"""What was ruled and what is assessed agree: acts drawn at random, by anybody, at any time, under the caucus's rules.

The oracle is the definition: an act that was allowed meets every requirement that gates it, seen at it right
afterwards; a refusal names what would remove it. `decide` and `assess` share predicates, so this looks at what lies
between them.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alteram.core.acts import (
    BiasChallenged,
    ContactReported,
    CorrectionMade,
    DepartureAuthorised,
    ExternalOrderRecorded,
    FactDenied,
    InterestDeclared,
    MeetingAlleged,
    OutcomePredicted,
    PersonRecused,
    RightWaived,
    RulingMade,
    StatementPublished,
    get_spec,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Departure, Refused, Ruling
from alteram.core.matters import AnyEvent, Facts, build_live_event
from alteram.core.rules import Finding, assess, decide, examine
from tests.patience import HANGS
from tests.rules.lawful import RULEBOOK, WHOLE, Play, paths, steps

PEOPLE = tuple(map(PersonId, ("m01", "m02", "m03", "m05", "m06", "m09", "m10", "m11", "m12", "x01", "x04", "stranger")))
#: Acts in bad faith or beside the point, thrown among the lawful ones.
DISTURBING: tuple[Act, ...] = (
    InterestDeclared(nature="family"),
    InterestDeclared(nature="none"),
    PersonRecused(person=PersonId("m09"), roles=("decider",)),
    PersonRecused(person=PersonId("m05"), roles=("respondent", "decider")),
    BiasChallenged(person=PersonId("m09"), grounds="t"),
    ContactReported(decider=PersonId("m01"), text="t"),
    OutcomePredicted(person=PersonId("m09"), by_decider=True, text="t"),
    StatementPublished(person=PersonId("m09"), announces_outcome=True),
    MeetingAlleged(meeting="eve", text="t"),
    ExternalOrderRecorded(source="court", acts=("decision.made", "meeting.opened"), text="t"),
    DepartureAuthorised(requirement="time-to-prepare", for_act="meeting.opened", reasons="t"),
    RightWaived(right="hearing"),
    RulingMade(requirement="nothing-settled-before", met=True, reasons="t"),
    CorrectionMade(entry=5, reasons="t"),
    FactDenied(event=5),
)


@cache
def lawful(path: str) -> tuple[AnyEvent, ...]:
    return tuple(event for _, event in steps(paths()[path]))


def findings_at(facts: Facts, event: AnyEvent) -> Iterator[tuple[str, Finding]]:
    for demand in RULEBOOK.find_gating(get_spec(type(event.act)).name):
        yield demand.id, examine(demand, facts, RULEBOOK, event.recorded_at, at=event)


def assert_agrees(facts: Facts, event: AnyEvent, ruling: Ruling) -> None:
    """An act that was allowed meets what gates it; one allowed as a departure fails only where it was let."""
    unmet = [name for name, one in findings_at(facts, event) if one.entries and one.result not in {"PASS", "RULED"}]
    if isinstance(ruling, Departure):
        assert ruling.requirement in unmet
    else:
        assert unmet == [], (get_spec(type(event.act)).name, unmet)


@st.composite
def mutilated(draw: st.DrawFn) -> tuple[list[tuple[PersonId, Act]], list[timedelta]]:
    """Return a lawful path with acts left out, thrown in and done by somebody else, and the time between them."""
    path = draw(st.sampled_from(sorted(paths())))
    dropped = draw(st.sets(st.integers(0, len(lawful(path)) - 1), max_size=6))
    thrown = draw(st.dictionaries(st.integers(0, len(lawful(path))), st.sampled_from(DISTURBING), max_size=6))
    done: list[tuple[PersonId, Act]] = []
    for place, event in enumerate(lawful(path)):
        if place in thrown:
            done.append((draw(st.sampled_from(PEOPLE)), thrown[place]))
        if place not in dropped:
            done.append((event.actor or PEOPLE[0], event.act))
    hurry = draw(st.sampled_from((0.0, 0.5, 1.0, 3.0)))
    starts = [event.recorded_at for event in lawful(path)]
    gaps = [hurry * (later - earlier) for earlier, later in pairwise(starts)]
    return done, gaps


def begin(path: str = WHOLE) -> Play:
    facts, first = next(steps(paths()[path]))
    return Play(facts, first.recorded_at)


@settings(max_examples=60, deadline=None)
@given(mutilated())
def test_whatever_is_allowed_meets_every_requirement_that_gates_it(
    drawn: tuple[list[tuple[PersonId, Act]], list[timedelta]],
) -> None:
    done, gaps = drawn
    play = begin()
    for place, (actor, act) in enumerate(done):
        ruling = play.propose(actor, act)
        if ruling:
            assert_agrees(play.facts, play.facts.matter.every()[-1], ruling)
        play.now += gaps[place % len(gaps)] if gaps else timedelta(hours=1)


def decide_at(facts: Facts, event: AnyEvent, moved: timedelta, *, since: Refused) -> Ruling:
    assert since.earliest is not None
    at = since.earliest + moved
    return decide(facts, RULEBOOK, build_live_event(event.act, seq=event.seq, actor=event.actor, at=at), at)


def reasons(ruling: Ruling) -> set[tuple[str, str]]:
    if not isinstance(ruling, Refused):
        return set()
    return {(one.code, one.requirement) for one in (ruling, *ruling.also)}


#: Acts that a period gates, taken out of their time by leaving out what came last before them.
_TIMED = ("meeting.called", "meeting.opened", "decision.made", "report.finalised", "matter.reopened", "notice.served")


@st.composite
def hurried(draw: st.DrawFn) -> tuple[Facts, AnyEvent]:
    """Return an act that a period gates, on a path played in less time than it takes."""
    events = lawful(WHOLE)
    places = [place for place, one in enumerate(events) if get_spec(type(one.act)).name in _TIMED]
    place = draw(st.sampled_from(places))
    speed = draw(st.sampled_from((0.0, 0.1, 0.3, 0.7)))
    facts = next(steps(paths()[WHOLE]))[0]
    start = events[0].recorded_at
    for event in events[:place]:
        at = start + speed * (event.recorded_at - start)
        facts = facts.with_event(replace(moved(event, at), seq=facts.matter.head_seq + 1))
    at = start + speed * (events[place].recorded_at - start)
    return facts, replace(moved(events[place], at), seq=facts.matter.head_seq + 1)


def moved(event: AnyEvent, at: datetime) -> AnyEvent:
    whole = at.replace(microsecond=0)
    return build_live_event(event.act, seq=event.seq, actor=event.actor, at=whole)


@settings(max_examples=60, deadline=None)
@given(hurried())
def test_waiting_until_the_earliest_time_removes_the_reason_and_a_second_less_does_not(
    drawn: tuple[Facts, AnyEvent],
) -> None:
    facts, event = drawn
    ruling = decide(facts, RULEBOOK, event, event.recorded_at)
    for one in (ruling, *ruling.also) if isinstance(ruling, Refused) else ():
        if one.earliest is None or (one is ruling and ruling.also):
            continue  # The first of several bears the time at which all of them are over.
        name = (one.code, one.requirement)
        assert name not in reasons(decide_at(facts, event, timedelta(0), since=one))
        if one.earliest - timedelta(seconds=1) >= event.recorded_at:
            assert name in reasons(decide_at(facts, event, timedelta(seconds=-1), since=one))


def test_some_of_these_refusals_name_an_earliest_time() -> None:
    """The test above would say nothing if no refusal named a time."""
    facts, event = next((facts, one) for facts, one in steps(paths()[WHOLE]) if _is(one, "meeting.opened"))
    early = moved(event, event.recorded_at - timedelta(days=1))
    ruling = decide(facts, RULEBOOK, early, early.recorded_at)
    assert isinstance(ruling, Refused)
    assert ruling.earliest == event.recorded_at


def _is(event: AnyEvent, act_name: str) -> bool:
    return get_spec(type(event.act)).name == act_name


@pytest.mark.parametrize("path", sorted(paths()))
def test_an_act_that_was_missing_removes_the_reason_that_named_it(path: str) -> None:
    """Leave out one act; whatever is then refused for want of just that act is allowed with it, as on the path."""
    events = lawful(path)
    for left_out in {get_spec(type(one.act)).name for one in events}:
        play = begin(path)
        for event in events:
            if _is(event, left_out):
                continue
            play.now = max(play.now, event.recorded_at)
            ruling = play.propose(event.actor or PEOPLE[0], event.act)
            if isinstance(ruling, Refused) and ruling.missing == (left_out,) and not ruling.also:
                whole = next(facts for facts, one in steps(paths()[path]) if one.seq == event.seq)
                assert decide(whole, RULEBOOK, event, event.recorded_at)
                break


@settings(max_examples=30, deadline=None)
@given(mutilated(), st.integers(0, 2))
def test_deciding_twice_gives_the_same_answer_and_changes_nothing(
    drawn: tuple[list[tuple[PersonId, Act]], list[timedelta]], skip: int
) -> None:
    play = begin()
    for actor, act in drawn[0][skip:40]:
        seen, key = play.facts, hash(play.facts)
        event = build_live_event(act, seq=seen.matter.head_seq + 1, actor=actor, at=play.now)
        first = decide(seen, RULEBOOK, event, play.now)
        assert decide(seen, RULEBOOK, event, play.now) == first
        assert hash(play.facts) == key
        play.propose(actor, act)
    assert assess(play.facts, RULEBOOK, play.now) == assess(play.facts, RULEBOOK, play.now)


_PRINT_ALL = """
from tests.rules.lawful import RULEBOOK, paths, steps
from alteram.core.rules import assess, decide, plan_cures
for name, facts in sorted(paths().items()):
    for before, event in steps(facts):
        print(decide(before, RULEBOOK, event, event.recorded_at))
    assessed = assess(facts, RULEBOOK, facts.matter.last_at)
    planned = plan_cures(facts, RULEBOOK, facts.matter.last_at).plans
    print([one.finding for one in assessed.requirements], [(one.steps, one.incurable) for one in planned])
"""


def test_every_process_gives_the_same_bytes() -> None:
    def run(seed: str, zone: str) -> bytes:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        done = subprocess.run(
            [sys.executable, "-c", _PRINT_ALL], env=environment, capture_output=True, check=True, timeout=HANGS
        )
        return done.stdout

    first = run("1", "UTC")
    assert first.count(b"\n") > len(lawful(WHOLE))
    assert run("2", "Asia/Kolkata") == first


@pytest.mark.parametrize("path", sorted(paths()))
def test_nothing_recorded_later_changes_what_was_ruled_earlier(path: str) -> None:
    """A ruling depends on what came before it, so a record that goes on still shows it as it was.

    How an entry stands may change later (a correction, a denial); those are left out here, for they say so themselves.
    """
    earlier = [decide(facts, RULEBOOK, event, event.recorded_at) for facts, event in steps(paths()[path])]
    end = Play(paths()[path], lawful(path)[-1].recorded_at)
    for act in DISTURBING:
        if not isinstance(act, CorrectionMade | FactDenied):
            end.propose("m06", act)
    again = [
        decide(facts, RULEBOOK, event, event.recorded_at)
        for facts, event in steps(end.facts)
        if event.seq <= lawful(path)[-1].seq
    ]
    assert again == earlier
