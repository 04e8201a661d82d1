"""Between which times an entry was recorded, and who says so: the same from both verifiers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.core.acts import FactAgreed
from alteram.core.record import Bound, EntryTimes, TimeBounds, encode_seconds, iterate_entries, verify_export
from alteram.core.record.bounds import (
    TOLERANCE_SECONDS,
    Checkpoints,
    DatedCheckpoint,
    date_checkpoint,
    tell_times_not_borne_out,
)
from alteram.core.tlog import (
    COSIGNATURE_MLDSA44,
    Note,
    Policy,
    SignatureLine,
    SignerKey,
    encode_policy,
    parse_checkpoint,
    parse_policy,
    verify_log_note,
)
from conformance import bounds as second
from conformance import receipts, trust
from conformance.verify_export import verify as verify_again
from tests.exports import (
    ALL_TYPES,
    LOG_KEYS,
    MATTER,
    ORIGIN,
    POLICY,
    START,
    TIMESTAMP,
    WITNESSES,
    Log,
    Part,
    build_log,
    build_part,
    redacted,
)

A, B = "example.net/witness-a", "example.com/witness-b"
BOTH = (B, A)
Told = tuple[int, tuple[str, ...], bool]
Pair = tuple[Told | None, Told | None]


@dataclass(frozen=True)
class Row:
    """What both verifiers say of one entry."""

    number: int
    at: datetime | None
    not_before: Told | None
    not_after: Told | None
    borne_out: bool


def tell(bound: Bound | second.Bound | None) -> Told | None:
    match bound:
        case None:
            return None
        case Bound():
            return bound.at, bound.by, bound.witnessed
        case _:
            return bound.time, bound.by, bound.witnessed


def ask(export: bytes, policy: Policy | None = POLICY) -> dict[str, list[Row]]:
    """Return what both say of each stream; they must say the same."""
    report = verify_export(BytesIO(export), policy)
    first = {
        stream.name: [
            Row(one.number, one.at, tell(one.bounds.not_before), tell(one.bounds.not_after), one.borne_out)
            for one in stream.times
        ]
        for stream in report.streams
    }
    again = {
        stream.name: [
            Row(one.number, one.at, tell(one.not_before), tell(one.not_after), one.borne_out) for one in stream.times
        ]
        for stream in verify_again(export, None if policy is None else encode_policy(policy)).streams
    }
    assert first == again
    return first


def seconds(minutes: int) -> int:
    return int((START + timedelta(minutes=minutes)).timestamp())


def with_older(sign: Callable[[Log, int], Note], *, policy: Policy = POLICY) -> bytes:
    part = build_part()
    older = tuple(sign(part.log, size) for size in sorted(part.log.sizes))
    return replace(part, older=older, policy=encode_policy(policy)).write()


def test_entries_are_bounded_on_both_sides_by_witnesses_of_either_kind() -> None:
    # Entries are seven minutes apart; each saw a checkpoint signed five minutes before it, and is in one two minutes
    # after it, but for the last, which only the export's own checkpoint holds.
    rows = ask(build_part().write())[MATTER]
    assert [(row.not_before, row.not_after) for row in rows] == [
        ((seconds(16), BOTH, True), (seconds(23), BOTH, True)),
        ((seconds(23), BOTH, True), (seconds(30), BOTH, True)),
        ((seconds(30), BOTH, True), (TIMESTAMP, BOTH, True)),
    ]
    assert [row.at for row in rows] == [START + timedelta(minutes=one) for one in (21, 28, 35)]
    assert all(row.borne_out for row in rows)


def test_bounds_of_a_stream_are_those_of_its_first_and_last_entry() -> None:
    matter = verify_export(BytesIO(build_part().write()), POLICY).streams[0]
    assert matter.first_bounds.not_before == Bound(seconds(16), BOTH, witnessed=True)
    assert matter.last_bounds.not_after == Bound(TIMESTAMP, BOTH, witnessed=True)
    assert matter.first_bounds.gap == 7 * 60


def test_entries_come_out_with_their_bounds() -> None:
    entry = next(iterate_entries(BytesIO(build_part().write()), POLICY))
    assert entry.bounds.not_before == Bound(seconds(16), BOTH, witnessed=True)


def test_earliest_of_several_witnesses_bounds_from_below_and_the_latest_from_above() -> None:
    def sign(log: Log, size: int) -> Note:
        at = int(log.sizes[size].timestamp())
        one = log.older(size, signers=[LOG_KEYS[0], WITNESSES[0]], at=at)
        other = log.older(size, signers=[WITNESSES[1]], at=at + 40)
        return Note(one.text, one.lines + other.lines)

    row = ask(with_older(sign))[MATTER][0]
    assert (row.not_before, row.not_after) == ((seconds(16), BOTH, True), (seconds(23) + 40, BOTH, True))


def test_log_alone_bounds_where_too_few_witnesses_cosigned() -> None:
    row = ask(with_older(lambda log, size: log.older(size, signers=[*LOG_KEYS, WITNESSES[0]])))[MATTER][0]
    assert row.not_before == (seconds(16), (ORIGIN,), False)
    # From above, the witnesses' word on the export's own checkpoint is worth more than the log's on an earlier one.
    assert row.not_after == (TIMESTAMP, BOTH, True)


def test_log_alone_bounds_on_both_sides_where_nobody_witnesses_it() -> None:
    policy = replace(POLICY, witnesses=(), groups=(), quorum="none")
    part = build_part()
    older = tuple(part.log.older(size, signers=LOG_KEYS) for size in sorted(part.log.sizes))
    note = part.log.checkpoint(LOG_KEYS)
    row = ask(replace(part, note=note, older=older, policy=encode_policy(policy)).write(), policy)[MATTER][0]
    assert (row.not_before, row.not_after) == ((seconds(16), (ORIGIN,), False), (seconds(23), (ORIGIN,), False))


def test_checkpoint_whose_signatures_have_no_time_bounds_nothing() -> None:
    row = ask(with_older(lambda log, size: log.older(size, signers=LOG_KEYS[:1])))[MATTER][0]
    assert (row.not_before, row.not_after) == (None, (TIMESTAMP, BOTH, True))


def test_cosignature_at_time_zero_bounds_nothing() -> None:
    row = ask(with_older(lambda log, size: log.older(size, at=0)))[MATTER][0]
    assert (row.not_before, row.not_after) == (None, (TIMESTAMP, BOTH, True))


def test_export_without_older_checkpoints_is_bounded_from_above_alone() -> None:
    rows = ask(replace(build_part(), older=()).write())
    assert {(row.not_before, row.not_after) for one in rows.values() for row in one} == {
        (None, (TIMESTAMP, BOTH, True))
    }


def test_entry_whose_seen_is_withheld_is_bounded_from_above_alone() -> None:
    rows = ask(redacted("seq", "prev", "act", "at"))[MATTER]
    assert [(row.not_before, row.not_after) for row in rows][:1] == [(None, (seconds(23), BOTH, True))]
    assert rows[0].at is not None


def test_entry_that_has_seen_nothing_is_bounded_from_above_alone() -> None:
    log = build_log()
    log.append(replace(log.next_entry(MATTER, FactAgreed(event=0), "m05"), seen=None))
    row = ask(Part(log, log.checkpoint()).write())[MATTER][-1]
    assert (row.not_before, row.not_after) == (None, (TIMESTAMP, BOTH, True))


def test_head_of_another_log_bounds_nothing() -> None:
    log = build_log()
    entry = log.next_entry(MATTER, FactAgreed(event=0), "m05")
    assert entry.seen is not None
    log.append(replace(entry, seen=replace(entry.seen, origin="example.org/other")))
    assert ask(Part(log, log.checkpoint()).write())[MATTER][-1].not_before is None


def test_time_is_shown_even_where_no_calendar_reaches() -> None:
    export = with_older(lambda log, size: log.older(size, at=2**63 - 1))
    report = verify_export(BytesIO(export), POLICY)
    assert str(2**63 - 1) in report.notes[0]
    assert encode_seconds(0) == "1970-01-01T00:00:00Z"
    assert encode_seconds(2**63 - 1) == str(2**63 - 1)


# -- what an entry says of itself


@pytest.mark.parametrize(
    ("off", "borne_out"),
    [
        (-TOLERANCE_SECONDS - 1, False),
        (-TOLERANCE_SECONDS, True),
        (0, True),
        (60 + TOLERANCE_SECONDS, True),
        (61 + TOLERANCE_SECONDS, False),
    ],
)
def test_time_outside_the_bounds_is_borne_out_up_to_the_tolerance(off: int, *, borne_out: bool) -> None:
    base = int(START.timestamp())
    at = START + timedelta(seconds=off)
    bounds = TimeBounds(Bound(base, BOTH, witnessed=True), Bound(base + 60, BOTH, witnessed=True))
    assert EntryTimes(0, at, bounds).borne_out is borne_out
    sides = second.Bound(base, BOTH, witnessed=True), second.Bound(base + 60, BOTH, witnessed=True)
    assert second.Times(0, at, *sides).borne_out is borne_out


def test_entry_dated_long_before_it_was_recorded_is_told_of_and_not_refused() -> None:
    log = build_log()
    log.now = START + timedelta(days=400)
    log.perform(MATTER, FactAgreed(event=0), "m05")
    log.sizes[9] = START + timedelta(minutes=36)
    export = Part(log, log.checkpoint()).write()
    (row,) = [one for one in ask(export)[MATTER] if not one.borne_out]
    assert row.number == 3
    (note,) = verify_export(BytesIO(export), POLICY).notes
    assert note == (
        "Entry 3 of matter-1 says 2027-04-06T09:07:00Z; the log saw it between 2026-03-02T09:36:00Z and"
        " 2026-03-03T01:06:40Z."
    )
    assert any("give a time outside their bounds" in one for one in told_again(export))


def told_again(export: bytes) -> list[str]:
    return [line for one in verify_again(export).streams for line in second.tell_times(one.name, one.times)]


def test_note_counts_the_entries_that_give_such_times() -> None:
    bounds = TimeBounds(not_after=Bound(0, BOTH, witnessed=True))
    times = [EntryTimes(one, START if one else None, bounds) for one in range(4)]
    note = tell_times_not_borne_out("m1", times)
    assert note == (
        "Entry 1 of m1 says 2026-03-02T09:00:00Z; the log saw it before 1970-01-01T00:00:00Z."
        " 3 entries of m1 give such times."
    )
    assert tell_times_not_borne_out("m1", times[:1]) is None


def test_bounds_are_told_in_words() -> None:
    low, high = Bound(0, (A,), witnessed=True), Bound(60, (ORIGIN,), witnessed=False)
    assert str(TimeBounds(low, high)) == "between 1970-01-01T00:00:00Z and 1970-01-01T00:01:00Z"
    assert str(TimeBounds(low, None)) == "after 1970-01-01T00:00:00Z"
    assert str(TimeBounds(None, high)) == "before 1970-01-01T00:01:00Z"
    assert str(TimeBounds()) == "at a time that nothing shows"
    assert (low.who, high.who) == (A, "the log alone")
    assert TimeBounds(low, high).gap == 60
    assert TimeBounds(high, low).gap == 0
    assert TimeBounds(low).gap is None


# -- by the definition


def by_definition(heads: list[tuple[int, Told | None, Told | None]], index: int, seen: int | None) -> Pair:
    """Look at every checkpoint, in order of size: that seen, and the first that holds the entry, witnessed if any."""
    below = next((first for size, first, _ in heads[:-1] if size == seen), None)
    above = [last for size, _, last in heads if size > index and last is not None]
    return below, next((one for one in above if one[2]), above[0] if above else None)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[int, Told | None, Told | None]]:
    sizes = sorted(draw(st.sets(st.integers(1, 30), min_size=1, max_size=8)))
    heads: list[tuple[int, Told | None, Told | None]] = []
    for size in sizes:
        kind, at = draw(st.sampled_from(["witnessed", "log", "none"])), draw(st.integers(1, 1000))
        ends = (at, at + draw(st.integers(0, 9)))
        first, last = (None if kind == "none" else (one, BOTH, kind == "witnessed") for one in ends)
        heads.append((size, first, last))
    return heads


def made(told: Told | None) -> Bound | None:
    return None if told is None else Bound(told[0], told[1], witnessed=told[2])


@given(histories(), st.data())
def test_bounds_are_those_of_the_definition(
    heads: list[tuple[int, Told | None, Told | None]], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, heads[-1][0] - 1))
    seen = data.draw(st.none() | st.sampled_from([size for size, _, _ in heads]) | st.integers(0, index))
    seen = None if seen is None or seen > index else seen
    dated = [DatedCheckpoint(size, bytes(32), made(first), made(last)) for size, first, last in heads]
    found = Checkpoints(dated[:-1], dated[-1]).bound(index, seen)
    assert (tell(found.not_before), tell(found.not_after)) == by_definition(heads, index, seen)
    others = [
        second.Dated(
            receipts.Head(ORIGIN, size, bytes(32)),
            None if first is None else second.Bound(*first),
            None if last is None else second.Bound(*last),
        )
        for size, first, last in heads
    ]
    assert tell(second.find_latest(others, index)) == tell(found.not_after)


@given(st.data())
def test_both_date_a_checkpoint_the_same(data: st.DataObject) -> None:
    log_pq = SignerKey.from_seed(ORIGIN, COSIGNATURE_MLDSA44, bytes(32))
    quorum = data.draw(st.sampled_from(["both", "any", "a", "none"]))
    groups = {"both": (replace(POLICY.groups[0]),), "any": (replace(POLICY.groups[0], name="any", threshold=1),)}
    policy = replace(POLICY, groups=groups.get(quorum, ()), quorum=quorum)
    part = build_part()
    lines: list[SignatureLine] = []
    for key in data.draw(st.lists(st.sampled_from([*ALL_TYPES.log_keys, *WITNESSES, log_pq]), unique=True)):
        at = data.draw(st.sampled_from([0, 1, 500, 2**40]))
        lines.extend(part.log.older(5, signers=[key], at=at).lines)
    plain = part.log.older(5, signers=LOG_KEYS[:1])
    known = {(line.name, line.key_id) for line in plain.lines}
    note = Note(plain.text, plain.lines + tuple(one for one in lines if (one.name, one.key_id) not in known))
    first = date_checkpoint(parse_checkpoint(note.text), verify_log_note(note, policy, ORIGIN), policy)
    trusted = trust.read_policy(encode_policy(policy))
    again = trust.read_note(note.encode().encode())
    dated = second.date_head(receipts.read_head(again.text), trusted.verify_log(again, ORIGIN), trusted)
    assert (tell(first.first), tell(first.last)) == (tell(dated.earliest), tell(dated.latest))
    assert parse_policy(encode_policy(policy)) == policy
