"""The task `text`: plain text, CSV, HTML and SVG as text. No cell is computed, no mark-up is followed."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from alteram.adapters.converting.plain_text import MAX_TEXT, decode, tame
from alteram.adapters.converting.unreadable import NotShownError

#: Bytes of a text that are read.
MAX_BYTES: Final = 8 << 20
_HIDDEN: Final = frozenset({"script", "style", "template", "noscript", "iframe", "object", "embed"})
_BLOCKS: Final = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "text", "title"})
#: A cell that begins as a formula does: a sign, then a name with a bracket, a bar or a reference.
_COMPUTED: Final = re.compile(r"(?m)(?:^|[,;\t])[\"']?\s?[=+@-][A-Za-z0-9.+=@-]{1,40}(?:\(|\||!|$|[,;\t])")


def read_text(arguments: Mapping[str, str], source: Path, _out: Path) -> dict[str, object]:
    """Return a file as text, with what was found that a program could have followed."""
    with source.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if not data:
        raise NotShownError("empty", "The file is empty.")
    notices = []
    text, encoding = decode(data[:MAX_BYTES])
    if encoding == "windows-1252":
        notices.append("The encoding was guessed: Windows-1252.")
    media = arguments["media"]
    if media in {"text/html", "image/svg+xml", "application/xhtml+xml", "text/xml"}:
        text, active = strip_markup(text)
        notices += [f"Not followed: {what}." for what in active]
    if _COMPUTED.search(text[:MAX_TEXT]) is not None:
        notices.append("Cells that a spreadsheet would compute are shown as they stand.")
    if len(data) > MAX_BYTES or len(text) > MAX_TEXT:
        notices.append("Only its beginning is shown.")
    return {"text": tame(text), "page_count": 0, "notices": notices, "tool": "alteram text"}


def strip_markup(text: str) -> tuple[str, list[str]]:
    """Return the text in mark-up, and words for what in it is active."""
    stripper = _Stripper()
    try:
        text = text[: 4 * MAX_TEXT]
        # Comments without an end would be read again from every one of their beginnings: here the last one has an end.
        stripper.feed(text + "-->" if text.rfind("<!--") > text.rfind("-->") else text)
        stripper.close()
    except AssertionError:  # the standard library's parser meets a declaration that is none
        stripper.active.add("broken declarations")
    return "".join(stripper.parts), sorted(stripper.active)


class _Stripper(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.active: set[str] = set()
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden += 1
            self.active.add(f"<{tag}>")
        if tag in _BLOCKS:
            self.parts.append("\n")
        for name, value in attrs:
            if name.startswith("on"):
                self.active.add("scripts in attributes")
            if (value or "").strip().lower().startswith(("javascript:", "data:text/html")):
                self.active.add("links that are scripts")
            if name in {"src", "srcset"} or (name.endswith("href") and tag != "a"):
                self.active.add("what it would load from elsewhere")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in _HIDDEN:
            self._hidden -= 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _HIDDEN and self._hidden:
            self._hidden -= 1
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)

    def handle_decl(self, decl: str) -> None:
        if "entity" in decl.lower() or "[" in decl:
            self.active.add("entities")

    def unknown_decl(self, data: str) -> None:
        self.parts.append(data.partition("[")[2])
