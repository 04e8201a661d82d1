"""Auditing a published log of 1,000,000 entries from scratch, beside bare hashlib over messages of the same sizes.

Bare hashlib: the messages lie ready in memory, `sha256(message).digest()` is all that is done.
Auditing: files are opened and read, entries cut out, every hash compared with its tile, the root with the checkpoint.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from alteram.adapters.files import FileTileStore
from alteram.core.tlog import (
    ED25519,
    Checkpoint,
    Frontier,
    SignerKey,
    encode_checkpoint,
    grow,
    hash_leaf,
    parse_note_unverified,
    sign_note,
)
from alteram.core.tlog.tiles import Tile, encode_bundle
from alteram.operations.audit import audit_log

LOG = SignerKey.from_seed("example.org/log", ED25519, bytes(31) + b"\x01")
ENTRIES = 1_000_000
HIDDEN = 33
ROUNDS = 5


def entries(size: int, mixed: bool) -> Iterator[bytes]:
    """Hidden entries are 33 bytes; `mixed` has one public statement of another length in every bundle."""
    for index in range(size):
        leaf = b"\x01" + sha256(index.to_bytes(8, "big")).digest()
        yield b"\x03" + leaf * 2 if mixed and index % 256 == 7 else leaf


def write_log(folder: Path, size: int, mixed: bool) -> None:
    """Publish a log without waiting for the disk: only reading it is measured."""
    source = entries(size, mixed)
    known: dict[Tile, bytes] = {}
    done = 0
    frontier = Frontier()
    while done < size:
        part = [entry for _, entry in zip(range(min(65_536, size - done)), source, strict=False)]
        hashes = [hash_leaf(entry) for entry in part]
        for tile, data in grow(done, hashes, known.__getitem__).tiles:
            known[tile] = data
            write(folder / tile.path, data)
        for at in range(0, len(part), 256):
            bundle = part[at : at + 256]
            write(folder / Tile(-1, (done + at) // 256, len(bundle)).path, encode_bundle(bundle))
        frontier = frontier.extend(hashes)
        done += len(part)
        known = {tile: data for tile, data in known.items() if tile.width < 256 or tile.level > 0}
    note = sign_note(encode_checkpoint(Checkpoint(LOG.name, size, frontier.root)), [LOG])
    write(folder / "checkpoint", note.encode().encode())


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def bare(size: int) -> None:
    """The same number of hashes of the same sizes: one for each leaf, one for each node."""
    leaves = [bytes([at % 256]) * (1 + HIDDEN) for at in range(4096)]
    nodes = [bytes([at % 256]) * 65 for at in range(4096)]
    for messages in (leaves, nodes):
        left = size
        while left > 0:
            for message in messages[:left]:
                sha256(message).digest()
            left -= len(messages)


def audit(folder: Path, processes: int) -> None:
    note = parse_note_unverified((folder / "checkpoint").read_bytes())
    report = audit_log(FileTileStore(folder).get_tile, note, [LOG.verifier], processes=processes)
    assert report.ok


def seconds(work: Callable[[], None], clock: Callable[[], float] = time.perf_counter) -> float:
    begun = clock()
    work()
    return clock() - begun


def ratio_to_bare(folder: Path, size: int) -> float:
    """Median, in processor time: both sides only compute, and a busy machine is not the audit's doing."""
    return statistics.median(
        seconds(lambda: audit(folder, 1), time.process_time) / seconds(lambda: bare(size), time.process_time)
        for _ in range(ROUNDS)
    )


def ratio_of_two_processes(folder: Path) -> float:
    """In elapsed time, the quickest of each: whatever else runs takes one of two processors away."""
    one = min(seconds(lambda: audit(folder, 1)) for _ in range(ROUNDS))
    return min(seconds(lambda: audit(folder, 2)) for _ in range(ROUNDS)) / one


def peak_memory(folder: Path) -> float:
    """Megabytes that auditing adds to a process that has loaded the same code, in a process of its own."""
    command = [sys.executable, __file__, "--memory-of", str(folder)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def print_memory(folder: Path) -> None:
    before = peak_kilobytes()
    audit(folder, 1)
    print((peak_kilobytes() - before) / 1024)


def peak_kilobytes() -> int:
    """From /proc, because getrusage also counts the peak of the process that started this one."""
    (line,) = (one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1])


def measure(size: int = ENTRIES) -> list[dict[str, Any]]:
    """Return one row for each figure: name, figure, unit, target, met."""
    with tempfile.TemporaryDirectory() as place:
        for kind in ("hidden", "mixed"):
            write_log(Path(place, kind), size, kind == "mixed")
        hidden, mixed = (ratio_to_bare(Path(place, kind), size) for kind in ("hidden", "mixed"))
        halved = ratio_of_two_processes(Path(place, "hidden"))
        memory = peak_memory(Path(place, "hidden"))
    return [
        row(f"audit of {size:,} entries / bare hashlib", hidden, "×", 1.6),
        row(f"audit of {size:,} entries of mixed lengths / bare hashlib", mixed, "×", 1.6),
        row("two processes / one", halved, "×", 0.65),
        row("memory added by auditing", memory, "MB", 32),
    ]


def row(name: str, figure: float, unit: str, target: float) -> dict[str, Any]:
    return {"name": name, "figure": round(figure, 3), "unit": unit, "target": target, "met": figure <= target}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=ENTRIES)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--memory-of", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory_of:
        print_memory(options.memory_of)
        return
    rows = measure(options.size)
    if options.json:
        print(json.dumps(rows, indent=2))
        return
    for one in rows:
        met = "met" if one["met"] else "NOT MET"
        print(f"{one['name']:<62} {one['figure']:>8} {one['unit']:<3} target {one['target']:>5}  {met}")


if __name__ == "__main__":
    main()
