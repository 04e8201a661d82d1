"""Lodging a large file over several requests: what arrived stays, and goes on where it stopped.

An upload belongs to one person in one matter. Its parts are sealed under a key that is wrapped under the matter's, each
durable before it is acknowledged; nothing of it is evidence before the act that lodges it. It is deleted after a week
in which nothing came.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from alteram.core.kernel.canonical import Json, encode_canonical, parse_canonical
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.phrases import phrase
from alteram.core.vault import FileSealer, VaultError, open_file, unwrap_keys, wrap_keys
from alteram.operations.attachments import AttachmentError
from alteram.operations.entries import Entered
from alteram.operations.exhibits.incoming import MAX_EXHIBIT, ReceivedFile, receive
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StaleReadError
from alteram.operations.questions import UnknownMatterError
from alteram.operations.upload_ports import UploadPart

#: How many uploads one person may have open in one matter.
MAX_OPEN: Final = 5
#: What stays idle for so long is deleted; whoever began it was told.
IDLE: Final = timedelta(days=7)
MAX_NAME: Final = 200
#: How many parts an upload may have: each request looks at all that are there.
MAX_PARTS: Final = 10_000
#: By what a part may be checked as it arrives.
ALGORITHMS: Final = ("sha1", "sha256")
_KEPT_DIGEST: Final = "sha256"
_MAX_MODIFIED: Final = 32
_NONCE: Final = bytes(12)
_NOTE: Final = b"alteram/upload/v1\x00"
_KEY: Final = 32
_SALT: Final = 32
_NAME = re.compile(r"[0-9a-f]{32}")


class UploadConflictError(AlteramError):
    """What was sent does not continue what is there. `offset` is where it has to go on."""

    def __init__(self, offset: int) -> None:
        """Say where to go on."""
        problem = phrase("The upload goes on at byte {offset}.", offset=offset)
        super().__init__(problem, remedy=phrase("Send what comes from there."))
        self.offset = offset


class UploadChecksumError(AlteramError):
    """What arrived has another checksum than was announced, or not all of it arrived; nothing of it is kept."""

    def __init__(self) -> None:
        """Ask for the same part again."""
        super().__init__(phrase("A part of the file arrived altered."), remedy=phrase("Send that part again."))


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the sender says of a part: a digest, and by which of ALGORITHMS."""

    algorithm: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in: its name, what it is called, how large it will be, and how much of it is durable.

    `modified` is when the file was last changed, as whoever sends it says, so that the same file is known again.
    """

    name: str
    file_name: str
    size: int
    offset: int
    key: bytes
    parts: tuple[UploadPart, ...]
    modified: str = ""

    @property
    def is_whole(self) -> bool:
        """Return whether all of it is here."""
        return self.offset == self.size


def begin_upload(entered: Entered, file_name: str, size: int, *, modified: str = "") -> Upload:
    """Begin an upload of `size` bytes. Raises: AttachmentError where it may not be, StoreUnavailableError."""
    if not 0 <= size <= MAX_EXHIBIT:
        raise AttachmentError(
            phrase("An exhibit is larger than {most} GB.", most=MAX_EXHIBIT // 1000**3),
            remedy=phrase("Lodge it in parts."),
        )
    if len(list_uploads(entered)) >= MAX_OPEN:
        raise AttachmentError(
            phrase("You have {most} uploads open in this matter.", most=MAX_OPEN),
            remedy=phrase("Finish one of them, or delete it."),
        )
    organisation, ports = entered.organisation, entered.organisation.ports
    key, name = ports.entropy(_KEY), ports.entropy(16).hex()
    begun = Upload(name, file_name[:MAX_NAME], size, 0, key, (), modified[:_MAX_MODIFIED])
    said: dict[str, Json] = {"person": entered.person, "file_name": begun.file_name, "size": size}
    if modified:
        said["modified"] = begun.modified
    wrapped = wrap_keys((key,), _bind(name), organisation.stream_key(entered.stream), ports.entropy)
    sealed = AESGCM(key).encrypt(_NONCE, encode_canonical(said), _bind(name))
    ports.uploads.begin(entered.stream, name, len(wrapped).to_bytes(2, "big") + wrapped + sealed)
    return begun


def get_upload(entered: Entered, name: str) -> Upload:
    """Return somebody's own upload. Raises: UnknownMatterError for any other name; StoreError."""
    found = _find(entered.organisation, entered.stream, name)
    if found is None or found[0] != entered.person:
        raise UnknownMatterError(
            phrase("There is no such upload, or it is not yours."), remedy=phrase("Begin it again.")
        )
    return found[1]


