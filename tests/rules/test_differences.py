"""What changed between two versions of a rulebook, part by part."""

import msgspec
import pytest

from alteram.adapters.rulebooks import load_rulebook
from alteram.core.rules import Rulebook
from alteram.core.rules.differences import find_differences, has_moved
from alteram.core.rules.rulebook import SecondKeyRule


@pytest.fixture
def caucus() -> Rulebook:
    return load_rulebook("caucus")


def test_version_differs_from_itself_in_nothing(caucus: Rulebook) -> None:
    assert find_differences(caucus, caucus) == ()
    assert not has_moved(caucus, caucus)


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ("clause", "clauses"),
        ("act", "acts"),
        ("demand", "demands"),
        ("procedure", "procedures"),
        ("sanction", "sanctions"),
        ("breach", "breaches"),
        ("office", "offices"),
        ("body", "bodies"),
        ("departure", "departures"),
        ("second_key", "second_key"),
        ("pack", "builds_on"),
    ],
)
def test_what_is_taken_away_is_told_as_removed_and_what_is_put_in_as_added(
    caucus: Rulebook, part: str, field: str
) -> None:
    whole = getattr(caucus, field)
    shorter = msgspec.structs.replace(caucus, **{field: whole[1:]})
    removed, added = find_differences(caucus, shorter), find_differences(shorter, caucus)
    assert [(one.part, one.old, one.new) for one in removed] == [(part, whole[0], None)]
    assert [(one.part, one.old, one.new) for one in added] == [(part, None, whole[0])]


def test_what_is_changed_is_told_before_and_after(caucus: Rulebook) -> None:
    first = caucus.clauses[0]
    changed = msgspec.structs.replace(first, text="Other words.")
    after = msgspec.structs.replace(caucus, clauses=(changed, *caucus.clauses[1:]))
    assert [(one.name, one.old, one.new) for one in find_differences(caucus, after)] == [(first.id, first, changed)]


def test_order_alone_is_no_difference(caucus: Rulebook) -> None:
    after = msgspec.structs.replace(caucus, clauses=caucus.clauses[::-1])
    assert find_differences(caucus, after) == ()


def test_rulebook_that_asks_for_no_second_key_differs_from_one_that_does(caucus: Rulebook) -> None:
    none = msgspec.structs.replace(caucus, second_key=msgspec.UNSET)
    one = msgspec.structs.replace(caucus, second_key=(SecondKeyRule(act="pack.adopted", by=("chair",)),))
    assert [(found.part, found.name) for found in find_differences(none, one)] == [("second_key", "pack.adopted")]


@pytest.mark.parametrize("field", ["title", "jurisdiction"])
def test_name_and_place_of_the_rules_are_told_apart(caucus: Rulebook, field: str) -> None:
    after = msgspec.structs.replace(caucus, **{field: "Other"})
    assert has_moved(caucus, after)
    assert find_differences(caucus, after) == ()
