"""Bundles: building one, looking at it, looking for names in it, and serving it on people."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.installation.asking import Asking
from alteram.installation.background import BusyError
from alteram.installation.disclosure_work import (
    ask_for_bundle,
    ask_for_serving,
    find_last_work,
)
from alteram.installation.names_work import MAX_ALSO, MOST_ALSO, ask_for_names, find_names_work, read_also
from alteram.operations.attachments import open_attachment
from alteram.operations.disclosure.bundling import MAX_TITLE
from alteram.operations.disclosure.copies import By, may_trace
from alteram.operations.disclosure.telling import BundlePage, find_bundle_page, find_bundles
from alteram.operations.entries import Entered, enter
from alteram.web.doors import for_people, get_person
from alteram.web.saying import say
from alteram.web.speaking_up.files import send


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def show_bundles(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show the bundles, and what came of the last that was asked for; on a form, have one built."""
    entered = _enter(asking, matter)
    page = find_bundles(entered, now=asking.now)
    context: dict[str, object] = {"matter": matter, "page": page, "most_title": MAX_TITLE}
    status = 200
    if request.method == "POST":
        people = [one for one, _role in page.people if one in request.POST.getlist("people")]
        exhibits = [row.exhibit for row, _title in page.choice if row.exhibit in request.POST.getlist("exhibits")]
        title = request.POST.get("title", "").strip()
        context |= {"people": people, "exhibits": exhibits, "title": title}
        status = 422
        if len(title) > MAX_TITLE:
            context["is_long"] = True
        elif people and exhibits:
            try:
                ask_for_bundle(asking, entered, people, exhibits, title=title)
            except BusyError as error:
                context["busy"], status = error, 409
            else:
                return redirect("bundles", organisation=asking.name, matter=matter)
        else:
            context["is_empty"] = True
    return render(
        request, "web/disclosure/bundles.html", context | _tell_work(asking, entered, "bundle"), status=status
    )


@require_safe
@for_people
def show_bundle(request: HttpRequest, asking: Asking, matter: str, bundle: str) -> HttpResponse:
    """Show one bundle: what stands on which page, what is withheld and why, who has it."""
    entered = _enter(asking, matter)
    page = find_bundle_page(entered, bundle)
    context = {
        "matter": matter,
        "bundle": bundle,
        "page": page,
        "names": find_names_work(asking, entered, bundle),
        **_tell_work(asking, entered, "copies"),
    }
    return render(request, "web/disclosure/bundle.html", context)


@require_GET
@for_people
def send_bundle(request: HttpRequest, asking: Asking, matter: str, bundle: str) -> HttpResponseBase:
    """Give the unmarked file to who handles the matter."""
    del request
    page = find_bundle_page(_enter(asking, matter), bundle)
    opened = open_attachment(asking.organisation, StreamId(matter), page.row.event.seq, 0, get_person(asking))
    response = send(f"{bundle}.pdf", opened.content)
    response["Content-Length"] = str(opened.found.size)
    return response


@require_POST
@for_people
def serve_bundle(request: HttpRequest, asking: Asking, matter: str, bundle: str) -> HttpResponse:
    """Have copies marked and served on the people who were ticked."""
    entered = _enter(asking, matter)
    people = _choose(request, find_bundle_page(entered, bundle))
    if not people:
        messages.error(request, _("Nobody was ticked; nothing was served."))
    else:
        try:
            ask_for_serving(asking, entered, bundle, people, by=_read_way(request))
        except BusyError as error:
            messages.error(request, f"{say(error.problem)} {say(error.remedy)}")
    return redirect("bundle", organisation=asking.name, matter=matter, bundle=bundle)


@require_POST
@for_people
def find_names(request: HttpRequest, asking: Asking, matter: str, bundle: str) -> HttpResponse:
    """Have the names of protected people looked for in a bundle."""
    entered = _enter(asking, matter)
    find_bundle_page(entered, bundle)
    also = read_also(request.POST.get("also", ""))
    if also is None:
        told = _("Write at most %(most)s lines of %(longest)s characters; nothing was looked for.")
        messages.error(request, told % {"most": MOST_ALSO, "longest": MAX_ALSO})
        return redirect("bundle", organisation=asking.name, matter=matter, bundle=bundle)
    try:
        ask_for_names(asking, entered, bundle, also)
    except BusyError as error:
        messages.error(request, f"{say(error.problem)} {say(error.remedy)}")
    return redirect("bundle", organisation=asking.name, matter=matter, bundle=bundle)


def _enter(asking: Asking, matter: str) -> Entered:
    return enter(asking.organisation, StreamId(matter), get_person(asking))


def _choose(request: HttpRequest, page: BundlePage) -> list[PersonId]:
    return [one for one in page.row.event.act.for_people if one in request.POST.getlist("people")]


def _read_way(request: HttpRequest) -> By:
    match request.POST.get("by"):
        case "file":
            return "file"
        case "print":
            return "print"
        case _:
            return "page"


def _tell_work(asking: Asking, entered: Entered, kind: str) -> dict[str, object]:
    return {"work": find_last_work(asking, entered, kind), "traces": may_trace(entered)}
