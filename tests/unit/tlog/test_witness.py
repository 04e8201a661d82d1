"""The witness protocol: every code in its order, as a table."""

import pytest

from alteram.core.tlog import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA44,
    ED25519,
    Checkpoint,
    NoteError,
    SignerKey,
    compute_root,
    encode_checkpoint,
    hash_leaf,
    parse_checkpoint,
    sign_note,
)
from alteram.core.tlog.merkle import EMPTY_ROOT, build_consistency_proof
from alteram.core.tlog.witness import AddCheckpoint, Answer, answer_submission, check_add_checkpoint, read_answer

LOG = SignerKey.from_seed("example.org/log", ED25519, bytes(31) + b"\x01")
OTHER = SignerKey.from_seed("example.org/log", ED25519, bytes(31) + b"\x09")
WITNESS = SignerKey.from_seed("example.org/witness", COSIGNATURE_ED25519, bytes(31) + b"\x03")
WITNESS_PQ = SignerKey.from_seed("example.org/witness", COSIGNATURE_MLDSA44, bytes(31) + b"\x04")
LOGS = {"example.org/log": (LOG.verifier,)}
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
    last = Checkpoint("example.org/log", seen, compute_root(HASHES[:seen])) if seen else None
    submission = check_add_checkpoint(AddCheckpoint(old, proof, note).encode(), LOGS)
    if isinstance(submission, Answer):
        return submission
    return answer_submission(submission, last=last, signers=[WITNESS, WITNESS_PQ], timestamp=1_700_000_000)


def test_first_contact_and_growth_are_cosigned() -> None:
    assert ask(0, 10).status == 200
    grown = ask(10, 17, seen=10)
    assert grown.status == 200
    assert grown.keep is not None
    assert parse_checkpoint(grown.keep.text).size == 17
    assert [line.name for line in grown.keep.lines] == ["example.org/log", *["example.org/witness"] * 2]


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
        (ask(0, 0, root=bytes(32)), 422),
        (ask(0, 0, root=bytes(32), seen=10), 409),
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
    for data, status in ((body, 404), (b"garbage", 400), (b"old 0\n\n" + b"x" * 20_000, 400)):
        assert check_add_checkpoint(data, LOGS) == Answer(status)


def test_client_takes_the_witness_line_and_nothing_else() -> None:
    note = sign_note(encode_checkpoint(Checkpoint("example.org/log", 10, compute_root(HASHES[:10]))), [LOG])
    answer = ask(0, 10)
    for key in (WITNESS.verifier, WITNESS_PQ.verifier):
        line = read_answer(answer.status, answer.body.encode(), note, key)
        assert not isinstance(line, int)
        assert (line.name, line.key_id) == ("example.org/witness", key.key_id)
    assert read_answer(409, b"10\n", note, WITNESS.verifier) == 10
    for status, body in ((403, b""), (500, b"10\n"), (409, b""), (409, b"010\n"), (200, b"\xe2\x80\x94 x AAAAAAAA\n")):
        with pytest.raises(NoteError):
            read_answer(status, body, note, WITNESS.verifier)


def test_a_cosignature_without_a_time_is_refused() -> None:
    note = sign_note(encode_checkpoint(Checkpoint("example.org/log", 10, compute_root(HASHES[:10]))), [LOG])
    (line,) = sign_note(note.text, [WITNESS_PQ], timestamp=0).lines
    with pytest.raises(NoteError, match="without a time"):
        read_answer(200, line.encode().encode(), note, WITNESS_PQ.verifier)
