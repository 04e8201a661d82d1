"""Handing over a copy as a file: with what lies beside it, encrypted to a key that is shown once and kept nowhere."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.vault import VaultError, derive_recipient, encode_identity
from alteram.core.vault.age_keys import KEY_SIZE, parse_identity
from alteram.installation.asking import Asking
from alteram.installation.exhibit_tools import find_disclosure_tools
from alteram.operations.disclosure.handing import find_closing
from alteram.operations.disclosure.packing import get_served_copy, seal_served_copy
from alteram.operations.entries import Entered, enter
from alteram.web.disclosure.ways import find_ways
from alteram.web.doors import for_people, get_person
from alteram.web.speaking_up.files import send


@require_safe
@for_people
def show_handing(request: HttpRequest, asking: Asking, matter: str, seq: int) -> HttpResponse:
    """Show a new key, and how the copy that an entry served is saved under it."""
    return _show(request, _enter(asking, matter), seq)


@require_POST
@for_people
def send_sealed(request: HttpRequest, asking: Asking, matter: str, seq: int) -> HttpResponseBase:
    """Give the copy to who handles the matter, as an age file that the key they were shown opens."""
    entered = _enter(asking, matter)
    act = get_served_copy(entered, seq).act
    try:
        recipient = derive_recipient(parse_identity(request.POST.get("key", "").strip()))
    except VaultError:
        return _show(request, entered, seq, status=422)
    bundles = find_disclosure_tools().bundles.bundles
    sealed = seal_served_copy(entered, bundles, seq, recipient, now=asking.now.replace(microsecond=0))
    if isinstance(sealed, Refused):
        return _show(request, entered, seq, status=409)
    return send(f"{act.bundle}-{act.to}.zip.age", sealed)


def _enter(asking: Asking, matter: str) -> Entered:
    return enter(asking.organisation, StreamId(matter), get_person(asking))


def _show(request: HttpRequest, entered: Entered, seq: int, *, status: int = 200) -> HttpResponse:
    event = get_served_copy(entered, seq)
    act = event.act
    key = encode_identity(entered.organisation.ports.entropy(KEY_SIZE))
    context = {
        "matter": entered.stream,
        "seq": seq,
        "bundle": act.bundle,
        "to": act.to,
        "key": key,
        "closed": find_closing(entered, event),
    }
    return render(
        request,
        "web/disclosure/handing.html",
        {**context, "is_refused": status == 422, **find_ways(entered)},
        status=status,
    )
