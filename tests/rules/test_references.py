"""What an act names must have been given before it, in the same matter."""

from datetime import UTC, datetime

import pytest

from alteram.core.acts import (
    AllegationsAmended,
    AllegationsStated,
    ExhibitLodged,
    ExhibitSeen,
    MeetingAlleged,
    MeetingCalled,
    MeetingClosed,
    MeetingRegistered,
    MotionAmended,
    MotionPut,
)
from alteram.core.acts.charge import Allegation
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.matters import Facts, StreamFacts, build_live_event, fold_events
from alteram.core.rules.references import find_broken_reference

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
MEMBER = PersonId("member")
CHARGE = (Allegation(id="one", breach="conduct"),)
EXHIBIT = ExhibitLodged(exhibit="one", kind="document", obtained="given")
CALLED = MeetingCalled(meeting="one", body="panel", at=AT, agenda=("the charge",), invited=(MEMBER,))
PUT = MotionPut(meeting="one", motion="one", kind="finding")


def refusal(before: tuple[Act, ...], act: Act) -> str | None:
    events = [build_live_event(one, seq=seq, actor=MEMBER, at=AT) for seq, one in enumerate(before)]
    matter = fold_events(StreamFacts.empty(StreamId("m1")), events)
    event = build_live_event(act, seq=len(before), actor=MEMBER, at=AT)
    refused = find_broken_reference(Facts(StreamFacts.empty(ORGANISATION_STREAM), matter), event)
    return None if refused is None else refused.code


GIVEN_AND_USED: list[tuple[tuple[Act, ...], Act]] = [
    ((EXHIBIT,), ExhibitSeen(exhibit="one", person=MEMBER)),
    ((CALLED,), MeetingClosed(meeting="one")),
    ((MeetingRegistered(meeting="one", held_at=AT),), MeetingClosed(meeting="one")),
    ((MeetingAlleged(meeting="one", text="x"),), MeetingClosed(meeting="one")),
    ((CALLED, PUT), MotionAmended(motion="one")),
    (
        (CALLED, AllegationsStated(allegations=CHARGE)),
        MotionPut(meeting="one", motion="m", kind="finding", allegation="one"),
    ),
    (
        (CALLED, AllegationsAmended(allegations=CHARGE)),
        MotionPut(meeting="one", motion="m", kind="finding", allegation="one"),
    ),
]


@pytest.mark.parametrize(
    ("before", "act"), GIVEN_AND_USED, ids=lambda one: type(one[-1] if isinstance(one, tuple) else one).__name__
)
def test_name_given_before_may_be_used_and_without_it_not(before: tuple[Act, ...], act: Act) -> None:
    assert refusal(before, act) is None
    assert refusal(before[:-1], act) == "reference.unknown"


def test_name_of_another_kind_of_thing_does_not_serve() -> None:
    assert (
        refusal((EXHIBIT, AllegationsStated(allegations=CHARGE)), MeetingClosed(meeting="one")) == "reference.unknown"
    )
    assert refusal((CALLED,), ExhibitSeen(exhibit="one", person=MEMBER)) == "reference.unknown"


def test_name_given_after_others_were_looked_up_is_known() -> None:
    first = build_live_event(EXHIBIT, seq=0, actor=MEMBER, at=AT)
    second = build_live_event(
        ExhibitLodged(exhibit="two", kind="document", obtained="given"), seq=1, actor=MEMBER, at=AT
    )
    seen = build_live_event(ExhibitSeen(exhibit="two", person=MEMBER), seq=2, actor=MEMBER, at=AT)
    facts = Facts(StreamFacts.empty(ORGANISATION_STREAM), fold_events(StreamFacts.empty(StreamId("m1")), [first]))
    assert find_broken_reference(facts, seen) is not None
    assert find_broken_reference(facts.with_event(second), seen) is None
