"""The published standards, each on a page: what it says and asks, on what source, and what no record decides."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.bootstrap.choosing import list_packs
from alteram.core.rules.rulebook import Clause, Demand, Pack
from alteram.core.rules.standards import Metric, NamedResult, RecordingRule
from alteram.installation.asking import Asking
from alteram.operations.proving import need_rules_open
from alteram.operations.rulebook_versions import get_version
from alteram.web.doors import for_people, get_person
from alteram.web.rulebook.choosing import count_statuses
from alteram.web.rulebook.wording import tell_item


@dataclass(frozen=True, slots=True)
class ShownClause:
    """A clause of a pack with what it asks, what is named by it, what it measures, and its rules on recordings."""

    clause: Clause
    demands: tuple[tuple[Demand, tuple[str, ...]], ...]
    results: tuple[NamedResult, ...]
    metrics: tuple[Metric, ...]
    recordings: tuple[RecordingRule, ...]


@require_safe
@for_people
def list_standards(request: HttpRequest, asking: Asking) -> HttpResponse:
    """List the packs that ship, and which of them the rules in force build on."""
    _version, rulebook = get_version(asking.organisation, get_person(asking))
    built_on = {one.id for one in rulebook.builds_on}
    rows = [(one, count_statuses(one), one.id in built_on) for one in list_packs()]
    return render(request, "web/rulebook/packs.html", {"rows": rows})


@require_safe
@for_people
def show_standard(request: HttpRequest, asking: Asking, pack: str) -> HttpResponse:
    """Show a pack."""
    need_rules_open(asking.organisation, get_person(asking))
    found = next((one for one in list_packs() if one.id == pack), None)
    if found is None:
        raise Http404
    undecidable = found.undecidable or ()
    context = {"pack": found, "clauses": list(_show_clauses(found)), "undecidable": undecidable}
    return render(request, "web/rulebook/pack.html", context)


def _show_clauses(pack: Pack) -> Iterator[ShownClause]:
    results, metrics = pack.results or (), pack.metrics or ()
    for clause in pack.clauses:
        yield ShownClause(
            clause,
            tuple((one, tell_item(one)[1:]) for one in pack.demands if one.clause == clause.id),
            tuple(one for one in results if one.clause == clause.id),
            tuple(one for one in metrics if one.clause == clause.id),
            tuple(one for one in pack.recordings or () if one.clause == clause.id),
        )
