"""Protected names that somebody asked for in a matter: each request, what was said to it, and the forms to answer."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from alteram.core.acts import find_spec
from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.installation.grave import GRAVE
from alteram.installation.sent_forms import draw_token
from alteram.operations.identities import Request, find_identities
from alteram.web.doors import for_people, get_person, require_recent
from alteram.web.forms import ActForm, find_offers

_RELEASE = "identity.released"


@require_safe
@for_people
def show_identities(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show the requests that whoever asks may see."""
    found = find_identities(asking.organisation, StreamId(matter), get_person(asking), now=asking.now)
    return render(request, "web/desks/identities.html", {"matter": matter, "found": found})


@require_safe
@for_people
def show_form(request: HttpRequest, asking: Asking, matter: str, seq: int, act: str) -> HttpResponse:
    """Show a form that answers a request, filled in as far as the request says it; it is sent to the page of the act.

    Who a request is about is never written into an address, where it would linger.
    """
    stream, spec = StreamId(matter), find_spec(act)
    found = find_identities(asking.organisation, stream, get_person(asking), now=asking.now)
    one = next((each for each in found.requests if each.seq == seq), None)
    filled = None if one is None else _fill(one, act)
    if spec is None or one is None or filled is None:
        raise Http404
    prove = require_recent(request) if act in GRAVE else None
    if prove is not None:
        return redirect(prove)
    form = ActForm(spec, find_offers(asking, stream, spec), zone=asking.zone)
    form.initial.update(filled)
    context = {"matter": matter, "spec": spec, "form": form, "request_seq": seq, "once": draw_token()}
    return render(request, "web/desks/identity_form.html", context)


def _fill(one: Request, act: str) -> Mapping[str, Any] | None:
    """Return what the request says of an act that answers it; None where the act is not this reader's to do now."""
    key = {"to_act": _RELEASE, "about": one.seq}
    match act:
        case "identity.released" if one.may_answer:
            person = one.borne[0] if len(one.borne) == 1 else ""
            told = one.told[-1] if one.told else ""
            return {"request": one.seq, "person": person, "to": list(one.needed_by), "reporter_told": told}
        case "identity.refused" if one.may_answer:
            return {"request": one.seq, "to": one.asker}
        case "second-key.asked" if one.may_answer and one.needs_key:
            open_keys = [each.person for each in one.keys if not each.said and not each.was_asked]
            return {**key, "to": open_keys[0] if len(open_keys) == 1 else ""}
        case "second-key.given" | "second-key.refused" if one.may_key:
            return key
        case _:
            return None
