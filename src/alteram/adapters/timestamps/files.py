"""Tokens kept beside their checkpoints: <size>-<hash of the text>.checkpoint and, for each token, -<hash of it>.tsr."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from alteram.core.tlog import Note, parse_checkpoint, parse_note_unverified


@dataclass(frozen=True, slots=True)
class StampedCheckpoint:
    """A checkpoint and a token said to stamp it; neither is verified."""

    note: Note
    token: bytes


class FileTimestamps:
    """Stamped checkpoints in a folder. Nothing is ever replaced."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, made where there is none."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, note: Note, token: bytes) -> Path:
        """Keep a token beside the checkpoint it stamps, durably; return where the token is."""
        stem = f"{parse_checkpoint(note.text).size:020d}-{sha256(note.text.encode()).hexdigest()[:16]}"
        checkpoint = self._folder / f"{stem}.checkpoint"
        path = self._folder / f"{stem}-{sha256(token).hexdigest()[:16]}.tsr"
        # The checkpoint first: a token whose text is lost proves nothing.
        for target, data in ((checkpoint, note.encode().encode()), (path, token)):
            if not target.exists():
                _write_durably(target, data)
        return path

    def stamped(self) -> Iterator[StampedCheckpoint]:
        """Yield all that is kept, smallest size first. Raises: NoteError for a checkpoint that cannot be read."""
        for path in sorted(self._folder.glob("*.tsr")):
            checkpoint = path.with_name(f"{path.stem.rpartition('-')[0]}.checkpoint")
            yield StampedCheckpoint(parse_note_unverified(checkpoint.read_bytes()), path.read_bytes())


def _write_durably(path: Path, data: bytes) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with aside.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
