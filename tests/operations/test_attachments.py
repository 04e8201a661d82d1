"""Files of entries: durable before the entry, open to who may see it, gone with its keys, swept where no entry came."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from alteram.core.acts import CaseManagerAssigned, MatterClosed, ReportLodged
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.record import Attachment, parse_entry
from alteram.core.vault import VaultError
from alteram.operations import attachments as taking
from alteram.operations.attachments import (
    AttachmentError,
    FoundAttachment,
    Swept,
    begin_attachment,
    drop_attachments,
    find_attachments,
    open_attachment,
    sweep_attachments,
)
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform
from alteram.operations.ports import AttachmentStore, AttachmentWriter, StoreError, WaitingAttachment
from alteram.operations.questions import UnknownMatterError
from alteram.operations.recording import SealedAttachment
from tests.worlds import (
    COMPLAINANT,
    CUSTODIAN,
    MANAGER,
    MEMBER,
    RESPONDENT,
    Faults,
    InjectedError,
    Mode,
    World,
    do,
    export,
    found_small_body,
    open_world,
    report,
    shred,
    verify,
)

M9 = StreamId("m9")
REPORTER, STRANGER = PersonId("reporter-x"), PersonId("stranger")
CONTENT = b"what the camera saw " * 9000
NOW = timedelta(0)
ANONYMOUS = ReportLodged(identity="anonymous", about="person", text="It happened.")


@pytest.fixture(params=["memory", "sqlite"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with open_world(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture
def organisation(world: World) -> Organisation:
    opened = world.open()
    found_small_body(opened)
    return opened


def take(organisation: Organisation, content: bytes = CONTENT, name: str = "photo.jpg") -> SealedAttachment:
    incoming = begin_attachment(organisation, M9, name)
    for at in range(0, len(content), 70_000):
        incoming.write(content[at : at + 70_000])
    return incoming.finish()


def lodge(organisation: Organisation, *attachments: SealedAttachment) -> None:
    assert perform(organisation, M9, ANONYMOUS, REPORTER, attachments=attachments)


def read(organisation: Organisation, viewer: PersonId, number: int = 0) -> bytes:
    return b"".join(open_attachment(organisation, M9, 0, number, viewer).content)


def waiting(organisation: Organisation) -> tuple[WaitingAttachment, ...]:
    return organisation.ports.attachments.waiting(NOW)


def test_files_are_found_with_their_entry_in_order_and_as_they_were(world: World, organisation: Organisation) -> None:
    lodge(organisation, take(organisation), take(organisation, b"", "empty.txt"))
    for one in (organisation, world.open()):
        assert find_attachments(one, M9, 0, REPORTER) == (
            FoundAttachment(0, "photo.jpg", len(CONTENT)),
            FoundAttachment(1, "empty.txt", 0),
        )
        assert (read(one, REPORTER), read(one, REPORTER, 1)) == (CONTENT, b"")


@pytest.mark.parametrize("size", [0, 1, 65_516, 65_517, 65_518, 200_000])
def test_size_that_is_told_is_that_of_the_content(organisation: Organisation, size: int) -> None:
    lodge(organisation, take(organisation, bytes(size)))
    assert find_attachments(organisation, M9, 0, REPORTER)[0].size == size


def test_entry_names_each_ciphertext_by_digest_and_size_and_its_export_verifies(
    world: World, organisation: Organisation
) -> None:
    taken = take(organisation)
    lodge(organisation, taken)
    stored = next(organisation.ports.store.load(organisation.ports.organisation, M9))
    opened = organisation.open(stored)
    assert opened is not None
    assert parse_entry(opened.presentation.claims).attachments == (taken.attachment,)
    world.publish(organisation)
    assert verify(organisation, export(organisation, M9)).entries == 18


def test_what_is_kept_of_a_file_shows_neither_content_nor_name(tmp_path: Path) -> None:
    with open_world("sqlite", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation)
        lodge(organisation, take(organisation))
        world.close()
        kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
        assert len(kept) > 3
        assert not any(secret in data for secret in (CONTENT[:20], b"photo.jpg") for data in kept)


@pytest.mark.parametrize("viewer", [MEMBER, RESPONDENT, STRANGER])
def test_file_is_not_open_to_who_may_not_see_the_entry(organisation: Organisation, viewer: PersonId) -> None:
    lodge(organisation, take(organisation))
    for ask in (find_attachments, partial(open_attachment, number=0)):
        with pytest.raises(UnknownMatterError):
            ask(organisation, M9, 0, viewer=viewer)


def test_file_is_open_to_who_handles_the_report(organisation: Organisation) -> None:
    lodge(organisation, take(organisation))
    assert read(organisation, CUSTODIAN) == CONTENT


@pytest.mark.parametrize(("seq", "number"), [(0, 1), (0, -1), (1, 0), (-1, 0), (10**30, 0), (0, 10**30)])
def test_file_that_is_not_there_is_not_found(organisation: Organisation, seq: int, number: int) -> None:
    lodge(organisation, take(organisation))
    with pytest.raises(UnknownMatterError):
        open_attachment(organisation, M9, seq, number, REPORTER)


def test_entry_without_files_has_none(organisation: Organisation) -> None:
    lodge(organisation)
    assert find_attachments(organisation, M9, 0, REPORTER) == ()


# -- limits and names


def test_file_of_the_largest_size_is_taken_and_one_byte_more_leaves_nothing(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "MAX_FILE", 100_000)
    lodge(organisation, take(organisation, bytes(100_000)))
    assert len(read(organisation, REPORTER)) == 100_000
    before = waiting(organisation)
    with pytest.raises(AttachmentError):
        take(organisation, bytes(100_001))
    assert waiting(organisation) == before


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("/etc/passwd", "passwd"),
        ("C:\\secret\\plan.pdf", "plan.pdf"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("", "file"),
        ("x" * 300, "x" * 200),
        ("größe.txt", "größe.txt"),
        ("\ud800.txt", ".txt"),
    ],
)
def test_name_is_kept_without_what_no_name_should_hold(organisation: Organisation, name: str, kept: str) -> None:
    lodge(organisation, take(organisation, name=name))
    assert find_attachments(organisation, M9, 0, REPORTER)[0].name == kept


# -- keys


def test_file_survives_the_rotation_that_shredding_a_field_brings(world: World, organisation: Organisation) -> None:
    lodge(organisation, take(organisation))
    assert shred(organisation, M9, scope="fields", entry=0, fields=("text",))
    assert read(world.open(), REPORTER) == CONTENT


@pytest.mark.parametrize("scope", [{"scope": "entry", "entry": 0}, {"scope": "matter"}])
def test_file_is_unreadable_once_its_entry_or_its_matter_was_shredded(
    world: World, organisation: Organisation, scope: dict[str, Any]
) -> None:
    taken = take(organisation)
    lodge(organisation, taken)
    if scope["scope"] == "matter":
        do(organisation, M9, CaseManagerAssigned(person=MANAGER), CUSTODIAN)
        do(organisation, M9, MatterClosed(approved_by=CUSTODIAN), MANAGER)
    assert shred(organisation, M9, **scope)
    for one in (organisation, world.open()):
        with pytest.raises(UnknownMatterError):
            open_attachment(one, M9, 0, 0, CUSTODIAN)
    # What would open it is nowhere any more; the ciphertext that is left is swept away.
    assert sweep_attachments(world.open(), older_than=NOW) == Swept(dropped=1)


def test_file_that_was_altered_on_disk_does_not_open(tmp_path: Path) -> None:
    with open_world("sqlite", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation)
        lodge(organisation, take(organisation))
        (path,) = (tmp_path / "attachments" / "waiting").iterdir()
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
        with pytest.raises(VaultError):
            read(organisation, REPORTER)
        path.unlink()
        with pytest.raises(StoreError):
            read(organisation, REPORTER)


# -- sweeping


def test_sweep_keeps_what_an_entry_names_and_deletes_what_none_does(world: World, organisation: Organisation) -> None:
    lodge(organisation, take(organisation))
    orphan = take(organisation)
    unfinished = begin_attachment(organisation, M9, "half")
    assert sweep_attachments(organisation) == Swept()
    assert sweep_attachments(world.open(), older_than=NOW) == Swept(kept=1, dropped=2)
    assert waiting(organisation) == ()
    assert read(organisation, REPORTER) == CONTENT
    with pytest.raises(StoreError):
        organisation.ports.attachments.get(M9, orphan.attachment.sha256)
    unfinished.abandon()


def test_files_of_a_refused_act_are_dropped_and_those_of_others_stay(organisation: Organisation) -> None:
    lodge(organisation, take(organisation))
    taken = take(organisation)
    refused = perform(organisation, M9, ANONYMOUS, STRANGER, attachments=(taken,))
    assert isinstance(refused.ruling, Refused)
    drop_attachments(organisation, M9, (taken,))
    assert len(waiting(organisation)) == 1
    assert read(organisation, REPORTER) == CONTENT


# -- every write fails, twice over


class FaultyWriter:
    """A writer whose calls fail when `Faults` says so."""

    def __init__(self, writer: AttachmentWriter, faults: Faults) -> None:
        self._writer, self._faults = writer, faults

    def write(self, data: bytes) -> None:
        self._faults.strike("writer.write", self._writer.write, (data,))

    def finish(self) -> Attachment:
        done: Attachment = self._faults.strike("writer.finish", self._writer.finish, ())
        return done

    def abandon(self) -> None:
        self._writer.abandon()


class FaultyAttachments:
    """A store that gives such writers."""

    def __init__(self, store: AttachmentStore, faults: Faults) -> None:
        self._store, self._faults = store, faults
        self.get, self.read, self.waiting = store.get, store.read, store.waiting
        self.keep, self.drop = store.keep, store.drop

    def begin(self, stream: StreamId) -> AttachmentWriter:
        return FaultyWriter(self._store.begin(stream), self._faults)


@pytest.mark.parametrize(
    ("point", "mode"),
    [
        ("attachments.begin", "not applied"),
        ("writer.write", "not applied"),
        ("writer.write", "applied"),
        ("writer.finish", "not applied"),
        ("writer.finish", "applied"),
        ("store.append", "not applied"),
        ("store.append", "applied"),
    ],
)
def test_whichever_write_fails_no_entry_names_a_file_that_is_not_whole(
    world: World, organisation: Organisation, point: str, mode: Mode
) -> None:
    ports, faults = organisation.ports, world.faults
    organisation.ports = replace(ports, attachments=FaultyAttachments(ports.attachments, faults))
    faults.arm(point, mode)
    with pytest.raises(InjectedError):
        lodge(organisation, take(organisation))
    faults.disarm()
    afterwards = world.open()
    stored = afterwards.state(M9).facts.head_seq
    assert stored == (0 if (point, mode) == ("store.append", "applied") else -1)
    if stored == 0:
        assert read(afterwards, REPORTER) == CONTENT
    # Nothing was acknowledged: the reporter sends it again, and what is left over is swept away.
    again = StreamId("m10")
    incoming = begin_attachment(afterwards, again, "photo.jpg")
    incoming.write(CONTENT)
    assert perform(afterwards, again, ANONYMOUS, REPORTER, attachments=(incoming.finish(),))
    assert sweep_attachments(afterwards, older_than=NOW).kept == 1 + (stored == 0)
    assert afterwards.ports.attachments.waiting(NOW) == ()
    assert b"".join(open_attachment(afterwards, again, 0, 0, REPORTER).content) == CONTENT


@pytest.mark.parametrize("mode", ["not applied", "applied"])
@pytest.mark.parametrize("point", ["attachments.keep", "attachments.drop"])
def test_sweep_that_fails_can_be_repeated(world: World, organisation: Organisation, point: str, mode: Mode) -> None:
    lodge(organisation, take(organisation))
    take(organisation)
    world.faults.arm(point, mode)
    with pytest.raises(InjectedError):
        sweep_attachments(organisation, older_than=NOW)
    world.faults.disarm()
    sweep_attachments(organisation, older_than=NOW)
    assert waiting(organisation) == ()
    assert read(organisation, REPORTER) == CONTENT


def test_act_after_a_named_report_takes_files_too(organisation: Organisation) -> None:
    do(organisation, M9, report(), COMPLAINANT)
    with pytest.raises(UnknownMatterError):
        find_attachments(organisation, M9, 0, MANAGER)
    assert find_attachments(organisation, M9, 0, COMPLAINANT) == ()
