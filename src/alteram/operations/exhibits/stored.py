"""The files of an exhibit as they are stored: the original, the form its pieces are cut from, their list, and facts.

An entry that lodges an exhibit names its files in this order: the original; the form, where it differs from the
original; the list of pieces; what the programs found (JSON); of one with pictures, a copy that browsers play. One that
lodges an excerpt names that, and such a copy.
All are age files, each with a key of its own. Reading a part reads no more of the store than the chunks that hold it.
Whatever opens under its key could still be another file, put there by somebody who has the keys: so a file that is read
to its end is compared with what its entry says of it, and a part of the form with the list of pieces. A part of any
other file is not.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final, Literal

from alteram.core.acts import ExhibitDerived, ExhibitLodged, RecordShredded
from alteram.core.kernel.canonical import Json, parse_canonical
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.matters import Event, Facts
from alteram.core.rules.exhibits import find_lodging, live_acts
from alteram.core.vault import (
    OpenedEntry,
    OtherFileError,
    VaultError,
    check_whole,
    open_file_keys,
    open_stored_file,
    parse_age_header,
)
from alteram.core.vault.age import MAX_PREFIX
from alteram.core.vault.pieces import PieceList, build_salt, derive_salt_key, hash_piece, parse_piece_list
from alteram.operations.attachments import list_attachments
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StoredEntry, StoreError
from alteram.operations.questions import UnknownMatterError

Part = Literal["original", "form", "pieces", "facts", "film"]
_WHOLE: Final[tuple[Part, ...]] = ("original", "pieces", "facts")
_EXCERPT: Final[tuple[Part, ...]] = ("original", "film")
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
    digest: str | None = None
    """What the act says of the content: its SHA-256, and its size."""
    size: int | None = None

    def read(self) -> Iterator[bytes]:
        """Yield the content, each piece genuine; the last only where the file is the one that its entry names.

        Raises: StoreError, VaultError, also while it is read.
        """
        ciphertext = self.organisation.ports.attachments.get(self.stream, self.sha256)
        return open_stored_file(
            self.key, self.sha256, self.stored, ciphertext, digest=self.digest, size=self.size
        ).content

    def read_sealed(self) -> Iterator[bytes]:
        """Yield the file as it is stored, sealed; the last of it as `read` does."""
        return check_whole(self.organisation.ports.attachments.get(self.stream, self.sha256), self.sha256, self.stored)

    def read_range(self, first: int, until: int) -> bytes:
        """Return the bytes [first, until) of the content: genuine under its key, not compared with what was named.

        Raises: StoreError, VaultError where there are none.
        """
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


class StoredForm:
    """The form of an exhibit, read in parts: each piece is held to its hash in the list that the entry names."""

    def __init__(self, file: StoredFile, pieces: PieceList) -> None:
        """Take the file of the form and the list of its pieces."""
        self.pieces = pieces
        self._file, self._salt_key = file, derive_salt_key(file.key)
        self._starts = array("Q", accumulate(pieces.lengths, initial=0))

    def read_pieces(self, first: int, until: int) -> tuple[bytes, ...]:
        """Return the pieces [first, until). Raises: StoreError; VaultError where there are none, OtherFileError."""
        if not 0 <= first < until <= len(self.pieces):
            raise VaultError("pieces.range", phrase("There are no such pieces."))
        starts = self._starts
        content = self._file.read_range(starts[first], starts[until])
        cut = []
        for number in range(first, until):
            cut.append(content[starts[number] - starts[first] : starts[number + 1] - starts[first]])
            if hash_piece(build_salt(self._salt_key, number), cut[-1]) != self.pieces.find_hash(number):
                raise OtherFileError
        return tuple(cut)

    def read_range(self, first: int, until: int) -> bytes:
        """Return the bytes [first, until) of the form, of whichever pieces they are. Raises: as `read_pieces` does."""
        if first == until:
            return b""
        begin, end = bisect_right(self._starts, first) - 1, bisect_left(self._starts, until)
        start = self._starts[begin]
        return b"".join(self.read_pieces(begin, end))[first - start : until - start]


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

    def open_form(self) -> StoredForm:
        """Return its form, to be read in parts. Raises: as `read_pieces` does."""
        return StoredForm(self.get("form"), self.read_pieces())

    def read_each_piece(self) -> Iterator[bytes]:
        """Yield the pieces of its form in their order, such as its pages. Raises: as `read_pieces` does."""
        form = self.open_form()
        for number in range(len(form.pieces)):
            yield from form.read_pieces(number, number + 1)

    def open_range(self, part: Part) -> Callable[[int, int], bytes]:
        """Return what reads ranges of one of its files; those of its form are held to the list of pieces.

        Raises: as `read_pieces` does.
        """
        file = self.get(part)
        return self.open_form().read_range if "pieces" in self.files and file is self.get("form") else file.read_range

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
    return StoredExhibit(event, entry, opened, dict(zip(_name_parts(event.act, len(files)), files, strict=False)))


def _name_parts(act: ExhibitLodged | ExhibitDerived, count: int) -> tuple[Part, ...]:
    if isinstance(act, ExhibitDerived) and act.how == "excerpt":
        return _EXCERPT
    return _WITH_FORM if count > len(_WHOLE) else _WHOLE


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
    files = [
        StoredFile(organisation, stream, digest, stored, key)
        for (digest, stored), key in zip(listed, file_keys, strict=True)
    ]
    digest, size = (opened.presentation.claims.get(f"act.{one}") for one in ("digest", "size"))
    if files and isinstance(digest, str):  # an act says it of the first of its files
        files[0] = replace(files[0], digest=digest, size=size if isinstance(size, int) else None)
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
