"""The first page: where to go, for somebody who has not said who they are, and for somebody who has."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from alteram.installation.models import Membership
from alteram.installation.organisations import find_folders


def show_welcome(request: HttpRequest) -> HttpResponse:
    """Show the organisations served here; who belongs to one only goes straight there."""
    mine: list[str] = []
    if request.user.is_authenticated:
        mine = list(Membership.objects.filter(account=request.user).values_list("organisation", flat=True))
        if len(mine) == 1:
            return redirect("my-matters", organisation=mine[0])
    names = [name for name, _ in find_folders()]
    return render(request, "web/welcome.html", {"organisations": names, "mine": mine})
