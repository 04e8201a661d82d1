"""The file of an exhibit that comes with a form: sealed as it arrives, so that nothing readable touches the disk.

One file, up to a limit; a larger one is uploaded in parts (`operations/exhibits/uploads.py`).
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from alteram.core.kernel.identifiers import StreamId
from alteram.installation.uploads import take_turn
from alteram.operations.attachments import drop_attachments
from alteram.operations.exhibits.incoming import IncomingFile, ReceivedFile
from alteram.operations.organisation import Organisation

#: The largest file that is lodged with one request, in bytes.
MAX_AT_ONCE: Final = 50_000_000


class SealingExhibit(FileUploadHandler):
    """Takes the one file of a request. What is not taken must be dropped."""

    def __init__(self, organisation: Organisation, stream: StreamId, most: int | None = None) -> None:
        """Begin with none; `most` is how many bytes it may have, unless that is as many as go with one request."""
        super().__init__()
        self._organisation, self._stream, self._most = organisation, stream, MAX_AT_ONCE if most is None else most
        self._incoming: IncomingFile | None = None
        self._size, self._seen = 0, hashlib.sha256()
        self.received: ReceivedFile | None = None
        self.is_too_large = self.is_more_than_one = self.is_broken = False

    @property
    def digest(self) -> bytes:
        """Return what tells the file from others, by its name and content: for a request that is sent again."""
        return self._seen.digest()

    def new_file(self, *arguments: Any, **options: Any) -> None:
        """Begin the file, unless there was one."""
        super().new_file(*arguments, **options)
        if self.received is not None or self.is_too_large:
            self.is_more_than_one = True
            raise SkipFile
        self._seen.update(f"{self.file_name}\0".encode("utf-8", "surrogatepass"))
        self._incoming = IncomingFile(self._organisation, self._stream)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Seal more of it; nobody else is given it."""
        del start
        if self._incoming is None:
            return
        self._size += len(raw_data)
        if self._size > self._most:
            self.is_too_large = True
            self.drop()
            raise SkipFile
        self._seen.update(raw_data)
        self._incoming.write(raw_data)

    def file_complete(self, file_size: int) -> None:
        """Finish it: it is durable on return."""
        del file_size
        if self._incoming is not None:
            self.received = self._incoming.finish()
            self._incoming = None

    def upload_interrupted(self) -> None:
        """Drop what was cut off."""
        self.is_broken = True
        self.drop()

    def take(self) -> None:
        """Leave the file to whoever records it: from now on it is not dropped here."""
        self.received = None

    def drop(self) -> None:
        """Delete what was taken in."""
        if self._incoming is not None:
            self._incoming.abandon()
            self._incoming = None
        if self.received is not None:
            drop_attachments(self._organisation, self._stream, (self.received.sealed,))
            self.received = None


@contextmanager
def sealing_exhibit(
    request: HttpRequest, organisation: Organisation, stream: StreamId, *, most: int | None = None
) -> Iterator[SealingExhibit]:
    """Let a request's file be sealed as it arrives; where nobody took it, it is deleted afterwards.

    Raises: BusyUploadsError.
    """
    sealing = SealingExhibit(organisation, stream, most)
    request.upload_handlers = [sealing]
    with take_turn(request):
        try:
            yield sealing
        finally:
            sealing.drop()
