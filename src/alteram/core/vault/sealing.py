r"""Content at rest: each field and the entry under keys of their own, those wrapped under the stream's key.

    field i  AES-256-GCM(k_i, nonce 0, aad = "alteram/field/v1\0" || leaf || u16be i, disclosure)
    entry    AES-256-GCM(k_e, nonce 0, aad = "alteram/entry/v1\0" || leaf, r || JWT)

Every k is 32 fresh random bytes used once, hence the fixed nonce. An entry's keys are wrapped together in one row:
    nonce 12 || AES-256-GCM(K, nonce, aad = "alteram/keys/v1\0" || leaf, k_e || k_0 || k_1 ...)
A key that was destroyed is 32 zero bytes there. Destroying one rewraps the row; then the stream key is rotated and
every row rewrapped, so that copies of old rows open nothing.
Behind the fields may stand one ciphertext more, which has no key here: the keys of the entry's files (see `files`).
"""

import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from alteram.core.vault.disclosures import (
    MAX_PRESENTATION,
    Disclosure,
    Jwt,
    Presentation,
    parse_disclosure,
    parse_jwt_unverified,
)
from alteram.core.vault.errors import VaultError
from alteram.core.vault.leaves import BLINDING_SIZE, build_entry_leaf

KEY_SIZE = 32
_NONCE_SIZE = 12
_NONCE_0 = bytes(_NONCE_SIZE)
_GONE = bytes(KEY_SIZE)
#: Set in the length of a ciphertext that has no key among the entry's.
_KEYLESS = 1 << 31
_FIELD = b"alteram/field/v1\x00"
_ENTRY = b"alteram/entry/v1\x00"
_KEYS = b"alteram/keys/v1\x00"
_STREAM = b"alteram/stream-key/v1\x00"

Entropy = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry ready to be stored: its public leaf, its ciphertexts as one blob, and its keys, not yet wrapped."""

    leaf: bytes
    ciphertext: bytes
    keys: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class OpenedEntry:
    """What could be opened: the blinding, the JWT, and the disclosures in their order; None where the key is gone."""

    blinding: bytes
    jwt: Jwt
    disclosures: tuple[Disclosure | None, ...]

    @property
    def presentation(self) -> Presentation:
        """Return everything that is still readable, as it is shown."""
        return Presentation(self.jwt, tuple(one for one in self.disclosures if one is not None))


def seal_entry(jwt: str, disclosures: Sequence[Disclosure], entropy: Entropy) -> SealedEntry:
    """Return the sealed entry of a JWT and its disclosures, with fresh keys and blinding.

    Raises: VaultError when it would be too large to be shown again.
    """
    if len(jwt) + 1 + sum(len(one.encoded) + 1 for one in disclosures) > MAX_PRESENTATION:
        raise VaultError(
            "entry.too-large",
            f"An entry is at most {MAX_PRESENTATION} bytes.",
            remedy="Say less, or attach it as a file.",
        )
    random = entropy(BLINDING_SIZE + KEY_SIZE * (len(disclosures) + 1))
    blinding = random[:BLINDING_SIZE]
    keys = tuple(random[at : at + KEY_SIZE] for at in range(BLINDING_SIZE, len(random), KEY_SIZE))
    leaf = build_entry_leaf(jwt, blinding)
    texts = [AESGCM(keys[0]).encrypt(_NONCE_0, blinding + jwt.encode("ascii"), _ENTRY + leaf)]
    for index, one in enumerate(disclosures):
        texts.append(
            AESGCM(keys[index + 1]).encrypt(
                _NONCE_0, one.encoded.encode("ascii"), _FIELD + leaf + index.to_bytes(2, "big")
            )
        )
    return SealedEntry(leaf, b"".join(len(text).to_bytes(4, "big") + text for text in texts), keys)


def join_text(ciphertext: bytes, text: bytes) -> bytes:
    """Return an entry's ciphertexts with one more behind them, marked as having no key among the entry's."""
    return ciphertext + (_KEYLESS | len(text)).to_bytes(4, "big") + text


def find_keyless_text(ciphertext: bytes) -> bytes | None:
    """Return what `join_text` put behind an entry's ciphertexts, if it did. Raises: VaultError."""
    return _split(ciphertext)[1]


def wrap_keys(keys: Sequence[bytes], leaf: bytes, stream_key: bytes, entropy: Entropy) -> bytes:
    """Return an entry's keys wrapped under the stream's key."""
    nonce = entropy(_NONCE_SIZE)
    return nonce + AESGCM(stream_key).encrypt(nonce, b"".join(keys), _KEYS + leaf)


