"""The witness as a server, over HTTP on this machine: every code, and every way to stop in the middle."""

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from alteram.adapters.witness import create_witness
from alteram.adapters.witness.keys import read_logs, read_signers
from alteram.adapters.witness.server import WitnessApplication
from alteram.adapters.witness.state import CosignedCheckpoints, name_origin
from alteram.core.tlog import (
    COSIGNATURE_MLDSA44,
    ED25519,
    EMPTY_ROOT,
    Checkpoint,
    Note,
    SignerKey,
    compute_root,
    encode_checkpoint,
    hash_leaf,
    parse_checkpoint,
    parse_note_unverified,
    sign_note,
    verify_note,
)
from alteram.core.tlog.merkle import build_consistency_proof
from alteram.core.tlog.note import parse_signature_line
from alteram.core.tlog.witness import AddCheckpoint
from tests.loopback import serving
from tests.patience import HANGS
from tests.published import LOG, sign

LOG_PQ = SignerKey.from_seed(LOG.name, COSIGNATURE_MLDSA44, bytes(31) + b"\x02")
STRANGER = SignerKey.from_seed(LOG.name, ED25519, bytes(31) + b"\x09")
HASHES = [hash_leaf(bytes([one])) for one in range(200)]
FORK = [*HASHES[:5], *(hash_leaf(b"fork" + bytes([one])) for one in range(195))]
NOW = 1_700_000_000


class Crash(BaseException):
    """The process is gone."""


