"""What every attachment store must do, and what the one on disk does when its disk or its process fails."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from alteram.adapters.files import FileAttachmentStore
from alteram.adapters.files.objects import Bucket, ObjectAttachmentStore
from alteram.adapters.memory import MemoryAttachmentStore
from alteram.bootstrap.folder import FolderError, open_attachments
from alteram.core.record import Attachment
from alteram.operations.ports import (
    AttachmentStore,
    StoreError,
    StoreUnavailableError,
    WaitingAttachment,
)
from tests.contract.places import M1, M2, in_threads
from tests.objects import connect, run_object_store

NOW, HOUR = timedelta(0), timedelta(hours=1)
DATA = b"ciphertext" * 50_000


@pytest.fixture(scope="module")
def object_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with run_object_store(tmp_path_factory.mktemp("objects")) as address:
        yield address


def open_bucket(address: str, name: str, prefix: str = "of-a-body/") -> ObjectAttachmentStore:
    """Return a store in a bucket, made where there is none; one whose name says so locks what is kept."""
    client = connect(address)
    with suppress(client.exceptions.BucketAlreadyExists, client.exceptions.BucketAlreadyOwnedByYou):
        client.create_bucket(Bucket=name, **({"ObjectLockEnabledForBucket": True} if "lock" in name else {}))
    return ObjectAttachmentStore(Bucket(name, address, prefix=prefix), client=client)


@pytest.fixture(params=["memory", "files", "objects", "objects that lock"])
def attachments(request: pytest.FixtureRequest, tmp_path: Path) -> AttachmentStore:
    if request.param == "memory":
        return MemoryAttachmentStore()
    if request.param == "files":
        return FileAttachmentStore(tmp_path)
    address = request.getfixturevalue("object_store")
    return open_bucket(address, request.param.replace(" ", "-"), f"{uuid4().hex}/")


def put(store: AttachmentStore, data: bytes = DATA, piece: int = 70_000) -> Attachment:
    writer = store.begin(M1)
    for at in range(0, len(data), piece):
        writer.write(data[at : at + piece])
    return writer.finish()


def get(store: AttachmentStore, attachment: Attachment) -> bytes:
    return b"".join(store.get(M1, attachment.sha256))


@pytest.mark.parametrize("data", [b"", b"x", DATA])
def test_attachment_is_found_by_its_digest_as_it_was_written(attachments: AttachmentStore, data: bytes) -> None:
    done = put(attachments, data)
    assert done == Attachment(sha256(data).hexdigest(), len(data))
    assert get(attachments, done) == data


def test_attachment_is_found_the_same_once_it_is_kept(attachments: AttachmentStore) -> None:
    done = put(attachments)
    (waiting,) = attachments.waiting(NOW)
    assert waiting == WaitingAttachment(M1, done.sha256)
    for _ in range(2):
        attachments.keep(waiting)
    assert attachments.waiting(NOW) == ()
    assert get(attachments, done) == DATA


@pytest.mark.parametrize("kept", [False, True])
def test_any_range_of_an_attachment_is_read_by_itself(attachments: AttachmentStore, kept: bool) -> None:
    done = put(attachments)
    if kept:
        attachments.keep(*attachments.waiting(NOW))
    size = len(DATA)
    for first, until in ((0, 0), (0, 1), (1, 70_001), (size - 1, size), (size - 1, size + 9), (size, size + 1), (5, 4)):
        assert attachments.read(M1, done.sha256, first, until) == DATA[first:until]


def test_range_of_what_is_gone_is_an_error_that_says_so(attachments: AttachmentStore) -> None:
    with pytest.raises(StoreError, match="gone"):
        attachments.read(M1, "0" * 64, 0, 1)


def test_attachment_that_was_kept_is_not_dropped(attachments: AttachmentStore) -> None:
    done = put(attachments)
    (waiting,) = attachments.waiting(NOW)
    attachments.keep(waiting)
    attachments.drop(waiting)
    assert get(attachments, done) == DATA


def test_dropped_attachment_is_gone(attachments: AttachmentStore) -> None:
    done = put(attachments)
    (waiting,) = attachments.waiting(NOW)
    for _ in range(2):
        attachments.drop(waiting)
    with pytest.raises(StoreError):
        get(attachments, done)


def test_attachment_of_another_stream_that_waits_is_not_found(attachments: AttachmentStore) -> None:
    done = put(attachments)
    with pytest.raises(StoreError):
        attachments.get(M2, done.sha256)


def test_nothing_is_found_of_what_was_never_finished(attachments: AttachmentStore) -> None:
    writer = attachments.begin(M1)
    writer.write(DATA)
    with pytest.raises(StoreError):
        attachments.get(M1, sha256(DATA).hexdigest())
    (unfinished,) = attachments.waiting(NOW)
    assert (unfinished.stream, unfinished.sha256) == (None, None)
    with pytest.raises(StoreError):
        attachments.keep(unfinished)
    attachments.drop(unfinished)
    assert attachments.waiting(NOW) == ()
    writer.abandon()


def test_abandoned_attachment_leaves_nothing(attachments: AttachmentStore) -> None:
    writer = attachments.begin(M1)
    writer.write(DATA)
    writer.abandon()
    assert attachments.waiting(NOW) == ()


def test_abandoning_what_was_finished_changes_nothing(attachments: AttachmentStore) -> None:
    writer = attachments.begin(M1)
    writer.write(DATA)
    done = writer.finish()
    writer.abandon()
    assert get(attachments, done) == DATA


def test_only_what_waits_so_long_is_told(attachments: AttachmentStore) -> None:
    put(attachments)
    assert attachments.waiting(HOUR) == ()
    assert len(attachments.waiting(NOW)) == 1


def test_many_at_once_do_not_mix(attachments: AttachmentStore) -> None:
    contents = [bytes([number]) * 200_000 for number in range(8)]
    done = in_threads(put, [(attachments, data) for data in contents])
    assert [get(attachments, one) for one in done] == contents


# -- on disk


def test_content_is_durable_before_it_has_its_name_and_its_name_before_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, done = FileAttachmentStore(tmp_path), list[str]()
    original = os.fsync

    def watch(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        named = sorted(one.name[:5] for one in (tmp_path / "waiting").iterdir() if not one.name.startswith("."))
        done.append(f"{'content' if path.is_file() else path.name} {named}")
        original(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    put(store, b"x")
    name = sha256(b"x").hexdigest()[:5]
    assert done == ["content []", f"waiting ['{name}']"]


@pytest.mark.parametrize("failing", ["fsync", "rename"])
def test_disk_that_fails_leaves_nothing_that_is_half_and_the_next_attempt_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    store = FileAttachmentStore(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(os, failing, _fail)
        with pytest.raises(StoreUnavailableError):
            put(store)
    assert list((tmp_path / "waiting").iterdir()) == []
    assert get(store, put(store)) == DATA


def _fail(*_: object, **__: object) -> None:
    raise OSError("the disk is gone")


def test_keeping_that_stops_before_the_old_name_is_gone_can_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FileAttachmentStore(tmp_path)
    done = put(store)
    (waiting,) = store.waiting(NOW)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _fail)
        with pytest.raises(StoreUnavailableError):
            store.keep(waiting)
    assert get(store, done) == DATA
    assert store.waiting(NOW) == (waiting,)
    store.keep(waiting)
    assert (store.waiting(NOW), get(store, done)) == ((), DATA)


def test_nobody_but_the_owner_may_read_them(tmp_path: Path) -> None:
    store = FileAttachmentStore(tmp_path / "attachments")
    put(store)
    store.keep(store.waiting(NOW)[0])
    put(store, b"another")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "attachments").rglob("*")}
    assert modes == {0o700, 0o600}


def test_store_of_objects_refuses_a_wrong_secret_and_a_bucket_that_is_not_there(object_store: str) -> None:
    open_bucket(object_store, "bucket-right")
    for bucket, secret in (("bucket-right", "wrong"), ("bucket-wrong", "a secret of tests")):
        with pytest.raises(StoreUnavailableError):
            ObjectAttachmentStore(Bucket(bucket, object_store), client=connect(object_store, secret=secret))


def test_what_is_kept_where_objects_lock_survives_a_deletion(object_store: str) -> None:
    store = open_bucket(object_store, "bucket-locked")
    done = put(store)
    store.keep(*store.waiting(NOW))
    client = connect(object_store)
    found = client.list_objects_v2(Bucket="bucket-locked", Prefix="of-a-body/data/")["Contents"]
    client.delete_object(Bucket="bucket-locked", Key=found[0]["Key"])
    assert get(store, done) == DATA
    (version,) = client.list_object_versions(Bucket="bucket-locked", Prefix=found[0]["Key"])["Versions"]
    with pytest.raises(ClientError):
        client.delete_object(Bucket="bucket-locked", Key=found[0]["Key"], VersionId=version["VersionId"])


def test_object_larger_than_a_part_is_whole(object_store: str) -> None:
    store, data = open_bucket(object_store, "bucket-large"), os.urandom(1 << 20) * 17
    done = put(store, data, piece=3_000_000)
    assert get(store, done) == data
    assert store.read(M1, done.sha256, (8 << 20) - 3, (8 << 20) + 3) == data[(8 << 20) - 3 : (8 << 20) + 3]


@pytest.mark.parametrize(
    "place", ["s3://", "http://bucket", "s3://bucket?secret=x", "/a/folder", "s3://bucket?endpoint=x&key=y"]
)
def test_place_that_is_no_store_is_refused_with_what_to_write(tmp_path: Path, place: str) -> None:
    with pytest.raises(FolderError, match="not one of a store"):
        open_attachments(tmp_path, place)


def test_disk_that_failed_while_an_attachment_arrived_is_never_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is written in a thread beside, and what comes after the error would be taken."""
    monkeypatch.setattr("alteram.adapters.files.direct._BLOCK", 4096)
    store, real = FileAttachmentStore(tmp_path), os.write
    writer, failed = store.begin(M1), list[int]()

    def fail_once(descriptor: int, data: bytes) -> int:
        if not failed:
            failed.append(descriptor)
            _fail()
        return real(descriptor, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", fail_once)
        writer.write(b"y" * 5000)
        with pytest.raises(StoreUnavailableError):
            writer.finish()
    assert failed
    assert store.waiting(NOW) == ()
