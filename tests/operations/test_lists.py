"""My matters: what waits comes first, parts and offices both count, pages, and nothing that is not open to somebody."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from alteram.core.acts import CaseManagerAssigned, HistoryEntered, MatterClosed, PersonRecused
from alteram.core.acts.reported import Reported
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.operations.lists import Cursor, View, find_my_matters
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform
from tests.worlds import (
    CHAIR,
    COMPLAINANT,
    CUSTODIAN,
    MANAGER,
    MEMBER,
    OUTSIDER,
    begin_matter,
    do,
    found_small_body,
    open_world,
    report,
)

REPORTED, HANDLED, CLOSED = StreamId("reported"), StreamId("handled"), StreamId("closed")


@pytest.fixture
def organisation(tmp_path: Path) -> Iterator[Organisation]:
    """Three matters: one just reported, which waits on the custodian; one that is handled; one that is closed."""
    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation)
        do(organisation, REPORTED, report(), COMPLAINANT)
        begin_matter(organisation, HANDLED)
        begin_matter(organisation, CLOSED)
        do(organisation, CLOSED, MatterClosed(approved_by=CUSTODIAN), MANAGER)
        yield organisation


def look(organisation: Organisation, person: PersonId, view: View = "open") -> list[tuple[str, bool]]:
    return [(one.row.stream, one.waits) for one in find_my_matters(organisation, person, view).matters]


def test_what_waits_on_somebody_comes_before_what_is_merely_open(organisation: Organisation) -> None:
    assert look(organisation, MANAGER) == [("handled", True)]
    assert look(organisation, COMPLAINANT) == [("reported", False), ("handled", False)]
    assert look(organisation, COMPLAINANT, "waits") == []


def test_what_waits_on_an_office_is_found_by_its_holder_without_a_part_in_the_matter(
    organisation: Organisation,
) -> None:
    assert look(organisation, CUSTODIAN) == [("reported", True)]
    do(organisation, REPORTED, CaseManagerAssigned(person=MANAGER), CUSTODIAN)
    assert look(organisation, CUSTODIAN) == []
    assert ("reported", True) in look(organisation, MANAGER, "waits")


@pytest.mark.parametrize("person", [MEMBER, OUTSIDER, CHAIR])
def test_who_has_no_part_and_no_step_finds_nothing(organisation: Organisation, person: PersonId) -> None:
    views: tuple[View, ...] = ("open", "waits", "closed")
    assert [look(organisation, person, view) for view in views] == [[], [], []]


def test_who_stood_down_from_what_their_office_plays_is_shown_nothing_for_it(organisation: Organisation) -> None:
    do(organisation, REPORTED, PersonRecused(person=CUSTODIAN, roles=("custodian",), reasons="A friend."), CUSTODIAN)
    assert look(organisation, CUSTODIAN) == []


def test_closed_matters_are_apart(organisation: Organisation) -> None:
    assert look(organisation, COMPLAINANT, "closed") == [("closed", False)]
    assert look(organisation, CUSTODIAN, "closed") == []


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_follow_one_another_over_all_that_is_open(organisation: Organisation, limit: int) -> None:
    for number in range(4):
        do(organisation, StreamId(f"more-{number}"), report(), COMPLAINANT)
    do(organisation, StreamId("own"), report(), CUSTODIAN)
    for person, count in ((COMPLAINANT, 6), (CUSTODIAN, 6)):
        walked: list[str] = []
        after: Cursor | None = None
        while True:
            page = find_my_matters(organisation, person, after=after, limit=limit)
            assert len(page.matters) <= limit
            walked += [one.row.stream for one in page.matters]
            after = page.after
            if after is None:
                break
        # Deadlines of their own are sorted by on a page, and do not move a matter to another.
        assert sorted(walked) == sorted(name for name, _ in look(organisation, person))
        assert len(set(walked)) == len(walked) == count


def test_a_report_by_the_custodian_does_not_wait_on_its_own_author_as_keeper(organisation: Organisation) -> None:
    do(organisation, StreamId("own"), report(), CUSTODIAN)
    assert dict(look(organisation, CUSTODIAN))["own"] is False


def test_a_page_shows_what_another_process_has_done_since(tmp_path: Path) -> None:
    with open_world("sqlite", tmp_path) as world:
        here, elsewhere = world.open(), world.open()
        found_small_body(here)
        begin_matter(here, HANDLED)
        assert look(elsewhere, MANAGER) == [("handled", True)]
        do(here, HANDLED, PersonRecused(person=MANAGER, roles=("case-manager",), reasons="Away."), MANAGER)
        assert look(elsewhere, MANAGER) == []


def test_a_history_waits_on_nobody(organisation: Organisation) -> None:
    told = StreamId("told")
    do(organisation, told, HistoryEntered(title="What was said", source="A newspaper"), CUSTODIAN)
    event = Reported(by=COMPLAINANT)
    assert perform(organisation, told, report(), CUSTODIAN, reported=event)
    assert ("told", True) not in look(organisation, CUSTODIAN)
    assert ("told", False) in look(organisation, CUSTODIAN)
