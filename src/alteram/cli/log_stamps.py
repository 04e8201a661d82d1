"""`alteram log stamp` and `alteram log stamps`: time stamps (RFC 3161) over checkpoints, asked for and verified."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer
from cryptography.x509 import Certificate

from alteram.adapters.timestamps import FileTimestamps, TimestampError, read_roots, request_token, verify_token
from alteram.adapters.timestamps.files import StampedCheckpoint
from alteram.bootstrap import Opened
from alteram.cli.showing import NO, AsJson, Value, reporting, show, stop
from alteram.cli.working import HOME, Home, at_work
from alteram.core.tlog import TlogError, parse_checkpoint, verify_note
from alteram.operations.audit import verify_growth
from alteram.operations.receipts import PublishedLog, read_log

_Roots = Annotated[Path, typer.Option("--roots", help="The authority's root certificate, in PEM.")]
_FOLDER = "timestamps"


def stamp(
    tsa: Annotated[str, typer.Option("--tsa", help="Where the time-stamping authority answers.")],
    roots: _Roots,
    home: Home = HOME,
    as_json: AsJson = False,
) -> None:
    """Have the newest checkpoint stamped with the time, verify the token, and keep both beside the log.

    Example: alteram log stamp --tsa http://tsa.example/ --roots tsa-root.pem
    """
    with reporting(as_json=as_json):
        trusted = read_roots(roots.read_bytes())
        with at_work(home) as opened:
            opened.integrator.run()
            log = read_log(opened.organisation)
            token = request_token(tsa, log.note.text)
            said = verify_token(token, log.note.text, trusted)
            path = FileTimestamps(opened.log / _FOLDER).keep(log.note, token)
    value: Value = {
        "size": log.checkpoint.size,
        "at": said.at.isoformat(),
        "authority": said.authority,
        "token": str(path),
    }
    line = f"PASS {log.checkpoint.size} entries stood in the log at {said.at.isoformat()}, says {said.authority}."
    show(value, [line, f"     kept in {path}"], as_json=as_json)


def stamps(roots: _Roots, home: Home = HOME, as_json: AsJson = False) -> None:
    """Verify every time stamp that is kept: the token, the checkpoint it is of, and that the log continues that one.

    Example: alteram log stamps --roots tsa-root.pem
    """
    with reporting(as_json=as_json):
        trusted = read_roots(roots.read_bytes())
        with at_work(home) as opened:
            opened.integrator.run()
            kept = list(FileTimestamps(opened.log / _FOLDER).stamped())
            log = read_log(opened.organisation)
            told = [_verify(opened, log, one, trusted) for one in kept]
    lines = [_tell(one) for one in told]
    value: Value = [*told]
    show(value, lines or ["There are no time stamps yet."], as_json=as_json)
    if not all(one["verified"] for one in told):
        stop(NO)


def _verify(
    opened: Opened, log: PublishedLog, kept: StampedCheckpoint, roots: Sequence[Certificate]
) -> dict[str, Value]:
    ports = opened.organisation.ports
    told: dict[str, Value] = {"verified": True, "token": sha256(kept.token).hexdigest()[:16]}
    try:
        older = parse_checkpoint(kept.note.text)
        told |= {"origin": older.origin, "size": older.size}
        verify_note(kept.note, [one.key for one in ports.policy.logs])
        verify_growth(ports.tiles.get_tile, older, log.checkpoint)
        said = verify_token(kept.token, kept.note.text, roots)
    except (TlogError, TimestampError) as error:
        code = error.code if isinstance(error, TlogError) else "timestamp"
        return told | {"verified": False, "code": code, "problem": error.problem}
    return told | {"at": said.at.isoformat(), "authority": said.authority}


def _tell(told: dict[str, Value]) -> str:
    if not told["verified"]:
        return f"FAIL {told.get('size', 'what is kept')}: {told['problem']} ({told['code']})"
    return f"PASS {told['size']} entries stood in the log at {told['at']}, says {told['authority']}."
