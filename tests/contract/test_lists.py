"""ReadTables, the lists of one person: what waits on them, what is open, what is closed, page by page, by an index."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from alteram.adapters.db import SqlStore
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.operations.ports import Append, ListPlace, ListStanding, MatterRow, Store
from tests.contract.places import M1, M2, NOON, ORG, OTHER, Place, build_entry, build_matter, build_party

M05, M06 = PersonId("m05"), PersonId("m06")


def due(days: int | None) -> datetime | None:
    return None if days is None else NOON + timedelta(days=days)


def put(store: Store, name: str, role: str = "case-manager", *, days: int | None = None, owner: str = "") -> MatterRow:
    """Put a matter that is due in so many days, in which m05 has a part."""
    row = replace(build_matter(StreamId(name), 0), next_due_at=due(days), next_owner=owner)
    parties = (build_party(row.stream, M05, role),)
    store.append(ORG, [Append(build_entry(row.stream, 0), matter=row, parties=parties)])
    return row


def move(store: Store, row: MatterRow, seq: int) -> None:
    store.append(ORG, [Append(build_entry(row.stream, seq), matter=replace(row, last_seq=seq))])


def test_what_waits_is_told_from_what_is_open_and_what_is_due_first_comes_first(store: Store) -> None:
    late = put(store, "a", days=9, owner="case-manager")
    none = put(store, "b", owner="case-manager")
    soon = put(store, "c", days=1, owner="case-manager")
    theirs = put(store, "d", days=2, owner="chair")
    assert store.matters_of(ORG, M05, "waits") == (soon, late, none)
    assert store.matters_of(ORG, M05, "open") == (theirs,)
    assert store.matters_of(ORG, M05, "closed") == ()
    assert store.matters_of(ORG, M06, "waits") == store.matters_of(OTHER, M05, "waits") == ()


def test_closed_matters_are_listed_the_newest_first_and_are_open_no_more(store: Store) -> None:
    for days, name in enumerate(("a", "b"), 1):
        row = put(store, name, days=days, owner="case-manager")
        move(store, replace(row, closed_at=due(days), next_due_at=None, next_owner=""), 1)
    assert [one.stream for one in store.matters_of(ORG, M05, "closed")] == ["b", "a"]
    assert store.matters_of(ORG, M05, "waits") == store.matters_of(ORG, M05, "open") == ()
    assert store.matters_owned(ORG, "case-manager") == ()


def test_a_matter_moves_between_lists_as_its_next_step_passes_to_another(store: Store) -> None:
    row = put(store, "a", days=1, owner="case-manager")
    passed = replace(row, next_owner="chair", next_due_at=due(5), last_seq=1)
    move(store, passed, 1)
    assert store.matters_of(ORG, M05, "waits") == ()
    assert store.matters_of(ORG, M05, "open") == store.matters_owned(ORG, "chair") == (passed,)
    assert store.matters_owned(ORG, "case-manager") == ()


def test_who_has_two_parts_finds_the_matter_once_and_it_waits_where_either_part_has_the_step(store: Store) -> None:
    parts = (build_party(M1, M05, "complainant"), build_party(M1, M05, "reporter"))
    row = replace(build_matter(M1, 0), next_owner="reporter")
    store.append(ORG, [Append(build_entry(M1, 0), matter=row, parties=parts)])
    assert store.matters_of(ORG, M05, "waits") == (row,)
    assert store.matters_of(ORG, M05, "open") == ()


def test_a_part_that_ended_is_in_no_list(store: Store) -> None:
    put(store, "a", days=1, owner="case-manager")
    ended = (build_party(StreamId("a"), M05, "case-manager", until=1), build_party(StreamId("a"), M06, "case-manager"))
    store.append(ORG, [Append(build_entry(StreamId("a"), 1), parties=ended)])
    assert store.matters_of(ORG, M05, "waits") == store.matters_of(ORG, M05, "open") == ()
    assert len(store.matters_of(ORG, M06, "waits")) == 1


@pytest.mark.parametrize("standing", ["waits", "closed"])
def test_pages_follow_one_another_without_gap_or_double_where_times_are_alike(
    store: Store, standing: ListStanding
) -> None:
    for number in range(7):
        row = put(store, f"m{number}", days=number // 3 if number < 6 else None, owner="case-manager")
        if standing == "closed":
            move(store, replace(row, closed_at=due(number // 3), next_due_at=None, next_owner=""), 1)
    whole = [one.stream for one in store.matters_of(ORG, M05, standing)]
    assert len(whole) == 7
    assert list(walk(store, standing)) == whole


def walk(store: Store, standing: ListStanding) -> Iterator[StreamId]:
    after: ListPlace | None = None
    while rows := store.matters_of(ORG, M05, standing, after, limit=2):
        yield from (row.stream for row in rows)
        after = rows[-1].closed_at or rows[-1].next_due_at, rows[-1].stream


def test_lists_of_a_role_go_on_after_a_place(store: Store) -> None:
    rows = [put(store, f"m{number}", days=number, owner="custodian") for number in range(3)]
    assert store.matters_owned(ORG, "custodian", limit=2) == tuple(rows[:2])
    assert store.matters_owned(ORG, "custodian", (rows[1].next_due_at, rows[1].stream)) == (rows[2],)
    assert store.matters_owned(OTHER, "custodian") == ()


def test_rebuilt_rows_are_listed_and_the_old_ones_are_not(store: Store) -> None:
    put(store, "a", days=1, owner="case-manager")
    row = replace(build_matter(M2, 0), next_owner="chair")
    store.replace_read_tables(ORG, (row,), (build_party(M2, M06, "chair"),))
    assert store.matters_of(ORG, M05, "waits") == store.matters_owned(ORG, "case-manager") == ()
    assert store.matters_of(ORG, M06, "waits") == store.matters_owned(ORG, "chair") == (row,)
    store.replace_rows(ORG, M2, replace(row, next_owner=""), (build_party(M2, M05, "chair"),))
    assert store.matters_of(ORG, M06, "waits") == store.matters_of(ORG, M06, "open") == ()
    assert len(store.matters_of(ORG, M05, "open")) == 1


def test_a_database_from_before_there_were_lists_is_filled_when_it_is_opened(database: Place) -> None:
    old = database.open()
    row = put(old, "a", days=1, owner="case-manager")
    assert isinstance(old, SqlStore)
    with old._transaction():
        for trigger, table in (("party_listed", "party"), ("party_unlisted", "party"), ("matter_relisted", "matter")):
            old._execute(f"DROP TRIGGER {trigger}" + (f" ON {table}" if database.kind == "postgresql" else ""))
        old._execute("DROP TABLE listing")
    database.close()
    again = database.open()
    assert again.matters_of(ORG, M05, "waits") == again.matters_owned(ORG, "case-manager") == (row,)
    move(again, replace(row, next_owner="chair"), 1)
    assert again.matters_of(ORG, M05, "waits") == ()


@pytest.mark.parametrize("standing", ["open", "closed"])
def test_a_page_is_read_by_an_index_however_many_matters_there_are(database: Place, standing: ListStanding) -> None:
    store = database.open()
    assert isinstance(store, SqlStore)
    rows = [replace(build_matter(StreamId(f"m{number:04d}"), 0), next_due_at=due(number)) for number in range(3000)]
    parties = [build_party(row.stream, f"m{number % 2}", "witness") for number, row in enumerate(rows)]
    store.replace_read_tables(ORG, rows, parties)
    with store._transaction():
        for table in ("listing", "matter"):
            store._execute(f"ANALYZE {table}")
    plan = explain(store, database.kind, standing)
    assert "listing_page" in plan
    assert not any(word in plan for word in ("Seq Scan", "SCAN listing", "SCAN m"))


def explain(store: SqlStore, kind: str, standing: ListStanding) -> str:
    """Return how the database reads a page, by the very statement that the store sends."""
    said: list[tuple[str, tuple[object, ...]]] = []
    execute = store._execute

    def listen(statement: str, *values: object) -> object:
        said.append((statement, values))
        return execute(statement, *values)

    store._execute = listen  # type: ignore[method-assign]  # to hear what is sent
    store.matters_of(ORG, PersonId("m0"), standing, limit=3)
    store._execute = execute  # type: ignore[method-assign]  # as before
    ((statement, values),) = said
    prefix = "EXPLAIN QUERY PLAN " if kind == "sqlite" else "EXPLAIN "
    return "\n".join(str(row[-1]) for row in store._rows(prefix + statement, *values))
