"""The pages of one matter: each part finds what it needs, and nobody what is not theirs to know."""

from contextlib import closing
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest

from alteram.core.record import verify_export
from alteram.core.tlog import parse_tlog_proof
from tests.web.conftest import As
from tests.web.scenes import CHAIR, COMPLAINANT, MANAGER, MEMBER, PARTICULARS, RESPONDENT, STRANGER, TEXT

THE_ROW = "/caucus/matters/row/"
PAGES = (
    "",
    "timeline/",
    "timeline/0/",
    "timeline/10/",
    "parties/",
    "allegations/",
    "fair/",
    "fair/standards/?pack=ronr-discipline&pack=uk-icgs-iep",
    "fair/cures/",
    "acts/",
    "picture/",
    "picture/svg/",
)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_who_has_a_part_and_for_no_stranger(as_person: As, page: str) -> None:
    for person in (RESPONDENT, COMPLAINANT, MANAGER, CHAIR, MEMBER):
        assert as_person(person).get(THE_ROW + page).status_code == 200, person
    assert as_person(STRANGER).get(THE_ROW + page).status_code == 404


def test_respondent_reads_first_what_they_are_accused_of_and_until_when_they_may_answer(as_person: As) -> None:
    page = as_person(RESPONDENT).get(THE_ROW).content.decode()
    said = [
        "What you are accused of",
        "Until when you may answer",
        "Conduct towards colleagues and staff",
        PARTICULARS,
        "25 days left",
        "The worst outcome",
        "Expulsion",
        "A seat.",
        "Where it stands",
    ]
    page = page[page.index("<h1") :]
    places = [page.index(one) for one in said]
    assert places == sorted(places)


def test_complainant_reads_what_became_of_the_report_and_not_that_they_are_accused(as_person: As) -> None:
    page = as_person(COMPLAINANT).get(THE_ROW).content.decode()
    assert "What became of your report" in page
    assert "We have it." in page
    assert "You hear more by" in page
    assert "Who knows your name" in page
    assert "What you are accused of" not in page


def test_decider_reads_what_to_declare_and_the_respondent_does_not(as_person: As) -> None:
    assert "Before you decide" in as_person(MEMBER).get(THE_ROW).content.decode()
    assert "Before you decide" not in as_person(RESPONDENT).get(THE_ROW).content.decode()


def test_respondent_does_not_read_the_report_they_were_not_given(as_person: As) -> None:
    page = as_person(RESPONDENT).get(f"{THE_ROW}timeline/0/").content.decode()
    assert TEXT not in page
    assert "Not open to you:" in page
    assert TEXT in as_person(COMPLAINANT).get(f"{THE_ROW}timeline/0/").content.decode()


def test_entry_shows_its_clause_and_gives_a_proof_that_anyone_can_parse(as_person: As) -> None:
    respondent = as_person(RESPONDENT)
    assert "clause 5.1" in respondent.get(f"{THE_ROW}timeline/10/").content.decode()
    proof = respondent.get(f"{THE_ROW}timeline/10/proof/")
    assert proof["Content-Disposition"] == 'attachment; filename="row-10.tlog-proof"'
    assert parse_tlog_proof(proof.content).index > 0
    assert as_person(STRANGER).get(f"{THE_ROW}timeline/10/proof/").status_code == 404


def test_entry_that_is_not_there_is_not_found(as_person: As) -> None:
    manager = as_person(MANAGER)
    assert manager.get(f"{THE_ROW}timeline/11/").status_code == 404
    assert manager.get(f"{THE_ROW}timeline/99999999/").status_code == 404


@pytest.mark.parametrize(("before", "shown"), [("", 11), ("4", 4), ("0", 0), ("999", 11), ("-1", 11), ("x", 11)])
def test_timeline_shows_the_entries_before_a_number(as_person: As, before: str, shown: int) -> None:
    page = as_person(MANAGER).get(f"{THE_ROW}timeline/", {"before": before}).content.decode()
    assert page.count('<li id="entry-') == shown


def test_assessment_is_led_by_what_is_not_known_and_links_the_cure_into_its_form(as_person: As) -> None:
    page = as_person(RESPONDENT).get(f"{THE_ROW}fair/").content.decode()
    assert page.index('class="UNKNOWN"') < page.index('class="PASS"')
    assert f"{THE_ROW}timeline/10/" in page


def test_further_pack_is_asked_by_name_and_an_unknown_one_changes_nothing(as_person: As) -> None:
    respondent = as_person(RESPONDENT)
    plain = respondent.get(f"{THE_ROW}fair/").content.decode().count('class="requirement"')
    more = respondent.get(f"{THE_ROW}fair/", {"pack": "ronr-discipline"}).content.decode().count('class="requirement"')
    odd = respondent.get(f"{THE_ROW}fair/", {"pack": "../caucus"}).content.decode().count('class="requirement"')
    assert more > plain == odd


def test_export_holds_what_is_open_to_its_reader_and_verifies(as_person: As) -> None:
    told = {}
    for person in (RESPONDENT, COMPLAINANT):
        response = as_person(person).get(f"{THE_ROW}export/")
        assert response["Content-Disposition"] == 'attachment; filename="row.alteram"'
        with closing(response):
            told[person] = verify_export(BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined] # a file response has it
    assert told[RESPONDENT].matter == told[COMPLAINANT].matter == "row"
    assert told[RESPONDENT].fields_withheld > told[COMPLAINANT].fields_withheld > 0
    assert as_person(STRANGER).get(f"{THE_ROW}export/").status_code == 404


def test_picture_says_the_same_in_words_and_shades_the_time_to_answer(as_person: As) -> None:
    page = as_person(RESPONDENT).get(f"{THE_ROW}picture/").content.decode()
    drawn, table = page[page.index("<svg") : page.index("</svg>")], page[page.index("The same as a table") :]
    assert drawn.count("<circle") == table.count("/caucus/matters/row/timeline/") == 11
    assert 'class="window"' in drawn
    assert "Time to answer: nothing may be decided before it is over" in table
    assert "<script" not in drawn


def test_picture_is_a_file_of_its_own(as_person: As) -> None:
    response = as_person(RESPONDENT).get(f"{THE_ROW}picture/svg/")
    assert response["Content-Type"] == "image/svg+xml"
    root = ET.fromstring(response.content)  # noqa: S314 - our own
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.find("{http://www.w3.org/2000/svg}title") is not None
