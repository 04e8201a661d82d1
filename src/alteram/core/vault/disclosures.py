"""Field-wise disclosure: an entry as an SD-JWT (RFC 9901) in which every claim is hidden, and its strict verifier.

Stricter than the RFC's libraries: a disclosure that is not in `_sd`, stands twice, or names a reserved claim rejects
the whole presentation (docs/spec/record.md, section 4).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from alteram.core.kernel.canonical import Json, encode_canonical, parse_canonical
from alteram.core.kernel.errors import MalformedError
from alteram.core.vault.base64url import decode_base64url, encode_base64url
from alteram.core.vault.errors import VaultError

SALT_SIZE = 16
MAX_PRESENTATION = 4 << 20
#: How many digests `_sd` is padded to, so that the number of fields does not show.
PADDED = (16, 32, 64, 128, 256)
TYPE = "alteram-entry+sd-jwt"
_RESERVED = frozenset({"_sd", "...", "_sd_alg"})

Entropy = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One claim with its salt. `encoded` is the transmitted string, which is what is hashed."""

    name: str
    value: Json
    encoded: str

    @property
    def digest(self) -> str:
        """Return base64url(SHA-256(encoded)), as it stands in `_sd`."""
        return encode_base64url(sha256(self.encoded.encode("ascii")).digest())


def build_disclosure(name: str, value: Json, salt: bytes) -> Disclosure:
    """Return the disclosure of one claim under a fresh salt of at least 16 bytes."""
    encoded = encode_base64url(encode_canonical([encode_base64url(salt), name, value]))
    return Disclosure(name, value, encoded)


def parse_disclosure(encoded: str) -> Disclosure:
    """Return the disclosure spelled `encoded`.

    Raises: VaultError when it is malformed, short of salt, or of a reserved name.
    """
    try:
        value = parse_canonical(decode_base64url(encoded), max_size=MAX_PRESENTATION)
    except MalformedError as error:
        raise VaultError("disclosure.form", f"A disclosure is malformed: {error.problem}") from error
    match value:
        case [str() as salt, str() as name, claim] if name not in _RESERVED:
            if len(decode_base64url(salt)) < SALT_SIZE:
                raise VaultError("disclosure.salt", "The salt of a disclosure is too short.")
            return Disclosure(name, claim, encoded)
        case _:
            raise VaultError("disclosure.form", "A disclosure is a salt, a name and a value.")


