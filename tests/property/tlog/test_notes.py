"""Notes, checkpoints, receipts and policies: one spelling, nothing but our own error, keys of every type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.core.tlog import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA44,
    ED25519,
    Checkpoint,
    NoteError,
    PolicyError,
    SignerKey,
    TlogError,
    encode_checkpoint,
    encode_policy,
    hash_leaf,
    parse_checkpoint,
    parse_note_unverified,
    parse_policy,
    parse_tlog_proof,
    sign_note,
    verify_checkpoint_note,
    verify_note,
)
from alteram.core.tlog.keys import VerifierKey, parse_verifier_key
from alteram.core.tlog.note import Note, SignatureLine
from alteram.core.tlog.proof import TlogProof
from alteram.core.tlog.tiles import parse_bundle, parse_tile_path
from alteram.core.tlog.witness import parse_add_checkpoint

LOG = SignerKey.from_seed("example.org/log", ED25519, bytes(31) + b"\x01")
PQ = SignerKey.from_seed("example.org/log", COSIGNATURE_MLDSA44, bytes(31) + b"\x02")
WITNESS = SignerKey.from_seed("example.org/witness", COSIGNATURE_ED25519, bytes(31) + b"\x03")
TEXT = encode_checkpoint(Checkpoint("example.org/log", 7, hash_leaf(b"")))
NOTE = sign_note(TEXT, [LOG, PQ, WITNESS], timestamp=1_700_000_000)


def test_signatures_of_every_type_verify_and_carry_their_time() -> None:
    found = verify_note(parse_note_unverified(NOTE.encode().encode()), [one.verifier for one in (LOG, PQ, WITNESS)])
    assert [one.timestamp for one in found] == [0, 1_700_000_000, 1_700_000_000]


@pytest.mark.parametrize("signer", [LOG, PQ, WITNESS])
def test_known_key_with_a_wrong_signature_rejects_the_whole_note(signer: SignerKey) -> None:
    lines = tuple(
        SignatureLine(line.name, line.key_id, line.signature[:-1] + bytes([line.signature[-1] ^ 1]))
        if line.key_id == signer.verifier.key_id
        else line
        for line in NOTE.lines
    )
    with pytest.raises(NoteError):
        verify_note(Note(NOTE.text, lines), [LOG.verifier, PQ.verifier, WITNESS.verifier])


def test_unknown_signatures_are_ignored_and_unsigned_notes_refused() -> None:
    assert len(verify_note(NOTE, [LOG.verifier])) == 1
    stranger = SignerKey.from_seed("example.org/other", ED25519, bytes(32))
    with pytest.raises(NoteError, match="trusted"):
        verify_note(NOTE, [stranger.verifier])


@pytest.mark.parametrize("signer", [LOG, PQ, WITNESS])
def test_verifier_keys_have_one_spelling(signer: SignerKey) -> None:
    text = signer.verifier.encode()
    assert parse_verifier_key(text) == signer.verifier
    for wrong in (text[:-1], text.upper(), text.replace("+", " ", 1), "x" + text, text + "="):
        with pytest.raises(NoteError):
            parse_verifier_key(wrong)


def test_small_order_key_is_refused() -> None:
    with pytest.raises(NoteError, match="small order"):
        parse_verifier_key(VerifierKey("n", ED25519, bytes(32)).encode())


GOOD = NOTE.encode()
LAST = GOOD.rstrip("\n").split("\n")[-1]


@pytest.mark.parametrize(
    "bad",
    [
        GOOD.replace("\n", "\r\n"),
        GOOD[:-1],
        GOOD + "\n",
        GOOD.replace("\u2014", "-"),
        GOOD + LAST + "\n",
        GOOD.replace("example.org/witness", "example org/witness"),
        GOOD.replace("example.org/witness", "example+org/witness"),
        GOOD.replace("example.org/witness", "example\x00org/witness"),
        GOOD.replace("= \n", "\n").replace("\n\u2014 ", "\n\u2014  ", 1),
        TEXT,
        "\n" + GOOD.partition("\n\n")[2],
        TEXT + "\n" + (LAST + "\n") * 65,
        "",
    ],
)
def test_malformed_notes_are_refused(bad: str) -> None:
    with pytest.raises(NoteError):
        verify_note(parse_note_unverified(bad.encode()), [LOG.verifier])


def test_sixteen_signatures_are_accepted() -> None:
    signers = [SignerKey.from_seed(f"w{one}", ED25519, bytes([one]) * 32) for one in range(16)]
    note = parse_note_unverified(sign_note(TEXT, signers).encode().encode())
    assert len(verify_note(note, [one.verifier for one in signers])) == 16


@given(st.binary(max_size=400))
def test_nothing_but_our_error_comes_out_of_bytes(data: bytes) -> None:
    for parse in (
        parse_note_unverified,
        parse_tlog_proof,
        parse_policy,
        parse_add_checkpoint,
        lambda raw: parse_checkpoint(raw.decode("latin-1")),
        lambda raw: parse_tile_path(raw.decode("latin-1")),
        lambda raw: parse_verifier_key(raw.decode("latin-1")),
        lambda raw: parse_bundle(raw, 3),
    ):
        try:
            parse(data)
        except TlogError:
            continue


@given(st.data())
def test_every_accepted_note_and_receipt_has_one_spelling(data: st.DataObject) -> None:
    receipt = TlogProof(3, (hash_leaf(b"a"),) * 3, NOTE, extra=b"\x01" * 33).encode()
    for good, parse in ((GOOD.encode(), parse_note_unverified), (receipt, parse_tlog_proof)):
        at = data.draw(st.integers(0, len(good) - 1))
        changed = good[:at] + bytes([data.draw(st.integers(0, 255))]) + good[at + 1 :]
        try:
            parsed = parse(changed)
        except TlogError:
            continue
        again = parsed.encode()
        assert (again.encode() if isinstance(again, str) else again) == changed


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("7", "07"),
        TEXT.replace("7", "-7"),
        TEXT.replace("7", str(2**63)),
        TEXT.replace("7", "0"),
        TEXT[:-1],
        TEXT + "\n",
        TEXT.replace("=", ""),
        "o\n0\n" + TEXT.split("\n")[2],
    ],
)
def test_malformed_checkpoints_are_refused(text: str) -> None:
    with pytest.raises(TlogError):
        parse_checkpoint(text)


POLICY = (
    f"# whom to trust\nlog {LOG.verifier.encode()} http://127.0.0.1/\nwitness w {WITNESS.verifier.encode()}\n"
    f"group all any w\nquorum all\n"
)


def test_policy_asks_for_the_log_and_a_quorum() -> None:
    policy = parse_policy(POLICY.encode())
    assert parse_policy(encode_policy(policy)) == policy
    assert len(verify_checkpoint_note(NOTE, policy, "example.org/log")) == 2
    with pytest.raises(PolicyError, match="witnesses"):
        verify_checkpoint_note(sign_note(TEXT, [LOG]), policy, "example.org/log")
    with pytest.raises(PolicyError, match="not signed by the log"):
        verify_checkpoint_note(sign_note(TEXT, [WITNESS], timestamp=1), policy, "example.org/log")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "quorum none\n",
        POLICY.replace("quorum all\n", ""),
        POLICY + "quorum none\n",
        POLICY.replace("quorum all", "quorum nobody"),
        POLICY.replace("any w", "2 w"),
        POLICY.replace("any w", "any v"),
        POLICY.replace("group all any w", "group all any w\ngroup more any w"),
        POLICY.replace("witness w", "witnes w"),
    ],
)
def test_malformed_policies_are_refused(text: str) -> None:
    with pytest.raises(PolicyError):
        parse_policy(text.encode())
