"""The shipped cases, for the test that runs them and for the mutation harness."""

from pathlib import Path

import alteram
from alteram.adapters.rulebooks import load_cases
from alteram.core.rules.parsing import find_difference, run_case

CASES = Path(alteram.__file__).parent / "histories" / "requirements"


def case_files() -> tuple[Path, ...]:
    return tuple(sorted(CASES.glob("*.yaml")))


def run_cases(path: Path) -> list[str]:
    """Return how the cases of a file differ from what they expect; none when all are as expected."""
    differences = (find_difference(case, run_case(case)) for case in load_cases(str(path)))
    return [difference for difference in differences if difference]
