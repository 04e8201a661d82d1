"""Policies, notes, checkpoints, receipts and keys: both readers accept the same bytes, and nothing else comes out."""

import base64
from collections.abc import Callable
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from alteram.core.tlog import (
    TlogError,
    compute_root,
    encode_policy,
    hash_leaf,
    parse_checkpoint,
    parse_note_unverified,
    parse_policy,
    parse_tlog_proof,
    verify_checkpoint_note,
)
from alteram.core.tlog.keys import VerifierKey, decode_base64, parse_verifier_key
from alteram.core.tlog.merkle import build_inclusion_proof
from conformance import receipts, spelling, trust
from conformance.failure import Failure
from tests.exports import ALL_TYPES, ED25519_ONLY, MATTER, POLICY, build_part

KEYS = [
    *(key.verifier for key in (*ALL_TYPES.log_keys, *ALL_TYPES.witnesses, *ED25519_ONLY.witnesses)),
    VerifierKey("small", 0x01, bytes([1]) + bytes(31)),
    VerifierKey("odd name", 0x01, b"\x05" * 32),
    VerifierKey("odd", 0x05, b"\x05" * 32),
]
VKEYS = [key.encode().encode() for key in KEYS]
PART = build_part()
NOTE = PART.note.encode().encode()
RECEIPT = PART.log.receipt(5, PART.note, b"\x01" + PART.log.entries[MATTER, 0][1].blinding).encode()


def accepts(parse: Callable[[bytes], object], data: bytes) -> bool:
    """Return whether a reader takes the bytes; anything but its own error fails the test."""
    try:
        parse(data)
    except (TlogError, Failure):
        return False
    return True


def agree(first: Callable[[bytes], object], second: Callable[[bytes], object], data: bytes) -> bool:
    verdicts = accepts(first, data), accepts(second, data)
    assert verdicts[0] == verdicts[1]
    return verdicts[0]


def mutations(good: bytes) -> st.SearchStrategy[bytes]:
    """Return good bytes with one byte changed, cut, doubled or put in."""
    places = st.integers(0, len(good) - 1)
    return st.one_of(
        st.tuples(places, st.binary(min_size=1, max_size=1)).map(
            lambda one: good[: one[0]] + one[1] + good[one[0] + 1 :]
        ),
        st.tuples(places, st.sampled_from([b"\n", b" ", b"=", b"+", b"\xc2\xa0", b"\r", b"0", b"\t"])).map(
            lambda one: good[: one[0]] + one[1] + good[one[0] :]
        ),
        st.tuples(places, places).map(lambda one: good[: min(one)] + good[max(one) :]),
        st.tuples(places, places).map(lambda one: good[: max(one)] + good[min(one) :]),
    )


words = st.sampled_from(
    [
        b"log",
        b"witness",
        b"group",
        b"quorum",
        b"none",
        b"any",
        b"all",
        b"a",
        b"b",
        b"c",
        b"0",
        b"1",
        b"2",
        b"01",
        b"\xff",
        b"#",
        b"http://127.0.0.1/",
        "٢".encode(),
        b"9" * 5000,
        *VKEYS,
    ]
)
vkeys = st.sampled_from(VKEYS[:6])
names = st.sampled_from([b"a", b"b", b"c", b"\xff", b"none"])
lines = st.one_of(
    st.lists(words, max_size=5),
    st.tuples(st.just(b"log"), vkeys),
    st.tuples(st.just(b"witness"), names, vkeys),
    st.tuples(st.just(b"group"), names, st.sampled_from([b"any", b"all", b"1", b"2"]), names, names),
    st.tuples(st.just(b"quorum"), names),
).map(b" ".join)
policies = st.tuples(
    st.lists(lines, max_size=8), st.sampled_from([b"\n", b"\n\n", b" \n\t", b"\r\n", b"\x0b", b"\x1c"])
).map(lambda one: one[1].join(one[0]) + b"\n")


