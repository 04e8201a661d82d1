"""A pack as people write it: a published standard, its clauses in our own words, its demands with source and status."""

from collections.abc import Callable
from typing import TypeAlias, TypeVar

import msgspec

from alteram.core.kernel.documents import Node, fail, read_day, read_identifier, read_mapping, read_sequence, read_text
from alteram.core.kernel.phrases import phrase
from alteram.core.rules.parsing.contradicting import refuse_pack_contradictions
from alteram.core.rules.parsing.demands import read_covers, read_demands
from alteram.core.rules.parsing.items import Item, check_name, find_field, names_of, read_items, refuse_twins
from alteram.core.rules.rulebook import Clause, Demand, Pack
from alteram.core.rules.standards import Metric, NamedResult, RecordingRule, Undecidable

PackLoader: TypeAlias = Callable[[str], Pack]

_REQUIRED = ("pack", "title", "version", "as_of", "jurisdiction", "clauses", "requirements")
_OPTIONAL = ("notes", "undecidable", "results", "metrics", "recordings")
_T = TypeVar("_T", Demand, NamedResult, Metric)


def parse_pack(root: Node) -> Pack:
    """Return the pack that a document states. Raises: DocumentError, which names file, line, field and remedy."""
    fields = read_mapping(root, required=_REQUIRED, optional=_OPTIONAL)
    pack = read_identifier(fields["pack"])
    clauses = names_of(clause_items := read_items(fields, "clauses", Clause))
    demands = _check_clauses(read_demands(fields, pack=pack), clauses)
    refuse_pack_contradictions(demands)
    results = _check_clauses(read_items(fields, "results", NamedResult), clauses)
    metrics = _check_clauses(read_items(fields, "metrics", Metric), clauses)
    recordings = read_items(fields, "recordings", RecordingRule)
    for rule in recordings:
        check_name(rule.field("clause"), rule.value.clause, clauses, phrase("clause"))
    _check_needs(results, names_of(demands))
    _check_metrics(metrics)
    named: tuple[Item[Demand | NamedResult | Metric], ...] = (*demands, *results, *metrics)
    refuse_twins((one.value.id, one.field("id")) for one in named)
    return Pack(
        id=pack,
        title=read_text(fields["title"], longest=300),
        version=read_text(fields["version"], longest=64),
        as_of=read_day(fields["as_of"]).isoformat(),
        jurisdiction=read_text(fields["jurisdiction"], longest=64),
        clauses=tuple(item.value for item in clause_items),
        demands=tuple(item.value for item in demands),
        notes=read_sequence(fields["notes"], read_text) if "notes" in fields else (),
        undecidable=tuple(item.value for item in read_items(fields, "undecidable", Undecidable)) or msgspec.UNSET,
        results=tuple(item.value for item in results) or msgspec.UNSET,
        metrics=tuple(item.value for item in metrics) or msgspec.UNSET,
        recordings=tuple(item.value for item in recordings) or msgspec.UNSET,
    )


def _check_clauses(items: tuple[Item[_T], ...], clauses: tuple[str, ...]) -> tuple[Item[_T], ...]:
    for item in items:
        check_name(item.field("clause"), item.value.clause, clauses, phrase("clause"))
        covers = find_field(item.node, "covers")
        if covers is not None:
            read_covers(covers)
    return items


def _check_needs(results: tuple[Item[NamedResult], ...], demands: tuple[str, ...]) -> None:
    for result in results:
        if not result.value.needs:
            fail(
                result.field("needs"),
                phrase("a result that needs nothing says nothing."),
                phrase("Name its requirements."),
            )
        for name in result.value.needs:
            check_name(result.field("needs"), name, demands, phrase("requirement"))
        refuse_twins((name, result.field("needs")) for name in result.value.needs)


def _check_metrics(metrics: tuple[Item[Metric], ...]) -> None:
    for metric in metrics:
        if metric.value.benchmark < 1:
            fail(
                metric.field("benchmark"),
                phrase("nothing is measured against less than one."),
                phrase("Give the figure."),
            )
