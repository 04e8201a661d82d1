"""Reading what people write: rulebooks, packs, histories, and the cases that show what a requirement comes to.

Everything here reads document nodes (`kernel.documents`); which files they come from is an adapter's business.
"""

from alteram.core.rules.parsing.calendars import CalendarBuilder, StatedCalendar, StatedShutDown
from alteram.core.rules.parsing.cases import Case, find_difference, parse_cases, parse_pack_cases, run_case
from alteram.core.rules.parsing.histories import parse_history
from alteram.core.rules.parsing.packs import parse_pack
from alteram.core.rules.parsing.rulebooks import parse_rulebook

__all__ = [
    "CalendarBuilder",
    "Case",
    "StatedCalendar",
    "StatedShutDown",
    "find_difference",
    "parse_cases",
    "parse_history",
    "parse_pack",
    "parse_pack_cases",
    "parse_rulebook",
    "run_case",
]
