"""One source: its text with what is marked in it; pasted words find their place and go on to the form of the act."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from alteram.core.acts import get_spec
from alteram.core.acts.propositions import AssertionMarked
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.sent_forms import draw_token
from alteram.operations.contested import Place, SourcePage, find_nearest, find_places, find_source
from alteram.operations.entries import enter
from alteram.web.doors import for_people, get_person
from alteram.web.forms import ActForm, find_offers
from alteram.web.matters.queries import find_number

_SPEC = get_spec(AssertionMarked)


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def show_source(request: HttpRequest, asking: Asking, matter: str, exhibit: str) -> HttpResponse:
    """Show it; on pasted words, show the form that marks them, or where they stand if that is not just one place."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    page = find_source(entered, exhibit, now=asking.now)
    context: dict[str, object] = {"matter": matter, "exhibit": exhibit}
    if isinstance(page, Refused):
        return render(request, "web/propositions/closed.html", context | {"refused": page}, status=403)
    context["page"] = page
    if request.method != "POST":
        return render(request, "web/propositions/source.html", context)
    words, near = request.POST.get("words", ""), find_number(request.POST.get("near", ""))
    places = find_places(page.text, words)
    if len(places) > 1 and near is not None:
        places = (find_nearest(places, near),)
    if len(places) == 1:
        return _show_form(request, asking, matter, page, places[0])
    told = context | {"words": words, "places": places, "is_missing": not places}
    return render(request, "web/propositions/source.html", told, status=422)


def _show_form(request: HttpRequest, asking: Asking, matter: str, page: SourcePage, place: Place) -> HttpResponse:
    """Show the form of the act with the place filled in; it is sent to the page of the act, which records it."""
    form = ActForm(_SPEC, find_offers(asking, StreamId(matter), _SPEC), zone=asking.zone)
    span = {"first": place.span.first, "until": place.span.until}
    form.initial.update({"exhibit": page.exhibit, "words": place.words, **span})
    keywords = {"organisation": asking.name, "matter": matter, "act": _SPEC.name}
    context = {
        "matter": matter,
        "spec": _SPEC,
        "form": form,
        "refused": None,
        "once": draw_token(),
        "action": reverse("act", kwargs=keywords),
    }
    return render(request, "web/matters/act.html", context)
