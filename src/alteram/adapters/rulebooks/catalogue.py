"""The catalogue of published requirements: each with its source, and the pack in which it can be asked of a record.

It ships as a table, `packs/requirements.csv`. That what it names is there, and is what it says it is, is tested.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias, get_args

from alteram.adapters.rulebooks.library import LibraryError, load_pack_cases, pack_case_names
from alteram.core.rules.findings import Result

#: How a requirement can be asked of a record: decided from it; ruled on by a person; a number in a decided one; a
#: figure that gates nothing; a result of several; or a hint for whoever sets an organisation up.
How: TypeAlias = Literal["executable", "ruled", "parameter", "metric", "result", "hint"]
COLUMNS = ("id", "requirement", "source", "status", "how", "pack", "asked")


@dataclass(frozen=True, slots=True)
class Published:
    """One published requirement. `asked` are the demands, results and figures of `pack` that make it checkable."""

    id: str
    requirement: str
    source: str
    status: str
    how: How
    pack: str
    asked: tuple[str, ...]


@cache
def load_catalogue() -> tuple[Published, ...]:
    """Return every published requirement, in its order. Raises: LibraryError for a table that is not in order."""
    text = files("alteram").joinpath("packs", "requirements.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), strict=True)
    return tuple(map(_read_row, rows))


def _read_row(row: dict[str, str]) -> Published:
    known: tuple[How, ...] = get_args(How)
    how = next((one for one in known if one == row.get("how")), None)
    if tuple(row) != COLUMNS or how is None:
        raise LibraryError(f"Not a row of the catalogue: {row}.", remedy=f"Fill in {', '.join(COLUMNS)}.")
    return Published(
        row["id"], row["requirement"], row["source"], row["status"], how, row["pack"], tuple(row["asked"].split())
    )


def count_cases(published: Published) -> dict[Result, int]:
    """Return how many shipped cases of a requirement come to each result. Raises: DocumentError, LibraryError."""
    counts: dict[Result, int] = {"PASS": 0, "FAIL": 0, "UNKNOWN": 0, "RULED": 0}
    for name in set(published.asked).intersection(pack_case_names(published.pack) if published.asked else ()):
        for case in load_pack_cases(published.pack, name):
            counts[case.expected] += 1
    return counts
