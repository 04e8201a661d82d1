"""The log as tiles of height 8 (C2SP tlog-tiles): paths, entry bundles, what growth writes, proofs from tiles."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from struct import Struct, iter_unpack

from alteram.core.tlog.errors import TileError
from alteram.core.tlog.merkle import HASH_SIZE, compute_root

TILE_WIDTH = 256
MAX_ENTRY = 65_535
_PATH = re.compile(r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """One tile: `level` -1 holds entries, others hashes; `width` of 256 is full."""

    level: int
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Return where the tile is published."""
        digits = f"{self.index:03d}" if self.index < 1000 else ""
        if not digits:
            text = str(self.index)
            text = text.zfill(-(-len(text) // 3) * 3)
            groups = [text[at : at + 3] for at in range(0, len(text), 3)]
            digits = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
        level = "entries" if self.level < 0 else str(self.level)
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{level}/{digits}{partial}"


def parse_tile_path(path: str) -> Tile:
    """Return the tile published at `path`. Raises: TileError for any other spelling."""
    match = _PATH.fullmatch(path)
    if match is None:
        raise TileError("tile.path", "Not the path of a tile.")
    index = int(match[2].replace("x", "").replace("/", ""))
    tile = Tile(-1 if match[1] == "entries" else int(match[1]), index, int(match[3]) if match[3] else TILE_WIDTH)
    if tile.path != path or (match[3] and tile.width >= TILE_WIDTH):
        raise TileError("tile.path", "The path of a tile is not in its canonical spelling.")
    return tile


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Return an entry bundle: each entry after its length in two bytes. Raises: TileError over the limits."""
    if not 1 <= len(entries) <= TILE_WIDTH or any(len(entry) > MAX_ENTRY for entry in entries):
        raise TileError("tile.bundle", "A bundle holds 1 to 256 entries of at most 65,535 bytes.")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def parse_bundle(data: bytes, width: int) -> tuple[bytes, ...]:
    """Return the `width` entries of a bundle. Raises: TileError when there are more, fewer, or one is cut short."""
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        if len(data) < at + 2 or end > len(data) or len(entries) == width:
            raise TileError("tile.bundle", "The bundle is cut short or holds too much.")
        entries.append(data[at + 2 : end])
        at = end
    if len(entries) != width:
        raise TileError("tile.bundle", "The bundle holds too few entries.")
    return tuple(entries)


def hash_bundle(data: bytes, width: int) -> list[bytes]:
    """Return the leaf hashes of the `width` entries of a bundle; written for speed, `parse_bundle` says what it means.

    Raises: TileError as `parse_bundle` does.
    """
    digest = sha256
    hashes: list[bytes] = []
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        step = 2 + length
        # As many entries as have this length follow one another; all of a bundle, where all are hidden.
        reach = at + step * max(1, width - len(hashes))
        high, low = data[at:reach:step], data[at + 1 : reach : step]
        alike = min(len(high) - len(high.lstrip(high[:1])), len(low) - len(low.lstrip(low[:1])))
        end = at + step * alike
        if not alike or end > len(data) or len(hashes) + alike > width:
            raise TileError("tile.bundle", "The bundle is cut short or holds too much.")
        # The second byte of each length becomes the prefix 0x00, so that one call cuts out every message.
        messages = bytearray(data[at:end])
        messages[1::step] = bytes(alike)
        hashes += [digest(message).digest() for (message,) in iter_unpack(f"x{length + 1}s", messages)]
        at = end
    if len(hashes) != width:
        raise TileError("tile.bundle", "The bundle holds too few entries.")
    return hashes


def compute_tile_root(data: bytes) -> bytes:
    """Return the root over the hashes of a full tile, given as its bytes; the same as `compute_root`, faster.

    Raises: TileError for another length.
    """
    if len(data) != TILE_WIDTH * HASH_SIZE:
        raise TileError("tile.length", "A tile has the wrong length.")
    digest = sha256
    count = TILE_WIDTH // 2
    while count:
        # Join with the prefix of a node between the pairs, then cut again: two calls instead of two for each node.
        joined = b"\x01" + b"\x01".join(_cut(2 * HASH_SIZE, count).unpack(data))
        data = b"".join([digest(message).digest() for message in _cut(1 + 2 * HASH_SIZE, count).unpack(joined)])
        count //= 2
    return data


@lru_cache(maxsize=16)
def _cut(length: int, count: int) -> Struct:
    """Return what cuts `count` pieces of `length` bytes."""
    return Struct(f"{length}s" * count)


def parse_hashes(data: bytes, width: int) -> tuple[bytes, ...]:
    """Return the `width` hashes of a tile. Raises: TileError for another length."""
    if len(data) != width * HASH_SIZE:
        raise TileError("tile.length", "A tile has the wrong length.")
    return tuple(data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE))


#: Gives the bytes of a tile; raises TileError when it is not there.
ReadTile = Callable[[Tile], bytes]


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every hash tile that a log of `size` publishes, partial ones of that size only."""
    level = 0
    while size >> (8 * level):
        width = size >> (8 * level)
        for index in range(width // TILE_WIDTH):
            yield Tile(level, index)
        if width % TILE_WIDTH:
            yield Tile(level, width // TILE_WIDTH, width % TILE_WIDTH)
        level += 1


@dataclass(frozen=True, slots=True)
class Growth:
    """The hash tiles that have to be written when a log grows, with their bytes, lowest level first."""

    tiles: tuple[tuple[Tile, bytes], ...]


def grow(old_size: int, leaf_hashes: Sequence[bytes], read: ReadTile) -> Growth:
    """Return the tiles to write when `leaf_hashes` follow the first `old_size`; reads only the old right edge.

    Raises: TileError when a tile of the right edge is missing or malformed.
    """
    written: list[tuple[Tile, bytes]] = []
    fresh, level = list(leaf_hashes), 0
    while fresh:
        before = old_size >> (8 * level)
        index, kept = divmod(before, TILE_WIDTH)
        row = [*parse_hashes(read(Tile(level, index, kept)), kept), *fresh] if kept else fresh
        above: list[bytes] = []
        for at in range(0, len(row), TILE_WIDTH):
            part = row[at : at + TILE_WIDTH]
            written.append((Tile(level, index, len(part)), b"".join(part)))
            if len(part) == TILE_WIDTH:
                above.append(compute_root(part))
            index += 1
        fresh, level = above, level + 1
    return Growth(tuple(written))


def build_range_root(size: int, read: ReadTile) -> Callable[[int, int], bytes]:
    """Return a function giving the root of any aligned range of leaves of a log of `size`, read from its tiles.

    The caller checks what it builds against a signed root; a wrong tile then shows.
    """
    cache: dict[Tile, tuple[bytes, ...]] = {}

    def tile(level: int, index: int) -> tuple[bytes, ...]:
        width = min(TILE_WIDTH, (size >> (8 * level)) - index * TILE_WIDTH)
        wanted = Tile(level, index, width)
        if wanted not in cache:
            cache[wanted] = parse_hashes(read(wanted), width)
        return cache[wanted]

    def root(start: int, end: int) -> bytes:
        count = end - start
        if count & (count - 1):  # ragged: the right edge
            split = start + (1 << (count.bit_length() - 1))
            return compute_root_of(root(start, split), root(split, end))
        level = (count.bit_length() - 1) // 8
        first, span = start >> (8 * level), count >> (8 * level)
        hashes = tile(level, first // TILE_WIDTH)
        at = first % TILE_WIDTH
        return compute_root(hashes[at : at + span])

    return root


def compute_root_of(left: bytes, right: bytes) -> bytes:
    """Return the node over two subtrees."""
    return compute_root([left, right])
