"""Bundles: building one, looking at it, looking for names in it, and serving it on people."""

from typing import Any

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
from alteram.installation.names_work import ask_for_names, find_names_work
from alteram.operations.attachments import open_attachment
from alteram.operations.disclosure.bundling import MAX_TITLE
from alteram.operations.disclosure.copies import By
from alteram.operations.disclosure.protected_names import read_also
from alteram.operations.disclosure.telling import BundlePage, find_bundle_page, find_bundles
from alteram.operations.entries import Entered, enter
from alteram.web.disclosure.names import tell_too_much
from alteram.web.disclosure.ways import find_ways
from alteram.web.doors import for_people, get_person
from alteram.web.saying import say_error
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
    return _show(request, asking, entered, find_bundle_page(entered, bundle), {})


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
    """Have copies marked and served on the people who were ticked, or say why not with nothing lost."""
    entered = _enter(asking, matter)
    page = find_bundle_page(entered, bundle)
    people, by = _choose(request, page), _read_way(request)
    if not people:
        told = {"problem": _("Nobody was ticked; nothing was served."), "people": people, "by": by}
        return _show(request, asking, entered, page, told, status=422)
    try:
        ask_for_serving(asking, entered, bundle, people, by=by)
    except BusyError as error:
        told = {"problem": say_error(error), "people": people, "by": by}
        return _show(request, asking, entered, page, told, status=409)
    return redirect("bundle", organisation=asking.name, matter=matter, bundle=bundle)


@require_POST
@for_people
def find_names(request: HttpRequest, asking: Asking, matter: str, bundle: str) -> HttpResponse:
    """Have the names of protected people looked for in a bundle, or say why not with nothing lost."""
    entered = _enter(asking, matter)
    page, written = find_bundle_page(entered, bundle), request.POST.get("also", "")
    also = read_also(written)
    if also is None:
        told = {"also": written, "also_problem": tell_too_much()}
        return _show(request, asking, entered, page, told, status=422)
    try:
        ask_for_names(asking, entered, bundle, also)
    except BusyError as error:
        return _show(request, asking, entered, page, {"also": written, "problem": say_error(error)}, status=409)
    return redirect("bundle", organisation=asking.name, matter=matter, bundle=bundle)


def _show(
    request: HttpRequest,
    asking: Asking,
    entered: Entered,
    page: BundlePage,
    written: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Show a bundle; `written` is what was sent of its forms and what is wrong with it."""
    bundle = page.row.event.act.bundle
    context = {
        "matter": entered.stream,
        "bundle": bundle,
        "page": page,
        "names": find_names_work(asking, entered, bundle),
        **_tell_work(asking, entered, "copies"),
        **written,
    }
    return render(request, "web/disclosure/bundle.html", context, status=status)


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
    return {"work": find_last_work(asking, entered, kind), **find_ways(entered)}
