"""The programs that look at files that are lodged, chosen: confined by bubblewrap, with the scanner that is set up.

ALTERAM_CLAMD   where clamd answers: the path of its socket, or HOST:PORT; empty, nothing is scanned
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from alteram.adapters.converting.captures import CaptureReader
from alteram.adapters.converting.documents import DocumentReader
from alteram.adapters.converting.recordings import RecordingReader
from alteram.adapters.converting.sandbox import Sandbox
from alteram.adapters.converting.scanning import ClamDaemon, NoScanner
from alteram.adapters.converting.sniffing import Sniffer
from alteram.adapters.converting.threads import ThreadReader
from alteram.operations.evidence_ports import EvidenceTools, Scanning

SCANNER = "ALTERAM_CLAMD"


def build_evidence_tools(folder: Path | None = None, *, scanner: str | None = None) -> EvidenceTools:
    """Return the tools. `folder` is where they put what they work on for a moment; else where the system puts such.

    `scanner` is where clamd answers, else what the environment says.
    """
    programs = Sandbox()
    return EvidenceTools(
        sniffing=Sniffer(programs),
        scanning=_choose_scanner(os.environ.get(SCANNER, "") if scanner is None else scanner),
        documents=DocumentReader(programs, workplace=folder),
        threads=ThreadReader(programs),
        captures=CaptureReader(programs),
        recordings=RecordingReader(programs),
        workplace=lambda: _lend(folder),
    )


def _choose_scanner(place: str) -> Scanning:
    host, _, port = place.rpartition(":")
    if host and port.isdecimal():
        return ClamDaemon((host, int(port)))
    return ClamDaemon(Path(place)) if place else NoScanner()


@contextmanager
def _lend(folder: Path | None) -> Iterator[Path]:
    """Lend a folder that only we read; whatever is in it afterwards is deleted."""
    with TemporaryDirectory(prefix="exhibit-", dir=folder) as lent:
        yield Path(lent)
