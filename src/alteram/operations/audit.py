"""Audit a published log from scratch: entries, tiles of every level, root, checkpoint, and growth since an older one.

It answers "do these bytes hash to what was signed?" and, where they do not, names the tile and the entry.
It says nothing of what entries mean. It reads each file once (the right edge twice), in runs of 65,536 leaves; what it
holds does not grow with the log, but for 32 bytes a run.

How blame is found. Every hash of a tile stands between what is below it (entries, or a full tile) and what is above it
(the hash of its own tile in the next level, or the signed root). A tile that disagrees with both is itself wrong; where
only the lower side disagrees, what is below is wrong.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING, Literal

from alteram.core.tlog import (
    Checkpoint,
    Note,
    NoteError,
    ProofError,
    Tile,
    TileError,
    VerifierKey,
    build_range_root,
    parse_checkpoint,
    verify_note,
)
from alteram.core.tlog.merkle import EMPTY_ROOT, HASH_SIZE, build_consistency_proof, verify_consistency
from alteram.core.tlog.note import VerifiedSignature
from alteram.core.tlog.tiles import TILE_WIDTH, ReadTile, compute_tile_root, hash_bundle

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized

#: Leaves under one full tile of level 1: the unit of work, and the least that two processes share.
RUN = TILE_WIDTH * TILE_WIDTH
#: A log that is wrong everywhere is not listed everywhere.
MAX_DIFFERENCES = 100

Code = Literal[
    "audit.entry", "audit.bundle", "audit.tile", "audit.tile-hash", "audit.replaced", "audit.checkpoint", "audit.growth"
]


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """One place where the log is not what its checkpoint commits to.

    `tile` is the file; `position` the entry or hash in it; `first` and `last` the indexes of the entries concerned.
    """

    tile: Tile | None
    position: int | None
    first: int
    last: int
    code: Code
    problem: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found. `differences` is empty where everything agrees; at most MAX_DIFFERENCES are listed."""

    checkpoint: Checkpoint
    signatures: tuple[VerifiedSignature, ...]
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        """Return whether the log is what its checkpoint commits to."""
        return not self.differences


