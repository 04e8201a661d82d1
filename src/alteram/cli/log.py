"""`alteram log`: the public log: its checkpoint, an entry's receipt, an audit from scratch, a new log after an old one.

What keeps it up to date is in `log_running`, what stamps it with the time in `log_stamps`.
"""

from pathlib import Path
from typing import Annotated

import typer

from alteram.adapters.files import FileTileStore
from alteram.bootstrap import succeed_log
from alteram.cli.log_running import run
from alteram.cli.log_stamps import stamp, stamps
from alteram.cli.showing import NO, AsJson, Value, reporting, show, stop
from alteram.cli.working import HOME, Actor, Home, MatterName, at_work, parse_actor
from alteram.core.kernel.identifiers import StreamId, parse_identifier
from alteram.core.tlog import (
    TlogError,
    VerifierKey,
    parse_checkpoint,
    parse_note_unverified,
    parse_policy,
    verify_checkpoint_note,
)
from alteram.core.tlog.keys import parse_verifier_key
from alteram.operations.audit import audit_log
from alteram.operations.ports import StoreError
from alteram.operations.receipts import find_receipt, read_log

app = typer.Typer(
    no_args_is_help=True, help="The public log: checkpoint, receipts, audit, time stamps.", rich_markup_mode=None
)
for _command in (run, stamp, stamps):
    app.command()(_command)


@app.command()
def checkpoint(home: Home = HOME, as_json: AsJson = False) -> None:
    """Bring the log up to date and print its newest checkpoint.

    Example: alteram log checkpoint
    """
    with reporting(as_json=as_json), at_work(home) as opened:
        opened.integrator.run()
        log = read_log(opened.organisation)
    value: Value = {
        "origin": log.checkpoint.origin,
        "size": log.checkpoint.size,
        "root": log.checkpoint.root.hex(),
        "signed_by": [line.name for line in log.note.lines],
    }
    show(value, log.note.encode().splitlines(), as_json=as_json)


@app.command()
def proof(
    matter: MatterName,
    entry: Annotated[int, typer.Argument(help="The entry's number in the matter.")],
    file: Annotated[Path | None, typer.Option(help="Where to write the receipt (.tlog-proof).")] = None,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Print an entry's receipt: proof that it is in the log, which anyone can check without reading it.

    Example: alteram log proof conduct 0 --file entry.tlog-proof
    """
    with reporting(as_json=as_json), at_work(home) as opened:
        opened.integrator.run()
        receipt = find_receipt(opened.organisation, StreamId(parse_identifier(matter)), entry)
        if receipt is None:
            raise StoreError(f"There is no entry {entry} in {matter}.", remedy="See `alteram matter show`.")
        if file is not None:
            file.write_bytes(receipt.encode())
    value: Value = {"index": receipt.index, "receipt": receipt.encode().decode()}
    show(value, [f"Receipt written to {file}."] if file else receipt.encode().decode().splitlines(), as_json=as_json)


@app.command()
def audit(
    folder: Annotated[Path, typer.Argument(help="The published log: a folder with checkpoint and tiles.")],
    policy: Annotated[Path | None, typer.Option(help="Whom you trust; without it, log.vkey in the folder.")] = None,
    older: Annotated[Path | None, typer.Option(help="An older checkpoint that this log must continue.")] = None,
    processes: Annotated[int, typer.Option(min=1, max=64, help="How many processors to use.")] = 1,
    as_json: AsJson = False,
) -> None:
    """Recompute a whole published log and name every entry and tile that is not what was signed.

    Example: alteram log audit var/demo/log
    """
    with reporting(as_json=as_json):
        if not (folder / "checkpoint").is_file():
            raise StoreError(f"There is no checkpoint in {folder}.", remedy="Name the folder that holds it.")
        note = parse_note_unverified((folder / "checkpoint").read_bytes())
        trusted = None if policy is None else parse_policy(policy.read_bytes())
        keys = _read_keys(folder) if trusted is None else trusted.keys
        before = None if older is None else parse_note_unverified(older.read_bytes())
        try:
            if trusted is not None:
                verify_checkpoint_note(note, trusted, parse_checkpoint(note.text).origin)
            report = audit_log(FileTileStore(folder).get_tile, note, keys, processes=processes, older=before)
        except TlogError as error:
            show(
                {"verified": False, "code": error.code, "problem": error.problem},
                [f"FAIL {error.problem} ({error.code})"],
                as_json=as_json,
            )
            stop(NO)
    value: Value = {
        "verified": report.ok,
        "size": report.checkpoint.size,
        "differences": [
            {
                "tile": None if one.tile is None else one.tile.path,
                "first": one.first,
                "last": one.last,
                "code": one.code,
            }
            for one in report.differences
        ],
    }
    lines = [f"PASS {report.checkpoint.origin}: {report.checkpoint.size} entries are what was signed."]
    if not report.ok:
        lines = [f"FAIL {one.problem} ({one.code})" for one in report.differences]
    show(value, lines, as_json=as_json)
    if not report.ok:
        stop(NO)


@app.command()
def succeed(
    origin: Annotated[str, typer.Argument(help="The name of the new log: a web address without scheme.")],
    actor: Actor,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Leave out what only the old log holds and no copy of the record.")
    ] = False,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Begin a new log where the old one cannot be signed any more; it holds all of the old one's entries.

    Example: alteram log succeed club.example/log-2 --as m02
    """
    with reporting(as_json=as_json):
        told = succeed_log(home, origin, parse_actor(actor), accept_loss=accept_loss)
    value: Value = {
        "origin": origin,
        "follows": told.old.origin,
        "size": told.old.size,
        "root": told.old.root.hex(),
        "carried": told.carried,
        "lost": told.lost,
    }
    lines = [
        f"The log {origin} follows {told.old.origin}; {told.carried} of its {told.old.size} entries were carried over.",
        f"Give {home / 'policy'} and the new log.vkey to everybody who had the old ones, the witnesses first.",
    ]
    show(value, lines, as_json=as_json)


def _read_keys(folder: Path) -> tuple[VerifierKey, ...]:
    return tuple(parse_verifier_key(line) for line in (folder / "log.vkey").read_text().splitlines() if line)
