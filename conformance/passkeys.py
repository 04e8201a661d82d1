"""A passkey's assertion over the 32 bytes that an author signs (record R3.9)."""

import hashlib
import json
import re
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from conformance.failure import Failure
from conformance.spelling import read_base64url, write_base64url
from conformance.trust import is_small_order, verify_ed25519

ES256 = re.compile(rb"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20(.{32})\x22\x58\x20(.{32})", re.DOTALL)
EDDSA = re.compile(rb"\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20(.{32})", re.DOTALL)
HOST = re.compile(r"https://([a-z0-9.-]{1,253})(:[1-9][0-9]{0,4})?|http://(localhost)(:[1-9][0-9]{0,4})?")
MEMBERS = ("key", "authenticator_data", "client_data", "signature")


def read_passkey_claim(author: Any) -> list[bytes]:
    """Return the key, the authenticator's data, the client data and the signature of a claim."""
    if not all(isinstance(author.get(name), str) for name in MEMBERS) or not isinstance(author.get("covers"), list):
        raise Failure("author.form", "the author's signature is malformed")
    return [read_base64url(author[name]) for name in MEMBERS]


def check_passkey(key: bytes) -> None:
    """Refuse a key that is neither of ES256 nor of EdDSA, or that anybody could sign for."""
    if found := EDDSA.fullmatch(key):
        if not is_small_order(found[1]):
            return
    elif ES256.fullmatch(key) and _find_point(key) is not None:
        return
    raise Failure("author.key", "a key that is none of a passkey, or one that anybody could sign for")


def _find_point(key: bytes) -> ec.EllipticCurvePublicKey | None:
    found = ES256.fullmatch(key)
    if found is None:
        return None
    x, y = (int.from_bytes(one, "big") for one in found.groups())
    try:
        return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    except ValueError:
        return None


def verify_passkey(parts: list[bytes], message: bytes) -> None:
    """Verify that somebody was present and signed the message by the key."""
    key, data, collected, signature = parts
    host = _read_collected(collected, write_base64url(message))
    site, flags = data[:32], data[32:33]
    if len(data) != 37 or flags[0] & 0b1100_0001 != 1:
        raise Failure("author.assertion", "not an assertion of somebody who was there")
    if site != hashlib.sha256(host.encode()).digest():
        raise Failure("author.assertion", "a passkey of another site")
    if not _is_signed(key, signature, data + hashlib.sha256(collected).digest()):
        raise Failure("author.signature", "the author's signature does not verify")


def _is_signed(key: bytes, signature: bytes, signed: bytes) -> bool:
    if found := EDDSA.fullmatch(key):
        return verify_ed25519(found[1], signature, signed)
    point = _find_point(key)
    try:
        if point is not None:
            point.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return point is not None


def _read_collected(collected: bytes, challenge: str) -> str:
    """Return the host of the page that asked."""
    pairs: list[tuple[str, Any]] = []

    def keep(found: list[tuple[str, Any]]) -> dict[str, Any]:
        pairs[:] = found
        return dict(found)

    try:
        told = json.loads(collected.decode(), object_pairs_hook=keep) if len(collected) <= 2048 else None
    except (ValueError, RecursionError):
        told = None
    if (
        not isinstance(told, dict)
        or len(told) != len(pairs)
        or any(type(value) not in {str, bool} for _, value in pairs)
    ):
        raise Failure("author.assertion", "not what a browser collects")
    if told.get("type") != "webauthn.get" or told.get("challenge") != challenge:
        raise Failure("author.assertion", "something else was signed")
    found = HOST.fullmatch(told["origin"]) if isinstance(told.get("origin"), str) else None
    if found is None or told.get("crossOrigin") not in {None, False}:
        raise Failure("author.assertion", "not asked by a page of a site of its own")
    return str(found[1] or found[3])
