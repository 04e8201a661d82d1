"""What verifying an export takes of memory, for 2,000 entries and for 20,000: a process of its own for each."""

import subprocess
import sys
import tempfile
from pathlib import Path

from alteram.bootstrap import Opened
from alteram.operations.exporting import export_matter
from benchmarks.figures import Row, row
from benchmarks.scenes import begin, fill, organisation

FEW, MANY = 2_000, 20_000


def measure() -> list[Row]:
    with organisation() as opened:
        few, many = (peak_of_verifying(opened, entries) for entries in (FEW, MANY))
    return [
        row(f"peak memory of verifying {FEW:,} entries, process and all", few, "MiB"),
        row(f"peak memory of verifying {MANY:,} entries", many, "MiB"),
        row("  (of a process that has only loaded the code)", run_apart(), "MiB"),
        row("each entry more, with its two members of the zip", (many - few) * 2**20 / (MANY - FEW), "bytes", 1024),
    ]


def peak_of_verifying(opened: Opened, entries: int) -> float:
    stream = begin(opened, f"matter-{entries}")
    fill(opened, stream, entries - 10)
    while opened.integrator.run().added:
        pass
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "matter.alteram")
        with file.open("wb") as target:
            export_matter(opened.organisation, stream, target)
        return run_apart(str(file))


def run_apart(*files: str) -> float:
    """Return the peak of a process that verifies these files."""
    command = [sys.executable, "-m", "benchmarks.verifying", *files]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
