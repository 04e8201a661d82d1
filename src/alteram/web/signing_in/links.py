"""A link that signs somebody in. Opening it does nothing yet: mail programs open links by themselves.

A link stands for the passphrase only: who has a passkey or an app for codes is asked for it as well.
"""

from functools import partial
from typing import Final

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from alteram.installation.afterwards import do_afterwards
from alteram.installation.models import Account
from alteram.installation.outgoing import queue_link
from alteram.installation.proving import has_credential
from alteram.installation.signing_in import find_link_owner, redeem_link
from alteram.web.signing_in.forms import AskLinkForm

_WAY_BACK: Final = "way_back"


@require_http_methods(["GET", "POST"])
def follow_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask to go on; on the answer, use the link up and sign its owner in."""
    if request.method == "GET":
        owner = find_link_owner(secret)
        return render(request, "web/signing_in/link.html", {"owner": owner}, status=410 if owner is None else 200)
    account = redeem_link(secret)
    if account is None:
        return render(request, "web/signing_in/link.html", {"owner": None}, status=410)
    if request.user.is_authenticated and (request.user != account or is_mfa_enabled(account)):
        # Whoever is signed in already is not to prove by the link alone what it does not stand for.
        logout(request)
    record_authentication(request, account, method="link")
    after = _take_way_back(request, account) or _find_first_page(account)
    answer: HttpResponse = perform_login(request, Login(user=account, redirect_url=after))
    return answer


@require_http_methods(["GET", "POST"])
def ask_link(request: HttpRequest) -> HttpResponse:
    """Send a link to an address that somebody here has. What is answered never tells whether anybody has it."""
    form = AskLinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = Account.objects.filter(email__iexact=form.cleaned_data["email"], is_active=True).first()
        if account is not None:
            do_afterwards(request, partial(queue_link, account))
        return render(request, "web/signing_in/link_sent.html")
    return render(request, "web/signing_in/ask_link.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def prove_by_link(request: HttpRequest) -> HttpResponse:
    """Send a fresh link to whoever is signed in and has no other way to prove who they are."""
    if not isinstance(request.user, Account):
        return ask_link(request)
    if request.method == "POST":
        request.session[_WAY_BACK] = request.GET.get("next", "")
        queue_link(request.user)
        return render(request, "web/signing_in/link_sent.html")
    return render(request, "web/signing_in/prove_by_link.html")


def _take_way_back(request: HttpRequest, account: Account) -> str:
    """Return the page from which whoever is signed in went to prove who they are, once; nothing for anybody else."""
    address = str(request.session.pop(_WAY_BACK, "")) if request.user == account else ""
    is_ours = url_has_allowed_host_and_scheme(address, allowed_hosts=None, require_https=request.is_secure())
    return address if is_ours else ""


def _find_first_page(account: Account) -> str:
    return reverse("welcome") if has_credential(account) else reverse("first-credential")
