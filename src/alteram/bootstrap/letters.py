"""The press an organisation prints its letters with."""

from pathlib import Path

from alteram.adapters.letters import TypstPress
from alteram.operations.printing import LetterPress


def open_press(folder: Path) -> LetterPress:
    """Return a press with the templates that ship, and those in `letters/` of an organisation's folder over them."""
    return TypstPress(folder / "letters")
