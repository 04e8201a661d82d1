"""What is disclosed of an entry: its JWT, the disclosures, the claims, the author's signature (record R2, R3)."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from conformance.failure import Failure
from conformance.passkeys import check_passkey, read_passkey_claim, verify_passkey
from conformance.spelling import (
    find_instant,
    is_identifier,
    is_whole,
    read_base64url,
    read_json,
    write_base64url,
)
from conformance.trust import is_small_order, verify_ed25519

LARGEST = 4 << 20
COUNTS = {16, 32, 64, 128, 256}
RESERVED = {"_sd", "_sd_alg", "..."}
#: Claims that an author cannot know, or does not sign.
UNSIGNED = {"seq", "prev", "seen", "reads", "ruling", "fields", "author"}
LAST_SEQ = 99_999_999


@dataclass(frozen=True)
class Disclosed:
    """An entry as it is shown. `digests` are those of the JWT, `of` the digest of each claim that is disclosed."""

    jwt: str
    kid: str
    digests: frozenset[str]
    claims: dict[str, Any]
    of: dict[str, str]

    def verify(self, public: bytes) -> None:
        """Verify the record key's signature (R3.4)."""
        message, _, signature = self.jwt.rpartition(".")
        if not verify_ed25519(public, read_base64url(signature), message.encode()):
            raise Failure("jwt.signature", "the record key's signature does not verify")


def read_disclosed(data: bytes) -> Disclosed:
    """Return an entry as it is shown, every disclosure checked, no signature verified (R3.5)."""
    if len(data) > LARGEST:
        raise Failure("presentation.too-large", "more than 4 MiB")
    if not data.isascii() or b"~" not in data or not data.endswith(b"~"):
        raise Failure("presentation.form", "not a JWT and disclosures, each followed by a tilde")
    jwt, *encoded = data[:-1].decode("ascii").split("~")
    kid, digests = _read_jwt(jwt)
    claims: dict[str, Any] = {}
    of: dict[str, str] = {}
    for one in encoded:
        name, value = _read_disclosure(one)
        digest = write_base64url(hashlib.sha256(one.encode()).digest())
        if digest not in digests or digest in of.values():
            raise Failure("presentation.digest", "a disclosure that the entry does not commit to, or that stands twice")
        if name in claims:
            raise Failure("presentation.name", "a claim that is disclosed twice")
        claims[name], of[name] = value, digest
    return Disclosed(jwt, kid, digests, claims, of)


def _read_jwt(jwt: str) -> tuple[str, frozenset[str]]:
    parts = jwt.split(".")
    if len(parts) != 3:
        raise Failure("jwt.form", "a JWT has three parts")
    header, payload = (read_json(read_base64url(part), LARGEST, "jwt.form") for part in parts[:2])
    if len(read_base64url(parts[2])) != 64:
        raise Failure("jwt.form", "a signature of another length")
    match header:
        case {"alg": "EdDSA", "kid": str() as kid, "typ": "alteram-entry+sd-jwt", **rest} if not rest:
            pass
        case _:
            raise Failure("jwt.form", "a header that is not an entry's")
    match payload:
        case {"_sd": list() as digests, "_sd_alg": "sha-256", **rest} if not rest:
            pass
        case _:
            raise Failure("jwt.form", "a payload that is not an entry's")
    if not all(isinstance(one, str) for one in digests):
        raise Failure("jwt.form", "a digest that is not text")
    if len(digests) not in COUNTS or sorted(set(digests)) != digests:
        raise Failure("jwt.digests", "digests that are not sorted, not unique, or not padded")
    return kid, frozenset(digests)


def _read_disclosure(encoded: str) -> tuple[str, Any]:
    match read_json(read_base64url(encoded), LARGEST, "disclosure.form"):
        case [str() as salt, str() as name, value] if name not in RESERVED:
            if len(read_base64url(salt)) < 16:
                raise Failure("disclosure.salt", "a salt that is too short")
            return name, value
        case _:
            raise Failure("disclosure.form", "a disclosure is a salt, a name and a value")


def check_claims(claims: dict[str, Any]) -> None:
    """Check the form of every claim that is known and disclosed (R3.7)."""
    for name, value in claims.items():
        if name in FORMS and not FORMS[name](value):
            raise Failure("entry.form", f"the claim {name} is malformed")
    if "fields" in claims and not set(claims) <= set(claims["fields"]):
        raise Failure("entry.fields", "a claim is disclosed that the entry does not list")


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]", value) is not None


def _is_seq(value: Any) -> bool:
    return is_whole(value) and value <= LAST_SEQ


def _is_seen(value: Any) -> bool:
    match value:
        case {"origin": str(), "root": root, "size": size, **rest}:
            return not rest and _is_hash(root) and is_whole(size)
        case _:
            return value is None


def _is_reads(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, list) and len(one) == 2 and is_identifier(one[0]) and _is_seq(one[1]) for one in value
    )


def _is_attachments(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, dict)
        and set(one) == {"sha256", "size"}
        and isinstance(one["sha256"], str)
        and re.fullmatch(r"[0-9a-f]{64}", one["sha256"]) is not None
        and is_whole(one["size"])
        for one in value
    )


def _is_names(value: Any) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(one, str) for one in value)
        and all(before < after for before, after in pairwise(value))
    )


FORMS: dict[str, Callable[[Any], bool]] = {
    "stream": is_identifier,
    "seq": _is_seq,
    "prev": lambda value: value is None or _is_hash(value),
    "seen": _is_seen,
    "reads": _is_reads,
    "ruling": lambda value: isinstance(value, dict),
    "act": lambda value: (
        isinstance(value, str) and re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*/[1-9][0-9]{0,3}", value) is not None
    ),
    "actor": lambda value: value is None or is_identifier(value),
    "at": lambda value: find_instant(value) is not None,
    "reported": lambda value: value is None or isinstance(value, dict),
    "attachments": _is_attachments,
    "fields": _is_names,
}


def verify_author(entry: Disclosed) -> str:
    """Return what is known of the author's signature: verified, by a passkey, withheld, or not checked (R3.8, R3.9)."""
    if "author" not in entry.claims:
        return "withheld"
    match entry.claims["author"]:
        case {"scheme": "webauthn"}:
            author = entry.claims["author"]
            parts = read_passkey_claim(author)
            check_passkey(parts[0])
            verify_passkey(parts, _read_covers(entry, author["covers"]))
            return "verified by passkey"
        case {"scheme": str() as scheme} if scheme != "ed25519":
            return "not checked"
        case {"scheme": "ed25519", "key": str() as key, "signature": str() as signature, "covers": list() as covers}:
            public = read_base64url(key)
        case _:
            raise Failure("author.form", "the author's signature is malformed")
    if len(public) != 32 or is_small_order(public):
        raise Failure("author.key", "the author's key is none, or one that anybody could sign for")
    message = _read_covers(entry, covers)
    if not verify_ed25519(public, read_base64url(signature), message):
        raise Failure("author.signature", "the author's signature does not verify")
    return "verified"


def _read_covers(entry: Disclosed, covers: list[Any]) -> bytes:
    """Return the 32 bytes that the author signed."""
    if not _is_names(covers) or not entry.digests.issuperset(covers):
        raise Failure("author.covers", "the author's signature covers something that is not in the entry")
    if any(entry.of[name] not in covers for name in entry.claims if name not in UNSIGNED):
        raise Failure("author.covers", "a claim is disclosed that its author did not sign")
    return hashlib.sha256(b"alteram/act/v1".ljust(32, b"\0") + "\n".join(covers).encode()).digest()
