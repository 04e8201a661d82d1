"""The public log as files in tlog-tiles layout, each written aside, made durable and then given its name."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alteram.adapters.files.aside import make_names_durable, written_aside
from alteram.core.tlog import Tile, TileError, parse_note_unverified, supersedes

_PUBLIC = 0o644


class FileTileStore:
    """Implements TileStore in a folder that any static web server can publish."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, made where there is none."""
        self._folder = folder
        self._durable: set[tuple[Path, Path]] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def put_tile(self, tile: Tile, data: bytes) -> None:
        """Publish a tile, durably; publishing other bytes under the same name is refused."""
        path = self._folder / tile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_aside(path, data, mode=_PUBLIC) as aside:
            try:
                os.link(aside, path)  # unlike a rename, never in the place of what another process published
            except FileExistsError:
                if path.read_bytes() != data:
                    raise TileError("tile.changed", f"{tile.path} is published already with other content.") from None
        # Also where it stood already: whoever wrote it may have stopped before its name was durable.
        make_names_durable(path.parent)
        for folder in path.parents[1 : len(Path(tile.path).parents)]:
            if (path.parent, folder) not in self._durable:
                make_names_durable(folder)
                self._durable.add((path.parent, folder))

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
                path = self._folder / "checkpoint"
                with written_aside(path, note, mode=_PUBLIC) as aside:
                    aside.replace(path)
                make_names_durable(self._folder)

    def find_checkpoint(self) -> bytes | None:
        """Return the published checkpoint."""
        path = self._folder / "checkpoint"
        return path.read_bytes() if path.exists() else None


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Let one process at a time in."""
    with path.open("wb") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        try:
            yield
        finally:
            # Where closing fails the file may stay open: waiting for its lock again would then never end.
            fcntl.flock(stream, fcntl.LOCK_UN)
