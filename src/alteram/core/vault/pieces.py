r"""An exhibit's stored form cut into pieces, each hashed with a salt of its own (docs/spec/evidence.md, section 2).

    salt key   HKDF-SHA256(key of the form's file, info = "alteram/piece-salts/v1")
    salt i     the first 16 bytes of HMAC-SHA256(salt key, "alteram/piece/v1" || u64be i)
    leaf i     salt i || piece i; its hash is SHA-256(0x00 || leaf i)

The list of lengths and leaf hashes is kept beside the form, sealed, so that a proof needs no piece but those released.
A leaf's hash says nothing of a piece that somebody could guess, as long as its salt is not known; and salts are gone
with the file's key.
"""

import hmac
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Final, Literal, TypeAlias, get_args

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from alteram.core.kernel.phrases import phrase
from alteram.core.vault.errors import VaultError

Form: TypeAlias = Literal["bytes", "flac", "matroska", "messages", "pages"]
FORMS: Final[tuple[str, ...]] = get_args(Form)
#: Forms that are cut every 64 KiB, wherever that falls; the others have a piece for each message or page.
CUT_EVENLY: Final = frozenset({"bytes", "flac", "matroska"})
#: Forms of which no part can be played without the beginning.
WITH_HEADER: Final = frozenset({"flac", "matroska"})
PIECE_SIZE: Final = 1 << 16
MAX_PIECE: Final = 1 << 26
MAX_PIECES: Final = 1_000_000
SALT_SIZE: Final = 16
HASH_SIZE: Final = 32
_LIST: Final = b"alteram-pieces/1\n"
_SALTS: Final = b"alteram/piece-salts/v1"
_PIECE: Final = b"alteram/piece/v1"
_COUNT: Final = 4
_ROW: Final = 4 + HASH_SIZE
MAX_LIST: Final = len(_LIST) + _COUNT + _ROW * MAX_PIECES


def derive_salt_key(file_key: bytes) -> bytes:
    """Return what the salts of a form's pieces are drawn from, from the key of its file."""
    return HKDF(SHA256(), 32, None, _SALTS).derive(file_key)


def build_salt(salt_key: bytes, number: int) -> bytes:
    """Return the salt of a piece. Whoever is shown a piece is shown its salt, and learns nothing of the other salts."""
    return hmac.digest(salt_key, _PIECE + number.to_bytes(8, "big"), sha256)[:SALT_SIZE]


def hash_piece(salt: bytes, piece: bytes | memoryview) -> bytes:
    """Return the leaf hash of a piece."""
    digest = sha256(b"\x00" + salt)
    digest.update(piece)
    return digest.digest()


@dataclass(frozen=True, slots=True)
class PieceList:
    """The pieces of a form: how long each is, and the leaf hashes one behind the other."""

    lengths: Sequence[int]
    hashes: bytes

    def __len__(self) -> int:
        """Return how many pieces there are."""
        return len(self.lengths)

    def find_hash(self, number: int) -> bytes:
        """Return the leaf hash of a piece."""
        return self.hashes[number * HASH_SIZE : (number + 1) * HASH_SIZE]

    def find_span(self, first: int, until: int) -> tuple[int, int]:
        """Return which bytes [from, to) of the form the pieces [first, until) are.

        Raises: VaultError when there are no such pieces, or the range is empty.
        """
        if not 0 <= first < until <= len(self):
            raise VaultError("pieces.range", phrase("There are no such pieces."))
        begin = sum(islice(self.lengths, first))
        return begin, begin + sum(islice(self.lengths, first, until))

    def split(self, first: int, until: int, content: bytes) -> tuple[bytes, ...]:
        """Return the pieces [first, until) from the bytes of the form that `find_span` names.

        Raises: VaultError when they are another number of bytes.
        """
        begin, end = self.find_span(first, until)
        if len(content) != end - begin:
            raise VaultError("pieces.content", phrase("These are not the bytes of these pieces."))
        cut, at = [], 0
        for length in islice(self.lengths, first, until):
            cut.append(content[at : at + length])
            at += length
        return tuple(cut)

    def encode(self) -> bytes:
        """Return the one spelling of the list."""
        rows = (length.to_bytes(4, "big") + self.find_hash(number) for number, length in enumerate(self.lengths))
        return _LIST + len(self).to_bytes(_COUNT, "big") + b"".join(rows)


