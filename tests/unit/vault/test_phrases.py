"""Receipt phrases: their words against published vectors, what is mistyped is told, and what is derived from them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.core.kernel.identifiers import PersonId, parse_identifier
from alteram.core.vault import (
    VaultError,
    derive_end_to_end,
    derive_pseudonym,
    derive_sign_in,
    encode_phrase,
    parse_phrase,
)
from alteram.core.vault.phrases import is_pseudonym
from alteram.core.vault.words import WORDS
from tests.house.tree import ROOT

#: From the published vectors of BIP-39.
KNOWN = {
    "00" * 16: "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
    "7f" * 16: "legal winner thank year wave sausage worth useful legal winner thank yellow",
    "80" * 16: "letter advice cage absurd amount doctor acoustic avoid letter advice cage above",
    "ff" * 16: "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong",
    "9e885d952ad362caeb4efe34a8e91bd2": "ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic",
}
PHRASE = KNOWN["7f" * 16]
SIGN_IN = "a4a2b9078747b115445d40507623c0f31c4d9675b2995bf4446b44cd8adc700c"
PSEUDONYM = "reporter-7s2r6hkitdfanvbzcafxmouv2q"
BROWSER_LIST = Path("src/alteram/web/static/alteram/receipt-words.txt")


@pytest.mark.parametrize("entropy", KNOWN)
def test_phrase_is_that_of_the_published_vectors(entropy: str) -> None:
    assert encode_phrase(bytes.fromhex(entropy)) == KNOWN[entropy]
    assert parse_phrase(KNOWN[entropy]) == bytes.fromhex(entropy)


@given(st.binary(min_size=16, max_size=16))
def test_every_phrase_is_read_back(entropy: bytes) -> None:
    assert parse_phrase(encode_phrase(entropy)) == entropy


@pytest.mark.parametrize(
    "spelled",
    [
        PHRASE.upper(),
        PHRASE.replace(" ", "\r\n"),
        " ".join(f"{number}. {word}" for number, word in enumerate(PHRASE.split(), 1)),
        " ".join(word[:4] for word in PHRASE.split()),
        PHRASE.replace(" ", ", "),
    ],
)
def test_phrase_is_read_however_it_was_written_down(spelled: str) -> None:
    assert parse_phrase(spelled) == bytes.fromhex("7f" * 16)


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "phrase.count", "here are 0"),
        (PHRASE.rpartition(" ")[0], "phrase.count", "here are 11"),
        (f"{PHRASE} zoo", "phrase.count", "here are 13"),
        (PHRASE.replace("wave", "waves"), "phrase.word", "Word 5"),
        (PHRASE.replace("wave", "wav"), "phrase.word", "Word 5"),
        (PHRASE.replace("winner thank year", "thank winner year", 1), "phrase.check", "do not belong together"),
        (PHRASE.replace("yellow", "zoo"), "phrase.check", "do not belong together"),
    ],
)
def test_what_was_mistyped_is_told(text: str, code: str, said: str) -> None:
    with pytest.raises(VaultError, match=said) as caught:
        parse_phrase(text)
    assert caught.value.code == code


@pytest.mark.parametrize("size", [0, 15, 17, 32])
def test_phrase_of_fewer_or_more_bits_is_refused(size: int) -> None:
    with pytest.raises(VaultError):
        encode_phrase(bytes(size))


def test_parts_differ_from_one_another_and_between_organisations() -> None:
    entropy = bytes.fromhex("7f" * 16)
    parts = {
        derive(entropy, organisation)
        for derive in (derive_sign_in, derive_end_to_end)
        for organisation in ("caucus", "club")
    }
    assert len(parts) == 4
    assert {len(part) for part in parts} == {32}


def test_what_is_derived_stays_the_same_for_ever() -> None:
    sign_in = derive_sign_in(bytes.fromhex("7f" * 16), "caucus")
    assert sign_in.hex() == SIGN_IN
    assert derive_pseudonym(sign_in, "caucus") == PSEUDONYM


def test_pseudonym_is_an_identifier_that_carries_128_bits() -> None:
    name = derive_pseudonym(bytes(32), "caucus")
    assert is_pseudonym(name)
    assert not any(is_pseudonym(PersonId(other)) for other in ("reporter-x", name[:-1], f"{name}a", f"x{name}", "m05"))
    assert parse_identifier(name) == name
    assert len(name.removeprefix("reporter-")) * 5 >= 128
    assert name != derive_pseudonym(bytes(32), "club")


@pytest.mark.parametrize("size", [0, 31, 33])
def test_sign_in_part_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(VaultError):
        derive_pseudonym(bytes(size), "caucus")


def test_browser_is_given_the_same_words() -> None:
    assert tuple((ROOT / BROWSER_LIST).read_text().split()) == WORDS
    assert (len(WORDS), len({word[:4] for word in WORDS})) == (2048, 2048)
