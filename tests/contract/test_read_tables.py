"""ReadTables: disposable rows for lists, and the outbox."""

from dataclasses import replace
from datetime import timedelta

import pytest

from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.operations.ports import Append, OutboxItem, Store
from tests.contract.places import M1, M2, NOON, ORG, OTHER, Place, build_append, build_entry, build_matter, build_party

M05, M06 = PersonId("m05"), PersonId("m06")


def test_the_newest_row_of_a_matter_is_shown_with_the_day_it_was_first_opened(store: Store) -> None:
    store.append(ORG, [build_append(M1, 0)])
    later = replace(build_matter(M1, 1, stage="hearing"), opened_at=NOON + timedelta(days=9))
    store.append(ORG, [Append(build_entry(M1, 1), matter=later)])
    assert store.matters(ORG) == (replace(later, opened_at=NOON),)


def test_every_field_of_a_matter_is_kept(store: Store) -> None:
    full = replace(
        build_matter(M1, 0), closed_at=NOON, next_due_at=NOON + timedelta(days=2), next_owner="case-manager"
    )  # fmt: skip
    store.append(ORG, [Append(build_entry(M1, 0), matter=full)])
    assert store.matters(ORG) == (full,)


def test_an_act_without_a_row_leaves_the_row_alone(store: Store) -> None:
    store.append(ORG, [build_append(M1, 0)])
    store.append(ORG, [Append(build_entry(M1, 1))])
    assert store.matters(ORG) == (build_matter(M1, 0),)


@pytest.mark.parametrize(("after", "limit", "found"), [("", 2, ["m1", "m2"]), ("m2", 9, ["m3"]), ("m3", 9, [])])
def test_matters_are_listed_page_by_page(store: Store, after: str, limit: int, found: list[str]) -> None:
    for name in ("m3", "m1", "m2"):
        store.append(ORG, [build_append(StreamId(name), 0)])
    assert [row.stream for row in store.matters(ORG, after=after, limit=limit)] == found


def test_parts_of_a_person_are_those_that_have_not_ended(store: Store) -> None:
    rows = (
        build_party(M1, "m05", "respondent"),
        build_party(M1, "m05", "witness", until=1),
        build_party(M1, "m06", "complainant"),
    )
    store.append(ORG, [Append(build_entry(M1, 0), parties=rows)])
    store.append(ORG, [Append(build_entry(M2, 0), parties=(build_party(M2, "m05", "chair"),))])
    assert store.parts_of(ORG, M05) == (rows[0], build_party(M2, "m05", "chair"))
    assert store.parts_of(ORG, M05, limit=1) == (rows[0],)
    assert store.parts_of(OTHER, M05) == ()


def test_matters_in_which_somebody_has_or_had_a_part_are_listed_page_by_page(store: Store) -> None:
    for name in ("m3", "m1", "m2", "m4"):
        stream = StreamId(name)
        rows = (
            build_party(stream, "m05", "respondent", until=1 if name == "m2" else None),
            build_party(stream, "m05", "witness"),
            build_party(stream, "m06", "complainant"),
        )
        store.append(ORG, [Append(build_entry(stream, 0), parties=rows[2:] if name == "m3" else rows)])
    assert store.streams_of(ORG, M05) == ("m1", "m2", "m4")
    assert store.streams_of(ORG, M05, limit=2) == ("m1", "m2")
    assert store.streams_of(ORG, M05, after="m1", limit=1) == ("m2",)
    assert store.streams_of(ORG, M05, after="m4") == ()
    assert store.streams_of(OTHER, M05) == ()


def test_parties_are_replaced_whole_and_kept_where_nothing_is_said(store: Store) -> None:
    store.append(ORG, [Append(build_entry(M1, 0), parties=(build_party(M1, "m05", "respondent"),))])
    store.append(ORG, [Append(build_entry(M1, 1))])
    assert len(store.parts_of(ORG, M05)) == 1
    store.append(ORG, [Append(build_entry(M1, 2), parties=(build_party(M1, "m06", "respondent", since=2),))])
    assert store.parts_of(ORG, M05) == ()
    store.append(ORG, [Append(build_entry(M1, 3), parties=())])
    assert store.dump_read_tables(ORG)[1] == ()


def test_one_person_may_take_the_same_part_again(store: Store) -> None:
    rows = (build_party(M1, "m05", "chair", until=3), build_party(M1, "m05", "chair", since=4))
    store.append(ORG, [Append(build_entry(M1, 0), parties=rows)])
    assert store.dump_read_tables(ORG)[1] == rows


