"""The programs that look at files that are lodged, and make bundles of them, chosen; confined by bubblewrap.

ALTERAM_CLAMD   where clamd answers: the path of its socket, or HOST:PORT; empty, nothing is scanned
ALTERAM_SPEECH  the command that writes down speech, called with a recording and a language; empty, people type it
"""

import os
import shlex
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

from alteram.adapters.bundles.building import BundleBuilder
from alteram.adapters.bundles.checked_redactions import CheckedRedactor, NameFinder
from alteram.adapters.bundles.copies import BundleCopies
from alteram.adapters.bundles.page_making import PageMaker
from alteram.adapters.bundles.redacting import Redactor
from alteram.adapters.bundles.sheets import Sheets
from alteram.adapters.bundles.verifying import RedactionChecker
from alteram.adapters.confining.interpreter import find_interpreter, find_settings
from alteram.adapters.confining.sandbox import Sandbox
from alteram.adapters.converting.captures import CaptureReader
from alteram.adapters.converting.documents import DocumentReader
from alteram.adapters.converting.marked_recordings import RecordingMarker
from alteram.adapters.converting.recordings import RecordingReader
from alteram.adapters.converting.scanning import ClamDaemon, NoScanner
from alteram.adapters.converting.sniffing import Sniffer
from alteram.adapters.converting.speech import SpeechProgram
from alteram.adapters.converting.threads import ThreadReader
from alteram.operations.disclosure.bundling import BundleTools
from alteram.operations.evidence_ports import EvidenceTools, Scanning

SCANNER = "ALTERAM_CLAMD"
SPEECH = "ALTERAM_SPEECH"
_FONT = "DejaVuSans.ttf"


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
        speech=SpeechProgram(programs, speech) if (speech := shlex.split(os.environ.get(SPEECH, ""))) else None,
    )


@dataclass(frozen=True, slots=True)
class DisclosureTools:
    """What builds bundles, marks copies of them and traces those, redacts, and finds protected names."""

    bundles: BundleTools
    marking: BundleCopies
    redacting: CheckedRedactor
    naming: NameFinder


def build_disclosure_tools(evidence: EvidenceTools | None = None, *, fonts: Sequence[Path] = ()) -> DisclosureTools:
    """Return the tools; those that look at files are `evidence`, where it is there already.

    `fonts` are folders of fonts of this machine, for what is written in characters that ours lack.
    """
    programs = Sandbox()
    documents = DocumentReader(programs) if evidence is None else evidence.documents
    with ExitStack() as stack:
        # The fonts ship with the package, which is unpacked where it is installed: they stay where they are.
        folder = stack.enter_context(as_file(files("alteram.adapters.letters") / "fonts"))
    sheets = Sheets(folder, spare=fonts)
    return DisclosureTools(
        BundleTools(BundleBuilder(sheets), PageMaker(sheets)),
        BundleCopies(
            programs,
            documents,
            folder / _FONT,
            shows=find_interpreter(),
            settings=find_settings(),
            recordings=RecordingMarker(programs, folder / _FONT),
        ),
        CheckedRedactor(Redactor(documents, sheets), RedactionChecker(documents)),
        NameFinder(),
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
