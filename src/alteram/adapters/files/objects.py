"""Attachments in an S3-compatible store: each under a name of its own, found by what points to it.

data/NAME               a ciphertext, whole: an object appears only when all of it is durable
waiting/DIGEST.STREAM   points to it; whether an entry names it is not known here
kept/DIGEST             points to it; named by an entry

A pointer holds the name, and the version where the bucket keeps versions: then a deletion by somebody else hides
nothing, because the version is read by its own name.

A pointer is written after what it points to, and one name is removed only after the other is there, so that whoever
stops in the middle leaves nothing that is half. Where the bucket can lock objects, what is kept is put under a legal
hold: it cannot be deleted or replaced before somebody with that right lifts the hold. Names and sizes are open to the
store; content is not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import uuid4

import boto3
from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError

from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.phrases import phrase
from alteram.core.record import Attachment
from alteram.operations.ports import StoreError, StoreUnavailableError, WaitingAttachment

#: A part of an upload: S3 takes at most 10,000 of them, so up to 80 GB.
_PART: Final = 8 << 20
_PIECE: Final = 1 << 18
_MISSING: Final = frozenset({"404", "NoSuchKey", "NotFound"})


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where objects are kept: credentials come from the environment, as AWS_ACCESS_KEY_ID and the like."""

    name: str
    endpoint: str = ""
    region: str = ""
    prefix: str = ""


