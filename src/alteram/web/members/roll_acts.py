"""Acts of the organisation about its roll: the same form and the same rulings as everywhere."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alteram.core.acts import find_spec
from alteram.core.kernel.identifiers import ORGANISATION_STREAM
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.grave import GRAVE
from alteram.installation.members import ROLL_ACTS, perform_roll_act
from alteram.operations.questions import find_open_acts
from alteram.web.doors import for_people, get_person, require_recent
from alteram.web.forms import ActForm, find_offers
from alteram.web.wording import tell_act


@require_http_methods(["GET", "POST"])
@for_people
def do_roll_act(request: HttpRequest, asking: Asking, act: str) -> HttpResponse:
    """Show an act's form; on its answer, perform the act, or show why the rules refuse it with nothing lost."""
    spec = find_spec(act) if act in ROLL_ACTS else None
    if spec is None:
        raise Http404
    person, prove = get_person(asking), require_recent(request) if act in GRAVE else None
    ruled = find_open_acts(asking.organisation, ORGANISATION_STREAM, person, only=spec, now=asking.now).acts[0]
    if not ruled.is_own:
        raise Http404
    if prove is not None and request.method == "GET":
        return redirect(prove)
    form = ActForm(spec, find_offers(asking, ORGANISATION_STREAM), request.POST or None, zone=asking.zone)
    form.fill(request.GET)
    refused = ruled.ruling if isinstance(ruled.ruling, Refused) else None
    if prove is None and request.method == "POST" and form.is_valid():
        done = perform_roll_act(asking, form.build_act(), person)
        if done.waits:
            messages.warning(request, _("It waits for another who holds an office to agree."))
            return redirect("agreements", organisation=asking.name)
        recorded = done.performed
        if recorded:
            told = _("Recorded: %(act)s, entry %(seq)s.") % {"act": tell_act(act), "seq": recorded.seq}
            messages.success(request, told)
            return redirect("members", organisation=asking.name)
        refused = recorded.ruling if isinstance(recorded.ruling, Refused) else None
    context = {"spec": spec, "form": form, "refused": refused, "tried": form.is_bound, "prove": prove}
    return render(request, "web/members/act.html", context, status=422 if form.is_bound else 200)