def audit_log(
    read: ReadTile,
    note: Note,
    keys: Iterable[VerifierKey],
    *,
    processes: int = 1,
    older: Note | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> AuditReport:
    """Audit the log whose checkpoint is `note`; with `older`, also that it continues that checkpoint.

    `keys` are those trusted to sign checkpoints of this log; `read` gives a published tile, and must be picklable where
    `processes` is more than one. `progress` is told how many entries are done. Whether enough witnesses cosigned is
    for `verify_checkpoint_note`. Raises: NoteError when a checkpoint is malformed or not signed by `keys`.
    """
    trusted = tuple(keys)
    signatures = verify_note(note, trusted)
    checkpoint = parse_checkpoint(note.text)
    found = sorted(_Auditor(read, checkpoint).run(processes, progress))
    if older is not None:
        verify_note(older, trusted)
        found += _audit_growth(read, parse_checkpoint(older.text), checkpoint)
    return AuditReport(checkpoint, signatures, tuple(found[:MAX_DIFFERENCES]))


def verify_growth(read: ReadTile, older: Checkpoint, newer: Checkpoint) -> None:
    """Verify, from the newer one's tiles, that `newer` continues `older`.

    Raises: ProofError when it does not, TileError where a tile is missing, NoteError for checkpoints of two logs.
    """
    if older.origin != newer.origin:
        raise NoteError("audit.origin", "The two checkpoints are of different logs.")
    if older.size > newer.size:
        raise ProofError("proof.size", f"The log shrank from {older.size} entries to {newer.size}.")
    if older.size == 0:
        return  # every log continues the empty one
    proof = build_consistency_proof(older.size, newer.size, build_range_root(newer.size, read))
    verify_consistency(size1=older.size, root1=older.root, size2=newer.size, root2=newer.root, proof=proof)


def _audit_growth(read: ReadTile, older: Checkpoint, newer: Checkpoint) -> Iterator[Difference]:
    try:
        verify_growth(read, older, newer)
    except (ProofError, TileError, NoteError) as error:
        last = max(older.size, newer.size) - 1
        problem = f"The log of {newer.size} entries does not continue that of {older.size}: {error.problem}"
        yield Difference(None, None, 0, max(last, 0), "audit.growth", problem)


@dataclass(frozen=True, slots=True)
class _Mismatch:
    """A hash of `tile` at `position` is not that of what is below it; `why` where that could not even be read."""

    tile: Tile
    position: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class _RunResult:
    """A run's contribution: the root of its level-1 tile when it is full, and what disagreed inside."""

    root: bytes | None
    mismatches: tuple[_Mismatch, ...]


def _audit_run(read: ReadTile, size: int, number: int) -> _RunResult:
    """Audit the entries of one run against its level-0 tiles, and these against the level-1 tile."""
    first = number * TILE_WIDTH
    mismatches: list[_Mismatch] = []
    roots: list[bytes] = []
    for index in range(first, min(first + TILE_WIDTH, -(-size // TILE_WIDTH))):
        width = min(TILE_WIDTH, size - index * TILE_WIDTH)
        stored = _audit_bundle(read, index, width, mismatches)
        if width == TILE_WIDTH:
            roots.append(compute_tile_root(stored))
    del mismatches[4 * MAX_DIFFERENCES :]  # before the level above, which tells whom to blame for them
    root = _audit_hashes(read, Tile(1, number, len(roots)), roots, mismatches) if roots else None
    return _RunResult(root, tuple(mismatches))


#: Fresh interpreters: a fork of a process with threads may hang.
_CONTEXT = get_context("spawn")
#: In a process that helps: the number of the next run, shared with the others.
_TURNS: "list[Synchronized[int]]" = []


def _share_turns(turns: "Synchronized[int]") -> None:
    _TURNS.append(turns)


def _take_turns(read: ReadTile, size: int) -> list[tuple[int, _RunResult]]:
    """Audit the next run that nobody has begun, until there is none: so nobody waits for a slow one."""
    return list(_each_turn(read, size, _TURNS[-1]))


def _each_turn(read: ReadTile, size: int, turns: "Synchronized[int]") -> Iterator[tuple[int, _RunResult]]:
    while True:
        with turns.get_lock():
            number = turns.value
            turns.value += 1
        if number * RUN >= size:
            return
        yield number, _audit_run(read, size, number)


def _audit_bundle(read: ReadTile, index: int, width: int, mismatches: list[_Mismatch]) -> bytes:
    """Return a level-0 tile as it is stored, after comparing the entries with it."""
    tile, bundle = Tile(0, index, width), Tile(-1, index, width)
    try:
        computed = hash_bundle(read(bundle), width)
    except TileError as error:
        mismatches.append(_Mismatch(bundle, 0, error.problem))
        computed = []
    return _compare(read, tile, computed, mismatches)


def _compare(read: ReadTile, tile: Tile, computed: Sequence[bytes], mismatches: list[_Mismatch]) -> bytes:
    """Return a tile as it is stored, after comparing it with what is computed from below (nothing: not compared).

    Where it cannot be read, what is computed stands in for it.
    """
    joined = b"".join(computed)
    try:
        data = _read_hashes(read, tile)
    except TileError as error:
        mismatches.append(_Mismatch(tile, 0, error.problem))
        return joined or bytes(tile.width * HASH_SIZE)
    if data != joined:  # one comparison for 256 hashes
        stored = (data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE))
        pairs = zip(computed, stored, strict=False)
        mismatches.extend(_Mismatch(tile, at) for at, (one, other) in enumerate(pairs) if one != other)
    return data


def _read_hashes(read: ReadTile, tile: Tile) -> bytes:
    data = read(tile)
    if len(data) != tile.width * HASH_SIZE:
        raise TileError("tile.length", f"It has {len(data)} bytes, not {tile.width * HASH_SIZE}.")
    return data


def _audit_hashes(read: ReadTile, tile: Tile, computed: Sequence[bytes], mismatches: list[_Mismatch]) -> bytes | None:
    """Compare a tile of level 1 or above with the roots below it; return its own root when it is full."""
    stored = _compare(read, tile, computed, mismatches)
    return compute_tile_root(stored) if tile.width == TILE_WIDTH else None


class _Auditor:
    """Joins the runs: the tiles of level 2 and above, the root, and the blame."""

    def __init__(self, read: ReadTile, checkpoint: Checkpoint) -> None:
        self._read = read
        self._checkpoint = checkpoint
        self._size = checkpoint.size

    def run(self, processes: int, progress: Callable[[int], None]) -> Iterator[Difference]:
        results: dict[int, _RunResult] = {}
        for number, result in self._runs(processes):
            results[number] = result
            progress(min(self._size, len(results) * RUN))
        ordered = [results[number] for number in sorted(results)]
        mismatches = [one for result in ordered for one in result.mismatches]
        roots = [result.root for result in ordered if result.root is not None]
        self._audit_upper_levels(roots, mismatches)
        return self._blame(mismatches)

    def _runs(self, processes: int) -> Iterator[tuple[int, _RunResult]]:
        """Yield the result of every run, in any order."""
        count = -(-self._size // RUN)
        if min(processes, count) < 2:
            yield from ((number, _audit_run(self._read, self._size, number)) for number in range(count))
            return
        turns = _CONTEXT.Value("q", 0)
        with ProcessPoolExecutor(
            min(processes, count) - 1, mp_context=_CONTEXT, initializer=_share_turns, initargs=(turns,)
        ) as pool:
            others = [pool.submit(_take_turns, self._read, self._size) for _ in range(min(processes, count) - 1)]
            yield from _each_turn(self._read, self._size, turns)  # this process works while the others start
            for other in others:
                yield from other.result()

    def _audit_upper_levels(self, roots: list[bytes], mismatches: list[_Mismatch]) -> None:
        level = 2
        while roots:
            above: list[bytes] = []
            for index in range(-(-len(roots) // TILE_WIDTH)):
                part = roots[index * TILE_WIDTH : (index + 1) * TILE_WIDTH]
                root = _audit_hashes(self._read, Tile(level, index, len(part)), part, mismatches)
                above += [] if root is None else [root]
            roots, level = above, level + 1

    def _blame(self, mismatches: Sequence[_Mismatch]) -> Iterator[Difference]:
        unreadable = {one.tile for one in mismatches if one.why}
        wrong_below = {(one.tile, one.position) for one in mismatches if not one.why}
        disagreeing = {tile for tile, _ in wrong_below} | unreadable
        edge_holds = self._edge_agrees()
        for one in mismatches:
            if one.why:
                yield self._difference(one.tile, None, "audit.bundle" if one.tile.level < 0 else "audit.tile", one.why)
            elif self._is_wrong_above(one.tile, wrong_below, edge_holds):
                yield self._difference(one.tile, one.position, "audit.tile-hash", "This hash was changed.")
            else:
                yield from self._blame_below(one, disagreeing)
        if not edge_holds and not any(self._on_edge(tile) for tile in disagreeing):
            problem = "The tiles and entries agree with one another, but not with the root that was signed."
            yield Difference(None, None, 0, max(self._size - 1, 0), "audit.checkpoint", problem)

    def _blame_below(self, one: _Mismatch, disagreeing: set[Tile]) -> Iterator[Difference]:
        """Yield what is wrong under a hash that its own tile's parent vouches for."""
        if one.tile.level == 0:
            bundle = Tile(-1, one.tile.index, one.tile.width)
            yield self._difference(bundle, one.position, "audit.entry", "This entry was changed.")
            return
        below = Tile(one.tile.level - 1, one.tile.index * TILE_WIDTH + one.position)
        if below not in disagreeing:  # else it is named for itself
            yield self._difference(below, None, "audit.replaced", "This tile and what is under it were replaced.")

    def _is_wrong_above(self, tile: Tile, wrong: set[tuple[Tile, int]], edge_holds: bool) -> bool:
        if self._on_edge(tile):
            return not edge_holds
        return (self._parent(tile), tile.index % TILE_WIDTH) in wrong

    def _parent(self, tile: Tile) -> Tile:
        index = tile.index // TILE_WIDTH
        width = min(TILE_WIDTH, (self._size >> (8 * (tile.level + 1))) - index * TILE_WIDTH)
        return Tile(tile.level + 1, index, width)

    def _on_edge(self, tile: Tile) -> bool:
        """Return whether the root, not a tile above, vouches for this one: only partial tiles have no parent."""
        return tile.width < TILE_WIDTH and tile.level >= 0

    def _edge_agrees(self) -> bool:
        """Return whether the partial tiles of all levels make up the signed root."""
        if self._size == 0:
            return self._checkpoint.root == EMPTY_ROOT
        try:
            return build_range_root(self._size, self._read)(0, self._size) == self._checkpoint.root
        except TileError:
            return False

    def _difference(self, tile: Tile, position: int | None, code: Code, problem: str) -> Difference:
        span = 256 ** max(tile.level, 0)
        first = (tile.index * TILE_WIDTH + (position or 0)) * span
        last = first + span * (tile.width if position is None else 1) - 1
        place = tile.path if position is None else f"{tile.path}, {'entry' if tile.level < 0 else 'hash'} {position}"
        which = f"entry {first}" if first == last else f"entries {first} to {last}"
        return Difference(tile, position, first, last, code, f"{place} ({which}): {problem}")
