"""What was made of an exhibit, lodged beside it: by somebody, as a file, or by the programs that looked at it.

The original stays as it is. Excerpts, redactions and transcripts that are typed have operations of their own.
A transcript is heard by a program only where the installation brings one.
"""

from datetime import datetime
from os import fstat
from tempfile import TemporaryFile
from typing import BinaryIO, Final, cast

from msgspec.structs import replace

from alteram.core.acts import ExhibitDerived, get_spec
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.operations.attachments import drop_attachments
from alteram.operations.bundle_ports import PageMaking
from alteram.operations.disclosure.sources import read_title, write_pages
from alteram.operations.entries import Entered
from alteram.operations.evidence_ports import EvidenceTools, Unshown
from alteram.operations.exhibits.incoming import ReceivedFile
from alteram.operations.exhibits.lodging import lodge_derived, lodge_with
from alteram.operations.exhibits.opening import OpenedExhibit, open_exhibit
from alteram.operations.exhibits.stored import StoredFile
from alteram.operations.exhibits.texts import read_text
from alteram.operations.exhibits.transcripts import VTT, write_transcript
from alteram.operations.perform import Performed, rule_on

_BLOCK: Final = 1 << 20
#: What is made by hand, or by a program elsewhere, and comes as a file.
AS_A_FILE: Final = ("translation", "transcript", "text", "pages")
#: What the programs here make of an exhibit.
BY_PROGRAM: Final = ("text", "pages")
_RECORDED: Final = ("flac", "matroska")


class UnmadeError(AlteramError):
    """A copy could not be made, or its file may not be kept; nothing was recorded."""


def lodge_copy(
    entered: Entered, tools: EvidenceTools, act: ExhibitDerived, received: ReceivedFile, *, now: datetime
) -> Performed | Refused:
    """Lodge a file that somebody made of an exhibit, or say why that is closed to whoever entered; then it is deleted.

    Its kind is found here. It is looked at by no program but the scanner. Raises: UnmadeError where that finds
    something, and the file is deleted too; UnknownMatterError, BusyError, StoreError, VaultError.
    """
    organisation, stream, sealed = entered.organisation, entered.stream, received.sealed
    opened = _open(entered, act, now)
    if isinstance(opened, Refused):
        drop_attachments(organisation, stream, (sealed,))
        return opened
    stored = StoredFile(organisation, stream, sealed.attachment.sha256, sealed.attachment.size, sealed.key)
    if tools.scanning.scan(stored.read()).answer == "found":
        drop_attachments(organisation, stream, (sealed,))
        raise UnmadeError(
            phrase("The scanner found something in this file; nothing was recorded."),
            remedy=phrase("Save it anew as plain text, or lodge it as an exhibit of its own: it is then quarantined."),
        )
    media = tools.sniffing.detect(received.head, received.tail, file_name=act.file_name or "").media
    whole = replace(act, digest=received.digest_hex, size=received.size, media=media)
    return lodge_with(organisation, stream, whole, entered.person, (sealed,), now=now)


def make_copy(entered: Entered, making: PageMaking, act: ExhibitDerived, *, now: datetime) -> Performed | Refused:
    """Lodge the text that programs found in an exhibit, or its pages: as pictures, of what is text as it is printed.

    Raises: UnmadeError where it has none; BundleError, UnknownMatterError, BusyError, StoreError, VaultError.
    """
    opened = _open(entered, act, now)
    if isinstance(opened, Refused):
        return opened
    stored = opened.stored
    tool = stored.read_facts().get("tool")
    made = replace(act, by_hand=False, tool=str(tool) if tool else None)
    with TemporaryFile() as out:
        if made.how == "text":
            media, ends = "text/plain", "txt"
            out.write(read_text(stored).strip().encode())
        else:
            media, ends = "application/pdf", "pdf"
            write_pages(stored, making, cast("BinaryIO", out), title=read_title(stored) or act.of)
        out.flush()
        if not fstat(out.fileno()).st_size:
            raise UnmadeError(
                phrase("The programs found nothing of this kind in it."),
                remedy=phrase("Make it by hand, and lodge it as a file."),
            )
        out.seek(0)
        content = iter(lambda: out.read(_BLOCK), b"")
        made = replace(made, file_name=f"{act.exhibit}.{ends}")
        return lodge_derived(entered.organisation, entered.stream, made, entered.person, content, media=media, now=now)


def write_down(
    entered: Entered, tools: EvidenceTools, act: ExhibitDerived, *, language: str, now: datetime
) -> Performed | Refused:
    """Lodge a transcript of a recording as a program heard it; that may take as long as the recording lasts.

    Raises: UnmadeError where none is set up, or it heard nothing; UnknownMatterError, BusyError, StoreError,
    VaultError.
    """
    opened = _open(entered, act, now)
    if isinstance(opened, Refused):
        return opened
    if tools.speech is None or opened.stored.form not in _RECORDED:
        raise UnmadeError(
            phrase("No program here writes down what is said in it."),
            remedy=phrase("Type it on its page, or lodge it as a file."),
        )
    with tools.workplace() as folder:
        source = folder / "recording"
        with source.open("xb") as out:
            out.writelines(opened.stored.get("form").read())
        cues = tools.speech.write_down(source, language)
    if isinstance(cues, Unshown) or not cues:
        why = cues.detail if isinstance(cues, Unshown) else ""
        raise UnmadeError(
            phrase("The program wrote down nothing. {why}", why=why),
            remedy=phrase("Type it on its page, or lodge it as a file."),
        )
    made = replace(act, by_hand=False, tool=tools.speech.name(), file_name=f"{act.exhibit}.vtt")
    content = [write_transcript(cues).encode()]
    # Lodged when it was written down, and not when that began.
    return lodge_derived(entered.organisation, entered.stream, made, entered.person, content, media=VTT)


def may_copy(entered: Entered) -> bool:
    """Return whether the part of whoever entered lets them lodge copies at all."""
    spec = get_spec(ExhibitDerived)
    rule = entered.rulebook.find_act_rule(spec.name)
    return not frozenset(spec.by if rule is None else rule.by).isdisjoint(entered.reader.roles)


def _open(entered: Entered, act: ExhibitDerived, now: datetime) -> OpenedExhibit | Refused:
    """Return the exhibit that it is made of; or why that is closed, or why the rules refuse the copy."""
    ruling = rule_on(entered.organisation, entered.stream, act, entered.person, now=now)
    return ruling if isinstance(ruling, Refused) else open_exhibit(entered, act.of, now=now)
