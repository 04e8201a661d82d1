"""The devices on which somebody is signed in: listed, and signed out from afar."""

from typing import Any

from allauth.account.signals import password_changed, password_set
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from alteram.installation.models import Account
from alteram.installation.sign_in_models import SignedInDevice

#: What a browser calls itself, in the order in which the words tell them apart.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chromium", "Chromium"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def connect_devices() -> None:
    """Keep the list from now on, as people sign in and out."""
    user_logged_in.connect(_note_sign_in, dispatch_uid="devices")
    user_logged_out.connect(_note_sign_out, dispatch_uid="devices")
    for changed in (password_changed, password_set):
        changed.connect(_note_new_passphrase, dispatch_uid="devices")


def find_devices(account: Account) -> tuple[SignedInDevice, ...]:
    """Return where somebody is signed in now, the newest first; what has ended by itself is forgotten."""
    known = list(SignedInDevice.objects.filter(account=account).order_by("-signed_in_at"))
    there = set(Session.objects.filter(pk__in=[one.session_key for one in known]).values_list("pk", flat=True))
    gone = [one.pk for one in known if one.session_key not in there]
    if gone:
        SignedInDevice.objects.filter(pk__in=gone).delete()
    return tuple(one for one in known if one.session_key in there)


def sign_out_devices(account: Account, *, only: int | None = None, but: str | None = None) -> int:
    """End somebody's sessions: all, or `only` one, or all `but` the session they are in; return how many ended."""
    ending = SignedInDevice.objects.filter(account=account)
    if only is not None:
        ending = ending.filter(pk=only)
    if but is not None:
        ending = ending.exclude(session_key=but)
    keys = list(ending.values_list("session_key", flat=True))
    Session.objects.filter(pk__in=keys).delete()
    ending.filter(session_key__in=keys).delete()
    return len(keys)


def tell_device(user_agent: str) -> str:
    """Return what kind of browser and system this is, and nothing more exact."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser}, {system}" if browser and system else browser or system


def _note_sign_in(sender: object, request: HttpRequest, user: Account, **more: Any) -> None:
    del sender, more
    if request.session.session_key is None:
        request.session.save()
    SignedInDevice.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={"account": user, "device": tell_device(request.headers.get("User-Agent", ""))},
    )


def _note_sign_out(sender: object, request: HttpRequest, user: Account | None, **more: Any) -> None:
    del sender, user, more
    SignedInDevice.objects.filter(session_key=request.session.session_key).delete()


def _note_new_passphrase(sender: object, request: HttpRequest, user: Account, **more: Any) -> None:
    """Sign out everywhere else: whoever knew the old passphrase is not to stay."""
    del more
    _note_sign_in(sender, request, user)
    sign_out_devices(user, but=request.session.session_key)
