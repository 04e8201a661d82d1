"""Who read what: kept once for each entry, and told to parties of what they may read themselves."""

import pytest
from django.core.cache import cache
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import ContentRead, StatementPublished
from alteram.core.kernel.identifiers import READINGS_STREAM
from alteram.operations import readings
from alteram.operations.perform import perform
from alteram.operations.ports import StaleReadError
from alteram.operations.recording import Batch
from tests.web.conftest import As
from tests.web.scenes import COMPLAINANT, CUSTODIAN, LEADER, MANAGER, MEMBER, RESPONDENT, ROW, STRANGER, must
from tests.web.speaking import PHOTO, files, lodge

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


def test_letter_counts_as_reading_the_entry_that_served_it(as_person: As, caucus: Opened) -> None:
    for _ in range(2):
        as_person(RESPONDENT).get(f"{THE_ROW}letters/served/10/")
    assert find_read(caucus) == [(RESPONDENT, (10,))]
    as_person(STRANGER).get(f"{THE_ROW}letters/served/10/")
    as_person(MANAGER).get(f"{THE_ROW}letters/served/10/")
    assert find_read(caucus) == [(RESPONDENT, (10,))]


def test_form_to_answer_on_counts_as_reading_what_is_alleged(as_person: As, caucus: Opened) -> None:
    as_person(RESPONDENT).get(f"{THE_ROW}letters/print/reply-form/")
    assert find_read(caucus) == [(RESPONDENT, (9,))]


def test_stranger_reads_nothing_and_is_told_nothing(as_person: As, caucus: Opened) -> None:
    stranger = as_person(STRANGER)
    assert stranger.get(f"{THE_ROW}timeline/10/").status_code == 404
    assert stranger.get(f"{THE_ROW}readings/").status_code == 404
    assert find_read(caucus) == []


def test_whoever_opens_a_file_has_read_its_entry(as_person: As, caucus: Opened) -> None:
    cache.clear()
    matter, _ = lodge(Client(), files=files(("photo.jpg", PHOTO)))
    as_person(MEMBER).get(f"/caucus/matters/{matter}/timeline/0/files/0/")
    assert find_read(caucus) == []
    for _ in range(2):
        as_person(CUSTODIAN).get(f"/caucus/matters/{matter}/timeline/0/files/0/").close()
    assert find_read(caucus) == [(CUSTODIAN, (0,))]


def test_register_of_statements_counts_as_reading_what_it_tells(as_person: As, caucus: Opened) -> None:
    act = StatementPublished(person=LEADER, text="The caucus has lost confidence.")
    seq = must(perform(caucus.organisation, ROW, act, RESPONDENT))
    as_person(COMPLAINANT).get(f"{THE_ROW}statements/")
    ((reader, entries),) = find_read(caucus)
    assert reader == COMPLAINANT
    assert seq in entries


def test_export_of_more_entries_than_one_reading_tells_of_keeps_them_all(
    as_person: As, caucus: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "MOST", 2)
    as_person(MEMBER).get(f"{THE_ROW}export/").close()
    parts = [entries for reader, entries in find_read(caucus) if reader == MEMBER]
    assert len(parts) > 1
    assert {len(entries) for entries in parts[:-1]} == {2}
    as_person(MEMBER).get(f"{THE_ROW}export/").close()
    assert len([entries for reader, entries in find_read(caucus) if reader == MEMBER]) == len(parts)


def test_what_cannot_be_kept_as_read_is_not_shown(
    as_person: As, caucus: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Batch) -> None:
        raise StaleReadError("Others wrote in between.")

    monkeypatch.setattr(Batch, "store", fail)
    answer = as_person(RESPONDENT).get(f"{THE_ROW}timeline/10/")
    assert answer.status_code == 503
    assert find_read(caucus) == []
