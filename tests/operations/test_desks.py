"""Desks: open and closed matters, page by page, and the rules asked about every act."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from alteram.core.acts import ExtensionAsked, MatterClosed
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.operations import desks
from alteram.operations.desks import Desks, Task, find_desks
from alteram.operations.organisation import Organisation
from alteram.operations.ports import ListPlace
from alteram.operations.questions import find_open_acts
from tests.worlds import (
    CHAIR,
    COMPLAINANT,
    CUSTODIAN,
    MANAGER,
    MEMBER,
    OUTSIDER,
    RESPONDENT,
    begin_matter,
    do,
    found_small_body,
    open_world,
)

CLOSED, OPEN = (
    [StreamId(f"closed-{number}") for number in range(5)],
    [StreamId(f"open-{number}") for number in range(3)],
)


@pytest.fixture
def organisation(tmp_path: Path) -> Iterator[Organisation]:
    """Five matters that are closed, and three that are open."""
    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation)
        for stream in (*CLOSED, *OPEN):
            begin_matter(organisation, stream)
        for stream in CLOSED:
            do(organisation, stream, MatterClosed(approved_by=CUSTODIAN), MANAGER)
        yield organisation


def look(organisation: Organisation, person: PersonId, *, closed: bool = False, limit: int = 50) -> Desks:
    return find_desks(organisation, person, now=organisation.ports.clock(), closed=closed, limit=limit)


def tasks(found: Desks) -> list[Task]:
    return [task for desk in found.desks for task in desk.tasks]


def walk(organisation: Organisation, person: PersonId, limit: int) -> list[int]:
    """Return how many closed matters each page looked into."""
    pages: list[int] = []
    after: ListPlace | None = None
    while True:
        found = find_desks(organisation, person, now=organisation.ports.clock(), closed=True, limit=limit, after=after)
        pages.append(found.matters)
        after = found.after
        if after is None:
            return pages


def test_open_matters_and_closed_ones_are_apart(organisation: Organisation) -> None:
    assert {task.matter for task in tasks(look(organisation, MANAGER))} <= set(OPEN)
    assert look(organisation, MANAGER).matters == len(OPEN)
    assert {task.matter for task in tasks(look(organisation, MANAGER, closed=True))} <= set(CLOSED)
    assert look(organisation, MANAGER, closed=True).matters == len(CLOSED)


@pytest.mark.parametrize("person", [COMPLAINANT, MEMBER, OUTSIDER])
def test_who_keeps_nothing_has_no_desk_of_closed_matters(organisation: Organisation, person: PersonId) -> None:
    assert look(organisation, person, closed=True).desks == ()


@pytest.mark.parametrize("limit", [1, 2, 4, 5, 6])
@pytest.mark.parametrize("person", [MANAGER, CUSTODIAN], ids=["by a part", "by an office"])
@pytest.mark.parametrize("scanned", [1, 3, 100])
def test_pages_of_closed_matters_follow_one_another(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch, person: PersonId, limit: int, scanned: int
) -> None:
    monkeypatch.setattr(desks, "_SCANNED", scanned)
    pages = walk(organisation, person, limit)
    assert sum(pages) == len(CLOSED)
    assert max(pages) <= limit


@pytest.mark.parametrize("person", [MANAGER, CHAIR, CUSTODIAN])
def test_every_act_on_a_desk_is_told_with_what_the_rules_say(organisation: Organisation, person: PersonId) -> None:
    for closed in (False, True):
        for task in tasks(look(organisation, person, closed=closed)):
            found = {one.spec.name: one for one in find_open_acts(organisation, task.matter, person).acts}
            if not task.next.fills:
                assert task.ruling == found[task.next.act].ruling
            elif not isinstance(task.ruling, Refused):
                assert not isinstance(found[task.next.act].ruling, Refused)


def test_task_about_one_entry_is_ruled_on_for_that_entry(organisation: Organisation) -> None:
    until = organisation.ports.clock() + timedelta(days=20)
    first = do(organisation, OPEN[0], ExtensionAsked(until=until, reasons="I am ill."), RESPONDENT).seq
    second = do(organisation, OPEN[0], ExtensionAsked(until=until, reasons="I am away."), COMPLAINANT).seq
    asked = [one for one in tasks(look(organisation, MANAGER)) if one.next.act == "extension.granted"]
    assert {one.next.fills for one in asked} == {(("request", str(first)),), (("request", str(second)),)}
    assert not any(isinstance(one.ruling, Refused) for one in asked)


def test_what_waits_in_a_closed_matter_and_needs_it_open_is_told_as_refused(organisation: Organisation) -> None:
    do(
        organisation,
        OPEN[1],
        ExtensionAsked(until=organisation.ports.clock() + timedelta(days=20), reasons="I am ill."),
        RESPONDENT,
    )
    do(organisation, OPEN[1], MatterClosed(approved_by=CUSTODIAN), MANAGER)
    waiting = [one for one in tasks(look(organisation, MANAGER, closed=True)) if one.matter == OPEN[1]]
    refused = {one.next.act: one.ruling for one in waiting}["extension.granted"]
    assert isinstance(refused, Refused)
    assert (refused.code, refused.missing) == ("matter.closed", ("matter.reopened",))
