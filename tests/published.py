"""Published logs for tests: folders in tlog-tiles layout, written without waiting for the disk."""

from collections.abc import Sequence
from pathlib import Path

from alteram.core.tlog import ED25519, Checkpoint, Note, SignerKey, Tile, encode_checkpoint, grow, hash_leaf, sign_note
from alteram.core.tlog.merkle import compute_root
from alteram.core.tlog.tiles import encode_bundle

LOG = SignerKey.from_seed("example.org/log", ED25519, bytes(31) + b"\x01")


def leaf(index: int) -> bytes:
    """Return an entry: mostly of one length, as hidden entries are, some shorter or longer, one empty."""
    if index % 97 == 13:
        return b"\x03" + b"statement" * (index % 5)
    return b"" if index == 20 else b"\x01" + index.to_bytes(4, "big") * 8


def sign(hashes: Sequence[bytes], size: int, signer: SignerKey = LOG) -> Note:
    """Return the signed checkpoint over the first `size` of these leaf hashes."""
    return sign_note(encode_checkpoint(Checkpoint(LOG.name, size, compute_root(hashes[:size]))), [signer])


def publish(folder: Path, entries: Sequence[bytes]) -> Note:
    """Write the tiles and bundles of a log with these entries; return its checkpoint."""
    hashes = [hash_leaf(entry) for entry in entries]
    for tile, data in grow(0, hashes, lambda _: b"").tiles:
        write(folder, tile, data)
    for at in range(0, len(entries), 256):
        bundle = entries[at : at + 256]
        write(folder, Tile(-1, at // 256, len(bundle)), encode_bundle(bundle))
    return sign(hashes, len(hashes))


def write(folder: Path, tile: Tile, data: bytes) -> None:
    """Put a tile in its place."""
    path = folder / tile.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
