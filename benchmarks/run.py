"""Every figure in one run, as a table and as JSON (`var/bench.json`). `make bench` runs it.

Figures are medians. Read the bare figures beside them first: they say how busy the machine and its disk were.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import acts, matters, verify_log

PARTS: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "acts": acts.measure,
    "matters": matters.measure,
    "log": verify_log.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which parts; all without")
    parser.add_argument("--json", type=Path, default=Path("var/bench.json"))
    asked = parser.parse_args()
    found: list[dict[str, Any]] = []
    for name in asked.parts or PARTS:
        began = time.perf_counter()
        measured = PARTS[name]()
        found += measured
        for one in measured:
            print(line(one), flush=True)
        print(f"({name}: {time.perf_counter() - began:.0f} s; load {os.getloadavg()[0]:.1f})", flush=True)
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    asked.json.write_text(
        json.dumps({"load": os.getloadavg(), "python": sys.version, "figures": found}, indent=1) + "\n"
    )
    missed = [one["name"] for one in found if one["met"] is False]
    print(f"{len(missed)} targets missed{': ' + ', '.join(missed) if missed else ''}; written to {asked.json}")
    return 0


def line(one: dict[str, Any]) -> str:
    target = "" if one["target"] is None else f"{'at least' if one.get('least') else 'at most'} {one['target']:g}"
    verdict = {True: "met", False: "MISSED", None: ""}[one["met"]]
    return f"{one['name']:<60}{one['figure']:>12.2f} {one['unit']:<8}{target:<16}{verdict}"


if __name__ == "__main__":
    raise SystemExit(main())
