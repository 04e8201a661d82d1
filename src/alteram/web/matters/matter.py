"""One matter: where it stands, what happens next, by when, who decides, and what happened, as one person may see it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.operations.overview import find_overview
from alteram.operations.questions import find_timeline
from alteram.web.doors import for_people, get_person


@require_safe
@for_people
def show_matter(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show it."""
    stream, person = StreamId(matter), get_person(asking)
    overview = find_overview(asking.organisation, stream, person, now=asking.now)
    timeline = find_timeline(asking.organisation, stream, person)
    found = {"matter": matter, "overview": overview, "timeline": timeline[::-1], "now": asking.now}
    return render(request, "web/matters/matter.html", found)
