"""Keys of age files as text: Bech32 (BIP 173, of any length), one spelling (C2SP age, "The X25519 recipient type").

>>> encode_identity(bytes([0x42]) * 32)
'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX'
>>> encode_recipient(derive_recipient(bytes([0x42]) * 32))
'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj'
"""

from collections.abc import Iterable
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from alteram.core.vault.errors import VaultError

KEY_SIZE: Final = 32
_IDENTITY: Final = "age-secret-key-"
_RECIPIENT: Final = "age"
_LETTERS: Final = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES: Final = {letter: value for value, letter in enumerate(_LETTERS)}
_GENERATOR: Final = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM: Final = 6
#: 32 bytes are 52 letters; the checksum follows.
_LENGTH: Final = 52 + _CHECKSUM


def derive_recipient(identity: bytes) -> bytes:
    """Return the public key that files are sealed to for whoever holds this identity of 32 bytes."""
    return X25519PrivateKey.from_private_bytes(identity).public_key().public_bytes_raw()


def encode_identity(identity: bytes) -> str:
    """Return a secret key as a line of an identity file: `age --decrypt -i FILE` opens what is sealed to it."""
    return _encode(_IDENTITY, identity).upper()


def parse_identity(text: str) -> bytes:
    """Return the secret key that `text` spells, in capitals as age writes it. Raises: VaultError."""
    if not text.isascii() or text != text.upper():
        raise VaultError("age.key", "An age identity is written in capitals.")
    return _parse(_IDENTITY, text.lower())


def encode_recipient(public: bytes) -> str:
    """Return a public key as `age --recipient` takes it."""
    return _encode(_RECIPIENT, public)


def parse_recipient(text: str) -> bytes:
    """Return the public key that `text` spells, in small letters as age writes it. Raises: VaultError."""
    return _parse(_RECIPIENT, text)


def _encode(prefix: str, key: bytes) -> str:
    if len(key) != KEY_SIZE:
        raise VaultError("age.key", "An age key is 32 bytes.")
    number = int.from_bytes(key, "big") << 4
    data = [number >> shift & 31 for shift in range(255, -1, -5)]
    check = _polymod((*_expand(prefix), *data, *bytes(_CHECKSUM))) ^ 1
    data += [check >> shift & 31 for shift in range(25, -1, -5)]
    return prefix + "1" + "".join(_LETTERS[one] for one in data)


def _parse(prefix: str, text: str) -> bytes:
    head, letters = f"{prefix}1", text[len(prefix) + 1 :]
    data = [_VALUES.get(one, -1) for one in letters]
    if not text.startswith(head) or len(data) != _LENGTH or min(data) < 0:
        raise VaultError("age.key", f"Not an age key that begins with {head}.")
    if _polymod((*_expand(prefix), *data)) != 1:
        raise VaultError("age.key", "An age key is mistyped: its checksum is wrong.")
    number = 0
    for value in data[:-_CHECKSUM]:
        number = number << 5 | value
    if number & 15:
        raise VaultError("age.key", "An age key is not in its canonical spelling.")
    return (number >> 4).to_bytes(KEY_SIZE, "big")


def _expand(prefix: str) -> tuple[int, ...]:
    return (*(ord(one) >> 5 for one in prefix), 0, *(ord(one) & 31 for one in prefix))


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            check ^= generator if top >> bit & 1 else 0
    return check
