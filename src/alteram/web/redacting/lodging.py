"""Lodging a redaction that was made and looked at, or throwing it away."""

from collections.abc import Mapping
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.redaction_work import forget_redaction
from alteram.installation.sent_forms import find_outcome, sending
from alteram.operations.disclosure.redacting import LeakyRedactionError, lodge_redaction
from alteram.operations.disclosure.waiting_redactions import WaitingRedaction
from alteram.operations.ports import StoreError
from alteram.web.doors import for_people
from alteram.web.exhibits.names import WRONG_NAME, is_name
from alteram.web.matters.acting import ONCE, tell_sent_before
from alteram.web.redacting.making import Making, enter_to_redact, show_making

_LONGEST: Final = 20_000


@require_POST
@for_people
def lodge_it(request: HttpRequest, asking: Asking, matter: str, exhibit: str) -> HttpResponse:
    """Lodge what was made, as it was shown; where that cannot be, say why with nothing lost."""
    making, token = enter_to_redact(asking, matter, exhibit), request.POST.get(ONCE, "")
    if making.found is None or making.found.waiting is None:
        is_lodged = find_outcome(asking.name, making.entered.person, token) is not None
        again = redirect("redaction", organisation=asking.name, matter=matter, exhibit=exhibit)
        return tell_sent_before(request, asking, matter, token) if is_lodged else again
    named = {name: request.POST.get(name, "").strip()[:_LONGEST] for name in ("name", "reasons")}
    if not is_name(named["name"]):
        return show_making(request, making, named=named | {"problem": str(WRONG_NAME)}, status=422)
    with sending(asking.name, making.entered.person, token) as sent:
        if sent is None:
            return tell_sent_before(request, asking, matter, token)
        hindered, sent.seq = _lodge(making, making.found.waiting, named)
    if hindered is None:
        forget_redaction(asking, making.entered, exhibit, is_lodged=True)
        told = _("Lodged: %(exhibit)s. It goes nowhere before somebody else has looked at it and agreed.")
        messages.success(request, told % {"exhibit": named["name"]})
        return redirect("exhibit", organisation=asking.name, matter=matter, exhibit=named["name"])
    refused, trouble = (hindered, None) if isinstance(hindered, Refused) else (None, hindered)
    return show_making(request, making, refused=refused, trouble=trouble, named=named, status=422)


@require_POST
@for_people
def forget_it(request: HttpRequest, asking: Asking, matter: str, exhibit: str) -> HttpResponse:
    """Throw away what was chosen and what was made."""
    making = enter_to_redact(asking, matter, exhibit)
    forget_redaction(asking, making.entered, exhibit)
    messages.success(request, _("Nothing is kept of what was to be cut out."))
    return redirect("redaction", organisation=asking.name, matter=matter, exhibit=exhibit)


def _lodge(
    making: Making, waiting: WaitingRedaction, named: Mapping[str, str]
) -> tuple[AlteramError | Refused | None, int | None]:
    """Return why it could not be lodged, if it could not; and its entry, if it was."""
    now = making.asking.now.replace(microsecond=0)
    try:
        done = lodge_redaction(making.entered, waiting, name=named["name"], reasons=named["reasons"], now=now)
    except (LeakyRedactionError, StoreError) as error:
        return error, None
    if isinstance(done, Refused):
        return done, None
    return done.ruling if isinstance(done.ruling, Refused) else None, done.seq