@dataclass(frozen=True, slots=True)
class RecordKey:
    """The organisation's key that signs every entry. `kid` names it in the header."""

    kid: str
    private: Ed25519PrivateKey

    @classmethod
    def from_seed(cls, kid: str, seed: bytes) -> "RecordKey":
        """Return the key whose private seed is these 32 bytes."""
        return cls(kid, Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def public(self) -> bytes:
        """Return the 32 bytes of the public key."""
        return self.private.public_key().public_bytes_raw()


def build_disclosures(claims: Mapping[str, Json], entropy: Entropy) -> tuple[Disclosure, ...]:
    """Return a disclosure for each claim, each with a salt of its own."""
    return tuple(build_disclosure(name, value, entropy(SALT_SIZE)) for name, value in claims.items())


def sign_jwt(disclosures: Sequence[Disclosure], key: RecordKey, entropy: Entropy) -> str:
    """Return the issuer-signed JWT over the digests of these disclosures, padded with decoys and sorted."""
    count = next((size for size in PADDED if size >= len(disclosures)), None)
    if count is None:
        raise VaultError("jwt.fields", f"An entry has at most {PADDED[-1]} fields.")
    digests = [one.digest for one in disclosures]
    digests += [encode_base64url(entropy(32)) for _ in range(count - len(digests))]
    header = encode_base64url(encode_canonical({"alg": "EdDSA", "kid": key.kid, "typ": TYPE}))
    payload = encode_base64url(encode_canonical({"_sd": sorted(digests), "_sd_alg": "sha-256"}))
    signed = f"{header}.{payload}"
    return f"{signed}.{encode_base64url(key.private.sign(signed.encode('ascii')))}"


@dataclass(frozen=True, slots=True)
class Jwt:
    """An issuer-signed JWT as it stands, its signature not verified."""

    encoded: str
    kid: str
    digests: frozenset[str]

    def verify(self, public: bytes) -> None:
        """Verify the record key's signature. Raises: VaultError when it does not verify."""
        signed, _, signature = self.encoded.rpartition(".")
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(decode_base64url(signature), signed.encode("ascii"))
        except (InvalidSignature, ValueError) as error:
            raise VaultError("jwt.signature", "The record key's signature does not verify.") from error


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    alg: str
    kid: str
    typ: str


class _Payload(msgspec.Struct, forbid_unknown_fields=True):
    digests: list[str] = msgspec.field(name="_sd")
    digest_algorithm: str = msgspec.field(name="_sd_alg")


# Made while nobody else runs: msgspec crashes when two threads are the first to read the same kind of struct.
_header_decoder = msgspec.json.Decoder(_Header)
_payload_decoder = msgspec.json.Decoder(_Payload)


def parse_jwt_unverified(encoded: str) -> Jwt:
    """Return the JWT spelled `encoded`. Raises: VaultError for another header, another form, or unsorted digests."""
    parts = encoded.split(".")
    if len(parts) != 3:
        raise VaultError("jwt.form", "An entry's JWT has three parts.")
    raw_header, raw_payload = decode_base64url(parts[0]), decode_base64url(parts[1])
    try:
        header = _header_decoder.decode(raw_header)
        payload = _payload_decoder.decode(raw_payload)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise VaultError("jwt.form", "The JWT's header or payload is not what an entry has.") from error
    digests = payload.digests
    expected = {"alg": "EdDSA", "kid": header.kid, "typ": TYPE}
    if (
        encode_canonical(expected) != raw_header
        or payload.digest_algorithm != "sha-256"
        or len(decode_base64url(parts[2])) != 64
    ):
        raise VaultError("jwt.form", "The JWT's header is not that of an entry.")
    if encode_canonical({"_sd": digests, "_sd_alg": "sha-256"}) != raw_payload:
        raise VaultError("jwt.form", "The JWT's payload is not in its canonical spelling.")
    if len(digests) not in PADDED or sorted(set(digests)) != digests:
        raise VaultError("jwt.digests", "The digests are not sorted, not unique, or not padded.")
    return Jwt(encoded, header.kid, frozenset(digests))


@dataclass(frozen=True, slots=True)
class Presentation:
    """An entry as it is shown: its JWT and the disclosures that come with it."""

    jwt: Jwt
    disclosures: tuple[Disclosure, ...]

    @property
    def claims(self) -> dict[str, Json]:
        """Return what is disclosed; what is absent is withheld, never denied."""
        return {one.name: one.value for one in self.disclosures}

    def encode(self) -> bytes:
        """Return the presentation's one spelling: `JWT~disclosure~...~`."""
        return ("~".join((self.jwt.encoded, *(one.encoded for one in self.disclosures))) + "~").encode("ascii")

    def redact(self, keep: Iterable[str]) -> "Presentation":
        """Return the presentation with only the named claims disclosed."""
        kept = frozenset(keep)
        return Presentation(self.jwt, tuple(one for one in self.disclosures if one.name in kept))


def parse_presentation(data: bytes) -> Presentation:
    """Return the presentation in `data`, its signature not verified, its disclosures checked against `_sd`.

    Raises: VaultError when any disclosure is malformed, not in `_sd`, or disclosed twice, or a claim name stands twice.
    """
    if len(data) > MAX_PRESENTATION:
        raise VaultError("presentation.too-large", "The presentation is too large.")
    try:
        parts = data.decode("ascii").split("~")
    except UnicodeDecodeError as error:
        raise VaultError("presentation.form", "A presentation is ASCII.") from error
    if len(parts) < 2 or parts[-1]:
        raise VaultError("presentation.form", "A presentation ends in a tilde.")
    jwt = parse_jwt_unverified(parts[0])
    disclosures = tuple(parse_disclosure(part) for part in parts[1:-1])
    digests = [one.digest for one in disclosures]
    if len(set(digests)) != len(digests) or not jwt.digests.issuperset(digests):
        raise VaultError(
            "presentation.digest", "A disclosure was tampered with, does not belong here, or stands twice."
        )
    if len({one.name for one in disclosures}) != len(disclosures):
        raise VaultError("presentation.name", "A claim is disclosed twice.")
    return Presentation(jwt, disclosures)
