"""The witness protocol: every code in its order, as a table."""

import pytest

from alteram.core.tlog import (
    COSIGNATURE_ED25519,
    ED25519,
    Checkpoint,
    NoteError,
    SignerKey,
    compute_root,
    encode_checkpoint,
    hash_leaf,
    sign_note,
)
from alteram.core.tlog.merkle import EMPTY_ROOT, build_consistency_proof
from alteram.core.tlog.witness import AddCheckpoint, Answer, answer_add_checkpoint, read_answer

LOG = SignerKey.from_seed("example.org/log", ED25519, bytes(31) + b"\x01")
OTHER = SignerKey.from_seed("example.org/log", ED25519, bytes(31) + b"\x09")
WITNESS = SignerKey.from_seed("example.org/witness", COSIGNATURE_ED25519, bytes(31) + b"\x03")
HASHES = [hash_leaf(bytes([one])) for one in range(20)]
FORK = [hash_leaf(b"fork" + bytes([one])) for one in range(20)]


def ask(
    old: int,
    size: int,
    *,
    seen: int = 0,
    hashes: list[bytes] | None = None,
    signer: SignerKey = LOG,
    proof: tuple[bytes, ...] | None = None,
    root: bytes | None = None,
) -> Answer:
    tree = HASHES if hashes is None else hashes
    checkpoint = Checkpoint("example.org/log", size, compute_root(tree[:size]) if root is None else root)
    note = sign_note(encode_checkpoint(checkpoint), [signer])
    if proof is None:
        proof = build_consistency_proof(old, size, lambda a, b: compute_root(tree[a:b])) if 0 < old <= size else ()
    known = {"example.org/log": Checkpoint("example.org/log", seen, compute_root(HASHES[:seen]))} if seen else {}
    return answer_add_checkpoint(
        AddCheckpoint(old, proof, note).encode(),
        logs={"example.org/log": LOG.verifier},
        seen=known,
        signer=WITNESS,
        timestamp=1_700_000_000,
    )


def test_first_contact_and_growth_are_cosigned() -> None:
    assert ask(0, 10).status == 200
    grown = ask(10, 17, seen=10)
    assert grown.status == 200
    assert grown.keep is not None
    assert grown.keep.size == 17


def test_same_checkpoint_again_is_cosigned() -> None:
    assert ask(10, 10, seen=10, proof=()).status == 200


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (ask(0, 10, signer=OTHER), 403),
        (ask(11, 10, seen=11), 400),
        (ask(9, 17, seen=10), 409),
        (ask(0, 17, seen=10), 409),
        (ask(10, 17, seen=10, proof=()), 422),
        (ask(10, 17, seen=10, hashes=FORK), 422),
        (ask(10, 10, seen=10, hashes=FORK, proof=()), 422),
        (ask(0, 10, proof=(HASHES[0],)), 422),
    ],
)
def test_everything_else_is_refused_with_its_code(answer: Answer, status: int) -> None:
    assert answer.status == status
    assert answer.keep is None


def test_conflict_tells_the_size_last_seen() -> None:
    answer = ask(0, 17, seen=10)
    assert (answer.body, answer.content_type) == ("10\n", "text/x.tlog.size")


def test_unknown_origin_and_garbage_have_their_codes() -> None:
    note = sign_note(encode_checkpoint(Checkpoint("elsewhere", 0, EMPTY_ROOT)), [LOG])
    body = AddCheckpoint(0, (), note).encode()
    arguments = {"logs": {"example.org/log": LOG.verifier}, "seen": {}, "signer": WITNESS, "timestamp": 1}
    assert answer_add_checkpoint(body, **arguments).status == 404  # type: ignore[arg-type]  # a table of arguments
    assert answer_add_checkpoint(b"garbage", **arguments).status == 400  # type: ignore[arg-type]  # as above
    assert answer_add_checkpoint(b"old 0\n\n" + b"x" * 20_000, **arguments).status == 400  # type: ignore[arg-type]  # as above


def test_client_takes_the_witness_line_and_nothing_else() -> None:
    note = sign_note(encode_checkpoint(Checkpoint("example.org/log", 10, compute_root(HASHES[:10]))), [LOG])
    answer = ask(0, 10)
    line = read_answer(answer.status, answer.body.encode(), note, WITNESS.verifier)
    assert not isinstance(line, int)
    assert line.name == "example.org/witness"
    assert read_answer(409, b"10\n", note, WITNESS.verifier) == 10
    for status, body in ((403, b""), (500, b"10\n"), (409, b""), (409, b"010\n"), (200, b"\xe2\x80\x94 x AAAAAAAA\n")):
        with pytest.raises(NoteError):
            read_answer(status, body, note, WITNESS.verifier)
