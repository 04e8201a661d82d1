"""A witness over HTTP (C2SP tlog-witness): POST /add-checkpoint and GET /<hex sha256(origin)>/checkpoint.

A WSGI application; granian serves it. Granian was chosen over the standard library's server because it limits header
size and time and many slow connections in compiled code, and because Alteram is served by it anyway; it starts worker
processes, which the state's lock allows for. Nothing about the caller is logged: neither address nor request.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from alteram.adapters.witness.keys import WitnessDirectory, read_logs, read_signers
from alteram.adapters.witness.state import CosignedCheckpoints, name_origin
from alteram.core.kernel.errors import AlteramError
from alteram.core.tlog import SignerKey, VerifierKey
from alteram.core.tlog.witness import MAX_REQUEST, Answer, answer_submission, check_add_checkpoint

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_LOG = logging.getLogger("alteram.witness")
_SUBMIT: Final = "/add-checkpoint"
_READ_SUFFIX: Final = "/checkpoint"


class WitnessApplication:
    """The witness as a WSGI application; safe with any number of threads and processes over one directory."""

    def __init__(
        self,
        *,
        signers: tuple[SignerKey, ...],
        logs: Mapping[str, tuple[VerifierKey, ...]],
        cosigned: CosignedCheckpoints,
        clock: Callable[[], float] = time.time,
        step: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Cosign with `signers` for `logs`. `step` is told each durable write before it is made."""
        self._signers = signers
        self._logs = logs
        self._cosigned = cosigned
        self._clock = clock
        self._step = step
        self._published = {f"/{name_origin(origin)}{_READ_SUFFIX}": name_origin(origin) for origin in logs}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        """Answer one request."""
        try:
            answer = self._route(environ)
        except (AlteramError, OSError) as error:
            # Whatever could not be kept was not said either: the cosignature is dropped with the answer.
            _LOG.error("Nothing was cosigned: %s", error)
            answer = Answer(500)
        body = answer.body.encode()
        headers = [
            ("Content-Type", answer.content_type),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        if answer.status == 405:
            headers.append(("Allow", "POST" if environ["PATH_INFO"] == _SUBMIT else "GET"))
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", headers)
        return [body]

    def _route(self, environ: "WSGIEnvironment") -> Answer:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        if path == _SUBMIT:
            return self._receive(environ) if method == "POST" else Answer(405)
        name = self._published.get(path)
        if name is None:
            return Answer(404)
        if method != "GET":
            return Answer(405)
        note = self._cosigned.find_note(name)
        return Answer(404) if note is None else Answer(200, note.decode())

    def _receive(self, environ: "WSGIEnvironment") -> Answer:
        length = environ.get("CONTENT_LENGTH") or ""
        if not length and not environ.get("wsgi.input_terminated"):
            return Answer(411)  # without an end in sight a read would wait for ever
        if length and (not length.isdecimal() or len(length) > 10 or int(length) > MAX_REQUEST):
            return Answer(413)
        data = _read(environ["wsgi.input"], int(length) if length else MAX_REQUEST + 1)
        return Answer(413) if len(data) > MAX_REQUEST else self.add_checkpoint(data)

    def add_checkpoint(self, data: bytes) -> Answer:
        """Return the answer to a request's body, with what it cosigns kept durably.

        Raises: StoreError or OSError when the state cannot be read or kept, and then nothing was cosigned.
        """
        submission = check_add_checkpoint(data, self._logs)
        if isinstance(submission, Answer):
            return submission
        origin = submission.checkpoint.origin
        with self._cosigned.locked(origin) as slot:
            last, cosigned_at = slot.find() or (None, 0)
            now = int(self._clock())
            if now < cosigned_at:
                # A cosignature says "the largest tree I have seen at this time"; an earlier time would contradict it.
                _LOG.error("The clock is behind the last cosignature for %s; nothing is cosigned.", origin)
                return Answer(503)
            answer = answer_submission(submission, last=last, signers=self._signers, timestamp=now)
            if answer.keep is not None:
                slot.keep(answer.keep, self._step)
            elif answer.status == 422 and last is not None and submission.checkpoint.size == last.size:
                slot.keep_fork(submission.own)
                _LOG.error("%s signed two roots for size %d; the second is kept as evidence.", origin, last.size)
        return answer


def _read(stream: IO[bytes], limit: int) -> bytes:
    """Return at most `limit` bytes; a server may give them in pieces."""
    data = bytearray()
    while len(data) < limit and (piece := stream.read(limit - len(data))):
        data += piece
    return bytes(data)


def build_application(directory: Path, vkeys: Iterable[str] = ()) -> WitnessApplication:
    """Return the witness kept in `directory`. `vkeys` are logs trusted beside those of its file.

    Raises: StoreError, PolicyError or NoteError, each saying what to do.
    """
    signers = read_signers(directory)
    cosigned = CosignedCheckpoints(WitnessDirectory(directory).cosigned, [signer.verifier for signer in signers])
    return WitnessApplication(signers=signers, logs=read_logs(directory, vkeys), cosigned=cosigned)


def serve_witness(
    directory: Path, *, host: str = "127.0.0.1", port: int = 8300, vkeys: Iterable[str] = (), workers: int = 1
) -> None:
    """Serve the witness of `directory` until stopped (SIGTERM, SIGINT).

    Put a proxy with TLS before it; it speaks plain HTTP. Raises: as `build_application`, before the port is opened.
    """
    from granian import Granian  # noqa: PLC0415 - a client of witnesses has no need to load a server
    from granian.constants import Interfaces  # noqa: PLC0415 - as above

    trusted = tuple(vkeys)
    build_application(directory, trusted)
    server: Any = Granian(
        "alteram.adapters.witness.server:build_application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        websockets=False,
        log_access=False,
    )
    server.serve(target_loader=partial(build_application, directory, trusted), wrap_loader=False)
