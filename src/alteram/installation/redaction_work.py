"""Making a redaction: long work that its maker asks for, looks at, changes and lodges. One for each exhibit and person.

What is cut out, and what is known of it afterwards, is sealed: a row says who works on which exhibit, and how far.
"""

import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import QuerySet

from alteram.core.disclosure.redaction_proofs import Kind
from alteram.core.disclosure.redactions import Asked
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.background import LongWork, Tell, Work, ask_for, count_parts, find_own_work
from alteram.installation.exhibit_tools import find_disclosure_tools, find_evidence_tools
from alteram.installation.organisations import get_organisation, read_now
from alteram.operations.disclosure.redacting import RedactionTools, make_redaction
from alteram.operations.disclosure.waiting_redactions import (
    WaitingRedaction,
    drop_redaction,
    open_asked,
    open_redaction,
    seal_asked,
    seal_redaction,
)
from alteram.operations.entries import Entered, enter
from alteram.operations.ports import StoreError

KIND: Final = "redaction"
#: What was asked for is kept for so long after it was made, unless it is lodged or thrown away.
_KEPT: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class RedactionWork:
    """How far a redaction is: what is to be cut out, and, once it was made, what came of it."""

    work: Work
    asked: tuple[Asked, ...]
    waiting: WaitingRedaction | None = None

    @property
    def kind(self) -> Kind:
        """Return as which kind of file it is made."""
        kind: Kind = self.work.given.get("kind", "pdf")  # what was asked for before there were others is a PDF
        return kind

    @property
    def can_be_lodged(self) -> bool:
        """Return whether it was made and nothing that was cut out was found in it."""
        return self.waiting is not None and not self.waiting.made.leaks


def ask_for_redaction(
    asking: Asking, entered: Entered, exhibit: str, asked: Sequence[Asked], *, kind: Kind = "pdf"
) -> str:
    """Have a redaction made, and return the name of the work; one that is under way is waited for.

    Raises: BusyError, RedactionError where it is too much. What was made before, and not lodged, is deleted.
    """
    found = find_redaction(asking, entered, exhibit)
    if found is not None and found.work.is_under_way:
        return found.work.key
    sealed = b64encode(seal_asked(entered.organisation, entered.stream, asked)).decode()
    given = {"stream": entered.stream, "person": entered.person, "exhibit": exhibit, "kind": kind, "sealed": sealed}
    # Words can be guessed: nothing is made of them that could be compared, not even a digest.
    name = secrets.token_hex(16)
    ask_for(asking.name, KIND, name, given)
    if found is not None:
        _forget(entered, found)
    return name


def find_redaction(asking: Asking, entered: Entered, exhibit: str) -> RedactionWork | None:
    """Return the redaction of an exhibit that whoever entered works on. What does not open any longer is none."""
    row = _find(asking, entered, exhibit).order_by("-pk").first()
    work = None if row is None else find_own_work(asking.name, entered.stream, entered.person, row.key)
    if work is None:
        return None
    try:
        asked = open_asked(entered.organisation, entered.stream, b64decode(work.given["sealed"]))
        sealed = (work.outcome or {}).get("sealed")
        waiting = sealed and open_redaction(entered.organisation, entered.stream, b64decode(sealed))
    except StoreError:
        return None
    return RedactionWork(work, asked, waiting or None)


def forget_redaction(asking: Asking, entered: Entered, exhibit: str, *, is_lodged: bool = False) -> None:
    """Throw away what was to be cut out, and what was made; the files are left where they are lodged."""
    found = find_redaction(asking, entered, exhibit)
    if found is not None and not found.work.is_under_way:
        _forget(entered, found, is_lodged=is_lodged)


def sweep_redactions(organisation: str) -> None:
    """Forget what was to be cut out long ago; what was made of it was swept away before. Safe at any time."""
    LongWork.objects.filter(organisation=organisation, kind=KIND, ended_at__lt=read_now() - _KEPT).delete()


def run_redaction(organisation: str, given: Any, tell: Tell) -> Any:
    """Make it and look for what was cut out. See `background`."""
    opened = get_organisation(organisation).organisation
    try:
        entered = enter(opened, StreamId(given["stream"]), PersonId(given["person"]))
        made = make_redaction(
            entered,
            find_redaction_tools(),
            given["exhibit"],
            open_asked(opened, entered.stream, b64decode(given["sealed"])),
            now=read_now().replace(microsecond=0),
            kind=given.get("kind", "pdf"),
            begin=lambda parts: count_parts(tell, parts),
        )
    except AlteramError as error:
        return {"problem": error.problem, "remedy": error.remedy}
    if isinstance(made, Refused):
        return {"refused": made.because, "missing": list(made.missing)}
    return {"sealed": b64encode(seal_redaction(opened, entered.stream, made)).decode()}


def find_redaction_tools() -> RedactionTools:
    """Return what makes redactions."""
    tools = find_disclosure_tools()
    return RedactionTools(tools.bundles.making, tools.redacting, find_evidence_tools())


def _find(asking: Asking, entered: Entered, exhibit: str) -> QuerySet[LongWork]:
    return LongWork.objects.filter(
        organisation=asking.name,
        kind=KIND,
        given__stream=entered.stream,
        given__person=entered.person,
        given__exhibit=exhibit,
    )


def _forget(entered: Entered, found: RedactionWork, *, is_lodged: bool = False) -> None:
    if found.waiting is not None and not is_lodged:
        drop_redaction(entered.organisation, entered.stream, found.waiting)
    LongWork.objects.filter(kind=KIND, key=found.work.key).delete()
