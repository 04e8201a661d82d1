"""Asking witnesses, good and bad, over HTTP on this machine."""

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from alteram.adapters.witness import HttpWitnesses, WitnessReport, build_application, create_witness, prove_from_tiles
from alteram.adapters.witness import client as client_module
from alteram.adapters.witness.keys import read_signers
from alteram.core.tlog import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA44,
    Note,
    NoteError,
    Policy,
    PolicyError,
    SignatureLine,
    SignerKey,
    Tile,
    TileError,
    hash_leaf,
    parse_checkpoint,
    parse_note_unverified,
    parse_policy,
    sign_note,
    verify_checkpoint_note,
)
from alteram.core.tlog.witness import AddCheckpoint, parse_add_checkpoint
from tests.loopback import HOST, find_free_port, reply, scripted, serving
from tests.patience import HANGS, wait_until
from tests.published import LOG, sign

LOG_PQ = SignerKey.from_seed(LOG.name, COSIGNATURE_MLDSA44, bytes(31) + b"\x02")
WITNESS = SignerKey.from_seed("example.org/w1", COSIGNATURE_ED25519, bytes(31) + b"\x03")
OTHER = SignerKey.from_seed("example.org/w2", COSIGNATURE_ED25519, bytes(31) + b"\x04")
HASHES = [hash_leaf(bytes([one])) for one in range(200)]
NOW = 1_700_000_000
SIZE = "text/x.tlog.size"

Handler = BaseHTTPRequestHandler


def read_tile(tile: Tile) -> bytes:
    if tile.level:
        raise TileError("tile.missing", "There is no such tile.")
    return b"".join(HASHES[: tile.width])


def policy(*witnesses: tuple[SignerKey, str]) -> Policy:
    lines = [f"log {LOG.verifier.encode()}", f"log {LOG_PQ.verifier.encode()}"]
    lines += [f"witness {at} {key.verifier.encode()} {url}" for at, (key, url) in enumerate(witnesses)]
    return parse_policy("\n".join([*lines, "quorum none"]).encode())


def ask(url: str, *, size: int = 10, seconds: float = 5.0, witness: SignerKey = WITNESS) -> WitnessReport:
    return HttpWitnesses(policy((witness, url)), prove_from_tiles(read_tile), seconds=seconds).ask(sign(HASHES, size))


def line(body: bytes, signer: SignerKey = WITNESS, *, timestamp: int = NOW) -> bytes:
    """Return the line by `signer` over the checkpoint that was submitted, whatever the signer has seen before."""
    return sign_note(parse_add_checkpoint(body).note.text, [signer], timestamp=timestamp).lines[0].encode().encode()


def always(answer: Callable[[bytes], tuple[int, bytes, str]], bodies: list[bytes]) -> Callable[[Handler, bytes], None]:
    def run(handler: Handler, body: bytes) -> None:
        bodies.append(body)
        reply(handler, *answer(body))

    return run


@pytest.fixture
def real(tmp_path: Path) -> Iterator[tuple[str, Policy]]:
    """A witness of our own, with both keys."""
    create_witness(tmp_path / "w", "example.org/witness")
    application = build_application(tmp_path / "w", [LOG.verifier.encode()])
    with serving(application) as url:
        yield url, policy(*((signer, url) for signer in read_signers(tmp_path / "w")))


def test_growing_log_is_cosigned_each_time_with_one_request(real: tuple[str, Policy]) -> None:
    proven: list[tuple[int, int]] = []

    def prove(old: int, new: int) -> tuple[bytes, ...]:
        proven.append((old, new))
        return tuple(prove_from_tiles(read_tile)(old, new))

    witnesses = HttpWitnesses(real[1], prove)
    for size in (5, 5, 64, 200):
        note = witnesses.cosign(sign(HASHES, size)).note
        assert len(verify_checkpoint_note(note, real[1], LOG.name)) == 3
    assert proven == [(5, 5), (5, 64), (64, 200)]


def test_client_that_forgot_what_was_cosigned_learns_it_from_the_witness(real: tuple[str, Policy]) -> None:
    HttpWitnesses(real[1], prove_from_tiles(read_tile)).cosign(sign(HASHES, 100))
    fresh = HttpWitnesses(real[1], prove_from_tiles(read_tile))
    (outcome,) = fresh.ask(sign(HASHES, 200)).outcomes
    assert (outcome.kind, outcome.seen_size, len(outcome.lines)) == ("cosigned", 200, 2)


def test_cosigning_again_replaces_the_witness_line(real: tuple[str, Policy]) -> None:
    witnesses = HttpWitnesses(real[1], prove_from_tiles(read_tile))
    once = witnesses.cosign(sign(HASHES, 10)).note
    twice = witnesses.cosign(once).note
    assert len(twice.lines) == 3
    assert parse_note_unverified(twice.encode().encode()) == twice


