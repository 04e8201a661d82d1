r"""Files at rest: each sealed in chunks under a key of its own, those keys sealed under the key of their entry.

    plain      u16be length || what the file is called and the like || content
    chunk i    AES-256-GCM(k_file, nonce = u88be i || u8 last, aad = "alteram/file/v1\0", 65,536 bytes of plain)
    keys       AES-256-GCM(HKDF-SHA256(k_e, info = "alteram/file-keys/v1"), nonce 0,
                           aad = "alteram/file-keys/v1\0" || leaf, k_file 0 || k_file 1 ...)

Every chunk but the last is full, so a file cut short, or with chunks moved, does not open.
Files of exhibits are age files instead (see `age`): k_file is the identity, and they hold the content alone. What is
read tells by its first bytes which of the two it is.

The keys stand behind the entry's ciphertexts as one more. They open with the entry's key, which is wrapped under the
stream's: destroying either makes the files unreadable, and rotating the stream's key leaves them as they are.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from alteram.core.kernel.phrases import phrase
from alteram.core.vault.age import VERSION_LINE, open_age
from alteram.core.vault.errors import OtherFileError, VaultError
from alteram.core.vault.sealing import KEY_SIZE, SealedEntry, find_keyless_text, join_text

CHUNK_SIZE: Final = 1 << 16
MAX_HEADER: Final = (1 << 16) - 1
TAG_SIZE: Final = 16
_FILE = b"alteram/file/v1\x00"
_KEYS = b"alteram/file-keys/v1"
_NONCE_0 = bytes(12)


class FileSealer:
    """Seals one file as it arrives. The key is 32 fresh random bytes and seals nothing else."""

    def __init__(self, key: bytes, header: bytes) -> None:
        """Begin with what the file is called and the like. Raises: VaultError when that is too long."""
        if len(header) > MAX_HEADER:
            raise VaultError("file.header", phrase("What describes a file is at most 65,535 bytes."))
        self._cipher = AESGCM(key)
        self._number = 0
        self._rest = bytearray(len(header).to_bytes(2, "big") + header)

    def seal(self, data: bytes) -> bytes:
        """Return the ciphertext of what can be sealed so far."""
        self._rest += data
        sealed = bytearray()
        while len(self._rest) > CHUNK_SIZE:  # a full rest waits: it may be the last
            sealed += self._seal_chunk(bytes(self._rest[:CHUNK_SIZE]), last=False)
            del self._rest[:CHUNK_SIZE]
        return bytes(sealed)

    def finish(self) -> bytes:
        """Return the ciphertext of the rest."""
        return self._seal_chunk(bytes(self._rest), last=True)

    def _seal_chunk(self, plain: bytes, *, last: bool) -> bytes:
        sealed = self._cipher.encrypt(_build_nonce(self._number, last=last), plain, _FILE)
        self._number += 1
        return sealed


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file being read: what it says of itself (an age file: nothing), and its content piece by piece.

    Each piece is genuine when it is yielded. `size` is that of the content if the file is whole: reading to the end
    shows that it is.
    """

    description: bytes
    size: int
    content: Iterator[bytes]


def open_stored_file(
    key: bytes,
    named: str,
    stored: int,
    ciphertext: Iterable[bytes],
    *,
    digest: str | None = None,
    size: int | None = None,
) -> OpenedFile:
    """Return a file, opened, in whichever of the two formats it is.

    Its entry names the SHA-256 and the size of the ciphertext, `named` and `stored`; `digest` and `size` are what the
    act says of the content, where it does. The last of the content comes only where all of that is so.
    Raises: VaultError, also while the content is read, when the file was altered or cut short, or is another one.
    """
    opened = _open_either(key, stored, check_whole(ciphertext, named, stored))
    return opened if digest is None else replace(opened, content=check_whole(opened.content, digest, size))


