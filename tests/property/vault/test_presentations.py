"""Presentations: one spelling, every subset verifies, nothing but our own error out of bytes; both readers agree."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from alteram.core.kernel.canonical import encode_canonical
from alteram.core.vault import (
    Presentation,
    RecordKey,
    VaultError,
    build_disclosures,
    decode_base64url,
    encode_base64url,
    forget_keys,
    open_entry,
    parse_jwt_unverified,
    parse_presentation,
    parse_statement_leaf,
    seal_entry,
    sign_jwt,
    unwrap_keys,
    wrap_keys,
)
from alteram.core.vault.disclosures import parse_disclosure
from conformance.disclosures import read_disclosed
from conformance.failure import Failure
from conformance.spelling import read_base64url
from tests.exports import Entropy, seed_of

KEY = RecordKey.from_seed("record-1", seed_of("record"))
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3),
    max_leaves=6,
)
claims = st.dictionaries(
    st.text(st.characters(codec="utf-8"), max_size=8).filter(lambda name: name not in {"_sd", "_sd_alg", "..."}),
    json_values,
    max_size=20,
)


def present(values: dict[str, Any], seed: bytes = b"present") -> Presentation:
    entropy = Entropy(seed)
    disclosures = build_disclosures(values, entropy)
    return Presentation(parse_jwt_unverified(sign_jwt(disclosures, KEY, entropy)), disclosures)


SAMPLE = present({"act": "notice.served/1", "seq": 0, "act.text": "text"}).encode()


@given(claims, st.data())
def test_every_subset_verifies_in_both_readers(values: dict[str, Any], data: st.DataObject) -> None:
    whole = present(values)
    keep = data.draw(st.sets(st.sampled_from(sorted(values)))) if values else set()
    encoded = whole.redact(keep).encode()
    shown, other = parse_presentation(encoded), read_disclosed(encoded)
    assert shown.encode() == encoded
    assert encode_canonical(list(shown.claims.items())) == encode_canonical(list(other.claims.items()))
    assert shown.claims.keys() == keep
    assert shown.jwt.digests == other.digests
    shown.jwt.verify(KEY.public)
    other.verify(KEY.public)


@given(st.integers(0, len(SAMPLE) * 8 - 1))
def test_flipped_bit_is_refused_by_both_readers(bit: int) -> None:
    at, shift = divmod(bit, 8)
    bad = SAMPLE[:at] + bytes([SAMPLE[at] ^ 1 << shift]) + SAMPLE[at + 1 :]
    try:
        parse_presentation(bad).jwt.verify(KEY.public)
        first = ""
    except VaultError as error:
        first = error.code
    try:
        read_disclosed(bad).verify(KEY.public)
        second = ""
    except Failure as failure:
        second = failure.code
    assert first == second != ""


@given(st.binary(max_size=300))
def test_nothing_but_our_error_comes_out_of_bytes(data: bytes) -> None:
    text = data.decode("latin-1")
    pieces = SAMPLE.split(b"~")
    for parse in (
        lambda: parse_presentation(data),
        lambda: parse_presentation(pieces[0] + b"~" + data + b"~"),
        lambda: parse_presentation(b".".join(encode_base64url(part).encode() for part in (data, data, data)) + b"~"),
        lambda: parse_jwt_unverified(text),
        lambda: parse_disclosure(text),
        lambda: parse_disclosure(encode_base64url(data)),
        lambda: parse_statement_leaf(data),
        lambda: parse_statement_leaf(b"\x03" + data),
        lambda: unwrap_keys(data, b"leaf", seed_of("stream")),
        lambda: open_entry(data, (seed_of("key"),), b"leaf"),
    ):
        try:
            parse()
        except VaultError:
            continue


@given(st.binary(max_size=40) | st.text(max_size=12))
def test_both_read_the_same_base64url_and_no_other(value: bytes | str) -> None:
    text = encode_base64url(value) if isinstance(value, bytes) else value
    try:
        first = decode_base64url(text)
    except VaultError:
        first = None
    try:
        second = read_base64url(text)
    except Failure:
        second = None
    assert first == second
    if isinstance(value, bytes):
        assert first == value


@given(claims.filter(bool), st.data())
def test_what_is_forgotten_is_gone_and_all_else_stays(values: dict[str, Any], data: st.DataObject) -> None:
    entropy = Entropy(b"forget")
    disclosures = build_disclosures(values, entropy)
    sealed = seal_entry(sign_jwt(disclosures, KEY, entropy), disclosures, entropy)
    gone = data.draw(st.sets(st.integers(0, len(values) - 1)))
    key = entropy(32)
    wrapped = wrap_keys(forget_keys(sealed.keys, gone), sealed.leaf, key, entropy)
    opened = open_entry(sealed.ciphertext, unwrap_keys(wrapped, sealed.leaf, key), sealed.leaf)
    assert [one is None for one in opened.disclosures] == [index in gone for index in range(len(values))]
    assert opened.presentation.claims.keys() == {name for index, name in enumerate(values) if index not in gone}
    opened.jwt.verify(KEY.public)
