"""Writing to the disk while more is on its way, so that little is left to wait for at the end of a large file."""

import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import BinaryIO, Final

#: Bytes after which the disk is asked again. Of 8 to 128 MiB only this was faster each time; docs/explanation/speed.md.
_EVERY: Final = 32 << 20


class EarlySync:
    """Asks the disk for an open file in a thread beside whoever writes it. Only the `fsync` at the end is a promise.

    The disk tells of an error once. So it is raised here, and whatever was written counts as lost.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Begin; a small file needs no thread."""
        self._file, self._written = file, 0
        self._pool: ThreadPoolExecutor | None = None
        self._asked: Future[None] | None = None

    def count(self, size: int) -> None:
        """Count bytes that were written. Raises: OSError, where the disk had one."""
        self._written += size
        if self._written < _EVERY or (self._asked is not None and not self._asked.done()):
            return
        if self._asked is not None:
            self._asked.result()
        self._pool = self._pool or ThreadPoolExecutor(1)
        self._file.flush()
        self._asked, self._written = self._pool.submit(os.fdatasync, self._file.fileno()), 0

    def end(self) -> None:
        """Wait for what was asked; the file may be closed afterwards. Raises: OSError, where the disk had one."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None
        if self._asked is not None:
            self._asked.result()
