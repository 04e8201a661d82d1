"""The press an organisation prints its letters with."""

from collections.abc import Sequence
from pathlib import Path

from alteram.adapters.letters import TypstPress
from alteram.operations.printing import LetterPress


def open_press(folder: Path, *, fonts: Sequence[Path] = ()) -> LetterPress:
    """Return a press with the templates that ship, and those in `letters/` of an organisation's folder over them.

    `fonts` are folders of fonts of this machine, for what is written in letters that no font there has.
    """
    return TypstPress(folder / "letters", spare=fonts)
