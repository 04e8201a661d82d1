"""Redactions on pages: words and places are blacked out, looked at, lodged, and checked by a second person."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alteram.adapters.db import SqlStore
from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitDerived, ExhibitDisclosed, PartyJoined, RedactionChecked
from alteram.core.kernel.identifiers import PersonId
from alteram.core.rules.exhibits import find_lodging
from alteram.installation import redaction_work
from alteram.installation.background import LongWork, Tell, count_parts
from alteram.installation.jobs.sweeping import sweep_files
from alteram.installation.models import DirectoryEntry
from alteram.operations.attachments import sweep_attachments
from alteram.operations.bundle_ports import READINGS
from alteram.operations.entries import enter
from alteram.operations.readings import find_readings
from tests.web.conftest import As, find_token
from tests.web.evidence_scene import do
from tests.web.exhibit_scenes import Knowing, lodge_letter
from tests.web.left_over import read_left
from tests.web.pseudo import PSEUDO, accent, speak
from tests.web.redacting_scene import LEAKS, Row, build_simple_tools, fill, use_plain_tools, work
from tests.web.scenes import COMPLAINANT, CUSTODIAN, MANAGER, MEMBER, RESPONDENT, ROW, SCRUTINEER, STRANGER

pytestmark = pytest.mark.django_db
ROOM = "/caucus/matters/row/exhibits/"
MAKING = f"{ROOM}e1/redaction/"
CHECK = f"{ROOM}e1-redacted/check/"
#: Nothing else in a test says this: wherever it is found, it leaked.
SECRET = "Quetzalcoatlus"
TEXT = f"Then {SECRET} spoke.\fOn the second page {SECRET} did not."


@pytest.fixture(autouse=True)
def lodged(caucus: Opened, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The matter with a letter of two pages of the complainant's."""
    use_plain_tools(monkeypatch)
    lodge_letter(caucus, "e1", TEXT.encode())
    return caucus


def make(client: Client, *rows: Row, **more: object) -> str:
    """Have a redaction made, and return the page that tells what came of it."""
    answer = client.post(MAKING, fill(*(rows or (Row(SECRET),)), **more))
    assert (answer.status_code, answer["Location"]) == (302, MAKING)
    assert "It is being made and checked." in client.get(MAKING).content.decode()
    work()
    return client.get(MAKING).content.decode()


