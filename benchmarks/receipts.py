"""How long an acknowledged act waits for its receipt while one process writes as fast as it can and another integrates.

python -m benchmarks.receipts    prints least, median and most, for the interval that is the default
"""

import json
import os
import statistics
import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from alteram.bootstrap import Opened, open_folder
from alteram.core.kernel.identifiers import StreamId
from alteram.core.tlog import parse_checkpoint, parse_note_unverified
from alteram.operations.perform import perform
from alteram.operations.receipts import find_receipt
from benchmarks.figures import Row, row
from benchmarks.scenes import NOW, begin, filling, organisation

SECONDS, INTERVAL = 10.0, 1.0
#: Seconds after which a receipt that is not there never comes.
HANGS = 300.0


@dataclass(frozen=True, slots=True)
class Wait:
    """From the acknowledgement of an act until a published checkpoint covered it."""

    seconds: float
    missed: int
    """Checkpoints that were seen meanwhile and did not cover it."""


def measure() -> list[Row]:
    waited = [one.seconds for one in watch(seconds=SECONDS, interval=INTERVAL)]
    limit = 1.0 + INTERVAL
    rate = len(waited) / SECONDS
    return [
        row(f"receipt, every {INTERVAL:g} s, {rate:.0f} acts a second: least", min(waited), "s"),
        row("receipt: median", statistics.median(waited), "s"),
        row("receipt: most", max(waited), "s", limit),
    ]


def watch(*, seconds: float, interval: float) -> list[Wait]:
    """Return how each act waited."""
    with organisation() as opened:
        stream, ports = begin(opened, "matter"), opened.organisation.ports
        opened.integrator.run()
        published: list[tuple[float, int]] = []
        with integrating(opened.folder, interval) as integrator:
            acknowledged = write_meanwhile(opened, seconds, published)
            deadline = time.time() + HANGS
            total = ports.store.size(ports.organisation) + ports.store.count_pending(ports.organisation)
            while published[-1][1] < total and time.time() < deadline:
                see(opened, published)
            assert integrator.poll() is None, "the integrator stopped"
        places = [ports.store.find_index(ports.organisation, stream, seq) for seq, _ in acknowledged]
        assert find_receipt(opened.organisation, stream, acknowledged[-1][0]) is not None
    times, sizes = zip(*published, strict=True)
    assert all(index is not None and index < sizes[-1] for index in places), "an act has no receipt"
    # A checkpoint of `index` + 1 entries is the first that covers `index`.
    covering = [bisect_left(sizes, index + 1) for index in places if index is not None]
    return [
        Wait(times[seen] - at, max(0, seen - bisect_left(times, at)))
        for seen, (_, at) in zip(covering, acknowledged, strict=True)
    ]


def write_meanwhile(opened: Opened, seconds: float, published: list[tuple[float, int]]) -> list[tuple[int, float]]:
    """Let a process write, and see what is published meanwhile; return what it said was acknowledged, and when."""
    told = opened.folder / "acknowledged.json"
    writer = start("-m", "benchmarks.receipts", "write", str(opened.folder), str(seconds), str(told))
    while writer.poll() is None:
        see(opened, published)
    return [(seq, at) for seq, at in json.loads(told.read_text())]


def see(opened: Opened, published: list[tuple[float, int]]) -> None:
    """Note when the published checkpoint was first seen to have grown."""
    size = parse_checkpoint(parse_note_unverified((opened.log / "checkpoint").read_bytes()).text).size
    if not published or size > published[-1][1]:
        published.append((time.time(), size))
    time.sleep(0.005)


@contextmanager
def integrating(home: Path, interval: float) -> Iterator["subprocess.Popen[str]"]:
    code = "from alteram.cli.main import main; main()"
    process = start("-c", code, "log", "run", "--home", str(home), "--interval", str(interval))
    try:
        yield process
    finally:
        process.terminate()
        process.wait(HANGS)


def start(*arguments: str) -> "subprocess.Popen[str]":
    root = Path(__file__).resolve().parents[1]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL, text=True, env=environment)


def write(home: Path, seconds: float) -> list[tuple[int, float]]:
    """Perform acts one after another for a time; return each one's number and when it was acknowledged."""
    done, stream = [], StreamId("matter")
    with closing(open_folder(home, clock=lambda: NOW)) as opened:
        until = time.time() + seconds
        for first in count(0, 6):
            for one in filling(stream, 6, first):
                performed = perform(opened.organisation, one.stream, one.act, one.actor)
                assert performed.seq is not None, performed
                done.append((performed.seq, time.time()))
            if time.time() > until:
                return done
    return done


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        Path(sys.argv[4]).write_text(json.dumps(write(Path(sys.argv[2]), float(sys.argv[3]))))
    else:
        for figure in measure():
            print(f"{figure['name']:<80}{figure['figure']:>8.3f} s")
