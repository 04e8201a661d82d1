"""Has this been fair so far: requirement by requirement, the worst first, and what would mend it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.adapters.rulebooks.library import load_pack, shipped_names
from alteram.core.access.assessed import ToldFinding
from alteram.core.kernel.identifiers import StreamId
from alteram.core.rules import Pack
from alteram.core.rules.assess import NOTHING_YET
from alteram.installation.asking import Asking
from alteram.operations.assessing import assess_for
from alteram.web.doors import for_people, get_person


@require_safe
@for_people
def show_assessment(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show it. `pack` in the query string adds what further standards would have said."""
    names = shipped_names("packs")
    chosen = [one for one in request.GET.getlist("pack") if one in names]
    packs: tuple[Pack, ...] = tuple(load_pack(one) for one in dict.fromkeys(chosen))
    assessed = assess_for(asking.organisation, StreamId(matter), get_person(asking), packs, now=asking.now)
    guarantees = [(name, *_split(found)) for name, found in assessed.by_guarantee()]
    context = {"matter": matter, "assessed": assessed, "guarantees": guarantees, "packs": names, "chosen": chosen}
    return render(request, "web/matters/assessment.html", context)


def _split(found: tuple[ToldFinding, ...]) -> tuple[list[ToldFinding], list[ToldFinding]]:
    """Return the requirements that the matter has come to, and those it has not."""
    ahead = [one for one in found if one.finding.because == NOTHING_YET]
    return [one for one in found if one not in ahead], ahead
