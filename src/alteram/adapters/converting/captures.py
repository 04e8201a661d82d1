"""Captured web pages: what the file says of its capture, and the text out of it. Read confined, shown as text only."""

from pathlib import Path
from typing import Final

from alteram.adapters.converting.asking import WORKER, ask
from alteram.operations.evidence_ports import Capture, ConfinedPrograms, Limits, Unshown

#: Kinds in which a page can have been captured.
KINDS: Final = frozenset({"application/warc", "multipart/related", "text/html", "application/xhtml+xml"})


class CaptureReader:
    """Implements Captures: WARC, MHTML and pages saved as a single file."""

    def __init__(self, programs: ConfinedPrograms, *, limits: Limits = WORKER) -> None:
        """Read by `programs`."""
        self._programs = programs
        self._limits = limits

    def read_capture(self, source: Path, media: str) -> Capture | Unshown:
        """Return what a capture says of itself, and its text."""
        if media not in KINDS:
            return Unshown("not-shown", f"{media} is no captured page that is read here.")
        if not source.stat().st_size:
            return Unshown("empty", "The file is empty.")
        return ask(self._programs, "capture", Capture, source=source, limits=self._limits, media=media)
