"""Which key signs what somebody decides in an organisation: one that is held for them, or a passkey of their own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.models import Account
from alteram.installation.own_passkeys import OwnPasskey, find_own_passkeys
from alteram.operations.own_signatures import enrol_passkey, find_key_in_force
from alteram.web.doors import for_people, get_person, require_recent


@require_http_methods(["GET", "POST"])
@for_people
def choose_signing_passkey(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show which key signs; on an answer, let the passkey that was chosen sign from now on."""
    person, prove = get_person(asking), require_recent(request)
    if prove is not None:
        return redirect(prove)
    passkeys = find_own_passkeys(request.user) if isinstance(request.user, Account) else []
    force = find_key_in_force(asking.organisation, person)
    refused, chosen = None, _read_choice(request, passkeys)
    if chosen is not None:
        done = enrol_passkey(asking.organisation, person, chosen.cose)
        if done:
            messages.success(request, _("From now on what you decide is signed with %(name)s.") % {"name": chosen.name})
            return redirect("signing-passkey", organisation=asking.name)
        refused = done.ruling if isinstance(done.ruling, Refused) else None
    context = {
        "force": force,
        "signs": next((one for one in passkeys if one.key == force.passkey), None),
        "offered": [one for one in passkeys if one.can_sign and one.key != force.passkey],
        "unfit": [one for one in passkeys if not one.can_sign],
        "refused": refused,
    }
    status = 200 if request.method == "GET" else 422
    return render(request, "web/signing_in/signatures.html", context, status=status)


def _read_choice(request: HttpRequest, passkeys: list[OwnPasskey]) -> OwnPasskey | None:
    sent = request.POST.get("passkey", "")
    return next((one for one in passkeys if one.can_sign and str(one.number) == sent), None)
