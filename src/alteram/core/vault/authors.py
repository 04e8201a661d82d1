"""The author's own signature, a hidden claim.

It covers the digests of the author's claims, so that a redacted copy still verifies it and names nobody:
the signed bytes are SHA-256("alteram/act/v1" padded with NUL to 32 bytes || the sorted digests joined by LF).
The scheme is open: a passkey's assertion, whose challenge is those 32 bytes, stands in the same place (`passkeys`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from alteram.core.kernel.canonical import Json
from alteram.core.kernel.ed25519 import is_small_order
from alteram.core.vault.base64url import decode_base64url, encode_base64url
from alteram.core.vault.disclosures import Disclosure, Presentation
from alteram.core.vault.errors import VaultError
from alteram.core.vault.passkeys import Assertion, parse_passkey, verify_assertion

_PREFIX = b"alteram/act/v1".ljust(32, b"\x00")
ED25519 = "ed25519"
WEBAUTHN = "webauthn"


@dataclass(frozen=True, slots=True)
class AuthorKey:
    """A key that signs acts for one person and that the organisation holds; the entry does not claim otherwise."""

    private: Ed25519PrivateKey

    @classmethod
    def from_seed(cls, seed: bytes) -> "AuthorKey":
        """Return the key whose private seed is these 32 bytes."""
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def public(self) -> bytes:
        """Return the 32 bytes of the public key."""
        return self.private.public_key().public_bytes_raw()


def build_act_digest(covers: Iterable[str]) -> bytes:
    """Return the 32 bytes that an author signs, from the digests of the claims covered."""
    return sha256(_PREFIX + "\n".join(sorted(covers)).encode("ascii")).digest()


def build_author_claim(key: AuthorKey, disclosures: Sequence[Disclosure]) -> Json:
    """Return the author claim over these disclosures."""
    covers = sorted(one.digest for one in disclosures)
    signature = key.private.sign(build_act_digest(covers))
    return {
        "covers": list(covers),
        "key": encode_base64url(key.public),
        "scheme": ED25519,
        "signature": encode_base64url(signature),
    }


AuthorCheck = Literal["verified", "withheld", "not checked"]


def build_passkey_claim(covers: Iterable[str], key: bytes, assertion: Assertion) -> dict[str, Json]:
    """Return the author claim of a passkey's assertion over the digests in `covers`. It verifies nothing."""
    return {
        "authenticator_data": encode_base64url(assertion.authenticator_data),
        "client_data": encode_base64url(assertion.client_data),
        "covers": sorted(covers),
        "key": encode_base64url(key),
        "scheme": WEBAUTHN,
        "signature": encode_base64url(assertion.signature),
    }


def verify_author(presentation: Presentation, covered: frozenset[str], claims: Mapping[str, Json]) -> AuthorCheck:
    """Verify the author's signature where it is disclosed.

    `covered` are the names of the claims an author signs, all told; each that is disclosed must be in `covers`.
    A scheme that is not known here is "not checked", not an error. Raises: VaultError when the signature is wrong.
    """
    if "author" not in claims:
        return "withheld"
    match claims["author"]:
        case {"scheme": str() as scheme} if scheme not in {ED25519, WEBAUTHN}:
            return "not checked"
        case {"scheme": "ed25519", "key": str() as key, "signature": str() as signature, "covers": list() as covers}:
            _verify_ed25519(presentation, covered, covers, decode_base64url(key), signature)
        case {
            "scheme": "webauthn",
            "key": str() as key,
            "authenticator_data": str() as data,
            "client_data": str() as collected,
            "signature": str() as signature,
            "covers": list() as covers,
        }:
            public, *parts = (decode_base64url(one) for one in (key, data, collected, signature))
            parse_passkey(public)
            verify_assertion(public, Assertion(*parts), _check_covers(presentation, covered, covers))
        case _:
            raise VaultError("author.form", "The author's signature is malformed.")
    return "verified"


def is_signed_by_passkey(claims: Mapping[str, Json]) -> bool:
    """Return whether the author's signature is disclosed and says that it is a passkey's; it is not verified here."""
    author = claims.get("author")
    return isinstance(author, Mapping) and author.get("scheme") == WEBAUTHN


def _verify_ed25519(
    presentation: Presentation, covered: frozenset[str], covers: Sequence[Json], public: bytes, signature: str
) -> None:
    if len(public) != 32 or is_small_order(public):
        raise VaultError("author.key", "The author's key is one that anybody could sign for, or none.")
    signed = _check_covers(presentation, covered, covers)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(decode_base64url(signature), signed)
    except (InvalidSignature, ValueError) as error:
        raise VaultError("author.signature", "The author's signature does not verify.") from error


def _check_covers(presentation: Presentation, covered: frozenset[str], covers: Sequence[Json]) -> bytes:
    """Return the 32 bytes that were to be signed, `covers` having been checked."""
    digests = [one for one in covers if isinstance(one, str)]
    if (
        len(digests) != len(covers)
        or sorted(set(digests)) != digests
        or not presentation.jwt.digests.issuperset(digests)
    ):
        raise VaultError("author.covers", "The author's signature covers something that is not in the entry.")
    known = frozenset(digests)
    if any(one.name in covered and one.digest not in known for one in presentation.disclosures):
        raise VaultError("author.covers", "A claim is disclosed that its author did not sign.")
    return build_act_digest(digests)
