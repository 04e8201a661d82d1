"""Several standards side by side, in words and as values for machines."""

from collections.abc import Iterable, Iterator
from textwrap import wrap

from alteram.cli.showing import Value
from alteram.core.rules import Assessed, Assessment, Pack, Rulebook
from alteram.core.rules.comparing import Row, Said, group_by_kind


def describe_side_by_side(assessment: Assessment, rulebook: Rulebook) -> Value:
    """Return what each standard says by kind of requirement, for machines; only kinds that several have."""
    return [
        {
            "kind": row.kind,
            "differs": row.differs,
            "said": [
                {
                    "standard": one.standard or rulebook.id,
                    "requirement": one.found.demand.id,
                    "title": one.found.demand.title,
                    "clause": one.found.demand.clause,
                    "source": one.found.demand.source,
                    "source_status": one.found.demand.status,
                    "result": one.found.finding.result,
                    "because": one.found.finding.because,
                    "working": list(one.found.finding.working),
                }
                for one in row.said
            ],
        }
        for row in _find_shared(assessment, rulebook)
    ]


def tell_side_by_side(assessment: Assessment, rulebook: Rulebook, packs: Iterable[Pack]) -> Iterator[str]:
    """Yield what each standard says, requirement by requirement, with the arithmetic and the source of each."""
    titles = {one.id: one.title for one in packs}
    if not titles:
        return
    yield from ("", f"Side by side: {rulebook.title}; {'; '.join(titles.values())}")
    for row in _find_shared(assessment, rulebook):
        yield f"{row.kind}{': they differ' if row.differs else ''}"
        for one in row.said:
            yield from _tell_said(one, rulebook)


def _find_shared(assessment: Assessment, rulebook: Rulebook) -> list[Row[Assessed]]:
    rows = group_by_kind(assessment.requirements, own=len(rulebook.demands))
    return [row for row in rows if row.is_shared]


def _tell_said(one: Said[Assessed], rulebook: Rulebook) -> Iterator[str]:
    demand, finding = one.found.demand, one.found.finding
    yield f"  {finding.result:<8}{one.standard or rulebook.id} {demand.clause}: {demand.title}"
    yield from wrap(finding.because, 110, initial_indent=" " * 10, subsequent_indent=" " * 10)
    for line in finding.working:
        yield f"{' ' * 10}{line}"
    if demand.source:
        yield f"{' ' * 10}source ({demand.status}): {demand.source}"
