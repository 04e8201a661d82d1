"""The witness as it is served: granian, several processes over one directory, killed without warning."""

import threading
from pathlib import Path

import httpx
import pytest

from alteram.adapters.witness import HttpWitnesses, create_witness, prove_from_tiles, serve_witness
from alteram.adapters.witness.state import name_origin
from alteram.core.tlog import (
    Tile,
    VerifierKey,
    compute_root,
    hash_leaf,
    parse_checkpoint,
    parse_note_unverified,
    parse_policy,
)
from alteram.core.tlog.merkle import build_consistency_proof
from alteram.core.tlog.witness import AddCheckpoint
from alteram.operations.ports import StoreError
from tests.loopback import HOST, find_free_port, kill, program
from tests.patience import HANGS
from tests.published import LOG, sign

HASHES = [hash_leaf(bytes([one])) for one in range(250)]
NAME = "example.org/witness"
SERVE = """
import sys
from pathlib import Path
from alteram.adapters.witness import serve_witness
if __name__ == "__main__":
    serve_witness(Path(sys.argv[1]), port=int(sys.argv[2]), vkeys=[sys.argv[3]], workers=int(sys.argv[4]))
"""


def arguments(folder: Path, port: int, workers: int) -> tuple[str, ...]:
    return (str(folder), str(port), LOG.verifier.encode(), str(workers))


def asking(keys: tuple[VerifierKey, ...], port: int) -> HttpWitnesses:
    lines = [f"log {LOG.verifier.encode()}"]
    lines += [f"witness {at} {key.encode()} http://{HOST}:{port}" for at, key in enumerate(keys)]

    def read(tile: Tile) -> bytes:
        return b"".join(HASHES[: tile.width])

    policy = parse_policy("\n".join([*lines, "quorum none"]).encode())
    return HttpWitnesses(policy, prove_from_tiles(read), seconds=HANGS)


def post(port: int, old: int, size: int) -> httpx.Response:
    proof = build_consistency_proof(old, size, lambda a, b: compute_root(HASHES[a:b]))
    body = AddCheckpoint(old, proof, sign(HASHES, size)).encode()
    return httpx.post(f"http://{HOST}:{port}/add-checkpoint", content=body, trust_env=False, timeout=HANGS)


def test_of_many_requests_to_several_processes_one_is_kept_in_each_round(tmp_path: Path) -> None:
    keys = create_witness(tmp_path / "w", NAME)
    port = find_free_port()
    with program(SERVE, *arguments(tmp_path / "w", port, 2), port=port):
        asking(keys, port).cosign(sign(HASHES, 1))
        seen = 1
        for _ in range(3):
            answers: dict[int, int] = {}

            def ask(size: int, old: int = seen, answers: dict[int, int] = answers) -> None:
                answers[size] = post(port, old, size).status_code

            threads = [threading.Thread(target=ask, args=(size,)) for size in range(seen + 1, seen + 9)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            won = [size for size, status in answers.items() if status == 200]
            assert len(won) == 1
            assert set(answers.values()) == {200, 409}
            seen = won[0]


def test_killed_witness_has_forgotten_nothing_that_it_answered(tmp_path: Path) -> None:
    keys = create_witness(tmp_path / "w", NAME)
    kept = tmp_path / "w/cosigned" / name_origin(LOG.name)
    acknowledged = 0
    life = 0
    while life < 3 or not acknowledged:  # each lives longer, so that a slow machine answers in one at last
        port = find_free_port()
        with program(SERVE, *arguments(tmp_path / "w", port, 1), port=port) as process:
            witnesses = asking(keys, port)
            threading.Timer(0.15 + 0.1 * life, kill, args=(process,)).start()
            for size in range(acknowledged + 1, len(HASHES)):
                if witnesses.ask(sign(HASHES, size)).failures:
                    break
                acknowledged = size
            process.wait()
        if acknowledged:
            assert parse_checkpoint(parse_note_unverified(kept.read_bytes()).text).size in {
                acknowledged,
                acknowledged + 1,
            }
        life += 1


def test_served_witness_refuses_too_much_and_tells_the_size_it_has_seen(tmp_path: Path) -> None:
    create_witness(tmp_path / "w", NAME)
    port = find_free_port()
    with program(SERVE, *arguments(tmp_path / "w", port, 1), port=port):
        url = f"http://{HOST}:{port}/add-checkpoint"
        body = AddCheckpoint(0, (), sign(HASHES, 5)).encode()
        # Without a length granian still shows where the body ends.
        assert httpx.post(url, content=iter([body]), trust_env=False, timeout=HANGS).status_code == 200
        assert httpx.post(url, content=b"x" * 16_385, trust_env=False, timeout=HANGS).status_code == 413
        assert httpx.post(url, content=iter([b"x" * 5000] * 50), trust_env=False, timeout=HANGS).status_code == 413
        told = httpx.post(url, content=body, trust_env=False, timeout=HANGS)
        assert (told.status_code, told.text, told.headers["Content-Type"]) == (409, "5\n", "text/x.tlog.size")


def test_witness_that_cannot_start_says_so_before_it_listens(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no witness"):
        serve_witness(tmp_path, port=find_free_port())