class ObjectAttachmentStore:
    """Implements AttachmentStore in a bucket. Safe to share between threads."""

    def __init__(self, bucket: Bucket, *, client: Any = None) -> None:
        """Use `bucket`, which is there. Raises: StoreUnavailableError where it cannot be reached."""
        self._bucket, self._prefix = bucket.name, bucket.prefix
        self._client = client or _connect(bucket)
        with _telling():
            self._client.head_bucket(Bucket=self._bucket)
        self._locks = self._find_lock()

    def begin(self, stream: StreamId) -> "ObjectAttachmentWriter":
        """Begin a ciphertext that an entry of `stream` will name."""
        name = uuid4().hex
        with _telling():
            begun = self._client.create_multipart_upload(Bucket=self._bucket, Key=self._name(f"data/{name}"))
        return ObjectAttachmentWriter(self, stream, name, str(begun["UploadId"]))

    def get(self, stream: StreamId, sha256: str) -> Iterator[bytes]:
        """Return a ciphertext that was finished, in pieces. Raises: StoreError when it is gone."""
        found = self._find(stream, sha256)
        with _telling():
            body = self._client.get_object(**self._place(found))["Body"]
        return _read(body)

    def read(self, stream: StreamId, sha256: str, first: int, until: int) -> bytes:
        """Return the bytes from `first` to `until`, half-open. Raises: StoreError when it is gone."""
        pointer = self._find(stream, sha256)
        if until <= first:
            return b""
        try:
            with _telling():
                found = self._client.get_object(**self._place(pointer), Range=f"bytes={first}-{until - 1}")
                return bytes(found["Body"].read())
        except StoreUnavailableError as error:
            if _code(error.__cause__) == "InvalidRange":
                return b""
            raise

    def waiting(self, older_than: timedelta) -> tuple[WaitingAttachment, ...]:
        """Return those that wait, and those that were never finished, if they were last written so long ago."""
        latest = datetime.now(UTC) - older_than
        return (*self._find_waiting(latest), *self._find_unfinished(latest))

    def keep(self, waiting: WaitingAttachment) -> None:
        """Keep one for good: it has its new pointer before it loses the old."""
        if waiting.sha256 is None:
            raise StoreError(phrase("A file that was never finished cannot be kept."))
        pointer = self._name(f"waiting/{waiting.sha256}.{waiting.stream}")
        found = self._read_pointer(pointer)
        if found is None:
            return
        with _telling():
            kept = self._name(f"kept/{waiting.sha256}")
            if self._read_pointer(kept) is None:
                if self._locks:
                    self._client.put_object_legal_hold(**self._place(found), LegalHold={"Status": "ON"})
                self._client.put_object(Bucket=self._bucket, Key=kept, Body=found.encode())
            self._client.delete_object(Bucket=self._bucket, Key=pointer)

    def drop(self, waiting: WaitingAttachment) -> None:
        """Delete one: first what points to it, then itself, so that nothing ever points to what is gone."""
        if waiting.sha256 is None:
            self.abort(*waiting.unfinished.split("/", 1))
            return
        pointer = self._name(f"waiting/{waiting.sha256}.{waiting.stream}")
        found = self._read_pointer(pointer)
        if found is None:
            return
        with _telling():
            self._client.delete_object(Bucket=self._bucket, Key=pointer)
            if self._read_pointer(self._name(f"kept/{waiting.sha256}")) != found:
                self._client.delete_object(**self._place(found))

    # -- what writers ask

    def put_part(self, name: str, upload: str, number: int, data: bytes) -> str:
        """Store a part of an upload, and return its tag."""
        with _telling():
            done = self._client.upload_part(
                Bucket=self._bucket, Key=self._name(f"data/{name}"), UploadId=upload, PartNumber=number, Body=data
            )
        return str(done["ETag"])

    def complete(self, name: str, upload: str, tags: list[str], pointer: str) -> None:
        """Make an object of the parts, then point to it."""
        parts = [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(tags, 1)]
        with _telling():
            done = self._client.complete_multipart_upload(
                Bucket=self._bucket,
                Key=self._name(f"data/{name}"),
                UploadId=upload,
                MultipartUpload={"Parts": parts},
            )
            found = f"{name} {done.get('VersionId', '')}".rstrip()
            self._client.put_object(Bucket=self._bucket, Key=self._name(f"waiting/{pointer}"), Body=found.encode())

    def abort(self, name: str, upload: str) -> None:
        """Drop the parts of an upload that was not completed. Safe to repeat."""
        try:
            with _telling():
                self._client.abort_multipart_upload(
                    Bucket=self._bucket, Key=self._name(f"data/{name}"), UploadId=upload
                )
        except StoreUnavailableError as error:
            if _code(error.__cause__) not in {*_MISSING, "NoSuchUpload"}:
                raise

    # -- inside

    def _name(self, name: str) -> str:
        return f"{self._prefix}{name}"

    def _place(self, pointer: str) -> dict[str, str]:
        """Return where a pointer points to, as the client takes it."""
        name, _, version = pointer.partition(" ")
        place = {"Bucket": self._bucket, "Key": self._name(f"data/{name}")}
        return {**place, "VersionId": version} if version else place

    def _find(self, stream: StreamId, digest: str) -> str:
        # Twice: it may be kept between the two looks.
        for pointer in (f"kept/{digest}", f"waiting/{digest}.{stream}") * 2:
            found = self._read_pointer(self._name(pointer))
            if found is not None:
                return found
        raise StoreError(
            phrase("A file of this entry is gone."), remedy=phrase("Restore the attachments from their backup.")
        )

    def _read_pointer(self, key: str) -> str | None:
        try:
            with _telling():
                return str(self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read().decode())
        except StoreUnavailableError as error:
            if _code(error.__cause__) in _MISSING:
                return None
            raise

    def _find_waiting(self, latest: datetime) -> Iterator[WaitingAttachment]:
        prefix = self._name("waiting/")
        with _telling():
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix):
                for one in page.get("Contents", ()):
                    digest, _, stream = one["Key"].removeprefix(prefix).partition(".")
                    if one["LastModified"] <= latest + timedelta(seconds=1):
                        yield WaitingAttachment(StreamId(stream), digest)

    def _find_unfinished(self, latest: datetime) -> Iterator[WaitingAttachment]:
        prefix = self._name("data/")
        with _telling():
            pages = self._client.get_paginator("list_multipart_uploads").paginate(Bucket=self._bucket, Prefix=prefix)
            for page in pages:
                for one in page.get("Uploads", ()):
                    if one["Initiated"] <= latest + timedelta(seconds=1):
                        name = one["Key"].removeprefix(prefix)
                        yield WaitingAttachment(unfinished=f"{name}/{one['UploadId']}")

    def _find_lock(self) -> bool:
        """Return whether objects of the bucket can be locked; a store that does not know of locks has none."""
        try:
            found = self._client.get_object_lock_configuration(Bucket=self._bucket)
        except (BotoCoreError, ClientError):
            return False
        return bool(found.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") == "Enabled")


class ObjectAttachmentWriter:
    """Implements AttachmentWriter: parts of a multi-part upload, which becomes an object when it is completed."""

    def __init__(self, store: ObjectAttachmentStore, stream: StreamId, name: str, upload: str) -> None:
        """Begin with nothing written."""
        self._store, self._stream, self._object, self._upload = store, stream, name, upload
        self._rest, self._tags, self._digest, self._size = bytearray(), list[str](), sha256(), 0
        self._done = False

    def write(self, data: bytes) -> None:
        """Add to it."""
        self._digest.update(data)
        self._size += len(data)
        self._rest += data
        while len(self._rest) >= _PART:
            self._put(bytes(self._rest[:_PART]))
            del self._rest[:_PART]

    def finish(self) -> Attachment:
        """Return its digest and size, once the object and what points to it are durable."""
        digest = self._digest.hexdigest()
        try:
            if self._rest or not self._tags:
                self._put(bytes(self._rest))
            self._store.complete(self._object, self._upload, self._tags, f"{digest}.{self._stream}")
            self._done = True
        finally:
            self.abandon()
        return Attachment(digest, self._size)

    def abandon(self) -> None:
        """Drop what was written, where it was not finished."""
        if not self._done:
            self._done = True
            self._store.abort(self._object, self._upload)

    def _put(self, data: bytes) -> None:
        self._tags.append(self._store.put_part(self._object, self._upload, len(self._tags) + 1, data))


def _connect(bucket: Bucket) -> Any:
    settings = Config(
        signature_version="s3v4",
        retries={"max_attempts": 4, "mode": "standard"},
        connect_timeout=5,
        read_timeout=60,
        s3={"addressing_style": "path"} if bucket.endpoint else {},
        # Stores that are not Amazon's reject checksums that they do not know.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return boto3.client(
        "s3", endpoint_url=bucket.endpoint or None, region_name=bucket.region or "us-east-1", config=settings
    )


def _read(body: Any) -> Iterator[bytes]:
    with _telling():
        yield from body.iter_chunks(_PIECE)


def _code(error: BaseException | None) -> str:
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


@contextmanager
def _telling() -> Iterator[None]:
    """Say in our words that the store cannot be used, and nothing of what was asked of it."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        problem = phrase("The store of attachments does not do what was asked.")
        remedy = phrase("See that it runs and that its credentials are right, then try again.")
        raise StoreUnavailableError(problem, remedy=remedy) from error
