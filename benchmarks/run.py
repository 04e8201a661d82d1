"""Every figure in one run, as a table and as JSON (`var/bench.json`). `make bench` runs it.

Each part runs in a process of its own. Figures are medians. Read the bare figures beside them first: they say how busy
the machine and its disk were.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

from benchmarks.figures import Row

#: Each part with its module, loaded only where it is measured: processes that it starts load this one again.
PARTS = {
    "acts": "acts",
    "postgresql": "postgresql",
    "growth": "growth",
    "matters": "matters",
    "replays": "replays",
    "lists": "lists",
    "memory": "memory",
    "log": "verify_log",
    "receipts": "receipts",
    "pages": "pages",
    "proving": "proving",
    "curing": "curing",
    "bundles": "bundles",
    "marking": "marking",
    "tracing": "tracing",
    "evidence": "evidence",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which parts; all without")
    parser.add_argument("--json", type=Path, default=Path("var/bench.json"))
    parser.add_argument("--here", action="store_true", help="in this process, and no table")
    asked = parser.parse_args()
    chosen = asked.parts or [*PARTS]
    found = [one for name in chosen for one in (measure(name) if asked.here else run_apart(name))]
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    told = {"load": os.getloadavg(), "processors": os.cpu_count(), "python": sys.version, "figures": found}
    asked.json.write_text(json.dumps(told, indent=1) + "\n")
    if not asked.here:
        missed = [one["name"] for one in found if one["met"] is False]
        print(f"{len(missed)} targets missed{': ' + ', '.join(missed) if missed else ''}; written to {asked.json}")
    return 0


def measure(part: str) -> list[Row]:
    rows: list[Row] = import_module(f"benchmarks.{PARTS[part]}").measure()
    return rows


def run_apart(part: str) -> list[Row]:
    """Measure a part in a process that has done nothing else, and print its table."""
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "figures.json")
        command = [sys.executable, "-m", "benchmarks.run", "--here", "--json", str(told), part]
        subprocess.run(command, check=True)
        figures: list[Row] = json.loads(told.read_text())["figures"]
    for one in figures:
        print(line(one), flush=True)
    print(f"({part}: {time.perf_counter() - began:.0f} s; load {os.getloadavg()[0]:.1f})", flush=True)
    return figures


def line(one: Row) -> str:
    target = "" if one["target"] is None else f"{'at least' if one.get('least') else 'at most'} {one['target']:g}"
    verdict = {True: "met", False: "MISSED", None: ""}[one["met"]]
    return f"{one['name']:<62}{one['figure']:>12.2f} {one['unit']:<8}{target:<16}{verdict}"


if __name__ == "__main__":
    raise SystemExit(main())
