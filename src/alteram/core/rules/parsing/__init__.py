"""Reading what people write: rulebooks, packs, histories, and the cases that show what a requirement comes to.

Everything here reads document nodes (`kernel.documents`); which files they come from is an adapter's business.
"""

from alteram.core.rules.parsing.cases import Case, find_difference, parse_cases, run_case

__all__ = ["Case", "find_difference", "parse_cases", "run_case"]
