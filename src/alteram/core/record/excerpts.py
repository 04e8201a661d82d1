r"""The excerpt file: pieces of an exhibit, with the proof that they are a contiguous part of what was lodged.

    "alteram-excerpt/1" LF || u32be length of the head || head, canonical JSON || salt || piece || salt || piece ...

It decides that the bytes have the one form and spelling that a writer would give them, and writes them. It verifies
nothing: see `excerpt_verification`. The layout is docs/spec/evidence.md, section 2.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

import msgspec
from msgspec import Meta, Struct

from alteram.core.kernel.canonical import Json, encode_canonical, parse_canonical
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import OrganisationId
from alteram.core.kernel.phrases import phrase
from alteram.core.record.errors import RecordError
from alteram.core.record.export import ExportedCheckpoint, ExportedStatement
from alteram.core.tlog import TlogProof
from alteram.core.tlog.ranges import MAX_RANGE_PROOF, build_packed_range_proof
from alteram.core.vault import Presentation, encode_base64url
from alteram.core.vault.pieces import MAX_PIECE, MAX_PIECES, SALT_SIZE, PieceList, hash_piece, iterate_salts

FORMAT: Final = b"alteram-excerpt/1\n"
MAX_EXCERPT: Final = 512 << 20
MAX_HEAD: Final = 8 << 20
#: The claims of the lodging that an excerpt shows, all of them and no other: which exhibit, and what it was cut into.
#: In which matter, when, by whom and what the exhibit is stay closed.
SHOWN: Final = ("act", "act.exhibit", "act.form", "act.pieces", "act.tree")
_ANY_FORMAT = re.compile(rb"alteram-excerpt/[1-9][0-9]{0,3}\n")
_LENGTH: Final = 4
_Hash: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}$(?!\n)")]
_Path: TypeAlias = Annotated[tuple[_Hash, ...], Meta(max_length=63)]
_Index: TypeAlias = Annotated[int, Meta(ge=0, le=(1 << 53) - 1)]
_Lengths: TypeAlias = Annotated[tuple[Annotated[int, Meta(ge=0, le=MAX_PIECE)], ...], Meta(min_length=1)]


class _Part(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the head: every member is there, and no other."""


class PlacedStatement(_Part, frozen=True, kw_only=True):
    """A public statement, its canonical JSON as text, with the proof that its leaf is in the log."""

    index: _Index
    path: _Path
    statement: str


class OlderHead(_Part, frozen=True, kw_only=True):
    """An older head of the log, with the proof that the receipt's own checkpoint continues it."""

    consistency: _Path
    note: str


class ReleasedRange(_Part, frozen=True, kw_only=True):
    """Consecutive pieces: the number of the first, how long each is, and their range proof."""

    first: Annotated[int, Meta(ge=0, le=MAX_PIECES)]
    lengths: _Lengths
    proof: Annotated[tuple[_Hash, ...], Meta(max_length=MAX_RANGE_PROOF)]


class ExcerptHead(_Part, frozen=True, kw_only=True):
    """All that an excerpt says but the pieces themselves."""

    checkpoints: tuple[OlderHead, ...]
    entry: str
    organisation: str
    policy: str
    ranges: Annotated[tuple[ReleasedRange, ...], Meta(min_length=1, max_length=2)]
    receipt: str
    record_key: PlacedStatement
    successions: tuple[PlacedStatement, ...]


# Made while nobody else runs: msgspec crashes when two threads are the first to read the same kind of struct.
msgspec.json.Decoder(ExcerptHead)


@dataclass(frozen=True, slots=True)
class Released:
    """Pieces that are to be shown, each with its salt, and the proof that they stand from `first` on."""

    first: int
    pieces: tuple[bytes, ...]
    salts: tuple[bytes, ...]
    proof: tuple[bytes, ...]


def prove_range(pieces: PieceList, first: int, until: int) -> ReleasedRange:
    """Return what an excerpt says of pieces [first, until), none of which is read.

    Raises: VaultError, ProofError for an absent range.
    """
    pieces.find_span(first, until)
    return ReleasedRange(
        first=first,
        lengths=tuple(pieces.lengths[first:until]),
        proof=_encode(build_packed_range_proof(pieces.hashes, first, until)),
    )


def release_pieces(pieces: PieceList, file_key: bytes, first: int, until: int, content: bytes) -> Released:
    """Return pieces [first, until) of a form, from the bytes that `pieces.find_span` names and the key of its file.

    Nothing else of the form is read. Raises: VaultError, ProofError for an absent range; RecordError where the bytes
    are not those that were lodged.
    """
    cut = pieces.split(first, until, content)
    salts = tuple(iterate_salts(file_key, first, until))
    for number, (salt, piece) in enumerate(zip(salts, cut, strict=True), first):
        if hash_piece(salt, piece) != pieces.find_hash(number):
            raise RecordError(
                "excerpt.pieces",
                phrase("Piece {number} is not the one that was lodged.", number=number + 1),
                where="pieces",
            )
    return Released(first, cut, salts, build_packed_range_proof(pieces.hashes, first, until))


