"""Files that belong to entries: taken in sealed, read by those who may see the entry, swept away when no entry came.

Order: a file is sealed as it arrives and durable before the act is proposed; the entry that names it is durable before
anybody is told so. A crash in between leaves a file that nothing names, and that nobody was told of; the sweep removes
it. What a file is called is sealed with its content.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from alteram.core.access import build_reader, may_open_exhibit
from alteram.core.access.parts import HANDLERS
from alteram.core.acts import ExhibitDerived, ExhibitLodged, get_spec
from alteram.core.kernel.canonical import Json, encode_canonical, parse_canonical
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.phrases import phrase
from alteram.core.vault import FileSealer, OpenedEntry, open_file_keys, open_stored_file
from alteram.core.vault.files import MAX_HEADER
from alteram.operations.entries import Entered, show_entry
from alteram.operations.organisation import Organisation
from alteram.operations.ports import AttachmentWriter, WaitingAttachment
from alteram.operations.questions import TimelineEntry, UnknownMatterError
from alteram.operations.readings import keep_reading
from alteram.operations.recording import SealedAttachment

#: The largest file, in bytes, and how many one entry takes.
MAX_FILE: Final = 100 * 1000 * 1000
MAX_FILES: Final = 10
#: What nothing names is deleted after that; whoever brought it has long been told that it was not recorded.
GRACE: Final = timedelta(days=1)
_MAX_NAME = 200
_EXHIBITS = frozenset({get_spec(ExhibitLodged).tag, get_spec(ExhibitDerived).tag})


class AttachmentError(AlteramError):
    """A file cannot be taken. Nothing of it is kept."""


class IncomingAttachment:
    """A file on its way in, sealed as it arrives."""

    def __init__(self, writer: AttachmentWriter, key: bytes, name: str) -> None:
        """Begin, with what the file is called."""
        self._writer, self._key, self._left = writer, key, MAX_FILE
        header = encode_canonical({"name": _tidy(name)})
        self._sealer = FileSealer(key, header)

    def write(self, data: bytes) -> None:
        """Take more of it. Raises: AttachmentError when it grows too large, and nothing of it is kept then."""
        self._left -= len(data)
        if self._left < 0:
            self.abandon()
            raise AttachmentError(
                phrase("A file is larger than {most} MB.", most=MAX_FILE // 1_000_000),
                remedy=phrase("Send a smaller file, or part of it."),
            )
        with self._whole_or_nothing():
            self._writer.write(self._sealer.seal(data))

    def finish(self) -> SealedAttachment:
        """Return it, sealed and durable: an act can be proposed with it. Raises: StoreUnavailableError."""
        with self._whole_or_nothing():
            self._writer.write(self._sealer.finish())
            return SealedAttachment(self._writer.finish(), self._key)

    def abandon(self) -> None:
        """Drop it."""
        self._writer.abandon()

    @contextmanager
    def _whole_or_nothing(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.abandon()
            raise


def begin_attachment(organisation: Organisation, stream: StreamId, name: str) -> IncomingAttachment:
    """Begin to take in a file for an act in `stream`. Raises: StoreUnavailableError."""
    ports = organisation.ports
    return IncomingAttachment(ports.attachments.begin(stream), ports.entropy(32), name)


def drop_attachments(organisation: Organisation, stream: StreamId, attachments: Sequence[SealedAttachment]) -> None:
    """Delete files that were taken in for an act that was not recorded."""
    for one in attachments:
        organisation.ports.attachments.drop(WaitingAttachment(stream, one.attachment.sha256))


@dataclass(frozen=True, slots=True)
class FoundAttachment:
    """A file of an entry: its number there, what it is called, how many bytes it has."""

    number: int
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class OpenedAttachment:
    """A file that is being read. Each piece is genuine when it comes; one that was altered ends in a VaultError."""

    found: FoundAttachment
    content: Iterator[bytes]


def find_attachments(
    organisation: Organisation, stream: StreamId, seq: int, viewer: PersonId
) -> tuple[FoundAttachment, ...]:
    """Return the files of an entry. Raises: UnknownMatterError where they are not open to `viewer`; StoreError."""
    entry = _get_entry(organisation, stream, seq, viewer)
    return tuple(entry.open(organisation, number).found for number in range(len(entry.keys)))


def open_attachment(
    organisation: Organisation, stream: StreamId, seq: int, number: int, viewer: PersonId
) -> OpenedAttachment:
    """Return a file of an entry, to be read, and keep that the entry was.

    Raises: UnknownMatterError where there is none, or it is not open to `viewer`; BusyError, StoreError, VaultError.
    """
    entry = _get_entry(organisation, stream, seq, viewer)
    if not 0 <= number < len(entry.keys):
        raise _unknown()
    opened = entry.open(organisation, number)
    keep_reading(entry.entered, (entry.shown,), now=organisation.ports.clock().replace(microsecond=0))
    return opened


@dataclass(frozen=True, slots=True)
class _WithFiles:
    """An entry whose files are open to whoever asks."""

    entered: Entered
    shown: TimelineEntry
    attachments: tuple[tuple[str, int], ...]
    keys: tuple[bytes, ...]

    def open(self, organisation: Organisation, number: int) -> OpenedAttachment:
        digest, stored = self.attachments[number]
        sealed = organisation.ports.attachments.get(self.entered.stream, digest)
        copied = self.shown.claims.get("act.digest") if number == 0 and "act.bundle" in self.shown.claims else None
        said = copied if isinstance(copied, str) else None
        opened = open_stored_file(self.keys[number], digest, stored, sealed, digest=said)
        name = _read_name(opened.description) if opened.description else self._find_name(number)
        return OpenedAttachment(FoundAttachment(number, name, opened.size), opened.content)

    def _find_name(self, number: int) -> str:
        """Return what the act calls a file that says nothing of itself."""
        named = self.shown.claims.get("act.file_name")
        if isinstance(named, str):
            return _tidy(named)
        bundle, to = self.shown.claims.get("act.bundle"), self.shown.claims.get("act.to")
        if number or not isinstance(bundle, str):
            return "file"
        # The first file of an entry that builds or serves a bundle is the bundle.
        return f"{bundle}-{to}.pdf" if isinstance(to, str) else f"{bundle}.pdf"


def _get_entry(organisation: Organisation, stream: StreamId, seq: int, viewer: PersonId) -> _WithFiles:
    facts, rulebook = organisation.facts(stream, fresh=True), organisation.governing(stream)
    if not 0 <= seq <= facts.matter.head_seq:
        raise _unknown()
    ports = organisation.ports
    stored = next(iter(ports.store.load(ports.organisation, stream, seq - 1, limit=1)), None)
    if stored is None:
        raise _unknown()
    entered = Entered(organisation, stream, facts, rulebook, build_reader(facts, rulebook, viewer))
    shown = show_entry(entered, stored).entry
    if "attachments" not in shown.claims or shown.act in _EXHIBITS or _is_closed_copy(entered, shown):
        # An exhibit is opened as an exhibit, by whom it was given: `exhibits.opening`.
        raise _unknown()
    keys = organisation.unwrap(stored) or ()
    file_keys = open_file_keys(stored.ciphertext, keys, stored.leaf) if keys else ()
    return _WithFiles(entered, shown, list_attachments(shown.claims), file_keys)


def _is_closed_copy(entered: Entered, shown: TimelineEntry) -> bool:
    """Return whether this is the copy of a bundle that is closed to whoever asks: it is marked for somebody else.

    Their own they open as long as each exhibit in it is open to them: no longer than their part lasts, and not what was
    withheld from them, or put in quarantine, since.
    """
    reader = entered.reader
    if shown.claims.get("act.bundle") is None or HANDLERS.intersection(reader.roles):
        return False
    if shown.claims.get("act.to") != reader.person or not reader.has_part:
        return True
    exhibits = shown.claims.get("act.exhibits")
    return not all(
        may_open_exhibit(entered.facts, entered.rulebook, str(one), reader.person)
        for one in (exhibits if isinstance(exhibits, list | tuple) else ())
    )


def _unknown() -> UnknownMatterError:
    return UnknownMatterError(
        phrase("There is no such file, or it is not open to you."), remedy=phrase("Ask the secretary.")
    )


def list_attachments(claims: Mapping[str, Json]) -> tuple[tuple[str, int], ...]:
    """Return the digest and size of each file that the claims of an entry name."""
    named = claims.get("attachments")
    listed = []
    for one in named if isinstance(named, list | tuple) else ():
        match one:
            case {"sha256": str() as digest, "size": int() as size}:
                listed.append((digest, size))
            case _:
                pass
    return tuple(listed)


def _tidy(name: str) -> str:
    """Return the last part of a name, without what no name should hold, and short enough to be sealed."""
    shown = "".join(one for one in name.replace("\\", "/").rpartition("/")[2] if one.isprintable())
    return shown.encode("utf-8", "ignore").decode()[:_MAX_NAME] or "file"


def _read_name(header: bytes) -> str:
    match parse_canonical(header, max_size=MAX_HEADER):
        case {"name": str() as name}:
            return name
        case _:
            return "file"


@dataclass(frozen=True, slots=True)
class Swept:
    """How many files were found to belong to entries, and how many to nothing."""

    kept: int = 0
    dropped: int = 0


def sweep_attachments(organisation: Organisation, *, older_than: timedelta = GRACE) -> Swept:
    """Keep for good what entries name, and delete what none does. Safe at any time and in several processes.

    Raises: StoreError, VaultError; what could not be judged stays as it is.
    """
    store, kept, dropped = organisation.ports.attachments, 0, 0
    for one in store.waiting(older_than):
        if _is_named(organisation, one):
            store.keep(one)
            kept += 1
        else:
            store.drop(one)
            dropped += 1
    return Swept(kept, dropped)


def _is_named(organisation: Organisation, waiting: WaitingAttachment) -> bool:
    if waiting.stream is None or waiting.sha256 is None:
        return False
    entries = organisation.ports.store.load(organisation.ports.organisation, waiting.stream)
    return any(waiting.sha256 in _digests(organisation.open(one)) for one in entries)


def _digests(opened: OpenedEntry | None) -> frozenset[str]:
    """Return what an entry names; nothing where its key was destroyed, because no file of it can be opened any more."""
    claims = {} if opened is None else opened.presentation.claims
    return frozenset(digest for digest, _ in list_attachments(claims))