def test_log_that_was_rolled_back_is_told_so_with_evidence(real: tuple[str, Policy]) -> None:
    HttpWitnesses(real[1], prove_from_tiles(read_tile)).cosign(sign(HASHES, 200))
    told: list[WitnessReport] = []
    note = sign(HASHES, 10)
    witnesses = HttpWitnesses(real[1], prove_from_tiles(read_tile), tell=told.append)
    cosigned = witnesses.cosign(note)
    assert cosigned.note == note
    assert [parse_checkpoint(one.text).size for one in cosigned.ahead] == [200]
    (outcome,) = told[0].failures
    assert outcome.kind == "ahead"
    assert "size 200" in outcome.detail
    (evidence,) = told[0].evidence
    assert evidence.text.split("\n")[1] == "200"


@pytest.mark.parametrize(
    "shown",
    [
        b"",
        b"garbage",
        sign(HASHES, 5).encode().encode(),  # smaller than what was submitted
        sign_note(sign(HASHES, 50).text, [OTHER], timestamp=NOW).encode().encode(),  # not by the log
    ],
)
def test_claim_of_a_larger_log_without_its_signature_is_no_evidence(shown: bytes) -> None:
    def answer(handler: Handler, body: bytes) -> None:
        if handler.command == "POST":
            reply(handler, 409, b"50\n", SIZE)
        else:
            reply(handler, 200, shown)

    with scripted(answer) as url:
        report = ask(url)
    assert [one.kind for one in report.outcomes] == ["ahead"]
    assert report.evidence == ()


def test_only_the_logs_own_lines_are_sent() -> None:
    bodies: list[bytes] = []
    note = sign(HASHES, 10)
    foreign = sign_note(note.text, [OTHER], timestamp=NOW).lines + sign_note(note.text, [LOG_PQ], timestamp=NOW).lines
    with scripted(always(lambda body: (200, line(body), "text/plain"), bodies)) as url:
        witnesses = HttpWitnesses(policy((WITNESS, url)), prove_from_tiles(read_tile))
        result = witnesses.cosign(Note(note.text, note.lines + foreign)).note
    (sent,) = bodies
    assert [one.name for one in parse_add_checkpoint(sent).note.lines] == [LOG.name, LOG.name]
    assert len(result.lines) == 4  # what stood on the note stays on it


def test_foreign_and_extra_lines_in_the_answer_are_dropped() -> None:
    def answer(body: bytes) -> tuple[int, bytes, str]:
        lines = [line(body, OTHER), line(body, LOG_PQ), line(body), line(body, WITNESS, timestamp=NOW + 1)]
        return 200, b"".join(lines), "text/plain"

    with scripted(always(answer, [])) as url:
        report = ask(url)
    assert [one.name for one in report.note.lines] == [LOG.name, WITNESS.name]


def _signed_other_size(body: bytes) -> bytes:
    return sign_note(sign(HASHES, 11).text, [WITNESS], timestamp=NOW).lines[0].encode().encode()


def _right_name_wrong_key(body: bytes) -> bytes:
    forged = SignerKey.from_seed(WITNESS.name, WITNESS.type, bytes(31) + b"\x08")
    signature = forged.sign(parse_add_checkpoint(body).note.text.encode(), NOW)
    return SignatureLine(WITNESS.name, WITNESS.verifier.key_id, signature).encode().encode()


@pytest.mark.parametrize(
    "forge",
    [
        _signed_other_size,
        _right_name_wrong_key,
        lambda body: line(body, OTHER),
        lambda body: line(body, timestamp=0),
        lambda body: line(body)[:-8] + b"\n",
        lambda body: line(body) + b"garbage\n",
        lambda body: b"",
        lambda body: b"\xff\xfe",
    ],
)
def test_answer_whose_cosignature_does_not_verify_adds_nothing(forge: Callable[[bytes], bytes]) -> None:
    with scripted(always(lambda body: (200, forge(body), "text/plain"), [])) as url:
        report = ask(url)
    assert [one.kind for one in report.failures] == ["refused"]
    assert report.note == sign(HASHES, 10)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, b"", "text/plain"),
        (403, b"", "text/plain"),
        (404, b"", "text/plain"),
        (409, b"", "text/plain"),
        (409, b"5\n", "text/plain"),
        (409, b"", SIZE),
        (409, b"05\n", SIZE),
        (409, b"-1\n", SIZE),
        (409, b"5", SIZE),
        (409, b"9" * 40 + b"\n", SIZE),
        (422, b"", "text/plain"),
        (500, b"5\n", SIZE),
        (503, b"", "text/plain"),
        (302, b"", "text/plain"),
    ],
)
def test_every_other_answer_is_final(status: int, body: bytes, kind: str) -> None:
    bodies: list[bytes] = []
    with scripted(always(lambda _: (status, body, kind), bodies)) as url:
        report = ask(url)
    assert [one.kind for one in report.outcomes] == ["refused"]
    assert report.outcomes[0].detail
    assert len(bodies) == 1


