"""A log directory as it is published, written by our own code, for tools that others wrote to read."""

from collections.abc import Sequence
from pathlib import Path

from alteram.core.tlog import Checkpoint, Note, SignerKey, compute_root, encode_checkpoint, grow, hash_leaf, sign_note
from alteram.core.tlog.tiles import TILE_WIDTH, Tile, encode_bundle
from tests.exports import LOG_KEYS, ORIGIN, WITNESSES, Entropy


def sample_leaves(size: int) -> list[bytes]:
    entropy = Entropy(b"leaves")
    return [b"\x01" + entropy(32) if one % 7 else b'\x03{"statement":"%d"}' % one for one in range(size)]


def write_log(folder: Path, leaves: Sequence[bytes], signers: Sequence[SignerKey] = (*LOG_KEYS, *WITNESSES)) -> Note:
    """Write checkpoint, hash tiles and entry bundles of these leaves; return the checkpoint."""
    hashes = [hash_leaf(leaf) for leaf in leaves]
    files = {tile.path: data for tile, data in grow(0, hashes, lambda tile: b"").tiles}
    for start in range(0, len(leaves), TILE_WIDTH):
        part = leaves[start : start + TILE_WIDTH]
        files[Tile(-1, start // TILE_WIDTH, len(part)).path] = encode_bundle(part)
    text = encode_checkpoint(Checkpoint(ORIGIN, len(leaves), compute_root(hashes)))
    note = sign_note(text, signers, timestamp=1_772_500_000)
    files["checkpoint"] = note.encode().encode()
    for path, data in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return note
