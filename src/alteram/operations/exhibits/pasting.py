"""Words that are pasted, such as a statement or a press article, lodged as a plain text like any other file."""

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from alteram.core.acts import ExhibitLodged
from alteram.core.kernel.outcomes import Refused
from alteram.operations.attachments import drop_attachments
from alteram.operations.entries import Entered
from alteram.operations.evidence_ports import EvidenceTools
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.perform import Performed, rule_on

#: What is pasted has at most so many characters; more is lodged as a file.
MAX_PASTED: Final = 1_000_000


def lodge_pasted(entered: Entered, tools: EvidenceTools, act: ExhibitLodged, text: str, *, now: datetime) -> Performed:
    """Lodge a text as `act` says, with the line ends of a text file; what the rules refuse is not kept.

    Raises: ValueError for a text that is too long; ConfinementError, BusyError, StoreError, VaultError.
    """
    if len(text) > MAX_PASTED:
        raise ValueError(len(text))
    organisation, stream, name = entered.organisation, entered.stream, f"{act.exhibit}.txt"
    ruling = rule_on(organisation, stream, act, entered.person, now=now)
    if isinstance(ruling, Refused):
        return Performed(ruling)
    received = receive(organisation, stream, [text.replace("\r\n", "\n").encode()])
    try:
        prepared = prepare(organisation, stream, received, tools, kind=act.kind, file_name=name)
    except BaseException:
        drop_attachments(organisation, stream, (received.sealed,))
        raise
    return lodge_exhibit(organisation, stream, replace(act, file_name=name), entered.person, prepared, now=now)
