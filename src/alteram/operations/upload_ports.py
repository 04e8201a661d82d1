"""What operations need of the world for files that arrive over several requests, as small Protocols."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from alteram.core.kernel.identifiers import StreamId


@dataclass(frozen=True, slots=True)
class UploadPart:
    """A part of an upload that is durable: its number, from 0, and how many bytes of the file it holds."""

    number: int
    size: int


class UploadStore(Protocol):
    """Files on their way in over several requests, sealed, as parts one behind the other. `upload` is our name of it.

    Nothing here is evidence yet: what is not finished is swept away in time.
    """

    def begin(self, stream: StreamId, upload: str, note: bytes) -> None:
        """Begin an upload, durably, with what its owner needs to go on with it. Raises: StoreUnavailableError."""
        ...

    def find(self, stream: StreamId, upload: str) -> tuple[bytes, tuple[UploadPart, ...]] | None:
        """Return an upload's note and its parts, in order; None where there is none."""
        ...

    def open_part(self, stream: StreamId, upload: str, number: int) -> "PartWriter":
        """Return what takes the next part. Raises: StoreUnavailableError; StoreError where there is no such upload."""
        ...

    def read(self, stream: StreamId, upload: str, part: UploadPart) -> Iterator[bytes]:
        """Return the ciphertext of a part. Raises: StoreError when it is gone."""
        ...

    def drop(self, stream: StreamId, upload: str) -> None:
        """Delete an upload with all its parts. Safe to repeat."""
        ...

    def idle(self, older_than: timedelta) -> tuple[tuple[StreamId, str], ...]:
        """Return the uploads to which nothing was added for so long."""
        ...


class PartWriter(Protocol):
    """One part on its way in."""

    def write(self, data: bytes) -> None:
        """Add ciphertext to it. Raises: StoreUnavailableError."""
        ...

    def finish(self, size: int) -> UploadPart:
        """Return it, durable, as holding `size` bytes. Raises: StaleReadError where another took its place."""
        ...

    def abandon(self) -> None:
        """Drop it, where it was not finished."""
        ...
