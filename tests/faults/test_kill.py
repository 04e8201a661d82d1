"""Acknowledged means durable: a writer is killed at any moment, and everything it acknowledged is there afterwards."""

import random
import re
import signal
import subprocess
import time
from itertools import count
from pathlib import Path

import pytest

from tests.faults.children import Told, check_all_there, command, create_folder, environment
from tests.needs import need_program
from tests.patience import HANGS


def run_and_kill(folder: Path, told: Told, after_s: float, *, shred_every: int, name: str, writers: int = 1) -> None:
    """Run writers, kill them so long after they began to write, and hear what they said."""
    children = [
        subprocess.Popen(
            command(folder, acts=100_000, shred_every=shred_every, name=f"{name}-{number}"),
            stdout=subprocess.PIPE, text=True, env=environment(),
        )
        for number in range(writers)
    ]  # fmt: skip
    try:
        said = [[child.stdout.readline() if child.stdout else ""] for child in children]
        assert said == [["ready\n"]] * writers
        time.sleep(after_s)
    finally:
        for child in children:
            child.send_signal(signal.SIGKILL)
    for child in children:
        with child:  # `communicate` would miss what `readline` has read ahead
            rest = child.stdout.read() if child.stdout else ""
        told.hear(line for line in rest.splitlines(keepends=True) if line.endswith("\n"))


def kill_in_a_loop(folder: Path, *, rounds: int, seconds: float, seed: int, writers: int = 1) -> Told:
    """Kill writers again and again, each time checking everything that was acknowledged since the beginning.

    Where a slow machine acknowledged nothing yet, or gave no receipt, it goes on, and lets them write for longer.
    """
    chance, told, until = random.Random(seed), Told(), time.monotonic() + seconds
    for number in count():
        before, longest = len(told.entries), 0.4 * (1 + number // rounds)
        run_and_kill(
            folder, told, chance.uniform(0.02, longest), shred_every=7, name=f"round-{number}", writers=writers
        )
        check_all_there(folder, told)
        assert len(told.entries) >= before
        if told.receipts and (number + 1 >= rounds or time.monotonic() > until):
            break
    return told


@pytest.fixture(params=["sqlite", "postgresql"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    database = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else ""
    return create_folder(tmp_path / "club", database)


def test_killed_writer_loses_nothing_it_acknowledged(folder: Path) -> None:
    told = kill_in_a_loop(folder, rounds=4, seconds=7, seed=1)
    assert told.receipts


def test_two_killed_writers_lose_nothing_they_acknowledged(tmp_path: Path) -> None:
    told = kill_in_a_loop(create_folder(tmp_path / "club"), rounds=2, seconds=5, seed=2, writers=2)
    assert told.entries


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(3, 8))
def test_writers_killed_for_a_minute_lose_nothing_they_acknowledged(folder: Path, seed: int) -> None:
    kill_in_a_loop(folder, rounds=1000, seconds=60, seed=seed, writers=1 + seed % 2)


# -- the order of system calls

_CALL = re.compile(
    r"^(?:\d+ +)?(?P<name>\w+)\((?P<first>\d+|AT_FDCWD)?(?:<(?P<path>[^>]*)>)?,? ?(?P<rest>.*?)\) += (?P<result>-?\d+)"
)


def trace(folder: Path, tmp_path: Path, calls: str) -> list[re.Match[str]]:
    """Return the calls a short run of the writer made, in order."""
    strace = need_program("strace", provided_by="sudo apt-get install strace")
    output = tmp_path / "trace"
    traced = [strace, "-f", "-y", "-s", "300", "-e", f"trace={calls}", "-o", str(output)]
    done = subprocess.run(
        [*traced, *command(folder, acts=8, shred_every=5)],
        capture_output=True, text=True, timeout=HANGS, env=environment(), check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "error" not in done.stdout
    return [found for line in output.read_text().splitlines() if (found := _CALL.match(line))]


_WRITES = "write,pwrite64,writev,pwritev,ftruncate"


def test_database_is_synced_before_each_acknowledgement_is_written(tmp_path: Path) -> None:
    folder = create_folder(tmp_path / "club")
    unsynced: set[str] = set()
    acknowledged = synced = 0
    for call in trace(folder, tmp_path, f"{_WRITES},fsync,fdatasync"):
        path, name = call["path"] or "", call["name"]
        if name in {"fsync", "fdatasync"}:
            assert call["result"] == "0"
            synced += path.endswith("record.db-wal")
            unsynced.discard(path)
        elif name == "ftruncate" and path.endswith("record.db-wal"):
            # A shredding empties the write-ahead log, once all that it held is durable in the database itself.
            assert not {one for one in unsynced if "record.db" in one}
        elif path.endswith(("record.db", "record.db-wal", "streams.db")):
            unsynced.add(path)
        elif call["first"] == "1" and call["rest"].startswith(('"entry', '"shredded')):
            acknowledged += 1
            assert not {one for one in unsynced if one.endswith(("record.db-wal", "streams.db"))}, call.string
    assert acknowledged >= 10
    assert synced >= acknowledged


def test_checkpoint_is_signed_durably_before_tiles_and_published_after_them(tmp_path: Path) -> None:
    folder = create_folder(tmp_path / "club")
    dirty: set[str] = set()
    linked = published = 0
    for call in trace(folder, tmp_path, f"{_WRITES},fsync,fdatasync,rename,renameat,renameat2,link,linkat"):
        path, name = call["path"] or "", call["name"]
        if name in {"fsync", "fdatasync"}:
            dirty.discard(path)
        elif name.startswith(("link", "rename")):
            source = re.findall(r'"([^"]*)"', call.string)[0]
            assert source not in dirty, "a file is given its name before it is durable"
            assert not [one for one in dirty if one.endswith("checkpoint.db")], "published before it is signed durably"
            linked += name.startswith("link")
            published += name.startswith("rename")
        elif path:
            dirty.add(path)
    assert linked >= 4
    assert published >= 2
