"""The fold against one written from the design: how an event stands follows from the later acts that name it.

Agreed, denied, found, corrected: only acts done here change how an earlier entry stands, and what was found not to
have happened is gone. Folding in one go, one by one, or in any chunks comes to the same, whatever was asked between.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from alteram.core.acts import Act, CorrectionMade, FactAgreed, FactDenied, FactFound, HistoryEntered
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import (
    AnyEvent,
    StreamFacts,
    WithheldEntry,
    build_holdings,
    build_key_ring,
    build_roll,
    fold_events,
)
from alteram.core.matters.protection import find_protected
from tests.property.matters.streams import LONGEST, build_events, build_one, disputes, empty, entries

streams = st.lists(entries, max_size=LONGEST) | disputes


@dataclass
class Naive:
    """One entry as the design tells it."""

    event: AnyEvent
    agreed: list[PersonId] = field(default_factory=list)
    denied: list[PersonId] = field(default_factory=list)
    findings: list[int] = field(default_factory=list)
    corrected: bool = False


def fold_by_definition(events: Iterable[AnyEvent | WithheldEntry]) -> list[AnyEvent]:
    told: dict[int, Naive] = {}
    for event in events:
        if isinstance(event, WithheldEntry):
            continue
        if event.live:
            _apply(event, told)
        told[event.seq] = Naive(event, [*event.agreed_by], [*event.denied_by])
    return [expected(one, told) for one in told.values() if False not in _found(one, told) or one.event.live]


def _found(one: Naive, told: dict[int, Naive]) -> set[bool]:
    """Return what findings that were not corrected say of an entry."""
    acts = [told[seq].event.act for seq in one.findings if not told[seq].corrected]
    return {act.happened for act in acts if isinstance(act, FactFound)}


def _apply(event: AnyEvent, told: dict[int, Naive]) -> None:
    match event.act:
        case FactFound(event=seq) if seq in told:
            told[seq].findings.append(event.seq)
        case FactAgreed(event=seq) if seq in told:
            _say(event, told[seq].agreed, told[seq].denied)
        case FactDenied(event=seq) if seq in told:
            _say(event, told[seq].denied, told[seq].agreed)
        case CorrectionMade(entry=seq) if seq in told:
            told[seq].corrected = True
            _take_back(told[seq].event, told)
        case _:
            return


def _say(event: AnyEvent, for_: list[PersonId], against: list[PersonId]) -> None:
    if event.actor is not None:
        against[:] = [one for one in against if one != event.actor]
        for_.extend([] if event.actor in for_ else [event.actor])


def _take_back(corrected: AnyEvent, told: dict[int, Naive]) -> None:
    """Somebody who corrects all their agreements no longer agrees."""
    act = corrected.act
    if not (isinstance(act, FactAgreed) and corrected.live and act.event in told):
        return
    still = [
        one
        for one in told.values()
        if one.event.live and not one.corrected and one.event.act == act and one.event.actor == corrected.actor
    ]
    agreed = told[act.event].agreed
    if not still:
        agreed[:] = [one for one in agreed if one != corrected.actor]


def expected(naive: Naive, told: dict[int, Naive]) -> AnyEvent:
    return replace(
        naive.event,
        agreed_by=tuple(naive.agreed),
        denied_by=tuple(naive.denied),
        found=True in _found(naive, told),
        corrected=naive.corrected,
    )


@given(streams)
def test_fold_is_the_one_by_definition(drawn: Sequence[Any]) -> None:
    events = build_events(drawn)
    facts = fold_events(empty(), events)
    assert sorted(facts.every(), key=lambda one: one.seq) == fold_by_definition(events)
    assert facts.withheld == tuple(one for one in events if isinstance(one, WithheldEntry))
    assert facts.head_seq == len(events) - 1
    readable = [one.recorded_at for one in events if not isinstance(one, WithheldEntry)]
    assert facts.last_at == (readable[-1] if readable else None)


@given(streams)
def test_events_are_found_by_kind_and_by_number_in_the_order_of_the_stream(drawn: Sequence[Any]) -> None:
    facts = fold_events(empty(), build_events(drawn))
    kinds: list[type[Act]] = sorted({type(one.act) for one in facts.every()}, key=lambda kind: kind.__name__)
    for kind in kinds:
        assert facts.all(kind) == tuple(one for one in facts.every() if type(one.act) is kind)
    assert facts.all(*kinds) == facts.every()
    assert [one.seq for one in facts.every()] == sorted(one.seq for one in facts.every())
    for seq in range(-1, LONGEST + 1):
        assert facts.find(seq) == next((one for one in facts.every() if one.seq == seq), None)


@given(streams, st.sets(st.integers(0, LONGEST)), st.booleans())
def test_chunks_come_to_the_same_whatever_was_asked_between(drawn: Sequence[Any], cuts: set[int], asked: bool) -> None:
    events = build_events(drawn)
    whole = fold_events(empty(), events)
    facts, begin = empty(), 0
    for end in [*sorted(cuts), len(events)]:
        facts = fold_events(facts, events[begin:end])
        begin = max(begin, end)
        if asked:
            ask_everything(facts)
    assert facts == whole
    assert hash(facts) == hash(whole)
    assert ask_everything(facts) == ask_everything(whole)


@given(streams, st.integers(0, LONGEST))
def test_matter_that_turns_out_to_tell_a_history_forgets_what_it_gave_before(drawn: Sequence[Any], place: int) -> None:
    """Whether a stream tells a history changes who has a part, so nothing worked out before may be kept."""
    history = (HistoryEntered(title="A tale", source="somebody"), None, None)
    events = build_events([*drawn[:place], history, *drawn[place:]][:LONGEST])
    facts = empty()
    for event in events:
        facts = fold_events(facts, [event])
        ask_everything(facts)
    assert ask_everything(facts) == ask_everything(fold_events(empty(), events))


def ask_everything(facts: StreamFacts) -> tuple[object, ...]:
    """Ask what is kept once worked out."""
    return (
        build_holdings(facts),
        build_roll(facts),
        build_key_ring(facts),
        find_protected(facts),
        facts.every(),
        facts.all(FactAgreed, FactDenied),
        [facts.find(seq) for seq in range(LONGEST)],
    )


@given(streams, streams)
def test_streams_are_equal_when_they_hold_the_same_and_only_then(drawn: Sequence[Any], other: Sequence[Any]) -> None:
    one, two = (fold_events(empty(), build_events(each)) for each in (drawn, other))
    # What was found not to have happened counts too: the finding can be corrected.
    held = [(each.every(), each.gone, each.withheld, each.head_seq) for each in (one, two)]
    same = held[0] == held[1]
    assert (one == two) is same
    if same:
        assert hash(one) == hash(two)


@given(streams)
def test_folding_leaves_what_was_folded_before_as_it_was(drawn: Sequence[Any]) -> None:
    events = build_events(drawn)
    half = fold_events(empty(), events[: len(events) // 2])
    before = (half.every(), half.withheld, ask_everything(half))
    fold_events(half, events[len(events) // 2 :])
    assert (half.every(), half.withheld, ask_everything(half)) == before


@given(entries.filter(lambda entry: entry is not None and entry[2] is not None), st.lists(entries, max_size=4))
def test_reported_standing_act_changes_nothing_that_came_before(entry: Any, before: Sequence[Any]) -> None:
    earlier = fold_events(empty(), build_events(before))
    after = earlier.with_event(build_one(entry[0], entry[1], entry[2], len(before)))
    assert after.every()[: len(earlier.every())] == earlier.every()


@given(streams)
def test_what_the_event_may_support_follows_from_how_it_stands(drawn: Sequence[Any]) -> None:
    everybody = frozenset(
        name for one in build_events(drawn) if not isinstance(one, WithheldEntry) for name in one.agreed_by
    )
    for event in fold_events(empty(), build_events(drawn)).every():
        if event.corrected:
            assert not event.supports(everybody)
        elif event.live:
            assert event.standing == "recorded"
            assert event.supports(frozenset())
        else:
            assert event.supports(frozenset()) is event.found
            # Whoever tells of what another did agrees with themselves only.
            others = [
                one for one in event.agreed_by if event.actor in event.asserted_by or one not in event.asserted_by
            ]
            assert event.established is (event.found or (bool(others) and not event.denied_by))
            assert not event.established or event.standing in {"agreed", "found"}
