"""A passkey's assertion as a signature over 32 bytes (W3C Web Authentication, level 2, section 7.2), strictly read.

What an authenticator signs is its own data with the hash of what the browser collected; the 32 bytes are the challenge
in there. There is one form for each part, and nothing beside it (docs/spec/record.md, R3.9). No CBOR is read: a key of
either kind that is known here has one spelling, the canonical one of CTAP2.

It does not say that the key is a person's: that is said by the act that enrolled it.
"""

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Never

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from alteram.core.kernel.ed25519 import is_small_order
from alteram.core.vault.base64url import encode_base64url
from alteram.core.vault.errors import VaultError

#: {1: 2, 3: -7, -1: 1, -2: x, -3: y}: the key of ES256, its two coordinates left out.
_ES256: Final = (bytes.fromhex("a5010203262001215820"), bytes.fromhex("225820"))
#: {1: 1, 3: -8, -1: 6, -2: x}: the key of EdDSA, x left out.
_EDDSA: Final = bytes.fromhex("a4010103272006215820")
MAX_CLIENT_DATA: Final = 2048
_ORIGIN = re.compile(r"(?:https://([a-z0-9.-]{1,253})|http://(localhost))(?::[1-9][0-9]{0,4})?")
_DATA_SIZE: Final = 37
_PRESENT, _WITH_MORE = 0x01, 0xC0


@dataclass(frozen=True, slots=True)
class Assertion:
    """What an authenticator answers: its data, what the browser collected, and the signature over both."""

    authenticator_data: bytes
    client_data: bytes
    signature: bytes


def parse_passkey(cose: bytes) -> EllipticCurvePublicKey | Ed25519PublicKey:
    """Return the public key that a passkey's COSE key is. Raises: VaultError for any but ES256 and EdDSA."""
    head, middle = _ES256
    if len(cose) == 77 and cose.startswith(head) and cose[42:45] == middle:
        try:
            return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), b"\x04" + cose[10:42] + cose[45:])
        except ValueError as error:
            raise VaultError("author.key", "The passkey's key is no point of its curve.") from error
    if len(cose) == 42 and cose.startswith(_EDDSA) and not is_small_order(cose[10:]):
        return Ed25519PublicKey.from_public_bytes(cose[10:])
    raise VaultError("author.key", "This is not the key of a passkey that can sign acts.")


def verify_assertion(cose: bytes, assertion: Assertion, challenge: bytes) -> None:
    """Verify that the key's owner was present and signed `challenge`.

    Raises: VaultError when the key, the parts or the signature are not what they have to be.
    """
    key = parse_passkey(cose)
    host = _read_client_data(assertion.client_data, encode_base64url(challenge))
    data = assertion.authenticator_data
    if len(data) != _DATA_SIZE or data[32] & _WITH_MORE:
        raise VaultError("author.assertion", "The authenticator's data is not that of an assertion.")
    if not data[32] & _PRESENT:
        raise VaultError("author.assertion", "The authenticator did not see that anybody was there.")
    if data[:32] != sha256(host.encode("ascii")).digest():
        raise VaultError("author.assertion", "The passkey was made for another site.")
    signed = data + sha256(assertion.client_data).digest()
    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(assertion.signature, signed)
        else:
            key.verify(assertion.signature, signed, ECDSA(SHA256()))
    except InvalidSignature as error:
        raise VaultError("author.signature", "The passkey's signature does not verify.") from error


def _read_client_data(data: bytes, challenge: str) -> str:
    """Return the host at which the passkey was asked, the rest having been checked."""
    if len(data) > MAX_CLIENT_DATA:
        raise VaultError("author.assertion", "What the browser collected is too long.")
    try:
        told = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise VaultError("author.assertion", "What the browser collected is malformed.") from error
    if not isinstance(told, dict) or not all(isinstance(one, str | bool) for one in told.values()):
        raise VaultError("author.assertion", "What the browser collected is malformed.")
    if told.get("type") != "webauthn.get" or told.get("challenge") != challenge:
        raise VaultError("author.assertion", "The passkey signed something else.")
    origin = _ORIGIN.fullmatch(str(told.get("origin")))
    if origin is None or told.get("crossOrigin", False) is not False:
        raise VaultError("author.assertion", "The passkey was not asked by a page of a site of its own.")
    return str(origin[1] or origin[2])


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError(pairs)
    return told


def _refuse_constant(name: str) -> Never:
    raise ValueError(name)
