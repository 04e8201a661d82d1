"""What an amendment would have meant for past matters: asked for by whoever amends the rules, numbers first."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from alteram.core.rules.differences import find_differences, has_moved
from alteram.installation.asking import Asking
from alteram.installation.background import BusyError
from alteram.installation.past_matters import LookBack, ask_to_look_back, get_look_back
from alteram.operations.past_matters import check_may_look_back
from alteram.operations.rulebook_versions import Compared, get_version
from alteram.web.doors import for_people, get_person
from alteram.web.rulebook.meanings import tell_meanings


@require_http_methods(["GET", "POST"])
@for_people
def show_past_matters(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show how far a look at past matters is, and what came of it; by POST have it made, of two adopted versions."""
    person = get_person(asking)
    if request.method == "GET":
        return show(request, get_look_back(asking, person, request.GET.get("past", "")))
    check_may_look_back(asking.organisation, person)
    key = request.POST.get("past", "")
    if key:
        known = get_look_back(asking, person, key)
        old, new = known.old, known.new
    else:
        if not request.POST.get("from") or not request.POST.get("to"):
            raise Http404
        old, new = (get_version(asking.organisation, person, request.POST[one])[1] for one in ("from", "to"))
    try:
        asked = ask_to_look_back(asking, person, old, new)
    except BusyError as error:
        return render(request, "web/rulebook/busy.html", {"busy": error}, status=409)
    return go_to(asking, asked)


def go_to(asking: Asking, past: LookBack) -> HttpResponse:
    """Return the way to a look at past matters."""
    return redirect(f"{reverse('rulebook-past', args=[asking.name])}?{urlencode({'past': past.key})}")


def show(request: HttpRequest, past: LookBack) -> HttpResponse:
    """Show a look at past matters."""
    compared = Compared(past.old, past.new, find_differences(past.old, past.new), has_moved(past.old, past.new))
    context = {"past": past, "effects": tell_meanings(compared.meanings)}
    return render(request, "web/rulebook/past.html", context)
