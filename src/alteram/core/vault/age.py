"""Files sealed as age v1 (the C2SP age specification), X25519 recipients only: any age program opens them.

The key of a file is an identity of its own, 32 random bytes; the file is sealed to the recipient of it.
Sealing takes bytes as they arrive and keeps one chunk. Reading goes from the first byte to the last, or opens any range
from the chunks that hold it. What is read is genuine; that nothing is missing at the end is shown by reading the end.
docs/spec/evidence.md, section 1.
"""

import hmac
import re
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from alteram.core.kernel.phrases import phrase
from alteram.core.vault.age_keys import KEY_SIZE, derive_recipient
from alteram.core.vault.errors import VaultError

CHUNK_SIZE: Final = 1 << 16
TAG_SIZE: Final = 16
SEALED_CHUNK: Final = CHUNK_SIZE + TAG_SIZE
VERSION_LINE: Final = b"age-encryption.org/v1\n"
#: A header is read whole before anything of it is believed.
MAX_HEADER: Final = 1 << 16
_FILE_KEY: Final = 16
_NONCE: Final = 16
#: How much of a file is enough to open ranges of it: the header, and the nonce behind it.
MAX_PREFIX: Final = MAX_HEADER + _NONCE
_NONCE_0: Final = bytes(12)
_X25519: Final = b"age-encryption.org/v1/X25519"
_END = re.compile(rb"(?<=\n)--- ([A-Za-z0-9+/]{43})\n")
_STANZA = re.compile(
    rb"-> ([\x21-\x7e]+(?: [\x21-\x7e]+)*)\n((?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{0,63})\n",
)

Entropy = Callable[[int], bytes]


class AgeSealer:
    """Seals one file as it arrives, to recipients (32 bytes each); the order of calls is seal, seal, …, finish."""

    def __init__(self, recipients: Sequence[bytes], entropy: Entropy) -> None:
        """Begin a file. `entropy` gives fresh random bytes: 32 for the file, and 32 for each recipient.

        Raises: VaultError for no recipient, or a recipient that nobody's identity belongs to.
        """
        if not recipients:
            raise VaultError("age.recipients", phrase("A file is sealed to one recipient at least."))
        file_key = entropy(_FILE_KEY)
        stanzas = b"".join(_wrap(file_key, one, entropy(KEY_SIZE)) for one in recipients)
        unsigned = VERSION_LINE + stanzas + b"---"
        nonce = entropy(_NONCE)
        self._ready = unsigned + b" " + _encode(_sign(file_key, unsigned)) + b"\n" + nonce
        if len(self._ready) - _NONCE > MAX_HEADER:
            raise VaultError("age.recipients", phrase("A file is sealed to too many recipients at once."))
        self._cipher = ChaCha20Poly1305(_derive(file_key, nonce, b"payload"))
        self._number = 0
        self._rest = bytearray()
        # Sealed into again and again: fresh memory for every call costs three times what the cipher does.
        self._sealed = bytearray(SEALED_CHUNK)

    def seal(self, data: bytes) -> bytes:
        """Return the ciphertext of what can be sealed so far; a full chunk waits, because it may be the last."""
        view, ready = memoryview(data), self._ready
        self._ready = b""
        whole = max(0, len(self._rest) + len(view) - 1) // CHUNK_SIZE
        if whole * SEALED_CHUNK > len(self._sealed):
            self._sealed = bytearray(whole * SEALED_CHUNK)
        target, at = memoryview(self._sealed), 0
        for number in range(whole):
            plain: bytearray | memoryview = view[at : at + CHUNK_SIZE]
            at += CHUNK_SIZE
            if self._rest:
                at = CHUNK_SIZE - len(self._rest)
                plain, self._rest = self._rest + view[:at], bytearray()
            self._seal(plain, target[number * SEALED_CHUNK : (number + 1) * SEALED_CHUNK])
        self._rest += view[at:]
        return ready + bytes(target[: whole * SEALED_CHUNK]) if ready else bytes(target[: whole * SEALED_CHUNK])

    def finish(self) -> bytes:
        """Return the ciphertext of the rest."""
        return self._ready + self._cipher.encrypt(_build_nonce(self._number, last=True), bytes(self._rest), None)

    def _seal(self, plain: bytearray | memoryview, target: memoryview) -> None:
        self._cipher.encrypt_into(_build_nonce(self._number, last=False), plain, None, target)
        self._number += 1


