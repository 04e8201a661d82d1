"""Has what is said in a recording written down by a program that the installation brings, confined like every other.

It is called with the recording (FLAC, or Matroska where there are pictures) and the language spoken, and answers in
WebVTT. It sees the system's programs and what lies beside them in /usr, such as its model, and no network.
"""

import shlex
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from alteram.adapters.converting.asking import FILE, explain, run
from alteram.operations.evidence_ports import ConfinedPrograms, Cue, Job, Limits, Unshown
from alteram.operations.exhibits.transcripts import MAX_TRANSCRIPT, parse_transcript

#: A recording of some hours, written down as fast as it is spoken, by a program of a few threads with a large model.
LIMITS: Final = Limits(
    seconds=6 * 3_600, cpu_seconds=24 * 3_600, memory=8 << 30, address_space=32 << 30, answer=4 * MAX_TRANSCRIPT
)
_LONGEST_NAME: Final = 200


class SpeechProgram:
    """Implements SpeechRecognition by a command."""

    def __init__(self, programs: ConfinedPrograms, command: Sequence[str], limits: Limits = LIMITS) -> None:
        """Run `command` with `programs`."""
        self._programs, self._command, self._limits = programs, tuple(command), limits

    def name(self) -> str:
        """Return the command, as the installation names it: with its model, if it is told one."""
        return shlex.join(self._command)[:_LONGEST_NAME]

    def write_down(self, source: Path, language: str) -> tuple[Cue, ...] | Unshown:
        """Return what was said, as the program heard it; or why it wrote down nothing."""
        with tempfile.TemporaryDirectory(prefix="speech-") as folder:
            command = (*self._command, f"/in/{FILE}", language)
            ended = run(self._programs, Job(command, Path(folder), {FILE: source}, self._limits))
        if isinstance(ended, Unshown):
            return ended
        if ended.how != "done":
            return explain(ended)
        cues = parse_transcript(ended.answer.decode("utf-8", "replace"))
        return Unshown("damaged", "What writes it down answered with no WebVTT.") if cues is None else cues
