"""Fill in which demands, results and figures of its pack make each published requirement checkable.

python tools/fill_catalogue.py          write src/alteram/packs/requirements.csv, from what the packs say they cover
python tools/fill_catalogue.py --check  say which rows differ, and end with 1
"""

import csv
import io
import sys
from pathlib import Path

from alteram.adapters.rulebooks import load_pack, shipped_names
from alteram.adapters.rulebooks.catalogue import COLUMNS

TARGET = Path(__file__).parents[1] / "src" / "alteram" / "packs" / "requirements.csv"


def build_table(text: str) -> str:
    """Return the table `text` with its last column as the packs have it."""
    shipped = shipped_names("packs")
    filled = io.StringIO()
    writer = csv.DictWriter(filled, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in csv.DictReader(io.StringIO(text)):
        things = load_pack(row["pack"]).things if row["pack"] in shipped else ()
        writer.writerow({**row, "asked": " ".join(one.id for one in things if row["id"] in (one.covers or ()))})
    return filled.getvalue()


def main() -> int:
    """Write the table, or say where it differs."""
    old = TARGET.read_text(encoding="utf-8")
    new = build_table(old)
    if "--check" not in sys.argv:
        TARGET.write_text(new, encoding="utf-8")
        return 0
    differ = [line for line in new.splitlines() if line not in old.splitlines()]
    print("\n".join(differ) or "The catalogue is as the packs have it.")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
