"""Certificates that the organisation published, to anybody who has the address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.installation.asking import Asking
from alteram.operations.certifying import find_published
from alteram.operations.shown_certificates import show_certificate
from alteram.web.certificates.showing import answer_file, answer_printed
from alteram.web.doors import for_anyone


@require_safe
@for_anyone
def show_published(request: HttpRequest, asking: Asking, digest: str) -> HttpResponse:
    """Show it. Of what is not published nobody is told whether it is there."""
    shown = show_certificate(find_published(asking.organisation, digest))
    return render(request, "web/certificates/published.html", {"shown": shown})


@require_safe
@for_anyone
def download_published(request: HttpRequest, asking: Asking, digest: str) -> HttpResponse:
    """Give its file."""
    del request
    return answer_file(find_published(asking.organisation, digest), digest)


@require_safe
@for_anyone
def print_published(request: HttpRequest, asking: Asking, digest: str) -> HttpResponse:
    """Give it printed."""
    return answer_printed(request, asking, find_published(asking.organisation, digest), digest)
