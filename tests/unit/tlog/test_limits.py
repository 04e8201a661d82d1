"""Both sides of every limit of notes, receipts, policies, tiles and keys."""

import pytest

from alteram.core.tlog import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA44,
    ED25519,
    Checkpoint,
    NoteError,
    PolicyError,
    ProofError,
    SignerKey,
    TileError,
    compute_root,
    encode_checkpoint,
    hash_leaf,
    parse_note_unverified,
    parse_policy,
    parse_tlog_proof,
    sign_note,
    verify_note,
)
from alteram.core.tlog.keys import subtree_message
from alteram.core.tlog.merkle import build_consistency_proof, build_inclusion_proof, compute_subtree_root
from alteram.core.tlog.note import MAX_NOTE, Note, SignatureLine, parse_signature_line
from alteram.core.tlog.proof import TlogProof
from alteram.core.tlog.tiles import Tile, encode_bundle, parse_bundle, parse_hashes, parse_tile_path

LOG = SignerKey.from_seed("example.org/log", ED25519, bytes(31) + b"\x01")
TEXT = encode_checkpoint(Checkpoint("example.org/log", 7, hash_leaf(b"")))
NOTE = sign_note(TEXT, [LOG])


def signer(number: int, kind: int = COSIGNATURE_ED25519) -> SignerKey:
    return SignerKey.from_seed(f"w{number}", kind, number.to_bytes(32, "big"))


def test_note_of_the_largest_size_is_read_and_one_byte_more_is_not() -> None:
    line = "\n\u2014 n AAAAAAAA\n"
    room = MAX_NOTE - len(line.encode()) - 1
    assert parse_note_unverified(("x" * room + "\n" + line).encode()).lines[0].name == "n"
    with pytest.raises(NoteError, match="larger"):
        parse_note_unverified(("x" * (room + 1) + "\n" + line).encode())


@pytest.mark.parametrize(("count", "accepted"), [(1, True), (64, True), (65, False)])
def test_note_carries_up_to_64_signatures(count: int, accepted: bool) -> None:
    lines = tuple(SignatureLine(f"n{one}", bytes(4), b"x") for one in range(count))
    data = Note(TEXT, lines).encode().encode()
    if accepted:
        assert len(parse_note_unverified(data).lines) == count
    else:
        with pytest.raises(NoteError, match="64"):
            parse_note_unverified(data)


def test_signature_of_one_byte_is_read_and_of_none_is_not() -> None:
    assert parse_signature_line("\u2014 n AAAAAAA=").signature == b"\x00"
    with pytest.raises(NoteError, match="too short"):
        parse_signature_line("\u2014 n AAAAAA==")


@pytest.mark.parametrize("text", ["", "no newline", "two\n\n"])
def test_text_that_does_not_end_in_one_newline_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError, match="newline"):
        sign_note(text, [LOG])


@pytest.mark.parametrize("kind", [ED25519, COSIGNATURE_ED25519, COSIGNATURE_MLDSA44])
def test_signature_of_another_length_is_refused(kind: int) -> None:
    key = signer(1, kind)
    (line,) = sign_note(TEXT, [key], timestamp=1).lines
    for bad in (line.signature[:-1], line.signature + b"x"):
        with pytest.raises(NoteError, match="wrong length"):
            verify_note(Note(TEXT, (SignatureLine(line.name, line.key_id, bad),)), [key.verifier])


@pytest.mark.parametrize("kind", [COSIGNATURE_ED25519, COSIGNATURE_MLDSA44])
def test_time_up_to_2_63_is_accepted_and_beyond_it_refused(kind: int) -> None:
    key = signer(1, kind)
    (found,) = verify_note(sign_note(TEXT, [key], timestamp=2**63 - 1), [key.verifier])
    assert found.timestamp == 2**63 - 1
    with pytest.raises(NoteError, match="out of range"):
        verify_note(sign_note(TEXT, [key], timestamp=2**63), [key.verifier])


def test_only_a_checkpoint_is_cosigned_as_a_subtree() -> None:
    assert subtree_message("n", 1, TEXT.encode()).startswith(b"subtree/v1\n\x00\x01n")
    for bad in ("text\n", "o\nx\nAAAA\n", "o\n7\nAAAA\n", TEXT.replace("example.org/log", "x" * 256)):
        with pytest.raises(NoteError, match="checkpoint"):
            subtree_message("n", 1, bad.encode())
    assert subtree_message("n", 1, TEXT.replace("example.org/log", "x" * 255).encode())
    with pytest.raises(NoteError, match="checkpoint"):
        subtree_message("é" * 128, 1, TEXT.encode())


@pytest.mark.parametrize(("size", "kind"), [(31, ED25519), (33, ED25519), (32, 0x05)])
def test_seed_of_another_length_or_type_makes_no_signer(size: int, kind: int) -> None:
    with pytest.raises(NoteError, match="32-byte seed"):
        SignerKey.from_seed("n", kind, bytes(size))


def test_receipt_carries_up_to_63_hashes() -> None:
    for count, accepted in ((63, True), (64, False)):
        data = TlogProof(0, (bytes(32),) * count, NOTE).encode()
        if accepted:
            assert len(parse_tlog_proof(data).hashes) == count
        else:
            with pytest.raises(ProofError, match="too many"):
                parse_tlog_proof(data)
    with pytest.raises(ProofError, match="32 bytes"):
        parse_tlog_proof(TlogProof(0, (bytes(31),), NOTE).encode())
    with pytest.raises(ProofError, match="larger"):
        parse_tlog_proof(bytes((1 << 20) + 1))


