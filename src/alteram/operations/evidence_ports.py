"""What operations need of the world for evidence, as small Protocols: running, sniffing, scanning and reading files.

Every file here is hostile until a person says otherwise. So nothing raises because of what a file holds: what could
not be read or shown is said in a value (`Unshown`), and the file stays as it was lodged. A program that is missing, or
cannot be confined, is said there as well. Errors are for what is wrong here: a folder that cannot be written.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, Protocol, TypeAlias

from alteram.core.kernel.errors import AlteramError


class ConfinementError(AlteramError):
    """Programs cannot be confined on this machine, so none is run. The remedy says what to install."""


# Running programs


@dataclass(frozen=True, slots=True)
class Limits:
    """What a program may use at most, with all that it starts.

    Each of its processes has `cpu_seconds`, `address_space`, `private` and `file_size` of its own. `private` is memory
    that is no mapped file; None where `address_space` bounds it well enough.
    """

    seconds: float = 60
    cpu_seconds: int = 60
    memory: int = 2 << 30
    address_space: int = 4 << 30
    private: int | None = None
    answer: int = 64 << 20
    file_size: int = 256 << 20
    written: int = 1 << 30
    files: int = 2_000
    processes: int = 32


@dataclass(frozen=True, slots=True)
class Job:
    """A program to run: `reads` are shown to it read-only at `/in/NAME`; `folder` is its own, at `/out`.

    `folder` is empty when it starts. `shows` are folders it needs to be able to run at all, read-only, where they are;
    `writes` are others, where they are, that it may write. `files` are open and handed over under their own numbers.
    The names in `reads` are ours, never a sender's.
    """

    command: Sequence[str]
    folder: Path
    reads: Mapping[str, Path]
    limits: Limits = Limits()
    asked: bytes = b""
    shows: Sequence[Path] = ()
    settings: Mapping[str, str] | None = None
    writes: Sequence[Path] = ()
    files: Sequence[IO[bytes]] = ()


Ending: TypeAlias = Literal["done", "failed", "time", "memory", "size", "processes"]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: by itself (`done`, `failed`), or killed at the limit that is named."""

    how: Ending
    status: int
    answer: bytes = b""
    complaint: str = ""
    seconds: float = 0.0


class TakesBytes(Protocol):
    """Takes what a program answers, as it comes."""

    def __call__(self, data: bytes, /) -> None:
        """Take the next bytes."""
        ...


class ConfinedPrograms(Protocol):
    """Runs programs that see nothing but what they are given, reach no network and end within limits."""

    def confinement(self) -> str:
        """Return the words for how programs are confined here. Raises: ConfinementError when they cannot be."""
        ...

    def run(self, job: Job, take: TakesBytes | None = None) -> Ended:
        """Run it to its end; what it answers goes to `take`, else into the answer. Raises: ConfinementError."""
        ...


# What kind of file it is


@dataclass(frozen=True, slots=True)
class Detected:
    """What two detectors say a file is. `media` is what it is shown as; the sender's word is only compared.

    `warnings` are words for a person: the detectors differ, the name says something else, two kinds in one file.
    """

    media: str
    first: str
    second: str
    agree: bool
    detectors: tuple[str, str]
    warnings: tuple[str, ...] = ()


class Sniffing(Protocol):
    """Says what kind of file something is, from its bytes."""

    def detect(self, head: bytes, tail: bytes = b"", *, file_name: str = "", told: str = "") -> Detected:
        """Return what the first and the last bytes of a file say; `file_name` and `told` are the sender's."""
        ...


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a scanner said: `clean`, `found` (with the name), or why there is no answer. Not scanned is not clean."""

    answer: Literal["clean", "found", "could-not-scan", "not-scanned"]
    name: str = ""
    why: str = ""


class Scanning(Protocol):
    """Asks a scanner for malware. It changes nothing: what follows is for whoever asked."""

    def scan(self, chunks: Iterable[bytes]) -> Scanned:
        """Return what the scanner says of these bytes."""
        ...

    def describe(self) -> str:
        """Return which scanner and which definitions answer, in words; that there is none, too."""
        ...


# What could not be shown

WhyUnshown: TypeAlias = Literal[
    "damaged", "empty", "encrypted", "not-shown", "program-missing", "too-large", "took-too-long"
]


@dataclass(frozen=True, slots=True)
class Unshown:
    """Why a file, or a part of it, cannot be shown. It is kept all the same, as it came."""

    why: WhyUnshown
    detail: str = ""


def not_shown(media: str) -> Unshown:
    """Return what is said of a kind of file that nothing here shows."""
    return Unshown("not-shown", f"Nothing here shows {media}.")


# Documents


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page as a picture (PNG without metadata) and the text that stands in it; neither is ever active."""

    number: int
    file: Path
    width: int
    height: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document as pages, or as text where it has none. `notices` are words: what is active in it, what is left out.

    `page_count` is how many the document says it has; `pages` may be fewer.
    """

    pages: tuple[PageImage, ...] = ()
    text: str = ""
    page_count: int = 0
    notices: tuple[str, ...] = ()
    tool: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that was recognised on a page: its box in pixels, and how sure the program is, of 100."""

    text: str
    left: int
    top: int
    width: int
    height: int
    sure: int


@dataclass(frozen=True, slots=True)
class Recognised:
    """The text recognised on a page, its words, and the same as hOCR."""

    text: str
    words: tuple[Word, ...]
    hocr: str
    tool: str


