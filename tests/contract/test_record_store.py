"""RecordStore: entries are appended once, in order, or not at all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from alteram.core.kernel.identifiers import StreamId
from alteram.operations.ports import Append, Head, OutboxItem, StaleReadError, Store
from tests.contract.places import (
    M1,
    M2,
    NOON,
    ORG,
    OTHER,
    Place,
    build_append,
    build_entry,
    build_matter,
    build_party,
    fill,
    follow_chain,
    in_processes,
    in_threads,
    write_in_process,
    write_in_turn,
)


def everything(store: Store) -> object:
    """Whatever a store shows of an organisation."""
    streams = store.streams(ORG)
    return (
        {stream: (store.find_head(ORG, stream), tuple(store.load(ORG, stream))) for stream in streams},
        store.count_pending(ORG),
        store.dump_read_tables(ORG),
        store.take_outbox(ORG, 1000),
    )


def test_an_unknown_stream_has_no_head_and_no_entries(store: Store) -> None:
    assert store.find_head(ORG, M1) is None
    assert list(store.load(ORG, M1)) == []
    assert store.streams(ORG) == ()


def test_what_was_appended_is_loaded_as_it_was(store: Store) -> None:
    entry = build_entry(M1, 0, text="\u0101\x00binary", at=NOON + timedelta(days=1))
    store.append(ORG, [Append(replace(entry, ciphertext=bytes(range(256))))])
    assert list(store.load(ORG, M1)) == [replace(entry, ciphertext=bytes(range(256)))]
    assert store.find_head(ORG, M1) == Head(0, entry.leaf_hash, entry.at)


def test_entry_without_keys_is_loaded_without_keys(store: Store) -> None:
    store.append(ORG, [Append(replace(build_entry(M1, 0), wrapped_keys=None))])
    assert [one.wrapped_keys for one in store.load(ORG, M1)] == [None]


def test_entries_are_loaded_in_order_from_the_one_after(store: Store) -> None:
    store.append(ORG, [build_append(M1, seq) for seq in range(12)])
    assert [one.seq for one in store.load(ORG, M1)] == list(range(12))
    assert [one.seq for one in store.load(ORG, M1, after_seq=9)] == [10, 11]
    assert list(store.load(ORG, M1, after_seq=11)) == []


@pytest.mark.parametrize(
    ("after_seq", "limit", "loaded"),
    [(-1, 0, []), (-1, 1, [0]), (3, 2, [4, 5]), (9, 2, [10, 11]), (9, 3, [10, 11]), (11, 1, [])],
)
def test_no_more_entries_are_loaded_than_asked_for(store: Store, after_seq: int, limit: int, loaded: list[int]) -> None:
    store.append(ORG, [build_append(M1, seq) for seq in range(12)])
    assert [one.seq for one in store.load(ORG, M1, after_seq, limit=limit)] == loaded


@pytest.mark.parametrize("count", [499, 500, 501, 1001])
def test_a_stream_longer_than_a_page_is_loaded_whole(store: Store, count: int) -> None:
    store.append(ORG, [build_append(M1, seq) for seq in range(count)])
    assert [one.seq for one in store.load(ORG, M1)] == list(range(count))
    assert [one.seq for one in store.load(ORG, M1, limit=count - 1)] == list(range(count - 1))


@pytest.mark.parametrize("seq", [0, 1, 3, 4])
def test_append_that_is_not_the_next_is_refused_and_writes_nothing(store: Store, seq: int) -> None:
    fill(store, M1, 2)
    before = everything(store)
    with pytest.raises(StaleReadError):
        store.append(ORG, [build_append(M1, seq if seq != 4 else 200)] if seq != 1 else [build_append(M1, 1)])
    assert everything(store) == before


def test_first_entry_that_is_not_number_0_is_refused(store: Store) -> None:
    with pytest.raises(StaleReadError):
        store.append(ORG, [build_append(M1, 1)])
    assert store.streams(ORG) == ()


def test_read_that_has_not_moved_is_accepted(store: Store) -> None:
    fill(store, M2, 3)
    store.append(ORG, [build_append(M1, 0, reads=[(M2, 2)])])
    assert store.find_head(ORG, M1) is not None


@pytest.mark.parametrize("read", [0, 1, 3, -1])
def test_read_that_has_moved_is_refused_and_writes_nothing(store: Store, read: int) -> None:
    fill(store, M1, 1)
    fill(store, M2, 3)
    before = everything(store)
    with pytest.raises(StaleReadError):
        store.append(ORG, [build_append(M1, 1, reads=[(M2, read)])])
    assert everything(store) == before


def test_read_of_a_stream_that_has_not_begun_holds_until_it_begins(store: Store) -> None:
    store.append(ORG, [build_append(M1, 0, reads=[(M2, -1)])])
    fill(store, M2, 1)
    with pytest.raises(StaleReadError):
        store.append(ORG, [build_append(M1, 1, reads=[(M2, -1)])])


def test_two_reads_of_one_stream_that_disagree_are_refused(store: Store) -> None:
    fill(store, M2, 2)
    stale, fresh = build_append(M1, 0, reads=[(M2, 0)]), build_append(M1, 1, reads=[(M2, 1)])
    with pytest.raises(StaleReadError):
        store.append(ORG, [stale, fresh])
    assert store.find_head(ORG, M1) is None


def test_several_appends_are_all_stored_or_none(store: Store) -> None:
    store.append(ORG, [build_append(M1, 0), build_append(M2, 0), build_append(M1, 1)])
    before = everything(store)
    with pytest.raises(StaleReadError):
        store.append(ORG, [build_append(M1, 2), build_append(M2, 5)])
    assert everything(store) == before
    assert [one.seq for one in store.load(ORG, M1)] == [0, 1]


@pytest.mark.parametrize("held", [0, 2])
def test_head_after_several_appends_is_the_last_of_each_stream(store: Store, held: int) -> None:
    fill(store, M1, held)
    appends = [build_append(M1, held), build_append(M2, 0), build_append(M1, held + 1), build_append(M1, held + 2)]
    store.append(ORG, appends)
    last = appends[-1].entry
    assert store.find_head(ORG, M1) == Head(held + 2, last.leaf_hash, last.at)
    assert store.find_head(ORG, M2) == Head(0, appends[1].entry.leaf_hash, appends[1].entry.at)


@pytest.mark.parametrize("held", [0, 2])
@pytest.mark.parametrize("steps", [(0, 2), (0, 0), (1, 0), (0, 1, 3), (0, 2, 1)])
def test_appends_of_one_stream_that_do_not_follow_one_another_are_refused(
    store: Store, held: int, steps: tuple[int, ...]
) -> None:
    fill(store, M1, held)
    before = everything(store)
    with pytest.raises(StaleReadError):
        store.append(ORG, [build_append(M1, held + step) for step in steps])
    assert everything(store) == before


def test_streams_written_together_may_have_read_one_another(store: Store) -> None:
    fill(store, M1, 1)
    fill(store, M2, 1)
    store.append(ORG, [build_append(M1, 1, reads=[(M2, 0)]), build_append(M2, 1, reads=[(M1, 0)])])
    assert [store.find_head(ORG, one).seq for one in (M1, M2)] == [1, 1]  # type: ignore[union-attr] # both were filled


def test_a_store_refused_once_goes_on_working(store: Store) -> None:
    with pytest.raises(StaleReadError):
        store.append(ORG, [build_append(M1, 7)])
    fill(store, M1, 2)
    assert len(list(store.load(ORG, M1))) == 2


def test_organisations_do_not_see_one_another(store: Store) -> None:
    fill(store, M1, 2)
    fill(store, M1, 1, organisation=OTHER)
    assert len(list(store.load(OTHER, M1))) == 1
    assert store.streams(OTHER) == (M1,)
    assert store.count_pending(OTHER) == 1
    assert len(store.take_outbox(OTHER, 10)) == 1


def test_streams_are_named_in_the_order_of_their_bytes_whatever_the_server_sorts_by(store: Store) -> None:
    names = [StreamId(name) for name in ("a_b", "a1b", "a-b", "a.b", "ab", "b", "a")]
    store.append(ORG, [build_append(name, 0) for name in names])
    ordered = tuple(sorted(names))
    assert store.streams(ORG) == ordered
    assert store.streams(ORG, limit=3) == ordered[:3]
    assert store.streams(ORG, after=ordered[2]) == ordered[3:]
    assert tuple(row.stream for row in store.matters(ORG)) == ordered
    assert tuple(row.stream for row in store.matters(ORG, after=ordered[2], limit=2)) == ordered[3:5]


def test_keys_are_replaced_and_destroyed_in_the_act_that_says_so(store: Store) -> None:
    fill(store, M1, 4)
    store.append(ORG, [replace(build_append(M1, 4), rewrapped={0: b"new-0", 1: None, 2: b"new-2", 3: None})])
    assert [one.wrapped_keys for one in store.load(ORG, M1)] == [b"new-0", None, b"new-2", None, b"keys"]


def test_destroyed_keys_stay_destroyed_when_they_are_wrapped_again(store: Store) -> None:
    fill(store, M1, 1)
    store.append(ORG, [replace(build_append(M1, 1), rewrapped={0: None})])
    store.append(ORG, [replace(build_append(M1, 2), rewrapped={0: b"back", 1: b"kept"})])
    assert [one.wrapped_keys for one in store.load(ORG, M1)] == [None, b"kept", b"keys"]


def test_keys_are_left_alone_when_the_act_is_refused(store: Store) -> None:
    fill(store, M1, 2)
    fill(store, M2, 2)
    with pytest.raises(StaleReadError):
        store.append(ORG, [replace(build_append(M1, 2, reads=[(M2, 0)]), rewrapped={0: None, 1: b"new"})])
    assert [one.wrapped_keys for one in store.load(ORG, M1)] == [b"keys", b"keys"]


def test_keys_of_another_stream_are_left_alone(store: Store) -> None:
    fill(store, M1, 1)
    fill(store, M2, 1)
    store.append(ORG, [replace(build_append(M1, 1), rewrapped={0: None})])
    assert [one.wrapped_keys for one in store.load(ORG, M2)] == [b"keys"]


def test_one_append_writes_its_rows_and_its_outbox(store: Store) -> None:
    party = build_party(M1, "m05", "respondent")
    item = OutboxItem("notice", M1, 0, "respondent")
    store.append(ORG, [Append(build_entry(M1, 0), (), build_matter(M1, 0), (party,), (item,))])
    assert store.dump_read_tables(ORG) == ((build_matter(M1, 0),), (party,))
    assert [item for _, item in store.take_outbox(ORG, 10)] == [item]


def test_writers_in_threads_get_each_number_once_and_the_chain_is_whole(store: Store) -> None:
    given = in_threads(lambda writer: write_in_turn(store, M1, 10, writer), [("a",), ("b",), ("c",), ("d",)])
    assert sorted(number for numbers in given for number in numbers) == list(range(40))
    assert follow_chain(list(store.load(ORG, M1)))


def test_writers_with_handles_of_their_own_get_each_number_once(place: Place) -> None:
    stores = [place.open() for _ in range(3)]
    given = in_threads(lambda one: write_in_turn(stores[one], M1, 10, str(one)), [(0,), (1,), (2,)])
    assert sorted(number for numbers in given for number in numbers) == list(range(30))
    assert follow_chain(list(stores[0].load(ORG, M1)))


def test_writers_in_processes_get_each_number_once_and_the_chain_is_whole(database: Place) -> None:
    where = (database.kind, database.location, 15)
    given = in_processes(write_in_process, [where, where, where])
    assert sorted(number for numbers in given for number in numbers) == list(range(45))
    store = database.open()
    assert follow_chain(list(store.load(ORG, M1)))
    assert store.count_pending(ORG) == 45
    assert len(store.take_outbox(ORG, 100)) == 45


def test_two_streams_that_read_one_another_never_both_pass_on_what_is_stale(place: Place) -> None:
    fill(place.open(), M1, 1)
    fill(place.open(), M2, 1)
    stores = [place.open(), place.open()]

    def attempt(one: int) -> bool:
        own, read = ((M1, M2), (M2, M1))[one]
        try:
            stores[one].append(ORG, [build_append(own, 1, reads=[(read, 0)])])
        except StaleReadError:
            return False
        return True

    won = in_threads(attempt, [(0,), (1,)])
    assert won.count(True) <= 1
    assert [len(list(stores[0].load(ORG, one))) for one in (M1, M2)] == [1 + won[0], 1 + won[1]]


def test_a_reopened_store_sees_everything(database: Place) -> None:
    first = database.open()
    fill(first, M1, 3)
    fill(first, M2, 2)
    before = everything(first)
    database.close()
    assert everything(database.open()) == before


def test_another_handle_sees_at_once_what_was_acknowledged(database: Place) -> None:
    one, two = database.open(), database.open()
    for count in (1, 2, 3):
        store = (one, two)[count % 2]
        store.append(ORG, [build_append(M1, count - 1)])
        assert len(list(one.load(ORG, M1))) == len(list(two.load(ORG, M1))) == count