def build_excerpt(
    *,
    organisation: OrganisationId,
    entry: Presentation,
    receipt: TlogProof,
    record_key: ExportedStatement,
    policy: bytes,
    released: Sequence[Released],
    checkpoints: Sequence[ExportedCheckpoint] = (),
    successions: Sequence[ExportedStatement] = (),
) -> bytes:
    """Return an excerpt of the exhibit that `entry` lodged, whole: see `build_excerpt_head`."""
    head = build_excerpt_head(
        organisation=organisation,
        entry=entry,
        receipt=receipt,
        record_key=record_key,
        policy=policy,
        ranges=[
            ReleasedRange(first=one.first, lengths=tuple(map(len, one.pieces)), proof=_encode(one.proof))
            for one in released
        ],
        checkpoints=checkpoints,
        successions=successions,
    )
    leaves = [part for one in released for pair in zip(one.salts, one.pieces, strict=True) for part in pair]
    return write_excerpt(head, leaves)


def build_excerpt_head(
    *,
    organisation: OrganisationId,
    entry: Presentation,
    receipt: TlogProof,
    record_key: ExportedStatement,
    policy: bytes,
    ranges: Sequence[ReleasedRange],
    checkpoints: Sequence[ExportedCheckpoint] = (),
    successions: Sequence[ExportedStatement] = (),
) -> ExcerptHead:
    """Return the head of an excerpt of the exhibit that `entry` lodged; the receipt's `extra` is 0x01 || r.

    Of the entry only what SHOWN names is disclosed. A form that cannot be played without its beginning needs piece 0
    among the released, by itself and first. Raises: RecordError when it shows too little.
    """
    kept = {one.name: one for one in entry.disclosures if one.name in SHOWN}
    if kept.keys() != set(SHOWN):
        raise RecordError(
            "excerpt.claims", phrase("The entry does not say what the exhibit was cut into."), where="entry"
        )
    return ExcerptHead(
        checkpoints=tuple(
            OlderHead(consistency=_encode(one.consistency), note=one.note.encode()) for one in checkpoints
        ),
        entry=Presentation(entry.jwt, tuple(kept[name] for name in SHOWN)).encode().decode("ascii"),
        organisation=organisation,
        policy=policy.decode(),
        ranges=tuple(ranges),
        receipt=receipt.encode().decode(),
        record_key=_place(record_key),
        successions=tuple(map(_place, successions)),
    )


def write_excerpt(head: ExcerptHead, leaves: Sequence[bytes]) -> bytes:
    """Return the file of a head and the leaf data behind it. Raises: RecordError when it would be too large."""
    return b"".join((begin_excerpt(head, sum(map(len, leaves))), *leaves))


def begin_excerpt(head: ExcerptHead, size: int) -> bytes:
    """Return what stands before the leaf data, which is of `size` bytes. Raises: RecordError when it is too large."""
    built: Json = msgspec.to_builtins(head)
    spelt = encode_canonical(built)
    if len(spelt) > MAX_HEAD or len(FORMAT) + _LENGTH + len(spelt) + size > MAX_EXCERPT:
        raise RecordError(
            "excerpt.too-large",
            phrase("The excerpt would be too large."),
            remedy=phrase("Release fewer pieces at a time."),
        )
    return b"".join((FORMAT, len(spelt).to_bytes(_LENGTH, "big"), spelt))


@dataclass(frozen=True, slots=True)
class ParsedExcerpt:
    """An excerpt taken apart, nothing in it verified. `leaves` are salt and piece, range by range."""

    head: ExcerptHead
    leaves: tuple[tuple[tuple[bytes, bytes], ...], ...]


def parse_excerpt_unverified(data: bytes) -> ParsedExcerpt:
    """Return what an excerpt holds, nothing in it verified. Raises: RecordError when malformed."""
    if len(data) > MAX_EXCERPT:
        raise RecordError("excerpt.too-large", f"An excerpt is at most {MAX_EXCERPT} bytes.")
    if not data.startswith(FORMAT):
        known = _ANY_FORMAT.match(data)
        raise (
            RecordError("excerpt.form", "Not an excerpt.")
            if known is None
            else RecordError("excerpt.format", "This release does not know the format.")
        )
    at = len(FORMAT) + _LENGTH
    length = int.from_bytes(data[len(FORMAT) : at], "big")
    if len(data) < at + length or length > MAX_HEAD:
        raise RecordError("excerpt.form", "An excerpt is cut short.")
    try:
        head = msgspec.convert(parse_canonical(data[at : at + length], max_size=MAX_HEAD), ExcerptHead)
    except MalformedError as error:
        raise RecordError("excerpt.form", f"Not an excerpt. {error.problem}") from error
    except msgspec.ValidationError as error:
        raise RecordError("excerpt.form", f"Not an excerpt: {str(error).rstrip('.')}.") from error
    at += length
    if len(data) - at != sum(SALT_SIZE + one for part in head.ranges for one in part.lengths):
        raise RecordError("excerpt.form", "An excerpt holds other pieces than it says, or something behind them.")
    leaves = []
    for part in head.ranges:
        cut = []
        for one in part.lengths:
            end = at + SALT_SIZE + one
            cut.append((data[at : at + SALT_SIZE], data[at + SALT_SIZE : end]))
            at = end
        leaves.append(tuple(cut))
    return ParsedExcerpt(head, tuple(leaves))


def _place(statement: ExportedStatement) -> PlacedStatement:
    return PlacedStatement(
        index=statement.receipt.index, path=_encode(statement.receipt.hashes), statement=statement.leaf[1:].decode()
    )


def _encode(hashes: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(map(encode_base64url, hashes))
