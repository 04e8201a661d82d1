"""Attachments that live as long as the process."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from alteram.core.kernel.identifiers import StreamId
from alteram.core.record import Attachment
from alteram.operations.ports import StoreError, WaitingAttachment


class MemoryAttachmentStore:
    """Implements AttachmentStore."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kept: dict[str, bytes] = {}
        self._waiting: dict[WaitingAttachment, tuple[datetime, bytes]] = {}
        self._lock = threading.RLock()
        self._begun = 0

    def begin(self, stream: StreamId) -> "MemoryAttachmentWriter":
        """Begin a ciphertext that an entry of `stream` will name."""
        with self._lock:
            self._begun += 1
            return MemoryAttachmentWriter(self, WaitingAttachment(unfinished=f"unfinished-{self._begun}"), stream)

    def get(self, stream: StreamId, sha256: str) -> Iterator[bytes]:
        """Return a ciphertext that was finished. Raises: StoreError when it is gone."""
        return iter((self._find(stream, sha256),))

    def read(self, stream: StreamId, sha256: str, first: int, until: int) -> bytes:
        """Return the bytes from `first` to `until`, half-open. Raises: StoreError when it is gone."""
        return self._find(stream, sha256)[first:until]

    def _find(self, stream: StreamId, sha256: str) -> bytes:
        with self._lock:
            data = self._kept.get(sha256)
            if data is not None:
                return data
            waiting = self._waiting.get(WaitingAttachment(stream, sha256))
            if waiting is None:
                raise StoreError("A file of this entry is gone.", remedy="Restore the attachments.")
            return waiting[1]

    def waiting(self, older_than: timedelta) -> tuple[WaitingAttachment, ...]:
        """Return those that wait, and those that were never finished, if they were last written so long ago."""
        latest = datetime.now(UTC) - older_than
        with self._lock:
            return tuple(one for one, (at, _) in self._waiting.items() if at <= latest)

    def keep(self, waiting: WaitingAttachment) -> None:
        """Keep one for good."""
        if waiting.sha256 is None:
            raise StoreError("A file that was never finished cannot be kept.")
        with self._lock:
            if waiting in self._waiting:
                self._kept[waiting.sha256] = self._waiting.pop(waiting)[1]

    def drop(self, waiting: WaitingAttachment) -> None:
        """Delete one."""
        with self._lock:
            self._waiting.pop(waiting, None)

    def put_waiting(self, waiting: WaitingAttachment, data: bytes) -> None:
        """Hold what a writer has written so far."""
        with self._lock:
            self._waiting[waiting] = (datetime.now(UTC), data)


class MemoryAttachmentWriter:
    """Implements AttachmentWriter."""

    def __init__(self, store: MemoryAttachmentStore, unfinished: WaitingAttachment, stream: StreamId) -> None:
        """Begin with nothing written."""
        self._store, self._unfinished, self._stream = store, unfinished, stream
        self._data = bytearray()
        store.put_waiting(unfinished, b"")

    def write(self, data: bytes) -> None:
        """Add to it."""
        self._data += data
        self._store.put_waiting(self._unfinished, b"")

    def finish(self) -> Attachment:
        """Return its digest and size."""
        data = bytes(self._data)
        digest = sha256(data).hexdigest()
        self._store.put_waiting(WaitingAttachment(self._stream, digest), data)
        self.abandon()
        return Attachment(digest, len(data))

    def abandon(self) -> None:
        """Drop what was written, where it was not finished."""
        self._store.drop(self._unfinished)
