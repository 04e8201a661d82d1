"""`alteram rulebook diff`: which rights an amendment shrinks or grows, and whose matter would have gone otherwise."""

import json
import os
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from alteram.adapters.rulebooks import load_rulebook
from alteram.bootstrap.again import open_again
from alteram.cli.showing import AsJson, Value, reporting, show
from alteram.cli.working import at_work, parse_actor
from alteram.core.kernel.errors import AlteramError
from alteram.core.rules import Rulebook, build_digest, encode_rulebook
from alteram.core.rules.amendments import Meaning, count_effects, find_meanings
from alteram.core.rules.amendments.replaying import Replayed
from alteram.core.rules.differences import Difference, find_differences
from alteram.operations.past_matters import (
    PastMatters,
    check_may_look_back,
    describe_replayed,
    read_replayed,
    tell_past_matters,
)
from alteram.operations.replaying import replay_matters

_SIGNS = {"shrinks": "-", "grows": "+", "changes": "~"}


def diff_rulebooks(
    old: Annotated[str, typer.Argument(help="The version before: a file, or a shipped name.")],
    new: Annotated[str, typer.Argument(help="The version after.")],
    home: Annotated[Path | None, typer.Option(help="Replay the closed matters of the organisation here.")] = None,
    actor: Annotated[str, typer.Option("--as", help="Who asks; needed with --home.")] = "",
    kept: Annotated[Path | None, typer.Option(help="Keep what is done in this file, and go on from it.")] = None,
    processes: Annotated[int, typer.Option(min=0, help="How many processes; 0: one a processor.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Say which rights shrink or grow, and for whom; with --home, whose matter would have gone otherwise.

    Example: alteram rulebook diff small-club caucus
    """
    with reporting(as_json=as_json):
        versions = load_rulebook(old), load_rulebook(new)
        past = None
        if home is not None:
            past = _look_back(home, actor, versions, kept, processes or os.cpu_count() or 1)
    meanings, differences = find_meanings(*versions), find_differences(*versions)
    show(_describe(meanings, differences, past), _tell(versions, meanings, differences, past), as_json=as_json)


class KeptError(AlteramError):
    """A file that keeps a replay is of another replay, or of none."""


def _look_back(
    home: Path, actor: str, versions: tuple[Rulebook, Rulebook], kept: Path | None, processes: int
) -> PastMatters:
    person = parse_actor(actor)
    with at_work(home) as opened:
        check_may_look_back(opened.organisation, person)
        known = _read_kept(kept, versions)
        again = partial(open_again, home)
        done = {one.stream for one in known}
        for one in replay_matters(opened.organisation, again, versions, done=done, processes=processes):
            known += one.replayed
            _keep(kept, one.replayed)
            _tell_progress(one.done, one.total)
        return tell_past_matters(opened.organisation, person, known, len(known))


def _read_kept(kept: Path | None, versions: tuple[Rulebook, Rulebook]) -> list[Replayed]:
    """Return what a replay that was cut short had done; begin the file where there is none."""
    if kept is None:
        return []
    head = json.dumps([build_digest(encode_rulebook(one)) for one in versions])
    if not kept.exists():
        kept.write_text(f"{head}\n", encoding="utf-8")
        return []
    text = kept.read_text(encoding="utf-8")
    first, *lines = text.splitlines() or [""]
    if first != head:
        raise KeptError(f"{kept} keeps another comparison.", remedy="Name another file, or remove this one.")
    if not text.endswith("\n"):
        # The last line was cut off: it is done again, on a line of its own.
        with kept.open("a", encoding="utf-8") as file:
            file.write("\n")
    return [read for line in lines if (read := _read_line(line)) is not None]


def _read_line(line: str) -> Replayed | None:
    try:
        return read_replayed(json.loads(line))
    except (ValueError, KeyError, TypeError):
        return None


def _keep(kept: Path | None, replayed: tuple[Replayed, ...]) -> None:
    if kept is not None and replayed:
        with kept.open("a", encoding="utf-8") as file:
            file.writelines(f"{json.dumps(describe_replayed(one))}\n" for one in replayed)


def _tell_progress(done: int, total: int) -> None:
    """Say how far it is, on standard error: on one line of a terminal, else in lines."""
    end = "\r" if sys.stderr.isatty() and done < total else "\n"
    sys.stderr.write(f"{done} of {total} matters{end}")
    sys.stderr.flush()


def _tell(
    versions: tuple[Rulebook, Rulebook],
    meanings: tuple[Meaning, ...],
    differences: tuple[Difference, ...],
    past: PastMatters | None,
) -> Iterator[str]:
    old, new = versions
    counted = count_effects(meanings)
    yield f"{old.title}, version {old.version}, against {new.title}, version {new.version}"
    yield f"{counted['shrinks']} rights shrink, {counted['grows']} grow, {counted['changes']} change"
    for one in meanings:
        clause = f" (clause {one.clause})" if one.clause else ""
        yield f"  {_SIGNS[one.effect]} {', '.join(one.people) or 'everybody'}: {one.told}{clause}"
    prose = [one.name for one in differences if one.part == "clause"]
    if prose:
        yield f"  clauses whose words differ: {', '.join(prose)}"
    packs = [one.name for one in differences if one.part == "pack"]
    if packs:
        yield f"  packs that differ: {', '.join(packs)}"
    if past is not None:
        yield ""
        yield from _tell_past(past)


def _tell_past(past: PastMatters) -> Iterator[str]:
    yield f"Of {past.looked_at} closed matters, {_number(past.touched)} would have gone otherwise."
    for one in past.changed:
        came = f"{one.old or 'not asked'}, and would be {one.new or 'not asked'}"
        yield f"  {one.title} ({one.requirement}): was {came}, in {_number(one.matters)}"
    for act in past.barred:
        yield f"  {act.act}: would have been refused in {_number(act.matters)}"
    for mine in past.mine:
        yield f"  matter {mine.stream}:"
        for each in mine.requirements:
            yield f"      {each.requirement}: {each.old or 'not asked'}, then {each.new or 'not asked'}"
        for refused in mine.refused:
            yield f"      entry {refused.seq}, {refused.act}: {refused.code} {refused.requirement}".rstrip()


def _number(count: int | None) -> str:
    return "fewer than 5" if count is None else str(count)


def _describe(meanings: tuple[Meaning, ...], differences: tuple[Difference, ...], past: PastMatters | None) -> Value:
    described: dict[str, Any] = {
        "rights": [
            {
                "effect": one.effect,
                "people": list(one.people),
                "part": one.part,
                "name": one.name,
                "told": one.told,
                "clause": one.clause,
            }
            for one in meanings
        ],
        "differences": [
            {"part": one.part, "name": one.name, "added": one.old is None, "removed": one.new is None}
            for one in differences
        ],
    }
    if past is not None:
        described["past"] = {
            "looked_at": past.looked_at,
            "touched": past.touched,
            "requirements": [
                {"requirement": one.requirement, "old": one.old, "new": one.new, "matters": one.matters}
                for one in past.changed
            ],
            "refused": [{"act": one.act, "matters": one.matters} for one in past.barred],
            "matters": [describe_replayed(one) for one in past.mine],
        }
    return described
