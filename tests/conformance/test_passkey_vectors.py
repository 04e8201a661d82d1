"""Acts signed by passkeys, right and wrong in one way each, through both verifiers: testdata/passkeys/."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from alteram.core.record.entry import is_signed_by_author
from alteram.core.vault import (
    VaultError,
    decode_base64url,
    encode_base64url,
    is_signed_by_passkey,
    parse_presentation,
    verify_author,
)
from conformance.disclosures import read_disclosed
from conformance.disclosures import verify_author as verify_second
from conformance.failure import Failure

FOLDER = Path(__file__).resolve().parents[2] / "testdata" / "passkeys"
VECTORS = sorted(FOLDER.glob("*.json"))


def load(path: Path) -> dict[str, Any]:
    vector: dict[str, Any] = json.loads(path.read_text())
    return vector


def ask_first(presentation: str) -> str | None:
    entry = parse_presentation(presentation.encode())
    assert is_signed_by_passkey(entry.claims)
    covered = frozenset(one.name for one in entry.disclosures if is_signed_by_author(one.name))
    try:
        assert verify_author(entry, covered, entry.claims) == "verified"
    except VaultError as error:
        return error.code
    return None


def ask_second(presentation: str) -> str | None:
    try:
        assert verify_second(read_disclosed(presentation.encode())) == "verified by passkey"
    except Failure as failure:
        return failure.code
    return None


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_passkey_gets_its_verdict_from_both(path: Path) -> None:
    vector = load(path)
    presentation = vector["presentation"]
    assert [ask_first(presentation), ask_second(presentation)] == [vector["error"]] * 2


def test_there_are_good_vectors_and_bad_ones_of_every_code() -> None:
    codes = {load(path)["error"] for path in VECTORS}
    assert codes == {None, "author.form", "author.key", "author.covers", "author.assertion", "author.signature"}


@pytest.mark.parametrize("part", ["authenticator_data", "client_data", "key", "signature"])
@pytest.mark.parametrize("name", ["good", "good-eddsa"])
def test_no_bit_of_an_assertion_can_be_another(name: str, part: str) -> None:
    entry = parse_presentation(load(FOLDER / f"{name}.json")["presentation"].encode())
    covered = frozenset(one.name for one in entry.disclosures if is_signed_by_author(one.name))
    second = read_disclosed(entry.encode())
    author = second.claims["author"]
    right = decode_base64url(author[part])
    for place in range(8 * len(right)):
        flipped = bytearray(right)
        flipped[place // 8] ^= 1 << place % 8
        wrong = {**author, part: encode_base64url(bytes(flipped))}
        with pytest.raises(VaultError):
            verify_author(entry, covered, {**entry.claims, "author": wrong})
        with pytest.raises(Failure):
            verify_second(replace(second, claims={**second.claims, "author": wrong}))
