"""Signatures of one checkpoint gathered; who vouches for it: witnesses enough, or the log alone."""

from dataclasses import replace

import pytest

from alteram.core.tlog import (
    COSIGNATURE_ED25519,
    ED25519,
    Checkpoint,
    Note,
    NoteError,
    Policy,
    PolicyError,
    SignerKey,
    encode_checkpoint,
    find_cosignatures,
    is_witnessed,
    merge_signatures,
    sign_note,
    verify_log_note,
)
from alteram.core.tlog.policy import Group, Named

ORIGIN = "example.org/log"
LOG = SignerKey.from_seed(ORIGIN, ED25519, bytes(31) + b"\x01")
A, B = (SignerKey.from_seed(f"example.net/{one}", COSIGNATURE_ED25519, bytes(31) + one.encode()) for one in "ab")
BOTH = Policy(
    (Named(ORIGIN, LOG.verifier),),
    (Named("a", A.verifier), Named("b", B.verifier)),
    (Group("both", 2, ("a", "b")),),
    "both",
)


def signed(*signers: SignerKey, size: int = 5, at: int = 7) -> Note:
    return sign_note(encode_checkpoint(Checkpoint(ORIGIN, size, bytes(32))), signers, timestamp=at)


def names(policy: Policy, *signers: SignerKey) -> list[str]:
    signatures = verify_log_note(signed(*signers), policy, ORIGIN)
    return [one.key.name for one in find_cosignatures(signatures, policy)]


def test_signatures_of_both_notes_are_kept_and_the_earlier_of_one_key() -> None:
    merged = merge_signatures(signed(LOG, A, at=7), signed(LOG, A, B, at=9))
    assert merged == Note(signed(LOG).text, (*signed(LOG, A, at=7).lines, *signed(B, at=9).lines))
    assert merge_signatures(merged, signed(LOG, B, at=11)) == merged
    assert merge_signatures(None, signed(LOG)) == signed(LOG)


def test_two_heads_are_not_merged() -> None:
    with pytest.raises(NoteError, match="Another checkpoint"):
        merge_signatures(signed(LOG), signed(LOG, size=6))


def test_log_vouches_alone_where_too_few_witnesses_cosigned() -> None:
    assert names(BOTH, LOG) == names(BOTH, LOG, A) == []
    assert names(BOTH, LOG, A, B) == [A.name, B.name]


def test_any_witness_is_one_where_the_policy_asks_for_none() -> None:
    nobody = replace(BOTH, quorum="none")
    assert names(nobody, LOG) == []
    assert names(nobody, LOG, B) == [B.name]


def test_checkpoint_that_only_witnesses_signed_is_not_the_logs() -> None:
    with pytest.raises(PolicyError, match="not signed by the log"):
        verify_log_note(signed(A, B), BOTH, ORIGIN)
    with pytest.raises(PolicyError, match="not signed by the log"):
        verify_log_note(signed(LOG), BOTH, "example.org/other")


def test_checkpoint_is_witnessed_once_enough_have_cosigned_it() -> None:
    assert not is_witnessed(signed(LOG), BOTH)
    assert not is_witnessed(signed(LOG, A), BOTH)
    assert is_witnessed(signed(LOG, A, B), BOTH)
    assert is_witnessed(signed(LOG, A), replace(BOTH, quorum="a"))


def test_cosignature_that_does_not_verify_is_not_passed_over() -> None:
    forged = Note(signed(LOG, size=6).text, signed(LOG, A, size=5).lines)
    with pytest.raises(NoteError, match="does not verify"):
        is_witnessed(forged, BOTH)