class Witness:
    """A witness on disk, and as many applications over it as a test likes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.keys = create_witness(folder, "example.org/witness")
        self.now = NOW
        self.crash_at = ""
        self.url = ""

    def application(self) -> WitnessApplication:
        return WitnessApplication(
            signers=read_signers(self.folder),
            logs=read_logs(self.folder, [LOG.verifier.encode(), LOG_PQ.verifier.encode()]),
            cosigned=CosignedCheckpoints(self.folder / "cosigned", self.keys),
            clock=lambda: self.now,
            step=self.step,
        )

    def step(self, name: str) -> None:
        if name == self.crash_at:
            raise Crash

    def post(self, body: bytes) -> httpx.Response:
        return httpx.post(f"{self.url}/add-checkpoint", content=body, timeout=HANGS, trust_env=False)

    def add(self, old: int, size: int, hashes: list[bytes] = HASHES, **changes: object) -> httpx.Response:
        return self.post(request(old, size, hashes, **changes))

    def seen(self) -> int:
        answer = httpx.get(f"{self.url}/{name_origin(LOG.name)}/checkpoint", trust_env=False, timeout=HANGS)
        return parse_checkpoint(parse_note_unverified(answer.content).text).size if answer.status_code == 200 else 0


def request(old: int, size: int, hashes: list[bytes] = HASHES, **changes: object) -> bytes:
    proof = () if old == 0 or old > size else build_consistency_proof(old, size, lambda a, b: compute_root(hashes[a:b]))
    parts = {"proof": proof, "note": sign(hashes, size)} | changes
    return AddCheckpoint(old, parts["proof"], parts["note"]).encode()  # type: ignore[arg-type]  # a table of parts


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    made = Witness(tmp_path / "witness")
    with serving(made.application()) as made.url:
        yield made


def verified(answer: httpx.Response, note: Note, witness: Witness) -> set[int]:
    lines = tuple(parse_signature_line(line) for line in answer.text.removesuffix("\n").split("\n"))
    return {one.key.type for one in verify_note(Note(note.text, lines), witness.keys) if one.timestamp == witness.now}


def test_growth_is_cosigned_by_both_keys_at_the_time_it_is(witness: Witness) -> None:
    old = 0
    for size in (10, 10, 64, 65, 200):
        witness.now += 1
        answer = witness.add(old, size)
        assert answer.status_code == 200
        assert verified(answer, sign(HASHES, size), witness) == {0x04, 0x06}
        assert witness.seen() == size
        old = size


def test_codes_in_the_order_of_the_protocol(witness: Witness) -> None:
    """One conversation, as record.md lists it; nothing but 200 changes what the witness has seen."""
    unknown = sign_note(encode_checkpoint(Checkpoint("elsewhere", 10, compute_root(HASHES[:10]))), [LOG])
    table = [
        (witness.add(0, 10, note=unknown), 404, 0),
        (witness.add(0, 10, note=sign(HASHES, 10, STRANGER)), 403, 0),
        (witness.add(0, 10), 200, 10),
        (witness.add(0, 20), 409, 10),
        (witness.add(10, 200), 200, 200),
        (witness.add(200, 200), 200, 200),
        (witness.add(10, 10), 409, 200),
        (witness.add(200, 10), 400, 200),
        (witness.add(200, 200, FORK), 422, 200),
        (witness.post(b"garbage"), 400, 200),
        (witness.post(b""), 400, 200),
    ]
    assert [answer.status_code for answer, _, _ in table] == [status for _, status, _ in table]
    assert witness.seen() == 200
    fresh = witness.add(0, 20)
    assert (fresh.text, fresh.headers["Content-Type"]) == ("200\n", "text/x.tlog.size")


@pytest.mark.parametrize("hashes", [HASHES, FORK])
def test_growth_without_its_proof_or_of_a_fork_is_refused(witness: Witness, hashes: list[bytes]) -> None:
    assert witness.add(0, 10).status_code == 200
    good = build_consistency_proof(10, 20, lambda a, b: compute_root(hashes[a:b]))
    for proof in ((), good[:-1], (*good, bytes(32)), tuple(reversed(good)), (bytes(31), *good[1:])):
        assert witness.add(10, 20, hashes, proof=proof).status_code == 422
    assert witness.add(10, 20, FORK).status_code == 422
    assert witness.seen() == 10


def test_first_contact_with_a_proof_or_a_wrong_empty_root_is_refused(witness: Witness) -> None:
    assert witness.add(0, 10, proof=(bytes(32),)).status_code == 422
    wrong = sign_note(encode_checkpoint(Checkpoint(LOG.name, 0, bytes(32))), [LOG])
    assert witness.add(0, 0, note=wrong).status_code == 422
    assert witness.seen() == 0
    right = sign_note(encode_checkpoint(Checkpoint(LOG.name, 0, EMPTY_ROOT)), [LOG])
    assert witness.add(0, 0, note=right).status_code == 200
    assert witness.add(0, 10).status_code == 200


def test_fork_is_refused_and_kept_as_evidence(witness: Witness) -> None:
    witness.add(0, 10)
    assert witness.add(10, 10, FORK).status_code == 422
    kept = (witness.folder / "cosigned" / f"{name_origin(LOG.name)}.fork").read_bytes()
    verify_note(parse_note_unverified(kept), [LOG.verifier])
    assert parse_checkpoint(parse_note_unverified(kept).text).root == compute_root(FORK[:10])
    # A second one does not push the first out.
    other = sign_note(encode_checkpoint(Checkpoint(LOG.name, 10, bytes(32))), [LOG])
    assert witness.add(10, 10, note=other).status_code == 422
    assert (witness.folder / "cosigned" / f"{name_origin(LOG.name)}.fork").read_bytes() == kept


def test_lines_by_strangers_are_neither_needed_nor_kept(witness: Witness) -> None:
    own = sign(HASHES, 10)
    stranger = SignerKey.from_seed("example.org/other", ED25519, bytes(31) + b"\x05")
    note = Note(own.text, sign_note(own.text, [stranger, STRANGER]).lines + own.lines)
    assert witness.add(0, 10, note=note).status_code == 200
    kept = httpx.get(f"{witness.url}/{name_origin(LOG.name)}/checkpoint", trust_env=False, timeout=HANGS)
    names = {(line.name, line.key_id) for line in parse_note_unverified(kept.content).lines}
    assert names == {(key.name, key.key_id) for key in (LOG.verifier, *witness.keys)}


def test_either_key_of_a_log_suffices_and_a_wrong_signature_by_one_refuses_all(witness: Witness) -> None:
    post_quantum = sign_note(sign(HASHES, 10).text, [LOG_PQ], timestamp=NOW)
    assert witness.add(0, 10, note=post_quantum).status_code == 200
    broken = Note(sign(HASHES, 20).text, sign(HASHES, 20).lines + post_quantum.lines)
    assert witness.add(10, 20, note=broken).status_code == 403


def test_two_logs_do_not_touch_one_another(tmp_path: Path) -> None:
    made = Witness(tmp_path / "witness")
    second = SignerKey.from_seed("example.org/second", ED25519, bytes(31) + b"\x07")
    logs = read_logs(made.folder, [LOG.verifier.encode(), second.verifier.encode()])
    cosigned = CosignedCheckpoints(made.folder / "cosigned", made.keys)
    application = WitnessApplication(signers=read_signers(made.folder), logs=logs, cosigned=cosigned)
    with serving(application) as made.url:
        note = sign_note(encode_checkpoint(Checkpoint(second.name, 20, compute_root(HASHES[:20]))), [second])
        assert [made.add(0, 10).status_code, made.add(0, 20, note=note).status_code] == [200, 200]
        assert [made.add(10, 11).status_code, made.add(0, 20, note=note).status_code] == [200, 409]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/add-checkpoint", 405),
        ("POST", "/", 404),
        ("GET", "/", 404),
        ("GET", f"/{name_origin(LOG.name)}/checkpoint", 404),
        ("POST", f"/{name_origin(LOG.name)}/checkpoint", 405),
        ("GET", f"/{name_origin('elsewhere')}/checkpoint", 404),
        ("GET", "/../witness.key", 404),
        ("GET", f"/{name_origin(LOG.name)}.lock/checkpoint", 404),
    ],
)
def test_other_paths_and_methods_have_their_codes(witness: Witness, method: str, path: str, status: int) -> None:
    answer = httpx.request(method, f"{witness.url}{path}", content=b"", trust_env=False, timeout=HANGS)
    assert answer.status_code == status
    assert ("Allow" in answer.headers) is (status == 405)


def test_request_over_the_limit_is_refused_and_at_the_limit_is_read(witness: Witness) -> None:
    body = request(0, 10)
    filler = SignerKey.from_seed("example.org/filler", COSIGNATURE_MLDSA44, bytes(32))
    note = sign(HASHES, 10)
    lines = [*note.lines, *(sign_note(note.text, [filler]).lines * 1)]
    assert len(body) < 16 * 1024
    assert witness.add(0, 10, note=Note(note.text, tuple(lines))).status_code == 200
    assert witness.post(b"old 0\n" + b"x" * (16 * 1024 - 6)).status_code == 400
    assert witness.post(b"old 0\n" + b"x" * (16 * 1024 - 5)).status_code == 413


def test_body_without_a_length_is_refused_where_its_end_cannot_be_seen(witness: Witness) -> None:
    answer = httpx.post(f"{witness.url}/add-checkpoint", content=iter([request(0, 10)]), trust_env=False, timeout=HANGS)
    assert answer.status_code == 411


def test_lost_answer_is_had_again(witness: Witness) -> None:
    """The witness kept the checkpoint but the log never read the answer: it asks again from the size it is told."""
    witness.crash_at = "answer"
    with pytest.raises(httpx.HTTPError):
        witness.add(0, 10).raise_for_status()
    witness.crash_at = ""
    told = witness.add(0, 10)
    assert (told.status_code, told.text) == (409, "10\n")
    assert witness.add(10, 10).status_code == 200


@pytest.mark.parametrize("where", ["write", "rename", "folder", "answer"])
def test_crash_at_any_write_forgets_no_answer_and_leaves_a_working_witness(tmp_path: Path, where: str) -> None:
    made = Witness(tmp_path / "witness")
    with serving(made.application()) as made.url:
        assert made.add(0, 10).status_code == 200
        made.crash_at = where
        with pytest.raises(httpx.HTTPError):
            made.add(10, 20).raise_for_status()
        made.crash_at = ""
    with serving(made.application()) as made.url:  # started again
        seen = made.seen()
        assert seen == (10 if where in {"write", "rename"} else 20)
        assert made.add(seen, 30).status_code == 200
        assert made.add(10, 20, FORK).status_code == 409


def test_disk_that_cannot_be_written_yields_no_cosignature(witness: Witness) -> None:
    assert witness.add(0, 10).status_code == 200
    aside = witness.folder / "cosigned" / f"{name_origin(LOG.name)}.new"
    aside.mkdir()  # opening it for writing fails, for root too
    answer = witness.add(10, 20)
    assert (answer.status_code, answer.text) == (500, "")
    aside.rmdir()
    assert witness.seen() == 10
    assert witness.add(10, 20).status_code == 200


def test_damaged_memory_stops_the_witness_instead_of_making_it_forget(witness: Witness) -> None:
    assert witness.add(0, 10).status_code == 200
    path = witness.folder / "cosigned" / name_origin(LOG.name)
    whole = path.read_bytes()
    flipped = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole), 397)]
    for damage in (b"", whole[:-40], *flipped):
        path.write_bytes(damage)
        for old in (0, 10):
            answer = witness.add(old, 20, FORK if old else HASHES)
            assert answer.status_code in {422, 409, 500}, damage
    path.write_bytes(whole)
    assert witness.add(10, 20).status_code == 200


def test_memory_of_another_log_is_not_taken_for_its_own(witness: Witness) -> None:
    text = encode_checkpoint(Checkpoint("elsewhere", 0, EMPTY_ROOT))
    note = sign_note(text, read_signers(witness.folder), timestamp=NOW)
    (witness.folder / "cosigned" / name_origin(LOG.name)).write_text(note.encode())
    assert witness.add(0, 10).status_code == 500


def test_clock_set_back_stops_cosigning_until_time_has_caught_up(witness: Witness) -> None:
    assert witness.add(0, 10).status_code == 200
    witness.now -= 1
    assert witness.add(10, 20).status_code == 503
    assert witness.seen() == 10
    witness.now += 1
    assert witness.add(10, 20).status_code == 200


def test_of_many_requests_at_once_none_rolls_another_back(witness: Witness) -> None:
    """The race of the specification: all are checked against size 10; only one may be kept for each size seen."""
    assert witness.add(0, 10).status_code == 200
    answers: dict[int, int] = {}
    gate = threading.Barrier(12)

    def ask(size: int) -> None:
        gate.wait()
        answers[size] = witness.add(10, size).status_code

    threads = [threading.Thread(target=ask, args=(size,)) for size in range(11, 23)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won = [size for size, status in answers.items() if status == 200]
    assert len(won) == 1
    assert set(answers.values()) == {200, 409}
    assert witness.seen() == won[0]


def test_nothing_of_a_request_or_its_sender_is_logged(witness: Witness, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="alteram.witness")
    secret = "confidential-origin"
    note = sign_note(encode_checkpoint(Checkpoint(secret, 10, compute_root(HASHES[:10]))), [LOG])
    witness.add(0, 10, note=note)
    witness.post(secret.encode())
    witness.add(0, 10)
    witness.add(10, 10, FORK)
    told = [record.getMessage() for record in caplog.records if record.name == "alteram.witness"]
    assert len(told) == 1
    assert "two roots" in told[0]
    assert not any(secret in line or "127.0.0.1" in line for line in told)