def unwrap_keys(wrapped: bytes, leaf: bytes, stream_key: bytes) -> tuple[bytes, ...]:
    """Return an entry's keys. Raises: VaultError when they do not open under this stream key for this leaf."""
    try:
        plain = AESGCM(stream_key).decrypt(wrapped[:_NONCE_SIZE], wrapped[_NONCE_SIZE:], _KEYS + leaf)
    except (InvalidTag, ValueError) as error:
        raise VaultError("keys.wrap", "An entry's keys do not open under the stream's key.") from error
    if not plain or len(plain) % KEY_SIZE:
        raise VaultError("keys.wrap", "An entry's keys are malformed.")
    return tuple(plain[at : at + KEY_SIZE] for at in range(0, len(plain), KEY_SIZE))


def forget_keys(keys: Sequence[bytes], indices: Iterable[int]) -> tuple[bytes, ...]:
    """Return the keys with those of these fields (by index) destroyed."""
    gone = frozenset(index + 1 for index in indices)
    return tuple(_GONE if index in gone else key for index, key in enumerate(keys))


def open_entry(ciphertext: bytes, keys: Sequence[bytes], leaf: bytes) -> OpenedEntry:
    """Return what these keys open of an entry, after checking that it is what the leaf commits to.

    Raises: VaultError when a ciphertext was altered, or does not belong to the leaf.
    """
    texts, _ = _split(ciphertext)
    if len(texts) != len(keys):
        raise VaultError("entry.count", "An entry has as many keys as ciphertexts.")
    plain = _decrypt(keys[0], texts[0], _ENTRY + leaf)
    try:
        blinding, jwt = plain[:BLINDING_SIZE], plain[BLINDING_SIZE:].decode("ascii")
    except UnicodeDecodeError as error:
        raise VaultError("entry.form", "The entry's JWT is not ASCII.") from error
    if not hmac.compare_digest(build_entry_leaf(jwt, blinding), leaf):
        raise VaultError("entry.commitment", "The entry is not what its leaf commits to.")
    parsed = parse_jwt_unverified(jwt)
    disclosures = tuple(
        None
        if key == _GONE
        else parse_disclosure(_decrypt(key, text, _FIELD + leaf + index.to_bytes(2, "big")).decode("ascii", "replace"))
        for index, (key, text) in enumerate(zip(keys[1:], texts[1:], strict=True))
    )
    if not parsed.digests.issuperset(one.digest for one in disclosures if one is not None):
        raise VaultError("entry.digest", "A field is not one that the entry commits to.")
    return OpenedEntry(blinding, parsed, disclosures)


def wrap_stream_key(key: bytes, root_key: bytes, organisation: str, stream: str, entropy: Entropy) -> bytes:
    """Return a stream's key wrapped under the root key, bound to the names of the organisation and the stream."""
    nonce = entropy(_NONCE_SIZE)
    return nonce + AESGCM(root_key).encrypt(nonce, key, _stream_aad(organisation, stream))


def unwrap_stream_key(wrapped: bytes, root_key: bytes, organisation: str, stream: str) -> bytes:
    """Return a stream's key. Raises: VaultError when it does not open under this root key for this stream."""
    try:
        return AESGCM(root_key).decrypt(wrapped[:_NONCE_SIZE], wrapped[_NONCE_SIZE:], _stream_aad(organisation, stream))
    except (InvalidTag, ValueError) as error:
        raise VaultError("keys.root", "A stream's key does not open under the root key.") from error


def _stream_aad(organisation: str, stream: str) -> bytes:
    return _STREAM + organisation.encode() + b"\x00" + stream.encode()


def _decrypt(key: bytes, text: bytes, aad: bytes) -> bytes:
    if key == _GONE:
        raise VaultError("entry.forgotten", "The entry's key was destroyed.")
    try:
        return AESGCM(key).decrypt(_NONCE_0, text, aad)
    except (InvalidTag, ValueError) as error:
        raise VaultError("entry.ciphertext", "A ciphertext was altered or does not belong to this entry.") from error


def _split(blob: bytes) -> tuple[list[bytes], bytes | None]:
    """Return the ciphertexts that have keys, and the one behind them that has none."""
    texts: list[bytes] = []
    keyless: bytes | None = None
    at = 0
    while at < len(blob):
        head = int.from_bytes(blob[at : at + 4], "big")
        end = at + 4 + (head & ~_KEYLESS)
        if end > len(blob) or at + 4 > len(blob) or keyless is not None:
            raise VaultError("entry.form", "The entry's ciphertexts are cut short.")
        if head & _KEYLESS:
            keyless = blob[at + 4 : end]
        else:
            texts.append(blob[at + 4 : end])
        at = end
    if not texts:
        raise VaultError("entry.form", "The entry has no ciphertext.")
    return texts, keyless
