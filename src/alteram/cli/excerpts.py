"""`alteram exhibit excerpt|prove-excerpt|verify-excerpt`: parts of exhibits that are provably of the whole."""

from collections.abc import Iterator
from pathlib import Path
from shlex import quote
from typing import Annotated, Final, NoReturn

import typer

from alteram.bootstrap.evidence import build_evidence_tools
from alteram.cli.copies import check_new, write_new
from alteram.cli.describing import describe_performed, describe_ruling, tell_performed, tell_ruling
from alteram.cli.fields import convert_given
from alteram.cli.showing import NO, AsJson, Value, reporting, show, stop
from alteram.cli.working import HOME, Actor, Home, MatterName, at_work, parse_actor, parse_matter, read_now
from alteram.core.acts import ExhibitDerived
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.outcomes import Refused
from alteram.core.record import RecordError, VerifiedExcerpt, verify_excerpt
from alteram.core.record.adjoining import adjoin
from alteram.core.record.excerpts import MAX_EXCERPT
from alteram.core.tlog import parse_policy
from alteram.operations.entries import Entered, enter
from alteram.operations.evidence_ports import Unshown
from alteram.operations.exhibits.excerpting import open_excerpt
from alteram.operations.exhibits.opening import OpenedExhibit, open_exhibit
from alteram.operations.exhibits.parts import find_pieces, lodge_excerpt
from alteram.operations.exhibits.selecting import ChosenPart, choose_part
from alteram.operations.exhibits.transcripts import write_time

_Exhibit = Annotated[str, typer.Argument(help="The exhibit of which it is a part.")]
_First = Annotated[int | None, typer.Option(help="The first piece; pieces, messages and pages count from 1.")]
_Last = Annotated[int | None, typer.Option(help="The last piece.")]
_FromS = Annotated[float | None, typer.Option("--from", help="Of a recording: from this second on.")]
_UntilS = Annotated[float | None, typer.Option("--to", help="Of a recording: up to this second.")]
#: How an answer lies to what it answers, in words.
_RELATIONS: Final = {
    "before": "The answer lies directly before it.",
    "after": "The answer lies directly after it.",
    "overlap": "The answer lies over a part of it: both show {pieces}.",
    "gap": "The answer lies apart from it: neither shows {pieces}, between them.",
}


def add_to(app: typer.Typer) -> None:
    """Add the commands to those about exhibits."""
    app.command("excerpt")(lodge)
    app.command("prove-excerpt")(prove)
    app.command("verify-excerpt")(verify)


