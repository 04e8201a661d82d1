"""What the prover proposes can be written into the file it was read from, and says there just what was proposed."""

import pytest

from alteram.adapters.rulebooks.library import read_shipped
from alteram.adapters.rulebooks.yaml_writer import change_items, drop_item, put_item, spell, spell_item
from alteram.bootstrap.rulebooks import read_rulebook, write_amendment
from alteram.core.rules.proving.amending import Edit, propose
from alteram.core.rules.proving.prove import PROPERTIES, prove
from alteram.core.rules.proving.searching import Scope

CLUB = read_shipped("rulebooks", "small-club").decode()
FILE = """\
# Ours.
stages:
  - {id: one, title: The first}
  # About the second.
  - id: two
    title: The second
    within: {weeks: 2}

acts:
  - {acts: [a], by: [chair]}
"""


def weaken(text: str) -> str:
    """Return the club's rules without any requirement, and with nobody who takes over what is late."""
    head = text.partition("\nrequirements:")[0] + "\n"
    return head.replace(", overdue_to: custodian", "").replace(", overdue_to: chair", "")


def test_item_that_fits_stands_on_one_line() -> None:
    assert spell_item({"id": "one", "by": ["chair", "custodian"]}) == ["  - {id: one, by: [chair, custodian]}"]


def test_item_that_does_not_fit_has_a_line_for_each_field() -> None:
    title = "A long title " * 8 + "ends"
    assert spell_item({"id": "one", "title": title, "gates": ["a.b"]}) == [
        "  - id: one",
        f"    title: {title}",
        "    gates: [a.b]",
    ]


@pytest.mark.parametrize(
    ("value", "spelt"),
    [
        ("5", '"5"'),
        (5, "5"),
        (True, "true"),
        ("yes", '"yes"'),
        ("one, two", '"one, two"'),
        ("A day's work", "A day's work"),
        ({"a": {}}, "{a: {}}"),
        ("a: b", '"a: b"'),
    ],
)
def test_value_is_spelt_so_that_it_is_read_as_it_was(value: object, spelt: str) -> None:
    assert spell(value) == spelt


def test_item_takes_the_place_of_the_one_with_its_name_and_leaves_the_rest() -> None:
    changed = put_item(FILE, "stages", "id", {"id": "two", "title": "Other"})
    old = "  - id: two\n    title: The second\n    within: {weeks: 2}\n"
    assert changed == FILE.replace(old, "  - {id: two, title: Other}\n")


def test_item_that_is_new_stands_at_the_end_of_its_list() -> None:
    changed = put_item(FILE, "stages", "id", {"id": "three"})
    assert changed == FILE.replace("{weeks: 2}\n", "{weeks: 2}\n  - {id: three}\n")


def test_list_that_is_not_there_is_begun() -> None:
    assert put_item(FILE, "more", "id", {"id": "x"}) == f"{FILE}\nmore:\n  - {{id: x}}\n"


def test_last_item_of_a_file_without_a_last_line_feed_is_found() -> None:
    assert put_item("a:\n  - id: x\n    b: c", "a", "id", {"id": "y"}) == "a:\n  - id: x\n    b: c\n  - {id: y}"


def test_fields_are_changed_and_the_others_kept() -> None:
    changed = change_items(FILE, "stages", "id", {"id": "two", "within": {"days": 5}, "owner": "chair"})
    assert "  - {id: two, title: The second, within: {days: 5}, owner: chair}\n\nacts:" in changed
    assert "# About the second." in changed


def test_dropped_item_goes_and_its_list_with_the_last() -> None:
    without = drop_item(FILE, "stages", "id", "one")
    assert "The first" not in without
    assert "stages:" not in drop_item(without, "stages", "id", "two")


@pytest.mark.parametrize("property_id", ["silence", "ladder", "appeals"])
def test_every_proposal_can_be_written_into_the_file(property_id: str) -> None:
    text = weaken(CLUB)
    rulebook = read_rulebook(text.encode(), "club.yaml")
    chosen = tuple(one for one in PROPERTIES if one.id == property_id)
    (result,) = prove(rulebook, (), Scope(1), properties=chosen).results
    assert result.verdict == "refuted"
    for violation in result.violations:
        amendment = propose(rulebook, property_id, violation)
        assert amendment is not None
        written = write_amendment(text, amendment)
        assert written is not None
        assert written != text
        assert written.startswith(text[:200])


def test_amendment_that_would_say_something_else_in_the_file_is_not_written() -> None:
    text = weaken(CLUB)
    rulebook = read_rulebook(text.encode(), "club.yaml")
    (silence,) = (one for one in PROPERTIES if one.id == "silence")
    (result,) = prove(rulebook, (), Scope(1), properties=(silence,)).results
    amendment = propose(rulebook, "silence", result.violations[0])
    assert amendment is not None
    other = Edit("procedures", {"id": "nowhere", "overdue_to": "chair"}, "change")
    assert write_amendment(text, type(amendment)(amendment.title, (other,), amendment.rulebook)) is None
