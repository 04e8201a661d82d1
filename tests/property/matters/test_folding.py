"""What is worked out from a stream is the same whether it was asked for on the way, and kept, or only at the end."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alteram.core.acts import (
    CaseManagerAssigned,
    ContactMade,
    CorrectionMade,
    FactAgreed,
    FactDenied,
    FactFound,
    HistoryEntered,
    MemberJoined,
    MemberLeft,
    OfficeFilled,
    OfficeVacated,
    PartyJoined,
    PartySevered,
    PersonRecused,
)
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.matters import AnyEvent, StreamFacts, build_live_event, build_reported_event, fold_events
from alteram.core.matters.organisation import build_roll
from alteram.core.matters.roles import build_holdings

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
people = st.sampled_from([PersonId("complainant"), PersonId("respondent"), PersonId("member")])
earlier = st.integers(0, 11)
acts: st.SearchStrategy[Act] = st.one_of(
    st.builds(PartyJoined, person=people, role=st.sampled_from(["witness", "companion"])),
    st.builds(PartySevered, person=people, role=st.just("witness"), reasons=st.just("x")),
    st.builds(PersonRecused, person=people, roles=st.just(("witness",))),
    st.builds(CaseManagerAssigned, person=people),
    st.builds(ContactMade, person=people),
    st.builds(HistoryEntered, title=st.just("x"), source=st.just("x")),
    st.builds(MemberJoined, people=st.tuples(people)),
    st.builds(MemberLeft, person=people, why=st.just("resigned")),
    st.builds(OfficeFilled, office=st.just("chair"), person=people),
    st.builds(OfficeVacated, office=st.just("chair"), person=people),
    st.builds(FactAgreed, event=earlier),
    st.builds(FactDenied, event=earlier),
    st.builds(FactFound, event=earlier, happened=st.booleans(), reasons=st.just("x")),
    st.builds(CorrectionMade, entry=earlier, reasons=st.just("x")),
)
proposals = st.lists(st.tuples(acts, people, st.booleans()), max_size=12)
pieces = st.lists(st.integers(1, 4), max_size=12)

QUESTIONS: tuple[Callable[[StreamFacts], object], ...] = (
    build_holdings,
    build_roll,
    StreamFacts.every,
    lambda facts: facts.all(PartyJoined, ContactMade),
    lambda facts: facts.all(MemberJoined, MemberLeft),
    lambda facts: [facts.find(seq) for seq in range(12)],
    lambda facts: facts.is_history,
)


def build_events(proposed: Sequence[tuple[Act, PersonId, bool]]) -> list[AnyEvent]:
    events = []
    for seq, (act, actor, live) in enumerate(proposed):
        at = START + timedelta(minutes=seq)
        told = Reported(by=actor)
        events.append(
            build_live_event(act, seq=seq, actor=actor, at=at)
            if live
            else build_reported_event(act, told, seq=seq, actor=actor, at=at, as_stated=False)
        )
    return events


@given(proposals, pieces)
def test_answers_kept_on_the_way_are_those_of_asking_once_at_the_end(
    proposed: list[tuple[Act, PersonId, bool]], sizes: list[int]
) -> None:
    events = build_events(proposed)
    at_once = fold_events(StreamFacts.empty(StreamId("m1")), events)
    stepwise, left = StreamFacts.empty(StreamId("m1")), events
    for size in [*sizes, len(events)]:
        for question in QUESTIONS:
            question(stepwise)
        stepwise, left = fold_events(stepwise, left[:size]), left[size:]
    assert stepwise == at_once
    for question in QUESTIONS:
        assert question(stepwise) == question(at_once)


@given(proposals)
def test_events_of_several_kinds_come_in_the_order_of_the_stream(proposed: list[tuple[Act, PersonId, bool]]) -> None:
    facts = fold_events(StreamFacts.empty(StreamId("m1")), build_events(proposed))
    kinds = (PartyJoined, MemberJoined, FactAgreed)
    asked = facts.all(*kinds)
    assert [one.seq for one in asked] == sorted(one.seq for one in asked)
    assert set(asked) == {one for one in facts.every() if isinstance(one.act, kinds)}


def test_answer_is_kept_while_nothing_it_rests_on_is_added() -> None:
    asked: list[int] = []

    def count(facts: StreamFacts, reads: tuple[type[Act], ...]) -> int:
        asked.append(1)
        return len(facts.all(*reads))

    joined = build_live_event(MemberJoined(people=(PersonId("member"),)), seq=0, actor=None, at=START)
    contact = build_live_event(ContactMade(person=PersonId("member")), seq=1, actor=None, at=START)
    again = build_live_event(MemberJoined(people=(PersonId("complainant"),)), seq=2, actor=None, at=START)
    facts = fold_events(StreamFacts.empty(StreamId("m1")), [joined])
    assert facts.work_out((MemberJoined,), count) == 1
    after_another_kind = facts.with_event(contact)
    assert after_another_kind.work_out((MemberJoined,), count) == 1
    assert len(asked) == 1
    assert after_another_kind.with_event(again).work_out((MemberJoined,), count) == 2