def lodge(
    matter: MatterName,
    exhibit: _Exhibit,
    name: Annotated[str, typer.Argument(help="A new short name for the excerpt.")],
    actor: Actor,
    first: _First = None,
    last: _Last = None,
    from_s: _FromS = None,
    until_s: _UntilS = None,
    adds_to: Annotated[str, typer.Option(help="The excerpt to which it adds what came before or after.")] = "",
    reasons: Annotated[str, typer.Option(help="Why this part.")] = "",
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Lodge a part of an exhibit, with the proof that it is one.

    Example: alteram exhibit excerpt conduct e1 part1 --as m05 --from 10 --to 25
    """
    given = {"adds_to": adds_to, "reasons": reasons}
    with reporting(as_json=as_json), at_work(home) as opened:
        opened.integrator.run()
        entered = enter(opened.organisation, parse_matter(matter), parse_actor(actor))
        now = read_now(opened.organisation)
        fields = {
            "exhibit": name, "of": exhibit, "how": "excerpt", "file_name": f"{name}.excerpt",
            **{n: said for n, said in given.items() if said},
        }  # fmt: skip
        act = convert_given(ExhibitDerived, fields)
        part = _find_part(entered, exhibit, (first, last), (from_s, until_s))
        done = (
            part
            if isinstance(part, Refused)
            else lodge_excerpt(entered, build_evidence_tools(), act, part.first, part.until, now=now)
        )
    if isinstance(part, Refused):
        show_closed("exhibit excerpt", part, as_json=as_json)
    if isinstance(done, Refused):
        show_closed("exhibit excerpt", done, as_json=as_json)
    lines = list(tell_performed("exhibit.derived", done))
    if not done:
        show(describe_performed(done), lines, as_json=as_json)
        stop(NO)
    lines.append(f"  {_tell_part(part)} of {exhibit}, with their proof")
    show({**describe_performed(done), "first": part.first, "until": part.until}, lines, as_json=as_json)


def prove(
    matter: MatterName,
    exhibit: _Exhibit,
    file: Annotated[Path, typer.Argument(help="Where to write the excerpt.")],
    actor: Actor,
    first: _First = None,
    last: _Last = None,
    from_s: _FromS = None,
    until_s: _UntilS = None,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Write a part of an exhibit as a file that proves to anybody that it is a contiguous part of what was lodged.

    Example: alteram exhibit prove-excerpt conduct e1 part.excerpt --as m05 --from 10 --to 25
    """
    with reporting(as_json=as_json), at_work(home) as opened:
        check_new(file)
        opened.integrator.run()
        entered = enter(opened.organisation, parse_matter(matter), parse_actor(actor))
        now = read_now(opened.organisation)
        part = _find_part(entered, exhibit, (first, last), (from_s, until_s))
        proved = part if isinstance(part, Refused) else open_excerpt(entered, exhibit, part.first, part.until, now=now)
        if not isinstance(proved, Refused):
            write_new(file, proved.read())
    if isinstance(part, Refused):
        show_closed("exhibit prove-excerpt", part, as_json=as_json)
    if isinstance(proved, Refused):
        show_closed("exhibit prove-excerpt", proved, as_json=as_json)
    lines = [
        f"{file}: {_tell_part(part)} of {exhibit}, {proved.size} bytes.",
        f"Check it: alteram exhibit verify-excerpt {quote(str(file))} --policy {quote(str(home / 'policy'))}",
    ]
    value: Value = {"file": str(file), "size": proved.size, "first": part.first, "until": part.until}
    show(value, lines, as_json=as_json)


def verify(
    file: Annotated[Path, typer.Argument(help="The excerpt.")],
    policy: Annotated[Path | None, typer.Option(help="Whose signatures count; without, the policy inside.")] = None,
    answer: Annotated[Path | None, typer.Option(help="A second excerpt: say how it lies to the first.")] = None,
    play: Annotated[Path | None, typer.Option(help="Of a recording: write what can be played here.")] = None,
    as_json: AsJson = False,
) -> None:
    """Verify a part of an exhibit, without the rest of it and without anybody's help.

    Example: alteram exhibit verify-excerpt part.excerpt --policy alteram-data/policy
    """
    with reporting(as_json=as_json):
        check_new(play)
        trusted = None if policy is None else parse_policy(policy.read_bytes())
        try:
            one = verify_excerpt(file.read_bytes(), trusted)
            other = None if answer is None else verify_excerpt(answer.read_bytes(), trusted)
            lies = None if other is None else adjoin(one, other)
        except RecordError as error:
            show({"outcome": "failed", "code": error.code, "because": error.problem, "where": error.where},
                 [f"FAIL {file}: {error.problem} ({error.code})"], as_json=as_json)  # fmt: skip
            stop(NO)
        lines = list(_tell(file, one, own_policy=policy is None))
        value = _describe(one)
        if lies is not None:
            value["answer"] = {"relation": lies.relation, "between": list(lies.between)}
            lines.append(_RELATIONS[lies.relation].format(pieces=_tell_pieces(*lies.between)))
        if play is not None:
            lines.append(_play(one, play))
    show(value, lines, as_json=as_json)


def _find_part(
    entered: Entered, exhibit: str, pieces: tuple[int | None, int | None], times: tuple[float | None, float | None]
) -> ChosenPart | Refused:
    match *pieces, *times:
        case int() as first, int() as last, None, None:

            def find(opened: OpenedExhibit) -> tuple[int, int]:
                del opened
                return first - 1, last

        case None, None, float() as from_s, float() as until_s:

            def find(opened: OpenedExhibit) -> tuple[int, int]:
                return find_pieces(opened, build_evidence_tools().recordings, from_s, until_s)

        case _:
            raise MalformedError("Say which part.", remedy="Use --first and --last, or --from and --to in seconds.")
    opened = open_exhibit(entered, exhibit, now=read_now(entered.organisation))
    return opened if isinstance(opened, Refused) else choose_part(opened, *find(opened), most=MAX_EXCERPT)


def show_closed(command: str, refused: Refused, *, as_json: bool) -> NoReturn:
    """Say that an exhibit is closed to whoever asked, and why; end the command."""
    if refused.code == "exhibit.unknown":
        with reporting(as_json=as_json):
            raise MalformedError(refused.because, remedy="See alteram exhibit list, or ask the case manager.")
    show(describe_ruling(refused), tell_ruling(command, refused), as_json=as_json)
    stop(NO)


def _tell_pieces(first: int, until: int) -> str:
    return f"piece {until}" if until - first == 1 else f"pieces {first + 1} to {until}"


def _tell_part(part: ChosenPart) -> str:
    pieces = _tell_pieces(part.first, part.until)
    if part.from_ms is None or part.until_ms is None:
        return pieces
    return f"{_tell_times(part.from_ms, part.until_ms)} ({pieces})"


def _tell_times(from_ms: int, until_ms: int) -> str:
    """Return from when to when, to the tenth of a second."""
    return " to ".join(write_time(one // 100 * 100) for one in (from_ms, until_ms))


def _describe(one: VerifiedExcerpt) -> dict[str, Value]:
    return {
        "outcome": "verified",
        "organisation": one.organisation,
        "exhibit": one.exhibit,
        "form": one.form,
        "first": one.first,
        "until": one.until,
        "of": one.of,
        "tree": one.tree.hex(),
        "leaf": one.leaf_hash.hex(),
        "index": one.index,
        "witnesses": list(one.cosigned_by),
    }


def _tell(file: Path, one: VerifiedExcerpt, *, own_policy: bool) -> Iterator[str]:
    pieces = f"{_tell_pieces(one.first, one.until)} of {one.of}"
    yield f"PASS {file}: {pieces} of exhibit {one.exhibit} of {one.organisation}"
    yield f"  {len(one.content)} bytes of its form ({one.form}), contiguous; lodged as leaf {one.index} of the log"
    yield f"  witnesses: {', '.join(one.cosigned_by) or 'none'}"
    if own_policy:
        yield "  The policy is the one inside: whoever wrote the file chose whom to trust. Use --policy."
    for note in one.notes:
        yield f"  {note}"


def _play(one: VerifiedExcerpt, target: Path) -> str:
    header = one.header if one.header is not None else one.pieces[0]
    played = build_evidence_tools().recordings.play_excerpt(header, one.content, one.first)
    if isinstance(played, Unshown):
        return f"It cannot be played: {played.detail or played.why}"
    write_new(target, [played.data])
    from_ms, until_ms = (1000 * one // played.rate for one in (played.first, played.first + played.length))
    return f"{target}: {played.media}, {_tell_times(from_ms, until_ms)} of the whole."
