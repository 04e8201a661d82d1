"""The files of an exhibit as they are stored: the original, the form its pieces are cut from, their list, and facts.

An entry that lodges an exhibit names its files in this order: the original; the form, where it differs from the
original; the list of pieces; what the programs found (JSON); of one with pictures, a copy that browsers play.
All are age files, each with a key of its own. Reading a part reads no more of the store than the chunks that hold it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from alteram.core.acts import ExhibitDerived, ExhibitLodged, RecordShredded
from alteram.core.kernel.canonical import Json, parse_canonical
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.matters import Event, Facts
from alteram.core.rules.exhibits import find_lodging, live_acts
from alteram.core.vault import OpenedEntry, open_file_keys, open_stored_file, parse_age_header
from alteram.core.vault.age import MAX_PREFIX
from alteram.core.vault.pieces import PieceList, parse_piece_list
from alteram.operations.attachments import list_attachments
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StoredEntry, StoreError
from alteram.operations.questions import UnknownMatterError

Part = Literal["original", "form", "pieces", "facts", "film"]
_WHOLE: Final[tuple[Part, ...]] = ("original", "pieces", "facts")
_WITH_FORM: Final[tuple[Part, ...]] = ("original", "form", "pieces", "facts", "film")
#: What programs found of an exhibit is said in so many bytes at most: the most text that is kept, each character spelt
#: as longly as JSON can, and what stands beside it.
MAX_FACTS: Final = 64 << 20
#: A message is spelt in so many bytes at most (docs/spec/evidence.md, E4.1).
MAX_MESSAGE: Final = 4 << 20


class DestroyedKeysError(StoreError):
    """The keys of an entry's files were destroyed: nobody can open them any more, whoever they are."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file of an exhibit: where it is stored, how large, and what opens it."""

    organisation: Organisation
    stream: StreamId
    sha256: str
    stored: int
    key: bytes

    def read(self) -> Iterator[bytes]:
        """Yield the content, each piece genuine. Raises: StoreError, VaultError."""
        return open_stored_file(self.key, self.stored, self._get()).content

    def read_range(self, first: int, until: int) -> bytes:
        """Return the bytes [first, until) of the content. Raises: StoreError, VaultError where there are none."""
        attachments = self.organisation.ports.attachments
        prefix = attachments.read(self.stream, self.sha256, 0, min(self.stored, MAX_PREFIX))
        header = parse_age_header(self.key, prefix)
        span = header.find_span(first, until, self.stored)
        return header.open_span(first, until, self.stored, attachments.read(self.stream, self.sha256, *span))

    def find_size(self) -> int:
        """Return how many bytes the content has. Raises: StoreError, VaultError."""
        attachments = self.organisation.ports.attachments
        prefix = attachments.read(self.stream, self.sha256, 0, min(self.stored, MAX_PREFIX))
        return parse_age_header(self.key, prefix).find_size(self.stored)

    def _get(self) -> Iterator[bytes]:
        return self.organisation.ports.attachments.get(self.stream, self.sha256)


@dataclass(frozen=True, slots=True)
class StoredExhibit:
    """An exhibit, or what was made of one, with its files; and the entry that lodged it, opened."""

    event: Event[ExhibitLodged] | Event[ExhibitDerived]
    entry: StoredEntry
    opened: OpenedEntry
    files: dict[Part, StoredFile]

    @property
    def form(self) -> str | None:
        """Return what its pieces are; a redaction comes with its pages, and the act says nothing of them."""
        act = self.event.act
        if isinstance(act, ExhibitLodged):
            return act.form
        return "pages" if "form" in self.files else None

    def get(self, part: Part) -> StoredFile:
        """Return one of its files. Raises: UnknownMatterError where it has none of that kind."""
        found = self.files.get("original" if part == "form" and "form" not in self.files else part)
        if found is None:
            raise UnknownMatterError(
                phrase("This exhibit has no such file."), remedy=phrase("Ask whoever lodged it for the file.")
            )
        return found

    def read_pieces(self) -> PieceList:
        """Return the list of its pieces. Raises: UnknownMatterError where it has none; StoreError, VaultError."""
        return parse_piece_list(b"".join(self.get("pieces").read()))

    def read_each_piece(self) -> Iterator[bytes]:
        """Yield the pieces of its form in their order, such as its pages. Raises: as `read_pieces` does."""
        pieces, form = self.read_pieces(), self.get("form")
        for number in range(len(pieces)):
            yield form.read_range(*pieces.find_span(number, number + 1))

    def read_facts(self) -> dict[str, Json]:
        """Return what programs found of it when it was lodged; nothing where they were not asked."""
        if "facts" not in self.files:
            return {}
        found = parse_canonical(b"".join(self.files["facts"].read()), max_size=MAX_FACTS)
        return found if isinstance(found, dict) else {}


def get_stored(organisation: Organisation, stream: StreamId, facts: Facts, exhibit: str) -> StoredExhibit:
    """Return an exhibit with its files. It asks nobody's permission: whoever calls has.

    Raises: UnknownMatterError where there is no such exhibit; DestroyedKeysError, StoreError.
    """
    event = find_lodging(facts, exhibit)
    if event is None:
        raise UnknownMatterError(
            phrase("There is no such exhibit, or it is not open to you."), remedy=phrase("Ask the case manager.")
        )
    entry, opened, files = open_files(organisation, stream, event.seq)
    parts = _WITH_FORM if len(files) > len(_WHOLE) else _WHOLE
    return StoredExhibit(event, entry, opened, dict(zip(parts, files, strict=False)))


def open_files(
    organisation: Organisation, stream: StreamId, seq: int
) -> tuple[StoredEntry, OpenedEntry, tuple[StoredFile, ...]]:
    """Return an entry with its files, in their order. It asks nobody's permission: whoever calls has.

    Raises: DestroyedKeysError, StoreError.
    """
    entry = next(organisation.ports.store.load(organisation.ports.organisation, stream, seq - 1, limit=1))
    keys, opened = organisation.unwrap(entry), organisation.open(entry)
    if keys is None or opened is None:
        raise _tell_destroyed(organisation.facts(stream), seq)
    listed = list_attachments(opened.presentation.claims)
    file_keys = open_file_keys(entry.ciphertext, keys, entry.leaf)
    files = (
        StoredFile(organisation, stream, digest, stored, key)
        for (digest, stored), key in zip(listed, file_keys, strict=True)
    )
    return entry, opened, tuple(files)


def _tell_destroyed(facts: Facts, seq: int) -> DestroyedKeysError:
    shredded = [
        one.seq for one in live_acts(facts, RecordShredded) if one.act.scope == "matter" or one.act.entry == seq
    ]
    if not shredded:
        return DestroyedKeysError(phrase("The keys of this file were destroyed; only its place in the log is left."))
    by = as_own(str(shredded[-1]))
    return DestroyedKeysError(
        phrase("The keys of this file were destroyed by entry {by}; only its place in the log is left.", by=by),
        remedy=phrase("Nobody can open it any more. Entry {by} says on what ground.", by=by),
    )
