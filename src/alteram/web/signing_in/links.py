"""A link that signs somebody in. Opening it does nothing yet: mail programs open links by themselves."""

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from alteram.installation.signing_in import may_redeem, redeem_link


@require_http_methods(["GET", "POST"])
def follow_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask to go on; on the answer, use the link up and sign its owner in."""
    if request.method == "GET":
        status = 200 if (works := may_redeem(secret)) else 410
        return render(request, "web/signing_in/link.html", {"works": works}, status=status)
    account = redeem_link(secret)
    if account is None:
        return render(request, "web/signing_in/link.html", {"works": False}, status=410)
    login(request, account, backend="allauth.account.auth_backends.AuthenticationBackend")
    record_authentication(request, account, method="link")
    return redirect("welcome")
