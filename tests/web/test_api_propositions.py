"""What is disputed, by the API: the board and each source, to whom they are open and no further."""

import pytest

from alteram.bootstrap import Opened
from alteram.core.acts import (
    AssertionConfirmed,
    ExhibitSeen,
    PropositionEvidenced,
    PropositionFound,
    PropositionStated,
)
from tests.web.evidence_scene import OTHER, PAPER, disclose, do, lodge, mark
from tests.web.programs import API, Program, read
from tests.web.scenes import CHAIR, COMPLAINANT, MANAGER, RESPONDENT, ROW, STRANGER

BOARD = f"{API}/matters/row/propositions"
SOURCE = f"{BOARD}/sources/e1"
WORDS = "The vote was taken on Monday evening"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("caucus")]


@pytest.fixture
def disputed(caucus: Opened) -> Opened:
    """A proposition that one source asserts, confirmed by somebody else, with a copy of it in another source."""
    lodge(caucus, "e1", PAPER)
    lodge(caucus, "e2", OTHER)
    do(caucus, PropositionStated(proposition="p1", text="It was decided on Monday."), COMPLAINANT)
    do(caucus, mark("said", "e1", PAPER, WORDS), MANAGER)
    do(caucus, mark("copied", "e2", OTHER, WORDS), MANAGER)
    for name in ("said", "copied"):
        do(caucus, AssertionConfirmed(assertion=name, agreed=True), CHAIR)
    do(caucus, PropositionEvidenced(proposition="p1", exhibit="e1", side="for", reasons="It says so."), COMPLAINANT)
    return caucus


@pytest.mark.usefixtures("disputed")
def test_board_tells_who_says_what_and_counts_a_copy_as_one_source() -> None:
    board = read(Program(MANAGER).get(BOARD))
    (row,) = board["propositions"]
    assert (row["proposition"], row["text"], row["standing"]) == ("p1", "It was decided on Monday.", "asserted")
    assert (row["sources"], len(row["assertions"])) == (1, 2)
    assert {one["words"] for one in row["assertions"]} == {WORDS}
    assert (row["evidence"][0]["exhibit"], row["evidence"][0]["side"]) == ("e1", "for")
    assert row["finding"] is None
    assert set(board["shared"][0]["places"]) == {"e1", "e2"}
    assert board["speakers"] == [{"person": None, "label": "The office"}]


def test_board_tells_what_was_found(disputed: Opened) -> None:
    do(disputed, PropositionFound(proposition="p1", outcome="not-so", reasons="It was on Tuesday."), CHAIR)
    (row,) = read(Program(RESPONDENT).get(BOARD))["propositions"]
    assert (row["standing"], row["finding"]["outcome"], row["reasons"]) == ("found", "not-so", "It was on Tuesday.")


def test_source_is_read_by_whom_it_was_given_and_that_is_on_the_record(disputed: Opened) -> None:
    closed = read(Program(RESPONDENT).get(SOURCE), 403)
    assert closed["ruling"]["code"] == "exhibit.undisclosed"
    disclose(disputed, "e1")
    source = read(Program(RESPONDENT).get(SOURCE))
    assert source["text"] == PAPER
    (said,) = source["assertions"]
    assert PAPER[said["first"] : said["until"]] == said["words"] == WORDS
    assert source["shared"] == []  # the other source is closed to them still
    seen = disputed.organisation.facts(ROW, fresh=True).matter.all(ExhibitSeen)
    assert [one.act.person for one in seen] == [RESPONDENT]


@pytest.mark.usefixtures("disputed")
def test_respondent_is_told_no_sentence_of_what_is_closed_to_them() -> None:
    board = read(Program(RESPONDENT).get(BOARD))
    assert board["shared"] == []
    assert board["sources"] == []
    said = board["propositions"][0]["assertions"]
    assert {(one["source_is_open"], one["words"], one["claimed"]) for one in said} == {(False, "", WORDS)}


@pytest.mark.usefixtures("disputed")
def test_board_and_sources_are_not_there_for_a_stranger_and_need_the_scope() -> None:
    for place in (BOARD, SOURCE):
        there, nowhere = (Program(STRANGER).get(one) for one in (place, place.replace("row", "nowhere")))
        assert (there.status_code, there.content) == (404, nowhere.content)
        assert Program(MANAGER, ("propose",)).get(place).status_code == 403
    assert Program(MANAGER).get(f"{BOARD}/sources/e9").status_code == 404
