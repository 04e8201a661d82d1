"""Who may have an account, and the links that sign somebody in.

Nobody signs up: an account is made for a person whom an organisation invites, and entered the first time by a link.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from alteram.core.kernel.identifiers import PersonId
from alteram.installation.models import Account, DirectoryEntry, Membership, SignInLink

_LIFETIME = timedelta(days=3)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """No open sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: accounts come by invitation."""
        del request
        return False


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


def may_redeem(secret: str) -> bool:
    """Return whether a link still works, without using it up: some mail programs open links by themselves."""
    return SignInLink.objects.filter(digest=_digest(secret), expires_at__gt=timezone.now(), uses_left__gt=0).exists()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
