"""Pages turn round where a language runs from right to left: the style sheet says start and end, and names no side."""

import re

import pytest

from tests.house.tree import ROOT

SHEET = ROOT / "src" / "alteram" / "web" / "static" / "alteram" / "style.css"
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SIDE = re.compile(r"\b(?:left|right)\b")
_LENGTHS = re.compile(r"\b(?:margin|padding|inset|border-width)\s*:\s*([^;}]*)")
_CALL = re.compile(r"\([^()]*\)")


def find_sides(text: str) -> list[str]:
    """Return what in a style sheet names a side: by its word, or by four lengths of which the sides differ."""
    bare = _CALL.sub("", _COMMENT.sub("", text))
    lengths = (one.split() for one in _LENGTHS.findall(bare))
    unlike = [" ".join(one) for one in lengths if len(one) == 4 and one[1] != one[3]]
    return [line.strip() for line in bare.splitlines() if _SIDE.search(line)] + unlike


def test_the_style_sheet_names_no_side() -> None:
    assert find_sides(SHEET.read_text()) == []


@pytest.mark.parametrize(
    ("rule", "names_one"),
    [
        ("p { margin-left: 1em; }", True),
        ("p { text-align: right; }", True),
        ("p { float: left }", True),
        ("p { padding: 1em 2em 1em 3em; }", True),
        ("p { padding: 1em 2em 3em 2em; }", False),
        ("p { padding: 1em 2em 3em; }", False),
        ("p { margin-inline-start: 1em; text-align: end; }", False),
        ("/* left */ p { top: 0; }", False),
    ],
)
def test_what_counts_as_a_side(rule: str, names_one: bool) -> None:
    assert bool(find_sides(rule)) is names_one
