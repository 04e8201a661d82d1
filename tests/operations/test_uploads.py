"""Uploads over several requests: what arrived stays and goes on, nobody else finds it, nothing of it is left."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from alteram.adapters.files.uploads import FileUploadStore
from alteram.core.kernel.identifiers import PersonId
from alteram.operations.attachments import AttachmentError
from alteram.operations.entries import Entered, enter
from alteram.operations.exhibits import uploads as uploading
from alteram.operations.exhibits.uploads import (
    MAX_OPEN,
    UploadConflictError,
    add_to_upload,
    begin_upload,
    drop_upload,
    get_upload,
    list_uploads,
    receive_upload,
    sweep_uploads,
)
from alteram.operations.ports import StoreUnavailableError
from alteram.operations.questions import UnknownMatterError
from alteram.operations.upload_ports import PartWriter, UploadPart
from tests.worlds import COMPLAINANT, M1, RESPONDENT, World, begin_matter, found_small_body, open_world

CONTENT = bytes(range(256)) * 3000
HALF = len(CONTENT) // 2


@pytest.fixture(params=["memory", "sqlite"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with open_world(request.param, tmp_path) as opened:
        organisation = opened.open()
        found_small_body(organisation)
        begin_matter(organisation)
        yield opened


def entered(world: World, person: PersonId = COMPLAINANT) -> Entered:
    return enter(world.open(), M1, person)


def breaks_off(data: bytes) -> Iterator[bytes]:
    yield data
    raise OSError("The connection is gone.")


def test_upload_goes_on_where_it_stopped_and_is_the_file_in_the_end(world: World) -> None:
    name = begin_upload(entered(world), "call.wav", len(CONTENT)).name
    with pytest.raises(OSError, match="gone"):
        add_to_upload(entered(world), name, 0, breaks_off(CONTENT[:HALF]))
    # Another process, later: it knows how much is durable.
    assert get_upload(entered(world), name).offset == HALF
    done = add_to_upload(entered(world), name, HALF, [CONTENT[HALF : HALF + 7], CONTENT[HALF + 7 :]])
    assert done.is_whole
    received = receive_upload(entered(world), name)
    assert received.size == len(CONTENT)
    opened = world.open().ports.attachments.get(M1, received.sealed.attachment.sha256)
    assert CONTENT[:64] not in b"".join(opened)
    drop_upload(entered(world), name)
    with pytest.raises(UnknownMatterError):
        get_upload(entered(world), name)


@pytest.mark.parametrize("offset", [1, HALF - 1, HALF + 1, len(CONTENT)])
def test_what_does_not_continue_is_refused_with_where_to_go_on(world: World, offset: int) -> None:
    name = begin_upload(entered(world), "call.wav", len(CONTENT)).name
    add_to_upload(entered(world), name, 0, [CONTENT[:HALF]])
    with pytest.raises(UploadConflictError) as raised:
        add_to_upload(entered(world), name, offset, [b"x"])
    assert raised.value.offset == HALF
    assert get_upload(entered(world), name).offset == HALF


def test_unfinished_upload_is_no_file(world: World) -> None:
    name = begin_upload(entered(world), "call.wav", 2).name
    add_to_upload(entered(world), name, 0, [b"x"])
    with pytest.raises(UploadConflictError):
        receive_upload(entered(world), name)
    add_to_upload(entered(world), name, 1, [b"y"])
    assert receive_upload(entered(world), name).size == 2


def test_more_than_was_announced_is_refused_and_what_was_there_stays(world: World) -> None:
    name = begin_upload(entered(world), "call.wav", 3).name
    add_to_upload(entered(world), name, 0, [b"ab"])
    with pytest.raises(AttachmentError):
        add_to_upload(entered(world), name, 2, [b"c", b"d"])
    assert get_upload(entered(world), name).offset == 2


def test_empty_file_is_whole_at_once(world: World) -> None:
    name = begin_upload(entered(world), "nothing", 0).name
    assert receive_upload(entered(world), name).size == 0


def test_request_in_which_nothing_came_adds_no_part(world: World) -> None:
    name = begin_upload(entered(world), "call.wav", 3).name
    assert add_to_upload(entered(world), name, 0, []).parts == ()


@pytest.mark.parametrize("name", ["0" * 32, "../../x", "", "ABC"])
def test_upload_of_another_person_or_of_nobody_is_not_there(world: World, name: str) -> None:
    own = begin_upload(entered(world), "call.wav", 3).name
    for person, asked in ((RESPONDENT, own), (COMPLAINANT, name)):
        with pytest.raises(UnknownMatterError):
            add_to_upload(entered(world, person), asked, 0, [b"abc"])
        with pytest.raises(UnknownMatterError):
            drop_upload(entered(world, person), asked)
    assert [one.name for one in list_uploads(entered(world))] == [own]
    assert list_uploads(entered(world, RESPONDENT)) == ()


def test_only_so_many_uploads_are_open_at_once(world: World) -> None:
    names = [begin_upload(entered(world), "x", 1).name for _ in range(MAX_OPEN)]
    with pytest.raises(AttachmentError, match="open"):
        begin_upload(entered(world), "x", 1)
    begin_upload(entered(world, RESPONDENT), "x", 1)
    drop_upload(entered(world), names[0])
    assert begin_upload(entered(world), "x", 1).name not in names


@pytest.mark.parametrize(("size", "fits"), [(10, True), (11, False), (-1, False)])
def test_size_is_bounded_before_anything_arrives(
    world: World, monkeypatch: pytest.MonkeyPatch, size: int, fits: bool
) -> None:
    monkeypatch.setattr(uploading, "MAX_EXHIBIT", 10)
    if fits:
        assert begin_upload(entered(world), "x", size).size == size
        return
    with pytest.raises(AttachmentError):
        begin_upload(entered(world), "x", size)


def test_two_requests_for_the_same_place_are_one_that_wins_and_one_that_goes_on(world: World) -> None:
    name = begin_upload(entered(world), "x", 6).name

    def meanwhile() -> Iterator[bytes]:
        yield b"abc"
        add_to_upload(entered(world), name, 0, [b"XYZ"])

    with pytest.raises(UploadConflictError) as raised:
        add_to_upload(entered(world), name, 0, meanwhile())
    assert raised.value.offset == 3
    add_to_upload(entered(world), name, 3, [b"def"])
    assert receive_upload(entered(world), name).head == b"XYZdef"


def test_what_stays_idle_is_swept_away_and_nothing_else(world: World) -> None:
    name = begin_upload(entered(world), "x", 6).name
    organisation = world.open()
    assert sweep_uploads(organisation, older_than=timedelta(hours=1)) == 0
    assert get_upload(entered(world), name).name == name
    assert sweep_uploads(organisation, older_than=timedelta(0)) == 1
    with pytest.raises(UnknownMatterError):
        get_upload(entered(world), name)


@pytest.mark.parametrize("world", ["sqlite"], indirect=True)
def test_disk_that_fails_leaves_the_upload_as_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    name = begin_upload(entered(world), "x", 6).name
    add_to_upload(entered(world), name, 0, [b"abc"])

    def fail(_descriptor: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(StoreUnavailableError):
        add_to_upload(entered(world), name, 3, [b"def"])
    monkeypatch.undo()
    assert get_upload(entered(world), name).offset == 3
    assert add_to_upload(entered(world), name, 3, [b"def"]).is_whole


def test_part_that_cannot_be_deleted_hides_no_other_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileUploadStore(tmp_path)
    store.begin(M1, "a" * 32, b"note")
    part = store.open_part(M1, "a" * 32, 0)
    part.write(b"x")

    def refuse(self: Path, *, missing_ok: bool = False) -> None:
        raise PermissionError(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    part.abandon()
    assert store.find(M1, "a" * 32) == (b"note", ())
    store.drop(M1, "a" * 32)
    assert store.find(M1, "a" * 32) is None


class _Overheard:
    """A part on its way in, of which everything that was written is kept."""

    def __init__(self, writer: PartWriter, heard: list[bytes]) -> None:
        self._writer, self._heard = writer, heard
        heard.append(b"")

    def write(self, data: bytes) -> None:
        self._heard[-1] += data
        self._writer.write(data)

    def finish(self, size: int) -> UploadPart:
        return self._writer.finish(size)

    def abandon(self) -> None:
        self._writer.abandon()


def test_part_that_is_sent_again_is_sealed_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = entered(world)
    store, heard = one.organisation.ports.uploads, list[bytes]()
    begin = store.open_part
    name = begin_upload(one, "call.wav", len(CONTENT)).name
    monkeypatch.setattr(store, "open_part", lambda *what: _Overheard(begin(*what), heard), raising=False)
    with pytest.raises(AttachmentError, match="More"):
        add_to_upload(one, name, 0, [CONTENT, b"more"])
    add_to_upload(one, name, 0, [CONTENT])
    first, second = (text[:1000] for text in heard)
    # Under one key both would begin alike.
    assert len(first) == len(second) == 1000
    assert sum(a == b for a, b in zip(first, second, strict=True)) < 50
    assert receive_upload(one, name).size == len(CONTENT)


def test_upload_of_too_many_parts_goes_on_no_further(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "MAX_PARTS", 2)
    name = begin_upload(entered(world), "call.wav", 3).name
    for offset in (0, 1):
        add_to_upload(entered(world), name, offset, [b"x"])
    with pytest.raises(AttachmentError, match="too many parts"):
        add_to_upload(entered(world), name, 2, [b"x"])
    assert get_upload(entered(world), name).offset == 2
