"""An organisation's webhooks, for its officers: listed, registered, removed. To others there is no such page."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from alteram.installation.asking import Asking
from alteram.installation.reaching import UnreachableError
from alteram.installation.webhooks import MOST, find_webhooks, register, remove
from alteram.operations.telling import is_officer
from alteram.web.doors import for_people, get_person, require_recent
from alteram.web.saying import say_error


class WebhookForm(forms.Form):
    """Where to tell."""

    url = forms.URLField(max_length=500, assume_scheme="https", label=gettext_lazy("Address (https)"))


@require_http_methods(["GET", "POST"])
@for_people
def show_webhooks(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show them; on the answer to the form, register one, for somebody who proved lately who they are."""
    _need_officer(asking)
    form = WebhookForm(request.POST or None, prefix="w")
    prove = require_recent(request) if request.method == "POST" else None
    secret = ""
    if request.method == "POST" and form.is_valid() and prove is None:
        secret = _register(asking, form)
    context = {
        "form": WebhookForm(prefix="w") if secret else form,
        "secret": secret,
        "prove": prove,
        "webhooks": find_webhooks(asking.name),
    }
    return render(request, "web/webhooks/webhooks.html", context, status=422 if form.is_bound and not secret else 200)


@require_POST
@for_people
def remove_webhook(request: HttpRequest, asking: Asking, webhook: int) -> HttpResponse:
    """Remove one."""
    del request
    _need_officer(asking)
    if not remove(asking.name, webhook):
        raise Http404
    return redirect("webhooks", organisation=asking.name)


def _need_officer(asking: Asking) -> None:
    if not is_officer(asking.organisation, get_person(asking)):
        raise Http404


def _register(asking: Asking, form: WebhookForm) -> str:
    if len(find_webhooks(asking.name)) >= MOST:
        form.add_error(None, _("There are as many as there can be. Remove one first."))
        return ""
    try:
        return register(asking.name, get_person(asking), form.cleaned_data["url"], now=asking.now)[1]
    except UnreachableError as error:
        form.add_error("url", say_error(error))
        return ""
