"""Acting in a matter: what can be done now, what cannot yet and why, and the form of any act, from the catalogue."""

from collections.abc import Iterable
from itertools import groupby
from typing import Final

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
from alteram.installation.sent_forms import draw_token, find_outcome, keep_outcome, take_token
from alteram.operations.entries import enter
from alteram.operations.open_acts import find_acts
from alteram.operations.perform import Performed
from alteram.operations.questions import OpenAct, find_open_acts
from alteram.operations.signing import OwnSignatureNeededError, SigningError
from alteram.web.busy import BUSY, Busy, tell_busy
from alteram.web.doors import for_people, get_person, require_recent
from alteram.web.forms import ActForm, Offers, find_offers
from alteram.web.matters.signing import ask_to_sign, perform_as_sent
from alteram.web.wording import tell_act

#: The names of the buttons that ask for more rows and for another look, and of the field that holds a form's token.
MORE, CHANGE, ONCE = "more", "change", "once"
#: Pages that lead to an act and show what it did, by its name.
_LEADING: Final = {
    "assertion.confirmed": "propositions",
    "assertions.tied": "propositions",
    "proposition.evidenced": "propositions",
    "proposition.found": "propositions",
    "proposition.stated": "propositions",
    "receipt.given": "reading-room",
}


@require_safe
@for_people
def show_acts(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show what whoever asks can do now, what not yet and from when, what waits for another act, and what others do."""
    found = find_acts(enter(asking.organisation, StreamId(matter), get_person(asking)), now=asking.now)
    mine = [one for one in found.acts if one.is_own and not _is_for_others(one)]
    refused = [(one, one.ruling) for one in mine if isinstance(one.ruling, Refused)]
    context = {
        "matter": matter,
        "found": found,
        "open": _by_area(one for one in mine if not isinstance(one.ruling, Refused)),
        "not_yet": _by_area(one for one, ruling in refused if ruling.earliest is not None or not ruling.missing),
        "waiting": _by_area(one for one, ruling in refused if ruling.earliest is None and ruling.missing),
        "others": _by_area(one for one in found.acts if one not in mine and not _is_over(one)),
    }
    return render(request, "web/matters/acts.html", context)


def _is_for_others(one: OpenAct) -> bool:
    return isinstance(one.ruling, Refused) and one.ruling.code in {"act.not-yours", "matter.begun"}


def _is_over(one: OpenAct) -> bool:
    """Return whether an act only begins a matter: once it has begun that is nobody's to do."""
    return isinstance(one.ruling, Refused) and one.ruling.code == "matter.begun"


def _by_area(acts: Iterable[OpenAct]) -> list[tuple[str, list[OpenAct]]]:
    return [(area, list(found)) for area, found in groupby(acts, key=lambda one: one.spec.area)]


@require_http_methods(["GET", "POST"])
@for_people
def do_act(request: HttpRequest, asking: Asking, matter: str, act: str) -> HttpResponse:
    """Show an act's form; on its answer, perform the act, or show why the rules refuse it with nothing lost."""
    stream, person, spec = StreamId(matter), get_person(asking), get_spec_or_404(act)
    prove = require_recent(request) if spec.name in GRAVE else None
    ruled = find_open_acts(asking.organisation, stream, person, only=spec, now=asking.now).acts[0]
    if prove is not None and request.method == "GET":
        return redirect(prove)
    form, is_draft = build_form(request, asking, spec, find_offers(asking, stream, spec))
    refused, unsigned = ruled.ruling if isinstance(ruled.ruling, Refused) else None, None
    status = 422 if form.is_bound else 200
    if prove is None and not is_draft and request.method == "POST" and form.is_valid():
        token = request.POST.get(ONCE, "")
        if not take_token(asking.name, person, token):
            return tell_sent_before(request, asking, matter, token)
        done = _perform(request, asking, stream, form)
        if isinstance(done, OwnSignatureNeededError):
            return ask_to_sign(request, asking, spec, form, matter)
        if isinstance(done, BUSY):
            form.add_error(None, tell_busy(done))
            status, done = 503, Performed(ruled.ruling)
        if isinstance(done, SigningError):
            unsigned, done = done, Performed(ruled.ruling)
        if done:
            messages.success(request, _("Recorded: %(act)s, entry %(seq)s.") % {"act": tell_act(act), "seq": done.seq})
            return _go_back(request, asking, matter, spec.name)
        refused = done.ruling if isinstance(done.ruling, Refused) else None
    context = {
        "matter": matter,
        "spec": spec,
        "form": form,
        "refused": refused,
        "unsigned": unsigned,
        "tried": form.is_bound,
        "prove": prove,
        "once": request.POST.get(ONCE) or draw_token(),
    }
    return render(request, "web/matters/act.html", context, status=status)


def _go_back(request: HttpRequest, asking: Asking, matter: str, act: str) -> HttpResponse:
    """Return to the page that led to the act and shows what it did; to the matter, where none does."""
    exhibit = request.POST.get("a-exhibit", "")
    if act == "assertion.marked":
        return redirect("proposition-source", organisation=asking.name, matter=matter, exhibit=exhibit)
    if exhibit and exhibit == request.GET.get("a-exhibit"):
        return redirect("exhibit", organisation=asking.name, matter=matter, exhibit=exhibit)
    return redirect(_LEADING.get(act, "matter"), organisation=asking.name, matter=matter)


def build_form(request: HttpRequest, asking: Asking, spec: ActSpec, offers: Offers) -> tuple[ActForm, bool]:
    """Return an act's form as it was asked for or sent; and whether it only asked for more rows or another look."""
    grown = request.POST.get(MORE, "")
    if grown or CHANGE in request.POST:
        return ActForm.with_more_rows(spec, offers, request.POST, grown, zone=asking.zone), True
    form = ActForm(spec, offers, request.POST or None, zone=asking.zone)
    form.fill(request.GET)
    return form, False


def _perform(request: HttpRequest, asking: Asking, stream: StreamId, form: ActForm) -> Performed | SigningError | Busy:
    """Perform the act, or say why that cannot be now; the form can be sent again unless it is known to be recorded."""
    seq = None
    try:
        done = perform_as_sent(request, asking, stream, form.build_act())
        seq = done.seq
    except (SigningError, *BUSY) as error:
        return error
    finally:
        keep_outcome(asking.name, get_person(asking), request.POST.get(ONCE, ""), seq)
    return done


def tell_sent_before(request: HttpRequest, asking: Asking, matter: str, token: str) -> HttpResponse:
    """Say what became of a form that was sent before, and record nothing again."""
    seq = find_outcome(asking.name, get_person(asking), token)
    told = _("This was being recorded already. Nothing was recorded twice; look at what happened last.")
    if seq is not None:
        told = _("This was recorded already, as entry %(seq)s. Nothing was recorded twice.") % {"seq": seq}
    messages.warning(request, told)
    return redirect("matter", organisation=asking.name, matter=matter)


def get_spec_or_404(name: str) -> ActSpec:
    """Return an act by its name. Raises: Http404."""
    spec = find_spec(name)
    if spec is None:
        raise Http404
    return spec
