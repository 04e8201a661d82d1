"""A passkey made of software: what an authenticator and a browser answer, right, or wrong in a way that is named."""

import json
from dataclasses import dataclass, replace
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from alteram.core.vault import Assertion, encode_base64url
from tests.exports import seed_of


@dataclass(frozen=True)
class Passkey:
    """A passkey of one site. `flags`: somebody was present (1) and was recognised (4)."""

    private: EllipticCurvePrivateKey | Ed25519PrivateKey
    origin: str = "https://caucus.example"
    flags: int = 0b101

    @property
    def cose(self) -> bytes:
        if isinstance(self.private, Ed25519PrivateKey):
            return bytes.fromhex("a4010103272006215820") + self.private.public_key().public_bytes_raw()
        numbers = self.private.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        return bytes.fromhex("a5010203262001215820") + x + bytes.fromhex("225820") + y

    def collect(self, challenge: bytes, **change: object) -> bytes:
        """Return what a browser collects; `change` puts other members in the place of its own."""
        told = {"type": "webauthn.get", "challenge": encode_base64url(challenge), "origin": self.origin}
        return json.dumps({**told, "crossOrigin": False, **change}, separators=(",", ":")).encode()

    def build_data(self) -> bytes:
        host = self.origin.partition("://")[2].partition(":")[0]
        return sha256(host.encode()).digest() + bytes([self.flags]) + (7).to_bytes(4, "big")

    def answer(self, collected: bytes, data: bytes | None = None) -> Assertion:
        """Return the assertion over any client data and any authenticator data."""
        data = self.build_data() if data is None else data
        signed = data + sha256(collected).digest()
        if isinstance(self.private, Ed25519PrivateKey):
            return Assertion(data, collected, self.private.sign(signed))
        return Assertion(data, collected, self.private.sign(signed, ECDSA(SHA256(), deterministic_signing=True)))

    def sign(self, challenge: bytes) -> Assertion:
        return self.answer(self.collect(challenge))

    def without_flags(self) -> "Passkey":
        return replace(self, flags=0)


def passkey_of(name: str) -> Passkey:
    """Return a passkey of ES256."""
    return Passkey(derive_private_key(int.from_bytes(seed_of(f"passkey {name}")[:31], "big"), SECP256R1()))


def eddsa_passkey_of(name: str) -> Passkey:
    return Passkey(Ed25519PrivateKey.from_private_bytes(seed_of(f"passkey {name}")))
