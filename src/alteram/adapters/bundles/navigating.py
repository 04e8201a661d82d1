"""In a worker: bookmarks, page labels and links of a bundle."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

#: The addresses that the front's template writes for numbers of the bundle.
_TO_NUMBER: Final = re.compile(rb"https://bundle\.invalid/n/(.+)")
_MAX_TITLE: Final = 200
_BRANCHES: Final = 64


def add_pages(out: Pdf, leaves: Sequence[Object]) -> None:
    """Make these the pages of a bundle, in a tree of a few branches: adding one by one costs more with each page."""
    level = list(leaves)
    counts = [1] * len(level)
    while True:
        groups = range(0, len(level), _BRANCHES)
        nodes: list[Object] = []
        sums: list[int] = []
        for at in groups:
            kids, count = level[at : at + _BRANCHES], sum(counts[at : at + _BRANCHES])
            node = out.make_indirect(Dictionary(Type=Name.Pages, Kids=Array(kids), Count=count))
            for kid in kids:
                kid.Parent = node
            nodes.append(node)
            sums.append(count)
        level, counts = nodes, sums
        if len(level) == 1:
            break
    out.Root.Pages = level[0]


def link_numbers(page: Object, numbers: Mapping[str, Object]) -> None:
    """Make the links of a page of ours lead to the pages of the bundle that they name."""
    for one in page.get(Name.Annots, ()):
        if Name.StructParent in one:
            del one[Name.StructParent]
        named = _TO_NUMBER.fullmatch(bytes(one.A.URI)) if Name.A in one and Name.URI in one.A else None
        goal = numbers.get(named[1].decode()) if named else None
        if goal is not None:
            one.A = Dictionary(S=Name.GoTo, D=Array([goal, Name.Fit]))
            one.Contents = String(f"To page {named[1].decode()}" if named else "")


def add_page_labels(out: Pdf, front_pages: int, shown: Sequence[str]) -> None:
    """Give each page the number that is stamped on it, so that a reader's field for page numbers takes it."""
    labels: list[Any] = [0, Dictionary(S=Name.r)]
    expected = ""
    for index, one in enumerate(shown):
        if one != expected:
            style = Dictionary(S=Name.D, St=int(one)) if one.isdecimal() else Dictionary(P=String(one))
            labels += [front_pages + index, style]
        expected = str(int(one) + 1) if one.isdecimal() else ""
    out.Root.PageLabels = Dictionary(Nums=Array(labels))


def add_bookmarks(out: Pdf, bookmarks: Sequence[tuple[str, str]], front: Object, numbers: Mapping[str, Object]) -> None:
    """Add a bookmark for the front, then for each (title, number)."""
    goals = [("Front and index", front), *((title, numbers[number]) for title, number in bookmarks)]
    root = out.make_indirect(Dictionary(Type=Name.Outlines, Count=len(goals)))
    items = [
        out.make_indirect(Dictionary(Title=String(title[:_MAX_TITLE]), Parent=root, Dest=Array([goal, Name.Fit])))
        for title, goal in goals
    ]
    for before, after in pairwise(items):
        before.Next, after.Prev = after, before
    root.First, root.Last = items[0], items[-1]
    out.Root.Outlines = root
    out.Root.PageMode = Name.UseOutlines
