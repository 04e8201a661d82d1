"""The pages that a bundle or a redaction has of its own, printed by typst from the templates beside this file.

What is written in them is plain text, whatever it says. The same data and fonts give the same bytes.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final, cast

from alteram.adapters.bundles.workers import Bounds, BundleError, ask_worker
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.phrases import phrase

TEMPLATES: Final = Path(__file__).parent / "templates"
BOUNDS: Final = Bounds(seconds=120, memory=2 << 30, file_size=512 << 20)
#: How often characters that no font has are told by their numbers before every one beyond the Latin ones is.
_TRIES: Final = 3
_LATIN: Final = 0x24F
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]|[\ud800-\udfff]"
)
_LONG: Final = re.compile(r"\S{31,}")
_MISSING: Final = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPE: Final = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


class Sheets:
    """Prints with the fonts in `fonts`, and with those in `spare` where these lack a character."""

    def __init__(self, fonts: Path, *, spare: Sequence[Path] = ()) -> None:
        """Keep where the fonts are."""
        self._fonts = [str(fonts)]
        self._spare = [str(one) for one in spare if one.is_dir()]

    def print_pdf(self, template: str, data: Mapping[str, Json], *, dated_at: datetime) -> BinaryIO:
        """Return pages as an open PDF without a name. Raises: BundleError."""
        return self._print(template, data, dated_at, None)[0]

    def print_pictures(self, template: str, data: Mapping[str, Json], *, dated_at: datetime, ppi: int) -> list[bytes]:
        """Return pages as PNG pictures. Raises: BundleError."""
        file, sizes = self._print(template, data, dated_at, ppi)
        with file:
            return [file.read(size) for size in sizes]

    def _print(
        self, template: str, data: Mapping[str, Json], dated_at: datetime, ppi: int | None
    ) -> tuple[BinaryIO, list[int]]:
        missing: frozenset[str] = frozenset()
        fonts = self._fonts + (self._spare if _beyond(data, 0x5FF) else [])
        for turn in range(_TRIES + 2):
            out = cast("BinaryIO", TemporaryFile())  # noqa: SIM115 - handed to the caller, who closes it
            job: dict[str, Any] = {
                "root": str(TEMPLATES),
                "main": f"{template}.typ",
                "fonts": fonts,
                "data": _prepare(dict(data), missing),
                "ppi": ppi,
                "timestamp": int(dated_at.timestamp()),
                "out": out.fileno(),
            }
            answer = ask_worker("print", job, files=[out], bounds=BOUNDS)
            if "sizes" in answer:
                out.seek(0)
                return out, answer["sizes"]
            out.close()
            found = _find_missing(answer["diagnostic"]) if turn < _TRIES else _beyond(data, _LATIN)
            if not found - missing:
                raise BundleError(
                    phrase(
                        "The pages of {template} could not be printed: {why}.", template=template, why=answer["failed"]
                    )
                )
            if self._spare and fonts == self._fonts:
                fonts = self._fonts + self._spare
            else:
                missing |= found
        raise BundleError(phrase("The pages of {template} hold characters that cannot be printed.", template=template))


def _find_missing(diagnostic: str) -> frozenset[str]:
    found: set[str] = set()
    for text in _MISSING.findall(diagnostic):
        found.update(_ESCAPE.sub(lambda match: chr(int(match[1], 16)), text))
    return frozenset(one for one in found if ord(one) > 0x7E)


def _beyond(value: Json, last: int) -> frozenset[str]:
    match value:
        case str():
            return frozenset(one for one in value if ord(one) > last)
        case list() | tuple():
            return frozenset().union(*(_beyond(one, last) for one in value))
        case dict():
            return frozenset().union(*(_beyond(one, last) for one in value.values()))
        case _:
            return frozenset()


def _prepare(value: Json, missing: frozenset[str]) -> Json:
    match value:
        case str():
            seen = _UNSEEN.sub(lambda match: _number(match[0]), value.replace("\r\n", "\n").replace("\t", "    "))
            told = "".join(_number(one) if one in missing else one for one in seen)
            # Long runs without a space get places where a line may break.
            return _LONG.sub(lambda match: "\u200b".join(re.findall(".{1,30}", match[0])), told)
        case list() | tuple():
            return [_prepare(one, missing) for one in value]
        case dict():
            return {name: _prepare(one, missing) for name, one in value.items()}
        case _:
            return value


def _number(character: str) -> str:
    return f"[U+{ord(character):04X}]"