def witness_lines(count: int) -> str:
    return "".join(f"witness n{one} {signer(one).verifier.encode()}\n" for one in range(count))


@pytest.mark.parametrize(("count", "accepted"), [(32, True), (256, True), (257, False)])
def test_policy_holds_up_to_256_witnesses(count: int, accepted: bool) -> None:
    text = f"log {LOG.verifier.encode()}\n{witness_lines(count)}quorum none\n"
    if accepted:
        assert len(parse_policy(text.encode()).witnesses) == count
    else:
        with pytest.raises(PolicyError, match="256"):
            parse_policy(text.encode())


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f"log {LOG.verifier.encode()}", "policy.duplicate"),
        (f"log {SignerKey.from_seed('other', ED25519, bytes(31) + bytes([1])).verifier.encode()}", "policy.duplicate"),
        (f"witness b {signer(0).verifier.encode()}", "policy.duplicate"),
        (f"witness n0 {signer(5).verifier.encode()}", "policy.name"),
        (f"witness none {signer(5).verifier.encode()}", "policy.name"),
        ("group n0 any n1", "policy.name"),
        ("group none any n1", "policy.name"),
        ("group g any none", "policy.name"),
        ("group g any g", "policy.name"),
        ("group g any n0 n0", "policy.name"),
        ("group g 0 n0", "policy.threshold"),
        ("group g 2 n0", "policy.threshold"),
        ("group g 01 n0", "policy.threshold"),
        ("group g ١ n0", "policy.threshold"),
        (f"group g {'9' * 5000} n0", "policy.threshold"),
        ("group g any", "policy.line"),
        (f"witness b {SignerKey.from_seed('b', ED25519, bytes(31) + bytes([7])).verifier.encode()}", "policy.key"),
        (f"log {signer(9).verifier.encode()}", "policy.key"),
        ("witness b", "policy.line"),
        ("quorum nobody", "policy.name"),
        ("log x", "note.vkey"),
        ("# comment\x0b", "policy.control"),
    ],
)
def test_policy_with_a_line_that_cannot_stand_is_refused(line: str, code: str) -> None:
    good = f"log {LOG.verifier.encode()}\n{witness_lines(2)}"
    with pytest.raises(PolicyError) as caught:
        parse_policy(f"{good}{line}\nquorum none\n".encode())
    assert caught.value.code == code


def test_policy_is_octets_spaces_and_tabs() -> None:
    log = f"\t# \xff \n\n log\t{LOG.verifier.encode()}  http://127.0.0.1/\n"
    text = f"{log}{witness_lines(1)}group \xff all n0\nquorum\t\xff"
    assert parse_policy(text.encode("latin-1")).quorum == "\udcff"
    with pytest.raises(PolicyError, match="larg"):
        parse_policy(b"#" * ((1 << 20) + 1))
    # A no-break space separates nothing.
    with pytest.raises(PolicyError):
        parse_policy(f"log\xa0{LOG.verifier.encode()}\nquorum none\n".encode())


def test_policy_errors_can_be_printed_whatever_the_octets() -> None:
    with pytest.raises(PolicyError) as caught:
        parse_policy(f"log {LOG.verifier.encode()}\nquorum \xff\n".encode("latin-1"))
    assert str(caught.value).encode()


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(-1, 999, 1), "tile/entries/999.p/1"),
        (Tile(1, 1000, 255), "tile/1/x001/000.p/255"),
        (Tile(63, 1_234_067), "tile/63/x001/x234/067"),
    ],
)
def test_tile_has_one_path(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_tile_path(path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/64/000",
        "tile/00/000",
        "tile/0/0",
        "tile/0/x000/001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/0/000.p/01",
        "tile/0/001/000",
        "/tile/0/000",
        "tile/0/" + "x001/" * 2000 + "000",
    ],
)
def test_other_spellings_of_a_path_are_refused(path: str) -> None:
    with pytest.raises(TileError):
        parse_tile_path(path)


def test_bundle_holds_1_to_256_entries_of_up_to_65535_bytes() -> None:
    for entries in ([b""], [b"x" * 65_535], [b"x"] * 256):
        assert list(parse_bundle(encode_bundle(entries), len(entries))) == entries
    for bad in ([], [b"x"] * 257, [b"x" * 65_536]):
        with pytest.raises(TileError):
            encode_bundle(bad)
    for width in (1, 3):
        with pytest.raises(TileError):
            parse_bundle(encode_bundle([b"a", b"b"]), width)
    with pytest.raises(TileError, match="length"):
        parse_hashes(bytes(63), 2)


def test_proofs_outside_the_tree_are_not_built() -> None:
    for index, size in ((-1, 3), (3, 3), (0, 0)):
        with pytest.raises(ProofError, match="no leaf"):
            build_inclusion_proof(index, size, lambda _start, _end: b"")
    for old, new in ((0, 3), (4, 3), (0, 0)):
        with pytest.raises(ProofError, match="consistency"):
            build_consistency_proof(old, new, lambda _start, _end: b"")


def test_root_of_data_is_the_root_of_its_leaf_hashes() -> None:
    data = [bytes([one]) for one in range(11)]
    assert compute_subtree_root(data) == compute_root([hash_leaf(one) for one in data])
