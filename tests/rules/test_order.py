"""What came first: acts of one stream stand in its order, also within a second; elsewhere the times decide."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alteram.core.acts import MeetingClosed
from alteram.core.acts.reported import Reported
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import AnyEvent, build_live_event, build_reported_event

_AT = datetime(2025, 8, 11, 8, 0, tzinfo=UTC)
_LATE = _AT + timedelta(days=300)
_ACT = MeetingClosed(meeting="a")


def _live(seq: int, at: datetime) -> AnyEvent:
    return build_live_event(_ACT, seq=seq, actor=PersonId("m09"), at=at)


def _reported(seq: int, first: datetime | None, last: datetime | None) -> AnyEvent:
    reported = Reported(first=first, last=last)
    return build_reported_event(_ACT, reported, seq=seq, actor=PersonId("m09"), at=_LATE, as_stated=True)


def test_live_acts_of_one_second_stand_in_the_order_of_their_stream() -> None:
    first, second = _live(4, _AT), _live(5, _AT)
    assert first.before(second) is True
    assert second.before(first) is False


def test_an_act_does_not_come_before_itself() -> None:
    assert _live(4, _AT).before(_live(4, _AT)) is False


def test_an_event_reported_later_may_have_come_first() -> None:
    told_late = _reported(9, _AT, _AT)
    assert told_late.before(_live(1, _AT + timedelta(days=1))) is True


def test_two_events_of_the_same_day_have_no_known_order() -> None:
    day = (_AT, _AT + timedelta(hours=23))
    assert _reported(1, *day).before(_reported(2, *day)) is None


def test_an_event_of_unknown_time_has_no_known_order() -> None:
    assert _reported(1, None, None).before(_live(2, _AT)) is None


@given(*[st.integers(0, 48)] * 4)
def test_known_order_agrees_with_every_moment_the_two_can_have_been_at(a: int, b: int, c: int, d: int) -> None:
    spans = [sorted((a, b)), sorted((c, d))]
    one, other = (_reported(seq, *(_AT + timedelta(hours=hour) for hour in span)) for seq, span in enumerate(spans))
    orders = {x < y for x in range(spans[0][0], spans[0][1] + 1) for y in range(spans[1][0], spans[1][1] + 1)}
    assert one.before(other) is (orders.pop() if len(orders) == 1 else None)
