"""Keys that sign notes: names, key IDs, and what each type signs (C2SP signed-note and tlog-cosignature).

0x01 Ed25519 over the note text; 0x04 Ed25519 cosignature with time; 0x06 ML-DSA-44 cosignature with time.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from alteram.core.kernel.ed25519 import is_small_order
from alteram.core.tlog.errors import NoteError

ED25519: Final = 0x01
COSIGNATURE_ED25519: Final = 0x04
COSIGNATURE_MLDSA44: Final = 0x06
_KEY_SIZES = {ED25519: 32, COSIGNATURE_ED25519: 32, COSIGNATURE_MLDSA44: 1312}
_SIGNATURE_SIZES = {ED25519: 64, COSIGNATURE_ED25519: 72, COSIGNATURE_MLDSA44: 2428}
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f\ud800-\udfff]{1,255}")


def decode_base64(text: str) -> bytes:
    """Return the bytes of standard padded base64 in its one spelling. Raises: NoteError otherwise."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("note.base64", "Not base64.") from error
    if base64.b64encode(data).decode() != text:
        raise NoteError("note.base64", "Base64 is not in its canonical spelling.")
    return data


def encode_base64(data: bytes) -> str:
    """Return standard padded base64."""
    return base64.b64encode(data).decode()


def check_name(name: str) -> str:
    """Return a key name: no white space, no plus. Raises: NoteError otherwise."""
    if not _NAME.fullmatch(name):
        raise NoteError("note.name", "A key name is empty or holds a space, a plus or a control character.")
    return name


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A named public key of one signature type."""

    name: str
    type: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Return the first four bytes of SHA-256(name || LF || type || public key)."""
        return sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:4]

    def encode(self) -> str:
        """Return the vkey text: name+hex8+base64."""
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(bytes([self.type]) + self.public)}"

    def verify(self, text: bytes, signature: bytes) -> int:
        """Verify `signature` (without key ID) over a note's text; return its timestamp, 0 where the type has none.

        Raises: NoteError when it does not verify.
        """
        if len(signature) != _SIGNATURE_SIZES[self.type]:
            raise NoteError("note.signature", f"A signature by {self.name} has the wrong length.")
        timestamp = 0 if self.type == ED25519 else int.from_bytes(signature[:8], "big")
        if timestamp > 2**63 - 1:
            raise NoteError("note.time", f"The time of {self.name}'s signature is out of range.")
        try:
            if self.type == COSIGNATURE_MLDSA44:
                message = subtree_message(self.name, timestamp, text)
                MLDSA44PublicKey.from_public_bytes(self.public).verify(signature[8:], message)
            else:
                message = text if self.type == ED25519 else cosignature_message(timestamp, text)
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature[-64:], message)
        except (InvalidSignature, ValueError) as error:
            raise NoteError("note.signature", f"The signature by {self.name} does not verify.") from error
        return timestamp


def parse_verifier_key(text: str) -> VerifierKey:
    """Return the key spelled as vkey text. Raises: NoteError for anything malformed, unknown or of small order."""
    name, plus, rest = text.partition("+")
    key_id, plus2, encoded = rest.partition("+")
    if not (plus and plus2):
        raise NoteError("note.vkey", "Not a verifier key.", remedy="It reads name+hex+base64.")
    data = decode_base64(encoded)
    if not data or data[0] not in _KEY_SIZES or len(data) != 1 + _KEY_SIZES[data[0]]:
        raise NoteError("note.vkey", "The key is of a type or length that is not known here.")
    if data[0] != COSIGNATURE_MLDSA44 and is_small_order(data[1:]):
        raise NoteError("note.vkey", "The key is a point of small order, which anybody could sign for.")
    key = VerifierKey(check_name(name), data[0], data[1:])
    if key.key_id.hex() != key_id:
        raise NoteError("note.vkey", "The key ID does not belong to the key.")
    return key


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A named private key of one signature type, built from its 32-byte seed."""

    name: str
    type: int
    _ed25519: Ed25519PrivateKey | None
    _mldsa: MLDSA44PrivateKey | None

    @classmethod
    def from_seed(cls, name: str, key_type: int, seed: bytes) -> "SignerKey":
        """Return the signer whose private seed is these 32 bytes. Raises: NoteError for another length or type."""
        if len(seed) != 32 or key_type not in _KEY_SIZES:
            raise NoteError("note.skey", "A signing key is a 32-byte seed of a known type.")
        check_name(name)
        if key_type == COSIGNATURE_MLDSA44:
            return cls(name, key_type, None, MLDSA44PrivateKey.from_seed_bytes(seed))
        return cls(name, key_type, Ed25519PrivateKey.from_private_bytes(seed), None)

    @property
    def verifier(self) -> VerifierKey:
        """Return the public half."""
        key = self._mldsa if self._ed25519 is None else self._ed25519
        if key is None:
            raise NoteError("note.skey", "The signer holds no key.")
        return VerifierKey(self.name, self.type, key.public_key().public_bytes_raw())

    def sign(self, text: bytes, timestamp: int = 0) -> bytes:
        """Return the signature bytes after the key ID, over a note's text, at a POSIX time where the type has one."""
        if self._ed25519 is not None and self.type == ED25519:
            return self._ed25519.sign(text)
        prefix = timestamp.to_bytes(8, "big")
        if self._ed25519 is not None:
            return prefix + self._ed25519.sign(cosignature_message(timestamp, text))
        if self._mldsa is not None:
            return prefix + self._mldsa.sign(subtree_message(self.name, timestamp, text))
        raise NoteError("note.skey", "The signer holds no key.")


def cosignature_message(timestamp: int, text: bytes) -> bytes:
    """Return what a 0x04 cosignature signs."""
    return b"cosignature/v1\ntime %d\n" % timestamp + text


def subtree_message(name: str, timestamp: int, text: bytes) -> bytes:
    """Return what a 0x06 cosignature signs of a checkpoint: the subtree [0, size).

    Raises: NoteError for another text.
    """
    lines = text.split(b"\n")
    if len(lines) < 4 or not lines[1].isdigit() or len(lines[1]) > 19:
        raise NoteError("note.checkpoint", "Only a checkpoint can be cosigned.")
    root = decode_base64(lines[2].decode("utf-8", "replace"))
    if len(root) != 32 or len(lines[0]) > 255 or len(name.encode()) > 255:
        raise NoteError("note.checkpoint", "Only a checkpoint can be cosigned.")
    cosigner = name.encode()
    return b"".join(
        (
            b"subtree/v1\n\x00",
            bytes([len(cosigner)]) + cosigner,
            timestamp.to_bytes(8, "big"),
            bytes([len(lines[0])]) + lines[0],
            (0).to_bytes(8, "big"),
            int(lines[1]).to_bytes(8, "big"),
            root,
        )
    )
