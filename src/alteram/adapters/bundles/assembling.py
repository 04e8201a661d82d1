"""In a worker: puts pages of many PDFs into one, numbered, linked and with bookmarks. Nothing active comes along.

Each page of a source becomes a drawing (a form) on a page of ours, made smaller where it must be, so that the number
stands below it and never on it. Of a source's page only what draws it is taken over, and plain links.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from alteram.adapters.bundles.archiving import describe_bundle, find_hindrances, find_source_hindrances
from alteram.adapters.bundles.cleaning import UNREADABLE, clean, find_links, flatten
from alteram.adapters.bundles.navigating import add_bookmarks, add_page_labels, add_pages, link_numbers
from alteram.adapters.bundles.pruning import prune
from alteram.adapters.bundles.stamping import Stamps

#: A4, in points, and the strip at its foot in which the number stands.
SHORT: Final = 595.276
LONG: Final = 841.89
STRIP: Final = 30.0
MARGIN: Final = 8.0


@dataclass(slots=True)
class _Made:
    """What is known while a bundle is put together."""

    out: Pdf
    stamps: Stamps
    leaves: list[Object] = field(default_factory=list)
    broken: list[tuple[str, int | None, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    hindrances: dict[str, list[str]] = field(default_factory=dict)
    pages: dict[tuple[str, int], Object] = field(default_factory=dict)
    numbers: dict[str, Object] = field(default_factory=dict)
    links: list[tuple[str, Object, int, list[float]]] = field(default_factory=list)
    pruned: set[str] = field(default_factory=set)
    indexes: dict[str, dict[tuple[int, int], int]] = field(default_factory=dict)


def assemble(job: dict[str, Any]) -> dict[str, Any]:
    """Put a bundle together and write it into the open file `out`, unless a source turns out to be broken."""
    out = pikepdf.new()
    kept: list[Pdf] = []
    front, slips = (_open(job[one], kept) for one in ("front", "slips"))
    made = _Made(out, Stamps(out, _open(job["stamps"], kept)))
    made.leaves.extend(out.copy_foreign(page.obj) for page in front.pages)
    front_pages = len(made.leaves)
    sources: dict[str, list[pikepdf.Page]] = {}
    shown = Counter(leaf["exhibit"] for leaf in job["leaves"] if leaf["page"] is not None)
    for exhibit, descriptor in job["sources"].items():
        try:
            source = _open_source(exhibit, _open(descriptor, kept), job["pages"][exhibit], made)
            sources[exhibit] = list(source.pages)
            if shown[exhibit] < len(sources[exhibit]):
                made.pruned.add(exhibit)
        except UNREADABLE as error:
            made.broken.append((exhibit, None, _tell(error)))
    slip = iter(slips.pages)
    for leaf in job["leaves"]:
        _add_leaf(made, leaf, sources, slip)
    if made.broken:
        return {"broken": made.broken}
    clean(out)
    _finish(made, job, front, front_pages)
    add_pages(out, made.leaves)
    with os.fdopen(job["out"], "wb", buffering=1 << 20, closefd=False) as file:
        out.save(file, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True, min_version="1.7")
    archival = not any(made.hindrances.values())
    return {"pages": len(made.leaves), "archival": archival, "hindrances": made.hindrances, "notes": made.notes}


def _open(descriptor: int, kept: list[Pdf]) -> Pdf:
    # Kept open until the end: pages are read from their files only when the bundle is written.
    pdf = Pdf.open(f"/proc/self/fd/{descriptor}", suppress_warnings=True)
    kept.append(pdf)
    return pdf


def _open_source(exhibit: str, pdf: Pdf, planned: int, made: _Made) -> Pdf:
    if len(pdf.pages) != planned:
        raise ValueError(f"it has {len(pdf.pages)} pages where {planned} were planned")
    if pdf.get_warnings():
        made.notes.append((exhibit, "The file is damaged and was mended as far as it can be."))
    if pdf.is_encrypted:
        made.notes.append((exhibit, "The file restricts what its reader may do with it; it is shown all the same."))
    if Name.OCProperties in pdf.Root:
        made.notes.append((exhibit, "The file has layers that can be hidden; all of them are shown."))
    made.notes.extend((exhibit, note) for note in flatten(pdf))
    made.indexes[exhibit] = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
    made.hindrances[exhibit] = find_source_hindrances(pdf)
    return pdf


def _add_leaf(
    made: _Made, leaf: Mapping[str, Any], sources: Mapping[str, list[pikepdf.Page]], slips: Iterator[pikepdf.Page]
) -> None:
    out, page = made.out, leaf["page"]
    if page is None:
        last = out.copy_foreign(next(slips).obj)
        made.leaves.append(last)
        made.stamps.stamp_sheet(last, leaf["shown"], leaf["told"])
    else:
        source = sources.get(leaf["exhibit"])
        if source is None:
            return
        try:
            last = _draw(made, source[page], leaf)
        except UNREADABLE as error:
            made.broken.append((leaf["exhibit"], page, _tell(error)))
            return
        made.pages[leaf["exhibit"], page] = last
    made.numbers[leaf["label"]] = last


def _draw(made: _Made, page: pikepdf.Page, leaf: Mapping[str, Any]) -> Object:
    """Add a page of ours on which a page of a source is drawn; return it."""
    box, turned = _box(page.cropbox), int(page.rotation) % 360
    unit = float(page.obj.get(Name.UserUnit, 1))
    if leaf["exhibit"] in made.pruned:
        prune(page)
    drawing = page.as_form_xobject(False)
    _check_content(drawing)
    wide, high = box[2] - box[0], box[3] - box[1]
    if turned in {90, 270}:
        wide, high = high, wide
    across, up = (LONG, SHORT) if wide > high else (SHORT, LONG)
    scale = min(unit, (across - 2 * MARGIN) / wide, (up - STRIP - MARGIN) / high)
    matrix = _place(box, turned, scale, ((across - wide * scale) / 2, STRIP + (up - STRIP - MARGIN - high * scale) / 2))
    form = made.out.copy_foreign(drawing)
    form.BBox = Array([_round(one) for one in box])
    content = b"q " + b" ".join(b"%.5f" % one for one in matrix) + b" cm /P Do Q\n"
    content += made.stamps.draw(leaf["shown"], leaf["told"], across)
    added = made.out.make_indirect(
        Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, _round(across), _round(up)]),
            Resources=Dictionary(XObject=Dictionary(P=form), Font=made.stamps.fonts),
            Contents=made.out.make_stream(content),
        )
    )
    made.leaves.append(added)
    _add_links(made, page, added, matrix, leaf["exhibit"])
    return added


def _check_content(drawing: Object) -> None:
    # A page whose drawing cannot be decoded would come out empty and look as if it had been.
    drawing.read_bytes()


def _add_links(made: _Made, page: pikepdf.Page, added: Object, matrix: list[float], exhibit: str) -> None:
    links = []
    for rectangle, target in find_links(page, made.indexes[exhibit]):
        corners = [_apply(matrix, x, y) for x in (rectangle[0], rectangle[2]) for y in (rectangle[1], rectangle[3])]
        moved = [f(one[axis] for one in corners) for f in (min, max) for axis in (0, 1)]
        if isinstance(target, bytes):
            links.append(make_link(moved, Dictionary(S=Name.URI, URI=pikepdf.String(target.decode("ascii")))))
        else:
            made.links.append((exhibit, added, target, moved))
    if links:
        added.Annots = Array(links)


def make_link(rectangle: list[float], action: Dictionary) -> Dictionary:
    """Return a link that shows no border and is printed as nothing."""
    return Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([_round(one) for one in rectangle]),
        Border=Array([0, 0, 0]),
        F=4,
        A=action,
    )


def _finish(made: _Made, job: Mapping[str, Any], front: Pdf, front_pages: int) -> None:
    for exhibit, page, target, rectangle in made.links:
        if (goal := made.pages.get((exhibit, target))) is not None:
            action = Dictionary(S=Name.GoTo, D=Array([goal, Name.Fit]))
            page.Annots = Array([*page.get(Name.Annots, ()), make_link(rectangle, action)])
    for page in made.leaves[:front_pages]:
        link_numbers(page, made.numbers)
    for page in made.leaves:
        for key in (Name.StructParents, Name.Tabs):
            if key in page:
                del page[key]
    add_page_labels(made.out, front_pages, [leaf["shown"] for leaf in job["leaves"]])
    add_bookmarks(made.out, job["bookmarks"], made.leaves[0], made.numbers)
    for exhibit, found in find_hindrances(made.pages).items():
        made.hindrances[exhibit] = sorted({*made.hindrances.get(exhibit, ()), *found})
    describe_bundle(made.out, front, job, archival=not any(made.hindrances.values()))


def _box(given: Any) -> tuple[float, float, float, float]:
    first, second, third, fourth = (float(one) for one in given)
    box = min(first, third), min(second, fourth), max(first, third), max(second, fourth)
    if not (1 <= box[2] - box[0] <= 20_000 and 1 <= box[3] - box[1] <= 20_000):
        raise ValueError("a page has no size")
    return box


def _place(box: tuple[float, float, float, float], turned: int, scale: float, at: tuple[float, float]) -> list[float]:
    """Return the matrix that turns a page as its reader would see it, makes it smaller and moves it to `at`."""
    left, bottom, right, top = box
    match turned:
        case 90:
            turn = (0.0, -scale, scale, 0.0, -bottom * scale, right * scale)
        case 180:
            turn = (-scale, 0.0, 0.0, -scale, right * scale, top * scale)
        case 270:
            turn = (0.0, scale, -scale, 0.0, top * scale, -left * scale)
        case _:
            turn = (scale, 0.0, 0.0, scale, -left * scale, -bottom * scale)
    return [*turn[:4], turn[4] + at[0], turn[5] + at[1]]


def _apply(matrix: list[float], x: float, y: float) -> tuple[float, float]:
    return matrix[0] * x + matrix[2] * y + matrix[4], matrix[1] * x + matrix[3] * y + matrix[5]


def _round(number: float) -> Decimal:
    return Decimal(f"{number:.4f}")


def _tell(error: Exception) -> str:
    if isinstance(error, pikepdf.PasswordError):
        return "it is encrypted and needs a password"
    if type(error) is ValueError and error.args:
        return str(error.args[0])
    return "it is damaged"
