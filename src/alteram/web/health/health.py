"""Health: what is well and what is wanting, each with what to do about it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.adapters.witness import is_near
from alteram.installation.asking import Asking
from alteram.installation.machine import examine_machine
from alteram.operations.health import find_health
from alteram.web.doors import for_people, get_person


@require_safe
@for_people
def show_health(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show it."""
    health = find_health(asking.organisation, get_person(asking), is_near)
    context = {"health": health, "machine": examine_machine(asking.name), "folder": asking.opened.folder}
    return render(request, "web/health/health.html", context)
