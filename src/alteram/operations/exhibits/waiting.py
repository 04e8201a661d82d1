"""A file that arrived and waits to be lodged: what it takes to go on, sealed under the matter's key.

It says by whom it is lodged, as what, and which file: with the matter's key gone it is nothing. The file itself waits
in the store, and is swept away with what nobody named after a day; or it is an upload, which stays for a week.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from alteram.core.acts import ExhibitDerived, ExhibitLodged
from alteram.core.acts.codec import convert_fields, encode_fields
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.instants import encode_instant, parse_instant
from alteram.core.kernel.phrases import phrase
from alteram.core.record import Attachment
from alteram.core.vault.pieces import PieceCutter
from alteram.operations.exhibits.incoming import Ends, ReceivedFile
from alteram.operations.exhibits.stored import StoredFile
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StoreError
from alteram.operations.recording import SealedAttachment
from alteram.operations.sealed_notes import open_note, seal_note

_LABEL: Final = b"alteram/waiting-exhibit/v1\x00"
_EXCERPT_LABEL: Final = b"alteram/waiting-excerpt/v1\x00"
_KEPT_LABEL: Final = b"alteram/kept-file/v1\x00"
#: For so long a file can be lodged that came with a form that was refused: well before it is swept away.
KEPT: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class ArrivedFile:
    """A file that need not be sent again: whose it is, since when, and where it waits: as a file or as an upload."""

    person: PersonId
    name: str
    size: int
    at: datetime
    sealed: SealedAttachment | None = None
    upload: str = ""


@dataclass(frozen=True, slots=True)
class WaitingExhibit:
    """What is to be lodged, and the file that arrived for it."""

    act: ExhibitLodged
    file: ArrivedFile

    @property
    def person(self) -> PersonId:
        """Return who lodges it."""
        return self.file.person


def seal_arrived(organisation: Organisation, stream: StreamId, file: ArrivedFile) -> bytes:
    """Return what it takes to lodge a file later, sealed, to be kept outside the record."""
    return _seal(organisation, stream, _describe(file), file, _KEPT_LABEL)


def open_arrived(
    organisation: Organisation, stream: StreamId, sealed: bytes, person: PersonId, *, now: datetime
) -> ArrivedFile:
    """Return what was sealed for a person. Raises: StoreError where it is another's, too old, or was altered."""
    said, key = open_note(organisation, stream, sealed, label=_KEPT_LABEL)
    file = _read(said, key)
    if file.person != person or (file.sealed is not None and now - file.at > KEPT):
        raise StoreError(phrase("The file is here no longer."), remedy=phrase("Choose it again."))
    return file


def seal_waiting(organisation: Organisation, stream: StreamId, waiting: WaitingExhibit) -> bytes:
    """Return it sealed, to be kept outside the record until it is lodged."""
    said = {**_describe(waiting.file), "act": encode_fields(waiting.act)}
    return _seal(organisation, stream, said, waiting.file, _LABEL)


def open_waiting(organisation: Organisation, stream: StreamId, sealed: bytes) -> WaitingExhibit:
    """Return what was sealed. Raises: StoreError where the matter's key is another by now, or it was altered."""
    said, key = open_note(organisation, stream, sealed, label=_LABEL)
    match said:
        case {"act": dict() as act}:
            return WaitingExhibit(convert_fields(ExhibitLodged, act), _read(said, key))
        case _:
            raise _unreadable()


def seal_excerpt(organisation: Organisation, stream: StreamId, act: ExhibitDerived) -> bytes:
    """Return an excerpt that is to be lodged, sealed likewise; the act says which pieces of which exhibit it is."""
    return seal_note(organisation, stream, encode_fields(act), label=_EXCERPT_LABEL)


def open_excerpt(organisation: Organisation, stream: StreamId, sealed: bytes) -> ExhibitDerived:
    """Return what was sealed. Raises: StoreError where the matter's key is another by now, or it was altered."""
    said, _ = open_note(organisation, stream, sealed, label=_EXCERPT_LABEL)
    if not isinstance(said, dict):
        raise _unreadable()
    return convert_fields(ExhibitDerived, said)


def _seal(
    organisation: Organisation, stream: StreamId, said: dict[str, Json], file: ArrivedFile, label: bytes
) -> bytes:
    return seal_note(organisation, stream, said, label=label, key=b"" if file.sealed is None else file.sealed.key)


def _describe(file: ArrivedFile) -> dict[str, Json]:
    said: dict[str, Json] = {
        "person": file.person,
        "name": file.name,
        "size": file.size,
        "at": encode_instant(file.at),
        "upload": file.upload,
    }
    if file.sealed is not None:
        said |= {"sha256": file.sealed.attachment.sha256, "stored": file.sealed.attachment.size}
    return said


def _read(said: Json, key: bytes) -> ArrivedFile:
    match said:
        case {"person": str() as person, "name": str() as name, "size": int() as size, "at": str() as at} if isinstance(
            said, dict
        ):
            file = ArrivedFile(PersonId(person), name, size, parse_instant(at), upload=str(said.get("upload", "")))
        case _:
            raise _unreadable()
    match said:
        case {"sha256": str() as digest, "stored": int() as stored}:
            return replace(file, sealed=SealedAttachment(Attachment(digest, stored), key))
        case _:
            return file


def _unreadable() -> StoreError:
    return StoreError(phrase("What waits here does not open under the matter's key."))


def receive_waiting(organisation: Organisation, stream: StreamId, sealed: SealedAttachment) -> ReceivedFile:
    """Return the file as it was when it had just arrived, read once more from the store.

    Raises: StoreError where it was swept away, VaultError.
    """
    cutter, digest, size, ends = PieceCutter(sealed.key), sha256(), 0, Ends()
    stored = StoredFile(organisation, stream, sealed.attachment.sha256, sealed.attachment.size, sealed.key)
    for block in stored.read():
        cutter.write(block)
        digest.update(block)
        size += len(block)
        ends.take(block)
    return ReceivedFile(sealed, digest.hexdigest(), size, cutter.finish(), ends.head, ends.tail)