def parse_piece_list(data: bytes) -> PieceList:
    """Return the list that `data` spells. Raises: VaultError for any other spelling."""
    head = len(_LIST) + _COUNT
    if not data.startswith(_LIST) or len(data) < head:
        raise VaultError("pieces.form", phrase("Not a list of pieces."))
    count = int.from_bytes(data[len(_LIST) : head], "big")
    if not 1 <= count <= MAX_PIECES or len(data) != head + count * _ROW:
        raise VaultError("pieces.form", phrase("A list of pieces is cut short, holds too much, or nothing."))
    starts = range(head, len(data), _ROW)
    lengths = array("L", (int.from_bytes(data[at : at + 4], "big") for at in starts))
    if max(lengths) > MAX_PIECE:
        raise VaultError("pieces.form", phrase("A piece is larger than a piece can be."))
    return PieceList(lengths, b"".join(data[at + 4 : at + _ROW] for at in starts))


def are_lengths_of(form: str, lengths: Sequence[int], first: int, count: int) -> bool:
    """Return whether pieces from `first` on, of `count` in all, may be of these lengths in this form.

    Where a form is cut evenly, every piece is full but the last, which is empty only where it is the only one.
    """
    if form not in CUT_EVENLY:
        return all(0 <= length <= MAX_PIECE for length in lengths)
    for number, length in enumerate(lengths, first):
        if number < count - 1 and length != PIECE_SIZE:
            return False
        if number == count - 1 and not (1 if count > 1 else 0) <= length <= PIECE_SIZE:
            return False
    return True


class PieceCutter:
    """Cuts bytes into pieces of 64 KiB as they arrive, holding none of them. No bytes at all are one empty piece."""

    def __init__(self, file_key: bytes) -> None:
        """Begin, with the key of the file that the form is sealed in."""
        self._pieces = PieceCollector(file_key)
        self._digest = sha256(b"\x00" + self._pieces.next_salt())
        self._length = 0

    def write(self, data: bytes | memoryview) -> None:
        """Take more bytes. Raises: VaultError when they are more than a million pieces."""
        view, at = memoryview(data), 0
        while at < len(view):
            if self._length == PIECE_SIZE:
                self._end_piece()
            taken = view[at : at + PIECE_SIZE - self._length]
            self._digest.update(taken)
            self._length += len(taken)
            at += len(taken)

    def finish(self) -> PieceList:
        """Return the list of the pieces."""
        self._pieces.keep(self._length, self._digest.digest())
        return self._pieces.finish()

    def _end_piece(self) -> None:
        self._pieces.keep(self._length, self._digest.digest())
        self._digest = sha256(b"\x00" + self._pieces.next_salt())
        self._length = 0


class PieceCollector:
    """Takes pieces one by one: a message each, or a page each."""

    def __init__(self, file_key: bytes) -> None:
        """Begin, with the key of the file that the form is sealed in."""
        self._salt_key = derive_salt_key(file_key)
        self._lengths, self._hashes = array("L"), bytearray()

    def add(self, piece: bytes) -> None:
        """Take a whole piece. Raises: VaultError when it is too large, or one too many."""
        self.keep(len(piece), hash_piece(self.next_salt(), piece))

    def next_salt(self) -> bytes:
        """Return the salt of the piece that comes next."""
        return build_salt(self._salt_key, len(self._lengths))

    def keep(self, length: int, leaf_hash: bytes) -> None:
        """Take a piece whose leaf hash is known, under the salt that was next. Raises: VaultError as `add` does."""
        if length > MAX_PIECE:
            raise VaultError("pieces.too-large", phrase("A piece is at most {most} bytes.", most=MAX_PIECE))
        if len(self._lengths) == MAX_PIECES:
            raise VaultError(
                "pieces.too-many",
                phrase("A form has at most {most} pieces.", most=MAX_PIECES),
                remedy=phrase("Lodge it in parts."),
            )
        self._lengths.append(length)
        self._hashes += leaf_hash

    def finish(self) -> PieceList:
        """Return the list of the pieces. Raises: VaultError where there is none."""
        if not self._lengths:
            raise VaultError("pieces.none", phrase("There is nothing to cut into pieces."))
        return PieceList(self._lengths, bytes(self._hashes))


def iterate_salts(file_key: bytes, first: int, until: int) -> Iterator[bytes]:
    """Yield the salts of pieces [first, until)."""
    salt_key = derive_salt_key(file_key)
    return (build_salt(salt_key, number) for number in range(first, until))
