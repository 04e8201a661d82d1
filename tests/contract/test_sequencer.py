"""Sequencer: every acknowledged leaf gets one place in the log, in order, exactly once."""

from collections.abc import Sequence

import pytest

from alteram.core.kernel.identifiers import StreamId
from alteram.core.tlog import hash_leaf
from alteram.operations.ports import Append, SequencedLeaf, Store
from tests.contract.places import (
    M1,
    M2,
    ORG,
    OTHER,
    Place,
    assign_in_process,
    build_append,
    build_entry,
    fill,
    in_processes,
    in_threads,
    write_in_process,
)


def places_of(leaves: Sequence[SequencedLeaf], stream: StreamId) -> list[int | None]:
    return [leaf.seq for leaf in leaves if leaf.stream == stream]


def test_an_empty_log_has_no_size_no_leaves_and_nothing_to_assign(store: Store) -> None:
    assert store.size(ORG) == 0
    assert store.leaves(ORG, 0, 10) == ()
    assert store.assign(ORG, 10) == 0
    assert store.count_pending(ORG) == 0


def test_an_appended_entry_waits_until_it_is_assigned_a_place(store: Store) -> None:
    fill(store, M1, 2)
    assert (store.size(ORG), store.count_pending(ORG), store.find_index(ORG, M1, 0)) == (0, 2, None)
    assert store.assign(ORG, 10) == 2
    assert (store.size(ORG), store.count_pending(ORG), store.find_index(ORG, M1, 1)) == (2, 0, 1)


def test_leaves_stand_as_they_were_acknowledged(store: Store) -> None:
    fill(store, M1, 3)
    store.assign(ORG, 10)
    expected = [SequencedLeaf(one.seq, one.leaf, one.leaf_hash, M1, one.seq) for one in store.load(ORG, M1)]
    assert list(store.leaves(ORG, 0, 10)) == expected


def test_hash_kept_beside_a_leaf_is_the_acknowledged_one_not_a_new_one(store: Store) -> None:
    fill(store, M1, 1)
    store.assign(ORG, 1)
    (leaf,) = store.leaves(ORG, 0, 1)
    assert leaf.acknowledged_hash == hash_leaf(leaf.leaf)


def test_places_are_given_in_the_order_of_acknowledgement(store: Store) -> None:
    for seq in range(3):
        store.append(ORG, [build_append(M1, seq)])
        store.append(ORG, [build_append(M2, seq)])
    store.assign(ORG, 100)
    assert [(leaf.stream, leaf.seq) for leaf in store.leaves(ORG, 0, 100)] == [
        (M1, 0), (M2, 0), (M1, 1), (M2, 1), (M1, 2), (M2, 2),
    ]  # fmt: skip


@pytest.mark.parametrize(("limit", "given"), [(1, 1), (4, 4), (5, 5), (6, 5)])
def test_at_most_the_limit_is_assigned(store: Store, limit: int, given: int) -> None:
    fill(store, M1, 5)
    assert store.assign(ORG, limit) == given
    assert (store.size(ORG), store.count_pending(ORG)) == (given, 5 - given)


def test_assigning_in_steps_continues_where_it_stopped(store: Store) -> None:
    fill(store, M1, 7)
    assert [store.assign(ORG, 3) for _ in range(4)] == [3, 3, 1, 0]
    assert [leaf.index for leaf in store.leaves(ORG, 0, 100)] == list(range(7))
    assert places_of(store.leaves(ORG, 0, 100), M1) == list(range(7))


@pytest.mark.parametrize(
    ("first", "count", "found"), [(0, 2, [0, 1]), (3, 9, [3, 4]), (5, 1, []), (4, 1, [4]), (0, 0, [])]
)
def test_a_range_of_leaves_is_returned(store: Store, first: int, count: int, found: list[int]) -> None:
    fill(store, M1, 5)
    store.assign(ORG, 5)
    assert [leaf.index for leaf in store.leaves(ORG, first, count)] == found


