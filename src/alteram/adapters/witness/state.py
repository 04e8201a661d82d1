"""What a witness cosigned last, one file for each log, moved into place under a lock before any answer leaves.

The lock is flock on a file of its own, so it holds between threads and between processes alike.
The kept note is verified by the witness's own keys when it is read: a damaged file stops the witness for that log,
it never makes it forget.
"""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from alteram.core.tlog import (
    Checkpoint,
    Note,
    TlogError,
    VerifierKey,
    parse_checkpoint,
    parse_note_unverified,
    verify_note,
)
from alteram.operations.ports import StoreError


class CosignedCheckpoints:
    """The newest checkpoint cosigned for each log."""

    def __init__(self, folder: Path, keys: Sequence[VerifierKey]) -> None:
        """Use `folder`, which must exist: a witness whose memory was lost must not start as if it had none."""
        if not folder.is_dir():
            raise StoreError(
                "The folder of cosigned checkpoints is missing.",
                remedy="Restore the newest copy; if it is lost, make a new witness with new keys.",
            )
        self._folder = folder
        self._keys = tuple(keys)

    @contextmanager
    def locked(self, origin: str) -> Iterator["Slot"]:
        """Yield the place of one log, held by nobody else meanwhile."""
        path = self._folder / name_origin(origin)
        descriptor = os.open(path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield Slot(path, origin, self._keys)
        finally:
            # Where closing fails the file may stay open: waiting for its lock again would then never end.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)

    def find_note(self, origin_hex: str) -> bytes | None:
        """Return the note last cosigned for the log of that name. Needs no lock: the file is replaced whole."""
        try:
            return (self._folder / origin_hex).read_bytes()
        except FileNotFoundError:
            return None


class Slot:
    """The place of one log, while it is locked."""

    def __init__(self, path: Path, origin: str, keys: tuple[VerifierKey, ...]) -> None:
        """Hold the place at `path`."""
        self._path = path
        self._origin = origin
        self._keys = keys

    def find(self) -> tuple[Checkpoint, int] | None:
        """Return the checkpoint cosigned last and when. Raises: StoreError when what is kept is not our own word."""
        try:
            note = parse_note_unverified(self._path.read_bytes())
            signatures = verify_note(note, self._keys)
            checkpoint = parse_checkpoint(note.text)
        except FileNotFoundError:
            return None
        except TlogError as error:
            raise StoreError("What was cosigned last cannot be read.", remedy="Restore its newest copy.") from error
        if checkpoint.origin != self._origin:
            raise StoreError("What was cosigned last belongs to another log.", remedy="Restore its newest copy.")
        return checkpoint, max(one.timestamp for one in signatures)

    def keep(self, note: Note, step: Callable[[str], None] = lambda _: None) -> None:
        """Keep a cosigned note, durably. `step` is told each write before it is made; tests stop there."""
        self._write(self._path, note, step)
        step("answer")

    def keep_fork(self, note: Note) -> None:
        """Keep the first checkpoint that the log signed for a size it had signed another root for: proof of a fork."""
        path = self._path.with_suffix(".fork")
        if not path.exists():
            self._write(path, note, lambda _: None)

    def _write(self, path: Path, note: Note, step: Callable[[str], None]) -> None:
        aside = path.with_name(f"{path.name}.new")
        step("write")
        with aside.open("wb") as stream:
            stream.write(note.encode().encode())
            stream.flush()
            os.fsync(stream.fileno())
        step("rename")
        aside.replace(path)
        step("folder")
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def name_origin(origin: str) -> str:
    """Return the name a log's checkpoint is kept and published under: hex SHA-256 of its origin (tlog-witness)."""
    return sha256(origin.encode()).hexdigest()