def test_witness_that_answers_409_for_ever_is_asked_twice() -> None:
    bodies: list[bytes] = []
    sizes = iter(range(1, 10))
    with scripted(always(lambda _: (409, b"%d\n" % next(sizes), SIZE), bodies)) as url:
        report = ask(url)
    assert [parse_add_checkpoint(body).old_size for body in bodies] == [0, 1]
    assert "409 twice" in report.outcomes[0].detail


def test_witness_told_a_size_of_nothing_is_sent_no_proof() -> None:
    """It believed 5 once; now it says it has seen nothing, as after losing its memory."""
    bodies: list[bytes] = []

    def answer(body: bytes) -> tuple[int, bytes, str]:
        old = parse_add_checkpoint(body).old_size
        return (409, b"0\n", SIZE) if old else (200, line(body), "text/plain")

    with scripted(always(answer, bodies)) as url:
        witnesses = HttpWitnesses(policy((WITNESS, url)), prove_from_tiles(read_tile))
        witnesses.cosign(sign(HASHES, 5))
        (outcome,) = witnesses.ask(sign(HASHES, 10)).outcomes
    assert outcome.kind == "cosigned"
    assert [parse_add_checkpoint(body).old_size for body in bodies] == [0, 5, 0]
    assert parse_add_checkpoint(bodies[-1]).proof == ()


def test_hung_slow_and_broken_witnesses_cost_only_their_own_cosignature(real: tuple[str, Policy]) -> None:
    release = threading.Event()

    def hang(handler: Handler, body: bytes) -> None:
        release.wait(HANGS)

    def drip(handler: Handler, body: bytes) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not release.wait(0.05):
            handler.wfile.write(b"x")

    def swell(handler: Handler, body: bytes) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"x" * 100_000)

    good = [(one.key, one.url) for one in real[1].witnesses]
    with ExitStack() as stack:
        urls = [stack.enter_context(scripted(one)) for one in (hang, drip, swell)]
        stack.callback(release.set)
        urls += [f"http://{HOST}:{find_free_port()}", "http://127.0.0.1:port", "ftp://127.0.0.1", ""]
        lines = [f"log {LOG.verifier.encode()}"]
        lines += [f"witness good{at} {key.encode()} {url}" for at, (key, url) in enumerate(good)]
        keys = [SignerKey.from_seed("example.org/bad", COSIGNATURE_ED25519, bytes(31) + bytes([at])) for at in range(9)]
        lines += [f"witness bad{at} {keys[at].verifier.encode()} {url}" for at, url in enumerate(urls)]
        everyone = parse_policy("\n".join([*lines, "group both all good0 good1", "quorum both"]).encode())
        # Whoever answers does so in a second, or in ten where the machine is slow; the two that hang do in none.
        for seconds in (1.0, 10.0, 100.0):
            report = HttpWitnesses(everyone, prove_from_tiles(read_tile), seconds=seconds).ask(sign(HASHES, 10))
            kinds = {one.witness: one.kind for one in report.outcomes}
            if [name for name, kind in kinds.items() if kind == "late"] == ["bad0", "bad1"]:
                break
        assert not release.is_set()
    assert kinds == {
        "good0": "cosigned",
        "bad0": "late",
        "bad1": "late",
        "bad2": "refused",
        "bad3": "unreachable",
        "bad4": "unreachable",
        "bad5": "unreachable",
        "bad6": "unreachable",
    }
    verify_checkpoint_note(report.note, everyone, LOG.name)


def test_hung_witness_holds_one_thread_however_often_it_is_asked() -> None:
    release = threading.Event()
    bodies: list[bytes] = []

    def hang(handler: Handler, body: bytes) -> None:
        bodies.append(body)
        release.wait(HANGS)
        reply(handler, 200, line(body))

    with scripted(hang) as url:
        witnesses = HttpWitnesses(policy((WITNESS, url)), prove_from_tiles(read_tile), seconds=0.5)
        assert [one.kind for one in witnesses.ask(sign(HASHES, 10)).outcomes] == ["late"]
        for _ in range(3):
            (outcome,) = witnesses.ask(sign(HASHES, 10)).outcomes
            assert outcome.kind == "late"
        assert len(find_requests(url)) <= 1
        release.set()
        assert len(bodies) <= 4


