"""One person: standing, what is in force, patterns as numbers; and the file of what the record holds about them."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from alteram.core.kernel.identifiers import PersonId
from alteram.installation.asking import Asking
from alteram.operations.personal import find_person
from alteram.operations.subject_access import stream_subject_access
from alteram.web.doors import for_people, get_person
from alteram.web.matters.lists import read_cursor, write_cursor


@require_safe
@for_people
def show_person(request: HttpRequest, asking: Asking, person: str) -> HttpResponse:
    """Show it."""
    after = read_cursor(request.GET.get("after", ""))
    found = find_person(asking.organisation, PersonId(person), get_person(asking), now=asking.now, after=after)
    context = {
        "found": found,
        "in_force": [one for one in found.imposed if one.is_in_force],
        "over": [one for one in found.imposed if not one.is_in_force],
        "is_first": after is None,
        "next": None if found.after is None else write_cursor(found.after),
    }
    return render(request, "web/people/person.html", context)


@require_POST
@for_people
def send_export(request: HttpRequest, asking: Asking, person: str) -> StreamingHttpResponse:
    """Send the file as it is made: nothing readable touches the disk."""
    del request
    pieces = stream_subject_access(asking.organisation, PersonId(person), get_person(asking), now=asking.now)
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="about-me.zip"'
    return response