def list_uploads(entered: Entered) -> tuple[Upload, ...]:
    """Return somebody's own uploads in a matter, finished or not."""
    organisation, stream = entered.organisation, entered.stream
    names = (name for where, name in organisation.ports.uploads.idle(timedelta(0)) if where == stream)
    found = (_find(organisation, stream, name) for name in names)
    return tuple(one[1] for one in found if one is not None and one[0] == entered.person)


def add_to_upload(
    entered: Entered, name: str, offset: int, content: Iterable[bytes], *, checksum: Checksum | None = None
) -> Upload:
    """Take more of an upload, from `offset` on; what arrived before the sender broke off is kept, unless it has a sum.

    Raises: UploadConflictError where it does not go on there, AttachmentError where it is more than was announced,
    UploadChecksumError, UnknownMatterError, StoreUnavailableError; then nothing of this request is kept.
    """
    upload, ports = get_upload(entered, name), entered.organisation.ports
    if offset != upload.offset:
        raise UploadConflictError(upload.offset)
    if len(upload.parts) >= MAX_PARTS:
        raise AttachmentError(phrase("The upload has too many parts."), remedy=phrase("Send it again in larger parts."))
    told = checksum.digest if checksum is not None and checksum.algorithm == _KEPT_DIGEST else b""
    # A part that broke off is sent again, and may be another: no two are ever sealed under one key.
    salt = ports.entropy(_SALT)
    sealer, summing = FileSealer(_derive(upload.key, len(upload.parts), salt), told), _Summing(checksum)
    writer = ports.uploads.open_part(entered.stream, name, len(upload.parts))

    def seal(data: bytes) -> None:
        summing.update(data)
        writer.write(sealer.seal(data))

    try:
        writer.write(salt)
        size, broken = _take(content, upload.size - offset, seal)
        writer.write(sealer.finish())
        summing.check()
        if size:
            writer.finish(size)
    except StaleReadError as error:
        raise UploadConflictError(get_upload(entered, name).offset) from error
    finally:
        writer.abandon()
    if broken is not None:
        raise broken
    return get_upload(entered, name)


def _take(content: Iterable[bytes], most: int, seal: Callable[[bytes], None]) -> tuple[int, OSError | None]:
    """Seal what arrives; return how many bytes that was, and what broke it off. Raises: AttachmentError over `most`."""
    size, pieces = 0, iter(content)
    while True:
        try:
            data = next(pieces, None)
        except OSError as error:
            return size, error  # the sender broke off: what came counts
        if data is None:
            return size, None
        size += len(data)
        if size > most:
            raise AttachmentError(
                phrase("More arrived than the file was said to hold."), remedy=phrase("Begin the upload again.")
            )
        seal(data)


class _Summing:
    """Sums a part as it arrives, where its sender said what must come out."""

    def __init__(self, checksum: Checksum | None) -> None:
        self._told = checksum
        self._sum = None if checksum is None else hashlib.new(checksum.algorithm, usedforsecurity=False)

    def update(self, data: bytes) -> None:
        if self._sum is not None:
            self._sum.update(data)

    def check(self) -> None:
        """Raises: UploadChecksumError."""
        if self._told is not None and self._sum is not None and self._sum.digest() != self._told.digest:
            raise UploadChecksumError


