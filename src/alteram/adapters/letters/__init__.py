"""Letters printed with typst: templates and data in, tagged PDF out."""

from alteram.adapters.letters.press import TypstPress

__all__ = ["TypstPress"]
