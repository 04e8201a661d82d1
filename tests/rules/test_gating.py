"""Which demands gate an act, and which rule it has: looked up by name, beside going through the rulebook."""

import pytest

from alteram.adapters.rulebooks import load_rulebook, shipped_names
from alteram.core.acts import all_specs
from alteram.core.rules import encode_rulebook
from alteram.core.rules.rulebook import ActRule, Rulebook, parse_canonical_rulebook

NAMES = [spec.name for spec in all_specs()]


def books() -> list[Rulebook]:
    return [load_rulebook(name) for name in shipped_names("rulebooks")]


def test_gating_demands_are_those_that_name_the_act_in_their_order() -> None:
    gated = 0
    for book in books():
        for name in NAMES:
            expected = tuple(demand for demand in book.demands if name in demand.gates)
            assert book.find_gating(name) == expected
            gated += len(expected)
    assert gated > 0


def test_act_without_gates_has_none() -> None:
    assert all(book.find_gating("no.such-act") == () for book in books())


def test_rule_of_an_act_is_the_first_that_names_it() -> None:
    for book in books():
        for name in NAMES:
            assert book.find_act_rule(name) == next((rule for rule in book.acts if rule.act == name), None)


def test_first_of_two_rules_for_one_act_counts() -> None:
    first, second = ActRule(act="vote.taken", by=("chair",)), ActRule(act="vote.taken", by=("anyone",))
    book = books()[0]
    twice = Rulebook(**{**{name: getattr(book, name) for name in book.__struct_fields__}, "acts": (first, second)})
    assert twice.find_act_rule("vote.taken") == first


def test_what_was_looked_up_changes_neither_equality_nor_spelling() -> None:
    for book in books():
        spelled = encode_rulebook(book)
        fresh = parse_canonical_rulebook(spelled)
        book.find_gating("vote.taken")
        book.find_act_rule("vote.taken")
        assert book == fresh
        assert encode_rulebook(book) == spelled


def test_rulebook_cannot_be_changed_by_its_reader() -> None:
    with pytest.raises(AttributeError):
        books()[0].title = "Another"  # type: ignore[misc] # what is tested
