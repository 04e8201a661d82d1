"""Proving a part of an exhibit: the pieces that are released, and that they stand in the whole that was lodged.

Only the pieces released are read. Who may open the exhibit may prove a part of it to anybody: an excerpt shows which
exhibit, what it was cut into, and those pieces; nothing else of the matter.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from alteram.core.acts import ExhibitLodged
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.record import ExportedStatement, RecordError
from alteram.core.record.excerpts import MAX_EXCERPT, ExcerptHead, begin_excerpt, build_excerpt_head, prove_range
from alteram.core.record.successions import tell_succession
from alteram.core.tlog import encode_policy
from alteram.core.vault import parse_statement_leaf
from alteram.core.vault.leaves import PUBLIC
from alteram.core.vault.pieces import SALT_SIZE, WITH_HEADER, PieceList, iterate_salts
from alteram.operations.bounding import find_covering_checkpoints
from alteram.operations.entries import Entered
from alteram.operations.exhibits.opening import open_exhibit
from alteram.operations.exhibits.stored import StoredExhibit, StoredFile
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StoreError
from alteram.operations.questions import UnknownMatterError
from alteram.operations.receipts import PublishedLog, read_log

_PAGE: Final = 4096
#: Bytes of what is stored that are read at a time.
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class ProvedExcerpt:
    """A file that proves pieces of an exhibit, never held whole: its beginning, and where the rest is read from."""

    beginning: bytes
    size: int
    form: StoredFile
    pieces: PieceList
    ranges: tuple[range, ...]

    def read(self) -> Iterator[bytes]:
        """Yield the file. The end of a piece that is not the one that was lodged is kept back.

        Raises: RecordError for such a piece, StoreError, VaultError; each while it is read.
        """
        yield self.beginning
        for one in self.ranges:
            yield from _read_leaves(self.form, self.pieces, one)


def prove_excerpt(entered: Entered, exhibit: str, first: int, until: int, *, now: datetime) -> bytes | Refused:
    """Return pieces [first, until) of an exhibit as a file that proves them, whole. Raises: as `open_excerpt` does."""
    proved = open_excerpt(entered, exhibit, first, until, now=now)
    return proved if isinstance(proved, Refused) else b"".join(proved.read())


def open_excerpt(entered: Entered, exhibit: str, first: int, until: int, *, now: datetime) -> ProvedExcerpt | Refused:
    """Return the file that proves pieces [first, until) of an exhibit, or why it is closed to whoever entered.

    Raises: UnknownMatterError where it was not lodged in pieces; VaultError for a range it has not; RecordError for one
    that is too large, before any of it is read; StoreError where its lodging is not in the log yet.
    """
    opened = open_exhibit(entered, exhibit, now=now)
    if isinstance(opened, Refused):
        return opened
    act = opened.stored.event.act
    if not isinstance(act, ExhibitLodged) or act.form is None:
        raise UnknownMatterError(
            phrase("This exhibit was not lodged in pieces."), remedy=phrase("Prove a part of what it was made of.")
        )
    pieces = opened.stored.read_pieces()
    if act.form in WITH_HEADER and first == 1:
        raise UnknownMatterError(
            phrase("No part of a recording begins with its second piece: the first goes with every part."),
            remedy=phrase("Begin with the first piece, or with the third."),
        )
    ranges: tuple[range, ...] = (range(first, until),)
    if act.form in WITH_HEADER and first > 0:
        ranges = (range(1), *ranges)
    sizes = [until - begin for begin, until in (pieces.find_span(one.start, one.stop) for one in ranges)]
    if max(sizes) > MAX_EXCERPT:
        raise RecordError(
            "excerpt.too-large",
            phrase("This part is larger than {most} MB.", most=MAX_EXCERPT >> 20),
            remedy=phrase("Choose less of it."),
        )
    size = sum(sizes) + SALT_SIZE * sum(map(len, ranges))
    beginning = begin_excerpt(_build_head(entered, opened.stored, pieces, ranges), size)
    return ProvedExcerpt(beginning, len(beginning) + size, opened.stored.get("form"), pieces, ranges)


def _read_leaves(form: StoredFile, pieces: PieceList, numbers: range) -> Iterator[bytes]:
    """Yield salt and piece by turns, block by block of what is stored: pieces may be small or large."""
    at, until = pieces.find_span(numbers.start, numbers.stop)
    block = memoryview(b"")
    for number, salt in zip(numbers, iterate_salts(form.key, numbers.start, numbers.stop), strict=True):
        digest, left, held = sha256(b"\x00" + salt), pieces.lengths[number], salt
        while left:
            if not block:
                block = memoryview(form.read_range(at, min(at + _BLOCK, until)))
                at += len(block)
            part, block = bytes(block[:left]), block[left:]
            digest.update(part)
            yield held
            held, left = part, left - len(part)
        if digest.digest() != pieces.find_hash(number):
            raise RecordError(
                "excerpt.pieces",
                phrase("Piece {number} is not the one that was lodged.", number=number + 1),
                where="pieces",
            )
        yield held


def _build_head(entered: Entered, stored: StoredExhibit, pieces: PieceList, ranges: Sequence[range]) -> ExcerptHead:
    organisation, ports = entered.organisation, entered.organisation.ports
    log = read_log(organisation)
    index = ports.store.find_index(ports.organisation, entered.stream, stored.event.seq)
    if index is None or index >= log.checkpoint.size:
        raise StoreError(
            phrase("The lodging of this exhibit is not in the log yet."), remedy=phrase("Wait a second and ask again.")
        )
    key, successions = _find_statements(organisation, log, stored.opened.presentation.jwt.kid)
    return build_excerpt_head(
        organisation=ports.organisation,
        entry=stored.opened.presentation,
        receipt=log.build_receipt(index, b"\x01" + stored.opened.blinding),
        record_key=key,
        policy=encode_policy(ports.policy),
        ranges=[prove_range(pieces, one.start, one.stop) for one in ranges],
        checkpoints=find_covering_checkpoints(ports, log, [index]),
        successions=successions,
    )


def _find_statements(
    organisation: Organisation, log: PublishedLog, kid: str
) -> tuple[ExportedStatement, list[ExportedStatement]]:
    """Return where the log published the key that signed the entry, and each succession it tells of."""
    key, successions = None, []
    for leaf, index, said in _read_statements(organisation, log):
        if key is None and (said["statement"], said.get("kid")) == ("record-key", kid):
            key = ExportedStatement(leaf, log.build_receipt(index))
        elif tell_succession(said) is not None:
            successions.append(ExportedStatement(leaf, log.build_receipt(index)))
    if key is None:
        raise StoreError(
            phrase("The record key is not in a witnessed log yet."), remedy=phrase("Wait a second and ask again.")
        )
    return key, successions


def _read_statements(organisation: Organisation, log: PublishedLog) -> Iterator[tuple[bytes, int, dict[str, Json]]]:
    ports = organisation.ports
    for first in range(0, log.checkpoint.size, _PAGE):
        for one in ports.store.leaves(ports.organisation, first, _PAGE):
            if one.leaf[:1] == PUBLIC and one.index < log.checkpoint.size:
                yield one.leaf, one.index, parse_statement_leaf(one.leaf)
