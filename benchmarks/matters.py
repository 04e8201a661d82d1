"""A matter of 5,000 entries: folding and assessing it, warm and cold; ruling on its next act; verifying its export."""

import io
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from alteram.bootstrap import Opened
from alteram.core.acts import RiskAssessed
from alteram.core.kernel.identifiers import StreamId
from alteram.core.matters import Facts, StreamFacts, fold_events
from alteram.core.record import verify_export
from alteram.core.rules import assess
from alteram.operations.exporting import export_matter
from alteram.operations.organisation import Organisation
from alteram.operations.perform import rule_on
from alteram.operations.questions import assess_matter
from benchmarks.acts import row
from benchmarks.scenes import MANAGER, NOW, begin, fill, organisation

ENTRIES = 5_000
ROUNDS = 7


def measure() -> list[dict[str, Any]]:
    with organisation() as opened:
        stream = begin(opened, "matter")
        fill(opened, stream, ENTRIES - 5)
        while opened.integrator.run().added:
            pass
        return [*folding(opened, stream), *ruling(opened, stream), *exports(opened, stream)]


def folding(opened: Opened, stream: StreamId) -> list[dict[str, Any]]:
    facts = opened.organisation.facts(stream, fresh=True)
    events, rules = facts.matter.every(), opened.organisation.governing(stream)
    warm, cold = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        matter = fold_events(StreamFacts.empty(stream), events)
        assess(Facts(facts.organisation, matter, facts.linked), rules, NOW)
        warm.append(time.perf_counter() - began)
        fresh = Organisation(opened.organisation.ports)
        fresh.rulebook(opened_digest(opened, stream))
        began = time.perf_counter()
        assess_matter(fresh, stream, now=NOW)
        cold.append(time.perf_counter() - began)
    return [
        row("fold and assess 5,000 decoded entries", statistics.median(warm) * 1e3, "ms", 300.0),
        row("the same cold, with decryption", statistics.median(cold) * 1e3, "ms", 1500.0),
    ]


def opened_digest(opened: Opened, stream: StreamId) -> str:
    governing = opened.organisation.state(stream).governing
    assert governing is not None
    return governing


def ruling(opened: Opened, stream: StreamId) -> list[dict[str, Any]]:
    act = RiskAssessed(point="during", person=MANAGER, level="low", text="x")
    rule_on(opened.organisation, stream, act, MANAGER)
    times = []
    for _ in range(100):
        began = time.process_time()
        assert rule_on(opened.organisation, stream, act, MANAGER)
        times.append(time.process_time() - began)
    return [row("ruling on the next act in it, warm: CPU", statistics.median(times) * 1e3, "ms", 2.0)]


def exports(opened: Opened, stream: StreamId) -> list[dict[str, Any]]:
    buffer = io.BytesIO()
    export_matter(opened.organisation, stream, buffer)
    times = []
    for _ in range(3):
        buffer.seek(0)
        began = time.perf_counter()
        verify_export(buffer, opened.organisation.ports.policy)
        times.append(time.perf_counter() - began)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "matter.alteram"
        file.write_bytes(buffer.getvalue())
        command = [sys.executable, "-m", "benchmarks.matters", str(file)]
        peak = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return [
        row("verify an export of 5,000 entries, every signature", statistics.median(times), "s", 3.0),
        row("  (its size)", len(buffer.getvalue()) / 2**20, "MiB", None),
        row("  (peak memory of verifying it, process and all)", peak, "MiB", None),
    ]


if __name__ == "__main__":
    with Path(sys.argv[1]).open("rb") as source:
        verify_export(source)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
