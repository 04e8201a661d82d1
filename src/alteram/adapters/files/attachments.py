"""Attachments as files: written aside, made durable, then given their name; kept apart from those that still wait.

waiting/DIGEST.STREAM   whole and durable; whether an entry names it is not known here
waiting/.…              being written, or left by whoever stopped in the middle
kept/XX/DIGEST          named by an entry
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO

from alteram.adapters.files.aside import make_names_durable
from alteram.adapters.files.direct import DirectWriter
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.phrases import phrase
from alteram.core.record import Attachment
from alteram.operations.ports import StoreError, StoreUnavailableError, WaitingAttachment

_PIECE = 1 << 18
_UNFINISHED = "."


class FileAttachmentStore:
    """Implements AttachmentStore in a folder that only its owner can read. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, made where there is none."""
        self._waiting, self._kept = folder / "waiting", folder / "kept"
        for one in (self._waiting, self._kept):
            one.mkdir(parents=True, exist_ok=True, mode=0o700)

    def begin(self, stream: StreamId) -> "FileAttachmentWriter":
        """Begin a ciphertext that an entry of `stream` will name."""
        with _telling():
            return FileAttachmentWriter(self._waiting, stream)

    def get(self, stream: StreamId, sha256: str) -> Iterator[bytes]:
        """Return a ciphertext that was finished, in pieces. Raises: StoreError when it is gone."""
        return _read(self._open(stream, sha256))

    def read(self, stream: StreamId, sha256: str, first: int, until: int) -> bytes:
        """Return the bytes from `first` to `until`, half-open. Raises: StoreError when it is gone."""
        with self._open(stream, sha256) as file:
            file.seek(first)
            return file.read(max(until - first, 0))

    def _open(self, stream: StreamId, sha256: str) -> BinaryIO:
        # Twice: it may be kept between the two looks.
        for path in (self._path(sha256), self._waiting / f"{sha256}.{stream}") * 2:
            with suppress(FileNotFoundError):
                return path.open("rb")
        raise StoreError(
            phrase("A file of this entry is gone."), remedy=phrase("Restore the attachments from their backup.")
        )

    def waiting(self, older_than: timedelta) -> tuple[WaitingAttachment, ...]:
        """Return those that wait, and those that were never finished, if they were last written so long ago."""
        latest = (datetime.now(UTC) - older_than).timestamp()
        return tuple(_describe(path) for path in sorted(self._waiting.iterdir()) if _is_older(path, latest))

    def keep(self, waiting: WaitingAttachment) -> None:
        """Keep one for good: it has its new name, durably, before it loses the old."""
        if waiting.sha256 is None:
            raise StoreError(phrase("A file that was never finished cannot be kept."))
        path, kept = self._waiting / _name(waiting), self._path(waiting.sha256)
        with _telling(), suppress(FileNotFoundError):
            kept.parent.mkdir(exist_ok=True, mode=0o700)
            with suppress(FileExistsError):
                os.link(path, kept)
            make_names_durable(kept.parent)
            make_names_durable(self._kept)
            path.unlink()

    def drop(self, waiting: WaitingAttachment) -> None:
        """Delete one."""
        with _telling():
            (self._waiting / _name(waiting)).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        return self._kept / digest[:2] / digest


class FileAttachmentWriter:
    """Implements AttachmentWriter."""

    def __init__(self, folder: Path, stream: StreamId) -> None:
        """Begin a file of its own in `folder`, readable by its owner only."""
        descriptor, name = mkstemp(prefix=_UNFINISHED, dir=folder)
        self._folder, self._aside, self._stream = folder, Path(name), stream
        self._file = DirectWriter(descriptor)
        self._digest, self._size = sha256(), 0

    def write(self, data: bytes) -> None:
        """Add to it."""
        with _telling():
            self._file.write(data)
        self._digest.update(data)
        self._size += len(data)

    def finish(self) -> Attachment:
        """Return its digest and size, once the content and then the name are durable."""
        digest = self._digest.hexdigest()
        try:
            with _telling():
                self._file.finish()
                self._aside.rename(self._folder / f"{digest}.{self._stream}")
                make_names_durable(self._folder)
        finally:
            self.abandon()
        return Attachment(digest, self._size)

    def abandon(self) -> None:
        """Drop what was written, where it was not finished."""
        with suppress(OSError):
            self._file.close()
        self._aside.unlink(missing_ok=True)


def _read(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _describe(path: Path) -> WaitingAttachment:
    digest, _, stream = path.name.partition(".")
    if not digest:
        return WaitingAttachment(unfinished=path.name)
    return WaitingAttachment(StreamId(stream), digest)


def _name(waiting: WaitingAttachment) -> str:
    return waiting.unfinished or f"{waiting.sha256}.{waiting.stream}"


def _is_older(path: Path, latest: float) -> bool:
    try:
        return path.stat().st_mtime <= latest
    except FileNotFoundError:
        return False


@contextmanager
def _telling() -> Iterator[None]:
    """Say in our words that the disk cannot be used. A file that is not there is for the caller."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        problem = phrase("The folder of attachments cannot be written.")
        raise StoreUnavailableError(problem, remedy=phrase("Make room on its disk, then try again.")) from error
