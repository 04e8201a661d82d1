"""One's own tokens: listed, made, revoked. A new one is shown in the answer to the form that made it, this once."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from alteram.installation.asking import Asking
from alteram.installation.models import Membership
from alteram.installation.tokens import MOST, find_tokens, make_token, revoke_token
from alteram.web.doors import for_people, get_person, require_recent
from alteram.web.tokens.forms import TokenForm


@require_http_methods(["GET", "POST"])
@for_people
def show_tokens(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show one's tokens; on the answer to the form, make one, for somebody who proved lately who they are."""
    form = TokenForm(request.POST or None, prefix="t")
    prove = require_recent(request) if request.method == "POST" else None
    shown = ""
    if request.method == "POST" and form.is_valid() and prove is None:
        if len(find_tokens(asking.name, get_person(asking))) < MOST:
            shown = _make(asking, form)
            form = TokenForm(prefix="t")
        else:
            form.add_error(None, _("You have as many tokens as a person can have. Revoke one first."))
    context = {
        "form": form,
        "shown": shown,
        "prove": prove,
        "tokens": find_tokens(asking.name, get_person(asking)),
        "now": asking.now,
    }
    return render(request, "web/tokens/tokens.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_people
def revoke(request: HttpRequest, asking: Asking, handle: str) -> HttpResponse:
    """Revoke one of one's own tokens."""
    del request
    if not revoke_token(asking.name, get_person(asking), handle, now=asking.now):
        raise Http404
    return redirect("tokens", organisation=asking.name)


def _make(asking: Asking, form: TokenForm) -> str:
    given = form.cleaned_data
    membership = Membership.objects.get(organisation=asking.name, person=get_person(asking))
    _token, shown = make_token(membership, given["name"], tuple(given["scopes"]), given["days"], now=asking.now)
    return shown