def test_how_far_it_is_is_told_by_the_pages_that_were_read(
    as_person: As, lodged: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, pages = list[tuple[int, int]](), list[str]()
    client = as_person(MANAGER)

    def counting(tell: Tell, parts: int) -> Callable[[], None]:
        count = count_parts(tell, parts)

        def go_on() -> None:
            count()
            (work,) = LongWork.objects.filter(kind="redaction")
            told.append((work.done, work.parts))
            pages.append(client.get(MAKING).content.decode())

        return go_on

    monkeypatch.setattr(redaction_work, "count_parts", counting)
    make(client, Row(SECRET))
    parts = READINGS * 2 + 2
    assert told == [(min(done, parts - 1), parts) for done in range(1, parts + 1)]
    assert f'max="{parts}" value="3"' in pages[2]
    assert "each page is read four times" in pages[2]


def lodge(client: Client, name: str = "e1-redacted") -> tuple[int, str]:
    """Lodge what was made, and return where that leads."""
    answer = client.post(f"{MAKING}lodging/", {"name": name, "reasons": "For the hearing."}, follow=True)
    return answer.status_code, answer.content.decode()


def find_made(opened: Opened) -> list[ExhibitDerived]:
    return [one.act for one in opened.organisation.facts(ROW, fresh=True).matter.all(ExhibitDerived)]


def test_words_and_places_are_cut_out_looked_at_and_lodged_as_they_were_shown(as_person: As, lodged: Opened) -> None:
    client = as_person(MANAGER)
    assert MAKING in client.get(f"{ROOM}e1/").content.decode()
    page = make(client, Row(SECRET), Row(place=(2, 10, 20.5, 30, 5), reason="A telephone number"), Row("Nobody"))
    assert "Nothing that was cut out was found again." in page
    assert "page 2, 10 % from the left, 20 % from the top" in page
    assert "A telephone number" in page
    assert re.search(r"These words stand nowhere.*?<li class=\"prose\">Nobody</li>", page, re.DOTALL)
    assert "eightyfive (page 1)" in page
    seen = client.get(f"{MAKING}pages/0/").content
    assert seen == b"a picture of Then [1] spoke."
    assert client.get(f"{MAKING}pages/3/").status_code == 404
    assert find_made(lodged) == []
    form = {"name": "e1-redacted", "reasons": "For the hearing.", "once": find_token(page)}
    told = client.post(f"{MAKING}lodging/", form, follow=True).content.decode()
    assert "somebody else has looked at it" in told
    again = client.post(f"{MAKING}lodging/", form, follow=True).content.decode()
    assert "This was recorded already, as entry" in again
    (act,) = find_made(lodged)
    assert (act.of, act.how, act.cuts, act.by_hand) == ("e1", "redaction", 2, False)
    assert client.get(f"{ROOM}e1-redacted/pages/0/").content == seen
    assert not LongWork.objects.exists()
    page = client.get(MAKING).content.decode()
    assert "What is to be blacked out" in page
    assert f'<a href="{ROOM}" aria-current="page">Exhibits</a>' in page


def test_words_are_nowhere_in_the_database_nor_in_logs_nor_in_an_address(
    as_person: As, lodged: Opened, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    client = as_person(MANAGER)
    caplog.set_level(0)
    page = make(client, Row(SECRET, reason=f"Because of {SECRET}"))
    assert f'value="{SECRET}"' in page
    assert SECRET not in "".join(re.findall(r'(?:href|action|src)="([^"]*)"', page))
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            assert SECRET.lower() not in repr(cursor.fetchall()).lower(), table
    (row,) = LongWork.objects.all()
    assert set(row.given) == {"stream", "person", "exhibit", "kind", "sealed"}
    assert set(row.outcome or {}) == {"sealed"}
    needle = SECRET.encode()
    kept = [one for one in lodged.folder.rglob("*") if one.is_file()]
    assert kept
    assert [one for one in kept if needle in one.read_bytes()] == []
    assert SECRET not in caplog.text + "".join(capfd.readouterr())


def test_leak_is_told_in_plain_words_and_what_was_written_stays(as_person: As, lodged: Opened) -> None:
    client = as_person(MANAGER)
    page = make(client, Row(SECRET, reason=LEAKS))
    assert "What was cut out can still be found. Nothing was lodged." in page
    assert "what is seen, page 1" in page
    assert f'<li class="prose">{SECRET}</li>' in page
    assert f'value="{SECRET}"' in page
    assert client.get(f"{MAKING}pages/0/").status_code == 404
    assert "still shows what was cut out" in lodge(client)[1]
    assert find_made(lodged) == []


def test_leak_is_told_in_the_language_of_the_page(
    as_person: As, lodged: Opened, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    client = as_person(MANAGER)
    make(client, Row(SECRET, reason=LEAKS))
    speak(monkeypatch, settings, PSEUDO)
    page = client.get(MAKING, headers={"accept-language": PSEUDO}).content.decode()
    assert accent("a word that was cut out can be read there") in page
    assert [one for one in read_left(page) if SECRET not in one] == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ((), "Nothing is to be cut out yet"),
        ((Row(SECRET, reason=""),), "This field is required."),
        ((Row("x"),), "What is looked for is too short."),
        ((Row(place=(1, 90, 10, 20, 5)),), "It ends outside the page."),
        ((Row(place=(1, 10, 10, 0, 5)),), "It must cover something."),
        ((Row(place=(0, 10, 10, 5, 5)),), "greater than or equal to 1"),
    ],
)
def test_what_does_not_fit_is_said_and_kept(as_person: As, rows: tuple[Row, ...], told: str) -> None:
    answer = as_person(MANAGER).post(MAKING, fill(*rows))
    page = answer.content.decode()
    assert (answer.status_code, told in page) == (422, True)
    assert not LongWork.objects.exists()


def test_place_beyond_the_last_page_is_told_and_kept(as_person: As) -> None:
    page = make(as_person(MANAGER), Row(place=(3, 10, 10, 5, 5)))
    assert "There is no page 3: it has 2." in page
    assert 'value="3"' in page


def test_more_rows_keep_what_was_written_and_check_nothing(as_person: As) -> None:
    answer = as_person(MANAGER).post(MAKING, fill(Row(SECRET, reason=""), more="yes"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'value="{SECRET}"' in page
    assert 'class="error"' not in page
    assert 'name="words-3-words"' in page
    assert 'name="words-4-words"' not in page


def test_name_that_is_taken_is_refused_and_what_was_made_waits_on(as_person: As, lodged: Opened) -> None:
    client = as_person(MANAGER)
    make(client)
    status, page = lodge(client, "e1")
    assert (status, "The rules do not permit this now" in page, "For the hearing." in page) == (422, True, True)
    status, page = lodge(client, "Not a name")
    assert (status, '<a href="#name">' in page, 'value="Not a name"' in page) == (422, True, True)
    assert "one short word" in page
    assert client.get(f"{MAKING}pages/0/").status_code == 200
    assert lodge(client)[0] == 200
    assert len(find_made(lodged)) == 1


def test_what_waited_too_long_is_told_and_can_be_made_again(as_person: As, lodged: Opened) -> None:
    client = as_person(MANAGER)
    make(client)
    sweep_attachments(lodged.organisation, older_than=timedelta(0))
    page = client.get(MAKING).content.decode()
    assert "waited for more than a day" in page
    assert f'value="{SECRET}"' in page
    assert client.get(f"{MAKING}pages/0/").status_code == 404
    assert "It waited for more than a day" in lodge(client)[1]
    assert find_made(lodged) == []
    make(client)
    assert lodge(client)[0] == 200


def test_what_was_chosen_is_forgotten_after_a_week(as_person: As, lodged: Opened) -> None:
    make(as_person(MANAGER))
    sweep_files("caucus", lodged)
    assert LongWork.objects.count() == 1
    LongWork.objects.update(ended_at=timezone.now() - timedelta(days=8))
    sweep_files("caucus", lodged)
    assert not LongWork.objects.exists()


def test_throwing_away_leaves_nothing(as_person: As, lodged: Opened) -> None:
    client = as_person(MANAGER)
    before = {one for one in lodged.folder.rglob("*") if "attachments" in one.parts}
    make(client)
    assert client.post(f"{MAKING}forgetting/").status_code == 302
    assert not LongWork.objects.exists()
    assert {one for one in lodged.folder.rglob("*") if "attachments" in one.parts} == before
    assert SECRET not in re.sub(r"<template.*?</template>", "", client.get(MAKING).content.decode())


def test_page_that_is_shown_is_of_the_copy_that_was_made_last(as_person: As, lodged: Opened) -> None:
    client = as_person(MANAGER)
    first = re.findall(rf'src="({MAKING}pages/0/[^"]*)"', make(client, Row("Then")))
    assert client.get(first[0]).content == f"a picture of [1] {SECRET} spoke.".encode()
    second = re.findall(rf'src="({MAKING}pages/0/[^"]*)"', make(client))
    shown = client.get(second[0])
    assert (first != second, shown["Cache-Control"]) == (True, "no-store")
    assert shown.content == b"a picture of Then [1] spoke."
    lodge(client)
    page = client.get(f"{ROOM}e1-redacted/pages/0/")
    assert (page.content, page["Cache-Control"]) == (shown.content, "no-store")
    assert SECRET.encode() in client.get(f"{ROOM}e1/pages/0/").content


def test_asked_twice_while_it_is_made_it_is_made_once(as_person: As) -> None:
    client = as_person(MANAGER)
    for _ in range(2):
        assert client.post(MAKING, fill(Row(SECRET))).status_code == 302
    assert LongWork.objects.count() == 1


def test_names_of_protected_people_are_suggested_to_who_may_know_them(as_person: As, lodged: Opened) -> None:
    quiet = PersonId("quiet-witness")
    do(lodged, PartyJoined(person=quiet, role="witness", protected=True))
    DirectoryEntry.objects.create(organisation="caucus", person=quiet, name=f"Ada {SECRET}")
    page = as_person(MANAGER).get(MAKING).content.decode()
    assert f'name="suggested" value="{SECRET}"' in page
    assert "on page or in message 1, 2" in page
    assert f'value="Ada {SECRET}"' in page
    others = as_person(COMPLAINANT).get(MAKING).content.decode()
    assert 'name="suggested"' not in others
    client = as_person(MANAGER)
    answer = client.post(MAKING, fill(suggested=[SECRET]))
    assert "Say why the names that you ticked are cut out." in answer.content.decode()
    assert f'value="{SECRET}" checked' in answer.content.decode()
    assert "Nothing that was cut out" in make(client, Row(""), suggested=[SECRET], **{"suggested-reason": "Protected"})


@pytest.mark.parametrize("person", [STRANGER, RESPONDENT, MEMBER, SCRUTINEER])
def test_to_whom_the_exhibit_is_closed_there_is_nothing(as_person: As, lodged: Opened, person: str) -> None:
    make(as_person(MANAGER))
    lodge(as_person(MANAGER))
    client = as_person(person)
    for address in (MAKING, f"{MAKING}pages/0/", CHECK):
        assert client.get(address).status_code == 404, address
    for address in (MAKING, f"{MAKING}lodging/", f"{MAKING}forgetting/"):
        assert client.post(address, fill(Row(SECRET))).status_code == 404, address


def test_redaction_under_work_is_its_makers_alone(as_person: As) -> None:
    make(as_person(MANAGER))
    other = as_person(COMPLAINANT)
    assert SECRET not in other.get(MAKING).content.decode().replace(TEXT, "")
    assert other.get(f"{MAKING}pages/0/").status_code == 404
    other.post(f"{MAKING}forgetting/")
    assert LongWork.objects.count() == 1


def test_second_person_compares_and_agrees_and_its_maker_cannot(as_person: As, lodged: Opened) -> None:
    maker = as_person(MANAGER)
    make(maker)
    lodge(maker)
    own = maker.get(CHECK).content.decode()
    assert "checked by somebody else" in own
    assert 'name="a-agreed"' not in own
    assert CHECK in as_person(CUSTODIAN).get(f"{ROOM}e1-redacted/").content.decode()
    client = as_person(CUSTODIAN)
    page = client.get(CHECK).content.decode()
    for part in ("A child&#x27;s name", "Nothing that was cut out was found again.", "page 1, 10 % from the left"):
        assert part in page
    for address in (f"{ROOM}e1/pages/0/", f"{ROOM}e1-redacted/pages/0/", f"{ROOM}e1-redacted/pages/2/"):
        assert address in page
        assert client.get(address).status_code == 200
    assert SECRET not in page
    assert client.get(f"{CHECK}?from={'9' * 5000}").status_code == 200
    act = "/caucus/matters/row/acts/redaction.checked/?a-exhibit=e1-redacted"
    assert f'action="{act}"' in page
    entered = enter(lodged.organisation, ROW, MANAGER)
    read = {entry.seq for one in find_readings(entered) if one.reader == CUSTODIAN for entry in one.entries}
    assert {event.seq for name in ("e1", "e1-redacted") if (event := find_lodging(entered.facts, name))} <= read
    assert re.findall(r'<button name="(.*?)" value="(.*?)"', page) == [("a-agreed", "on")]
    client.post(act, {"a-exhibit": "e1-redacted", "a-remarks": "Line 3 still shows."})
    agreed = client.post(act, {"a-exhibit": "e1-redacted", "a-agreed": "on"})
    assert agreed["Location"] == f"{ROOM}e1-redacted/"
    said = [one.act.agreed for one in lodged.organisation.facts(ROW, fresh=True).matter.all(RedactionChecked)]
    assert said == [False, True]


def test_redaction_that_came_without_its_pages_says_that_nothing_is_known_of_it(as_person: As, lodged: Opened) -> None:
    do(lodged, ExhibitDerived(exhibit="e1-redacted", of="e1", how="redaction", cuts=2))
    page = as_person(CUSTODIAN).get(CHECK).content.decode()
    assert "Not known." in page
    assert "Nothing that was cut out was found again." not in page
    assert "No picture of its pages is kept." in page


@pytest.mark.parametrize("exhibit", ["e1", "t1", "nothing"])
def test_only_a_redaction_has_a_check(as_person: As, lodged: Opened, exhibit: str) -> None:
    do(lodged, ExhibitDerived(exhibit="t1", of="e1", how="translation"))
    assert as_person(CUSTODIAN).get(f"{ROOM}{exhibit}/check/").status_code == 404


def test_who_is_given_a_redaction_looks_at_its_pages_and_not_at_those_of_the_exhibit(
    as_person: As, lodged: Opened
) -> None:
    maker = as_person(MANAGER)
    make(maker)
    lodge(maker)
    do(lodged, RedactionChecked(exhibit="e1-redacted", agreed=True), CUSTODIAN)
    do(lodged, ExhibitDisclosed(exhibits=("e1-redacted",), to=RESPONDENT))
    client = as_person(RESPONDENT)
    page = client.get(f"{ROOM}e1-redacted/view/").content.decode()
    assert "Page 1 of 3" in page
    assert SECRET not in page
    assert client.get(f"{ROOM}e1-redacted/pages/0/").content == b"a picture of Then [1] spoke."
    assert client.get(f"{ROOM}e1/pages/0/").status_code == 403
    assert client.get(f"{ROOM}e1/redaction/pages/0/").status_code == 404


def test_recording_cannot_be_blacked_out(as_person: As, lodged: Opened) -> None:
    lodge_letter(lodged, "call", b"fLaC" + b"\xff" * 9, kind="recording", media="audio/flac")
    page = as_person(MANAGER).get(f"{ROOM}call/redaction/").content.decode()
    assert "nothing of it can be blacked out here" in page
    assert 'id="cuts"' not in page


def test_pages_ask_no_more_for_more_cuts(as_person: As, lodged: Opened) -> None:
    client = as_person(MANAGER)
    store = lodged.organisation.ports.store
    assert isinstance(store, SqlStore)
    counted = []
    for rows in ((Row(SECRET),), tuple(Row(place=(1, n, n, 2, 2), reason=f"Reason {n}") for n in range(40))):
        make(client, *rows)
        with CaptureQueriesContext(connection) as asked:
            client.get(MAKING)
        counted.append(len(asked))
    assert counted[0] == counted[1]
    assert counted[0] <= 25


def test_places_are_asked_for_once_there_are_pages_to_draw_on(as_person: As, lodged: Opened) -> None:
    lodge_letter(lodged, "e2", b"one\ntwo", kind="message")
    client = as_person(MANAGER)
    assert "From the left" in client.get(MAKING).content.decode()
    page = client.get(f"{ROOM}e2/redaction/").content.decode()
    assert ("It has no pages yet" in page, "From the left" in page) == (True, False)
    assert client.post(f"{ROOM}e2/redaction/", fill(Row("two"))).status_code == 302


def test_text_is_made_as_a_text_looked_at_lodged_and_compared_with_the_exhibit(
    as_person: As, lodged: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_plain_tools(monkeypatch, evidence=build_simple_tools())
    lodge_letter(lodged, "e2", f"Then {SECRET} spoke.".encode(), tools=build_simple_tools())
    client, making = as_person(MANAGER), f"{ROOM}e2/redaction/"
    page = client.get(making).content.decode()
    assert re.findall(r'name="kind" value="(.*?)".*?( checked)?>', page) == [("pdf", " checked"), ("text", "")]
    again = client.post(making, fill(Row(SECRET), kind="text", more="yes")).content.decode()
    assert 'value="text" id="kind-text" checked' in again
    client.post(making, fill(Row(SECRET), kind="text"))
    work()
    page = client.get(making).content.decode()
    assert "The text as it would be lodged" in page
    assert "<pre>Then █████[1] spoke.\n\nWhat was cut out:\n[1] A child&#x27;s name\n</pre>" in page
    assert 'value="text" id="kind-text" checked' in page
    assert client.get(f"{making}pages/0/").status_code == 404
    told = client.post(f"{making}lodging/", {"name": "r2", "reasons": ""}, follow=True).content.decode()
    assert "somebody else has looked at it" in told
    second = as_person(CUSTODIAN).get(f"{ROOM}r2/check/").content.decode()
    assert (f"<pre>Then {SECRET} spoke.</pre>" in second, "<pre>Then █████[1] spoke." in second) == (True, True)
    do(lodged, RedactionChecked(exhibit="r2", agreed=True), CUSTODIAN)
    do(lodged, ExhibitDisclosed(exhibits=("r2",), to=RESPONDENT))
    client = as_person(RESPONDENT)
    assert "Then █████[1] spoke." in client.get(f"{ROOM}r2/view/").content.decode()
    assert client.get(making).status_code == 404


def test_word_that_is_left_in_a_text_is_told_and_nothing_is_shown_or_lodged(
    as_person: As, lodged: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_plain_tools(monkeypatch, evidence=build_simple_tools())
    page = make(as_person(MANAGER), Row(SECRET, reason=f"{SECRET} is a child"), kind="text")
    assert "What was cut out can still be found. Nothing was lodged." in page
    assert f'<li class="prose">{SECRET}</li>' in page
    assert "The text as it would be lodged" not in page
    assert "still shows what was cut out" in lodge(as_person(MANAGER))[1]
    assert find_made(lodged) == []


def test_picture_is_made_as_a_picture_of_one_page(
    as_person: As, lodged: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_plain_tools(monkeypatch, evidence=replace(build_simple_tools(), sniffing=Knowing("image/png")))
    lodge_letter(lodged, "e2", b"a face", tools=build_simple_tools(), media="image/png")
    client, making = as_person(MANAGER), f"{ROOM}e2/redaction/"
    client.post(making, fill(Row(place=(1, 10, 10, 20, 20)), kind="png"))
    work()
    page = client.get(making).content.decode()
    assert "1 place is black." in page
    assert client.get(f"{making}pages/0/").content == b"redacted a face"
    assert client.post(f"{making}lodging/", {"name": "r2", "reasons": ""}, follow=True).status_code == 200
    assert client.get(f"{ROOM}r2/pages/0/").content == b"redacted a face"
    second = as_person(CUSTODIAN).get(f"{ROOM}r2/check/").content.decode()
    assert (f"{ROOM}e2/pages/0/" in second, f"{ROOM}r2/pages/0/" in second) == (True, True)
    viewed = client.get(f"{ROOM}r2/view/").content.decode()
    assert ("A child&#x27;s name" in viewed, "page 1, 10 % from the left" in viewed) == (True, True)


@pytest.mark.parametrize("kind", ["png", "gif"])
def test_kind_that_the_exhibit_does_not_allow_is_refused_with_nothing_lost(as_person: As, kind: str) -> None:
    answer = as_person(MANAGER).post(MAKING, fill(Row(SECRET), kind=kind))
    page = answer.content.decode()
    assert (answer.status_code, "Choose one of the kinds of file" in page) == (422, True)
    assert f'value="{SECRET}"' in page
    assert not LongWork.objects.exists()


def test_exhibit_of_one_kind_offers_no_choice_and_is_made_as_a_pdf(as_person: As, lodged: Opened) -> None:
    lodge_letter(lodged, "e2", b"one\ntwo", kind="message", media="message/rfc822")
    client, making = as_person(MANAGER), f"{ROOM}e2/redaction/"
    assert 'name="kind"' not in client.get(making).content.decode()
    assert client.post(making, fill(Row("two"))).status_code == 302
    (row,) = LongWork.objects.all()
    assert row.given["kind"] == "pdf"
