"""A case written inside a test, in the format of the shipped cases, and what its requirement comes to."""

from alteram.adapters.rulebooks import load_rulebook, read_document
from alteram.core.rules import Finding
from alteram.core.rules.parsing import Case, parse_cases, run_case

_HEAD = """\
requirement: {kind}
cases:
  - case: told here
    expected: PASS
"""


def tell(kind: str, text: str) -> Case:
    """Return the case whose fields are `text`, indented by four."""
    (case,) = parse_cases(read_document((_HEAD.format(kind=kind) + text).encode(), "told.yaml"), load_rulebook)
    return case


def examine_told(kind: str, text: str) -> Finding:
    """Return what the requirement comes to on a case told as `text`."""
    return run_case(tell(kind, text))
