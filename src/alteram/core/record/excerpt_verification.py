"""Verify an excerpt from the file and a policy alone: no network, no database, no clock, no exhibit.

Steps, as docs/spec/evidence.md section 2 numbers them:
 1. the file: size, spelling, form, format
 2. the checkpoint: signed by the log and by the policy's quorum of witnesses; older ones: signed by the log, continued
 3. the statement that publishes the record key is in the log, and is this organisation's; those of successions are too
 4. the entry: its receipt, its commitment, the record key's signature, the five claims it shows and no other
 5. the pieces: where they stand, how long they are, and that they are a contiguous part of the tree the entry names
It says which pieces of which exhibit these are, and by when the whole was in the log. It says nothing of what was
before or after them, nor whether the exhibit is what it is said to be.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias

from alteram.core.kernel.canonical import Json
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import parse_identifier
from alteram.core.record.bounds import Bound, Checkpoints, DatedCheckpoint, date_checkpoint
from alteram.core.record.claims import check_claims
from alteram.core.record.errors import RecordError
from alteram.core.record.excerpts import (
    SHOWN,
    ExcerptHead,
    OlderHead,
    PlacedStatement,
    ReleasedRange,
    parse_excerpt_unverified,
)
from alteram.core.record.heads import read_record_key, verify_older
from alteram.core.record.successions import tell_succession
from alteram.core.tlog import (
    Checkpoint,
    Policy,
    hash_leaf,
    parse_checkpoint,
    parse_policy,
    parse_tlog_proof,
    verify_checkpoint_note,
    verify_leaf,
)
from alteram.core.tlog.merkle import verify_inclusion
from alteram.core.tlog.ranges import verify_range
from alteram.core.vault import build_entry_leaf, decode_base64url, parse_presentation, parse_statement_leaf
from alteram.core.vault.pieces import (
    CUT_EVENLY,
    FORMS,
    MAX_PIECES,
    PIECE_SIZE,
    WITH_HEADER,
    are_lengths_of,
    hash_piece,
)

_LODGED: Final = "exhibit.lodged/"
_HEX: Final = frozenset("0123456789abcdef")
_PUBLIC: Final = b"\x03"


@dataclass(frozen=True, slots=True)
class VerifiedExcerpt:
    """An excerpt, verified: pieces [first, until) of an exhibit that was cut into `of` pieces.

    `pieces` are those, and `header` piece 0 where it is shown beside them. `recorded_by` says by when the whole was in
    the log. `leaf_hash` is that of the entry that lodged the exhibit, at `index` of the log; `kid` names the key that
    signed it.
    """

    organisation: str
    exhibit: str
    form: str
    of: int
    tree: bytes
    first: int
    pieces: tuple[bytes, ...]
    header: bytes | None
    leaf_hash: bytes
    index: int
    kid: str
    checkpoint: Checkpoint
    dated: DatedCheckpoint
    cosigned_by: tuple[str, ...]
    recorded_by: Bound | None
    is_policy_its_own: bool
    notes: tuple[str, ...]

    @property
    def until(self) -> int:
        """Return the number of the piece behind the last that is shown."""
        return self.first + len(self.pieces)

    @property
    def content(self) -> bytes:
        """Return the bytes of the form that the pieces are."""
        return b"".join(self.pieces)

    @property
    def offset(self) -> int | None:
        """Return at which byte of the form the pieces begin; None where pieces have no fixed length."""
        return self.first * PIECE_SIZE if self.form in CUT_EVENLY else None

    @property
    def is_witnessed(self) -> bool:
        """Return whether anybody but the log vouches for the checkpoint."""
        return bool(self.cosigned_by)


def verify_excerpt(data: bytes, policy: Policy | None = None) -> VerifiedExcerpt:
    """Return an excerpt, every step verified; without `policy` by the one inside, which the result says.

    Raises: RecordError naming what does not verify, and where.
    """
    parsed = parse_excerpt_unverified(data)
    return _Verifier(parsed.head, policy).verify(parsed.leaves)


_Leaves: TypeAlias = "tuple[tuple[tuple[bytes, bytes], ...], ...]"


@dataclass(frozen=True, slots=True)
class _Lodged:
    exhibit: str
    form: str
    count: int
    tree: bytes


class _Verifier:
    def __init__(self, head: ExcerptHead, policy: Policy | None) -> None:
        self._said = head
        self._given = policy
        self._indices: set[int] = set()

    def verify(self, leaves: _Leaves) -> VerifiedExcerpt:
        with _verifying("organisation"):
            parse_identifier(self._said.organisation)
        self._verify_checkpoints()
        self._verify_key()
        notes = tuple(self._verify_succession(at, one) for at, one in enumerate(self._said.successions))
        with _verifying("entry"):
            lodged, leaf_hash = self._verify_entry()
        _check_places(lodged, self._said.ranges)
        for at, (part, cut) in enumerate(zip(self._said.ranges, leaves, strict=True)):
            with _verifying(f"ranges/{at}"):
                _verify_pieces(lodged, part, cut)
        bound = Checkpoints(self._older, self._dated).bound(self._receipt.index, None)
        return VerifiedExcerpt(
            organisation=self._said.organisation,
            exhibit=lodged.exhibit,
            form=lodged.form,
            of=lodged.count,
            tree=lodged.tree,
            first=self._said.ranges[-1].first,
            pieces=tuple(piece for _, piece in leaves[-1]),
            header=leaves[0][0][1] if len(leaves) > 1 else None,
            leaf_hash=leaf_hash,
            index=self._receipt.index,
            kid=self._kid,
            checkpoint=self._checkpoint,
            dated=self._dated,
            cosigned_by=self._cosigned,
            recorded_by=bound.not_after,
            is_policy_its_own=self._given is None,
            notes=notes,
        )

    def _verify_checkpoints(self) -> None:
        """Spec E2, step 2."""
        with _verifying("policy"):
            enclosed = parse_policy(self._said.policy.encode())
            self._policy = enclosed if self._given is None else self._given
        with _verifying("receipt"):
            self._receipt = parse_tlog_proof(self._said.receipt.encode())
            self._checkpoint = parse_checkpoint(self._receipt.checkpoint.text)
            signed = verify_checkpoint_note(self._receipt.checkpoint, self._policy, self._checkpoint.origin)
        witnesses = {one.key for one in self._policy.witnesses}
        self._cosigned = tuple(sorted({one.key.name for one in signed if one.key in witnesses}))
        self._dated = date_checkpoint(self._checkpoint, signed, self._policy)
        self._older = [self._verify_older(at, one) for at, one in enumerate(self._said.checkpoints)]
        sizes = [one.size for one in self._older]
        if sizes != sorted(set(sizes)):
            raise RecordError("excerpt.checkpoints", "Older checkpoints are not in order.", where="checkpoints")

    def _verify_older(self, at: int, one: OlderHead) -> DatedCheckpoint:
        with _verifying(f"checkpoints/{at}"):
            return verify_older(one.note, one.consistency, self._checkpoint, self._policy)

    def _verify_statement(self, one: PlacedStatement) -> dict[str, Json]:
        leaf = _PUBLIC + one.statement.encode()
        statement = parse_statement_leaf(leaf)
        verify_inclusion(
            leaf_hash=hash_leaf(leaf),
            index=one.index,
            size=self._checkpoint.size,
            proof=tuple(map(decode_base64url, one.path)),
            root=self._checkpoint.root,
        )
        self._take(one.index)
        return statement

    def _take(self, index: int) -> None:
        if index in self._indices:
            raise RecordError("receipt.index", "Two members are the same leaf of the log.")
        self._indices.add(index)

    def _verify_key(self) -> None:
        """Spec E2, step 3."""
        with _verifying("record_key"):
            self._kid, self._key = read_record_key(
                self._verify_statement(self._said.record_key), self._said.organisation
            )

    def _verify_succession(self, at: int, one: PlacedStatement) -> str:
        with _verifying(f"successions/{at}"):
            told = tell_succession(self._verify_statement(one))
            if told is None:
                raise RecordError("statement.form", "The statement does not say which log this one follows.")
        return told

    def _verify_entry(self) -> tuple[_Lodged, bytes]:
        """Spec E2, step 4."""
        entry, extra = parse_presentation(self._said.entry.encode()), self._receipt.extra
        if extra is None or len(extra) != 33 or extra[0] != 1:
            raise RecordError("receipt.extra", "The receipt does not carry the entry's blinding.")
        leaf_hash = hash_leaf(build_entry_leaf(entry.jwt.encoded, extra[1:]))
        verify_leaf(self._receipt, leaf_hash)
        self._take(self._receipt.index)
        if entry.jwt.kid != self._kid or self._said.record_key.index >= self._receipt.index:
            raise RecordError("entry.key", "The entry is signed by a record key that the log had not published before.")
        entry.jwt.verify(self._key)
        if tuple(one.name for one in entry.disclosures) != SHOWN:
            raise RecordError("excerpt.claims", "The entry shows more of itself than an excerpt does, or less.")
        check_claims(entry.claims)
        return _read_lodged(entry.claims), leaf_hash


def _read_lodged(claims: Mapping[str, Json]) -> _Lodged:
    match claims:
        case {
            "act": str() as act,
            "act.exhibit": str() as exhibit,
            "act.form": str() as form,
            "act.pieces": int() as count,
            "act.tree": str() as tree,
        } if act.startswith(_LODGED) and form in FORMS and type(count) is int and 1 <= count <= MAX_PIECES:
            parse_identifier(exhibit)
        case _:
            raise RecordError("excerpt.lodging", "The entry does not lodge an exhibit that was cut into pieces.")
    if len(tree) != 64 or not _HEX.issuperset(tree):
        raise RecordError("excerpt.lodging", "The entry does not name the root of a tree.")
    return _Lodged(exhibit, form, count, bytes.fromhex(tree))


def _check_places(lodged: _Lodged, ranges: tuple[ReleasedRange, ...]) -> None:
    """Spec E2, step 5: one range, and before it piece 0 by itself where the form needs it and the range lacks it."""
    firsts = [one.first for one in ranges]
    alone = lodged.form not in WITH_HEADER or firsts[0] == 0
    headed = lodged.form in WITH_HEADER and firsts[0] == 0 and firsts[-1] > 1 and len(ranges[0].lengths) == 1
    if not (alone if len(ranges) == 1 else headed):
        raise RecordError("excerpt.ranges", "It shows other pieces than one range and what it needs.", where="ranges")


def _verify_pieces(lodged: _Lodged, part: ReleasedRange, leaves: tuple[tuple[bytes, bytes], ...]) -> None:
    verify_range(
        leaf_hashes=[hash_piece(salt, piece) for salt, piece in leaves],
        start=part.first,
        size=lodged.count,
        proof=tuple(map(decode_base64url, part.proof)),
        root=lodged.tree,
    )
    if not are_lengths_of(lodged.form, part.lengths, part.first, lodged.count):
        raise RecordError("excerpt.lengths", "A piece has another length than pieces of this form have.")


@contextmanager
def _verifying(where: str) -> Iterator[None]:
    """Turn whatever does not verify within into one error that names the member. Raises: RecordError."""
    try:
        yield
    except AlteramError as error:
        if isinstance(error, RecordError) and error.where:
            raise
        code = getattr(error, "code", "form")
        raise RecordError(code, error.problem, where=where, remedy=error.remedy) from error
