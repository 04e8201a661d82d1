"""What stands on a page for people to read and is neither in a pseudo-language nor data."""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import yaml

from tests.web import exhibit_scenes, scenes
from tests.web.pseudo import find_known
from tests.web.walking import PEOPLE, VALUES

#: What is data wherever it stands: times, names and codes of the record, and what somebody wrote.
DATA_TAGS: Final = frozenset({"time", "code", "script", "style", "textarea", "datalist", "pre"})
DATA_CLASSES: Final = frozenset({"id", "clause", "person", "prose"})
#: Attributes that are read out or shown.
SHOWN: Final = ("alt", "title", "aria-label", "placeholder", "label", "aria-description")
#: The keys of a rulebook under which its prose stands.
PROSE: Final = frozenset({"title", "text", "source", "notes"})
#: People are called by their identifiers where the directory has no name for them.
WHO: Final = frozenset((*PEOPLE.values(), *scenes.MEMBERS, *scenes.PANEL))
NEVER_CLOSED: Final = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_PSEUDO: Final = re.compile(r"[^\x00-\x7f]+")
_LETTER: Final = re.compile(r"[A-Za-z]")


class Left(HTMLParser):
    """Gathers what stands on a page for people to read and is neither translated nor data."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        excused = self._excused or _is_data(tag, given)
        shown = [given.get(name) or "" for name in SHOWN]
        if tag == "input" and given.get("type") in {"submit", "button", "reset"}:
            shown.append(given.get("value") or "")
        if tag == "meta" and given.get("name") == "description":
            shown.append(given.get("content") or "")
        if not excused:
            self.found.extend(filter(None, map(find_left, shown)))
        if tag not in NEVER_CLOSED:
            self._open.append((tag, excused))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._excused:
            self.found.extend(filter(None, [find_left(data)]))

    @property
    def _excused(self) -> bool:
        return bool(self._open) and self._open[-1][1]


def _is_data(tag: str, given: dict[str, str | None]) -> bool:
    classes = set((given.get("class") or "").split())
    return tag in DATA_TAGS or bool(classes & DATA_CLASSES) or given.get("translate") == "no"


@cache
def find_left(text: str) -> str:
    """Return a text of which a run is in ASCII letters and no piece of the data; nothing where none is."""
    data, shown = gather_data(), " ".join(text.split())
    if _is_fine(shown, data):
        return ""
    for piece in _long():  # a piece of several words may stand within a sentence
        shown = re.sub(re.escape(piece), "", shown, flags=re.IGNORECASE) if piece in shown.lower() else shown
    *runs, last = _PSEUDO.split(shown)
    if shown.endswith("…"):  # what was too long for a picture is cut short there
        runs[-1] = "" if any(one.startswith(_bare(runs[-1])) for one in data) else runs[-1]
    return "" if all(_is_fine(one, data) for one in (*runs, last)) else text.strip()[:200]


def _is_fine(run: str, data: frozenset[str]) -> bool:
    if _bare(run) in data:
        return True
    pieces = (one.strip(" ().,") for one in re.split(r", | · |: |; | \(", run))
    return all(one in WHO or _bare(one) in data or not _LETTER.search(one) for one in pieces)


@cache
def _long() -> tuple[str, ...]:
    return tuple(sorted((one for one in gather_data() if one.count(" ") > 2), key=len, reverse=True))


def _bare(text: str) -> str:
    """Return a text without what stands around its words."""
    return " ".join(text.split()).strip(" .,:;()!?/·–-+0123456789%").lower()


@cache
def gather_data() -> frozenset[str]:
    """Return every piece of what the organisation and its people wrote: its rules, what happened.

    A single word that a translator is given is none of it, wherever it came from, lest it hide one that was left out.
    """
    prose, other = set[str](), set[str]()
    for shelf in ("rulebooks", "packs"):
        for path in Path(str(files("alteram"))).joinpath(shelf).rglob("*.yaml"):
            if path.parent.name != "histories":
                for key, text in _texts(yaml.safe_load(path.read_text())):
                    (prose if key in PROSE else other).add(text)
    scene = (one for module in (scenes, exhibit_scenes) for one in ast.walk(ast.parse(inspect.getsource(module))))
    other.update(one.value for one in scene if isinstance(one, ast.Constant) and isinstance(one.value, str))
    other.update(f"{one}@caucus.invalid" for one in PEOPLE.values())
    other.update((*VALUES.values(), "Alteram", f"{scenes.CAUCUS}.example/log"))
    other = {one.replace("-", " ").replace("_", " ") for one in other if not one[:1].isdigit()} | other
    return (frozenset(map(_bare, prose)) | frozenset(map(_bare, other)) - set(map(_bare, find_known()))) - {""}


def _texts(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text of a file with the key it stands under."""
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        yield from (found for name, one in value.items() for found in _texts(one, str(name)))
    elif isinstance(value, list):
        yield from (found for one in value for found in _texts(one, key))


def read_left(html: str) -> list[str]:
    parser = Left()
    parser.feed(html)
    parser.close()
    return parser.found
