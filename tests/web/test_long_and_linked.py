"""A long matter page by page, opening no more than it shows; and people whose parts collide across linked matters."""

from collections.abc import Callable
from typing import Any

import pytest

from alteram.bootstrap import Opened
from alteram.core.acts import CaseManagerAssigned, MattersLinked, ReporterAsked, ReportLodged
from alteram.core.kernel.identifiers import StreamId
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform, perform_many
from alteram.operations.recording import Proposal
from tests.web.conftest import As
from tests.web.scenes import CHAIR, COMPLAINANT, CUSTODIAN, MANAGER, MEMBER, RESPONDENT, ROW, must

THE_ROW = "/caucus/matters/row/"
OTHER = StreamId("other")


@pytest.fixture
def long(caucus: Opened) -> Opened:
    """The matter with 60 further entries: 71 in all."""
    asked = (Proposal(ROW, ReporterAsked(text=f"Question {one}?"), MANAGER) for one in range(60))
    assert all(perform_many(caucus.organisation, asked))
    return caucus


def test_long_matter_is_told_fifty_entries_a_page(long: Opened, as_person: As) -> None:
    manager = as_person(MANAGER)
    newest = manager.get(f"{THE_ROW}timeline/").content.decode()
    assert newest.count('<li id="entry-') == 50
    assert 'id="entry-70"' in newest
    assert 'id="entry-20"' not in newest
    assert 'href="?before=21"' in newest
    oldest = manager.get(f"{THE_ROW}timeline/?before=21").content.decode()
    assert oldest.count('<li id="entry-') == 21
    assert 'href="?before=71"' in oldest
    assert 'rel="next"' not in oldest


@pytest.mark.parametrize(("page", "most"), [("timeline/", 50), ("", 10), ("timeline/10/", 3), ("parties/", 0)])
def test_page_opens_no_more_entries_than_it_shows(
    long: Opened, as_person: As, monkeypatch: pytest.MonkeyPatch, page: str, most: int
) -> None:
    respondent, opened = as_person(RESPONDENT), []
    respondent.get(THE_ROW + page)
    before: Callable[..., Any] = Organisation.open

    def count(organisation: Organisation, stored: Any) -> Any:
        opened.append(stored.seq)
        return before(organisation, stored)

    monkeypatch.setattr(Organisation, "open", count)
    assert respondent.get(THE_ROW + page).status_code == 200
    assert len(opened) <= most


def test_timeline_asks_the_installation_no_more_the_longer_it_is(
    long: Opened, as_person: As, django_assert_max_num_queries: Any
) -> None:
    manager = as_person(MANAGER)
    manager.get(f"{THE_ROW}timeline/")
    with django_assert_max_num_queries(12):
        manager.get(f"{THE_ROW}timeline/")


@pytest.fixture
def linked(caucus: Opened) -> Opened:
    """Another matter, in which whom the first accuses is the one who complains; both have the same case manager."""
    organisation = caucus.organisation
    report = ReportLodged(identity="named", about="person", text="And so did they.", people=(COMPLAINANT,))
    must(perform(organisation, OTHER, report, RESPONDENT))
    must(perform(organisation, OTHER, CaseManagerAssigned(person=MANAGER), CUSTODIAN))
    must(perform(organisation, ROW, MattersLinked(other=OTHER, why="same-people"), MANAGER))
    return caucus


def test_who_handles_both_matters_is_told_whose_parts_collide(linked: Opened, as_person: As) -> None:
    page = as_person(MANAGER).get(f"{THE_ROW}parties/").content.decode()
    section = page[page.index("Parts that do not go together") :]
    assert "/caucus/matters/other/" in section
    assert "None that you may know of." not in section


@pytest.mark.parametrize("viewer", [RESPONDENT, COMPLAINANT, MEMBER])
def test_nobody_else_learns_that_the_matters_are_linked(linked: Opened, as_person: As, viewer: str) -> None:
    assert "/caucus/matters/other/" not in as_person(viewer).get(f"{THE_ROW}parties/").content.decode()


def test_who_is_no_side_collides_with_nothing(caucus: Opened, as_person: As) -> None:
    section = as_person(CHAIR).get(f"{THE_ROW}parties/").content.decode()
    assert "<strong>chair</strong>" not in section
