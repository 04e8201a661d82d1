"""One person: standing, what is in force, patterns as numbers; and the file of what the record holds about them."""

from io import BytesIO

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from alteram.core.kernel.identifiers import PersonId
from alteram.installation.asking import Asking
from alteram.operations.personal import find_person
from alteram.operations.subject_access import write_subject_access
from alteram.web.doors import for_people, get_person


@require_safe
@for_people
def show_person(request: HttpRequest, asking: Asking, person: str) -> HttpResponse:
    """Show it."""
    found = find_person(asking.organisation, PersonId(person), get_person(asking), now=asking.now)
    context = {
        "found": found,
        "in_force": [one for one in found.imposed if one.is_in_force],
        "over": [one for one in found.imposed if not one.is_in_force],
    }
    return render(request, "web/people/person.html", context)


@require_POST
@for_people
def send_export(request: HttpRequest, asking: Asking, person: str) -> HttpResponse:
    """Send the file. It is made in memory: nothing readable touches the disk."""
    del request
    target = BytesIO()
    write_subject_access(asking.organisation, PersonId(person), get_person(asking), target, now=asking.now)
    response = HttpResponse(target.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="about-me.zip"'
    return response
