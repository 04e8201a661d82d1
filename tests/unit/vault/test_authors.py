"""The author's own signature: what it covers, and every way in which it does not hold."""

from collections.abc import Mapping
from types import EllipsisType

import pytest

from alteram.core.kernel.canonical import Json
from alteram.core.kernel.ed25519 import is_small_order
from alteram.core.vault import (
    AuthorKey,
    Disclosure,
    Presentation,
    RecordKey,
    VaultError,
    build_act_digest,
    build_author_claim,
    build_disclosures,
    encode_base64url,
    parse_jwt_unverified,
    sign_jwt,
    verify_author,
)
from alteram.core.vault.disclosures import build_disclosure
from tests.exports import Entropy, seed_of

RECORD = RecordKey.from_seed("record-1", seed_of("record"))
AUTHOR = AuthorKey.from_seed(seed_of("author"))
SIGNED = frozenset({"act", "at", "act.text"})


def make(change: Mapping[str, Json] | None = None, author: "Json | EllipsisType" = ...) -> Presentation:
    entropy = Entropy(b"authors")
    disclosures = build_disclosures({"act": "a/1", "at": "now", "act.text": "text", "seq": 0}, entropy)
    claim = build_author_claim(AUTHOR, [one for one in disclosures if one.name in SIGNED])
    assert isinstance(claim, dict)
    value = {**claim, **(change or {})} if isinstance(author, EllipsisType) else author
    disclosures = (*disclosures, build_disclosure("author", value, entropy(16)))
    return Presentation(parse_jwt_unverified(sign_jwt(disclosures, RECORD, entropy)), disclosures)


def check(shown: Presentation) -> str:
    return verify_author(shown, SIGNED & shown.claims.keys(), shown.claims)


def code_of(shown: Presentation) -> str:
    with pytest.raises(VaultError) as caught:
        check(shown)
    return caught.value.code


def covers(shown: Presentation) -> list[str]:
    return sorted(one.digest for one in shown.disclosures if one.name in SIGNED)


def test_signature_verifies_whole_and_redacted() -> None:
    shown = make()
    assert check(shown) == "verified"
    assert check(shown.redact(["author", "act"])) == "verified"
    assert check(shown.redact(["author"])) == "verified"


def test_withheld_signature_is_withheld_and_not_wrong() -> None:
    assert check(make().redact(["act", "at"])) == "withheld"


def test_unknown_scheme_is_not_checked() -> None:
    assert check(make(author={"scheme": "later", "anything": []})) == "not checked"


@pytest.mark.parametrize(
    "author",
    [
        None,
        "ed25519",
        [],
        {},
        {"scheme": None},
        {"scheme": "ed25519"},
        {"scheme": "ed25519", "key": "", "signature": "", "covers": ""},
    ],
)
def test_malformed_author_is_refused(author: Json) -> None:
    assert code_of(make(author=author)) == "author.form"


def test_digest_that_is_not_in_the_entry_is_refused() -> None:
    shown = make()
    assert code_of(make({"covers": sorted([*covers(shown), encode_base64url(bytes(32))])})) == "author.covers"


@pytest.mark.parametrize(
    "change", [lambda found: found[::-1], lambda found: [found[0], *found], lambda found: [*found, 1]]
)
def test_digests_that_are_not_a_sorted_set_are_refused(change: object) -> None:
    assert callable(change)
    assert code_of(make({"covers": change(covers(make()))})) == "author.covers"


def test_disclosed_claim_that_was_not_signed_is_refused_and_withheld_it_is_not() -> None:
    shown = make()
    act = next(one for one in shown.disclosures if one.name == "act")
    fewer = [digest for digest in covers(shown) if digest != act.digest]
    signature = encode_base64url(AUTHOR.private.sign(build_act_digest(fewer)))
    lacking = make({"covers": list(fewer), "signature": signature})
    assert code_of(lacking) == "author.covers"
    assert check(lacking.redact(["author", "at", "act.text"])) == "verified"


def test_signature_by_another_key_or_over_another_text_is_refused() -> None:
    assert (
        code_of(make({"key": encode_base64url(AuthorKey.from_seed(seed_of("another")).public)})) == "author.signature"
    )
    elsewhere = encode_base64url(AUTHOR.private.sign(build_act_digest([])))
    assert code_of(make({"signature": elsewhere})) == "author.signature"
    assert code_of(make({"signature": ""})) == "author.signature"


@pytest.mark.parametrize("size", [0, 31, 33])
def test_key_of_another_length_is_refused(size: int) -> None:
    assert code_of(make({"key": encode_base64url(bytes([9]) * size)})) == "author.key"


def test_key_of_small_order_is_refused_in_every_spelling() -> None:
    prime = 2**255 - 19
    eighth = int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little")
    for y in (0, 1, prime - 1, prime, prime + 1, eighth, prime - eighth):
        for sign in (0, 1 << 255):
            key = (y + sign).to_bytes(32, "little")
            assert is_small_order(key)
            assert code_of(make({"key": encode_base64url(key)})) == "author.key"
    assert not is_small_order(AUTHOR.public)
    assert not is_small_order((2).to_bytes(32, "little"))


def test_act_digest_does_not_depend_on_the_order_of_claims() -> None:
    assert build_act_digest(["b", "a"]) == build_act_digest(["a", "b"]) != build_act_digest(["ab"])
    assert Disclosure("a", 1, "x").digest == Disclosure("b", 2, "x").digest
