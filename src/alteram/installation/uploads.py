"""Files on their way in: sealed as they arrive, so that nothing readable ever touches the disk.

Many may share one address, so no address is limited: large uploads take turns instead, a few at a time in a process.
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.phrases import as_own, join, phrase
from alteram.operations.attachments import (
    MAX_FILES,
    AttachmentError,
    IncomingAttachment,
    begin_attachment,
    drop_attachments,
)
from alteram.operations.organisation import Organisation
from alteram.operations.recording import SealedAttachment

#: A request longer than this takes one of the turns, and waits for it so many seconds.
LARGE: Final = 2_000_000
PATIENCE: Final = 20.0
_turns = threading.BoundedSemaphore(2)


class BusyUploadsError(Exception):
    """Others are sending large files; nothing of this request was read."""


class SealingUploads(FileUploadHandler):
    """Takes the files of one request for an act in one matter. What is not used must be dropped."""

    def __init__(self, organisation: Organisation, stream: StreamId) -> None:
        """Begin with none."""
        super().__init__()
        self._organisation, self._stream = organisation, stream
        self._incoming: IncomingAttachment | None = None
        self._seen = hashlib.sha256()
        self.sealed: list[SealedAttachment] = []
        self.problems: list[str] = []

    @property
    def digest(self) -> bytes:
        """Return what tells these files from others, by their names and content: for a request that is sent again."""
        return self._seen.digest()

    def new_file(self, *arguments: Any, **options: Any) -> None:
        """Begin a file, unless there are too many."""
        super().new_file(*arguments, **options)
        if len(self.sealed) >= MAX_FILES:
            self._skip(_("At most %(count)s files can be sent at once.") % {"count": MAX_FILES})
        self._seen.update(f"\0{self.field_name}\0{self.file_name}\0".encode("utf-8", "surrogatepass"))
        self._incoming = begin_attachment(self._organisation, self._stream, self.file_name or "")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Seal more of it; nobody else is given it."""
        del start
        if self._incoming is None:
            return
        self._seen.update(raw_data)
        try:
            self._incoming.write(raw_data)
        except AttachmentError as error:
            self._incoming = None
            told = join(" ", (error.problem, error.remedy))
            self._skip(phrase("{file}: {problem}", file=as_own(self.file_name or ""), problem=told))

    def file_complete(self, file_size: int) -> None:
        """Finish it: it is durable on return."""
        del file_size
        if self._incoming is not None:
            self.sealed.append(self._incoming.finish())
            self._incoming = None

    def upload_interrupted(self) -> None:
        """Drop what was cut off, and what came before it: the rest of the form is not what was sent either."""
        self.drop()
        self.problems.append(_("The connection broke before everything had arrived. Send it again."))

    def take(self) -> tuple[SealedAttachment, ...]:
        """Return what was taken in, to be recorded: from now on it is not dropped here."""
        taken = tuple(self.sealed)
        self.sealed.clear()
        return taken

    def drop(self) -> None:
        """Delete what was taken in."""
        if self._incoming is not None:
            self._incoming.abandon()
            self._incoming = None
        drop_attachments(self._organisation, self._stream, self.sealed)
        self.sealed.clear()

    def _skip(self, problem: str) -> None:
        if problem not in self.problems:
            self.problems.append(problem)
        raise SkipFile


@contextmanager
def sealing_uploads(request: HttpRequest, organisation: Organisation, stream: StreamId) -> Iterator[SealingUploads]:
    """Let a request's files be sealed as they arrive; those that nobody took are deleted afterwards.

    Raises: BusyUploadsError.
    """
    uploads = SealingUploads(organisation, stream)
    request.upload_handlers = [uploads]
    with take_turn(request):
        try:
            yield uploads
        finally:
            uploads.drop()


@contextmanager
def take_turn(request: HttpRequest) -> Iterator[None]:
    """Wait for one of the turns, where a request is large. Raises: BusyUploadsError."""
    if _read_length(request) <= LARGE:
        yield
        return
    if not _turns.acquire(timeout=PATIENCE):
        raise BusyUploadsError
    try:
        yield
    finally:
        _turns.release()


def _read_length(request: HttpRequest) -> int:
    """Return how long a request says it is; one that does not say may be of any length."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return LARGE + 1