def check_whole(pieces: Iterable[bytes], named: str, size: int | None = None) -> Iterator[bytes]:
    """Yield pieces, the last of them only where all together have this SHA-256 and, where it is known, this size.

    Raises: OtherFileError instead of the last: what was given out of another file lacks its end.
    """
    seen, count, waiting = sha256(), 0, b""
    for piece in pieces:
        seen.update(piece)
        count += len(piece)
        if size is not None and count > size:
            raise OtherFileError
        if piece and waiting:
            yield waiting
        waiting = piece or waiting
    if seen.hexdigest() != named or size not in {None, count}:
        raise OtherFileError
    yield waiting


def _open_either(key: bytes, stored: int, ciphertext: Iterable[bytes]) -> OpenedFile:
    begin, pieces = bytearray(), iter(ciphertext)
    for piece in pieces:
        begin += piece
        if len(begin) >= len(VERSION_LINE):
            break
    whole = chain((bytes(begin),), pieces)
    if begin.startswith(VERSION_LINE):
        found, content = open_age(key, whole)
        return OpenedFile(b"", found.find_size(stored), content)
    header, content = open_file(key, whole)
    return OpenedFile(header, stored - 2 - len(header) - TAG_SIZE * -(-stored // (CHUNK_SIZE + TAG_SIZE)), content)


def open_file(key: bytes, ciphertext: Iterable[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return what a file of the older format says of itself, and its content piece by piece, each genuine.

    Raises: VaultError, also while the content is read, when the file was altered or cut short.
    """
    plain = _open_chunks(key, ciphertext)
    data = next(plain)
    while len(data) < 2 or len(data) < 2 + int.from_bytes(data[:2], "big"):
        more = next(plain, None)
        if more is None:
            raise VaultError("file.form", phrase("A file ends before what describes it does."))
        data += more
    end = 2 + int.from_bytes(data[:2], "big")
    return data[2:end], _go_on(data[end:], plain)


def _go_on(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _open_chunks(key: bytes, ciphertext: Iterable[bytes]) -> Iterator[bytes]:
    cipher, rest, number = AESGCM(key), bytearray(), 0
    for piece in ciphertext:
        rest += piece
        while len(rest) > CHUNK_SIZE + TAG_SIZE:
            yield _open_chunk(cipher, bytes(rest[: CHUNK_SIZE + TAG_SIZE]), number, last=False)
            del rest[: CHUNK_SIZE + TAG_SIZE]
            number += 1
    yield _open_chunk(cipher, bytes(rest), number, last=True)


def _open_chunk(cipher: AESGCM, sealed: bytes, number: int, *, last: bool) -> bytes:
    try:
        return cipher.decrypt(_build_nonce(number, last=last), sealed, _FILE)
    except (InvalidTag, ValueError) as error:
        raise VaultError("file.ciphertext", phrase("A file was altered, cut short, or its key is another.")) from error


def _build_nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def attach_file_keys(sealed: SealedEntry, keys: Sequence[bytes]) -> SealedEntry:
    """Return a sealed entry with the keys of its files behind it; as it is where it has none."""
    if not keys:
        return sealed
    cipher = AESGCM(_derive(sealed.keys[0]))
    text = cipher.encrypt(_NONCE_0, b"".join(keys), _KEYS + b"\x00" + sealed.leaf)
    return replace(sealed, ciphertext=join_text(sealed.ciphertext, text))


def open_file_keys(ciphertext: bytes, keys: Sequence[bytes], leaf: bytes) -> tuple[bytes, ...]:
    """Return the keys of an entry's files, in their order; `keys` are the entry's. Raises: VaultError."""
    text = find_keyless_text(ciphertext)
    if text is None:
        return ()
    try:
        plain = AESGCM(_derive(keys[0])).decrypt(_NONCE_0, text, _KEYS + b"\x00" + leaf)
    except (InvalidTag, ValueError) as error:
        raise VaultError("file.keys", phrase("The keys of an entry's files do not open.")) from error
    return tuple(plain[at : at + KEY_SIZE] for at in range(0, len(plain), KEY_SIZE))


def _derive(entry_key: bytes) -> bytes:
    return HKDF(SHA256(), KEY_SIZE, None, _KEYS).derive(entry_key)