@given(policies | mutations(encode_policy(POLICY)) | st.binary(max_size=80))
def test_both_read_the_same_policies(data: bytes) -> None:
    if agree(parse_policy, trust.read_policy, data):
        policy, other = parse_policy(data), trust.read_policy(data)
        assert [(one.key.name, one.key.key_id) for one in policy.logs] == [(one.name, one.key_id) for one in other.logs]
        assert [one.key.public for one in policy.witnesses] == [one.public for one in other.witnesses.values()]
        assert parse_policy(encode_policy(policy)) == policy


@given(st.data())
def test_both_count_the_same_quorum(data: st.DataObject) -> None:
    signing = data.draw(st.sampled_from([ALL_TYPES, ED25519_ONLY]))
    keys = [*signing.log_keys, *signing.witnesses]
    note = PART.log.checkpoint(
        data.draw(st.lists(st.sampled_from(keys), min_size=1, unique_by=lambda key: key.verifier))
    )
    policy = encode_policy(signing.policy)
    if data.draw(st.booleans()):
        policy = policy.replace(b"group both 2", b"group both 1")
    raw = note.encode().encode()
    first = accepts(lambda one: verify_checkpoint_note(note, parse_policy(one), "example.org/caucus"), policy)
    second = accepts(lambda one: trust.read_policy(one).verify(trust.read_note(raw), "example.org/caucus"), policy)
    assert first == second


@given(mutations(NOTE) | st.binary(max_size=80))
def test_both_read_the_same_notes(data: bytes) -> None:
    if agree(parse_note_unverified, trust.read_note, data):
        note, other = parse_note_unverified(data), trust.read_note(data)
        assert (note.text, [one.name for one in note.lines]) == (other.text, [one.name for one in other.lines])
        assert note.encode().encode() == data


@given(
    mutations(RECEIPT)
    | st.binary(max_size=80)
    | st.binary(max_size=80).map(lambda data: b"c2sp.org/tlog-proof@v1\n" + data)
)
def test_both_read_the_same_receipts(data: bytes) -> None:
    if agree(parse_tlog_proof, lambda one: receipts.read_receipt(one, {}), data):
        receipt, other = parse_tlog_proof(data), receipts.read_receipt(data, {})
        assert (receipt.index, receipt.hashes, receipt.extra) == (other.index, other.path, other.extra)
        assert receipt.encode() == data


@given(
    mutations(PART.note.text.encode()) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_both_read_the_same_checkpoints(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    if agree(lambda _: parse_checkpoint(text), lambda _: receipts.read_head(text), data):
        checkpoint, head = parse_checkpoint(text), receipts.read_head(text)
        assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (head.origin, head.size, head.root)


@given(st.sampled_from(VKEYS).flatmap(mutations) | st.binary(max_size=60))
def test_both_read_the_same_keys(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    agree(lambda _: parse_verifier_key(text), trust.read_key, data)


@given(st.binary(max_size=20).map(base64.b64encode) | st.binary(max_size=12))
def test_both_read_the_same_base64(data: bytes) -> None:
    text = data.decode("latin-1")
    agree(lambda _: decode_base64(text), lambda _: spelling.read_base64(text), data)


@given(st.integers(1, 300), st.data())
def test_path_is_right_for_its_place_alone(size: int, data: st.DataObject) -> None:
    hashes = [hash_leaf(bytes([one % 256, one // 256])) for one in range(size)]
    head = receipts.Head("o", size, compute_root(hashes))
    index = data.draw(st.integers(0, size - 1))
    path = build_inclusion_proof(index, size, lambda start, end: compute_root(hashes[start:end]))
    for tried in {index, max(index - 1, 0), min(index + 1, size), size}:
        for shown in (path, path[:-1], (*path, hashes[0]), path[::-1]):
            receipt = receipts.Receipt(tried, tuple(shown), trust.SignedNote("", ()), None)
            followed = accepts(partial(_follow, receipt, head), hashes[index])
            assert followed is (tried == index and tuple(shown) == path)


def _follow(receipt: receipts.Receipt, head: receipts.Head, leaf_hash: bytes) -> None:
    receipts.verify_path(receipt, head, leaf_hash)
