"""Looking for protected names in what is given by itself: exhibits, or their gist. Bundles have it on their page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from alteram.core.acts import NamesChecked, get_spec
from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.installation.background import BusyError, Work
from alteram.installation.names_work import ask_for_exhibit_names, find_names_work, read_searched
from alteram.operations.disclosure.protected_names import MAX_ALSO, MAX_GIST, MOST_ALSO, find_waiting, read_also
from alteram.operations.disclosure.telling import find_bundles, handles
from alteram.operations.entries import enter
from alteram.web.disclosure.filling import show_filled
from alteram.web.disclosure.ways import find_ways
from alteram.web.doors import for_people, get_person
from alteram.web.saying import say_error

_SPEC = get_spec(NamesChecked)


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def show_names(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show what the last search found; on a form, have exhibits or a gist searched, or say why not, nothing lost."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    choice, waiting = find_bundles(entered, now=asking.now).choice, find_waiting(entered)
    context: dict[str, Any] = {"matter": matter, "choice": choice, "most_gist": MAX_GIST, **find_ways(entered)}
    context |= {"waiting": waiting, "exhibits": waiting}
    status = 200
    if request.method == "POST":
        exhibits = [row.exhibit for row, _title in choice if row.exhibit in request.POST.getlist("exhibits")]
        gist, written = request.POST.get("gist", "").strip(), request.POST.get("also", "")
        context |= {"exhibits": exhibits, "gist": gist, "also": written}
        status, also = 422, read_also(written)
        if not exhibits:
            context["problem"] = _("Choose at least one exhibit.")
        elif len(gist) > MAX_GIST:
            context["problem"] = _("The gist has at most %(most)s characters.") % {"most": MAX_GIST}
        elif also is None:
            context["also_problem"] = tell_too_much()
        else:
            try:
                ask_for_exhibit_names(asking, entered, exhibits, also, gist=gist)
            except BusyError as error:
                context["problem"], status = say_error(error), 409
            else:
                return redirect("names", organisation=asking.name, matter=matter)
    context |= _tell_search(find_names_work(asking, entered))
    return render(request, "web/disclosure/names.html", context, status=status)


@require_POST
@for_people
def confirm_names(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show the form of the act that confirms the last search, filled in; the page of the act records it."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    names = find_names_work(asking, entered) if handles(entered) else None
    if names is None or not names.outcome or "count" not in names.outcome:
        raise Http404
    looked = read_searched(entered, names)
    filled = {"found": names.outcome["count"], "gists" if looked.gist else "exhibits": list(looked.exhibits)}
    return show_filled(request, asking, entered.stream, _SPEC, filled | ({"gist": looked.gist} if looked.gist else {}))


def tell_too_much() -> str:
    """Return what is said where too much else is to be looked for."""
    wrong = _("Write at most %(most)s lines of %(longest)s characters; nothing was looked for.")
    return wrong % {"most": MOST_ALSO, "longest": MAX_ALSO}


def _tell_search(names: Work | None) -> dict[str, object]:
    if names is None:
        return {}
    return {"names": names, "looked": names.given["exhibits"], "is_gist": "gist" in names.given}
