"""Who comes back with a receipt phrase, and a name for what they begin: asked alike by pages and by programs.

Nothing of a phrase is kept here, and nothing of it stands in an address or a log.
"""

import hmac
import re
import secrets
from datetime import tzinfo
from typing import Final

from django.core import signing
from django.core.cache import cache

from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.vault import derive_pseudonym
from alteram.core.vault.phrases import SIGN_IN_SIZE
from alteram.installation.organisations import read_now

#: For how many seconds a form, and words asked back, can be answered.
FORM_AGE: Final = 24 * 3600
#: How often one phrase may be used in ten minutes. It is counted by what is derived from it, never by address.
ATTEMPTS, ATTEMPTS_SECONDS = 30, 600
_FORM: Final = "alteram.speak-up.form"
_SIGN_IN: Final = re.compile(rf"[0-9a-f]{{{2 * SIGN_IN_SIZE}}}")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"


def read_sign_in(given: str, organisation: str) -> PersonId | None:
    """Return who has this sign-in part of a phrase; None where it is none."""
    return derive_pseudonym(bytes.fromhex(given), organisation) if _SIGN_IN.fullmatch(given) else None


def name_matter(zone: tzinfo) -> StreamId:
    """Return a name for a new matter: the year, and fifty bits that nobody guesses."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(10))
    return StreamId(f"{read_now().astimezone(zone).year}-{letters}")


def sign_matter(matter: str) -> str:
    """Return a token that this matter was named here and not by whoever sends the form."""
    return signing.dumps(matter, salt=_FORM)


def is_signed(token: str, matter: str) -> bool:
    """Return whether the form for this matter was made here, and not too long ago."""
    try:
        return hmac.compare_digest(str(signing.loads(token, salt=_FORM, max_age=FORM_AGE)), matter)
    except signing.BadSignature:
        return False


def may_try(reporter: PersonId) -> bool:
    """Return whether this phrase may be used again so soon. Another phrase is never kept waiting by it."""
    key = f"speak-up-{reporter}"
    cache.add(key, 0, ATTEMPTS_SECONDS)
    try:
        return cache.incr(key) <= ATTEMPTS
    except ValueError:  # it ran out between the two
        return True