@dataclass(frozen=True, slots=True)
class AgeHeader:
    """A header that verified: where the chunks begin in the file, and what opens them."""

    start: int
    cipher: ChaCha20Poly1305

    def find_size(self, stored: int) -> int:
        """Return how many bytes a file of `stored` bytes holds. Raises: VaultError where no file has that size.

        It is no more than what the size of the ciphertext says; reading the end shows that it is the end.
        """
        sealed = stored - self.start
        chunks = max(1, -(-sealed // SEALED_CHUNK))
        last = sealed - (chunks - 1) * SEALED_CHUNK
        if last < TAG_SIZE or (last == TAG_SIZE and chunks > 1):
            raise VaultError("age.payload", phrase("A sealed file ends where none can."))
        return sealed - chunks * TAG_SIZE

    def find_span(self, first: int, until: int, stored: int) -> tuple[int, int]:
        """Return which bytes [from, to) of a file of `stored` bytes hold the bytes [first, until) of its content.

        Nothing is needed for an empty range. Raises: VaultError when the content has no such range.
        """
        if not 0 <= first <= until <= self.find_size(stored):
            raise VaultError(
                "age.range", phrase("The file has no bytes from {first} up to {until}.", first=first, until=until)
            )
        if first == until:
            return self.start, self.start
        begin, end = first // CHUNK_SIZE, -(-until // CHUNK_SIZE)
        return self.start + begin * SEALED_CHUNK, min(stored, self.start + end * SEALED_CHUNK)

    def open_span(self, first: int, until: int, stored: int, ciphertext: bytes) -> bytes:
        """Return the bytes [first, until) of the content from exactly the bytes that `find_span` names.

        Where the last chunk is among them, it opens only as the last. Raises: VaultError when anything was altered, or
        stands elsewhere.
        """
        span = self.find_span(first, until, stored)
        if len(ciphertext) != span[1] - span[0]:
            raise VaultError("age.payload", phrase("Not the part of the sealed file that holds this range."))
        if first == until:
            return b""
        begin, view = first // CHUNK_SIZE, memoryview(ciphertext)
        chunks = [
            self.open_chunk(
                view[at : at + SEALED_CHUNK],
                begin + at // SEALED_CHUNK,
                last=span[1] == stored and at + SEALED_CHUNK >= len(view),
            )
            for at in range(0, len(view), SEALED_CHUNK)
        ]
        chunks[-1] = chunks[-1][: until - (begin + len(chunks) - 1) * CHUNK_SIZE]
        chunks[0] = chunks[0][first - begin * CHUNK_SIZE :]
        return b"".join(chunks)

    def open_chunk(self, sealed: bytes | memoryview, number: int, *, last: bool) -> bytes:
        """Return the content of one chunk. Raises: VaultError when it is not this chunk of this file."""
        try:
            plain = self.cipher.decrypt(_build_nonce(number, last=last), sealed, None)
        except (InvalidTag, ValueError) as error:
            raise VaultError("age.payload", phrase("A file was altered, cut short, or lengthened.")) from error
        if not plain and number:
            raise VaultError("age.payload", phrase("The last chunk of a file is empty."))
        return plain


def open_age(key: bytes, ciphertext: Iterable[bytes]) -> tuple[AgeHeader, Iterator[bytes]]:
    """Return the verified header and the content, chunk by chunk; each is genuine when it is yielded.

    Raises: VaultError, also while the content is read: whoever reads must read to the end to know that it is whole.
    """
    rest, pieces = bytearray(), iter(ciphertext)
    for piece in pieces:
        rest += piece
        end = _END.search(rest)
        if len(rest) >= (MAX_PREFIX if end is None else min(MAX_PREFIX, end.end() + _NONCE)):
            break
    header = parse_age_header(key, bytes(rest[:MAX_PREFIX]))
    return header, _open_chunks(header, rest[header.start :], pieces)


def parse_age_header(key: bytes, data: bytes) -> AgeHeader:
    """Return the header that a file begins with; `data` is the first MAX_PREFIX bytes of it, or all there are.

    Raises: VaultError when it is malformed, is sealed to others than `key`, was altered, or no content follows.
    """
    file_key, at = None, len(VERSION_LINE)
    if not data.startswith(VERSION_LINE):
        raise VaultError("age.header", phrase("Not a file of age, version 1."))
    kinds: list[bytes] = []
    while (stanza := _STANZA.match(data, at)) is not None:
        arguments, body = stanza[1].split(b" "), _decode(stanza[2].replace(b"\n", b""))
        kinds.append(arguments[0])
        if arguments[0] == b"X25519":
            file_key = _unwrap(key, arguments, body, file_key)
        at = stanza.end()
    end = _END.match(data, at)
    if end is None or not kinds or end.end() > MAX_HEADER:
        raise VaultError("age.header", phrase("The header of a sealed file is malformed."))
    if b"scrypt" in kinds and len(kinds) > 1:
        raise VaultError("age.header", phrase("A file that opens with a passphrase opens with nothing else."))
    signature, unsigned = _decode(end[1]), at + len(b"---")
    if file_key is None:
        raise VaultError("age.no-match", phrase("A file is sealed under another key."))
    if not hmac.compare_digest(signature, _sign(file_key, data[:unsigned])):
        raise VaultError("age.mac", phrase("The header of a sealed file was altered."))
    nonce = data[end.end() : end.end() + _NONCE]
    if len(nonce) < _NONCE:
        raise VaultError("age.payload", phrase("A sealed file ends behind its header."))
    return AgeHeader(end.end() + _NONCE, ChaCha20Poly1305(_derive(file_key, nonce, b"payload")))


def _open_chunks(header: AgeHeader, rest: bytearray, pieces: Iterator[bytes]) -> Iterator[bytes]:
    number = 0
    for piece in chain((b"",), pieces):
        rest += piece
        # What may be the last chunk waits: only the end of the file shows whether it is.
        whole = max(0, len(rest) - 1) // SEALED_CHUNK * SEALED_CHUNK
        view = memoryview(bytes(rest[:whole]))
        del rest[:whole]
        for at in range(0, whole, SEALED_CHUNK):
            yield header.open_chunk(view[at : at + SEALED_CHUNK], number, last=False)
            number += 1
    yield header.open_chunk(bytes(rest), number, last=True)


def _wrap(file_key: bytes, recipient: bytes, secret: bytes) -> bytes:
    ephemeral = X25519PrivateKey.from_private_bytes(secret)
    share = ephemeral.public_key().public_bytes_raw()
    try:
        shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(recipient))
    except ValueError as error:
        raise VaultError("age.recipients", phrase("Nobody's identity belongs to this recipient.")) from error
    body = ChaCha20Poly1305(_derive(shared, share + recipient, _X25519)).encrypt(_NONCE_0, file_key, None)
    return b"-> X25519 " + _encode(share) + b"\n" + _encode(body) + b"\n"


def _unwrap(key: bytes, arguments: Sequence[bytes], body: bytes, found: bytes | None) -> bytes | None:
    """Return the file's key from a stanza, or what was found before it."""
    share = _decode(arguments[1]) if len(arguments) == 2 else b""
    if len(share) != KEY_SIZE or len(body) != _FILE_KEY + TAG_SIZE:
        raise VaultError("age.header", phrase("A stanza of a sealed file is malformed."))
    try:
        shared = X25519PrivateKey.from_private_bytes(key).exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError as error:  # the share is of small order
        raise VaultError("age.header", phrase("A stanza of a sealed file is malformed.")) from error
    if found is not None:
        return found
    wrapping = ChaCha20Poly1305(_derive(shared, share + derive_recipient(key), _X25519))
    try:
        return wrapping.decrypt(_NONCE_0, body, None)
    except InvalidTag:
        return None


def _sign(file_key: bytes, unsigned: bytes) -> bytes:
    return hmac.digest(_derive(file_key, None, b"header"), unsigned, sha256)


def _derive(secret: bytes, salt: bytes | None, info: bytes) -> bytes:
    return HKDF(SHA256(), KEY_SIZE, salt, info).derive(secret)


def _build_nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _encode(data: bytes) -> bytes:
    """Return base64 without padding."""
    return b2a_base64(data, newline=False).rstrip(b"=")


def _decode(text: bytes) -> bytes:
    """Return what base64 without padding spells. Raises: VaultError for any spelling but ours."""
    try:
        data = a2b_base64(text + b"=" * (-len(text) % 4), strict_mode=True)
    except Base64Error as error:
        raise VaultError("age.header", phrase("The header of a sealed file is malformed.")) from error
    if _encode(data) != text:
        raise VaultError("age.header", phrase("The header of a sealed file is not in its canonical spelling."))
    return data
