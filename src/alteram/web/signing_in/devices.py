"""Your devices and sign-ins: where somebody is signed in, and by what they can sign in."""

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from alteram.installation.devices import find_devices, sign_out_devices
from alteram.installation.models import Account
from alteram.installation.proving import has_credential


@require_safe
@login_required
def show_devices(request: HttpRequest) -> HttpResponse:
    """Show them."""
    account = _get_account(request)
    by_type: dict[str, list[Authenticator]] = {}
    for one in Authenticator.objects.filter(user=account).order_by("created_at"):
        by_type.setdefault(one.type, []).append(one)
    codes = by_type.get(Authenticator.Type.RECOVERY_CODES)
    context = {
        "devices": find_devices(account),
        "here": request.session.session_key,
        "passkeys": by_type.get(Authenticator.Type.WEBAUTHN, []),
        "has_app": Authenticator.Type.TOTP in by_type,
        "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else None,
        "has_passphrase": account.has_usable_password(),
        "has_credential": has_credential(account),
        "organisations": list(account.memberships.order_by("organisation").values_list("organisation", flat=True)),
    }
    return render(request, "web/signing_in/devices.html", context)


@require_POST
@login_required
def end_device(request: HttpRequest, device: int) -> HttpResponse:
    """Sign somebody out on one of their devices."""
    if not sign_out_devices(_get_account(request), only=device):
        raise Http404
    messages.success(request, _("That device is signed out."))
    return redirect("devices")


@require_POST
@login_required
def end_other_devices(request: HttpRequest) -> HttpResponse:
    """Sign somebody out everywhere but here."""
    ended = sign_out_devices(_get_account(request), but=request.session.session_key)
    told = ngettext("%(n)s other device is signed out.", "%(n)s other devices are signed out.", ended)
    messages.success(request, told % {"n": ended})
    return redirect("devices")


@require_safe
@login_required
def ask_first_credential(request: HttpRequest) -> HttpResponse:
    """Ask somebody who came by a link to choose how they sign in next time."""
    return render(request, "web/signing_in/first_credential.html", {"has": has_credential(_get_account(request))})


def _get_account(request: HttpRequest) -> Account:
    if not isinstance(request.user, Account):
        raise Http404
    return request.user
