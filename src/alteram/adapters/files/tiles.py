"""The public log as files in tlog-tiles layout, each written aside, made durable and moved into place."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alteram.core.tlog import Tile, TileError, parse_note_unverified, supersedes


class FileTileStore:
    """Implements TileStore in a folder that any static web server can publish."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, made where there is none."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put_tile(self, tile: Tile, data: bytes) -> None:
        """Publish a tile, durably; publishing other bytes under the same name is refused."""
        path = self._folder / tile.path
        if path.exists():
            if path.read_bytes() != data:
                raise TileError("tile.changed", f"{tile.path} is published already with other content.")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_durably(path, data)

    def get_tile(self, tile: Tile) -> bytes:
        """Return a tile. Raises: TileError when it is not there."""
        try:
            with open(f"{self._folder}/{tile.path}", "rb", buffering=0) as stream:  # noqa: PTH123 - an audit opens thousands, a Path each is dear
                return stream.readall()
        except FileNotFoundError as error:
            raise TileError("tile.missing", f"{tile.path} is missing from the log.") from error

    def put_checkpoint(self, note: bytes) -> None:
        """Publish the checkpoint, durably, unless a newer one stands there."""
        with _alone(self._folder / ".lock"):
            published = self.find_checkpoint()
            old = None if published is None else parse_note_unverified(published)
            if supersedes(parse_note_unverified(note), old):
                _write_durably(self._folder / "checkpoint", note)

    def find_checkpoint(self) -> bytes | None:
        """Return the published checkpoint."""
        path = self._folder / "checkpoint"
        return path.read_bytes() if path.exists() else None


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process at a time in."""
    with path.open("wb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


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
