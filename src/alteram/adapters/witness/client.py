"""Asks the witnesses of a policy to cosign a checkpoint (C2SP tlog-witness), all at once and within one time limit.

Each cosignature is verified before it is added. Lines by other keys are ignored. What did not work, and why, is told to
whoever asked to be told; a witness that is slow, broken or hostile costs its own cosignature and nothing else.
It does not judge whether enough cosigned: `core.tlog.policy` does.
"""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from alteram.adapters.witness.exchange import Outcome, ProveConsistency, Request, WitnessAddress, exchange, failed
from alteram.adapters.witness.nearness import is_near
from alteram.core.tlog import Note, Policy, VerifierKey, build_range_root, parse_checkpoint
from alteram.core.tlog.merkle import build_consistency_proof
from alteram.core.tlog.tiles import ReadTile
from alteram.operations.ports import Cosigned

#: The share of a round's time that a witness is given after it was late.
_LATE_SHARE = 0.1
_Told = tuple[WitnessAddress, Outcome]


@dataclass(frozen=True, slots=True)
class WitnessReport:
    """What became of one round: the note with what could be had, and each witness's outcome."""

    note: Note
    outcomes: tuple[Outcome, ...]

    @property
    def failures(self) -> tuple[Outcome, ...]:
        """Return the outcomes without a cosignature."""
        return tuple(one for one in self.outcomes if one.kind != "cosigned")

    @property
    def evidence(self) -> tuple[Note, ...]:
        """Return checkpoints of this log that are larger than the one submitted, with the log's own signature verified.

        Another process of the same log may have signed them meanwhile. Where none did, the log was rolled back: stop.
        """
        return tuple(one.evidence for one in self.outcomes if one.evidence is not None)


class HttpWitnesses:
    """Implements Witnesses over HTTP. One instance for each log; safe to use from several threads."""

    def __init__(
        self,
        policy: Policy,
        prove_consistency: ProveConsistency,
        *,
        seconds: float = 5.0,
        tell: Callable[[WitnessReport], None] = lambda _: None,
    ) -> None:
        """Ask the witnesses of `policy`; give each round at most `seconds`; hand every report to `tell`.

        `prove_consistency(old, new)` gives the hashes of a proof, as `prove_from_tiles` does.
        """
        self._policy = policy
        self._prove = prove_consistency
        self._seconds = seconds
        self._tell = tell
        self._lock = threading.Lock()
        self._sizes: dict[str, int] = {}
        self._busy: set[str] = set()
        self._late: set[str] = set()
        self._addresses = _group_by_address(policy)

    def cosign(self, note: Note) -> Cosigned:
        """Return `note` with the cosignatures that could be had in time added."""
        report = self.ask(note)
        return Cosigned(report.note, report.evidence)

    def ask(self, note: Note) -> WitnessReport:
        """Ask every witness once and return what became of it, `note` with new cosignatures included."""
        told: queue.SimpleQueue[_Told] = queue.SimpleQueue()
        request = self._request(note)
        waiting: dict[str, WitnessAddress] = {}
        outcomes: list[Outcome] = []
        for address in self._addresses:
            if not address.url:
                outcomes.append(failed(address, "unreachable", "The policy gives no address for it."))
            elif self._start(address, request, told):
                waiting[address.url] = address
            else:
                outcomes.append(failed(address, "late", "It has not answered the last request yet."))
        outcomes += self._collect(waiting, told)
        report = WitnessReport(_add_lines(note, outcomes), tuple(outcomes))
        self._tell(report)
        return report

    def _request(self, note: Note) -> Request:
        checkpoint = parse_checkpoint(note.text)
        logs = tuple(log.key for log in self._policy.logs if log.key.name == checkpoint.origin)
        own = {(key.name, key.key_id) for key in logs}
        # Only the log's own lines go out: cosignatures of others would take the request over a witness's limit.
        lines = tuple(line for line in note.lines if (line.name, line.key_id) in own)
        return Request(Note(note.text, lines), checkpoint, logs, self._prove, self._seconds)

    def _start(self, address: WitnessAddress, request: Request, told: "queue.SimpleQueue[_Told]") -> bool:
        """Start a thread for one witness, unless its last one still waits: a hung witness holds one thread only."""
        with self._lock:
            if address.url in self._busy:
                return False
            self._busy.add(address.url)
            size = self._sizes.get(address.url, 0)
        run = threading.Thread(
            target=self._run, args=(address, request, size, told), name=f"witness {address.url}", daemon=True
        )
        run.start()
        return True

    def _run(self, address: WitnessAddress, request: Request, size: int, told: "queue.SimpleQueue[_Told]") -> None:
        try:
            outcome = exchange(address, request, size)
        except Exception as error:  # noqa: BLE001 - whatever one witness provokes must not silence the others' answers
            outcome = failed(address, "refused", f"{type(error).__name__} while asking it.")
        with self._lock:
            self._busy.discard(address.url)
            # Who answers is waited for again, even where this came after its round was over: it is slow, and not hung.
            if outcome.kind != "late":
                self._late.discard(address.url)
            if outcome.seen_size is not None:
                self._sizes[address.url] = outcome.seen_size
        told.put((address, outcome))

    def _collect(self, waiting: dict[str, WitnessAddress], told: "queue.SimpleQueue[_Told]") -> list[Outcome]:
        outcomes = []
        begun = time.monotonic()
        # Who was late is still asked, but not waited for as long: one hung witness must not slow every round.
        until = {url: begun + self._seconds * (_LATE_SHARE if url in self._late else 1) for url in waiting}
        while waiting:
            left = max(until[url] for url in waiting) - time.monotonic()
            try:
                address, outcome = told.get(timeout=max(0.0, left))
            except queue.Empty:
                break
            del waiting[address.url]
            # A request may find out by itself that its time is over, a moment before the round's is.
            if outcome.kind == "late":
                self._late.add(address.url)
            outcomes.append(outcome)
        self._late.update(waiting)
        return outcomes + [failed(one, "late", "It has not answered in time.") for one in waiting.values()]


def prove_from_tiles(read: ReadTile) -> ProveConsistency:
    """Return a function that proves consistency from a log's own tiles, which must reach the newer size."""

    def prove(old: int, new: int) -> Sequence[bytes]:
        return build_consistency_proof(old, new, build_range_root(new, read)) if old else ()

    return prove


def _group_by_address(policy: Policy) -> tuple[WitnessAddress, ...]:
    """One request serves all keys of a witness, so ask each address once; keys without an address stand alone."""
    grouped: dict[str, list[tuple[str, VerifierKey]]] = {}
    for one in policy.witnesses:
        grouped.setdefault(one.url or f"\x00{one.name}", []).append((one.name, one.key))
    return tuple(
        WitnessAddress("" if url.startswith("\x00") else url, tuple(keys), is_near(url))
        for url, keys in grouped.items()
    )


def _add_lines(note: Note, outcomes: Sequence[Outcome]) -> Note:
    """Add lines in the order of their names, so that the same answers give the same bytes; one line for each key."""
    lines = {(line.name, line.key_id): line for one in outcomes for line in one.lines}
    kept = tuple(line for line in note.lines if (line.name, line.key_id) not in lines)
    return replace(note, lines=kept + tuple(lines[key] for key in sorted(lines)))
