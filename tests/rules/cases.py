"""The shipped cases, loaded once, for the test that runs them and for the mutation harness."""

from functools import cache
from pathlib import Path

import alteram
from alteram.adapters.rulebooks import load_rulebook, read_document
from alteram.core.rules.parsing import Case, find_difference, parse_cases, run_case

CASES = Path(alteram.__file__).parent / "histories" / "requirements"


def case_files() -> tuple[Path, ...]:
    return tuple(sorted(CASES.glob("*.yaml")))


@cache
def load_cases(path: Path) -> tuple[Case, ...]:
    return parse_cases(read_document(path.read_bytes(), path.name), load_rulebook)


def run_cases(path: Path) -> list[str]:
    """Return how the cases of a file differ from what they expect; none when all are as expected."""
    differences = (find_difference(case, run_case(case)) for case in load_cases(path))
    return [difference for difference in differences if difference]
