"""A file on its way in: sealed as age, hashed and cut into pieces as it arrives, in constant memory.

Sealing and the two digests of the content run beside one another. What arrives is durable when `finish` returns; an act
can then name it. A crash before leaves what nothing names, and what nobody was told of.
"""

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.phrases import phrase
from alteram.core.vault import AgeSealer, derive_recipient
from alteram.core.vault.pieces import PieceCutter, PieceList
from alteram.operations.attachments import AttachmentError
from alteram.operations.organisation import Organisation
from alteram.operations.recording import SealedAttachment

#: The largest exhibit, in bytes.
MAX_EXHIBIT: Final = 20 * 1000**3
#: How much of the beginning and the end is kept at hand to tell what kind of file it is.
ENDS: Final = 1 << 20
_WAITING: Final = 4
_KEY: Final = 32


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file that is durable, with what an act says of it: the digest and size of its content, and its pieces."""

    sealed: SealedAttachment
    digest_hex: str
    size: int
    pieces: PieceList
    head: bytes
    tail: bytes


class Ends:
    """Keeps the first and the last bytes of what goes by, ENDS of each."""

    def __init__(self) -> None:
        """Begin with none."""
        self._head, self._tail = bytearray(), bytearray()

    def take(self, data: bytes) -> None:
        """See more of it."""
        self._head += data[: max(0, ENDS - len(self._head))]
        self._tail += data[-ENDS:]
        if len(self._tail) > 2 * ENDS:  # not at every block: what is kept would be moved each time
            del self._tail[:-ENDS]

    @property
    def head(self) -> bytes:
        """Return the first bytes."""
        return bytes(self._head)

    @property
    def tail(self) -> bytes:
        """Return the last bytes."""
        return bytes(self._tail[-ENDS:])


class IncomingFile:
    """Takes a file as it arrives. The order of calls is write, write, …, then finish or abandon."""

    def __init__(self, organisation: Organisation, stream: StreamId) -> None:
        """Begin a file for an act in `stream`. Raises: StoreUnavailableError."""
        entropy = organisation.ports.entropy
        #: What opens the file, and what the salts of its pieces are drawn from.
        self.key = entropy(_KEY)
        self._sealer = AgeSealer([derive_recipient(self.key)], entropy)
        self._cutter, self._digest = PieceCutter(self.key), sha256()
        self._writer = organisation.ports.attachments.begin(stream)
        self._size, self._ends = 0, Ends()
        self._digesting, self._cutting = _InOrder(self._digest.update), _InOrder(self._cutter.write)

    def write(self, data: bytes) -> None:
        """Take more of it. Raises: AttachmentError when it grows too large, StoreUnavailableError; nothing is kept."""
        self._size += len(data)
        if self._size > MAX_EXHIBIT:
            self.abandon()
            raise AttachmentError(
                phrase("An exhibit is larger than {most} GB.", most=MAX_EXHIBIT // 1000**3),
                remedy=phrase("Lodge it in parts."),
            )
        self._ends.take(data)
        try:
            self._digesting.put(data)
            self._cutting.put(data)
            self._writer.write(self._sealer.seal(data))
        except BaseException:
            self.abandon()
            raise

    def finish(self) -> ReceivedFile:
        """Return it, durable: an act can be proposed with it. Raises: StoreUnavailableError, VaultError."""
        try:
            self._writer.write(self._sealer.finish())
            self._digesting.end()
            self._cutting.end()
            pieces = self._cutter.finish()
            sealed = SealedAttachment(self._writer.finish(), self.key)
        except BaseException:
            self.abandon()
            raise
        return ReceivedFile(sealed, self._digest.hexdigest(), self._size, pieces, self._ends.head, self._ends.tail)

    def abandon(self) -> None:
        """Drop it; nothing after it was finished."""
        self._digesting.drop()
        self._cutting.drop()
        self._writer.abandon()


def receive(organisation: Organisation, stream: StreamId, content: Iterable[bytes]) -> ReceivedFile:
    """Take a whole file in. Raises: AttachmentError, StoreUnavailableError, and whatever `content` raises."""
    incoming = IncomingFile(organisation, stream)
    try:
        for data in content:
            incoming.write(data)
    except BaseException:
        incoming.abandon()
        raise
    return incoming.finish()


def seal_small(organisation: Organisation, stream: StreamId, content: bytes) -> SealedAttachment:
    """Take in a file of ours that is at hand whole, such as a list of pieces. Raises: StoreUnavailableError."""
    entropy = organisation.ports.entropy
    key = entropy(_KEY)
    sealer, writer = AgeSealer([derive_recipient(key)], entropy), organisation.ports.attachments.begin(stream)
    try:
        writer.write(sealer.seal(content))
        writer.write(sealer.finish())
        return SealedAttachment(writer.finish(), key)
    except BaseException:
        writer.abandon()
        raise


class _InOrder:
    """Does something with each block in a thread beside, in order, a few blocks behind at most."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self._take, self._pool = take, ThreadPoolExecutor(1)
        self._pending: deque[Future[None]] = deque()

    def put(self, data: bytes) -> None:
        self._pending.append(self._pool.submit(self._take, data))
        if len(self._pending) > _WAITING:
            self._pending.popleft().result()

    def end(self) -> None:
        while self._pending:
            self._pending.popleft().result()
        self.drop()

    def drop(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pending.clear()
