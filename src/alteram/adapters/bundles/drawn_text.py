"""In a worker: the text that a content stream draws, seen or not: clipped, white, unseen, off the page, in a layer.

Each font's codes are read by its own table of characters, then as Latin letters, since a table may lie.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from alteram.adapters.bundles.cleaning import UNREADABLE

_RANGE: Final = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_TOKEN: Final = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])")
_MAX_RANGE: Final = 70_000
#: By how much of a letter a gap in an array of text is a space.
_SPACE: Final = -180


class Fonts:
    """What the fonts of a file make of codes, each read once."""

    def __init__(self) -> None:
        """Know none yet."""
        self._known: dict[tuple[int, int], tuple[dict[int, str], int]] = {}

    def decode(self, font: Any, data: bytes) -> str:
        """Return what codes say in a font; empty where it has no table."""
        if not isinstance(font, Dictionary):
            return ""
        key = font.objgen if font.is_indirect else (id(font), -1)
        if key not in self._known:
            self._known[key] = _read_font(font)
        table, wide = self._known[key]
        codes = [int.from_bytes(data[at : at + wide], "big") for at in range(0, len(data), wide)]
        return "".join(table.get(code, "") for code in codes)


def read_drawn(pdf: Pdf, data: bytes, resources: Any, fonts: Fonts) -> Iterator[tuple[str, str]]:
    """Yield what is drawn: by the fonts' tables, and as letters; with where it stands, where that is no drawing."""
    font: Any = None
    by_table: list[str] = []
    as_letters: list[str] = []
    known = resources.get(Name.Font, Dictionary()) if isinstance(resources, Dictionary) else Dictionary()
    for instruction in pikepdf.parse_content_stream(Stream(pdf, data)):
        operands, operator = list(instruction.operands), str(instruction.operator)
        match operator:
            case "Tf" if operands and isinstance(operands[0], Name):
                font = known.get(operands[0])
            case "Tj" | "'" | '"' if operands:
                _take(operands[-1], font, fonts, by_table, as_letters)
                if operator != "Tj":
                    by_table.append("\n")
                    as_letters.append("\n")
            case "TJ" if operands and isinstance(operands[0], Array):
                for one in operands[0]:
                    if isinstance(one, pikepdf.String):
                        _take(one, font, fonts, by_table, as_letters)
                    elif float(one) < _SPACE:
                        by_table.append(" ")
                        as_letters.append(" ")
            case "Td" | "TD" | "T*" | "Tm" | "ET":
                # Letters that are placed one by one are still a word; words that are placed, still words.
                by_table.append("\u200b" if operator in {"Td", "Tm"} else "\n")
                as_letters.append("\u200b" if operator in {"Td", "Tm"} else "\n")
            case "BDC" | "DP":
                yield from _read_marked(operands, resources)
            case _:
                pass
    for texts in (by_table, as_letters):
        whole = "".join(texts)
        yield "", whole.replace("\u200b", " ")
        yield "", whole.replace("\u200b", "")


def _take(value: Any, font: Any, fonts: Fonts, by_table: list[str], as_letters: list[str]) -> None:
    if isinstance(value, pikepdf.String):
        data = bytes(value)
        by_table.append(fonts.decode(font, data))
        as_letters.append(data.decode("latin-1").replace("\0", ""))


def _read_marked(operands: list[Any], resources: Any) -> Iterator[tuple[str, str]]:
    """Yield what marked content says in place of what it draws."""
    for operand in operands[1:]:
        said = operand
        if isinstance(operand, Name) and isinstance(resources, Dictionary):
            said = resources.get(Name.Properties, Dictionary()).get(operand)
        if isinstance(said, Dictionary):
            for key in (Name.ActualText, Name.Alt, Name.E, Name.Contents, Name.Title):
                if isinstance(said.get(key), pikepdf.String):
                    yield "text in place of what is drawn", str(said[key])


def _read_font(font: Object) -> tuple[dict[int, str], int]:
    """Return a font's characters by code, and how many bytes a code has."""
    wide = 2 if font.get(Name.Subtype) == Name.Type0 else 1
    table: dict[int, str] = {} if wide == 2 else {code: bytes([code]).decode("cp1252", "ignore") for code in range(256)}
    try:
        _add_differences(font.get(Name.Encoding), table)
        mapping = font.get(Name.ToUnicode)
        if isinstance(mapping, Stream):
            table.update(_read_mapping(mapping.read_bytes()))
    except UNREADABLE:
        pass
    return table, wide


def _add_differences(encoding: Any, table: dict[int, str]) -> None:
    if not isinstance(encoding, Dictionary):
        return
    code = 0
    for one in encoding.get(Name.Differences, ()):
        if isinstance(one, Name):
            table[code] = _letter(str(one)[1:])
            code += 1
        else:
            code = int(one)


def _letter(glyph: str) -> str:
    """Return the letter a glyph is named for: itself, its code, or one by the first letter of a long name."""
    if len(glyph) == 1:
        return glyph
    if match := re.fullmatch(r"uni([0-9A-F]{4})|u([0-9A-F]{4,6})", glyph):
        return chr(int(match[1] or match[2], 16))
    named = {"space": " ", "hyphen": "-", "period": ".", "comma": ",", "adieresis": "ä", "odieresis": "ö"}
    return {**named, "udieresis": "ü", "germandbls": "ß", "eacute": "é"}.get(glyph, "")


def _read_mapping(data: bytes) -> dict[int, str]:
    table: dict[int, str] = {}
    for kind, block in _RANGE.findall(data):
        tokens = [(bytes(one[0]), one[1] or one[2]) for one in _TOKEN.findall(block)]
        values = [mark or _hex(text) for text, mark in tokens]
        if kind == b"char":
            for code, text in zip(values[::2], values[1::2], strict=False):
                table[int.from_bytes(code, "big")] = _told(text)
        else:
            _add_ranges(values, table)
    return table


def _add_ranges(values: list[bytes], table: dict[int, str]) -> None:
    at = 0
    while at + 2 < len(values):
        first, last = (int.from_bytes(one, "big") for one in values[at : at + 2])
        if values[at + 2] == b"[":
            end = values.index(b"]", at) if b"]" in values[at:] else len(values)
            for offset, text in enumerate(values[at + 3 : end]):
                table[first + offset] = _told(text)
            at = end + 1
            continue
        start = int.from_bytes(values[at + 2][-2:], "big")
        before = values[at + 2][:-2]
        for offset in range(min(last - first + 1, _MAX_RANGE)):
            table[first + offset] = _told(before + ((start + offset) & 0xFFFF).to_bytes(2, "big"))
        at += 3


def _hex(text: bytes) -> bytes:
    digits = b"".join(text.split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


def _told(text: bytes) -> str:
    return text.decode("utf-16-be", "ignore")
