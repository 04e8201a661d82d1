"""The catalogue of published requirements is whole, and what it says of each is so."""

import pytest

from alteram.adapters.rulebooks import load_pack, shipped_names
from alteram.adapters.rulebooks.catalogue import Published, count_cases, load_catalogue
from alteram.core.rules.requirements import get_requirement
from alteram.core.rules.rulebook import Demand
from alteram.core.rules.sources import SOURCES
from alteram.core.rules.standards import Metric, NamedResult
from tools.fill_catalogue import TARGET, build_table

_ROWS = pytest.mark.parametrize("row", load_catalogue(), ids=lambda row: row.id)


def asked(row: Published) -> list[Demand | NamedResult | Metric]:
    return [one for one in load_pack(row.pack).things if one.id in row.asked]


def is_so(row: Published) -> bool:
    things = asked(row)
    demands = [one for one in things if isinstance(one, Demand)]
    match row.how:
        case "ruled":
            return any(get_requirement(one.kind).may_be_ruled for one in demands)
        case "parameter":
            return any(one.parameters for one in demands)
        case "executable":
            return any(not get_requirement(one.kind).may_be_ruled for one in demands)
        case "result":
            return all(isinstance(one, NamedResult) for one in things)
        case "metric" | "hint":
            return all(isinstance(one, Metric) for one in things)


def test_every_published_requirement_is_there_once_with_its_source_and_status() -> None:
    listed = [(row.id, row.source, row.status) for row in load_catalogue()]
    assert listed == [(one.id, one.citation, one.status) for one in SOURCES.values()]
    assert len(listed) == 106


def test_every_pack_that_the_catalogue_names_ships() -> None:
    named = {row.pack for row in load_catalogue()}
    assert named <= set(shipped_names("packs"))


@_ROWS
def test_what_a_row_names_is_in_its_pack_and_covers_it(row: Published) -> None:
    things = asked(row)
    assert row.asked
    assert {one.id for one in things} == set(row.asked)
    assert all(row.id in (one.covers or ()) for one in things)


@_ROWS
def test_how_a_requirement_is_asked_is_so(row: Published) -> None:
    assert is_so(row), (row.how, row.asked)


@_ROWS
def test_every_requirement_ships_a_case_that_passes_one_that_fails_and_one_that_leaves_it_unknown(
    row: Published,
) -> None:
    counts = count_cases(row)
    assert all(counts[result] for result in ("PASS", "FAIL", "UNKNOWN")), counts
    assert row.how != "ruled" or counts["RULED"]


def test_the_table_is_what_the_packs_say_they_cover() -> None:
    text = TARGET.read_text(encoding="utf-8")
    assert build_table(text) == text
