"""The integrator: puts acknowledged leaves into the log, in order, exactly once, and signs what the log then is.

Order (docs/spec/record.md, the log): give each waiting leaf its place; read back and recompute; sign; put the signed
checkpoint into the lock by compare-and-swap, apart from the store; write the tiles; keep the checkpoint for ever, since
it bounds the time of entries; publish it; ask witnesses. A crash between any two leaves nothing lost: the next run
makes good what the lock says was signed.

It refuses to sign when what it reads back does not hash to what was acknowledged, when the store is older than the last
signed checkpoint, when the tiles show another history, or when time stands still. Each is a LogError that stops the log
until somebody has looked: a wrong signature can never be taken back.
"""

import hmac
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from alteram.core.kernel.errors import AlteramError
from alteram.core.tlog import (
    Checkpoint,
    Frontier,
    Note,
    Tile,
    TlogError,
    build_range_root,
    encode_checkpoint,
    grow,
    hash_leaf,
    is_witnessed,
    parse_checkpoint,
    parse_note_unverified,
    sign_note,
)
from alteram.core.tlog.tiles import TILE_WIDTH, encode_bundle, parse_bundle
from alteram.core.vault import VaultError, build_decoy_leaf
from alteram.operations.organisation import Organisation
from alteram.operations.ports import LockedCheckpoint, SequencedLeaf, StaleReadError, StoredEntry

#: The most leaves one run puts into the log.
BATCH = 4096


class LogError(AlteramError):
    """The log cannot be signed. `code` is stable; nothing was signed."""

    def __init__(self, code: str, problem: str) -> None:
        """Keep the stable code beside the words."""
        super().__init__(problem, remedy="Stop, keep all files as they are, and look before anything is signed again.")
        self.code = code


@dataclass(frozen=True, slots=True)
class Integrated:
    """What one run did: how many leaves it put in, and the size of the log now."""

    added: int
    size: int