def test_witness_that_was_late_is_waited_for_less_until_it_answers_again(monkeypatch: pytest.MonkeyPatch) -> None:
    answering, waits = threading.Event(), list[float]()

    class Told(queue.SimpleQueue[Any]):
        def get(self, block: bool = True, timeout: float | None = None) -> Any:
            waits.append(timeout or 0.0)
            return super().get(block, timeout)

    def slow(handler: Handler, body: bytes) -> None:
        answering.wait(HANGS)
        reply(handler, 200, line(body))

    monkeypatch.setattr(client_module, "queue", SimpleNamespace(SimpleQueue=Told, Empty=queue.Empty))
    with scripted(slow) as url:
        witnesses = HttpWitnesses(policy((WITNESS, url)), prove_from_tiles(read_tile), seconds=1.0)
        for least, most in ((0.1, 1.0), (0.0, 0.1)):
            assert [one.kind for one in witnesses.ask(sign(HASHES, 10)).outcomes] == ["late"]
            assert least < waits[-1] <= most
            wait_until(lambda: not find_requests(url))
        witnesses.ask(sign(HASHES, 10))
        answering.set()
        wait_until(lambda: not find_requests(url))  # its answer comes, in that round or after it
        witnesses.ask(sign(HASHES, 10))
        assert waits[-1] > 0.1  # trusted with a whole round again


def find_requests(url: str) -> list[threading.Thread]:
    """Return the threads that wait for a witness."""
    return [one for one in threading.enumerate() if one.name == f"witness {url}"]


def test_proof_that_cannot_be_made_is_reported_and_sends_nothing() -> None:
    bodies: list[bytes] = []

    def no_tiles(tile: Tile) -> bytes:
        raise TileError("tile.missing", f"{tile.path} is missing from the log.")

    with scripted(always(lambda _: (409, b"5\n", SIZE), bodies)) as url:
        witnesses = HttpWitnesses(policy((WITNESS, url)), prove_from_tiles(no_tiles))
        (outcome,) = witnesses.ask(sign(HASHES, 10)).outcomes
    assert (outcome.kind, "missing" in outcome.detail, len(bodies)) == ("refused", True, 1)


def test_fault_in_our_own_proof_function_does_not_stop_the_round(real: tuple[str, Policy]) -> None:
    def broken(old: int, new: int) -> tuple[bytes, ...]:
        raise RuntimeError("bug")

    witnesses = HttpWitnesses(real[1], broken)
    witnesses.cosign(sign(HASHES, 5))
    (outcome,) = witnesses.ask(sign(HASHES, 10)).outcomes
    assert (outcome.kind, outcome.detail) == ("refused", "RuntimeError while asking it.")


def test_witness_with_one_of_two_keys_gives_one_line_and_is_told_of(real: tuple[str, Policy]) -> None:
    with scripted(always(lambda body: (200, line(body), "text/plain"), [])) as url:
        second = SignerKey.from_seed(WITNESS.name, COSIGNATURE_MLDSA44, bytes(31) + b"\x06")
        witnesses = HttpWitnesses(policy((WITNESS, url), (second, url)), prove_from_tiles(read_tile))
        (outcome,) = witnesses.ask(sign(HASHES, 10)).outcomes
    assert (outcome.kind, len(outcome.lines), outcome.detail) == ("cosigned", 1, "It did not sign as 1.")


def test_witness_on_this_machine_is_called_not_independent(real: tuple[str, Policy]) -> None:
    report = HttpWitnesses(real[1], prove_from_tiles(read_tile)).ask(sign(HASHES, 10))
    assert [one.independent for one in report.outcomes] == [False]


def test_too_few_cosignatures_leave_a_note_that_the_policy_refuses() -> None:
    with scripted(always(lambda _: (500, b"", "text/plain"), [])) as url:
        wanted = parse_policy(
            f"log {LOG.verifier.encode()}\nwitness w {WITNESS.verifier.encode()} {url}\nquorum w\n".encode()
        )
        note = HttpWitnesses(wanted, prove_from_tiles(read_tile)).cosign(sign(HASHES, 10)).note
    with pytest.raises(PolicyError):
        verify_checkpoint_note(note, wanted, LOG.name)


def test_note_that_is_no_checkpoint_is_not_sent_anywhere() -> None:
    bodies: list[bytes] = []
    with scripted(always(lambda _: (500, b"", "text/plain"), bodies)) as url, pytest.raises(NoteError):
        HttpWitnesses(policy((WITNESS, url)), prove_from_tiles(read_tile)).cosign(sign_note("a note\n", [LOG]))
    assert bodies == []


def test_request_stays_below_the_limit_of_other_witnesses() -> None:
    """16 KiB with both of the log's own signatures and the longest proof there can be."""
    note = sign_note(sign(HASHES, 200).text, [LOG, LOG_PQ], timestamp=NOW)
    assert len(AddCheckpoint(2**62, (bytes(32),) * 63, note).encode()) < 16 * 1024
