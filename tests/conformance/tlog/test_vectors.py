"""Proofs and a log that nobody here wrote."""

import base64
import json

import pytest

from alteram.core.tlog import Checkpoint, Frontier, SignerKey, TlogError, build_range_root, grow, hash_leaf
from alteram.core.tlog.checkpoint import parse_checkpoint
from alteram.core.tlog.errors import ProofError
from alteram.core.tlog.keys import parse_verifier_key
from alteram.core.tlog.merkle import (
    EMPTY_ROOT,
    build_consistency_proof,
    build_inclusion_proof,
    compute_root,
    verify_consistency,
    verify_inclusion,
)
from alteram.core.tlog.note import parse_note_unverified, verify_note
from alteram.core.tlog.tiles import Tile, encode_bundle, parse_bundle, tiles_of
from tests.needs import need_vectors


def decode(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def test_every_public_proof_comes_out_as_stated() -> None:
    folder = need_vectors("merkle")
    checked = 0
    for file in sorted(folder.rglob("*.json")):
        case = json.loads(file.read_text())
        proof = [decode(one) for one in case["proof"] or ()]
        accepted = True
        try:
            if "leafIdx" in case:
                verify_inclusion(
                    leaf_hash=decode(case["leafHash"]),
                    index=case["leafIdx"],
                    size=case["treeSize"],
                    proof=proof,
                    root=decode(case["root"]),
                )
            else:
                verify_consistency(
                    size1=case["size1"],
                    root1=decode(case["root1"]),
                    size2=case["size2"],
                    root2=decode(case["root2"]),
                    proof=proof,
                )
        except ProofError:
            accepted = False
        assert accepted is not case["wantErr"], file
        checked += 1
    assert checked == 196


def test_public_log_is_rebuilt_byte_for_byte() -> None:
    folder = need_vectors("tessera") / "log"
    entries = parse_bundle((folder / "tile/entries/000.p/15").read_bytes(), 15)
    hashes = [hash_leaf(entry) for entry in entries]
    for size in range(1, 16):
        assert encode_bundle(entries[:size]) == (folder / f"tile/entries/000.p/{size}").read_bytes()
        grown = grow(0, hashes[:size], lambda tile: (folder / tile.path).read_bytes())
        assert grown.tiles == ((Tile(0, 0, size), (folder / f"tile/0/000.p/{size}").read_bytes()),)
    for size in range(16):
        note = parse_note_unverified((folder / f"checkpoint.{size}").read_bytes())
        checkpoint = parse_checkpoint(note.text)
        assert checkpoint.size == size
        assert checkpoint.root == compute_root(hashes[:size]) == Frontier().extend(hashes[:size]).root


def test_public_log_grows_tile_by_tile_from_what_is_published() -> None:
    folder = need_vectors("tessera") / "log"
    entries = parse_bundle((folder / "tile/entries/000.p/15").read_bytes(), 15)
    for size in range(1, 15):
        grown = grow(size, [hash_leaf(entries[size])], lambda tile: (folder / tile.path).read_bytes())
        assert dict(grown.tiles)[Tile(0, 0, size + 1)] == (folder / f"tile/0/000.p/{size + 1}").read_bytes()


def test_constants_of_rfc_6962_hold() -> None:
    data = [bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "60" * 16)]
    data[7] = bytes.fromhex("606162636465666768696a6b6c6d6e6f")
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    root = compute_root([hash_leaf(one) for one in data])
    assert root.hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_example_of_the_signed_note_specification_verifies() -> None:
    key = parse_verifier_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = (
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        "\u2014 PeterNeumann"
        " x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    (signature,) = verify_note(parse_note_unverified(text.encode()), [key])
    assert signature.key == key


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 300])
def test_tiles_listed_for_a_size_are_exactly_those_written(size: int) -> None:
    hashes = [hash_leaf(str(one).encode()) for one in range(size)]
    store = dict(grow(0, hashes, lambda tile: b"").tiles)
    assert set(tiles_of(size)) == set(store)
    root = build_range_root(size, store.__getitem__)
    for index in {0, size // 2, size - 1}:
        proof = build_inclusion_proof(index, size, root)
        verify_inclusion(leaf_hash=hashes[index], index=index, size=size, proof=proof, root=compute_root(hashes))
    for old in {1, size}:
        verify_consistency(
            size1=old,
            root1=compute_root(hashes[:old]),
            size2=size,
            root2=compute_root(hashes),
            proof=build_consistency_proof(old, size, root),
        )


def test_unused_names_are_what_they_say() -> None:
    assert issubclass(ProofError, TlogError)
    assert Checkpoint("o", 0, EMPTY_ROOT).size == 0
    assert SignerKey.from_seed("n", 1, bytes(32)).verifier.name == "n"
