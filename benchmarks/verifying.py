"""Verify the exports named and print this process's peak in MiB. It loads nothing else, as somebody outside would."""

import sys
from pathlib import Path

from alteram.core.record import verify_export
from benchmarks.figures import peak_mebibytes

if __name__ == "__main__":
    for file in sys.argv[1:]:
        with Path(file).open("rb") as source:
            verify_export(source)
    print(peak_mebibytes())
