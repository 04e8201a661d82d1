"""Exhibits by the API: lodged with one request or in parts, listed, opened, cut into pieces and proved; and by whom."""

import json
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from alteram.api import lodging
from alteram.api.exhibits import MOST_PROVED
from alteram.bootstrap import Opened
from alteram.cli.telling_exhibits import spell
from alteram.core.acts import ExhibitDisclosed, ExhibitLodged, ExhibitSeen
from alteram.core.kernel.canonical import encode_canonical
from alteram.core.kernel.identifiers import PersonId
from alteram.core.record import verify_excerpt
from alteram.core.vault import OtherFileError
from alteram.installation import byte_ranges, exhibit_files
from alteram.operations.attachments import sweep_attachments
from alteram.operations.entries import enter
from alteram.operations.evidence_ports import ConfinementError, Message
from alteram.operations.exhibits.describing import describe_exhibit
from alteram.operations.exhibits.incoming import MAX_EXHIBIT
from alteram.operations.exhibits.stored import get_stored
from alteram.operations.exhibits.telling import look_at_exhibit
from alteram.operations.exhibits.uploads import MAX_OPEN
from alteram.operations.perform import perform
from tests.evidence import BAD, PlainReading, build_plain_tools, swap
from tests.web.programs import API, Program, read
from tests.web.scenes import COMPLAINANT, MANAGER, MEMBER, RESPONDENT, ROW, STRANGER, must

HERE = f"{API}/matters/row"
ROOM = f"{HERE}/exhibits"
UPLOADS = f"{HERE}/uploads"
LODGE = f"{HERE}/acts/exhibit"
LETTER = b"page one\fpage two"
CHAT = b"one\ntwo\nthree\nfour"
FIELDS = {"exhibit": "e1", "kind": "document", "obtained": "given", "title": "A letter"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("caucus", "_plain")]


class _Threads(PlainReading):
    """Spells messages as the record wants them."""

    def encode_message(self, message: Message) -> bytes:
        return encode_canonical({"index": message.index, "text": message.text})


@pytest.fixture
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    tools = replace(build_plain_tools(), threads=_Threads())
    for module in ("lodging", "exhibits"):
        monkeypatch.setattr(f"alteram.api.{module}.find_evidence_tools", lambda: tools)


def send(
    person: str | Program, *files: tuple[str, bytes], key: str | None = None, place: str = LODGE, **fields: Any
) -> Any:
    """Lodge with one request, as a client does."""
    program = Program(person) if isinstance(person, str) else person
    form: dict[str, Any] = {"lodging": json.dumps({"fields": FIELDS | fields})}
    form["file"] = [SimpleUploadedFile(name, data) for name, data in files]
    headers = {} if key is None else {"idempotency-key": key}
    return program.client.post(place, form, headers=headers)


def lodge(person: str = COMPLAINANT, content: bytes = LETTER, **fields: Any) -> int:
    return int(read(send(person, ("letter.txt", content), **fields), 201)["seq"])


def give(caucus: Opened, to: str = RESPONDENT, exhibit: str = "e1") -> None:
    must(perform(caucus.organisation, ROW, ExhibitDisclosed(exhibits=(exhibit,), to=PersonId(to)), MANAGER))


def get(person: str, place: str, **headers: str) -> Any:
    return Program(person).client.get(place, headers=headers)


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)


def acts(caucus: Opened, kind: type[Any]) -> list[Any]:
    return [one.act for one in caucus.organisation.facts(ROW, fresh=True).matter.all(kind)]


def sweep(caucus: Opened) -> tuple[int, int]:
    """Sweep, and return how many files entries name and how many none does."""
    swept = sweep_attachments(caucus.organisation, older_than=timedelta(0))
    return swept.kept, swept.dropped


# -- with one request


def test_exhibit_is_lodged_with_what_is_found_of_its_file(caucus: Opened) -> None:
    lodge()
    (act,) = acts(caucus, ExhibitLodged)
    assert (act.size, act.media, act.form, act.pieces) == (len(LETTER), "text/plain", "pages", 2)
    (row,) = read(Program(COMPLAINANT).get(ROOM))["exhibits"]
    assert (row["exhibit"], row["kind"], row["has_file"], row["unequal"]) == ("e1", "document", True, True)
    claims = row["entry"]["claims"]
    assert (claims["act.title"], claims["act.file_name"]) == ("A letter", "letter.txt")
    assert sweep(caucus) == (4, 0)


