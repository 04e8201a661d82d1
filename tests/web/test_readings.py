"""Who read what: kept once for each entry, and told to parties of what they may read themselves."""

from alteram.bootstrap import Opened
from alteram.core.acts import ContentRead
from alteram.core.kernel.identifiers import READINGS_STREAM
from tests.web.conftest import As
from tests.web.scenes import COMPLAINANT, MANAGER, MEMBER, RESPONDENT, STRANGER

THE_ROW = "/caucus/matters/row/"


def find_read(caucus: Opened) -> list[tuple[str | None, tuple[int, ...]]]:
    register = caucus.organisation.state(READINGS_STREAM, fresh=True).facts
    return [(one.actor, one.act.entries) for one in register.all(ContentRead)]


def test_reading_is_kept_the_first_time_only(as_person: As, caucus: Opened) -> None:
    respondent = as_person(RESPONDENT)
    for _ in range(2):
        respondent.get(f"{THE_ROW}timeline/10/")
    assert find_read(caucus) == [(RESPONDENT, (10,))]


def test_page_of_a_matter_counts_as_reading_what_it_tells(as_person: As, caucus: Opened) -> None:
    as_person(RESPONDENT).get(THE_ROW)
    assert find_read(caucus) == [(RESPONDENT, (9, 10))]


def test_closed_content_titles_and_own_entries_are_not_read(as_person: As, caucus: Opened) -> None:
    as_person(RESPONDENT).get(f"{THE_ROW}timeline/0/")
    as_person(RESPONDENT).get(f"{THE_ROW}timeline/")
    as_person(MANAGER).get(f"{THE_ROW}timeline/10/")
    assert find_read(caucus) == []


def test_export_counts_as_reading_all_that_is_in_it(as_person: As, caucus: Opened) -> None:
    as_person(RESPONDENT).get(f"{THE_ROW}export/").close()
    ((reader, entries),) = find_read(caucus)
    assert reader == RESPONDENT
    assert 10 in entries
    assert 0 not in entries


def test_party_sees_who_read_what_and_nothing_of_entries_closed_to_them(as_person: As) -> None:
    as_person(MEMBER).get(f"{THE_ROW}timeline/10/")
    as_person(MANAGER).get(f"{THE_ROW}timeline/0/")
    told = as_person(RESPONDENT).get(f"{THE_ROW}readings/").content.decode()
    assert "10: Notice served" in told
    assert "0: Report lodged" not in told
    assert "0: Report lodged" in as_person(COMPLAINANT).get(f"{THE_ROW}readings/").content.decode()


def test_stranger_reads_nothing_and_is_told_nothing(as_person: As, caucus: Opened) -> None:
    stranger = as_person(STRANGER)
    assert stranger.get(f"{THE_ROW}timeline/10/").status_code == 404
    assert stranger.get(f"{THE_ROW}readings/").status_code == 404
    assert find_read(caucus) == []
