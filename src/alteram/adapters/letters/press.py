"""A press that prints letters: the shipped templates, with an organisation's own laid over them.

An organisation's folder `letters/` may hold a template of the name of a shipped one, which then counts in its place,
others that those import, and fonts in `letters/fonts/`. Where one of its own does not print, the shipped ones do, and
it is told why. The same data, day, templates and fonts give the same bytes: no clock is read, and fonts of the machine
only for a letter in which something is written that none of the others has.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

from alteram.adapters.letters.wording import find_beyond, find_missing, prepare
from alteram.core.kernel.canonical import Json
from alteram.operations.printing import LetterError, LetterTemplate, Printed

#: What a letter may be, at most: data in, bytes out, and seconds by the clock on the wall.
MAX_DATA: Final = 4 << 20
MAX_PRINTED: Final = 32 << 20
MAX_TEMPLATE: Final = 1 << 18
SECONDS: Final = 40
_PPI: Final = 110
_SHOWN_PAGES: Final = 12
#: How often characters that no font has are replaced before every one beyond the Latin ones is.
_TRIES: Final = 3
_LATIN: Final = 0x24F
#: What all letters share: a template, but no letter.
SHARED: Final = "letter"
_Form = Literal["pdf", "png"]


class TypstPress:
    """Implements LetterPress. `folder` is where an organisation keeps templates of its own; it need not exist.

    `spare` are folders of fonts that are read where those that ship, and the organisation's own, lack a character.
    """

    def __init__(self, folder: Path | None = None, *, spare: Sequence[Path] = ()) -> None:
        """Print with what ships and what `folder` holds."""
        self._folder = folder
        self._spare = tuple(str(one) for one in spare if one.is_dir())

    def templates(self) -> tuple[LetterTemplate, ...]:
        """Return every template, by name, with what ships and what the organisation has in its place."""
        shipped, own = dict(_read_shipped()), dict(self._read_own())
        return tuple(LetterTemplate(name, shipped.get(name, ""), own.get(name)) for name in sorted({*shipped, *own}))

    def print_pdf(self, letter: str, data: Mapping[str, Json], *, dated_at: datetime) -> Printed:
        """Return a letter as tagged PDF. Raises: LetterError when the shipped template does not print either."""
        own = dict(self._read_own())
        if not own:
            return Printed(self._print(letter, data, dated_at, {})[0])
        try:
            return Printed(self._print(letter, data, dated_at, own)[0])
        except LetterError as error:
            return Printed(self._print(letter, data, dated_at, {})[0], problem=error.problem)

    def print_pages(
        self, letter: str, data: Mapping[str, Json], *, dated_at: datetime, shipped: bool = False
    ) -> tuple[bytes, ...]:
        """Return a letter's first pages as pictures. Raises: LetterError, also for a template of the organisation's."""
        own = {} if shipped else dict(self._read_own())
        # PDF/UA refuses what no font can show; a picture would show a box. So the pictures go by the words of the PDF.
        _, missing, spare = self._print(letter, data, dated_at, own)
        return self._run(letter, prepare(dict(data), missing), dated_at, own, form="png", spare=spare)[:_SHOWN_PAGES]

    def _print(
        self, letter: str, data: Mapping[str, Json], dated_at: datetime, own: Mapping[str, str]
    ) -> tuple[bytes, frozenset[str], tuple[str, ...]]:
        """Return the PDF, the characters in it that are told by their numbers, and the spare fonts it needed."""
        missing: frozenset[str] = frozenset()
        spare: tuple[str, ...] = ()
        for turn in range(_TRIES + 2):
            try:
                said = prepare(dict(data), missing)
                return self._run(letter, said, dated_at, own, form="pdf", spare=spare)[0], missing, spare
            except LetterError as error:
                found = find_missing(error.diagnostic) if turn < _TRIES else find_beyond(dict(data), _LATIN)
                if not found - missing:
                    raise
                if self._spare and not spare:
                    spare = self._spare
                else:
                    missing |= found
        raise LetterError(f"The letter {letter} holds characters that cannot be printed.")

    def _run(
        self,
        letter: str,
        data: Json,
        dated_at: datetime,
        own: Mapping[str, str],
        *,
        form: _Form,
        spare: Sequence[str],
    ) -> tuple[bytes, ...]:
        encoded = json.dumps(data, ensure_ascii=False, sort_keys=True)
        if len(encoded) > MAX_DATA:
            raise LetterError("The letter is too long to be printed.", remedy="Say less, or attach it as a file.")
        with TemporaryDirectory(prefix="letter-") as root, as_file(_shipped("fonts")) as fonts:
            for name, text in {**dict(_read_shipped()), **own}.items():
                (Path(root) / f"{name}.typ").write_text(text, encoding="utf-8")
            mine = [] if self._folder is None else [str(self._folder / "fonts")]
            job = {
                "root": root,
                "main": f"{letter}.typ",
                "fonts": [str(fonts), *(one for one in mine if Path(one).is_dir()), *spare],
                "data": encoded,
                "format": form,
                "ppi": _PPI,
                "timestamp": int(dated_at.timestamp()),
            }
            return _ask_worker(letter, job, root)

    def _read_own(self) -> Iterator[tuple[str, str]]:
        if self._folder is None or not self._folder.is_dir():
            return
        for path in sorted(self._folder.glob("*.typ"))[:100]:
            # A link could lead anywhere on this machine: what it leads to would be printed.
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= MAX_TEMPLATE:
                yield path.stem, path.read_bytes().decode("utf-8", "replace")


def _shipped(folder: str) -> Path:
    # Installed as files always: package data of a package that is unpacked.
    return Path(str(files("alteram.adapters.letters").joinpath(folder)))


def _read_shipped() -> Iterator[tuple[str, str]]:
    for path in sorted(_shipped("templates").glob("*.typ")):
        yield path.stem, path.read_text(encoding="utf-8")


def _ask_worker(letter: str, job: dict[str, object], root: str) -> tuple[bytes, ...]:
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "alteram.adapters.letters.worker"],
            input=json.dumps(job).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
            cwd=root,
        )
    except subprocess.TimeoutExpired as error:
        raise _took_too_long(letter) from error
    head, _, rest = ended.stdout[: MAX_PRINTED + (1 << 16)].partition(b"\n")
    if ended.returncode != 0 or not head:
        raise _took_too_long(letter)
    answer = json.loads(head)
    if "error" in answer:
        diagnostic = str(answer["diagnostic"]).replace(f"{root}/", "").replace(root, "")
        raise LetterError(_tell(diagnostic, str(answer["error"])), remedy=_REMEDY, diagnostic=diagnostic)
    if sum(answer["sizes"]) > MAX_PRINTED:
        raise LetterError("The letter comes out too large.", remedy="Take pictures out of the template.")
    parts, at = [], 0
    for size in answer["sizes"]:
        parts.append(rest[at : at + size])
        at += size
    return tuple(parts)


_REMEDY: Final = "Mend the template; until then the shipped one is used."


def _took_too_long(letter: str) -> LetterError:
    return LetterError(f"Printing {letter} took more time or memory than it may.", remedy=_REMEDY)


def _tell(diagnostic: str, message: str) -> str:
    """Return what is wrong with the file, line and column that typst names, in one line."""
    place = next((line.partition("─")[2].strip() for line in diagnostic.splitlines() if "┌─" in line), "")
    file, _, where = place.rpartition("/")
    line = where or file
    return f"{line}: {message}" if line else message
