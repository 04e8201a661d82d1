"""Every pack's cases come to what they say, and everything a pack demands ships cases of every result it can have."""

import pytest

from alteram.adapters.rulebooks import load_pack, load_pack_cases, pack_case_names, shipped_names
from alteram.core.rules.parsing import find_difference, run_case
from alteram.core.rules.requirements import get_requirement

_FILES = [(pack, name) for pack in shipped_names("packs") for name in pack_case_names(pack)]
_THINGS = [(pack, one.id) for pack in shipped_names("packs") for one in load_pack(pack).things]


def join(pair: tuple[str, str]) -> str:
    return "/".join(pair)


@pytest.mark.parametrize("file", _FILES, ids=join)
def test_every_case_of_a_pack_comes_to_what_it_expects(file: tuple[str, str]) -> None:
    differences = [find_difference(case, run_case(case)) for case in load_pack_cases(*file)]
    assert [one for one in differences if one] == []


@pytest.mark.parametrize("file", _FILES, ids=join)
def test_case_file_is_named_for_what_it_asks_of_its_own_pack(file: tuple[str, str]) -> None:
    cases = load_pack_cases(*file)
    assert {(case.pack.id if case.pack else "", case.asked.id) for case in cases} == {file}


@pytest.mark.parametrize("thing", _THINGS, ids=join)
def test_everything_a_pack_demands_ships_a_case_that_passes_one_that_fails_and_one_that_leaves_it_unknown(
    thing: tuple[str, str],
) -> None:
    assert thing in _FILES, f"ship cases in packs/{thing[0]}/histories/{thing[1]}.yaml"
    assert {"PASS", "FAIL", "UNKNOWN"} <= {case.expected for case in load_pack_cases(*thing)}


@pytest.mark.parametrize("thing", _THINGS, ids=join)
def test_what_may_be_ruled_on_says_who_rules_and_ships_a_case_that_was_ruled(thing: tuple[str, str]) -> None:
    demand = load_pack(thing[0]).find_demand(thing[1])
    if demand is None or not get_requirement(demand.kind).may_be_ruled:
        return
    assert demand.ruled_by
    assert "RULED" in {case.expected for case in load_pack_cases(*thing)}
