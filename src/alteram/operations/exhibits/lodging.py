"""Lodging an exhibit: what arrived is looked at, put into the form its pieces are cut from, and named by an act.

What a program makes of a file never decides whether it is evidence: a file that nothing can read is lodged as it came.
A scanner's find lodges it too, closed to all but its keepers.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from alteram.core.acts import ExhibitDerived, ExhibitLodged
from alteram.core.kernel.canonical import Json, encode_canonical
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.phrases import phrase
from alteram.core.tlog.ranges import compute_packed_root
from alteram.core.vault.pieces import CUT_EVENLY, Form, PieceCollector, PieceList
from alteram.operations.attachments import drop_attachments
from alteram.operations.evidence_ports import Detected, EvidenceTools, Scanned
from alteram.operations.exhibits.forms import MadeForm, is_looked_at, make_form, show_nothing
from alteram.operations.exhibits.incoming import IncomingFile, ReceivedFile, receive, seal_small
from alteram.operations.exhibits.stored import StoredFile
from alteram.operations.organisation import Organisation
from alteram.operations.perform import Performed, perform
from alteram.operations.ports import StoreUnavailableError
from alteram.operations.recording import SealedAttachment

#: So much is kept of what a program calls a kind of file, or what it found: as much as a label holds.
_MOST_OF_A_LABEL: Final = 200


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that was looked at, with all that an act says of it, and its files in the order the act names them."""

    received: ReceivedFile
    detected: Detected
    scanned: Scanned
    form: Form
    pieces: PieceList
    attachments: tuple[SealedAttachment, ...]


def prepare(
    organisation: Organisation,
    stream: StreamId,
    received: ReceivedFile,
    tools: EvidenceTools,
    *,
    kind: str,
    file_name: str = "",
    told: Mapping[str, Json] | None = None,
) -> Prepared:
    """Return a file that arrived, looked at and put into pieces; `told` is what is known of it already.

    Raises: StoreError, VaultError, ConfinementError, and StoreUnavailableError where there is no room to look at it;
    what arrived then waits to be swept away.
    """
    detected = tools.sniffing.detect(received.head, received.tail, file_name=file_name)
    stored = _as_stored(organisation, stream, received.sealed)
    scanned = tools.scanning.scan(stored.read())
    facts: dict[str, Json] = {
        **(told or {}),
        "media": detected.media,
        "detected": [list(pair) for pair in zip(detected.detectors, (detected.first, detected.second), strict=True)],
        "warnings": list(detected.warnings),
        "scan": scanned.answer,
    }
    form: Form = "bytes"
    pieces, forms, films = received.pieces, list[SealedAttachment](), list[SealedAttachment]()
    if scanned.answer == "found":
        pass  # no other program opens it
    elif not is_looked_at(tools, kind, detected.media):
        facts |= show_nothing(detected.media).facts
    else:
        with tools.workplace() as folder:
            made = _look(tools, stored, folder, kind, detected.media)
            facts |= made.facts
            if made.blocks is not None:
                form = made.form
                sealed, pieces = _seal_form(organisation, stream, made, made.blocks())
                forms.append(sealed)
            if made.film is not None:
                films.append(receive(organisation, stream, made.film()).sealed)
    listed = seal_small(organisation, stream, pieces.encode())
    found = seal_small(organisation, stream, encode_canonical(facts))
    return Prepared(received, detected, scanned, form, pieces, (received.sealed, *forms, listed, found, *films))


def lodge_exhibit(
    organisation: Organisation,
    stream: StreamId,
    act: ExhibitLodged,
    person: PersonId,
    prepared: Prepared | None = None,
    *,
    now: datetime | None = None,
    keeps_original: bool = False,
) -> Performed:
    """Lodge an exhibit, with its file where it has one (a physical item has none).

    It is durable on return; refused, its files are deleted, but for the original where that is kept to be lodged anew.
    Raises: BusyError, StoreError, MalformedError; then they wait to be swept away, because the act may have been
    recorded all the same.
    """
    if prepared is None:
        return perform(organisation, stream, act, person, now=now)
    whole = replace(
        act,
        digest=prepared.received.digest_hex,
        size=prepared.received.size,
        media=prepared.detected.media[:_MOST_OF_A_LABEL],
        scanned=prepared.scanned.answer in {"clean", "found"},
        malware=(prepared.scanned.name or "unnamed")[:_MOST_OF_A_LABEL] if prepared.scanned.answer == "found" else None,
        form=prepared.form,
        pieces=len(prepared.pieces),
        tree=compute_packed_root(prepared.pieces.hashes).hex(),
    )
    return lodge_with(organisation, stream, whole, person, prepared.attachments, now=now, keeps_original=keeps_original)


def lodge_derived(
    organisation: Organisation,
    stream: StreamId,
    act: ExhibitDerived,
    person: PersonId,
    content: Iterable[bytes],
    *,
    media: str,
    films: tuple[SealedAttachment, ...] = (),
    now: datetime | None = None,
) -> Performed:
    """Lodge what was made of an exhibit, such as a transcript; `films` is a copy of it that plays, where there is one.

    Raises and deletes as `lodge_exhibit` does.
    """
    received = receive(organisation, stream, content)
    whole = replace(act, digest=received.digest_hex, size=received.size, media=media)
    return lodge_with(organisation, stream, whole, person, (received.sealed, *films), now=now)


def lodge_with(
    organisation: Organisation,
    stream: StreamId,
    act: ExhibitLodged | ExhibitDerived,
    person: PersonId,
    attachments: tuple[SealedAttachment, ...],
    *,
    now: datetime | None,
    keeps_original: bool = False,
) -> Performed:
    """Lodge an exhibit, or what was made of one, with files that are sealed already. Refused, they are deleted.

    The first of them, the original, stays where it is kept to be lodged anew.
    """
    done = perform(organisation, stream, act, person, attachments=attachments, now=now)
    if not done:
        drop_attachments(organisation, stream, attachments[1 if keeps_original else 0 :])
    return done


def _look(tools: EvidenceTools, stored: StoredFile, folder: Path, kind: str, media: str) -> MadeForm:
    """Return the form of a file, from a copy of it that is deleted with its folder."""
    source, made = folder / "source", folder / "made"
    made.mkdir(mode=0o700)
    try:
        with source.open("xb") as target:
            for block in stored.read():
                target.write(block)
    except OSError as error:
        remedy = phrase("Make room on the disk of temporary files, or name another in TMPDIR; then lodge it again.")
        raise StoreUnavailableError(phrase("There is no room to look at the file."), remedy=remedy) from error
    return make_form(tools, source, made, kind=kind, media=media)


def _seal_form(
    organisation: Organisation, stream: StreamId, made: MadeForm, blocks: Iterator[bytes]
) -> tuple[SealedAttachment, PieceList]:
    if made.form in CUT_EVENLY:
        received = receive(organisation, stream, blocks)
        return received.sealed, received.pieces
    incoming = IncomingFile(organisation, stream)
    collector = PieceCollector(incoming.key)
    try:
        for piece in blocks:
            collector.add(piece)
            incoming.write(piece)
    except BaseException:
        incoming.abandon()
        raise
    return incoming.finish().sealed, collector.finish()


def _as_stored(organisation: Organisation, stream: StreamId, sealed: SealedAttachment) -> StoredFile:
    return StoredFile(organisation, stream, sealed.attachment.sha256, sealed.attachment.size, sealed.key)
