"""Tracing a leaked file to a marked copy: long work. The file waits sealed, and is deleted once it was looked at.

What it came to names people, and is kept sealed under the matter's key.
"""

from base64 import b64decode, b64encode
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from alteram.core.kernel.canonical import Json
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.vault import open_stored_file
from alteram.installation.asking import Asking
from alteram.installation.background import LongWork, Tell, Work, ask_for, count_parts, find_works
from alteram.installation.exhibit_tools import find_disclosure_tools
from alteram.installation.organisations import get_organisation
from alteram.operations.disclosure.copies import find_traceable, trace_leak
from alteram.operations.entries import Entered, enter
from alteram.operations.exhibits.uploads import add_to_upload, begin_upload, drop_upload, read_upload
from alteram.operations.recording import SealedAttachment
from alteram.operations.sealed_notes import open_note, seal_note

_TRACE: Final = "trace"
_TOLD: Final = b"alteram/trace-told/v1\x00"


def ask_for_trace(asking: Asking, entered: Entered, sealed: SealedAttachment) -> Work:
    """Have a leaked file traced; it is copied, sealed, to where it waits. Raises: BusyError, AttachmentError."""
    found = sealed.attachment
    kept = entered.organisation.ports.attachments.get(entered.stream, found.sha256)
    opened = open_stored_file(sealed.key, found.sha256, found.size, kept)
    upload = begin_upload(entered, "leak", opened.size)
    try:
        add_to_upload(entered, upload.name, 0, opened.content)
        ended = LongWork.objects.filter(organisation=asking.name, kind=_TRACE, given__stream=entered.stream)
        ended.filter(given__person=entered.person).exclude(ended_at=None).delete()
        given = {"stream": entered.stream, "person": entered.person, "upload": upload.name}
        return ask_for(asking.name, _TRACE, upload.name, given)
    except BaseException:
        drop_upload(entered, upload.name)
        raise


def find_trace(asking: Asking, entered: Entered) -> Work | None:
    """Return the last trace that whoever entered asked for in this matter. Raises: StoreError for another key."""
    asked = find_works(asking.name, _TRACE)
    mine = (one for one in asked if (one.given["stream"], one.given["person"]) == (entered.stream, entered.person))
    found = next(mine, None)
    if found is None or "sealed" not in (found.outcome or {}):
        return found
    told, _ = open_note(entered.organisation, entered.stream, b64decode(found.outcome["sealed"]), label=_TOLD)
    return replace(found, outcome=told)


def run_trace(organisation: str, given: Any, tell: Tell) -> Any:
    """Trace it. See `background`."""
    opened = get_organisation(organisation).organisation
    entered = enter(opened, StreamId(given["stream"]), PersonId(given["person"]))
    # Opening the file, each bundle that was served, comparing them all, the end.
    count = count_parts(tell, len(find_traceable(entered)) + 3)
    try:
        with TemporaryDirectory(prefix="leak-") as folder:
            leaked = Path(folder, "leaked")
            with leaked.open("xb") as out:
                out.writelines(read_upload(entered, given["upload"]))
            count()
            traced = trace_leak(entered, find_disclosure_tools().marking, leaked, count=count)
    except AlteramError as error:
        return {"problem": error.problem, "remedy": error.remedy}
    finally:
        drop_upload(entered, given["upload"])
    told: Json = {
        "people": [[person, bundle] for person, bundle, _chance in traced.people],
        "error": traced.error,
        "why": traced.leak.why,
        "digest": traced.digest_hex,
    }
    return {"sealed": b64encode(seal_note(entered.organisation, entered.stream, told, label=_TOLD)).decode()}
