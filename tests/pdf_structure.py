"""What a PDF that a screen reader can read must hold, as far as a machine can tell (ISO 14289-1, "PDF/UA").

It checks what can be checked without understanding: that all that is painted is either told in the tree of tags or
marked as decoration, that the tree is whole and in the order of the page, that headings, lists and tables are built as
they must be, that pictures are told in words, that every letter can be read out. Whether a text says what it should is
for people. It is no certificate: no validator of PDF/UA is packaged for Python or Debian.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

import pikepdf

#: The standard structure types that letters may use (ISO 32000-1, 14.8.4).
_TYPES: Final = (
    "Document Part Sect Div BlockQuote Caption P H1 H2 H3 H4 H5 H6 L LI Lbl LBody Table THead TBody TFoot TR TH TD "
    "Span Quote Note Link Code Figure Formula Form"
)
STANDARD: Final = frozenset(_TYPES.split())
#: Which types must stand right under which.
UNDER: Final = {
    "LI": {"L"},
    "Lbl": {"LI", "Note"},
    "LBody": {"LI"},
    "THead": {"Table"},
    "TBody": {"Table"},
    "TR": {"Table", "THead", "TBody", "TFoot"},
    "TH": {"TR"},
    "TD": {"TR"},
}
_PAINTING: Final = frozenset(("Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "Do", "sh", "EI"))


def find_faults(document: pikepdf.Pdf) -> list[str]:
    """Return what is wrong with a document, in words; nothing where it is as it must be."""
    return [
        *_check_catalogue(document),
        *_check_pages(document),
        *_check_fonts(document),
        *_check_tree(document),
        *_check_content(document),
    ]


def walk(document: pikepdf.Pdf) -> Iterator[tuple[Any, str, Any]]:
    """Yield every element of the tree of tags in reading order: the element, its standard type, and its parent."""
    roles: Any = document.Root.StructTreeRoot.get("/RoleMap", {})

    def tell(element: Any) -> str:
        name = str(element.get("/S", ""))
        return str(roles.get(name, name)).removeprefix("/")

    def visit(one: Any, parent: Any) -> Iterator[tuple[Any, str, Any]]:
        for element in _listed(one):
            if isinstance(element, pikepdf.Dictionary) and "/S" in element:
                yield element, tell(element), parent
                yield from visit(element.get("/K"), element)

    yield from visit(document.Root.StructTreeRoot.get("/K"), None)


def _listed(one: Any) -> list[Any]:
    if one is None:
        return []
    return list(one) if isinstance(one, pikepdf.Array) else [one]


def _check_catalogue(document: pikepdf.Pdf) -> Iterator[str]:
    root: Any = document.Root
    if not str(root.get("/Lang", "")):
        yield "the document has no language"
    preferences: Any = root.get("/ViewerPreferences", {})
    if not preferences.get("/DisplayDocTitle", False):
        yield "the title is not shown in place of the name of the file"
    marks: Any = root.get("/MarkInfo", {})
    if not marks.get("/Marked", False) or marks.get("/Suspects", False):
        yield "the document does not say that it is tagged"
    with document.open_metadata() as told:
        if told.get("pdfuaid:part") != "1":
            yield "the document does not say that it is PDF/UA-1"
        if not told.get("dc:title"):
            yield "the document has no title"
    if document.is_encrypted:
        yield "the document is encrypted"


def _check_pages(document: pikepdf.Pdf) -> Iterator[str]:
    for number, page in enumerate(document.pages, 1):
        if page.get("/Tabs") != "/S":
            yield f"page {number}: the tab key does not follow the tags"
        if "/StructParents" not in page:
            yield f"page {number}: nothing leads from the page to its tags"
        for one in _listed(page.get("/Annots")):
            if "/Contents" not in one:
                yield f"page {number}: a link is not told in words"


def _check_fonts(document: pikepdf.Pdf) -> Iterator[str]:
    for page in document.pages:
        for name, font in page.Resources.get("/Font", {}).items():
            if "/ToUnicode" not in font:
                yield f"font {name}: its letters cannot be read out"
            for inner in _listed(font.get("/DescendantFonts")) or [font]:
                described = inner.get("/FontDescriptor", {})
                if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(described.keys()):
                    yield f"font {name}: it is not in the document"


def _check_tree(document: pikepdf.Pdf) -> Iterator[str]:
    elements = list(walk(document))
    kinds = {element.objgen: kind for element, kind, _ in elements}
    if [kind for _, kind, parent in elements if parent is None] != ["Document"]:
        yield "the tree does not begin with one document"
    for element, kind, parent in elements:
        if kind not in STANDARD:
            yield f"{kind} is no standard type"
        above = "" if parent is None else kinds[parent.objgen]
        if kind in UNDER and above not in UNDER[kind]:
            yield f"{kind} stands under {above or 'nothing'}"
        if kind in {"Figure", "Formula"} and not str(element.get("/Alt", element.get("/ActualText", ""))).strip():
            yield f"{kind} is not told in words"
    yield from _check_headings([kind for _, kind, _ in elements])
    for element, kind, _ in elements:
        if kind == "Table":
            yield from _check_table(element)


def _check_headings(kinds: list[str]) -> Iterator[str]:
    levels = [int(kind[1]) for kind in kinds if len(kind) == 2 and kind[0] == "H" and kind[1].isdigit()]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield "there is not one first heading, or it is not the first"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"


def _check_table(table: Any) -> Iterator[str]:
    rows = [row for group in _listed(table.K) for row in ([group] if group.S == "/TR" else _listed(group.get("/K")))]
    cells = [[cell for cell in _listed(row.get("/K")) if cell.S in {"/TH", "/TD"}] for row in rows]
    if len({len(row) for row in cells}) != 1:
        yield "the rows of a table have not the same number of cells"
    heads = {bytes(cell.ID) for row in cells for cell in row if cell.S == "/TH" and "/ID" in cell}
    if not any(cell.S == "/TH" for row in cells for cell in row):
        yield "a table has no header cells"
    for row in cells:
        for cell in row:
            told = [one for one in _listed(cell.get("/A")) if one.get("/O") == "/Table"]
            if cell.S == "/TH" and not any("/Scope" in one for one in told):
                yield "a header cell does not say whether it is of its row or of its column"
            named = [bytes(name) for one in told for name in _listed(one.get("/Headers"))]
            if cell.S == "/TD" and (not named or not set(named) <= heads):
                yield "a cell does not name its header"


def _check_content(document: pikepdf.Pdf) -> Iterator[str]:
    told = _find_told(document)
    for number, page in enumerate(document.pages, 1):
        painted: list[int] = []
        for marks, operator in _find_painted(page):
            last = next((one for one in reversed(marks) if one is not None), None)
            if last is None:
                yield f"page {number}: something is painted ({operator}) that is neither told nor decoration"
            elif isinstance(last, int) and last not in painted:
                painted.append(last)
        place: Any = page.objgen
        leaves = told.get(place, [])
        if set(painted) - set(leaves):
            yield f"page {number}: something is marked as told and stands nowhere in the tree"
        if len(leaves) != len(set(leaves)):
            yield f"page {number}: something is told twice"
        if leaves != sorted(leaves):
            yield f"page {number}: the tree is in another order than the page"


def _find_painted(page: pikepdf.Page) -> Iterator[tuple[list[int | str | None], str]]:
    """Yield each operator that paints with the marks it stands within: a number of the tree, or decoration."""
    marks: list[int | str | None] = []
    for one in pikepdf.parse_content_stream(page):
        operands: Any = one.operands
        name = str(one.operator)
        if name in {"BMC", "BDC"}:
            given = operands[1] if name == "BDC" else {}
            if not isinstance(given, pikepdf.Dictionary):
                given = {}
            number = given.get("/MCID")
            marks.append("decoration" if str(operands[0]) == "/Artifact" else None if number is None else int(number))
        elif name == "EMC":
            marks.pop()
        elif name in _PAINTING:
            yield list(marks), name


def _find_told(document: pikepdf.Pdf) -> dict[tuple[int, int], list[int]]:
    """Return the numbers of marked content that the tree tells, in its order, by page."""
    found: dict[tuple[int, int], list[int]] = {}

    def visit(one: Any, page: Any) -> None:
        for part in _listed(one):
            if not isinstance(part, pikepdf.Dictionary):
                found.setdefault(page.objgen, []).append(int(part))
            elif part.get("/Type") == "/MCR":
                found.setdefault(part.get("/Pg", page).objgen, []).append(int(part.MCID))
            elif "/S" in part:
                visit(part.get("/K"), part.get("/Pg", page))

    visit(document.Root.StructTreeRoot.get("/K"), None)
    return found
