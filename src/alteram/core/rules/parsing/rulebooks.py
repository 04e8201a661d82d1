"""A rulebook as people write it: strictly read, every cross-reference checked, no fault passed over.

Every error names file, line, field and what to do. Whether the rules are fair is not decided here: that is what
assessing and proving are for. The language is described in docs/reference/rulebook-language.md.
"""

from collections.abc import Iterable
from typing import TypeVar

import msgspec
from msgspec import Struct

from alteram.core.kernel.documents import Node, read_identifier, read_mapping, read_text
from alteram.core.rules.parsing.building_on import build_pack_reference, choose_demands, read_packs
from alteram.core.rules.parsing.calendars import CalendarBuilder, read_calendar
from alteram.core.rules.parsing.contradicting import refuse_contradictions
from alteram.core.rules.parsing.cross_references import check_departures, check_parts
from alteram.core.rules.parsing.items import Item
from alteram.core.rules.parsing.packs import PackLoader
from alteram.core.rules.parsing.rulebook_parts import OPTIONAL, REQUIRED, StatedActRule, StatedSecondKey, read_parts
from alteram.core.rules.rulebook import ActRule, Rulebook, SecondKeyRule

S = TypeVar("S", bound=Struct)


def parse_rulebook(
    root: Node, *, load_pack: PackLoader, build_calendar: CalendarBuilder, contradictory: bool = False
) -> Rulebook:
    """Return the rulebook that a document states. Raises: DocumentError for anything that is not in order.

    `contradictory` lets clauses be that cannot stand together, for whoever wants to prove what comes of them.
    """
    fields = read_mapping(root, required=REQUIRED, optional=OPTIONAL)
    parts = read_parts(fields)
    check_parts(parts)
    packs = read_packs(fields, load_pack)
    demands = choose_demands(fields, parts.demands, packs, root)
    check_departures(parts, demands)
    rulebook = Rulebook(
        id=read_identifier(fields["rulebook"]),
        title=read_text(fields["title"], longest=300),
        version=read_text(fields["version"], longest=64),
        jurisdiction=read_text(fields["jurisdiction"], longest=64),
        calendar=read_calendar(fields["calendar"], build_calendar),
        clauses=_values(parts.clauses),
        builds_on=tuple(build_pack_reference(pack) for pack in packs),
        offices=_values(parts.offices),
        bodies=_values(parts.bodies),
        breaches=_values(parts.breaches),
        sanctions=_values(parts.sanctions),
        procedures=_values(parts.procedures),
        acts=tuple(rule for item in parts.acts for rule in _act_rules(item.value)),
        demands=demands,
        departures=_values(parts.departures),
        second_key=tuple(rule for item in parts.second_key for rule in _second_keys(item.value)) or msgspec.UNSET,
    )
    if not contradictory:
        refuse_contradictions(rulebook, parts, root)
    return rulebook


def _values(items: Iterable[Item[S]]) -> tuple[S, ...]:
    return tuple(item.value for item in items)


def _act_rules(stated: StatedActRule) -> Iterable[ActRule]:
    return (ActRule(act=act, by=stated.by, stages=stated.stages, clause=stated.clause) for act in stated.acts)


def _second_keys(stated: StatedSecondKey) -> Iterable[SecondKeyRule]:
    return (SecondKeyRule(act=act, by=stated.by, clause=stated.clause) for act in stated.acts)
