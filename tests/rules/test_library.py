"""What the library of requirements says of itself is true: what it reads, what it covers, that it is used."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, get_args

import pytest

from alteram.adapters.rulebooks import load_cases, load_rulebook
from alteram.core.acts.fields import Act
from alteram.core.matters import AnyEvent
from alteram.core.rules.parsing import run_case
from alteram.core.rules.requirements import Requirement, all_requirements
from alteram.core.rules.rulebook import Guarantee
from alteram.core.rules.sources import SOURCES
from alteram.core.rules.view import View

_KINDS = pytest.mark.parametrize("kind", all_requirements(), ids=lambda kind: kind.kind)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[type[Act]]]:
    """Note every kind of act that a predicate reads, through whichever door of its view."""
    noted: dict[str, set[type[Act]]] = defaultdict(set)
    declared, find = View._declared, View.find

    def note_declared(view: View, kinds: Iterable[type[Act]]) -> None:
        kinds = tuple(kinds)
        noted[view.demand.kind].update(kinds)
        declared(view, kinds)

    def note_found(view: View, seq: int | None) -> AnyEvent | None:
        found = find(view, seq)
        if found is not None:
            noted[view.demand.kind].add(type(found.act))
        return found

    monkeypatch.setattr(View, "_declared", note_declared)
    monkeypatch.setattr(View, "find", note_found)
    return noted


@_KINDS
def test_everything_a_kind_declares_to_read_is_read_in_some_case(
    kind: Requirement[Any], read: dict[str, set[type[Act]]]
) -> None:
    for case in load_cases(kind.kind):
        run_case(case)
    unread = kind.reads - read[kind.kind] - set(kind.anchors)
    assert not unread, sorted(one.__name__ for one in unread)


@_KINDS
def test_nothing_is_read_that_a_kind_does_not_declare(kind: Requirement[Any], read: dict[str, set[type[Act]]]) -> None:
    for case in load_cases(kind.kind):
        run_case(case)
    assert read[kind.kind] <= kind.reads


@_KINDS
def test_kind_reads_at_least_two_kinds_of_act(kind: Requirement[Any]) -> None:
    assert len(kind.reads) >= 2


@_KINDS
def test_kind_covers_published_requirements_that_are_in_the_list_of_sources(kind: Requirement[Any]) -> None:
    assert kind.covers
    assert set(kind.covers) <= SOURCES.keys()


@_KINDS
def test_kind_says_in_one_sentence_what_it_asks(kind: Requirement[Any]) -> None:
    assert kind.help.endswith(".")
    assert 20 <= len(kind.help) <= 120


def test_library_covers_at_least_forty_published_requirements() -> None:
    assert len({one for kind in all_requirements() for one in kind.covers}) >= 40


def test_caucus_rulebook_demands_something_under_every_guarantee() -> None:
    demanded = {demand.guarantee for demand in load_rulebook("caucus").demands}
    assert demanded == set(get_args(Guarantee))


def test_every_source_says_where_it_was_found() -> None:
    assert all(one.citation and one.status in {"F", "S", "G"} for one in SOURCES.values())
