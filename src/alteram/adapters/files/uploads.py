"""Uploads as folders: a note, and parts that each have their name only when they are whole and durable.

STREAM/UPLOAD/note               what its owner needs to go on
STREAM/UPLOAD/00000000           a part: u64be how many bytes of the file it holds, then their ciphertext
STREAM/UPLOAD/.…                 being written, or left by whoever stopped in the middle
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkstemp
from typing import Final

from alteram.adapters.files.aside import make_names_durable, written_aside
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.phrases import phrase
from alteram.operations.ports import StaleReadError, StoreError, StoreUnavailableError
from alteram.operations.upload_ports import UploadPart

_NOTE: Final = "note"
_PIECE: Final = 1 << 18
_SIZE: Final = 8


class FileUploadStore:
    """Implements UploadStore in a folder that only its owner can read."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, made where there is none."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def begin(self, stream: StreamId, upload: str, note: bytes) -> None:
        """Begin an upload, durably."""
        folder = self._path(stream, upload)
        with _telling():
            folder.mkdir(parents=True, mode=0o700)
            with written_aside(folder / _NOTE, note, mode=0o600) as aside:
                aside.rename(folder / _NOTE)
            for one in (folder, folder.parent, self._folder):
                make_names_durable(one)

    def find(self, stream: StreamId, upload: str) -> tuple[bytes, tuple[UploadPart, ...]] | None:
        """Return an upload's note and its parts, in order; None where there is none."""
        folder = self._path(stream, upload)
        try:
            note = (folder / _NOTE).read_bytes()
            names = sorted(one.name for one in folder.iterdir())
        except FileNotFoundError:
            return None
        parts = (name for name in names if name.isdecimal())
        return note, tuple(UploadPart(int(name), _read_size(folder / name)) for name in parts)

    def open_part(self, stream: StreamId, upload: str, number: int) -> "FilePartWriter":
        """Return what takes the next part. Raises: StoreError where there is no such upload."""
        with _telling():
            try:
                return FilePartWriter(self._path(stream, upload), number)
            except FileNotFoundError as error:
                raise StoreError(phrase("There is no such upload."), remedy=phrase("Begin it again.")) from error

    def read(self, stream: StreamId, upload: str, part: UploadPart) -> Iterator[bytes]:
        """Return the ciphertext of a part. Raises: StoreError when it is gone."""
        try:
            file = (self._path(stream, upload) / _name(part)).open("rb")
        except FileNotFoundError as error:
            raise StoreError(phrase("A part of an upload is gone."), remedy=phrase("Begin it again.")) from error
        with file:
            file.seek(_SIZE)
            while piece := file.read(_PIECE):
                yield piece

    def drop(self, stream: StreamId, upload: str) -> None:
        """Delete an upload with all its parts."""
        with _telling(), suppress(FileNotFoundError):
            shutil.rmtree(self._path(stream, upload))

    def idle(self, older_than: timedelta) -> tuple[tuple[StreamId, str], ...]:
        """Return the uploads to which nothing was added for so long."""
        latest = (datetime.now(UTC) - older_than).timestamp()
        found = sorted(self._folder.glob("*/*"))
        return tuple((StreamId(one.parent.name), one.name) for one in found if _last_written(one) <= latest)

    def _path(self, stream: StreamId, upload: str) -> Path:
        return self._folder / stream / upload


class FilePartWriter:
    """Implements PartWriter."""

    def __init__(self, folder: Path, number: int) -> None:
        """Begin a file of its own in an upload's folder."""
        descriptor, name = mkstemp(prefix=".", dir=folder)
        self._folder, self._number, self._aside = folder, number, Path(name)
        self._file = os.fdopen(descriptor, "wb")
        self._file.write(bytes(_SIZE))

    def write(self, data: bytes) -> None:
        """Add ciphertext to it."""
        with _telling():
            self._file.write(data)

    def finish(self, size: int) -> UploadPart:
        """Return it, durable. Raises: StaleReadError where another took its place."""
        part = UploadPart(self._number, size)
        try:
            with _telling():
                self._file.seek(0)
                self._file.write(size.to_bytes(_SIZE, "big"))
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
                try:
                    os.link(self._aside, self._folder / _name(part))
                except FileExistsError as error:
                    raise StaleReadError("Another request added this part of the upload.") from error
                make_names_durable(self._folder)
        finally:
            self.abandon()
        return part

    def abandon(self) -> None:
        """Drop what was written, where it was not finished. What cannot be deleted now goes with the upload."""
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._aside.unlink(missing_ok=True)


def _name(part: UploadPart) -> str:
    return f"{part.number:08d}"


def _read_size(path: Path) -> int:
    with path.open("rb") as file:
        return int.from_bytes(file.read(_SIZE), "big")


def _last_written(folder: Path) -> float:
    try:
        return max((one.stat().st_mtime for one in folder.iterdir()), default=folder.stat().st_mtime)
    except FileNotFoundError:
        return float("inf")


@contextmanager
def _telling() -> Iterator[None]:
    """Say in our words that the disk cannot be used. A file that is not there is for the caller."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        problem = phrase("The folder of uploads cannot be written.")
        raise StoreUnavailableError(problem, remedy=phrase("Make room on its disk, then try again.")) from error
