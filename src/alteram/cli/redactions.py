"""`alteram exhibit redact|check-redaction`: black out what a party may not see; a program and a person check it."""

from collections.abc import Sequence
from typing import Annotated

import typer

from alteram.bootstrap.evidence import build_disclosure_tools, build_evidence_tools
from alteram.cli.boxes import parse_box
from alteram.cli.describing import describe_performed, tell_performed
from alteram.cli.excerpts import show_closed
from alteram.cli.fields import convert_given
from alteram.cli.showing import NO, AsJson, Value, reporting, show, stop
from alteram.cli.working import HOME, Actor, Home, MatterName, at_work, entering, parse_actor, parse_matter, read_now
from alteram.core.acts import RedactionChecked
from alteram.core.disclosure.redaction_proofs import Kind
from alteram.core.disclosure.redactions import Asked, Box, Place
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.outcomes import Refused
from alteram.operations.disclosure.redacting import RedactionTools, redact_exhibit
from alteram.operations.disclosure.redaction_kinds import ENDINGS
from alteram.operations.perform import perform


def add_to(app: typer.Typer) -> None:
    """Add the commands to those about exhibits."""
    app.command("redact")(redact)
    app.command("check-redaction")(check)


def redact(
    matter: MatterName,
    exhibit: Annotated[str, typer.Argument(help="The exhibit that is redacted; it stays as it is.")],
    name: Annotated[str, typer.Argument(help="A new short name for the redaction.")],
    actor: Actor,
    reasons: Annotated[str, typer.Option(help="Why it is cut out, shown in the list of cuts.")],
    word: Annotated[list[str] | None, typer.Option(help="Words to cut out wherever they stand.")] = None,
    box: Annotated[
        list[str] | None,
        typer.Option(help="PAGE:LEFT:TOP:RIGHT:BOTTOM, in ten-thousandths of the page; pages count from 1."),
    ] = None,
    kind: Annotated[
        str, typer.Option(help="What it is made as: pdf; png, of one picture (PNG, JPEG); text, of plain text.")
    ] = "pdf",
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Make a redaction: pages become pictures, what is cut out is black in them, and nothing of it can be found.

    Example: alteram exhibit redact conduct note note-redacted --as m20 --reasons "A child's name" --word Example
    """
    with reporting(as_json=as_json), entering(home, matter, actor) as entered:
        asked = Asked(reasons, tuple(map(_parse_box, box or ())), tuple(word or ()))
        if not asked.places and not asked.words:
            raise MalformedError("Nothing is to be cut out.", remedy="Say words with --word, or places with --box.")
        made_as = _parse_kind(kind)
        evidence, now = build_evidence_tools(), read_now(entered.organisation)
        made = build_disclosure_tools(evidence)
        tools = RedactionTools(made.bundles.making, made.redacting, evidence)
        done = redact_exhibit(entered, tools, exhibit, [asked], name=name, reasons=reasons, now=now, kind=made_as)
    if isinstance(done, Refused):
        show_closed("exhibit redact", done, as_json=as_json)
    value: dict[str, Value] = {
        **describe_performed(done.performed),
        "kind": made_as,
        "cuts": len(done.made.cuts),
        "pages": done.made.pages,
        "boxes": [_write_box(one) for one in done.made.black],
        "doubtful": list(done.made.doubtful),
        "not_found": list(done.made.not_found),
    }
    lines = list(tell_performed("exhibit.derived", done.performed))
    if done.performed:
        pages = "a text" if made_as == "text" else _count(done.made.pages, "page")
        cuts = f"{_count(len(done.made.cuts), 'cut')} in {_count(done.made.boxes, 'place')}"
        lines += [
            f"  {pages}, {cuts}; none of it was found again.",
            *(f"  Nearly what was looked for, and still there: {one}" for one in done.made.doubtful),
            *(f"  NOTHING was cut out for {one!r}: it stands nowhere in it." for one in done.made.not_found),
            "  It goes nowhere before somebody else has looked at it and agreed:",
            f"  alteram exhibit get {matter} {name} {name}.{ENDINGS[made_as]} --as WHO",
            f"  alteram exhibit check-redaction {matter} {name} --as WHO --agree",
        ]
    if done.performed and done.made.black:
        boxes = " ".join(f"--box {_write_box(one)}" for one in done.made.black)
        lines += ["  The picture does not say what is black in it. Tell whoever verifies it:", f"  {boxes}"]
    show(value, lines, as_json=as_json)
    if not done.performed:
        stop(NO)


def check(
    matter: MatterName,
    redaction: Annotated[str, typer.Argument(help="The redaction.")],
    actor: Actor,
    agree: Annotated[bool, typer.Option("--agree/--object", help="Whether all is covered that must be.")],
    remarks: Annotated[str, typer.Option(help="What is wrong, or what you looked at.")] = "",
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Say, as a second person who looked at a redaction, whether it covers what it must; before, it goes nowhere.

    Example: alteram exhibit check-redaction conduct note-redacted --as m02 --agree
    """
    with reporting(as_json=as_json), at_work(home) as opened:
        fields: dict[str, Value] = {"exhibit": redaction, "agreed": agree, **({"remarks": remarks} if remarks else {})}
        act = convert_given(RedactionChecked, fields)
        done = perform(opened.organisation, parse_matter(matter), act, parse_actor(actor))
    show(describe_performed(done), tell_performed("redaction.checked", done), as_json=as_json)
    if not done:
        stop(NO)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _write_box(box: Sequence[int]) -> str:
    return ":".join(map(str, box))


def _parse_kind(text: str) -> Kind:
    found = next((one for one in ENDINGS if one == text), None)
    if found is None:
        raise MalformedError(f"{text!r} is no kind of redaction.", remedy=f"Write {', '.join(ENDINGS)}.")
    return found


def _parse_box(text: str) -> Place:
    page, left, top, right, bottom = parse_box(text, like="PAGE:LEFT:TOP:RIGHT:BOTTOM, as 1:1000:2000:5000:2400")
    if page < 1:
        raise MalformedError(f"{text} is on no page.", remedy="Pages count from 1.")
    return Place(page - 1, Box(left, top, right, bottom))