class Documents(Protocol):
    """Turns documents into page images and text. Nothing in them is executed or fetched."""

    def shows(self, media: str) -> bool:
        """Return whether documents of this kind are shown at all; what they hold is another question."""
        ...

    def show(self, source: Path, media: str, folder: Path) -> ShownDocument | Unshown:
        """Return a document as pages and text; the pictures are put into `folder`, which is empty."""
        ...

    def recognise(self, page: Path, language: str = "eng") -> Recognised | Unshown:
        """Return the text in a picture of a page."""
        ...


# Messages


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a thread: one piece of the form `messages`.

    `at` is ISO 8601, with the offset where the source has one; `sender` is the label the source gives. `attachments`
    are names as the sender wrote them: labels, never places of files.
    """

    index: int
    at: str
    sender: str
    text: str
    attachments: tuple[str, ...] = ()
    subject: str = ""
    answers: int | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """The messages of a file in its own order, and words for what was guessed or left out."""

    kind: Literal["eml", "mbox", "whatsapp", "signal", "telegram"]
    messages: tuple[Message, ...]
    notices: tuple[str, ...] = ()


class Threads(Protocol):
    """Reads e-mail and chat exports as messages."""

    def read_messages(self, source: Path, media: str) -> Thread | Unshown:
        """Return the messages of a file."""
        ...

    def encode_message(self, message: Message) -> bytes:
        """Return the one spelling of a message, which a piece holds."""
        ...


# Captured web pages


@dataclass(frozen=True, slots=True)
class CapturedPage:
    """One page as it was captured: where, when by the file's own word, and whether its digest fits (None: has none)."""

    uri: str
    at: str
    media: str
    status: str
    digest_fits: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class Capture:
    """A captured web page: the facts that the file states of its capture, and the text out of it."""

    kind: Literal["warc", "mhtml", "single-file"]
    pages: tuple[CapturedPage, ...]
    resources: int
    notices: tuple[str, ...] = ()


class Captures(Protocol):
    """Reads captured web pages; shows text only."""

    def read_capture(self, source: Path, media: str) -> Capture | Unshown:
        """Return what a capture says of itself, and its text."""
        ...


# Recordings


@dataclass(frozen=True, slots=True)
class RecordedStream:
    """One stream of a recording."""

    kind: Literal["audio", "video", "other"]
    codec: str
    rate: int = 0
    channels: int = 0
    bits: int = 0
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """What a recording says of itself: `created_at` is its own word, `milliseconds` is as ffprobe finds it."""

    container: str
    milliseconds: int
    streams: tuple[RecordedStream, ...]
    created_at: str = ""


@dataclass(frozen=True, slots=True)
class Waveform:
    """The lowest and highest sample of each of equal stretches of a recording, from -32768 to 32767."""

    milliseconds: int
    lowest: tuple[int, ...]
    highest: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RecordingIndex:
    """Where in the bytes of a seekable form its times stand.

    `places` are (first sample, or first millisecond of a cluster; byte) of points from which it can be played.
    """

    form: Literal["flac", "matroska"]
    rate: int
    length: int
    size: int
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class SeekableForm:
    """The lossless form a recording is kept in beside itself, and its index."""

    file: Path
    index: RecordingIndex
    tool: str
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlayableExcerpt:
    """Whole frames cut out of a form's pieces, as a file that plays. `first` and `length` are in units of `rate`."""

    media: str
    data: bytes
    first: int
    length: int
    rate: int


class Recordings(Protocol):
    """Looks at recordings and makes the form from which parts can be released."""

    def look(self, source: Path) -> RecordingFacts | Unshown:
        """Return what a recording says of itself."""
        ...

    def measure_waveform(self, source: Path, buckets: int = 2_000) -> Waveform | Unshown:
        """Return the waveform of all channels mixed, in so many stretches at most."""
        ...

    def make_seekable(self, source: Path, folder: Path) -> SeekableForm | Unshown:
        """Return the lossless, seekable form, put into `folder`, which is empty."""
        ...

    def make_film(self, source: Path, folder: Path) -> Path | Unshown:
        """Return a copy of a recording with pictures, encoded anew as WebM to be played; `folder` is empty."""
        ...

    def find_piece_range(self, index: RecordingIndex, from_s: float, until_s: float) -> tuple[int, int]:
        """Return the pieces, half-open, in which everything from one second to another stands."""
        ...

    def play_excerpt(self, header: bytes, pieces: bytes, first_piece: int) -> PlayableExcerpt | Unshown:
        """Return a file that plays, out of the form's piece 0 and the bytes of a range of pieces."""
        ...


@dataclass(frozen=True, slots=True)
class Cue:
    """A stretch of a transcript: from and until, in milliseconds, who speaks by label, and the words."""

    from_ms: int
    until_ms: int
    speaker: str
    text: str


class SpeechRecognition(Protocol):
    """Writes down what is said. Off unless an installation brings one: no implementation ships."""

    def name(self) -> str:
        """Return which program and model this is, for the provenance of the transcript."""
        ...

    def write_down(self, source: Path, language: str) -> tuple[Cue, ...] | Unshown:
        """Return a first draft of a transcript, which says that a program made it."""
        ...


# All of it


@dataclass(frozen=True, slots=True)
class EvidenceTools:
    """What looks at a file that is lodged. `workplace` lends an empty folder that only we read, deleted afterwards.

    `speech` writes down what is said, where an installation brings a program that does.
    """

    sniffing: Sniffing
    scanning: Scanning
    documents: Documents
    threads: Threads
    captures: Captures
    recordings: Recordings
    workplace: Callable[[], AbstractContextManager[Path]]
    speech: SpeechRecognition | None = None
