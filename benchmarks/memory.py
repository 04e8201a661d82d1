"""What verifying an export takes of memory, for 2,000 entries and for 20,000: a process of its own for each."""

import subprocess
import sys
import tempfile
from pathlib import Path

from alteram.bootstrap import Opened
from alteram.core.record import verify_export
from alteram.operations.exporting import export_matter
from benchmarks.figures import Row, peak_mebibytes, row
from benchmarks.scenes import begin, fill, organisation

FEW, MANY = 2_000, 20_000


def measure() -> list[Row]:
    with organisation() as opened:
        few, many = (added_by_verifying(opened, entries) for entries in (FEW, MANY))
    each = (many - few) * 2**20 / (MANY - FEW)
    return [
        row(f"memory that verifying {FEW:,} entries adds", few, "MiB"),
        row(f"memory that verifying {MANY:,} entries adds", many, "MiB"),
        row("  (for each entry more: two members in the directory)", each, "bytes"),
    ]


def added_by_verifying(opened: Opened, entries: int) -> float:
    stream = begin(opened, f"matter-{entries}")
    fill(opened, stream, entries - 10)
    while opened.integrator.run().added:
        pass
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "matter.alteram")
        with file.open("wb") as target:
            export_matter(opened.organisation, stream, target)
        command = [sys.executable, "-m", "benchmarks.memory", str(file)]
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def print_added(file: Path) -> None:
    before = peak_mebibytes()
    with file.open("rb") as source:
        verify_export(source)
    print(peak_mebibytes() - before)


if __name__ == "__main__":
    print_added(Path(sys.argv[1]))
