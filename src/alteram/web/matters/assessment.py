"""Has this been fair so far: requirement by requirement, under several standards, and what would still mend it."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from alteram.adapters.rulebooks.library import load_pack, shipped_names
from alteram.core.access.assessed import ToldFinding
from alteram.core.kernel.identifiers import StreamId
from alteram.core.rules import Pack
from alteram.core.rules.assess import NOTHING_YET
from alteram.installation.asking import Asking
from alteram.installation.background import BusyError
from alteram.installation.matter_cures import ask_for_cures, find_cures
from alteram.operations.assessing import assess_for
from alteram.operations.comparing import compare_for
from alteram.web.doors import for_people, get_person


@require_safe
@for_people
def show_assessment(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show it. `pack` in the query string adds what further standards would have said."""
    packs = _choose(request)
    assessed = assess_for(asking.organisation, StreamId(matter), get_person(asking), packs, now=asking.now)
    guarantees = [(name, *_split(found)) for name, found in assessed.by_guarantee()]
    context = {"assessed": assessed, "guarantees": guarantees, **_context(matter, packs)}
    return render(request, "web/matters/assessment.html", context)


@require_safe
@for_people
def show_standards(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show what the chosen standards say beside the rules of the organisation, and their figures."""
    packs = _choose(request)
    compared = compare_for(asking.organisation, StreamId(matter), get_person(asking), packs, now=asking.now)
    return render(request, "web/matters/standards.html", {"compared": compared, **_context(matter, packs)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def show_cures(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show what would still mend the matter, where it was worked out as the matter stands; have it worked out.

    All of it together is a list to tick off; then comes each requirement by itself.
    """
    packs, person, stream = _choose(request), get_person(asking), StreamId(matter)
    work = find_cures(asking, person, stream, packs)
    context: dict[str, object] = {"work": work, **_context(matter, packs)}
    if request.method == "POST":
        try:
            ask_for_cures(asking, person, stream, packs)
        except BusyError as error:
            return render(request, "web/matters/cures.html", context | {"busy": error}, status=409)
        return redirect(request.get_full_path())
    if work is not None and work.told is not None:
        cures = work.told
        titles = {one.told.demand.id: one.told.demand.title for one in cures.plans}
        context["cures"] = cures
        context["together"] = [(step, [(name, titles[name]) for name in step.mends]) for step in cures.together]
    return render(request, "web/matters/cures.html", context)


def _choose(request: HttpRequest) -> tuple[Pack, ...]:
    """Return the standards that were ticked, of those that ship."""
    names = shipped_names("packs")
    return tuple(load_pack(one) for one in dict.fromkeys(request.GET.getlist("pack")) if one in names)


def _context(matter: str, packs: tuple[Pack, ...]) -> dict[str, object]:
    chosen = [one.id for one in packs]
    query = urlencode([("pack", one) for one in chosen])
    titles = [(name, load_pack(name).title) for name in shipped_names("packs")]
    return {"matter": matter, "packs": titles, "chosen": chosen, "query": query}


def _split(found: tuple[ToldFinding, ...]) -> tuple[list[ToldFinding], list[ToldFinding]]:
    """Return the requirements that the matter has come to, and those it has not."""
    ahead = [one for one in found if one.finding.because == NOTHING_YET]
    return [one for one in found if one not in ahead], ahead
