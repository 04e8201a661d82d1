"""How a reported event comes to stand, and what a correction takes back."""

from datetime import UTC, datetime, timedelta

import pytest

from alteram.core.acts import CorrectionMade, FactAgreed, FactDenied, FactFound, MeetingClosed
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.matters import AnyEvent, Standing, StreamFacts, build_live_event, build_reported_event, fold_events

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
RESPONDENT, COMPLAINANT, FINDER = PersonId("respondent"), PersonId("complainant"), PersonId("chair")
PROTECTED = frozenset({RESPONDENT})
YES = FactFound(event=0, happened=True, reasons="It did.")
NO = FactFound(event=0, happened=False, reasons="It did not.")
AGREED, DENIED = FactAgreed(event=0), FactDenied(event=0)


def correction(entry: int) -> CorrectionMade:
    return CorrectionMade(entry=entry, reasons="A mistake.")


def told(*acts: tuple[Act, PersonId]) -> AnyEvent | None:
    """Return how an event reported by the complainant stands after live acts, the first of them entry 1."""
    first = build_reported_event(
        MeetingClosed(meeting="h1"), Reported(), seq=0, actor=COMPLAINANT, at=AT, as_stated=False
    )
    live = [build_live_event(act, seq=seq, actor=actor, at=AT) for seq, (act, actor) in enumerate(acts, 1)]
    return fold_events(StreamFacts.empty(StreamId("m1")), [first, *live]).find(0)


@pytest.mark.parametrize(
    ("acts", "standing", "supports"),
    [
        ((), "asserted", False),
        (((AGREED, COMPLAINANT),), "agreed", False),
        (((AGREED, RESPONDENT),), "agreed", True),
        (((DENIED, RESPONDENT),), "denied", False),
        (((AGREED, RESPONDENT), (DENIED, COMPLAINANT)), "denied", True),
        (((AGREED, RESPONDENT), (DENIED, RESPONDENT)), "denied", False),
        (((DENIED, RESPONDENT), (AGREED, RESPONDENT)), "agreed", True),
        (((DENIED, RESPONDENT), (YES, FINDER)), "found", True),
        (((YES, FINDER), (correction(1), FINDER)), "asserted", False),
        (((YES, FINDER), (YES, FINDER), (correction(1), FINDER)), "found", True),
        (((AGREED, RESPONDENT), (correction(1), RESPONDENT)), "asserted", False),
        (((AGREED, RESPONDENT), (AGREED, RESPONDENT), (correction(1), RESPONDENT)), "agreed", True),
        (((DENIED, RESPONDENT), (correction(1), RESPONDENT)), "denied", False),
        (((NO, FINDER), (correction(1), FINDER)), "asserted", False),
        (((NO, FINDER), (correction(1), FINDER), (YES, FINDER)), "found", True),
        (((AGREED, RESPONDENT), (correction(0), COMPLAINANT)), "agreed", False),
    ],
)
def test_event_stands_as_the_later_acts_say(
    acts: tuple[tuple[Act, PersonId], ...], standing: Standing, supports: bool
) -> None:
    event = told(*acts)
    assert event is not None
    assert (event.standing, event.supports(PROTECTED)) == (standing, supports)


@pytest.mark.parametrize(
    "acts",
    [
        ((NO, FINDER),),
        ((NO, FINDER), (YES, FINDER)),
        ((YES, FINDER), (NO, FINDER)),
        ((NO, FINDER), (AGREED, RESPONDENT)),
        ((NO, FINDER), (NO, FINDER), (correction(1), FINDER)),
    ],
)
def test_event_found_not_to_have_happened_is_gone(acts: tuple[tuple[Act, PersonId], ...]) -> None:
    assert told(*acts) is None


def test_event_that_comes_back_stands_in_its_old_place() -> None:
    events = [
        build_reported_event(MeetingClosed(meeting=f"h{seq}"), Reported(), seq=seq, actor=None, at=AT, as_stated=True)
        for seq in range(3)
    ]
    acts = (FactFound(event=1, happened=False, reasons="No."), correction(3))
    live = [build_live_event(act, seq=seq, actor=FINDER, at=AT) for seq, act in enumerate(acts, 3)]
    after = fold_events(StreamFacts.empty(StreamId("m1")), [*events, *live])
    assert [one.seq for one in after.all(MeetingClosed)] == [0, 1, 2]
    assert not after.gone


def test_what_was_done_here_cannot_be_found_away() -> None:
    done = build_live_event(MeetingClosed(meeting="h1"), seq=0, actor=FINDER, at=AT)
    after = fold_events(StreamFacts.empty(StreamId("m1")), [done, build_live_event(NO, seq=1, actor=FINDER, at=AT)])
    assert after.find(0) == done


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (AT - HOUR, AT - HOUR, (AT - HOUR, AT - HOUR)),
        (AT - HOUR, None, (AT - HOUR, None)),
        (AT, AT, (AT, AT)),
        (AT - HOUR, AT + HOUR, (AT - HOUR, AT)),
        (AT + HOUR, AT + HOUR, (None, AT)),
        (AT + HOUR, None, (None, None)),
        (None, AT + HOUR, (None, AT)),
    ],
)
def test_nothing_was_reported_before_it_happened(
    first: datetime | None, last: datetime | None, expected: tuple[datetime | None, datetime | None]
) -> None:
    reported = Reported(first=first, last=last)
    event = build_reported_event(AGREED, reported, seq=0, actor=None, at=AT, as_stated=True)
    assert (event.when.first, event.when.last) == expected


@pytest.mark.parametrize("as_stated", [True, False])
def test_agreement_counts_as_stated_only_in_a_history(as_stated: bool) -> None:
    reported = Reported(agreed_by=(RESPONDENT, COMPLAINANT), absent=("notice",), absent_agreed_by=(RESPONDENT,))
    event = build_reported_event(AGREED, reported, seq=0, actor=COMPLAINANT, at=AT, as_stated=as_stated)
    assert event.agreed_by == ((RESPONDENT, COMPLAINANT) if as_stated else (COMPLAINANT,))
    assert event.absent_agreed_by == ((RESPONDENT,) if as_stated else ())
    assert event.asserted_by == (COMPLAINANT,)
    assert event.supports(PROTECTED) is as_stated
