"""Who may have an account, and the links that sign somebody in.

Nobody signs up: an account is made for a person whom an organisation invites, and entered the first time by a link.
"""

import hashlib
import secrets
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alteram.core.kernel.identifiers import PersonId
from alteram.installation.afterwards import do_afterwards
from alteram.installation.models import Account, DirectoryEntry, Membership, SignInLink
from alteram.installation.outgoing import queue_reset
from alteram.installation.proving import find_known_browser, proved_lately, remember_browser

_LIFETIME = timedelta(days=3)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """No open sign-up; every way in counts as proof of who somebody is; nobody is locked out by others' attempts."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the passphrase is not right."),
        "enter_current_password": _("This is not your present passphrase."),
        "incorrect_password": _("This is not your passphrase."),
        "incorrect_code": _("This code is not right, or it is too old."),
        "too_many_login_attempts": _("That was tried too often. Wait five minutes, or use a passkey or a link."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: accounts come by invitation."""
        del request
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return whether whoever is signed in proved who they are too long ago."""
        del app, kwargs
        return not proved_lately(context.request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways to prove it again, a passkey first; without any, a link is the way."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        words = {
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
            "reauthenticate": _("Use your passphrase"),
            "mfa_reauthenticate": _("Use a code from your app, or a recovery code"),
        }
        order = list(words)
        found = [{**one, "description": words[one["id"]]} for one in methods if one["id"] in words]
        by_link = {"id": "link", "description": _("Get a link by e-mail"), "url": reverse("prove-by-link")}
        return sorted(found, key=lambda one: order.index(one["id"])) or [by_link]

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Return whether this is the passphrase of whoever is signed in."""
        return bool(self.authenticate(context.request, email=user.email, password=password) == user)

    def send_mail(self, template_prefix: str, email: str, context_: dict[str, Any]) -> None:
        """Queue a letter once the answer has gone out: whether there was one to send is not to be told by the time."""
        if template_prefix == "account/email/password_reset_key":
            do_afterwards(context.request, partial(queue_reset, context_["user"]))
            return
        letter = self.render_mail(template_prefix, email, context_)
        do_afterwards(context.request, lambda: letter.send(fail_silently=True))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return where a passphrase is replaced: at our own address, whatever host and port were asked for."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return f"{settings.PLACES.address}{path.replace('UID-KEY', quote(key))}"

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        """Answer, and let this browser show later that the account was used in it."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_browser(request, response)
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failed attempts by account, and those from a browser that its owner has used before apart."""
        email = str(credentials.get("email", "")).lower()
        return f"{email}:{find_known_browser(request, email) or ''}"


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """An organisation's own sign-in (OIDC) opens accounts that are there, and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Return False: accounts come by invitation."""
        del request, sociallogin
        return False


def invite(organisation: str, person: PersonId, email: str) -> Account:
    """Return the account of a person, making it, and what ties it to the organisation, where there is none."""
    known = Membership.objects.filter(organisation=organisation, person=person).select_related("account").first()
    if known is not None:
        return known.account
    account = Account.objects.filter(email__iexact=email).first() or Account.objects.create_account(email)
    Membership.objects.get_or_create(organisation=organisation, person=person, account=account)
    DirectoryEntry.objects.get_or_create(organisation=organisation, person=person, defaults={"email": email})
    return account


def make_link(account: Account, *, uses: int = 1, lifetime: timedelta = _LIFETIME) -> str:
    """Return the secret part of a new link. It is shown or sent once; only its digest is kept."""
    secret = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        digest=_digest(secret), account=account, expires_at=timezone.now() + lifetime, uses_left=uses
    )
    return secret


def redeem_link(secret: str) -> Account | None:
    """Return whose link this is, using it up; None where it is not known, too old or used up."""
    found = SignInLink.objects.filter(digest=_digest(secret), expires_at__gt=timezone.now(), uses_left__gt=0)
    link = found.select_related("account").first()
    # Two who follow it at once: the count in the database says who was first.
    if link is None or not found.update(uses_left=F("uses_left") - 1):
        return None
    return link.account if link.account.is_active else None


def find_link_owner(secret: str) -> Account | None:
    """Return whose link this is, if it still works, without using it up: some mail programs open links themselves."""
    found = SignInLink.objects.filter(digest=_digest(secret), expires_at__gt=timezone.now(), uses_left__gt=0)
    link = found.select_related("account").first()
    return None if link is None or not link.account.is_active else link.account


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
