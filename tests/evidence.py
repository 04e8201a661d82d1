"""Tools that look at files without any program: they know plain text by its bytes and leave the rest unshown."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from alteram.core.kernel.identifiers import StreamId
from alteram.core.vault import AgeSealer, derive_recipient
from alteram.operations.bundle_ports import Carrying, Suspect, TracedLeak
from alteram.operations.evidence_ports import (
    Capture,
    Detected,
    EvidenceTools,
    Message,
    PageImage,
    PlayableExcerpt,
    Recognised,
    RecordingFacts,
    RecordingIndex,
    Scanned,
    SeekableForm,
    ShownDocument,
    Thread,
    Unshown,
    Waveform,
)
from alteram.operations.exhibits.stored import StoredFile
from alteram.operations.organisation import Organisation
from alteram.operations.ports import AttachmentStore

#: What the scanner of these tools finds.
BAD = b"this is bad"
_MISSING = Unshown("program-missing")


class PlainSniffing:
    """Implements Sniffing: text is text, what begins as FLAC is FLAC, the rest is bytes."""

    def detect(self, head: bytes, tail: bytes = b"", *, file_name: str = "", told: str = "") -> Detected:
        media = (
            "audio/flac" if head.startswith(b"fLaC") else "text/plain" if head.isascii() else "application/octet-stream"
        )
        return Detected(media, media, media, agree=True, detectors=("plain", "plain"))


class PlainScanning:
    """Implements Scanning: finds the one thing that is bad."""

    def scan(self, chunks: Iterable[bytes]) -> Scanned:
        return Scanned("found", "Bad") if BAD in b"".join(chunks) else Scanned("clean")

    def describe(self) -> str:
        return "finds what is bad"


class PlainReading:
    """Implements Documents, Threads, Captures and Recordings: a page for each form feed, a message for each line."""

    def shows(self, media: str) -> bool:
        return media == "text/plain"

    def show(self, source: Path, media: str, folder: Path) -> ShownDocument | Unshown:
        if media != "text/plain":
            return Unshown("not-shown")
        texts = source.read_text(encoding="ascii").split("\f")
        pages = []
        for number, text in enumerate(texts):
            file = folder / f"{number}.png"
            file.write_bytes(b"a picture of " + text.encode())
            pages.append(PageImage(number, file, 10, 10, text))
        return ShownDocument(tuple(pages), page_count=len(pages), tool="plain")

    def recognise(self, page: Path, language: str = "eng") -> Recognised | Unshown:
        return _MISSING

    def read_messages(self, source: Path, media: str) -> Thread | Unshown:
        lines = source.read_text(encoding="ascii").splitlines()
        return Thread("whatsapp", tuple(Message(n, "", "somebody", line) for n, line in enumerate(lines)))

    def encode_message(self, message: Message) -> bytes:
        return json.dumps([message.index, message.text]).encode()

    def read_capture(self, source: Path, media: str) -> Capture | Unshown:
        return _MISSING

    def look(self, source: Path) -> RecordingFacts | Unshown:
        return RecordingFacts("flac", 1000, ())

    def measure_waveform(self, source: Path, buckets: int = 2_000) -> Waveform | Unshown:
        return Waveform(1000, (-1,), (1,))

    def make_seekable(self, source: Path, folder: Path) -> SeekableForm | Unshown:
        made = folder / "seekable.flac"
        made.write_bytes(source.read_bytes()[::-1])
        size = made.stat().st_size
        return SeekableForm(made, RecordingIndex("flac", 1000, 1000, size, ((0, 0),)), "plain")

    def make_film(self, source: Path, folder: Path) -> Path | Unshown:
        made = folder / "film.webm"
        made.write_bytes(b"a film of " + source.read_bytes())
        return made

    def find_piece_range(self, index: RecordingIndex, from_s: float, until_s: float) -> tuple[int, int]:
        return 0, 1

    def play_excerpt(self, header: bytes, pieces: bytes, first_piece: int) -> PlayableExcerpt | Unshown:
        return _MISSING


class PictureReading(PlainReading):
    """Reads in the picture of each page what it was told; where that ends, the program is missing."""

    def __init__(self, *texts: str) -> None:
        self._texts = iter(texts)

    def recognise(self, page: Path, language: str = "eng") -> Recognised | Unshown:
        text = next(self._texts, None)
        return _MISSING if text is None else Recognised(text, (), "", "a reader")


@contextmanager
def _workplace() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield Path(folder)


class PlainMarking:
    """Implements Marking: a copy says at its end whose it is. What marks do is tested where they are made."""

    def __init__(self) -> None:
        #: The bundles that a leak was compared with.
        self.suspected: list[str] = []
        #: Whose copies were marked, as they are told apart.
        self.marked: list[bytes] = []

    def mark_copies(
        self,
        suspect: Suspect,
        shown: Mapping[bytes, str],
        folder: Path,
        *,
        tell: Callable[[Carrying], None] = lambda _: None,
    ) -> Mapping[bytes, Path]:
        tell(Carrying(1, 0, 0))
        self.marked += suspect.copies
        files = {copy: folder / f"{number}.pdf" for number, copy in enumerate(suspect.copies)}
        for copy, file in files.items():
            file.write_bytes(suspect.unmarked.read_bytes() + b"%" + copy)
        return files

    def mark_recording(self, source: Path, shown: str, folder: Path, *, film: bool) -> Path | None:
        return None

    def trace(self, suspects: Sequence[Suspect], leaked: Path) -> TracedLeak:
        self.suspected += [one.bundle for one in suspects]
        name = leaked.read_bytes().rpartition(b"%")[2]
        found = [(one.bundle, copy, 1e-6) for one in suspects for copy in one.copies if copy == name]
        return TracedLeak(tuple(found), "" if found else "text")


def build_plain_tools() -> EvidenceTools:
    """Return the tools."""
    reading = PlainReading()
    return EvidenceTools(PlainSniffing(), PlainScanning(), reading, reading, reading, reading, _workplace)


class _Swapped:
    """Implements AttachmentStore round another: under one digest stands what was sealed afterwards."""

    def __init__(self, store: AttachmentStore, digest: str, sealed: bytes) -> None:
        self._store, self._digest, self._sealed = store, digest, sealed
        self.begin, self.waiting, self.keep, self.drop = store.begin, store.waiting, store.keep, store.drop

    def get(self, stream: StreamId, sha256: str) -> Iterator[bytes]:
        return iter((self._sealed,)) if sha256 == self._digest else self._store.get(stream, sha256)

    def read(self, stream: StreamId, sha256: str, first: int, until: int) -> bytes:
        is_it = sha256 == self._digest
        return self._sealed[first:until] if is_it else self._store.read(stream, sha256, first, until)


def seal_other(key: bytes, content: bytes) -> bytes:
    """Return an age file of `content` that opens under the key of another."""
    sealer = AgeSealer([derive_recipient(key)], os.urandom)
    return sealer.seal(content) + sealer.finish()


def swap(organisation: Organisation, file: StoredFile, content: bytes) -> None:
    """Put another content in the place of a file, as somebody could who has its key and the store."""
    other = _Swapped(organisation.ports.attachments, file.sha256, seal_other(file.key, content))
    organisation.ports = replace(organisation.ports, attachments=other)
