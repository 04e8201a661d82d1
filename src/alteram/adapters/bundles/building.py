"""Builds the PDF of a bundle: asks typst for its own pages and a worker to put everything together.

A source that is encrypted or broken becomes a slip under the same numbers. What breaks the worker itself is found by
trying each source alone.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Final, cast

from alteram.adapters.bundles.packing import name_beside, pack
from alteram.adapters.bundles.sheets import Sheets
from alteram.adapters.bundles.workers import Bounds, BundleError, WorkerEndedError, ask_worker
from alteram.core.disclosure.bundles import Leaf, Placed, Plan, find_changes, lay_out
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.phrases import phrase
from alteram.operations.bundle_ports import BuiltBundle, Cover

#: What building may take: seconds of computing, memory beyond what is mapped, bytes of a bundle, sources.
BOUNDS: Final = Bounds(seconds=1_800, memory=1 << 30, file_size=16 << 30)
MAX_SOURCES: Final = 900
#: How often a bundle is put together anew because a source, or a page of one, turned out to be broken.
_TURNS: Final = 4
_CHUNK: Final = 1 << 20
_TOLD: Final = {
    "gap": "Pages {shown} are withheld",
    "withheld": "Pages {shown} are withheld",
    "withdrawn": "Pages {shown} were withdrawn",
    "unused": "Pages {shown} are no longer used",
    "broken": "Page {shown} cannot be shown",
}
_Slip = tuple[str, int | None, str]


class BundleBuilder:
    """Implements Bundles."""

    def __init__(self, sheets: Sheets) -> None:
        """Print its own pages with `sheets`."""
        self._sheets = sheets

    def build(self, plan: Plan, cover: Cover, sources: Mapping[str, BinaryIO], out: BinaryIO) -> BuiltBundle:
        """Write the bundle into `out`, a file that is empty. Raises: BundleError when it cannot be made at all."""
        shown = [one for one in plan.placed if one.state == "shown"]
        if len(sources) > MAX_SOURCES:
            raise BundleError(
                phrase("A bundle is made of at most {most} files.", most=MAX_SOURCES),
                remedy=phrase("Make two bundles."),
            )
        with ExitStack() as stack:
            files = {one.exhibit: _real(sources[one.exhibit], stack) for one in shown if one.exhibit in sources}
            slips: list[_Slip] = [(one.exhibit, None, "it is not there") for one in shown if one.exhibit not in files]
            for _ in range(_TURNS):
                answer = self._assemble(plan, cover, files, slips, out)
                if "broken" not in answer:
                    return _tell(answer, slips, out)
                slips += [(exhibit, page, why) for exhibit, page, why in answer["broken"]]
                _empty(out)
        raise BundleError(
            phrase("Its files cannot be put together."), remedy=phrase("Put them beside the bundle as they are.")
        )

    def pack(self, plan: Plan, bundle: Iterable[bytes], beside: Mapping[str, Iterable[bytes]]) -> Iterator[bytes]:
        """Yield a zip of a bundle and what lies beside it. Raises: BundleError."""
        return pack(plan, bundle, beside)

    def _assemble(
        self, plan: Plan, cover: Cover, files: Mapping[str, BinaryIO], slips: Sequence[_Slip], out: BinaryIO
    ) -> dict[str, Any]:
        """Put it together once; return what the worker says, or which sources break it."""
        leaves = _replace_broken(plan, slips)
        whole = {exhibit for exhibit, page, _ in slips if page is None}
        used = {exhibit: file for exhibit, file in files.items() if exhibit not in whole}
        with ExitStack() as stack:
            own = [
                stack.enter_context(self._sheets.print_pdf(template, data, dated_at=cover.made_at))
                for template, data in (
                    ("front", _write_front(plan, cover)),
                    ("slips", _write_slips(plan, cover, leaves)),
                    ("stamps", {"characters": _characters(plan, leaves)}),
                )
            ]
            job = {
                **dict(zip(("front", "slips", "stamps"), (one.fileno() for one in own), strict=True)),
                "title": f"{cover.title}, {cover.known_as}",
                "sources": {exhibit: file.fileno() for exhibit, file in used.items()},
                "pages": {one.exhibit: one.pages for one in plan.placed},
                "leaves": _write_leaves(plan, leaves),
                "bookmarks": [(f"{one.label} {one.title} ({one.span})", str(one.first)) for one in plan.placed],
                "out": out.fileno(),
            }
            try:
                return ask_worker("assemble", job, files=[*own, *used.values(), out], bounds=BOUNDS)
            except WorkerEndedError:
                broken = [one for one in used if len(used) > 1 and not self._bears(plan, cover, one, used[one])]
                if not broken and len(used) > 1:
                    raise
                return {"broken": [(one, None, "it breaks the program that reads it") for one in broken or used]}

    def _bears(self, plan: Plan, cover: Cover, exhibit: str, file: BinaryIO) -> bool:
        """Tell whether a source alone can be put into a bundle."""
        others = [(one.exhibit, None, "") for one in plan.placed if one.exhibit != exhibit]
        with TemporaryFile() as trial:
            return not self._assemble(plan, cover, {exhibit: file}, others, cast("BinaryIO", trial)).get("broken")


def _real(source: BinaryIO, stack: ExitStack) -> BinaryIO:
    """Return a source as a file that a worker can be handed: itself, or its bytes in a file without a name."""
    try:
        source.fileno()
    except (OSError, AttributeError):
        spooled = stack.enter_context(cast("BinaryIO", TemporaryFile()))  # noqa: SIM115 - closed with the stack
        while data := source.read(_CHUNK):
            spooled.write(data)
        spooled.flush()
        return spooled
    return source


def _replace_broken(plan: Plan, slips: Sequence[_Slip]) -> list[tuple[str, Leaf]]:
    """Return the leaves with what they are: their kind, or `broken` for a page that cannot be shown."""
    whole = {exhibit for exhibit, page, _ in slips if page is None}
    single = {(exhibit, page) for exhibit, page, _ in slips}
    told: list[tuple[str, Leaf]] = []
    for leaf in lay_out(plan):
        bad = leaf.kind == "page" and (leaf.exhibit in whole or (leaf.exhibit, leaf.page) in single)
        told.append(("broken" if bad else leaf.kind, leaf))
    return told


def _write_leaves(plan: Plan, leaves: Sequence[tuple[str, Leaf]]) -> list[dict[str, Json]]:
    labels = {one.exhibit: one.label for one in plan.placed}
    pages = {one.exhibit: one.pages for one in plan.placed}
    written: list[dict[str, Json]] = []
    for kind, leaf in leaves:
        told = labels[leaf.exhibit]
        if leaf.page is not None:
            told = f"{told}, page {leaf.page + 1} of {pages[leaf.exhibit]}"
        page = None if kind == "broken" else leaf.page
        written.append(
            {"exhibit": leaf.exhibit, "page": page, "label": leaf.label, "shown": leaf.shown, "told": told},
        )
    return written


def _write_slips(plan: Plan, cover: Cover, leaves: Sequence[tuple[str, Leaf]]) -> dict[str, Json]:
    placed = {one.exhibit: one for one in plan.placed}
    beside: dict[str, list[str]] = {}
    for one in plan.beside:
        beside.setdefault(one.exhibit, []).append(f"{one.title} ({one.what})")
    slips: list[Json] = []
    for kind, leaf in leaves:
        if kind == "page":
            continue
        of = placed[leaf.exhibit]
        told = "" if kind == "exhibit" else _TOLD[kind].format(shown=leaf.shown)
        slips.append(
            {
                "kind": kind,
                "told": told.replace("Pages", "Page").replace(" are ", " is ").replace(" were ", " was ")
                if leaf.label == leaf.final
                else told,
                "label": of.label,
                "title": of.title,
                "dated_on": of.dated_on,
                "pages": of.span,
                "digest": of.digest,
                "reason": _explain(of, leaf, plan)
                if kind == "exhibit"
                else _BROKEN
                if kind == "broken"
                else leaf.reason,
                "gist": leaf.gist,
                "beside": "; ".join(beside.get(of.exhibit, ())),
            }
        )
    return {"title": cover.title, "organisation": cover.organisation, "slips": slips}


_BROKEN: Final = "The file is encrypted or damaged. The original is kept as it was lodged."


def _explain(of: Placed, leaf: Leaf, plan: Plan) -> str:
    if of.changed > of.since:
        return f"These pages differ from what stood here in an earlier bundle. {leaf.reason}".rstrip()
    return leaf.reason or ("New in this bundle." if of.since > 1 and of.since == plan.edition else "")


def _write_front(plan: Plan, cover: Cover) -> dict[str, Json]:
    numbers = {one.exhibit: str(one.first) for one in plan.placed}
    return {
        "title": cover.title,
        "organisation": cover.organisation,
        "matter": cover.matter,
        "recipient": cover.recipient,
        "known_as": cover.known_as,
        "made_on": f"{cover.made_at:%Y-%m-%d %H:%M} {cover.made_at.tzname() or ''}".rstrip(),
        "pages": f"1 to {plan.last}, after this front" if plan.last else "none",
        "note": cover.note,
        "archival": "",
        "changes": [{"number": numbers[one.exhibit], "text": _tell_change(one)} for one in find_changes(plan)],
        "index": [
            {
                "number": numbers[one.exhibit],
                "label": one.label,
                "title": one.title,
                "dated_on": one.dated_on,
                "pages": one.span,
                "state": "" if one.state == "shown" else one.state,
            }
            for one in plan.placed
        ],
        "withheld": _write_withheld(plan, numbers),
        "beside": [
            {
                "label": one.label,
                "title": one.title,
                "what": one.what,
                "file": name_beside(one, at),
                "digest": one.digest,
                "size": f"{one.size:,} bytes",
            }
            for at, one in enumerate(plan.beside, 1)
        ],
    }


def _write_withheld(plan: Plan, numbers: Mapping[str, str]) -> list[Json]:
    told: list[Json] = [
        {
            "number": numbers.get(one.exhibit, ""),
            "label": one.label,
            "title": one.title,
            "reason": one.reason,
            "gist": one.gist,
        }
        for one in plan.withheld
    ]
    placed = {one.exhibit: one for one in plan.placed}
    for leaf in lay_out(plan):
        if leaf.kind == "gap":
            of = placed[leaf.exhibit]
            title = f"{of.title}, of it {'page' if leaf.label == leaf.final else 'pages'} {leaf.shown}"
            told.append(
                {"number": leaf.label, "label": of.label, "title": title, "reason": leaf.reason, "gist": leaf.gist}
            )
    return told


def _tell_change(one: Placed) -> str:
    if one.state != "shown":
        return f"{one.label} was {one.state}: pages {one.span}."
    if one.since == one.changed:
        return f"{one.label} is new: pages {one.span}."
    return f"{one.label} was replaced: pages {one.span}. {one.reason}".rstrip()


def _characters(plan: Plan, leaves: Sequence[tuple[str, Leaf]]) -> str:
    told = {character for one in plan.placed for character in one.label}
    told.update(character for _, leaf in leaves for character in leaf.shown)
    return "".join(sorted(one for one in told | set("0123456789–, page of") if one.isprintable() and one != " ")) + " "


def _empty(out: BinaryIO) -> None:
    out.seek(0)
    out.truncate()


def _tell(answer: Mapping[str, Any], slips: Sequence[_Slip], out: BinaryIO) -> BuiltBundle:
    out.seek(0)
    digest = hashlib.sha256()
    while data := out.read(_CHUNK):
        digest.update(data)
    return BuiltBundle(
        pages=answer["pages"],
        size=os.fstat(out.fileno()).st_size,
        digest=digest.hexdigest(),
        archival=answer["archival"],
        slips=tuple(slips),
        notes=tuple((exhibit, note) for exhibit, note in answer["notes"]),
        hindrances=tuple((exhibit, why) for exhibit, found in answer["hindrances"].items() for why in found),
    )
