"""A redaction that was made and waits to be lodged: what is lodged is then what was looked at, to the byte.

All that is known of it is sealed under the matter's key, for it holds the very words that are cut out. Its files wait
in the store, and are swept away with what nobody named after a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from alteram.core.disclosure.redaction_proofs import Kind
from alteram.core.disclosure.redactions import Asked, RedactionError
from alteram.core.kernel.canonical import Json, encode_canonical, parse_canonical
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.phrases import phrase
from alteram.core.record import Attachment
from alteram.core.vault.pieces import parse_piece_list
from alteram.operations.attachments import drop_attachments
from alteram.operations.bundle_ports import MadeRedaction
from alteram.operations.exhibits.stored import MAX_FACTS, StoredFile
from alteram.operations.kept_texts import decode_text, encode_text
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StoreError
from alteram.operations.recording import SealedAttachment
from alteram.operations.sealed_notes import open_note, seal_note

_ASKED: Final = b"alteram/redaction-asked/v1\x00"
_MADE: Final = b"alteram/redaction-made/v1\x00"
#: So many bytes of words and places, as they are kept: what was made of them then fits into a note as well.
MOST_ASKED: Final = 400_000
#: What of a redaction is said to people, and kept with what a translation needs.
_SAID: Final = ("doubtful", "leaks")
#: The original, its pages as pictures, the list of those, and what programs found of it.
_WITH_PAGES: Final = 4


@dataclass(frozen=True, slots=True)
class WaitingRedaction:
    """A redaction of `of`, with its files in the order in which an act names them; none where it leaks.

    Of its pages, the first `of_pages` are those of the exhibit; the others list the cuts.
    """

    of: str
    made: MadeRedaction
    of_pages: int
    digest: str = ""
    size: int = 0
    files: tuple[SealedAttachment, ...] = ()
    kind: Kind = "pdf"

    @property
    def has_pages(self) -> bool:
        """Return whether its pages can be shown."""
        return len(self.files) == _WITH_PAGES


class _File(msgspec.Struct):
    sha256: str
    stored: int
    key: bytes


class _Waiting(msgspec.Struct):
    of: str
    made: MadeRedaction
    of_pages: int
    digest: str
    size: int
    files: list[_File]
    #: What waited before there were others is a PDF.
    kind: Kind = "pdf"


def seal_asked(organisation: Organisation, stream: StreamId, asked: Sequence[Asked]) -> bytes:
    """Return what is to be cut out, sealed. Raises: RedactionError where that is more than one redaction takes."""
    said = msgspec.to_builtins(list(asked))
    if len(encode_canonical(said)) > MOST_ASKED:
        raise RedactionError(
            phrase("More is to be cut out than one redaction takes."), remedy=phrase("Make one of a part of it first.")
        )
    return seal_note(organisation, stream, said, label=_ASKED)


def open_asked(organisation: Organisation, stream: StreamId, sealed: bytes) -> tuple[Asked, ...]:
    """Return what was sealed. Raises: StoreError where the matter's key is another by now, or it was altered."""
    return tuple(msgspec.convert(open_note(organisation, stream, sealed, label=_ASKED)[0], list[Asked]))


def seal_redaction(organisation: Organisation, stream: StreamId, waiting: WaitingRedaction) -> bytes:
    """Return all that is known of a redaction, with the keys of its files, sealed."""
    files = [_File(one.attachment.sha256, one.attachment.size, one.key) for one in waiting.files]
    whole = _Waiting(waiting.of, waiting.made, waiting.of_pages, waiting.digest, waiting.size, files, waiting.kind)
    said = msgspec.to_builtins(whole, enc_hook=encode_text)
    return seal_note(organisation, stream, said, label=_MADE)


def open_redaction(organisation: Organisation, stream: StreamId, sealed: bytes) -> WaitingRedaction:
    """Return what was sealed. Raises: StoreError where the matter's key is another by now, or it was altered."""
    said: Any = open_note(organisation, stream, sealed, label=_MADE)[0]
    doubtful, leaks = (tuple(map(decode_text, said["made"][name])) for name in _SAID)
    told = msgspec.convert(said | {"made": said["made"] | dict.fromkeys(_SAID, ())}, _Waiting)
    made = replace(told.made, doubtful=doubtful, leaks=leaks)
    files = tuple(SealedAttachment(Attachment(one.sha256, one.stored), one.key) for one in told.files)
    return WaitingRedaction(told.of, made, told.of_pages, told.digest, told.size, files, told.kind)


def drop_redaction(organisation: Organisation, stream: StreamId, waiting: WaitingRedaction) -> None:
    """Delete the files of a redaction that is not lodged."""
    drop_attachments(organisation, stream, waiting.files)


def read_page(organisation: Organisation, stream: StreamId, waiting: WaitingRedaction, number: int) -> bytes | None:
    """Return a page as the picture that was made of it; None where there is none. Raises: StoreError, VaultError."""
    if not waiting.has_pages:
        return None
    _, form, listed, _ = find_files(organisation, stream, waiting)
    pieces = parse_piece_list(b"".join(listed.read()))
    return form.read_range(*pieces.find_span(number, number + 1)) if number < len(pieces) else None


def read_made_text(organisation: Organisation, stream: StreamId, waiting: WaitingRedaction) -> str | None:
    """Return a redaction that is a text; None where it is none, or leaks. Raises: StoreError, VaultError."""
    if waiting.kind != "text" or not waiting.files:
        return None
    return b"".join(find_files(organisation, stream, waiting)[0].read()).decode()


def read_sizes(organisation: Organisation, stream: StreamId, waiting: WaitingRedaction) -> tuple[tuple[int, int], ...]:
    """Return width and height of each page's picture. Raises: StoreError where its files were swept away."""
    if not waiting.files:
        return ()
    facts: Json = parse_canonical(b"".join(find_files(organisation, stream, waiting)[-1].read()), max_size=MAX_FACTS)
    found = facts.get("sizes") if isinstance(facts, dict) and waiting.has_pages else None
    return msgspec.convert(found or (), tuple[tuple[int, int], ...])


def find_files(organisation: Organisation, stream: StreamId, waiting: WaitingRedaction) -> tuple[StoredFile, ...]:
    """Return the files of a redaction as they are stored."""
    return tuple(
        StoredFile(organisation, stream, one.attachment.sha256, one.attachment.size, one.key) for one in waiting.files
    )


def check_waiting(organisation: Organisation, stream: StreamId, waiting: WaitingRedaction) -> None:
    """Raise StoreError where one of its files is there no longer."""
    attachments = organisation.ports.attachments
    try:
        for one in waiting.files:
            attachments.read(stream, one.attachment.sha256, 0, 1)
    except StoreError as error:
        raise StoreError(
            phrase("It waited for more than a day, and was deleted."),
            remedy=phrase("What is to be blacked out is kept: have it made again."),
        ) from error
