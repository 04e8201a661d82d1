"""A procedure as a picture: its stages one below the other, each with what is told of it, as SVG.

It draws words that it is given, in the colour of the text around it, so that it reads on paper and on a dark screen. It
chooses no words and holds no style; the same is told as a table beside it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Final

WIDTH: Final = 640
_LEFT, _BOX, _LINE, _PAD, _GAP = 8, 624, 20, 12, 18
#: How many characters of its size fit into a box.
_TITLE, _TEXT = 58, 76


@dataclass(frozen=True, slots=True)
class DrawnStage:
    """A stage: its title, what is told below it, and what brings a matter here."""

    title: str
    told: tuple[str, ...] = ()
    entered_by: str = ""


def draw_stages(stages: Sequence[DrawnStage], *, name: str, title: str) -> str:
    """Return a picture of stages as one SVG element; `name` makes its identifiers unique in a page."""
    top, parts = 4, list[str]()
    for number, stage in enumerate(stages, 1):
        if number > 1 or stage.entered_by:
            drawn, top = _draw_way(stage.entered_by, top, arrow=number > 1)
            parts += drawn
        drawn, top = _draw_box(f"{number}. {stage.title}", stage.told, top)
        parts += drawn
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top + 4}" width="{WIDTH}" height="{top + 4}" '
        f'class="stages" role="img" aria-labelledby="{escape(name)}-title" font-size="14" fill="currentColor">'
        f'<title id="{escape(name)}-title">{escape(title)}</title>'
    )
    return f"{head}{''.join(parts)}</svg>"


def draw_sheet(title: str, drawings: Iterable[tuple[str, str]]) -> str:
    """Return drawings, each under its title, as one SVG document that stands alone: black on white, for print."""
    top, parts = 40, list[str]()
    for name, drawing in drawings:
        parts += [
            f'<text x="{_LEFT}" y="{top + 24}" font-size="18" font-weight="700" fill="#000">{escape(name)}</text>',
            drawing.replace("<svg ", f'<svg y="{top + 36}" color="#000" ', 1),
        ]
        top += 36 + _find_height(drawing) + 24
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}" '
        'font-family="sans-serif" color="#000" role="img" aria-labelledby="sheet-title">'
        f'<title id="sheet-title">{escape(title)}</title><rect width="{WIDTH}" height="{top}" fill="#fff"/>'
        f'<text x="{_LEFT}" y="26" font-size="20" font-weight="700" fill="#000">{escape(title)}</text>'
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{"".join(parts)}</svg>\n'


def _find_height(drawing: str) -> int:
    return int(drawing.partition(' height="')[2].partition('"')[0])


def _draw_box(title: str, told: Iterable[str], top: int) -> tuple[list[str], int]:
    lines = [(line, True) for line in wrap(title, _TITLE)]
    lines += [(line, False) for one in told for line in wrap(one, _TEXT)]
    height = len(lines) * _LINE + 2 * _PAD - 4
    frame = (
        f'<rect x="{_LEFT}" y="{top}" width="{_BOX}" height="{height}" rx="6" fill="none" stroke="currentColor" '
        'stroke-width="1.5"/>'
    )
    return [frame, *_draw_lines(lines, top + _PAD + 11)], top + height


def _draw_lines(lines: Iterable[tuple[str, bool]], first: int) -> Iterator[str]:
    for number, (line, bold) in enumerate(lines):
        weight = ' font-weight="700" font-size="16"' if bold else ""
        yield f'<text x="{_LEFT + _PAD}" y="{first + number * _LINE}"{weight}>{escape(line)}</text>'


def _draw_way(label: str, top: int, *, arrow: bool) -> tuple[list[str], int]:
    lines = wrap(label, _TEXT - 8)
    height = max(len(lines) * _LINE + _GAP, 30) if arrow else len(lines) * _LINE + 8
    middle, end = _LEFT + 28, top + height
    parts = []
    if arrow:
        parts = [
            f'<path d="M{middle} {top}V{end - 6}" fill="none" stroke="currentColor" stroke-width="1.5"/>',
            f'<path d="M{middle - 5} {end - 8}L{middle + 5} {end - 8}L{middle} {end - 1}Z"/>',
        ]
    first = top + (_GAP // 2 if arrow else 0) + 14
    parts += [
        f'<text x="{middle + 16}" y="{first + number * _LINE}" font-style="italic">{escape(line)}</text>'
        for number, line in enumerate(lines)
    ]
    return parts, end
