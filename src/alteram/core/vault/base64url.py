"""base64url without padding (RFC 4648 section 5), one spelling."""

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from alteram.core.vault.errors import VaultError

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")


def encode_base64url(data: bytes) -> str:
    """Return base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode_base64url(text: str) -> bytes:
    """Return the bytes that `text` spells. Raises: VaultError for any spelling but ours."""
    try:
        if not _ALPHABET.fullmatch(text):
            raise VaultError("base64url", "Not base64url without padding.")
        data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise VaultError("base64url", "Not base64url without padding.") from error
    if encode_base64url(data) != text:
        raise VaultError("base64url", "base64url is not in its canonical spelling.")
    return data
