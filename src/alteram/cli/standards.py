"""What packs say of a matter beside their demands: named results and figures, for people and for machines."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from alteram.cli.showing import Value
from alteram.core.matters import Facts
from alteram.core.rules import Pack, Rulebook
from alteram.core.rules.figures import Figure, take_figure
from alteram.core.rules.results import examine_result


def describe_standards(packs: Iterable[Pack], facts: Facts, rulebook: Rulebook, now: datetime) -> Value:
    """Return the results and figures of packs as JSON, by pack."""
    described: dict[str, Value] = {}
    for pack in packs:
        results = {one.id: examine_result(one, pack, facts, rulebook, now) for one in pack.results or ()}
        figures = {one.id: take_figure(one, pack, facts, rulebook, now) for one in pack.metrics or ()}
        described[pack.id] = {
            "as_of": pack.as_of,
            "notice": "An aid, not legal advice.",
            "results": {
                name: {"result": one.result, "because": one.because, "entries": list(one.entries)}
                for name, one in results.items()
            },
            "figures": {name: _describe_figure(one) for name, one in figures.items()},
        }
    return described


def tell_standards(packs: Iterable[Pack], facts: Facts, rulebook: Rulebook, now: datetime) -> Iterator[str]:
    """Yield the results and figures of packs, each pack with its date and what it is."""
    for pack in packs:
        yield from ("", f"{pack.title}, as of {pack.as_of}: an aid, not legal advice")
        for one in pack.results or ():
            finding = examine_result(one, pack, facts, rulebook, now)
            yield f"  {finding.result:<8}{one.title}: {finding.because}"
        for metric in pack.metrics or ():
            figure = take_figure(metric, pack, facts, rulebook, now)
            yield f"  {metric.title}: {_tell_figure(figure)} (a figure; it decides nothing)"


def _describe_figure(figure: Figure) -> Value:
    return {
        "value": figure.value,
        "benchmark": figure.benchmark,
        "unit": figure.unit,
        "standing": figure.standing,
        "is_final": figure.is_final,
        "working": list(figure.working),
    }


def _tell_figure(figure: Figure) -> str:
    if figure.value is None:
        return "not known"
    running = "" if figure.is_final else " so far"
    return f"{figure.value} {figure.unit}{running}, benchmark {figure.benchmark}"
