"""My matters: what waits on whoever asks, the nearest time first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.installation.asking import Asking
from alteram.operations.lists import find_my_matters
from alteram.web.doors import for_people, get_person


@require_safe
@for_people
def show_my_matters(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show them."""
    mine = find_my_matters(asking.organisation, get_person(asking))
    return render(request, "web/matters/my_matters.html", {"mine": mine, "now": asking.now})