def test_command_line_tells_an_exhibit_by_the_same_members(caucus: Opened) -> None:
    lodge()
    give(caucus)
    told = look_at_exhibit(enter(caucus.organisation, ROW, COMPLAINANT), "e1", now=caucus.organisation.ports.clock())
    assert spell(describe_exhibit(told)) == read(Program(COMPLAINANT).get(f"{ROOM}/e1"))


def test_physical_item_is_lodged_without_a_file(caucus: Opened) -> None:
    read(send(COMPLAINANT, kind="physical"), 201)
    assert acts(caucus, ExhibitLodged)[0].digest is None
    assert read(Program(COMPLAINANT).get(f"{ROOM}/e1"))["told"]["has_file"] is False
    assert get(COMPLAINANT, f"{ROOM}/e1/file").status_code == 404


def test_exhibit_is_lodged_once_however_often_it_is_sent_with_the_same_key(caucus: Opened) -> None:
    program = Program(COMPLAINANT)
    first, again = (send(program, ("letter.txt", LETTER), key="k") for _ in range(2))
    assert first.status_code == 201
    assert first.content == again.content
    assert len(acts(caucus, ExhibitLodged)) == 1
    other = send(program, ("letter.txt", LETTER + b"!"), key="k")
    assert read(other, 422)["type"].endswith("#key-reused")
    assert sweep(caucus) == (4, 0)


def test_what_is_found_here_is_not_told(caucus: Opened) -> None:
    program = Program(COMPLAINANT)
    for name in lodging.FOUND:
        answer = read(send(program, ("a", LETTER), **{name: "ab" * 32}), 422)
        assert answer["misfits"][0]["where"] == f"body.fields.{name}"
    assert sweep(caucus) == (0, 0)


@pytest.mark.parametrize(("size", "status", "kept"), [(100, 201, 4), (101, 413, 0)])
def test_larger_file_than_one_request_takes_is_uploaded_in_parts(
    caucus: Opened, monkeypatch: pytest.MonkeyPatch, size: int, status: int, kept: int
) -> None:
    monkeypatch.setattr(exhibit_files, "MAX_AT_ONCE", 100)
    answer = send(COMPLAINANT, ("a.txt", b"x" * size))
    assert answer.status_code == status
    assert len(acts(caucus, ExhibitLodged)) == (status == 201)
    assert sweep(caucus) == (kept, 0)


def test_one_file_is_one_exhibit(caucus: Opened) -> None:
    answer = read(send(COMPLAINANT, ("a.txt", LETTER), ("b.txt", LETTER)), 422)
    assert answer["misfits"][0]["where"] == "body.file"
    assert sweep(caucus) == (0, 0)


def test_what_the_rules_refuse_leaves_nothing(caucus: Opened) -> None:
    lodge()
    sweep(caucus)
    assert read(send(COMPLAINANT, ("a.txt", LETTER)), 409)["ruling"]["code"] == "name.taken"
    assert read(send(MEMBER, ("a.txt", LETTER), exhibit="e2"), 409)["ruling"]["code"]
    assert sweep(caucus) == (0, 0)


