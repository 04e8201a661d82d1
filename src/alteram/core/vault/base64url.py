r"""base64url without padding (RFC 4648 section 5), one spelling.

>>> encode_base64url(b"\xff\xfe"), decode_base64url("__4")
('__4', b'\xff\xfe')
"""

import binascii

from alteram.core.vault.errors import VaultError

_TO_URL = bytes.maketrans(b"+/", b"-_")
#: Bytes that base64 knows and base64url does not become one that neither knows.
_FROM_URL = bytes.maketrans(b"-_+/=", b"+/!!!")
#: What may stand last, by length modulo four: bits that carry nothing must be zero. Of one character alone, nothing.
_LAST = {0: None, 1: frozenset(), 2: frozenset("AQgw"), 3: frozenset("AEIMQUYcgkosw048")}


def encode_base64url(data: bytes) -> str:
    """Return base64url without padding."""
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").translate(_TO_URL).decode("ascii")


def decode_base64url(text: str) -> bytes:
    """Return the bytes that `text` spells. Raises: VaultError for any spelling but ours."""
    last = _LAST[len(text) % 4]
    if last is not None and text[-1] not in last:
        raise VaultError("base64url", "base64url is not in its canonical spelling.")
    try:
        raw = text.encode("ascii").translate(_FROM_URL)
        return binascii.a2b_base64(raw + b"=" * (-len(raw) % 4), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise VaultError("base64url", "Not base64url without padding.") from error
