"""Tracing a leak: a file is looked at as long work; what it comes to is a fact, told with its chance of error."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from alteram.core.acts import CopyTraced, get_spec
from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.installation.background import BusyError
from alteram.installation.tracing_work import ask_for_trace, find_trace
from alteram.installation.uploads import BusyUploadsError, SealingUploads, sealing_uploads
from alteram.operations.attachments import AttachmentError
from alteram.operations.disclosure.copies import may_trace
from alteram.operations.entries import Entered, enter
from alteram.web.disclosure.filling import show_filled
from alteram.web.disclosure.ways import find_ways
from alteram.web.doors import for_people, get_person
from alteram.web.saying import say_error, say_problem

_SPEC = get_spec(CopyTraced)


@csrf_exempt  # the token is asked for in `_show`, once the file has a place to go
@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def show_tracing(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show what the last trace came to; on a file, have it traced."""
    entered = _enter(asking, matter)
    try:
        with sealing_uploads(request, asking.organisation, entered.stream) as uploads:
            return _show(request, asking, entered, uploads=uploads)
    except BusyUploadsError:
        problems = [_("Others are sending large files just now. Send it again in a minute.")]
        return _render(request, asking, entered, problems, status=503)


@csrf_protect
def _show(request: HttpRequest, asking: Asking, entered: Entered, *, uploads: SealingUploads) -> HttpResponse:
    if request.method != "POST":
        return _render(request, asking, entered, [], status=200)
    request.POST.get("sent")  # the request is read here, and its file is sealed as it comes
    problems = [say_problem(one) for one in uploads.problems]
    if not problems and len(uploads.sealed) != 1:
        problems = [_("Add one file: a PDF, a picture, or a text.")]
    if problems:
        return _render(request, asking, entered, problems, status=422)
    try:
        ask_for_trace(asking, entered, uploads.sealed[0])
    except (BusyError, AttachmentError) as error:
        return _render(request, asking, entered, [say_error(error)], status=409)
    return redirect("tracing", organisation=asking.name, matter=entered.stream)


@require_POST
@for_people
def record_trace(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show the form of the act that records the last trace, filled in; the page of the act records it."""
    entered = _enter(asking, matter)
    work = find_trace(asking, entered)
    told = None if work is None or work.is_under_way or work.has_failed else work.outcome
    if not told or "digest" not in told:
        raise Http404
    people = list(dict.fromkeys(person for person, _bundle in told["people"]))
    filled = {"digest": told["digest"], "outcome": "found" if people else "cannot-tell", "copies": people}
    if people:
        filled |= {"error": told["error"], "bundle": told["people"][0][1]}
    return show_filled(request, asking, entered.stream, _SPEC, filled)


def _enter(asking: Asking, matter: str) -> Entered:
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    if not may_trace(entered):
        raise Http404
    return entered


def _render(
    request: HttpRequest, asking: Asking, entered: Entered, problems: list[str], *, status: int
) -> HttpResponse:
    work = find_trace(asking, entered)
    context = {"matter": entered.stream, "work": work, "problems": problems, **find_ways(entered)}
    return render(request, "web/disclosure/tracing.html", context, status=status)
