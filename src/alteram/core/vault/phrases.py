r"""Receipt phrases: twelve words by which somebody without an account comes back to what they reported.

A phrase spells 128 random bits and four bits that check them (BIP-39, English list).
HKDF-SHA256 splits the bits in two, apart for each organisation:
    sign-in      sent to sign in; who knows it can act as the reporter
    end-to-end   kept for a key to come; it is never sent, and nothing uses it yet
The pseudonym by which the record names the reporter is derived from the sign-in part, and nothing leads back from it.
A phrase carries enough bits that no slow hash is needed. The page derives the same in the browser (speak-up.js).

>>> encode_phrase(bytes(16))
'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about'
"""

import re
from base64 import b32encode
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from alteram.core.kernel.identifiers import PersonId
from alteram.core.vault.errors import VaultError
from alteram.core.vault.words import WORDS

ENTROPY_SIZE: Final = 16
SIGN_IN_SIZE: Final = 32
PHRASE_LENGTH: Final = 12
PSEUDONYM_PREFIX: Final = "reporter-"
_PSEUDONYM_FORM = re.compile(rf"{PSEUDONYM_PREFIX}[a-z2-7]{{26}}")
_SALT = b"alteram/receipt-phrase/v1"
_PSEUDONYM = b"alteram/pseudonym/v1"
_WORD_BITS = 11
_CHECK_BITS = 4
_PLACES = {word[:4]: place for place, word in enumerate(WORDS)}
_MAX_TEXT = 1000


def encode_phrase(entropy: bytes) -> str:
    """Return the twelve words that spell 16 random bytes."""
    if len(entropy) != ENTROPY_SIZE:
        raise VaultError("phrase.entropy", "A receipt phrase spells 16 bytes.")
    value = int.from_bytes(entropy, "big") << _CHECK_BITS | _check(entropy)
    places = [value >> _WORD_BITS * at & len(WORDS) - 1 for at in reversed(range(PHRASE_LENGTH))]
    return " ".join(WORDS[place] for place in places)


def parse_phrase(text: str) -> bytes:
    """Return the 16 bytes that a phrase spells, however it is spaced; the first four letters of a word are enough.

    Raises: VaultError that says which word is none of the list, or that the words do not belong together.
    """
    words = re.findall(r"[a-z]+", text[:_MAX_TEXT].lower())
    if len(words) != PHRASE_LENGTH:
        raise VaultError("phrase.count", f"A receipt phrase has 12 words; here are {len(words)}.")
    value = 0
    for number, word in enumerate(words, 1):
        place = _PLACES.get(word[:4])
        if place is None or not WORDS[place].startswith(word):
            raise VaultError("phrase.word", f"Word {number} is not one of the words that phrases are made of.")
        value = value << _WORD_BITS | place
    entropy = (value >> _CHECK_BITS).to_bytes(ENTROPY_SIZE, "big")
    if value & (1 << _CHECK_BITS) - 1 != _check(entropy):
        raise VaultError(
            "phrase.check", "These words do not belong together: one is another word, or out of its place."
        )
    return entropy


def derive_sign_in(entropy: bytes, organisation: str) -> bytes:
    """Return the part of a phrase that signs in."""
    return _derive(entropy, b"sign-in", organisation)


def derive_end_to_end(entropy: bytes, organisation: str) -> bytes:
    """Return the part of a phrase that is kept for a key to come. Nothing uses it yet, and it is never sent."""
    return _derive(entropy, b"end-to-end", organisation)


def derive_pseudonym(sign_in: bytes, organisation: str) -> PersonId:
    """Return the name by which the record knows whoever has this sign-in part. Nothing leads back from it."""
    if len(sign_in) != SIGN_IN_SIZE:
        raise VaultError("phrase.sign-in", "The sign-in part of a phrase is 32 bytes.")
    derived = HKDF(SHA256(), ENTROPY_SIZE, _PSEUDONYM, organisation.encode()).derive(sign_in)
    return PersonId(PSEUDONYM_PREFIX + b32encode(derived).decode().rstrip("=").lower())


def is_pseudonym(person: PersonId) -> bool:
    """Return whether a name is of the form that `derive_pseudonym` gives."""
    return _PSEUDONYM_FORM.fullmatch(person) is not None


def _derive(entropy: bytes, part: bytes, organisation: str) -> bytes:
    return HKDF(SHA256(), SIGN_IN_SIZE, _SALT, part + b"\x00" + organisation.encode()).derive(entropy)


def _check(entropy: bytes) -> int:
    return sha256(entropy).digest()[0] >> 8 - _CHECK_BITS
