"""One matter: what happened last, what comes next, by when, who decides, what can be done, whom to ask.

It differs by part. A respondent reads first what they are accused of and until when they may answer.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.operations.matter_page import find_matter_page
from alteram.web.doors import for_people, get_person


@require_safe
@for_people
def show_matter(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show it."""
    page = find_matter_page(asking.organisation, StreamId(matter), get_person(asking), now=asking.now)
    outcome = None if page.accusation is None else page.accusation.outcome
    context = {
        "matter": matter,
        "page": page,
        "overview": page.overview,
        "now": asking.now,
        "may_appeal": outcome is not None and outcome.may_appeal(asking.now),
    }
    return render(request, "web/matters/matter.html", context)
