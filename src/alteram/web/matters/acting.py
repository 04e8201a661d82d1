"""Acting in a matter: what can be done now, what cannot yet and why, and the form of any act, from the catalogue."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from alteram.core.acts import ActSpec, find_spec
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.grave import GRAVE
from alteram.operations.perform import perform
from alteram.operations.questions import find_open_acts
from alteram.web.doors import for_people, get_person, require_recent
from alteram.web.forms import ActForm, find_offers
from alteram.web.wording import tell_act


@require_safe
@for_people
def show_acts(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show what whoever asks can do now, and of the rest why not and from when."""
    found = find_open_acts(asking.organisation, StreamId(matter), get_person(asking), now=asking.now)
    mine = [one for one in found.acts if one.is_own]
    context = {
        "matter": matter,
        "found": found,
        "open": [one for one in mine if not isinstance(one.ruling, Refused)],
        "not_yet": [one for one in mine if isinstance(one.ruling, Refused)],
    }
    return render(request, "web/matters/acts.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def do_act(request: HttpRequest, asking: Asking, matter: str, act: str) -> HttpResponse:
    """Show an act's form; on its answer, perform the act, or show why the rules refuse it with nothing lost."""
    stream, person, spec = StreamId(matter), get_person(asking), _get_spec(act)
    prove = require_recent(request) if spec.name in GRAVE else None
    ruled = find_open_acts(asking.organisation, stream, person, only=spec, now=asking.now).acts[0]
    if prove is not None and request.method == "GET":
        return redirect(prove)
    offers = find_offers(asking, stream)
    form = ActForm(spec, offers, request.POST or None, zone=asking.zone)
    form.fill(request.GET)
    refused = ruled.ruling if isinstance(ruled.ruling, Refused) else None
    if prove is None and request.method == "POST" and form.is_valid():
        done = perform(asking.organisation, stream, form.build_act(), person)
        if done:
            messages.success(request, _("Recorded: %(act)s, entry %(seq)s.") % {"act": tell_act(act), "seq": done.seq})
            return redirect("matter", organisation=asking.name, matter=matter)
        refused = done.ruling if isinstance(done.ruling, Refused) else None
    context = {"matter": matter, "spec": spec, "form": form, "refused": refused, "tried": form.is_bound, "prove": prove}
    status = 422 if form.is_bound else 200
    return render(request, "web/matters/act.html", context, status=status)


def _get_spec(name: str) -> ActSpec:
    spec = find_spec(name)
    if spec is None:
        raise Http404
    return spec
