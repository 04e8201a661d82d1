"""The versions of the rules: which governs how many matters, and what changed from one to the next."""

from dataclasses import dataclass
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from alteram.core.rules import build_digest, encode_rulebook
from alteram.core.rules.differences import Difference
from alteram.installation.asking import Asking
from alteram.installation.rulebook_proofs import find_proof
from alteram.operations.past_matters import may_look_back
from alteram.operations.rulebook_versions import Compared, compare_versions, count_governed
from alteram.web.doors import for_people, get_person
from alteram.web.rulebook.meanings import tell_meanings
from alteram.web.rulebook.wording import tell_item

_PARTS = {
    "clause": gettext_lazy("Clauses"),
    "act": gettext_lazy("Who may do what"),
    "demand": gettext_lazy("Requirements"),
    "procedure": gettext_lazy("Procedures and their stages"),
    "sanction": gettext_lazy("Sanctions"),
    "breach": gettext_lazy("Breaches"),
    "office": gettext_lazy("Offices"),
    "body": gettext_lazy("Bodies"),
    "departure": gettext_lazy("Departures"),
    "second_key": gettext_lazy("What nobody does alone"),
    "pack": gettext_lazy("Packs"),
}


@dataclass(frozen=True, slots=True)
class ToldChange:
    """One thing that changed, before and after, in words."""

    name: str
    kind: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldPart:
    """The changes of one part of the rules."""

    title: str
    changes: tuple[ToldChange, ...]


@require_safe
@for_people
def show_versions(request: HttpRequest, asking: Asking) -> HttpResponse:
    """List them, each with a link to what it changed, and whether it was proved."""
    governed, is_complete = count_governed(asking.organisation, get_person(asking))
    before = [one.version for one in governed[1:]]
    rows = [
        (one, before[at] if at < len(before) else None, find_proof(asking, get_person(asking), one.version.digest))
        for at, one in enumerate(governed)
    ]
    return render(request, "web/rulebook/versions.html", {"rows": rows, "is_complete": is_complete})


@require_safe
@for_people
def show_changes(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show what changed between two versions."""
    old, new = request.GET.get("from", ""), request.GET.get("to", "")
    if not old:
        raise Http404
    compared = compare_versions(asking.organisation, get_person(asking), old, new)
    context = {
        "compared": compared,
        "parts": tell_changes(compared),
        "effects": tell_meanings(compared.meanings),
        "may_look_back": may_look_back(asking.organisation, get_person(asking)),
        "old": old,
        "new": new or build_digest(encode_rulebook(compared.new)),
    }
    return render(request, "web/rulebook/changes.html", context)


def tell_changes(compared: Compared) -> list[ToldPart]:
    """Return what changed, part by part, in words."""
    grouped = groupby(compared.differences, key=lambda one: one.part)
    return [ToldPart(str(_PARTS[part]), tuple(_tell(one) for one in found)) for part, found in grouped]


def _tell(one: Difference) -> ToldChange:
    kind = "added" if one.old is None else "removed" if one.new is None else "changed"
    return ToldChange(one.name, kind, tell_item(one.old), tell_item(one.new))
