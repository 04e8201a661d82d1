"""How lately somebody proved who they are, and by what they can prove it again.

Every way of signing in counts, a link as well: whoever has just come in is not asked twice.
"""

import secrets
import time

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from alteram.installation.models import Account

_KNOWN_BROWSER = "known_browser"
_KNOWN_FOR = 365 * 24 * 3600


def proved_lately(request: HttpRequest) -> bool:
    """Return whether whoever is signed in proved who they are within the time that the settings say."""
    if not isinstance(request.user, Account):
        return False
    records = get_authentication_records(request, request.user)
    longest = float(settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
    return any(time.time() - float(one["at"]) < longest for one in records[-1:])


def has_credential(account: Account) -> bool:
    """Return whether somebody can sign in without a link: by a passkey, or by a passphrase."""
    return account.has_usable_password() or has_passkey(account)


def has_passkey(account: Account) -> bool:
    """Return whether somebody has a passkey."""
    return bool(Authenticator.objects.filter(user=account, type=Authenticator.Type.WEBAUTHN).exists())


def remember_browser(request: HttpRequest, response: HttpResponse) -> None:
    """Let a browser show later that this account has signed in there.

    Failed attempts from elsewhere are then counted apart: whoever attacks an account cannot keep its owner out.
    """
    if isinstance(request.user, Account) and find_known_browser(request, request.user.email) is None:
        response.set_signed_cookie(
            _KNOWN_BROWSER,
            f"{_mark(request.user.email)} {secrets.token_urlsafe(12)}",
            salt=_KNOWN_BROWSER,
            max_age=_KNOWN_FOR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def find_known_browser(request: HttpRequest, email: str) -> str | None:
    """Return the mark of a browser in which the account of this address has signed in before."""
    try:
        mark = request.get_signed_cookie(_KNOWN_BROWSER, default="", salt=_KNOWN_BROWSER, max_age=_KNOWN_FOR)
    except signing.BadSignature:
        return None
    return mark if mark and mark.partition(" ")[0] == _mark(email) else None


def _mark(email: str) -> str:
    """Return what stands for an address where nobody is to read it."""
    return salted_hmac(_KNOWN_BROWSER, email.lower(), algorithm="sha256").hexdigest()[:32]
