"""Bad faith with time: measures renewed without end, clocks that never run again, time given to one for another.

Who is who, see test_attacks.
"""

from datetime import datetime, timedelta

from alteram.core.acts import (
    AdverseActReasoned,
    CapacityLost,
    DefaultNoted,
    ExtensionGranted,
    InterimMeasureImposed,
    InterimMeasureLifted,
    ProceedingsPaused,
    ProceedingsResumed,
    ProxyNamed,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused, Ruling
from alteram.core.matters import build_live_event
from alteram.core.rules.stages import Clock, find_clock
from tests.rules.lawful import RULEBOOK, Play, after, before


def person(name: str) -> PersonId:
    return PersonId(name)


def refused(ruling: Ruling) -> Refused:
    assert isinstance(ruling, Refused), ruling
    return ruling


# Measures meanwhile


def impose(play: Play, *, days: int, on: str = "m05") -> Ruling:
    # Both reported something: whatever is done against them has reasons of its own.
    play.propose("m12", AdverseActReasoned(person=person(on), signed_off_by=person("x05"), reasons="t"))
    measure = InterimMeasureImposed(
        person=person(on),
        measure="restriction",
        until=play.now + timedelta(days=days),
        review_by=play.now + timedelta(days=min(days, 14)),
        keeps=("be-notified", "attend", "see-evidence", "speak", "be-represented", "appeal"),
        particulars="t",
        reasons="t",
    )
    return play.propose("m09", measure)


def test_measure_meanwhile_is_not_renewed_without_end() -> None:
    play = before("notice.served")  # 11 August: three months end with 11 November
    assert impose(play, days=60)
    play.pass_time(days=60)
    ruling = refused(impose(play, days=60))
    assert ruling.code == "requirement.interim-measure"
    assert any("earlier measures held for 60 days" in line for line in ruling.working)
    assert impose(play, days=32)
    play.pass_time(days=32)
    assert refused(impose(play, days=2)).code == "requirement.interim-measure"


def test_measure_lifted_early_leaves_the_rest_of_the_time() -> None:
    play = before("notice.served")
    assert impose(play, days=60)
    play.pass_time(days=10)
    assert play.propose("m09", InterimMeasureLifted(measure=play.seq("interim-measure.imposed")))
    play.pass_time(days=30)
    assert impose(play, days=80)


def test_measure_on_one_takes_no_time_from_another() -> None:
    play = before("notice.served")
    assert impose(play, days=60)
    play.pass_time(days=60)
    assert impose(play, days=60, on="m03")


# Pauses and clocks


def clock(play: Play) -> Clock:
    found = find_clock(play.facts, RULEBOOK)
    assert found is not None
    return found


def pause(play: Play, *, days: int) -> None:
    assert play.propose("m12", ProceedingsPaused(why="other", until=play.now + timedelta(days=days)))


def test_clock_runs_again_when_a_pause_ends_by_itself() -> None:
    play = after("notice.served")
    first = clock(play)
    pause(play, days=14)
    assert clock(play).due_at == first.due_at + timedelta(days=14)
    assert not clock(play).overdue(first.due_at + timedelta(days=14))
    assert clock(play).overdue(first.due_at + timedelta(days=14, seconds=1))
    assert clock(play).working[:-1] == first.working
    assert "14 days, 0:00:00 is added" in clock(play).working[-1]


def test_clock_counts_a_pause_only_until_the_proceedings_were_resumed() -> None:
    play = after("notice.served")
    first = clock(play)
    pause(play, days=14)
    play.pass_time(days=3)
    assert play.propose("m12", ProceedingsResumed(pause=play.seq("proceedings.paused")))
    assert clock(play).due_at == first.due_at + timedelta(days=3)


def test_resuming_after_a_pause_ended_by_itself_adds_nothing() -> None:
    play = after("notice.served")
    first = clock(play)
    pause(play, days=14)
    play.pass_time(days=20)
    assert play.propose("m12", ProceedingsResumed(pause=play.seq("proceedings.paused")))
    assert clock(play).due_at == first.due_at + timedelta(days=14)


def test_two_pauses_that_overlap_count_once() -> None:
    play = after("notice.served")
    first = clock(play)
    pause(play, days=14)
    play.pass_time(days=10)
    pause(play, days=10)
    assert clock(play).due_at == first.due_at + timedelta(days=20)
    pause(play, days=1)
    assert clock(play).due_at == first.due_at + timedelta(days=20)


def test_pause_after_the_stage_is_overdue_does_not_excuse_it() -> None:
    play = after("notice.served")
    first = clock(play)
    play.now = first.due_at + timedelta(seconds=1)
    pause(play, days=14)
    assert clock(play).due_at == first.due_at


def test_pause_in_the_last_second_of_the_stage_counts() -> None:
    play = after("notice.served")
    first = clock(play)
    play.now = first.due_at
    pause(play, days=14)
    assert clock(play).due_at == first.due_at + timedelta(days=14)


def test_pause_before_the_stage_began_counts_only_from_then() -> None:
    play = before("notice.served")
    pause(play, days=14)
    play.pass_time(days=4)
    (served,) = [one.act for one in after("notice.served").facts.matter.every()][-1:]
    assert play.propose("m12", served)
    assert clock(play).began_at == play.now
    assert "10 days, 0:00:00 is added" in clock(play).working[-1]


def test_pause_without_an_end_stops_the_clock() -> None:
    play = after("notice.served")
    event = build_live_event(
        ProceedingsPaused(why="other"), seq=play.facts.matter.head_seq + 1, actor=person("m12"), at=play.now
    )
    play.facts = play.facts.with_event(event)
    assert find_clock(play.facts, RULEBOOK) is None
    play.pass_time(days=5)
    assert play.propose("m12", ProceedingsResumed(pause=event.seq))
    assert "5 days, 0:00:00 is added" in clock(play).working[-1]


# Default


def default(play: Play) -> Ruling:
    served = play.seq("service.confirmed")
    return play.propose("m12", DefaultNoted(person=person("m05"), step="response", service=served))


def over(play: Play) -> datetime:
    """Return when the time that the respondent was given is over, as the refusal says."""
    earliest = refused(default(play)).earliest
    assert earliest is not None
    return earliest


def test_default_waits_for_the_time_that_was_granted() -> None:
    play = after("service.confirmed")
    until = over(play) + timedelta(days=7)
    assert play.propose("m12", ExtensionGranted(until=until, person=person("m05")))
    play.now = until - timedelta(seconds=1)
    assert refused(default(play)).code == "default.too-early"
    play.now = until
    assert default(play)


def test_time_granted_to_another_gives_nobody_else_more() -> None:
    play = after("service.confirmed")
    due = over(play)
    assert play.propose("m12", ExtensionGranted(until=due + timedelta(days=7), person=person("m03")))
    play.now = due
    assert default(play)


def test_time_granted_to_nobody_in_particular_is_granted_to_everybody() -> None:
    play = after("service.confirmed")
    until = over(play) + timedelta(days=7)
    assert play.propose("m12", ExtensionGranted(until=until))
    assert over(play) == until


def test_nobody_is_in_default_who_cannot_take_part_and_has_nobody_to_speak_for_them() -> None:
    play = after("service.confirmed")
    due = over(play)
    assert play.propose("m12", CapacityLost(person=person("m05")))
    play.now = due + timedelta(days=3)
    ruling = refused(default(play))
    assert (ruling.code, ruling.missing) == ("default.incapable", ("proxy.named",))
    assert play.propose("m12", ProxyNamed(person=person("x07"), for_person=person("m05")))
    lost = play.now - after("service.confirmed").now
    assert refused(default(play)).code == "default.too-early"
    assert over(play) == due + lost
    play.now = due + lost
    assert default(play)


def test_loss_of_capacity_stops_the_clock_until_its_own_end() -> None:
    play = after("service.confirmed")
    due = over(play)
    until = play.now + timedelta(days=5)
    assert play.propose("m12", CapacityLost(person=person("m05"), until=until))
    assert over(play) == until
    play.now = until
    assert refused(default(play)).code == "default.too-early"
    assert over(play) == due + timedelta(days=5)


def test_loss_of_somebody_else_stops_no_clock() -> None:
    play = after("service.confirmed")
    due = over(play)
    assert play.propose("m12", CapacityLost(person=person("m03")))
    assert over(play) == due


def test_whoever_named_a_proxy_before_is_spoken_for() -> None:
    play = after("service.confirmed")
    due = over(play)
    assert play.propose("m05", ProxyNamed(person=person("x07"), for_person=person("m05")))
    assert play.propose("m05", CapacityLost(person=person("m05")))
    assert over(play) == due


def test_loss_recorded_once_the_time_is_over_moves_no_time() -> None:
    play = after("service.confirmed")
    play.now = over(play) + timedelta(seconds=1)
    assert play.propose("m05", CapacityLost(person=person("m05"), until=play.now + timedelta(days=5)))
    assert refused(default(play)).code == "default.incapable"
    play.pass_time(days=5)
    assert default(play)
