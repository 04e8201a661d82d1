"""Disclosures, strict: what is in `_sd` exactly once is shown, everything else refuses the whole."""

import json

import pytest

from alteram.core.kernel.canonical import Json
from alteram.core.vault import RecordKey, VaultError, build_disclosures, parse_presentation, sign_jwt
from alteram.core.vault.base64url import decode_base64url, encode_base64url
from alteram.core.vault.disclosures import (
    MAX_PRESENTATION,
    Disclosure,
    Presentation,
    build_disclosure,
    parse_disclosure,
    parse_jwt_unverified,
)
from tests.exports import Entropy, seed_of

KEY = RecordKey.from_seed("record-1", seed_of("record"))
CLAIMS: dict[str, Json] = {"act": "notice.served/1", "seq": 3, "actor": None, "act.text": "“text”\n\x7f\u2028"}


def present(count: int | None = None) -> Presentation:
    entropy = Entropy(b"disclosures")
    claims = CLAIMS if count is None else {f"act.f{one}": one for one in range(count)}
    disclosures = build_disclosures(claims, entropy)
    return Presentation(parse_jwt_unverified(sign_jwt(disclosures, KEY, entropy)), disclosures)


def code_of(data: bytes) -> str:
    with pytest.raises(VaultError) as caught:
        parse_presentation(data)
    return caught.value.code


def test_what_was_signed_is_read_back() -> None:
    shown = parse_presentation(present().encode())
    assert shown.claims == CLAIMS
    shown.jwt.verify(KEY.public)


@pytest.mark.parametrize("keep", [(), ("seq",), ("seq", "act.text"), ("act", "absent")])
def test_redacted_copy_verifies_and_shows_nothing_else(keep: tuple[str, ...]) -> None:
    whole = present()
    redacted = parse_presentation(whole.redact(keep).encode())
    redacted.jwt.verify(KEY.public)
    assert redacted.claims == {name: CLAIMS[name] for name in keep if name in CLAIMS}
    for one in whole.disclosures:
        if one.name not in keep:
            assert one.encoded.encode() not in redacted.encode()


@pytest.mark.parametrize(
    ("fields", "digests"), [(0, 16), (1, 16), (16, 16), (17, 32), (33, 64), (129, 256), (256, 256)]
)
def test_number_of_fields_is_hidden_by_decoys(fields: int, digests: int) -> None:
    assert len(present(fields).jwt.digests) == digests


def test_more_fields_than_fit_are_refused() -> None:
    with pytest.raises(VaultError, match="256"):
        present(257)


def test_salts_and_decoys_are_never_the_same_twice() -> None:
    shown = present(16)
    salts = [json.loads(decode_base64url(one.encoded))[0] for one in shown.disclosures]
    assert len(set(salts)) == 16
    assert all(len(decode_base64url(salt)) == 16 for salt in salts)


def test_equal_values_have_different_digests() -> None:
    one, other = build_disclosures({"act.a": "same", "act.b": "same"}, Entropy(b"x"))
    assert one.digest != other.digest


def test_salt_of_15_bytes_is_refused_and_of_16_accepted() -> None:
    assert parse_disclosure(build_disclosure("act.a", 1, bytes(16)).encoded).value == 1
    with pytest.raises(VaultError, match="salt"):
        parse_disclosure(build_disclosure("act.a", 1, bytes(15)).encoded)


@pytest.mark.parametrize("name", ["_sd", "_sd_alg", "..."])
def test_reserved_name_is_refused(name: str) -> None:
    with pytest.raises(VaultError, match="a salt, a name and a value"):
        parse_disclosure(build_disclosure(name, 1, bytes(16)).encoded)


@pytest.mark.parametrize(
    "text", ['["c2FsdHNhbHRzYWx0c2FsdA","a"]', '{"a":1}', '["c2FsdHNhbHRzYWx0c2FsdA",1,1]', "1", "["]
)
def test_disclosure_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(VaultError):
        parse_disclosure(encode_base64url(text.encode()))


def test_tampered_disclosure_is_refused_and_not_dropped() -> None:
    shown = present()
    lie = build_disclosure("seq", 4, bytes(16))
    assert code_of(Presentation(shown.jwt, (*shown.disclosures[:1], lie)).encode()) == "presentation.digest"


def test_disclosure_shown_twice_is_refused() -> None:
    shown = present()
    assert code_of(Presentation(shown.jwt, shown.disclosures[:1] * 2).encode()) == "presentation.digest"


def test_disclosure_of_another_entry_is_refused() -> None:
    other = build_disclosures(CLAIMS, Entropy(b"another"))
    assert code_of(Presentation(present().jwt, other).encode()) == "presentation.digest"


def test_one_name_twice_is_refused_even_where_the_entry_commits_to_both() -> None:
    entropy = Entropy(b"twice")
    twice = tuple(build_disclosure("seq", value, entropy(16)) for value in (3, 4))
    jwt = parse_jwt_unverified(sign_jwt(twice, KEY, entropy))
    assert parse_presentation(Presentation(jwt, twice[:1]).encode()).claims == {"seq": 3}
    assert code_of(Presentation(jwt, twice).encode()) == "presentation.name"


def test_decoy_cannot_be_disclosed_as_anything() -> None:
    shown = present()
    decoys = shown.jwt.digests - {one.digest for one in shown.disclosures}
    assert len(decoys) == 16 - len(CLAIMS)
    for decoy in decoys:
        assert code_of(Presentation(shown.jwt, (Disclosure("seq", 3, decoy),)).encode()) != ""


def test_signature_by_another_key_is_refused() -> None:
    with pytest.raises(VaultError, match="record key"):
        present().jwt.verify(RecordKey.from_seed("record-1", seed_of("another")).public)
    with pytest.raises(VaultError, match="record key"):
        present().jwt.verify(bytes(31))


def test_presentation_over_the_limit_is_refused() -> None:
    assert code_of(b"~" * (MAX_PRESENTATION + 1)) == "presentation.too-large"
    assert code_of(b"~" * MAX_PRESENTATION) != "presentation.too-large"


@pytest.mark.parametrize("text", ["A", "AB", "QQ==", "+/+/", "QR", "QQ\n", " QQ", "é"])
def test_base64url_of_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(VaultError):
        decode_base64url(text)
