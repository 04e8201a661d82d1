"""One certificate of a matter: as a page, as its file, and printed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.installation.writing import find_press
from alteram.operations.certifying import find_issued, get_issued, may_publish
from alteram.operations.entries import enter
from alteram.operations.printed_certificates import print_certificate as print_pdf
from alteram.operations.printing import LetterError
from alteram.operations.shown_certificates import show_certificate as build_shown
from alteram.web.doors import for_people, get_person
from alteram.web.letters.answers import answer_pdf, show_unprintable

_KIND = "application/json"


@require_safe
@for_people
def show_certificate(request: HttpRequest, asking: Asking, matter: str, digest: str) -> HttpResponse:
    """Show it, with what can be done with it."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    shown = build_shown(get_issued(entered, digest))
    issued = next(iter(find_issued(entered, digest)), None)
    context = {"matter": matter, "shown": shown, "issued": issued, "may_publish": may_publish(entered)}
    return render(request, "web/certificates/certificate.html", context)


@require_safe
@for_people
def download_certificate(request: HttpRequest, asking: Asking, matter: str, digest: str) -> HttpResponse:
    """Give its file."""
    del request
    return answer_file(get_issued(enter(asking.organisation, StreamId(matter), get_person(asking)), digest), digest)


@require_safe
@for_people
def print_certificate(request: HttpRequest, asking: Asking, matter: str, digest: str) -> HttpResponse:
    """Give it printed."""
    data = get_issued(enter(asking.organisation, StreamId(matter), get_person(asking)), digest)
    return answer_printed(request, asking, data, digest)


def answer_file(data: bytes, digest: str) -> HttpResponse:
    """Return a certificate to be saved, under a name that says nothing of the matter."""
    headers = {"Content-Disposition": f'attachment; filename="{digest[:16]}.certificate"'}
    return HttpResponse(data, content_type=_KIND, headers=headers)


def answer_printed(request: HttpRequest, asking: Asking, data: bytes, digest: str) -> HttpResponse:
    """Return a certificate as tagged PDF; where the press does not print it, the page that says so."""
    try:
        printed = print_pdf(find_press(asking), data, organisation=asking.title, zone=asking.zone)
    except LetterError as error:
        return show_unprintable(request, error)
    return answer_pdf(printed.pdf, f"certificate-{digest[:16]}")
