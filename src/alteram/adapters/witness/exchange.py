"""One conversation with one witness: at most two requests, a limited answer, and what it came to."""

import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

import httpx

from alteram.adapters.witness.nearness import is_on_this_machine
from alteram.adapters.witness.state import name_origin
from alteram.core.kernel.errors import AlteramError
from alteram.core.tlog import (
    Checkpoint,
    Note,
    NoteError,
    SignatureLine,
    TlogError,
    VerifierKey,
    parse_checkpoint,
    parse_note_unverified,
    verify_note,
)
from alteram.core.tlog.witness import SIZE_TYPE, AddCheckpoint, read_answer

#: Room for a note with 64 post-quantum signatures would be 200 kB; a witness has no reason to send more than a few.
MAX_ANSWER = 64 * 1024
ProveConsistency = Callable[[int, int], Sequence[bytes]]
OutcomeKind = Literal["cosigned", "unreachable", "late", "refused", "ahead"]


@dataclass(frozen=True, slots=True)
class WitnessAddress:
    """Where a witness answers, its keys with their names in the policy, and whether it is on this very machine."""

    url: str
    keys: tuple[tuple[str, VerifierKey], ...]
    on_this_machine: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What every witness is asked: the note with the log's own lines only."""

    note: Note
    checkpoint: Checkpoint
    logs: tuple[VerifierKey, ...]
    prove: ProveConsistency
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of asking one witness. `detail` is for the operator and holds no content.

    `ahead`: it says it has cosigned a larger size; `evidence` is that checkpoint, where it shows one the log signed.
    """

    witness: str
    url: str
    kind: OutcomeKind
    detail: str = ""
    lines: tuple[SignatureLine, ...] = ()
    seen_size: int | None = None
    evidence: Note | None = None
    independent: bool = True


@cache
def _tls() -> ssl.SSLContext:
    """Return the trusted authorities, read once: reading them takes longer than a round."""
    return httpx.create_ssl_context()


class _FailedError(AlteramError):
    """A conversation is over without a cosignature."""

    def __init__(self, kind: OutcomeKind, problem: str) -> None:
        super().__init__(problem)
        self.kind: OutcomeKind = kind


def failed(address: WitnessAddress, kind: OutcomeKind, detail: str) -> Outcome:
    """Return the outcome of a witness that gave no cosignature."""
    return Outcome(address.keys[0][0], address.url, kind, detail, independent=not address.on_this_machine)


def exchange(address: WitnessAddress, request: Request, known_size: int) -> Outcome:
    """Ask one witness. `known_size` is what it is believed to have cosigned last; a 409 corrects it once."""
    deadline = time.monotonic() + request.seconds
    try:
        httpx.URL(address.url)
    except (httpx.InvalidURL, ValueError):
        return failed(address, "unreachable", "The address in the policy cannot be read.")
    address = replace(address, on_this_machine=is_on_this_machine(address.url))
    # A proxy of the environment would keep a witness on this machine from being reached.
    with httpx.Client(timeout=request.seconds, verify=_tls(), trust_env=not address.on_this_machine) as client:
        conversation = _Conversation(client, address, request, deadline)
        try:
            return conversation.run(min(known_size, request.checkpoint.size))
        except _FailedError as error:
            return failed(address, error.kind, error.problem)
        except TlogError as error:
            return failed(address, "refused", error.problem)
        except httpx.TimeoutException:
            return failed(address, "late", f"No answer in {request.seconds:g} s.")
        except httpx.HTTPError as error:
            return failed(address, "unreachable", f"{type(error).__name__}: it cannot be reached.")


class _Conversation:
    def __init__(self, client: httpx.Client, address: WitnessAddress, request: Request, deadline: float) -> None:
        self._client = client
        self._address = address
        self._request = request
        self._deadline = deadline

    def run(self, old: int) -> Outcome:
        answer = self._submit(old)
        if isinstance(answer, int):
            if answer > self._request.checkpoint.size:
                return self._ahead(answer)
            answer = self._submit(answer)
            if isinstance(answer, int):
                raise _FailedError("refused", f"It answered 409 twice, {answer} the second time.")
        return self._cosigned(answer)

    def _cosigned(self, lines: tuple[SignatureLine, ...]) -> Outcome:
        got = {(line.name, line.key_id) for line in lines}
        missing = [name for name, key in self._address.keys if (key.name, key.key_id) not in got]
        return Outcome(
            self._address.keys[0][0],
            self._address.url,
            "cosigned",
            f"It did not sign as {', '.join(missing)}." if missing else "",
            lines=lines,
            seen_size=self._request.checkpoint.size,
            independent=not self._address.on_this_machine,
        )

    def _submit(self, old: int) -> tuple[SignatureLine, ...] | int:
        proof = tuple(self._request.prove(old, self._request.checkpoint.size)) if old else ()
        body = AddCheckpoint(old, proof, self._request.note).encode()
        status, kind, answer = self._send("POST", "/add-checkpoint", body)
        if status == 409 and kind != SIZE_TYPE:
            raise _FailedError("refused", "It answered 409 without the size it has seen.")
        return self._read(status, answer)

    def _read(self, status: int, answer: bytes) -> tuple[SignatureLine, ...] | int:
        """Return the verified lines of this witness's keys, at least one, or the size it tells."""
        lines: list[SignatureLine] = []
        absent: NoteError | None = None
        for _, key in self._address.keys:
            try:
                read = read_answer(status, answer, self._request.note, key)
            except NoteError as error:
                if error.code != "witness.missing":
                    raise
                absent = error
                continue
            if isinstance(read, int):
                return read
            lines.append(read)
        if absent is not None and not lines:
            raise absent
        return tuple(lines)

    def _ahead(self, size: int) -> Outcome:
        """A larger size is only a claim until the witness shows a checkpoint that this log signed."""
        name = self._address.keys[0][0]
        detail = f"It has cosigned size {size}; size {self._request.checkpoint.size} was submitted."
        evidence = self._find_evidence()
        here = self._address.on_this_machine
        return Outcome(name, self._address.url, "ahead", detail, evidence=evidence, independent=not here)

    def _find_evidence(self) -> Note | None:
        origin = self._request.checkpoint.origin
        try:
            status, _, data = self._send("GET", f"/{name_origin(origin)}/checkpoint")
            if status != 200:
                return None
            note = parse_note_unverified(data)
            verify_note(note, self._request.logs)
            shown = parse_checkpoint(note.text)
        except (TlogError, _FailedError, httpx.HTTPError):
            return None
        return note if shown.origin == origin and shown.size > self._request.checkpoint.size else None

    def _send(self, method: str, path: str, body: bytes | None = None) -> tuple[int, str, bytes]:
        """Return status, content type and body; a body that drips or swells is cut off."""
        url = self._address.url.rstrip("/") + path
        data = bytearray()
        with self._client.stream(method, url, content=body, headers={"Accept-Encoding": "identity"}) as response:
            for piece in response.iter_raw():
                data += piece
                if len(data) > MAX_ANSWER:
                    raise _FailedError("refused", "Its answer is too large.")
                if time.monotonic() > self._deadline:
                    raise _FailedError("late", "Its answer came too slowly.")
            return response.status_code, response.headers.get("Content-Type", "").partition(";")[0].strip(), bytes(data)
