"""Cutting out a part of an exhibit on a page, lodging it with its proof, looking at it, and answering it."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitDerived, ExhibitDisclosed, ExhibitSeen
from alteram.core.kernel.phrases import phrase
from alteram.core.record import verify_excerpt
from alteram.core.record.adjoining import adjoin
from alteram.core.vault.pieces import PIECE_SIZE
from alteram.installation import exhibit_jobs
from alteram.installation.background import LongWork
from alteram.installation.jobs.long import do_waiting
from alteram.operations.evidence_ports import PlayableExcerpt, RecordingIndex, SeekableForm, Unshown
from alteram.operations.perform import perform
from alteram.operations.ports import StoreError
from alteram.web.exhibits import excerpting
from tests.web.conftest import As, find_token
from tests.web.exhibit_scenes import lodge_letter
from tests.web.scenes import COMPLAINANT, MANAGER, RESPONDENT, ROW, STRANGER, must
from tests.web.test_exhibits_viewing import SOUND, Reading, build_tools

pytestmark = pytest.mark.django_db
ROOM = "/caucus/matters/row/exhibits/"
CUT = f"{ROOM}e1/excerpt/"
THREAD = b"\n".join(b"message %d" % one for one in range(1, 9))


def give(caucus: Opened, *exhibits: str) -> None:
    must(perform(caucus.organisation, ROW, ExhibitDisclosed(exhibits=exhibits, to=RESPONDENT), MANAGER))


def find_derived(caucus: Opened) -> list[ExhibitDerived]:
    return [one.act for one in caucus.organisation.facts(ROW, fresh=True).matter.all(ExhibitDerived)]


def lodge_part(client: Client, first: int, until: int, name: str, **more: str) -> Any:
    return client.post(CUT, {"first": first, "until": until, "name": name, **more})


def read_file(client: Client, exhibit: str) -> bytes:
    given = client.get(f"{ROOM}{exhibit}/file/")
    assert given["Content-Disposition"].startswith("attachment")
    assert given["Content-Type"] == "application/octet-stream"
    return b"".join(given.streaming_content)  # type: ignore[attr-defined]  # a file is streamed


def test_part_is_shown_before_it_is_lodged_and_proves_to_anybody_what_it_is(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus, content=THREAD, kind="message", tools=build_tools())
    client = as_person(COMPLAINANT)
    assert "It has 8 messages" in client.get(CUT).content.decode()
    shown = client.get(CUT, {"begin": "3", "end": "4"}).content.decode()
    assert "message 3" in shown
    assert "message 4" in shown
    assert "message 5" not in shown
    assert not find_derived(caucus)
    given = lodge_part(client, 2, 4, "part", reasons="What was printed")
    assert (given.status_code, given["Location"]) == (302, f"{ROOM}part/")
    (act,) = find_derived(caucus)
    assert (act.of, act.how, act.first, act.until, act.by_hand) == ("e1", "excerpt", 2, 4, False)
    page = client.get(f"{ROOM}part/").content.decode()
    assert "It is pieces 3 to 4 of exhibit e1." in page
    (event,) = caucus.organisation.facts(ROW, fresh=True).matter.all(ExhibitDerived)
    entry = client.get(f"/caucus/matters/row/timeline/{event.seq}/").content.decode()
    assert re.findall(r"<dt>(First|Until)</dt><dd>\s*(\d+)", entry) == [("First", "3"), ("Until", "4")]
    assert 'href="/check/"' in page
    assert page.count(f'href="{ROOM}part/file/"') == 1  # saved in one way, as the excerpt that it is
    proved = verify_excerpt(read_file(client, "part"))
    assert (proved.exhibit, proved.first, proved.until, proved.of) == ("e1", 2, 4, 8)
    seen = client.get(f"{ROOM}part/view/").content.decode()
    assert "message 3" in seen
    assert "message 5" not in seen


def test_other_side_answers_with_what_adjoins_and_releases_nothing_else(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus, content=THREAD, kind="message", tools=build_tools())
    lodge_part(as_person(COMPLAINANT), 2, 4, "part")
    give(caucus, "e1")
    client = as_person(RESPONDENT)
    proposed = client.get(f"{ROOM}part/answer/").content.decode()
    assert f"{CUT}?first=1&amp;until=2&amp;adds_to=part" in proposed
    assert f"{CUT}?first=4&amp;until=5&amp;adds_to=part" in proposed
    assert f"{CUT}?first=4&amp;until=8&amp;adds_to=part" in proposed
    chosen = client.get(CUT, {"first": "4", "until": "5", "adds_to": "part"}).content.decode()
    # Whoever asks what a part would hold is led there, and not to the top of the page again.
    assert 'action="#holds"' in chosen
    assert 'id="holds"' in chosen
    assert "Answer the excerpt part" in chosen
    assert "message 5" in chosen
    assert lodge_part(client, 4, 5, "after", adds_to="part").status_code == 302
    assert find_derived(caucus)[1].adds_to == "part"
    one, other = (verify_excerpt(read_file(client, name)) for name in ("part", "after"))
    assert adjoin(one, other).relation == "after"
    assert b"message 6" not in read_file(client, "after")


def test_button_pressed_twice_lodges_one_part_and_says_so(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus)
    client = as_person(COMPLAINANT)
    once = find_token(client.get(CUT, {"first": "0", "until": "1"}).content.decode())
    asked = {"first": 0, "until": 1, "name": "part", "once": once}
    for told in ("Lodged: part, with its proof.", "This was recorded already, as entry"):
        assert told in client.post(CUT, asked, follow=True).content.decode()
    assert len(find_derived(caucus)) == 1


def test_whoever_has_the_part_alone_reads_it_and_cannot_open_the_rest(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus, content=b"page one\fpage two\fpage three")
    assert lodge_part(as_person(COMPLAINANT), 1, 2, "part").status_code == 302
    give(caucus, "part")
    client = as_person(RESPONDENT)
    assert client.get(f"{ROOM}part/view/").status_code == 200
    assert client.get(f"{ROOM}part/pages/1/").content == b"a picture of page two"
    assert client.get(f"{ROOM}part/pages/0/").status_code == client.get(f"{ROOM}part/pages/2/").status_code == 404
    assert {client.get(one).status_code for one in (CUT, f"{ROOM}part/answer/", f"{ROOM}e1/view/")} == {403}
    assert client.post(CUT, {"first": 0, "until": 1, "name": "more"}).status_code == 403
    assert len(find_derived(caucus)) == 1


def test_stranger_finds_nothing_and_a_party_who_was_not_given_it_nothing_to_cut(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus)
    lodge_part(as_person(COMPLAINANT), 0, 1, "part")
    places = (CUT, f"{ROOM}part/answer/")
    assert {as_person(STRANGER).get(one).status_code for one in places} == {404}
    assert as_person(STRANGER).post(CUT, {"first": 0, "until": 1, "name": "x"}).status_code == 404
    assert {as_person(RESPONDENT).get(one).status_code for one in places} == {403}
    assert not caucus.organisation.facts(ROW, fresh=True).matter.all(ExhibitSeen)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"begin": "0", "end": "1"}, "Write a number, from 1 on."),
        ({"begin": "x", "end": "1"}, "Write a number, from 1 on."),
        ({"begin": "1", "end": "10000002"}, "Write a number, from 1 on."),
        ({"begin": "1", "end": "9" * 5000}, "at most 20 characters"),
        ({"begin": "2", "end": "1"}, "It ends before it begins."),
        ({"begin": "2", "end": "3"}, "Its last piece is number 2."),
        ({"first": "1", "until": "1"}, "It has no such part."),
        ({"first": "2", "until": "3"}, "It has no such part."),
        ({"begin": "2", "end": ""}, "This field is required."),
    ],
)
def test_part_that_is_none_is_told_in_its_place(
    caucus: Opened, as_person: As, asked: dict[str, str], told: str
) -> None:
    lodge_letter(caucus)
    given = as_person(COMPLAINANT).get(CUT, asked)
    assert given.status_code == 422
    assert told in given.content.decode()
    assert "Lodge this part" not in given.content.decode()


def test_refused_part_keeps_what_was_written(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus)
    client = as_person(COMPLAINANT)
    for name in ("Not a name", "e1"):  # none, and one that is taken
        given = lodge_part(client, 0, 1, name, reasons="Only this counts.")
        page = given.content.decode()
        assert given.status_code == 422
        assert "Only this counts." in page
        assert f'value="{name}"' in page
        assert 'name="until" value="1"' in page
    assert not find_derived(caucus)


def test_recording_is_cut_by_times_and_its_part_is_played_by_who_has_it(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus, content=SOUND, kind="recording", tools=build_tools())
    client = as_person(COMPLAINANT)
    page = client.get(CUT)
    assert "recording.js" in page.content.decode()
    assert "media-src 'self'" in page["Content-Security-Policy"]
    assert client.get(CUT, {"begin": "0:00", "end": "0:01"}).status_code == 200
    for wrong in ("one", "1:2:3:4", "-1"):
        assert client.get(CUT, {"begin": wrong, "end": "0:01"}).status_code == 422
    assert "has no such time" in client.get(CUT, {"begin": "9", "end": "10"}).content.decode()
    assert lodge_part(client, 0, 1, "part").status_code == 302
    assert client.get(f"{ROOM}part/view/").status_code == 200
    assert client.get(f"{ROOM}part/sound/").status_code == 404  # these tools make no recording that plays


def test_excerpt_of_an_excerpt_and_answer_to_a_whole_are_not_there(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus)
    client = as_person(COMPLAINANT)
    lodge_part(client, 0, 1, "part")
    assert client.get(f"{ROOM}part/excerpt/").status_code == 404
    assert client.get(f"{ROOM}e1/answer/").status_code == 404
    assert client.get(f"{ROOM}nothing/answer/").status_code == 404


# -- parts that take long


class Pictures(Reading):
    """Makes a form of pictures, of which a part plays as what its pieces are, between marks."""

    def make_seekable(self, source: Path, folder: Path) -> SeekableForm | Unshown:
        made = folder / "form.mkv"
        made.write_bytes(source.read_bytes())
        index = RecordingIndex("matroska", 1000, 1000, made.stat().st_size, ((0, 0),))
        return SeekableForm(made, index, "plain")

    def play_excerpt(self, header: bytes, pieces: bytes, first_piece: int) -> PlayableExcerpt | Unshown:
        return PlayableExcerpt("video/x-matroska", b"<" + pieces + b">", 0, 1000, 1000)


FILM = b"fLaC" + bytes(PIECE_SIZE - 4) + b"second".ljust(PIECE_SIZE, b"2") + b"third".ljust(PIECE_SIZE, b"3") + b"last"


@pytest.fixture
def film(caucus: Opened, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """A recording with pictures, in four pieces."""
    tools = replace(build_tools(), recordings=Pictures())
    monkeypatch.setattr(exhibit_jobs, "find_evidence_tools", lambda: tools)
    lodge_letter(caucus, content=FILM, kind="recording", tools=tools)
    return caucus


def wait_for_part(client: Client, **more: str) -> str:
    """Have the third piece cut out, and return the address of the job."""
    given = lodge_part(client, 2, 3, "part", **more)
    assert (given.status_code, "/lodge/" in given["Location"]) == (302, True)
    return str(given["Location"])


def test_part_with_pictures_is_a_job_and_a_copy_of_nothing_else_plays(film: Opened, as_person: As) -> None:
    client = as_person(COMPLAINANT)
    job = wait_for_part(client, reasons="What was printed")
    page = client.get(job).content.decode()
    assert "Not lodged yet." in page
    assert 'max="3" value="0"' in page
    assert not find_derived(film)
    do_waiting()
    assert "Lodged." in client.get(job).content.decode()
    (act,) = find_derived(film)
    assert (act.of, act.first, act.until, act.reasons is not None) == ("e1", 2, 3, True)
    assert f'src="{ROOM}part/film/"' in client.get(f"{ROOM}part/view/").content.decode()
    played = b"".join(client.get(f"{ROOM}part/film/").streaming_content)  # type: ignore[attr-defined]  # a file
    assert played == b"a film of <" + b"third".ljust(PIECE_SIZE, b"3") + b">"
    assert verify_excerpt(read_file(client, "part")).content == b"third".ljust(PIECE_SIZE, b"3")
    give(film, "part")
    other = as_person(RESPONDENT)
    assert other.get(f"{ROOM}part/film/").status_code == 200
    assert other.get(f"{ROOM}e1/film/").status_code == 403
    assert as_person(STRANGER).get(f"{ROOM}part/film/").status_code == 404


def test_part_of_which_no_copy_can_be_made_is_lodged_without(
    film: Opened, as_person: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_person(COMPLAINANT)
    monkeypatch.setattr(Pictures, "make_film", lambda *_told: Unshown("took-too-long"))
    wait_for_part(client)
    do_waiting()
    assert len(find_derived(film)) == 1
    assert "can be saved" in client.get(f"{ROOM}part/view/").content.decode()
    assert client.get(f"{ROOM}part/film/").status_code == 404


@pytest.mark.parametrize(("most", "waits"), [(8, False), (7, True)])
def test_large_part_is_a_job(
    caucus: Opened, as_person: As, monkeypatch: pytest.MonkeyPatch, most: int, waits: bool
) -> None:
    lodge_letter(caucus, content=b"12345678", kind="picture", media="application/zip")
    monkeypatch.setattr(excerpting, "MAX_WAITED_FOR", most)
    assert ("/lodge/" in lodge_part(as_person(COMPLAINANT), 0, 1, "part")["Location"]) == waits


def test_what_the_rules_refuse_is_told_at_once_and_later_with_nothing_lost(film: Opened, as_person: As) -> None:
    client = as_person(COMPLAINANT)
    assert lodge_part(client, 2, 3, "e1", reasons="Only this.").status_code == 422
    job = wait_for_part(client, reasons="Only this.", adds_to="")
    (work,) = LongWork.objects.filter(kind="excerpt")
    assert "Only this." not in str(work.given)
    lodge_letter(film, "part")  # the name is taken meanwhile
    do_waiting()
    page = client.get(job).content.decode()
    assert "Nothing was recorded" in page
    again = f"{CUT}?job={work.key}"
    assert f'href="{again}"' in page
    shown = client.get(again).content.decode()
    assert ("Only this." in shown, 'name="first" value="2"' in shown, 'value="part"' in shown) == (True, True, True)
    assert "Only this." not in as_person(MANAGER).get(again).content.decode()
    assert not find_derived(film)


def test_job_that_broke_off_can_be_begun_again_and_lodges_once(
    film: Opened, as_person: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_person(COMPLAINANT)
    job = wait_for_part(client)

    def fail(*_told: object) -> None:
        raise StoreError(phrase("The disk is full."), remedy=phrase("Make room."))

    with monkeypatch.context() as patch:
        patch.setattr(Pictures, "make_film", fail)
        do_waiting()
    assert "Make room." in client.get(job).content.decode()
    again = client.post(job)["Location"]
    do_waiting()
    assert "Lodged." in client.get(again).content.decode()
    (work,) = LongWork.objects.filter(kind="excerpt")
    (event,) = film.organisation.facts(ROW, fresh=True).matter.all(ExhibitDerived)
    assert exhibit_jobs.run_excerpt("caucus", work.given, lambda *_: None) == {"seq": event.seq}
    assert as_person(RESPONDENT).get(again).status_code == 404


def test_form_of_the_act_counts_pieces_as_pages_do(as_person: As, caucus: Opened) -> None:
    lodge_letter(caucus, content=THREAD, kind="message", tools=build_tools())
    client, address = as_person(COMPLAINANT), "/caucus/matters/row/acts/exhibit.derived/"
    form = {"a-exhibit": "typed", "a-of": "e1", "a-how": "excerpt", "a-first": "3", "a-until": "4"}
    given = client.post(address, form | {"once": find_token(client.get(address).content.decode())})
    assert given.status_code == 302, given.content.decode()
    (act,) = find_derived(caucus)
    assert (act.first, act.until) == (2, 4)