def test_all_rows_are_dumped_in_a_fixed_order(store: Store) -> None:
    for name, people in (("m2", ("m06", "m05")), ("m1", ("m1_", "m10"))):
        stream = StreamId(name)
        parties = tuple(build_party(stream, person, "witness") for person in people)
        store.append(ORG, [replace(build_append(stream, 0), parties=parties)])
    matters, parties = store.dump_read_tables(ORG)
    assert [row.stream for row in matters] == [M1, M2]
    assert [(row.stream, row.person) for row in parties] == [(M1, "m10"), (M1, "m1_"), (M2, "m05"), (M2, "m06")]


def test_rebuilt_rows_take_the_place_of_all_others_of_that_organisation(store: Store) -> None:
    for organisation in (ORG, OTHER):
        store.append(organisation, [replace(build_append(M1, 0), parties=(build_party(M1, "m05", "chair"),))])
    fresh = (build_matter(M2, 3), build_matter(StreamId("m9"), 1)), (build_party(M2, "m06", "witness"),)
    store.replace_read_tables(ORG, *fresh)
    assert store.dump_read_tables(ORG) == fresh
    assert store.dump_read_tables(OTHER) == ((build_matter(M1, 0),), (build_party(M1, "m05", "chair"),))


def test_dumped_rows_put_back_are_the_same(store: Store) -> None:
    store.append(ORG, [replace(build_append(M1, 0), parties=(build_party(M1, "m05", "chair"),)), build_append(M2, 0)])
    before = store.dump_read_tables(ORG)
    store.replace_read_tables(ORG, (), ())
    assert store.dump_read_tables(ORG) == ((), ())
    store.replace_read_tables(ORG, *before)
    assert store.dump_read_tables(ORG) == before


def test_rows_of_one_matter_are_replaced_and_those_of_others_left(store: Store) -> None:
    for stream in (M1, M2):
        store.append(ORG, [replace(build_append(stream, 0), parties=(build_party(stream, "m05", "chair"),))])
    store.replace_rows(ORG, M1, build_matter(M1, 7, stage="closed"), (build_party(M1, "m06", "witness"),))
    matters, parties = store.dump_read_tables(ORG)
    assert [(row.stream, row.stage) for row in matters] == [(M1, "closed"), (M2, "intake")]
    assert [(row.stream, row.person) for row in parties] == [(M1, "m06"), (M2, "m05")]


def test_the_outbox_gives_what_is_not_done_oldest_first(store: Store) -> None:
    items = [OutboxItem("notice", M1, seq, "respondent") for seq in range(3)]
    for seq, item in enumerate(items):
        store.append(ORG, [Append(build_entry(M1, seq), outbox=(item,))])
    taken = store.take_outbox(ORG, 10)
    assert [item for _, item in taken] == items
    assert store.take_outbox(ORG, 2) == taken[:2]
    store.complete_outbox(ORG, [taken[1][0]])
    assert store.take_outbox(ORG, 10) == (taken[0], taken[2])


def test_what_was_taken_and_not_completed_is_given_again(store: Store) -> None:
    store.append(ORG, [build_append(M1, 0)])
    assert store.take_outbox(ORG, 1) == store.take_outbox(ORG, 1) != ()


def test_completing_nothing_or_twice_changes_nothing(store: Store) -> None:
    store.append(ORG, [build_append(M1, 0), build_append(M1, 1)])
    number = store.take_outbox(ORG, 1)[0][0]
    store.complete_outbox(ORG, [])
    assert len(store.take_outbox(ORG, 10)) == 2
    for _ in range(2):
        store.complete_outbox(ORG, [number])
    assert len(store.take_outbox(ORG, 10)) == 1


def test_one_organisation_does_not_complete_what_another_has_to_tell(store: Store) -> None:
    for organisation in (ORG, OTHER):
        store.append(organisation, [build_append(M1, 0)])
    theirs = store.take_outbox(OTHER, 1)
    store.complete_outbox(ORG, [theirs[0][0]])
    assert store.take_outbox(OTHER, 1) == theirs


def test_rows_and_outbox_outlive_the_process(database: Place) -> None:
    store = database.open()
    store.append(ORG, [replace(build_append(M1, 0), parties=(build_party(M1, "m05", "chair"),))])
    before = store.dump_read_tables(ORG), store.take_outbox(ORG, 10)
    database.close()
    again = database.open()
    assert (again.dump_read_tables(ORG), again.take_outbox(ORG, 10)) == before
