"""Numbers that single nobody out: what is hidden, what cannot be worked out, and what a quarter counts."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.core.acts import MatterClosed
from alteram.core.kernel.identifiers import StreamId
from alteram.operations.statistics import Group, Release, Table, add_up, build_release, count_figures, hide_small
from tests.worlds import (
    COMPLAINANT,
    CUSTODIAN,
    MANAGER,
    START,
    World,
    begin_matter,
    do,
    found_small_body,
    open_world,
    report,
)

ROWS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), min_size=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A small body."""
    with open_world("memory", tmp_path) as world:
        yield world


@pytest.mark.parametrize(
    ("counts", "shown", "total"),
    [
        ({"a": 5, "b": 0}, {"a": 5, "b": 0}, 5),
        ({"a": 4, "b": 0}, {"a": None, "b": None}, None),
        ({"a": 4, "b": 6, "c": 9}, {"a": None, "b": None, "c": 9}, 19),
        ({"a": 4, "b": 4, "c": 9}, {"a": None, "b": None, "c": 9}, 17),
        ({"a": 1, "b": 1, "c": 7, "d": 8}, {"a": None, "b": None, "c": None, "d": 8}, 17),
        ({"a": 0, "b": 0}, {"a": 0, "b": 0}, 0),
    ],
)
def test_small_numbers_are_hidden_with_others_beside_them(
    counts: dict[str, int], shown: dict[str, int | None], total: int | None
) -> None:
    table = hide_small("reports", counts, least=5)
    assert (dict(table.rows), table.total) == (shown, total)


@given(ROWS, st.integers(2, 9))
def test_no_number_that_is_hidden_follows_from_those_that_are_shown(counts: dict[str, int], least: int) -> None:
    table = hide_small("reports", counts, least=least)
    shown = {name: count for name, count in table.rows if count is not None}
    hidden = [name for name, count in table.rows if count is None]
    assert all(count == counts[name] and (count == 0 or count >= least) for name, count in shown.items())
    if table.total is not None and hidden:
        rest = table.total - sum(shown.values())
        assert len(hidden) >= 2
        assert rest >= least
    assert table.total is None or table.total == sum(counts.values())


def test_quarter_counts_what_was_recorded_in_it_and_no_instant_twice(world: World) -> None:
    organisation = world.open()
    found_small_body(organisation)
    do(organisation, StreamId("first"), report(), COMPLAINANT)
    world.clock.pass_time(days=1)
    do(organisation, StreamId("second"), report(), COMPLAINANT)
    edge = START + timedelta(days=1)
    before = count_figures(organisation, START - timedelta(days=90), edge)
    after = count_figures(organisation, edge, edge + timedelta(days=90))
    assert (before.counts["reports"]["named"], after.counts["reports"]["named"]) == (1, 1)


def test_outcome_time_and_lateness_of_a_stage_are_counted_where_they_fell(world: World) -> None:
    organisation = world.open()
    found_small_body(organisation)
    begin_matter(organisation)
    world.clock.pass_time(days=30)
    do(organisation, StreamId("m1"), MatterClosed(approved_by=CUSTODIAN), MANAGER)
    figures = count_figures(organisation, START, START + timedelta(days=60))
    assert figures.counts["outcomes"]["closed"] == 1
    assert figures.counts["deadlines"] == {"kept": 1, "missed-intake": 0, "missed-triage": 1}
    assert figures.days["triage"] == (30.0,)


def test_quarter_counts_what_another_process_recorded_since_the_matter_was_read_here(world: World) -> None:
    here = world.open()
    found_small_body(here)
    begin_matter(here)
    there = world.open()
    world.clock.pass_time(days=3)
    do(there, StreamId("m1"), MatterClosed(approved_by=CUSTODIAN), MANAGER)
    assert count_figures(here, START, START + timedelta(days=60)).counts["outcomes"]["closed"] == 1


@pytest.mark.parametrize(("matters", "named", "median"), [(4, None, None), (5, 5, 3)])
def test_release_shows_from_the_smallest_number_on(
    world: World, matters: int, named: int | None, median: int | None
) -> None:
    organisation = world.open()
    found_small_body(organisation)
    for number in range(matters):
        begin_matter(organisation, StreamId(f"m{number}"))
    world.clock.pass_time(days=3)
    for number in range(matters):
        do(organisation, StreamId(f"m{number}"), MatterClosed(approved_by=CUSTODIAN), MANAGER)
    release = build_release(organisation, START, START + timedelta(days=60))
    reports = next(one for one in release.tables if one.group == "reports")
    assert dict(reports.rows)["named"] == named
    assert dict(release.medians)["triage"] == median


def test_every_row_that_can_be_stands_there_before_anything_happened(world: World) -> None:
    organisation = world.open()
    found_small_body(organisation)
    empty = count_figures(organisation, START, START + timedelta(days=60))
    begin_matter(organisation)
    filled = count_figures(organisation, START, START + timedelta(days=60))
    assert {group: list(rows) for group, rows in empty.counts.items()} == {
        group: list(rows) for group, rows in filled.counts.items()
    }
    assert list(empty.days) == list(filled.days) == ["intake", "triage", "closed"]


@st.composite
def released(draw: st.DrawFn) -> Release:
    """Return a release of three tables of the same rows, as it would be shown."""
    least = draw(st.integers(2, 6))
    groups: tuple[Group, ...] = ("reports", "outcomes", "deadlines")
    counts = {group: {name: draw(st.integers(0, 9)) for name in ("a", "b", "c")} for group in groups}
    return Release(tuple(hide_small(group, rows, least=least) for group, rows in counts.items()), (), least)


@given(st.lists(released(), min_size=1, max_size=5))
def test_quarters_together_say_nothing_that_they_do_not_say_one_by_one(releases: list[Release]) -> None:
    for place, series in enumerate(add_up(releases)):
        tables = [one.tables[place] for one in releases]
        assert series.totals == tuple(table.total for table in tables)
        for name, numbers, together in series.rows:
            assert numbers == tuple(dict(table.rows)[name] for table in tables)
            assert together == (None if None in numbers else sum(one for one in numbers if one is not None))


@given(st.lists(released(), min_size=2, max_size=5), st.data())
def test_difference_of_two_periods_is_made_of_numbers_that_are_shown(
    releases: list[Release], data: st.DataObject
) -> None:
    shorter = data.draw(st.integers(1, len(releases) - 1))
    for long, short in zip(add_up(releases), add_up(releases[:shorter]), strict=True):
        for (_, numbers, whole), (_, _, part) in zip(long.rows, short.rows, strict=True):
            if whole is not None:
                assert part is not None
                assert whole - part == sum(one for one in numbers[shorter:] if one is not None)
                assert None not in numbers


def test_row_that_a_release_does_not_have_counts_as_nothing_in_it() -> None:
    old = Release((Table("deadlines", (("kept", 7),), 7),), (), 5)
    new = Release((Table("deadlines", (("kept", 8), ("missed-hearing", None)), None),), (), 5)
    (series,) = add_up([old, new])
    assert series.rows == (("kept", (7, 8), 15), ("missed-hearing", (0, None), None))
    assert (series.totals, series.total) == ((7, None), None)
