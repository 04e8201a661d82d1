"""A statement or an article that is pasted: lodged as a text, then opened as a source, to mark words in it."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alteram.core.acts import ExhibitLodged, get_spec
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.exhibit_tools import find_evidence_tools
from alteram.installation.sent_forms import draw_token, sending
from alteram.operations.entries import Entered, enter
from alteram.operations.evidence_ports import ConfinementError
from alteram.operations.exhibits.pasting import MAX_PASTED, lodge_pasted
from alteram.web.busy import BUSY, tell_busy
from alteram.web.doors import for_people, get_person
from alteram.web.forms import ActForm, find_offers
from alteram.web.matters.acting import ONCE, tell_sent_before

_SPEC: Final = get_spec(ExhibitLodged)
#: What whoever pastes a text says of it; the rest is found here, or said of files alone.
_ASKED: Final = ("exhibit", "title", "source", "captured_at", "obtained")


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def paste_source(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show the form; on its answer lodge the text and open it as a source, or say what is wrong with nothing lost."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    text = request.POST.get("text", "")
    form = _build_form(request, asking, matter)
    once = request.POST.get(ONCE) or draw_token()
    context: dict[str, object] = {"matter": matter, "form": form, "text": text, "once": once}
    if request.method != "POST":
        return render(request, "web/propositions/paste.html", context)
    wrong = _find_wrong(text)
    if wrong is not None:
        form.add_error(None, wrong)
        context["wrong_text"] = wrong
    if not form.is_valid():
        return render(request, "web/propositions/paste.html", context, status=422)
    return _lodge(request, asking, entered, form, context)


def _lodge(
    request: HttpRequest, asking: Asking, entered: Entered, form: ActForm, context: dict[str, object]
) -> HttpResponse:
    """Lodge the text, once, or show why not with nothing lost."""
    act, token = form.build_act(), request.POST.get(ONCE, "")
    if not isinstance(act, ExhibitLodged):
        raise TypeError(act)
    text, now = request.POST.get("text", ""), asking.now.replace(microsecond=0)
    try:
        with sending(asking.name, entered.person, token) as sent:
            if sent is None:
                return tell_sent_before(request, asking, entered.stream, token)
            done = lodge_pasted(entered, find_evidence_tools(), act, text, now=now)
            sent.seq = done.seq
    except ConfinementError as error:
        return render(request, "web/propositions/paste.html", context | {"trouble": error}, status=503)
    except BUSY as error:
        form.add_error(None, tell_busy(error))
        return render(request, "web/propositions/paste.html", context, status=503)
    if isinstance(done.ruling, Refused):
        refused = {"refused": done.ruling, "tried": True}
        return render(request, "web/propositions/paste.html", context | refused, status=422)
    told = _("Lodged: exhibit %(exhibit)s, entry %(seq)s.") % {"exhibit": act.exhibit, "seq": done.seq}
    messages.success(request, told)
    return redirect("proposition-source", organisation=asking.name, matter=entered.stream, exhibit=act.exhibit)


def _build_form(request: HttpRequest, asking: Asking, matter: str) -> ActForm:
    sent = None
    if request.method == "POST":
        sent = {**request.POST.dict(), "a-kind": "document"}
    form = ActForm(_SPEC, find_offers(asking, StreamId(matter), _SPEC), sent, zone=asking.zone)
    form.fields["kind"].widget = form.fields["kind"].hidden_widget()
    for name in set(form.fields).difference(_ASKED, {"kind"}):
        del form.fields[name]
    form.order_fields([*_ASKED, "kind"])
    form.initial.setdefault("obtained", "published")
    return form


def _find_wrong(text: str) -> str | None:
    if not text.strip():
        return _("Paste the words.")
    if len(text) > MAX_PASTED:
        return _("This is too long to be pasted. Lodge it as a file.")
    if "\0" in text:
        return _("There is something in the text that no text holds. Copy it anew.")
    return None