class Integrator:
    """Integrates one organisation's leaves. Several processes may run one each; the lock lets one at a time sign."""

    def __init__(
        self, organisation: Organisation, *, clock_ns: Callable[[], int] = time.time_ns, fill_to: int = 0
    ) -> None:
        """`clock_ns` tells the time in nanoseconds since 1970; `fill_to` pads each batch with decoys to that count."""
        self._organisation = organisation
        self._ports = organisation.ports
        self._clock_ns = clock_ns
        self._fill_to = fill_to
        self._frontier: Frontier | None = None
        self._locked: LockedCheckpoint | None = None

    def run(self) -> Integrated:
        """Put what waits into the log and publish; return at once when nothing waits. Raises: LogError, StoreError."""
        try:
            return self._run()
        except TlogError as error:
            raise LogError("log.tiles", f"What is published cannot be read: {error.problem}") from error

    def cosign(self) -> Note | None:
        """Ask the witnesses to cosign the published checkpoint, publish what they signed, and return it.

        Apart from `run`, so that a slow witness delays nobody's receipt; a service calls it from a thread of its own.
        Raises: LogError when a witness shows a larger log of this name: then this one was rolled back or forked.
        """
        published = self._ports.tiles.find_checkpoint()
        if published is None:
            return None
        note = parse_note_unverified(published)
        cosigned = self._ports.witnesses.cosign(note)
        if cosigned.ahead:
            locked = self._ports.lock.load(self._ports.origin)
            if any(parse_checkpoint(one.text).size > _size(locked) for one in cosigned.ahead):
                raise LogError("log.ahead", "A witness has cosigned a larger log of this name than was signed here.")
        if cosigned.note != note:
            self._keep(cosigned.note)
            self._ports.tiles.put_checkpoint(cosigned.note.encode().encode())
        return cosigned.note

    def _run(self) -> Integrated:
        locked = self._load()
        ports = self._ports
        if self._fill_to:
            self._fill()
        ports.store.assign(ports.organisation, BATCH)
        old_size = _size(locked)
        size = ports.store.size(ports.organisation)
        if size == old_size and locked is not None:
            return Integrated(0, size)
        leaves = ports.store.leaves(ports.organisation, old_size, min(size - old_size, BATCH))
        return self._sign(locked, old_size, leaves)

    def _sign(self, locked: LockedCheckpoint | None, old_size: int, leaves: Sequence[SequencedLeaf]) -> Integrated:
        hashes = self._read_back(old_size, leaves)
        frontier = (self._frontier or Frontier()).extend(hashes)
        now_ns = self._clock_ns()
        if locked is not None and now_ns <= locked.signed_at_ns:
            raise LogError("log.time", "Time has not advanced since the last checkpoint was signed.")
        text = encode_checkpoint(Checkpoint(self._ports.origin, frontier.size, frontier.root))
        signers = self._ports.signers.log_keys(self._ports.organisation, self._ports.origin)
        note = sign_note(text, signers, timestamp=now_ns // 1_000_000_000)
        signed = LockedCheckpoint(note, now_ns)
        tiles = self._build_tiles(old_size, frontier, leaves, hashes)
        try:
            self._ports.lock.replace(self._ports.origin, locked, signed)
        except StaleReadError:
            # Another process signed first. What it signed holds these leaves too, or the next run will.
            self._locked, self._frontier = None, None
            return Integrated(0, old_size)
        # Nothing is taken for granted until it is published: should that fail, the next run makes it good.
        self._locked, self._frontier = None, None
        self._publish(tiles, note)
        self._locked, self._frontier = signed, frontier
        return Integrated(len(leaves), frontier.size)

    # -- what stands

    def _load(self) -> LockedCheckpoint | None:
        """Return the last signed checkpoint, after making sure that store and tiles are not behind it or beside it."""
        locked = self._ports.lock.load(self._ports.origin)
        if locked is not None and locked == self._locked and self._frontier is not None:
            self._refuse_older(locked)
            return locked
        published = self._ports.tiles.find_checkpoint()
        if locked is None:
            if published is not None:
                raise LogError("log.lock", "A checkpoint is published, and the lock knows of none.")
            self._locked, self._frontier = None, Frontier()
            return None
        self._refuse_older(locked)
        checkpoint = parse_checkpoint(locked.note.text)
        self._make_good(checkpoint, locked.note, published)
        if published is not None:
            self._keep(parse_note_unverified(published))
        self._frontier = self._verify_edge(checkpoint)
        self._locked = locked
        return locked

    def _refuse_older(self, locked: LockedCheckpoint) -> None:
        if self._ports.store.size(self._ports.organisation) < _size(locked):
            raise LogError("log.rollback", "The store is older than the last signed checkpoint.")

    def _make_good(self, locked: Checkpoint, note: Note, published: bytes | None) -> None:
        """Write the tiles and publish the checkpoint that the lock says was signed, where a crash came between."""
        old = None if published is None else parse_checkpoint(parse_note_unverified(published).text)
        if old is not None and (old.size > locked.size or (old.size == locked.size and old.root != locked.root)):
            raise LogError("log.fork", "The published checkpoint is not one that the lock knows.")
        if old is not None and old.size == locked.size:
            return
        old_size = 0 if old is None else old.size
        leaves = self._all_leaves(old_size, locked.size)
        hashes = self._read_back(old_size, leaves)
        before = Frontier() if old is None else self._verify_edge(old)
        frontier = before.extend(hashes)
        if frontier.root != locked.root:
            raise LogError("log.fork", "The store does not hold the leaves that were signed.")
        self._publish(self._build_tiles(old_size, frontier, leaves, hashes), note)

    def _all_leaves(self, first: int, end: int) -> list[SequencedLeaf]:
        leaves: list[SequencedLeaf] = []
        while first + len(leaves) < end:
            at = first + len(leaves)
            some = self._ports.store.leaves(self._ports.organisation, at, min(BATCH, end - at))
            if not some:
                raise LogError("log.rollback", "The store is older than the last signed checkpoint.")
            leaves.extend(some)
        return leaves

    def _verify_edge(self, checkpoint: Checkpoint) -> Frontier:
        """Return the frontier of a published log, after checking tiles, entries and store against its root."""
        read, size = self._ports.tiles.get_tile, checkpoint.size
        if size == 0:
            return Frontier()
        root = build_range_root(size, read)
        nodes, start = [], 0
        for bit in reversed(range(size.bit_length())):
            if size >> bit & 1:
                nodes.append(root(start, start + (1 << bit)))
                start += 1 << bit
        frontier = Frontier(size, tuple(nodes))
        first = (size - 1) // TILE_WIDTH * TILE_WIDTH
        bundle = parse_bundle(read(_tile(-1, first, size)), size - first)
        stored = self._ports.store.leaves(self._ports.organisation, first, size - first)
        if len(stored) != len(bundle):
            raise LogError("log.rollback", "The store does not hold every leaf that was signed.")
        hashes = read(_tile(0, first, size))
        _compare_edge(first, bundle, hashes)
        _compare_edge(first, [leaf.leaf for leaf in stored], hashes)
        if frontier.root != checkpoint.root:
            raise LogError(
                "log.tiles", f"The tiles of entries 0 to {size - 1} do not lead to the root that was signed."
            )
        return frontier

    # -- read back

    def _read_back(self, first: int, leaves: Sequence[SequencedLeaf]) -> list[bytes]:
        """Return the leaf hashes, recomputed from what the store holds now and compared with what was acknowledged."""
        hashes = []
        for place, leaf in enumerate(leaves):
            computed = hash_leaf(leaf.leaf)
            if leaf.index != first + place:
                raise LogError("log.order", f"Entry {first + place} is missing from the store.")
            if not hmac.compare_digest(computed, leaf.acknowledged_hash):
                raise LogError("log.read-back", f"Entry {leaf.index} is not what was acknowledged.")
            hashes.append(computed)
        self._open_all(leaves)
        return hashes

    def _open_all(self, leaves: Sequence[SequencedLeaf]) -> None:
        """Open each entry and compare it with its leaf: a commitment to something unreadable is worth nothing."""
        by_stream: dict[str, dict[int, SequencedLeaf]] = {}
        for leaf in leaves:
            if leaf.stream is not None and leaf.seq is not None:
                by_stream.setdefault(leaf.stream, {})[leaf.seq] = leaf
        for expected in by_stream.values():
            first = min(expected)
            stream = expected[first].stream
            if stream is None:
                continue
            waiting = dict(expected)
            for stored in self._ports.store.load(self._ports.organisation, stream, first - 1):
                if stored.seq in waiting:
                    self._open(stored, waiting.pop(stored.seq))
                if not waiting:
                    break
            if waiting:
                raise LogError("log.read-back", f"Entry {min(waiting)} of a stream is missing from the store.")

    def _open(self, stored: StoredEntry, leaf: SequencedLeaf) -> None:
        if stored.leaf != leaf.leaf or stored.leaf_hash != leaf.acknowledged_hash:
            raise LogError("log.read-back", f"Entry {leaf.index} is not what was acknowledged.")
        try:
            self._organisation.open(stored)
        except VaultError as error:
            raise LogError("log.read-back", f"Entry {leaf.index} cannot be read back: {error.problem}") from error

    # -- publishing

    def _fill(self) -> None:
        """Fill the batch with decoys, so that its size does not tell how much was done."""
        waiting = self._ports.store.count_pending(self._ports.organisation)
        for _ in range(self._fill_to - waiting if waiting else 0):
            self._ports.store.append_statement(self._ports.organisation, build_decoy_leaf(self._ports.entropy(32)))

    def _build_tiles(
        self, old_size: int, frontier: Frontier, leaves: Sequence[SequencedLeaf], hashes: Sequence[bytes]
    ) -> list[tuple[Tile, bytes]]:
        """Return the tiles to write, entries first, after checking that they lead to the root about to be signed."""
        growth = grow(old_size, hashes, self._ports.tiles.get_tile)
        written = dict(growth.tiles)

        def read(tile: Tile) -> bytes:
            data = written.get(tile)
            return self._ports.tiles.get_tile(tile) if data is None else data

        if frontier.size and build_range_root(frontier.size, read)(0, frontier.size) != frontier.root:
            edge = f"{old_size // TILE_WIDTH * TILE_WIDTH} to {frontier.size - 1}"
            raise LogError("log.tiles", f"The tiles of entries {edge} do not lead to the root about to be signed.")
        return [*self._build_bundles(old_size, leaves), *growth.tiles]

    def _build_bundles(self, old_size: int, leaves: Sequence[SequencedLeaf]) -> list[tuple[Tile, bytes]]:
        first = old_size // TILE_WIDTH * TILE_WIDTH
        kept, read = old_size - first, self._ports.tiles.get_tile
        entries = list(parse_bundle(read(_tile(-1, first, old_size)), kept)) if kept else []
        if kept:
            _compare_edge(first, entries, read(_tile(0, first, old_size)))
        entries.extend(leaf.leaf for leaf in leaves)
        return [
            (Tile(-1, (first + at) // TILE_WIDTH, len(part)), encode_bundle(part))
            for at in range(0, len(entries), TILE_WIDTH)
            if (part := entries[at : at + TILE_WIDTH])
        ]

    def _publish(self, tiles: Sequence[tuple[Tile, bytes]], note: Note) -> None:
        for tile, data in tiles:
            self._ports.tiles.put_tile(tile, data)
        self._keep(note)
        self._ports.tiles.put_checkpoint(note.encode().encode())

    def _keep(self, note: Note) -> None:
        """Keep a checkpoint before it is published: then whatever was published is kept, wherever a crash came."""
        ports = self._ports
        ports.store.put_checkpoint_note(ports.organisation, note, witnessed=is_witnessed(note, ports.policy))


def _compare_edge(first: int, entries: Sequence[bytes], hashes: bytes) -> None:
    """Compare entries from `first` on with a tile of level 0. Raises: LogError naming the one that differs."""
    for place, entry in enumerate(entries):
        if hash_leaf(entry) != hashes[place * 32 : place * 32 + 32]:
            raise LogError("log.edge", f"Entry {first + place} is not what the tiles say.")


def _tile(level: int, first: int, size: int) -> Tile:
    return Tile(level, first // TILE_WIDTH, min(TILE_WIDTH, size - first))


def _size(locked: LockedCheckpoint | None) -> int:
    return 0 if locked is None else parse_checkpoint(locked.note.text).size
