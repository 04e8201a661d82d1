"""Exhibits in the caucus's matter: lodged as pages lodge them, looked at without any program."""

from dataclasses import dataclass, replace

from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitLodged
from alteram.core.kernel.identifiers import PersonId
from alteram.operations.evidence_ports import Detected, EvidenceTools
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from tests.evidence import build_plain_tools
from tests.web.scenes import COMPLAINANT, ROW, must

LETTER = b"page one\fpage two"


@dataclass(frozen=True, slots=True)
class Knowing:
    """Implements Sniffing: it knows what it is told beforehand."""

    media: str

    def detect(self, head: bytes, tail: bytes = b"", *, file_name: str = "", told: str = "") -> Detected:
        return Detected(self.media, self.media, self.media, agree=True, detectors=("told", "told"))


def lodge_letter(
    opened: Opened,
    exhibit: str = "e1",
    content: bytes = LETTER,
    *,
    kind: str = "document",
    by: PersonId = COMPLAINANT,
    tools: EvidenceTools | None = None,
    media: str | None = None,
) -> int:
    """Lodge something, put it into the log, and return its entry; pages are set apart by form feeds.

    `media` is what kind of file it counts as, where these tools would not know.
    """
    tools = build_plain_tools() if tools is None else tools
    if media is not None:
        tools = replace(tools, sniffing=Knowing(media))
    received = receive(opened.organisation, ROW, [content])
    prepared = prepare(opened.organisation, ROW, received, tools, kind=kind)
    act = ExhibitLodged(
        exhibit=exhibit,
        kind=kind,  # type: ignore[arg-type]  # one of them
        obtained="given",
        title="The letter",
        file_name="letter.txt",
        source="It was in the post.",
        speakers=(by,) if kind == "recording" else (),
    )
    seq = must(lodge_exhibit(opened.organisation, ROW, act, by, prepared))
    opened.integrator.run()
    return seq
