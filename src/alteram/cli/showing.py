"""How commands speak: plain lines for people, one JSON document for machines, and three exit statuses."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, NoReturn, TypeAlias

import typer
from rich.console import Console
from rich.text import Text

from alteram.core.kernel.canonical import Json
from alteram.core.kernel.errors import AlteramError

#: Exit statuses: done; refused, or a check that failed; bad input.
DONE, NO, BAD_INPUT = 0, 1, 2

AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Answer with one JSON document.")]

#: What a machine is answered: JSON.
Value: TypeAlias = Json

_STYLES = {
    "PASS": "green",
    "FAIL": "bold red",
    "UNKNOWN": "bold yellow",
    "RULED": "cyan",
    "ALLOWED": "green",
    "REFUSED": "bold red",
}
_console = Console(highlight=False, soft_wrap=True)
_errors = Console(stderr=True, highlight=False, soft_wrap=True)


def show(value: Value, lines: Iterable[str], *, as_json: bool) -> None:
    """Show an answer: `value` to a machine, `lines` to a person."""
    if as_json:
        sys.stdout.write(json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    else:
        for line in lines:
            say(line)


def say(line: str = "") -> None:
    """Print one line, its leading verdict coloured on a terminal."""
    text = Text(line)
    word = line.strip().partition(" ")[0].rstrip(":")
    if word in _STYLES:
        text.stylize(_STYLES[word], len(line) - len(line.lstrip()), len(line) - len(line.lstrip()) + len(word))
    _console.print(text)


def stop(status: int) -> NoReturn:
    """End the command with an exit status."""
    raise typer.Exit(status)


@contextmanager
def reporting(*, as_json: bool) -> Iterator[None]:
    """Turn what cannot be done into a plain message and exit status 2."""
    try:
        yield
    except AlteramError as error:
        _fail(str(getattr(error, "code", "input")), error.problem, error.remedy, as_json=as_json)
    except OSError as error:
        _fail("file", tell_problem(error), _find_remedy(error), as_json=as_json)


def tell_problem(error: AlteramError | OSError) -> str:
    """Return what an error says, in one line."""
    if isinstance(error, AlteramError):
        return f"{error.problem} {error.remedy}".rstrip()
    return f"{error.filename or 'A file'}: {error.strerror or error}."


def _find_remedy(error: OSError) -> str:
    """Return what to do about a file that could not be read or written, where that is plain."""
    if isinstance(error, FileExistsError):
        return "Nothing is written over: choose another name, or move what is there."
    return "Check its name and its folder." if isinstance(error, FileNotFoundError) else ""


def _fail(code: str, problem: str, remedy: str, *, as_json: bool) -> NoReturn:
    if as_json:
        sys.stdout.write(json.dumps({"error": {"code": code, "problem": problem, "remedy": remedy}}) + "\n")
    else:
        _errors.print(Text(f"{problem}{f' {remedy}' if remedy else ''}"))
    raise typer.Exit(BAD_INPUT)
