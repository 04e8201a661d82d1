"""Exhibits in the caucus's matter: lodged as pages lodge them, looked at without any program."""

from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitLodged
from alteram.core.kernel.identifiers import PersonId
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from tests.evidence import build_plain_tools
from tests.web.scenes import COMPLAINANT, ROW, must

LETTER = b"page one\fpage two"


def lodge_letter(
    opened: Opened, exhibit: str = "e1", content: bytes = LETTER, *, kind: str = "document", by: PersonId = COMPLAINANT
) -> int:
    """Lodge something, put it into the log, and return its entry; pages are set apart by form feeds."""
    received = receive(opened.organisation, ROW, [content])
    prepared = prepare(opened.organisation, ROW, received, build_plain_tools(), kind=kind)
    act = ExhibitLodged(
        exhibit=exhibit,
        kind=kind,  # type: ignore[arg-type]  # one of them
        obtained="given",
        title=f"The letter {exhibit}",
        file_name="letter.txt",
        source="It was in the post.",
        speakers=(by,) if kind == "recording" else (),
    )
    seq = must(lodge_exhibit(opened.organisation, ROW, act, by, prepared))
    opened.integrator.run()
    return seq
