"""The page of the log, and its files."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alteram.adapters.witness import is_near
from alteram.installation.asking import Asking
from alteram.operations.public_log import UnknownLogFileError, find_log_file, find_public_log
from alteram.web.doors import for_anyone

_A_YEAR = "public, max-age=31536000, immutable"


@require_safe
@for_anyone
def show_log(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show how far the log is, and who vouches for it."""
    checkpoint = reverse("log-file", kwargs={"organisation": asking.name, "file": "checkpoint"})
    prefix = request.build_absolute_uri(checkpoint.removesuffix("checkpoint"))
    context = {"log": find_public_log(asking.organisation, is_near), "prefix": prefix}
    return render(request, "web/public_log/log.html", context)


@require_safe
@for_anyone
def send_file(request: HttpRequest, asking: Asking, file: str) -> HttpResponse:
    """Send a file of the log to anybody, pages of other sites among them: it is public and holds no content."""
    del request
    try:
        found = find_log_file(asking.organisation, file)
    except UnknownLogFileError as error:
        raise Http404 from error
    kind = "text/plain; charset=utf-8" if found.is_text else "application/octet-stream"
    response = HttpResponse(found.content, content_type=kind)
    # A checkpoint that a cache keeps is one that its reader believes to be the newest.
    response["Cache-Control"] = _A_YEAR if found.is_lasting else "no-cache"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
