"""`alteram exhibit verify-redaction`: check a redaction from its file, and what an export shows of it."""

import mmap
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Final

import typer

from alteram.cli.boxes import parse_box
from alteram.cli.showing import NO, AsJson, Value, reporting, show, stop
from alteram.core.disclosure.redacted_pictures import NumberedBox
from alteram.core.disclosure.redacted_words import fold_letters
from alteram.core.disclosure.redaction_proofs import (
    LodgedRedaction,
    VerifiedRedaction,
    verify_lodging,
    verify_redaction,
)
from alteram.core.kernel.errors import MalformedError
from alteram.core.record import RecordError
from alteram.core.tlog import parse_policy

_CHECKS: Final = {
    "agreed": "somebody else than its maker agreed to it: {entry}",
    "withheld": "whether somebody else agreed to it is withheld",
    "none": "no check of it is shown",
}


def add_to(app: typer.Typer) -> None:
    """Add the command to those about exhibits."""
    app.command("verify-redaction")(verify)


def verify(
    file: Annotated[Path, typer.Argument(help="The redaction: PDF, PNG or text.")],
    export: Annotated[Path | None, typer.Argument(help="An export that shows its lodging.")] = None,
    policy: Annotated[Path | None, typer.Option(help="Whose signatures count; without, the policy inside.")] = None,
    word: Annotated[list[str] | None, typer.Option(help="A word that must stand nowhere in it.")] = None,
    box: Annotated[list[str] | None, typer.Option(help="Of a PNG, what is black: NUMBER:X:Y:WIDE:HIGH.")] = None,
    as_json: AsJson = False,
) -> None:
    """Verify that a redaction holds only what it shows, that its boxes are black, and who agreed to it.

    Example: alteram exhibit verify-redaction note-redacted.pdf --word Example
    """
    with reporting(as_json=as_json), ExitStack() as stack:
        words, boxes = _check_words(word or []), list(map(_parse_box, box or []))
        trusted = None if policy is None else parse_policy(policy.read_bytes())
        opened = stack.enter_context(file.open("rb"))
        # A file of no bytes cannot be mapped.
        empty = file.stat().st_size == 0
        data = b"" if empty else stack.enter_context(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))
        try:
            one = verify_redaction(data, words, boxes)
            found = None if export is None else verify_lodging(one, stack.enter_context(export.open("rb")), trusted)
        except RecordError as error:
            show({"outcome": "failed", "code": error.code, "because": error.problem, "where": error.where},
                 [f"FAIL {file}: {error.problem} ({error.code})"], as_json=as_json)  # fmt: skip
            stop(NO)
        lines = list(_tell(file, one, words=len(words), boxed=bool(boxes)))
        value: dict[str, Value] = {
            "outcome": "verified",
            "kind": one.kind,
            "sha256": one.digest_hex,
            "pages": one.pages,
            "listing": one.listing,
            "places": one.places,
            "cuts": list(one.cuts),
        }
        if found is not None:
            lines += _tell_lodging(found, own_policy=policy is None)
            value["lodged"] = _describe(found)
    show(value, lines, as_json=as_json)


def _check_words(words: list[str]) -> list[str]:
    if not all(fold_letters([one]).text for one in words):
        raise MalformedError("A word has no letter in it.", remedy="Give words with letters or digits.")
    return words


def _parse_box(text: str) -> NumberedBox:
    return NumberedBox(*parse_box(text, like="NUMBER:X:Y:WIDE:HIGH in pixels, as 1:100:200:300:40"))


def _tell(file: Path, one: VerifiedRedaction, *, words: int, boxed: bool) -> Iterator[str]:
    yield f"PASS {file}: a redaction ({one.kind}); cuts: {len(one.cuts)}, places: {one.places}"
    if one.kind == "pdf":
        yield f"  {one.pages} pages, the last {one.listing} of them the list of cuts; nothing but pictures and words"
    if one.kind == "png" and not boxed:
        yield "  No box was told: whether any is black was not looked at. Use --box."
    if words:
        yield f"  Words that were given and stand nowhere in it: {words}."
    yield "  Not looked at: what its pictures show, and whether all is covered that must be."


def _tell_lodging(found: LodgedRedaction, *, own_policy: bool) -> Iterator[str]:
    of, exhibit = found.of or "(withheld)", found.exhibit or "(withheld)"
    places = "(withheld)" if found.cuts is None else str(found.cuts)
    yield f"  lodged in {found.entry} as {exhibit}, made of {of}; places: {places}"
    yield f"  {_CHECKS[found.check].format(entry=found.checked_in)}"
    yield from (f"  withheld: {one}" for one in found.withheld)
    if found.unknown:
        yield f"  later entries that may say otherwise, and withhold it: {found.unknown}"
    if not found.complete:
        yield "  entries may be missing besides: the stream is not shown to be complete"
    if own_policy:
        yield "  The policy is the one inside: whoever wrote the export chose whom to trust. Use --policy."


def _describe(found: LodgedRedaction) -> dict[str, Value]:
    return {
        "entry": found.entry,
        "exhibit": found.exhibit,
        "of": found.of,
        "cuts": found.cuts,
        "check": found.check,
        "checked_in": found.checked_in,
        "withheld": list(found.withheld),
        "unknown": found.unknown,
        "complete": found.complete,
    }
