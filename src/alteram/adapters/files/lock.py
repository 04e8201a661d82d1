"""The newest signed checkpoint, in a file of its own: whatever happens to the record, no log is signed backwards."""

from pathlib import Path

from alteram.adapters.files.apart import ApartFile
from alteram.core.tlog import parse_note_unverified
from alteram.operations.ports import LockedCheckpoint, StaleReadError

_SCHEMA = "CREATE TABLE IF NOT EXISTS checkpoint (origin TEXT PRIMARY KEY, note BLOB NOT NULL, signed_at_ns INTEGER);"


class FileCheckpointLock:
    """Implements CheckpointLock by compare-and-swap in one transaction."""

    def __init__(self, path: Path) -> None:
        """Open the file at `path`."""
        self._file = ApartFile(path, _SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def load(self, origin: str) -> LockedCheckpoint | None:
        """Return the newest signed checkpoint of a log."""
        row = self._file.find("SELECT note, signed_at_ns FROM checkpoint WHERE origin = ?", origin)
        return None if row is None else LockedCheckpoint(parse_note_unverified(row[0]), row[1])

    def replace(self, origin: str, old: LockedCheckpoint | None, new: LockedCheckpoint) -> None:
        """Put `new` in the place of `old`, or raise StaleReadError when something else stands there."""
        values = (new.note.encode().encode(), new.signed_at_ns)
        with self._file.transaction() as connection:
            if old is None:
                statement = "INSERT OR IGNORE INTO checkpoint (note, signed_at_ns, origin) VALUES (?, ?, ?)"
                changed = connection.execute(statement, (*values, origin)).rowcount
            else:
                statement = "UPDATE checkpoint SET note = ?, signed_at_ns = ? WHERE origin = ? AND note = ?"
                changed = connection.execute(statement, (*values, origin, old.note.encode().encode())).rowcount
            if changed != 1:
                raise StaleReadError("Another process signed a checkpoint first.", remedy="Load again and go on.")
