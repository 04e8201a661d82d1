"""Who plays which part, and what is alleged, answered, shown and found."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.operations.allegations import find_allegations
from alteram.operations.entries import enter
from alteram.operations.parties import find_parties
from alteram.operations.readings import find_readings
from alteram.web.doors import for_people, get_person


@require_safe
@for_people
def show_parties(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show who plays which part, and whose parts do not go together."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    return render(request, "web/matters/parties.html", {"matter": matter, "page": find_parties(entered)})


@require_safe
@for_people
def show_allegations(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show allegations with answers, exhibits and findings side by side, and who has seen what."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    page = find_allegations(entered, now=asking.now)
    return render(request, "web/matters/allegations.html", {"matter": matter, "page": page})


@require_safe
@for_people
def show_readings(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show who read what, of what whoever asks may read themselves."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    return render(request, "web/matters/readings.html", {"matter": matter, "readings": find_readings(entered)})
