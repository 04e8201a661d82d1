"""`alteram rulebook lint`: what is odd in a rulebook but not unfair."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated

import typer

from alteram.adapters.rulebooks import load_packs, load_rulebook
from alteram.bootstrap import read_clock
from alteram.cli.showing import NO, AsJson, Value, reporting, show, stop
from alteram.core.rules.linting import Oddity, find_oddities
from alteram.core.rules.rulebook import Rulebook


def lint_rulebook(
    rulebook: Annotated[str, typer.Argument(help="A file, or a shipped name.")],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As of this day; else today.")] = None,
    strict: Annotated[bool, typer.Option(help="End with 1 where anything is odd.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say what is odd in a rulebook though not unfair: slips, and what will surprise. See docs/reference/oddities.md.

    Example: alteram rulebook lint caucus
    """
    with reporting(as_json=as_json):
        read = load_rulebook(rulebook)
        found = find_oddities(read, load_packs(read), today=_choose_day(on))
    value: Value = {
        "rulebook": read.id,
        "version": read.version,
        "oddities": [
            {
                "code": one.code,
                "place": one.place,
                "clause": one.clause,
                "because": one.because,
                "remedy": one.remedy,
            }
            for one in found
        ],
    }
    show(value, _tell(read, found), as_json=as_json)
    if found and strict:
        stop(NO)


def _choose_day(on: datetime | None) -> date:
    return read_clock().date() if on is None else on.date()


def _tell(read: Rulebook, found: tuple[Oddity, ...]) -> Iterator[str]:
    yield f"{read.title}, version {read.version}: {len(found) or 'nothing'} odd"
    for one in found:
        clause = f" (clause {one.clause})" if one.clause else ""
        yield f"  {one.code} {one.place}{clause}"
        yield f"      {one.because} {one.remedy}"