def test_where_no_program_can_be_confined_nothing_is_lodged_and_nothing_kept(
    caucus: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> AbstractContextManager[Path]:
        raise ConfinementError("No program can be confined here.", remedy="Install bubblewrap.")

    tools = replace(build_plain_tools(), workplace=refuse)
    monkeypatch.setattr("alteram.api.lodging.find_evidence_tools", lambda: tools)
    answer = read(send(COMPLAINANT, ("a.txt", LETTER)), 409)
    assert answer["type"].endswith("#unmade")
    assert "bubblewrap" in answer["detail"]
    assert acts(caucus, ExhibitLodged) == []
    assert sweep(caucus) == (0, 0)


def test_stranger_who_lodges_learns_nothing_and_nothing_is_kept(caucus: Opened) -> None:
    there = send(STRANGER, ("a.txt", LETTER))
    nowhere = send(STRANGER, ("a.txt", LETTER), place=LODGE.replace("row", "nowhere"))
    assert (there.status_code, there.content) == (404, nowhere.content)
    assert sweep(caucus) == (0, 0)


def test_lodging_needs_its_scope(caucus: Opened) -> None:
    assert send(Program(COMPLAINANT, ("read",)), ("a.txt", LETTER)).status_code == 403
    assert Program(COMPLAINANT, ("read",)).post(UPLOADS, {"size": 1}).status_code == 403
    assert sweep(caucus) == (0, 0)


# -- in parts


def begin(person: str = COMPLAINANT, size: int = len(LETTER)) -> str:
    return str(read(Program(person).post(UPLOADS, {"file_name": "letter.txt", "size": size}), 201)["upload"])


def add(name: str, offset: int, data: bytes, person: str = COMPLAINANT) -> Any:
    place = f"{UPLOADS}/{name}/parts?offset={offset}"
    return Program(person).client.post(place, data, content_type="application/octet-stream")


def test_upload_in_parts_is_lodged_and_then_gone(caucus: Opened) -> None:
    name = begin()
    assert read(add(name, 0, LETTER[:5]))["offset"] == 5
    program = Program(COMPLAINANT)
    assert read(program.get(f"{UPLOADS}/{name}"))["is_whole"] is False
    assert read(program.post(f"{UPLOADS}/{name}/lodge", {"fields": FIELDS}), 409)["type"].endswith("#offset")
    assert read(add(name, 5, LETTER[5:]))["is_whole"] is True
    assert [one["upload"] for one in read(program.get(UPLOADS))["uploads"]] == [name]
    assert read(program.post(f"{UPLOADS}/{name}/lodge", {"fields": FIELDS}), 201)
    assert body(get(COMPLAINANT, f"{ROOM}/e1/file")) == LETTER
    assert read(program.get(UPLOADS))["uploads"] == []
    assert program.get(f"{UPLOADS}/{name}").status_code == 404


def test_part_that_does_not_go_on_is_told_where_to() -> None:
    name = begin()
    add(name, 0, LETTER[:5])
    for offset in (0, 4, 6):
        answer = add(name, offset, LETTER[5:])
        assert read(answer, 409)["type"].endswith("#offset")
        assert answer.headers["Upload-Offset"] == "5"
    assert read(Program(COMPLAINANT).get(f"{UPLOADS}/{name}"))["offset"] == 5


def test_more_than_was_announced_does_not_fit() -> None:
    name = begin()
    assert read(add(name, 0, LETTER + b"!"), 422)["misfits"][0]["where"] == "body"
    assert read(Program(COMPLAINANT).get(f"{UPLOADS}/{name}"))["offset"] == 0


def test_part_sent_again_with_its_key_is_answered_as_the_first_time() -> None:
    name, program = begin(), Program(COMPLAINANT)
    place, headers = f"{UPLOADS}/{name}/parts?offset=0", {"idempotency-key": "k"}
    first, again = (
        program.client.post(place, LETTER[:5], content_type="application/octet-stream", headers=headers)
        for _ in range(2)
    )
    assert (read(first)["offset"], again.content) == (5, first.content)


def test_refused_upload_stays_until_it_is_dropped(caucus: Opened) -> None:
    lodge()
    name, program = begin(), Program(COMPLAINANT)
    add(name, 0, LETTER)
    assert read(program.post(f"{UPLOADS}/{name}/lodge", {"fields": FIELDS}), 409)["ruling"]["code"] == "name.taken"
    assert read(program.get(f"{UPLOADS}/{name}"))["is_whole"] is True
    assert read(program.post(f"{UPLOADS}/{name}/drop", {}))["upload"] == name
    assert program.get(f"{UPLOADS}/{name}").status_code == 404
    assert len(acts(caucus, ExhibitLodged)) == 1


def test_upload_of_somebody_else_is_not_there() -> None:
    name = begin()
    for person in (RESPONDENT, MANAGER, STRANGER):
        program = Program(person)
        assert program.get(f"{UPLOADS}/{name}").status_code == 404
        assert add(name, 0, LETTER, person).status_code == 404
        for call in ("lodge", "drop"):
            assert program.post(f"{UPLOADS}/{name}/{call}", {"fields": FIELDS}).status_code == 404
    assert read(Program(COMPLAINANT).get(f"{UPLOADS}/{name}"))["offset"] == 0


def test_there_are_only_so_many_uploads_open_at_once() -> None:
    for _ in range(MAX_OPEN):
        begin()
    assert read(Program(COMPLAINANT).post(UPLOADS, {"size": 1}), 409)["type"].endswith("#full")
    begin(RESPONDENT)


def test_upload_is_as_large_as_an_exhibit_can_be() -> None:
    for size, status in ((MAX_EXHIBIT, 201), (MAX_EXHIBIT + 1, 422), (-1, 422)):
        assert Program(COMPLAINANT).post(UPLOADS, {"size": size}).status_code == status


# -- reading


def test_file_is_read_by_whom_it_was_given_and_their_first_sight_is_an_act(caucus: Opened) -> None:
    lodge()
    closed = read(get(RESPONDENT, f"{ROOM}/e1/file"), 403)
    assert (closed["type"].rpartition("#")[2], closed["ruling"]["code"]) == ("closed", "exhibit.undisclosed")
    assert acts(caucus, ExhibitSeen) == []
    give(caucus)
    answer = get(RESPONDENT, f"{ROOM}/e1/file")
    assert body(answer) == LETTER
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert [one.person for one in acts(caucus, ExhibitSeen)] == [RESPONDENT]
    sights = read(Program(MANAGER).get(ROOM))["exhibits"][0]["sides"]["respondent"]
    assert sights[0]["seen_at"] is not None


PLACES = ["", "/file", "/pieces", "/pieces/0", "/pages", "/messages", "/facts", "/excerpt?first=0&until=1"]


def test_stranger_cannot_tell_an_exhibit_from_none() -> None:
    lodge()
    for place in PLACES:
        there, nowhere = (get(STRANGER, f"{API}/matters/{name}/exhibits/e1{place}") for name in ("row", "nowhere"))
        assert (there.status_code, there.content) == (404, nowhere.content)
        assert get(COMPLAINANT, f"{ROOM}/e2{place}").content == there.content


def test_party_reads_nothing_of_what_was_not_given_to_them(caucus: Opened) -> None:
    lodge()
    for place in PLACES[1:]:
        assert get(RESPONDENT, f"{ROOM}/e1{place}").status_code == 403
        assert get(MEMBER, f"{ROOM}/e1{place}").status_code == 403  # who decides reads nothing before them
    assert acts(caucus, ExhibitSeen) == []


def test_what_a_scanner_found_something_in_is_closed_and_says_why(caucus: Opened) -> None:
    lodge(content=BAD)
    give_anyway = get(COMPLAINANT, f"{ROOM}/e1/file")
    assert read(give_anyway, 403)["ruling"]["code"] == "exhibit.quarantined"
    shown = read(Program(COMPLAINANT).get(f"{ROOM}/e1"))
    assert (shown["told"]["quarantined"], shown["closed"]["code"]) == (True, "exhibit.quarantined")


def test_range_of_a_file_is_that_range() -> None:
    lodge()
    for asked, expected, said in (
        ("bytes=0-3", LETTER[:4], "bytes 0-3/17"),
        ("bytes=5-", LETTER[5:], "bytes 5-16/17"),
        ("bytes=-4", LETTER[-4:], "bytes 13-16/17"),
        ("bytes=-99", LETTER, "bytes 0-16/17"),
        ("bytes=16-99", LETTER[16:], "bytes 16-16/17"),
    ):
        answer = get(COMPLAINANT, f"{ROOM}/e1/file", range=asked)
        assert (answer.status_code, answer.headers["Content-Range"]) == (206, said)
        assert body(answer) == expected
        assert answer.headers["Content-Length"] == str(len(expected))


def test_range_beyond_a_file_is_none_and_what_is_no_range_is_the_whole() -> None:
    lodge()
    for asked in ("bytes=17-", "bytes=-0", "bytes=17-20"):
        answer = get(COMPLAINANT, f"{ROOM}/e1/file", range=asked)
        assert read(answer, 416)["type"].endswith("#no-such-range")
        assert answer.headers["Content-Range"] == "bytes */17"
    for asked in ("lines=1-2", "bytes=3-1", "bytes=0-1,4-5", "bytes=-", "bytes=a-b", "bytes=\u0663-"):
        answer = get(COMPLAINANT, f"{ROOM}/e1/file", range=asked)
        assert (answer.status_code, body(answer)) == (200, LETTER)


def test_range_over_several_blocks_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(byte_ranges, "BLOCK", 1000)
    content = bytes(range(256)) * 600
    lodge(content=content)
    assert body(get(COMPLAINANT, f"{ROOM}/e1/file", range="bytes=65000-70999")) == content[65000:71000]


def test_file_that_was_swapped_is_no_answer_and_its_ranges_are_held_to_the_pieces(
    caucus: Opened, caplog: pytest.LogCaptureFixture
) -> None:
    content = bytes(range(256)) * 600
    lodge(content=content)
    stored = get_stored(caucus.organisation, ROW, caucus.organisation.facts(ROW, fresh=True), "e1")
    swap(caucus.organisation, stored.get("original"), content[:-1] + b"x")
    told = read(get(COMPLAINANT, f"{ROOM}/e1/file"), 500)
    assert ("not the one that was lodged" in told["detail"], "backup" in told["detail"]) == (True, True)
    assert "OtherFileError" in caplog.text
    assert body(get(COMPLAINANT, f"{ROOM}/e1/file", range="bytes=65000-70999")) == content[65000:71000]
    last = get(COMPLAINANT, f"{ROOM}/e1/file", range="bytes=-1")
    with pytest.raises(OtherFileError):
        body(last)


# -- pieces


def test_pages_have_their_texts_and_their_pictures() -> None:
    lodge()
    pieces = read(Program(COMPLAINANT).get(f"{ROOM}/e1/pieces"))
    assert (pieces["form"], pieces["pieces"]) == ("pages", 2)
    first = read(Program(COMPLAINANT).get(f"{ROOM}/e1/pages?limit=1"))
    assert ([one["text"] for one in first["pages"]], first["total"], first["next"]) == (["page one"], 2, "1")
    assert (first["pages"][0]["is_recognised"], first["pages"][0]["is_unread"]) == (False, False)
    rest = read(Program(COMPLAINANT).get(f"{ROOM}/e1/pages?cursor=1"))
    assert ([one["number"] for one in rest["pages"]], rest["next"]) == ([1], None)
    assert body(get(COMPLAINANT, f"{ROOM}/e1/pieces/1")) == b"a picture of page two"
    assert get(COMPLAINANT, f"{ROOM}/e1/pieces/2").status_code == 404
    assert read(Program(COMPLAINANT).get(f"{ROOM}/e1/messages"))["total"] == 0
    assert read(Program(COMPLAINANT).get(f"{ROOM}/e1/facts"))["facts"]["scan"] == "clean"


def test_messages_are_read_in_pages() -> None:
    lodge(content=CHAT, kind="message")
    page = read(Program(COMPLAINANT).get(f"{ROOM}/e1/messages?limit=3"))
    assert ([one["text"] for one in page["messages"]], page["total"], page["next"]) == (["one", "two", "three"], 4, "3")
    assert read(Program(COMPLAINANT).get(f"{ROOM}/e1/messages?cursor=3"))["next"] is None
    assert read(Program(COMPLAINANT).get(f"{ROOM}/e1/pages"))["pages"] == []


def test_excerpt_is_proved_to_anybody_once_the_lodging_is_in_the_log(caucus: Opened) -> None:
    lodge()
    place = f"{ROOM}/e1/excerpt?first=1&until=2"
    assert read(get(COMPLAINANT, place), 409)["type"].endswith("#not-in-the-log")
    caucus.integrator.run()
    answer = get(COMPLAINANT, place)
    proved = body(answer)
    assert answer["Content-Length"] == str(len(proved))
    verified = verify_excerpt(proved, caucus.organisation.ports.policy)
    assert (verified.exhibit, verified.first, verified.until, verified.of) == ("e1", 1, 2, 2)
    assert verified.content == b"a picture of page two"
    assert Program(COMPLAINANT, ("read",)).get(place).status_code == 403


def test_excerpt_of_what_is_no_range_does_not_fit(caucus: Opened) -> None:
    lodge()
    caucus.integrator.run()
    pieces = ("", "first=0", "first=1&until=1", "first=0&until=3", f"first=0&until={MOST_PROVED + 1}")
    for asked in (*pieces, "first=0&until=1&from_s=0&until_s=1", "from_s=0"):
        assert read(get(COMPLAINANT, f"{ROOM}/e1/excerpt?{asked}"), 422)["misfits"][0]["where"] == "query"


def test_excerpt_of_a_recording_is_asked_for_in_seconds(caucus: Opened) -> None:
    lodge(content=b"fLaC" + bytes(200_000), kind="recording")
    caucus.integrator.run()
    proved = body(get(COMPLAINANT, f"{ROOM}/e1/excerpt?from_s=0&until_s=0.5"))
    assert verify_excerpt(proved, caucus.organisation.ports.policy).form == "flac"
