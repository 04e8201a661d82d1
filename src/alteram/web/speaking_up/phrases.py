"""The receipt phrase on its way: made in the browser where script runs, else here; words of it confirmed back.

Nothing of a phrase is kept here, and nothing of it stands in an address, a log or a cookie.
"""

import hmac
import os
import re
import secrets
from dataclasses import dataclass

from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext as _

from alteram.core.kernel.identifiers import PersonId
from alteram.core.vault import (
    VaultError,
    decode_base64url,
    derive_pseudonym,
    derive_sign_in,
    encode_base64url,
    encode_phrase,
    parse_phrase,
)
from alteram.core.vault.phrases import ENTROPY_SIZE, PHRASE_LENGTH
from alteram.installation.receipt_phrases import FORM_AGE, read_sign_in

_WORDS = "alteram.speak-up.words"


def make_seed() -> str:
    """Return fresh bytes for a form: without script, the phrase is made of them, the same if it is sent twice."""
    return encode_base64url(os.urandom(ENTROPY_SIZE))


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """By which name the record knows a reporter; `phrase` is empty where the browser made and keeps it."""

    person: PersonId
    phrase: str = ""


def read_pseudonym(sent: QueryDict, organisation: str) -> Pseudonym | None:
    """Return the pseudonym of who sends a form: from the browser's sign-in part, else from the form's seed.

    None where there is neither.
    """
    known = read_sign_in(sent.get("sign_in", ""), organisation)
    if known is not None:
        return Pseudonym(known)
    try:
        entropy = decode_base64url(sent.get("seed", ""))
        phrase = encode_phrase(entropy)
    except VaultError:
        return None
    return Pseudonym(derive_pseudonym(derive_sign_in(entropy, organisation), organisation), phrase)


def read_returning(sent: QueryDict, organisation: str) -> tuple[PersonId | None, str]:
    """Return who comes back with a phrase, or with its sign-in part; else what is wrong with what they typed."""
    known = read_sign_in(sent.get("sign_in", ""), organisation)
    if known is not None:
        return known, ""
    try:
        entropy = parse_phrase(sent.get("phrase", ""))
    except VaultError as error:
        return None, _tell(error)
    return derive_pseudonym(derive_sign_in(entropy, organisation), organisation), ""


def _tell(error: VaultError) -> str:
    number = re.search(r"\d+\b(?=\.?$| is not)", error.problem)
    match error.code:
        case "phrase.count":
            return _("A receipt phrase has 12 words; here are %(count)s.") % {"count": number[0] if number else "0"}
        case "phrase.word":
            return _("Word %(number)s is not a word that phrases are made of. Look at how it is spelled.") % {
                "number": number[0] if number else "?"
            }
        case _:
            return _("These words do not belong together: one is another word, or out of its place.")


# -- two words asked back


def choose_words() -> tuple[int, int]:
    """Return which two words are asked back, from 1."""
    first, second = sorted(secrets.SystemRandom().sample(range(1, PHRASE_LENGTH + 1), 2))
    return first, second


def sign_words(phrase: str, places: tuple[int, int], matter: str) -> str:
    """Return a token that holds which words are asked back, and by which what comes can be told right."""
    words = phrase.split()
    return signing.dumps([*places, _digest([words[place - 1] for place in places], matter)], salt=_WORDS)


@dataclass(frozen=True, slots=True)
class AskedWords:
    """Two words that are asked back; `digest` tells whether they are right, and holds neither."""

    places: tuple[int, int]
    digest: str


def read_words(token: str) -> AskedWords | None:
    """Return which words a token asks back; None where it is not ours, or too old."""
    try:
        match signing.loads(token, salt=_WORDS, max_age=FORM_AGE):
            case [int() as first, int() as second, str() as digest]:
                return AskedWords((first, second), digest)
            case _:
                return None
    except signing.BadSignature:
        return None


def are_right(asked: AskedWords, words: list[str], matter: str) -> bool:
    """Return whether these are the words that were asked back."""
    return hmac.compare_digest(asked.digest, _digest([word.strip().lower() for word in words], matter))


def _digest(words: list[str], matter: str) -> str:
    return signing.Signer(salt=_WORDS).signature(f"{matter} {' '.join(words)}")
