"""A file that arrived and waits for programs to look at it: what it takes to go on, sealed under the matter's key.

It says what is lodged, by whom, and which file: with the matter's key gone it is nothing. The file itself waits in the
store, and is swept away with what nobody named after a day.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from alteram.core.acts import ExhibitLodged
from alteram.core.acts.codec import convert_fields, encode_fields
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.phrases import phrase
from alteram.core.record import Attachment
from alteram.core.vault.pieces import PieceCutter
from alteram.operations.exhibits.incoming import ENDS, ReceivedFile
from alteram.operations.exhibits.stored import StoredFile
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StoreError
from alteram.operations.recording import SealedAttachment
from alteram.operations.sealed_notes import open_note, seal_note

_LABEL: Final = b"alteram/waiting-exhibit/v1\x00"


@dataclass(frozen=True, slots=True)
class WaitingExhibit:
    """What is to be lodged, by whom, and the file that arrived for it."""

    act: ExhibitLodged
    person: PersonId
    sealed: SealedAttachment


def seal_waiting(organisation: Organisation, stream: StreamId, waiting: WaitingExhibit) -> bytes:
    """Return it sealed, to be kept outside the record until it is lodged."""
    said: dict[str, Json] = {
        "act": encode_fields(waiting.act),
        "person": waiting.person,
        "sha256": waiting.sealed.attachment.sha256,
        "stored": waiting.sealed.attachment.size,
    }
    return seal_note(organisation, stream, said, label=_LABEL, key=waiting.sealed.key)


def open_waiting(organisation: Organisation, stream: StreamId, sealed: bytes) -> WaitingExhibit:
    """Return what was sealed. Raises: StoreError where the matter's key is another by now, or it was altered."""
    said, file_key = open_note(organisation, stream, sealed, label=_LABEL)
    match said:
        case {"act": dict() as act, "person": str() as person, "sha256": str() as digest, "stored": int() as stored}:
            attachment = SealedAttachment(Attachment(digest, stored), file_key)
            return WaitingExhibit(convert_fields(ExhibitLodged, act), PersonId(person), attachment)
        case _:
            raise StoreError(phrase("What waits here does not open under the matter's key."))


def receive_waiting(organisation: Organisation, stream: StreamId, sealed: SealedAttachment) -> ReceivedFile:
    """Return the file as it was when it had just arrived, read once more from the store.

    Raises: StoreError where it was swept away, VaultError.
    """
    cutter, digest, size = PieceCutter(sealed.key), sha256(), 0
    head, tail = bytearray(), b""
    stored = StoredFile(organisation, stream, sealed.attachment.sha256, sealed.attachment.size, sealed.key)
    for block in stored.read():
        cutter.write(block)
        digest.update(block)
        size += len(block)
        head += block[: max(0, ENDS - len(head))]
        tail = (tail + block)[-ENDS:]
    return ReceivedFile(sealed, digest.hexdigest(), size, cutter.finish(), bytes(head), tail)
