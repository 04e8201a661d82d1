"""Writing a large file past the kernel's page cache, a block at a time, in a thread beside whoever makes it.

Through the cache every byte is copied once more and waits for the end of the file. docs/explanation/speed.md has what
that costs.
"""

import fcntl
import os
from concurrent.futures import Future, ThreadPoolExecutor
from errno import EINVAL
from mmap import mmap
from typing import Final

#: Bytes of a block; two of them are held. A file that is smaller needs no thread.
_BLOCK: Final = 4 << 20
#: Where nothing but the cache will do, bytes after which the disk is asked, so that little is left for the end.
_EVERY: Final = 32 << 20
_DIRECT: Final = getattr(os, "O_DIRECT", 0)


class DirectWriter:
    """Writes a new file from its beginning. The order of calls is write, write, …, then finish or close.

    Nothing is promised before `finish` returns. Where the disk takes no direct writes, they go through the cache.
    """

    def __init__(self, descriptor: int) -> None:
        """Take over an open file with nothing in it."""
        self._descriptor, self._direct = descriptor, False
        self._block, self._filled, self._other = mmap(-1, _BLOCK), 0, mmap(-1, _BLOCK)
        self._pool: ThreadPoolExecutor | None = None
        self._writing: Future[None] | None = None
        self._unasked = 0

    def write(self, data: bytes) -> None:
        """Add bytes. Raises: OSError, of these bytes or of any before; the file then counts as lost."""
        view = memoryview(data)
        while view:
            taken = view[: len(self._block) - self._filled]
            self._block[self._filled : self._filled + len(taken)] = taken
            self._filled += len(taken)
            view = view[len(taken) :]
            if self._filled == len(self._block):
                self._hand_over()

    def finish(self) -> None:
        """Return once all of it is durable. Raises: OSError."""
        self._wait()
        self._set_direct(False)  # the rest may have any length
        self._put(memoryview(self._block)[: self._filled])
        os.fsync(self._descriptor)
        self.close()

    def close(self) -> None:
        """Let go of the file, finished or not. A second time does nothing."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)

    def _hand_over(self) -> None:
        self._wait()
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1)
            self._set_direct(True)
        self._writing = self._pool.submit(self._put_block, self._block)
        self._block, self._other, self._filled = self._other, self._block, 0

    def _wait(self) -> None:
        if self._writing is not None:
            self._writing.result()

    def _put_block(self, block: mmap) -> None:
        self._put(memoryview(block))
        self._unasked += 0 if self._direct else len(block)
        if self._unasked >= _EVERY:
            os.fdatasync(self._descriptor)
            self._unasked = 0

    def _put(self, view: memoryview) -> None:
        while view:
            try:
                done = os.write(self._descriptor, view)
            except OSError as error:
                if not self._direct or error.errno != EINVAL:
                    raise
                self._set_direct(False)  # this disk wants other lengths, or another place in memory
                continue
            view = view[done:]
            if view:
                self._set_direct(False)  # the disk stopped in the middle of a sector, perhaps

    def _set_direct(self, wanted: bool) -> None:
        if wanted == self._direct or not _DIRECT:
            return
        flags = fcntl.fcntl(self._descriptor, fcntl.F_GETFL)
        try:
            fcntl.fcntl(self._descriptor, fcntl.F_SETFL, flags | _DIRECT if wanted else flags & ~_DIRECT)
        except OSError as error:
            if not wanted or error.errno != EINVAL:
                raise
        else:
            self._direct = wanted