def list_digests(entered: Entered, name: str) -> tuple[tuple[int, str], ...]:
    """Return the size and the SHA-256 of each part of somebody's own upload that is durable, in order.

    So a sender knows whether it still has the same file. Raises: UnknownMatterError, StoreError, VaultError.
    """
    upload = get_upload(entered, name)
    return tuple((part.size, _find_digest(entered, upload, part)) for part in upload.parts)


def _find_digest(entered: Entered, upload: Upload, part: UploadPart) -> str:
    told, content = _open_part(entered, upload, part)
    if told:  # it was checked when the part arrived
        return told.hex()
    digest = hashlib.sha256()
    for data in content:
        digest.update(data)
    return digest.hexdigest()


def receive_upload(entered: Entered, name: str) -> ReceivedFile:
    """Return a whole upload as a file that an act can name; the upload stays until it is dropped.

    Raises: UploadConflictError where part of it is missing; UnknownMatterError, StoreError, VaultError.
    """
    upload = get_upload(entered, name)
    if not upload.is_whole:
        raise UploadConflictError(upload.offset)
    return receive(entered.organisation, entered.stream, _read(entered, upload))


def read_upload(entered: Entered, name: str) -> Iterator[bytes]:
    """Yield the content of somebody's own whole upload; it stays until it is dropped.

    Raises: UploadConflictError where part of it is missing; UnknownMatterError, StoreError, VaultError.
    """
    upload = get_upload(entered, name)
    if not upload.is_whole:
        raise UploadConflictError(upload.offset)
    return _read(entered, upload)


def drop_upload(entered: Entered, name: str) -> None:
    """Delete somebody's own upload. Raises: UnknownMatterError for any other name."""
    get_upload(entered, name)
    entered.organisation.ports.uploads.drop(entered.stream, name)


def sweep_uploads(organisation: Organisation, *, older_than: timedelta = IDLE) -> int:
    """Delete what stayed idle, and return how many uploads that were. Safe at any time and in several processes."""
    idle = organisation.ports.uploads.idle(older_than)
    for stream, name in idle:
        organisation.ports.uploads.drop(stream, name)
    return len(idle)


def _find(organisation: Organisation, stream: StreamId, name: str) -> tuple[str, Upload] | None:
    """Return whose upload it is, and the upload; None where there is none, or the matter's key is another by now."""
    found = organisation.ports.uploads.find(stream, name) if _NAME.fullmatch(name) else None
    if found is None:
        return None
    note, parts = found
    end = 2 + int.from_bytes(note[:2], "big")
    try:
        (key,) = unwrap_keys(note[2:end], _bind(name), organisation.stream_key(stream))
        said = parse_canonical(AESGCM(key).decrypt(_NONCE, note[end:], _bind(name)))
    except (InvalidTag, VaultError):
        return None
    match said:
        case {"person": str() as person, "file_name": str() as file_name, "size": int() as size, **more}:
            offset, modified = sum(one.size for one in parts), str(more.get("modified", ""))
            return person, Upload(name, file_name, size, offset, key, parts, modified)
        case _:
            return None


def _read(entered: Entered, upload: Upload) -> Iterator[bytes]:
    for part in upload.parts:
        yield from _open_part(entered, upload, part)[1]


def _open_part(entered: Entered, upload: Upload, part: UploadPart) -> tuple[bytes, Iterator[bytes]]:
    """Return what a part says of itself, and its content. Raises: StoreError, VaultError, also while it is read."""
    begin, pieces = bytearray(), entered.organisation.ports.uploads.read(entered.stream, upload.name, part)
    for piece in pieces:
        begin += piece
        if len(begin) >= _SALT:
            break
    key = _derive(upload.key, part.number, bytes(begin[:_SALT]))
    return open_file(key, chain((bytes(begin[_SALT:]),), pieces))


def _derive(key: bytes, number: int, salt: bytes) -> bytes:
    """Return the key of one part, which begins with its salt: it seals that part, as it was sent once, and no other."""
    return HKDF(SHA256(), _KEY, salt, _NOTE + number.to_bytes(8, "big")).derive(key)


def _bind(name: str) -> bytes:
    return _NOTE + name.encode()