def test_a_public_statement_takes_a_place_and_belongs_to_no_stream(store: Store) -> None:
    fill(store, M1, 1)
    store.append_statement(ORG, b"\x03{}")
    fill(store, M2, 1)
    assert store.assign(ORG, 10) == 3
    assert store.leaves(ORG, 1, 1) == (SequencedLeaf(1, b"\x03{}", hash_leaf(b"\x03{}")),)


def test_the_same_statement_may_be_published_twice(store: Store) -> None:
    for _ in range(2):
        store.append_statement(ORG, b"\x03{}")
    assert store.assign(ORG, 10) == 2
    assert [leaf.index for leaf in store.leaves(ORG, 0, 10)] == [0, 1]


def test_a_statement_queued_once_is_not_queued_again_while_it_waits_or_once_it_has_a_place(store: Store) -> None:
    fill(store, M1, 1)
    for _ in range(2):
        store.append_statement(ORG, b"\x03{}", once=True)
    assert store.count_pending(ORG) == 2
    store.assign(ORG, 10)
    store.append_statement(ORG, b"\x03{}", once=True)
    assert store.count_pending(ORG) == 0
    store.append_statement(ORG, b"\x03[]", once=True)
    store.append_statement(OTHER, b"\x03{}", once=True)
    assert (store.count_pending(ORG), store.count_pending(OTHER)) == (1, 1)


def test_an_entry_with_the_leaf_of_a_statement_is_none(store: Store) -> None:
    entry = build_entry(M1, 0)
    store.append(ORG, [Append(entry)])
    store.append_statement(ORG, entry.leaf, once=True)
    assert store.assign(ORG, 10) == 2


def test_a_statement_queued_once_by_many_at_once_is_queued_once(place: Place) -> None:
    stores = [place.open() for _ in range(4)]
    in_threads(lambda one: one.append_statement(ORG, b"\x03{}", once=True), [(one,) for one in stores])
    assert stores[0].count_pending(ORG) == 1


def test_organisations_have_logs_of_their_own(store: Store) -> None:
    fill(store, M1, 3)
    fill(store, M1, 2, organisation=OTHER)
    assert store.assign(OTHER, 10) == 2
    assert (store.size(ORG), store.size(OTHER)) == (0, 2)
    assert store.assign(ORG, 10) == 3
    assert store.find_index(ORG, M1, 2) == 2
    assert store.find_index(OTHER, M1, 2) is None


def test_assigning_from_several_threads_gives_each_leaf_one_place(place: Place) -> None:
    store = place.open()
    fill(store, M1, 30)
    stores = [place.open() for _ in range(3)]

    def assign_all(one: int) -> int:
        given = 0
        while stores[one].count_pending(ORG):
            given += stores[one].assign(ORG, 4)
        return given

    assert sum(in_threads(assign_all, [(0,), (1,), (2,)])) == 30
    assert places_of(store.leaves(ORG, 0, 100), M1) == list(range(30))


def test_assigning_in_processes_while_others_write_gives_each_leaf_one_place_in_order(database: Place) -> None:
    where = (database.kind, database.location)
    database.open()
    done = in_processes(
        _work, [("write", *where, 15), ("write", *where, 15), ("assign", *where, 30), ("assign", *where, 30)]
    )
    assert done[2] + done[3] == 30
    leaves = database.open().leaves(ORG, 0, 100)
    assert [leaf.index for leaf in leaves] == list(range(30))
    assert places_of(leaves, M1) == list(range(30))
    assert database.open().count_pending(ORG) == 0


def _work(kind_of_work: str, kind: str, location: str, count: int) -> int:
    if kind_of_work == "write":
        return len(write_in_process(kind, location, count))
    return assign_in_process(kind, location, count)


def test_places_outlive_the_process(database: Place) -> None:
    fill(database.open(), M1, 4)
    database.open().assign(ORG, 3)
    before = database.open().leaves(ORG, 0, 10)
    database.close()
    store = database.open()
    assert store.leaves(ORG, 0, 10) == before
    assert (store.size(ORG), store.count_pending(ORG)) == (3, 1)
