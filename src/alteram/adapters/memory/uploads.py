"""Uploads that live as long as the process."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from alteram.core.kernel.identifiers import StreamId
from alteram.operations.ports import StaleReadError, StoreError
from alteram.operations.upload_ports import UploadPart


@dataclass(slots=True)
class _Upload:
    note: bytes
    parts: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class MemoryUploadStore:
    """Implements UploadStore."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._uploads: dict[tuple[StreamId, str], _Upload] = {}
        self._lock = threading.RLock()

    def begin(self, stream: StreamId, upload: str, note: bytes) -> None:
        """Begin an upload."""
        with self._lock:
            self._uploads[stream, upload] = _Upload(note)

    def find(self, stream: StreamId, upload: str) -> tuple[bytes, tuple[UploadPart, ...]] | None:
        """Return an upload's note and its parts, in order; None where there is none."""
        with self._lock:
            found = self._uploads.get((stream, upload))
            if found is None:
                return None
            return found.note, tuple(UploadPart(number, size) for number, (size, _) in sorted(found.parts.items()))

    def open_part(self, stream: StreamId, upload: str, number: int) -> "MemoryPartWriter":
        """Return what takes the next part. Raises: StoreError where there is no such upload."""
        with self._lock:
            if (stream, upload) not in self._uploads:
                raise StoreError("There is no such upload.", remedy="Begin it again.")
        return MemoryPartWriter(self, stream, upload, number)

    def read(self, stream: StreamId, upload: str, part: UploadPart) -> Iterator[bytes]:
        """Return the ciphertext of a part. Raises: StoreError when it is gone."""
        with self._lock:
            found = self._uploads.get((stream, upload))
            if found is None or part.number not in found.parts:
                raise StoreError("A part of an upload is gone.", remedy="Begin it again.")
            return iter((found.parts[part.number][1],))

    def drop(self, stream: StreamId, upload: str) -> None:
        """Delete an upload with all its parts."""
        with self._lock:
            self._uploads.pop((stream, upload), None)

    def idle(self, older_than: timedelta) -> tuple[tuple[StreamId, str], ...]:
        """Return the uploads to which nothing was added for so long."""
        latest = datetime.now(UTC) - older_than
        with self._lock:
            return tuple(name for name, one in self._uploads.items() if one.at <= latest)

    def put_part(self, stream: StreamId, upload: str, part: UploadPart, data: bytes) -> None:
        """Keep a part. Raises: StaleReadError where another took its place."""
        with self._lock:
            found = self._uploads.get((stream, upload))
            if found is None or part.number in found.parts:
                raise StaleReadError("Another request added this part of the upload.")
            found.parts[part.number] = (part.size, data)
            found.at = datetime.now(UTC)


class MemoryPartWriter:
    """Implements PartWriter."""

    def __init__(self, store: MemoryUploadStore, stream: StreamId, upload: str, number: int) -> None:
        """Begin with nothing written."""
        self._store, self._stream, self._upload, self._number = store, stream, upload, number
        self._data = bytearray()

    def write(self, data: bytes) -> None:
        """Add ciphertext to it."""
        self._data += data

    def finish(self, size: int) -> UploadPart:
        """Return it. Raises: StaleReadError where another took its place."""
        part = UploadPart(self._number, size)
        self._store.put_part(self._stream, self._upload, part, bytes(self._data))
        return part

    def abandon(self) -> None:
        """Drop it, where it was not finished."""
        self._data.clear()
