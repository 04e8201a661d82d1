"""The port through which letters are printed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from alteram.core.kernel.canonical import Json
from alteram.core.kernel.errors import AlteramError


class LetterError(AlteramError):
    """A template does not print: the message names its file and line. `diagnostic` is all that typst says of it."""

    def __init__(self, problem: str, *, remedy: str = "", diagnostic: str = "") -> None:
        """Say what is wrong."""
        super().__init__(problem, remedy=remedy)
        self.diagnostic = diagnostic


@dataclass(frozen=True, slots=True)
class Printed:
    """A letter as tagged PDF; `problem` says why the organisation's own template was not used."""

    pdf: bytes
    problem: str = ""


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """A template: what ships, and what the organisation has in its place (None: nothing)."""

    name: str
    shipped: str
    own: str | None


class LetterPress(Protocol):
    """Prints letters from templates and data. The same of both, on the same day, is the same bytes."""

    def templates(self) -> tuple[LetterTemplate, ...]:
        """Return every template, by name."""
        ...

    def print_pdf(self, letter: str, data: Mapping[str, Json], *, dated_at: datetime) -> Printed:
        """Return a letter as tagged PDF; texts in `data` are plain text, whatever they say. Raises: LetterError."""
        ...

    def print_pages(
        self, letter: str, data: Mapping[str, Json], *, dated_at: datetime, shipped: bool = False
    ) -> tuple[bytes, ...]:
        """Return a letter's first pages as PNG pictures; with `shipped`, by what ships. Raises: LetterError."""
        ...
