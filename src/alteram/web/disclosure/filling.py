"""The form of an act, filled in with what a program found; the page of the act records it."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from alteram.core.acts import ActSpec
from alteram.core.kernel.identifiers import StreamId
from alteram.installation.asking import Asking
from alteram.installation.sent_forms import draw_token
from alteram.web.forms import ActForm, find_offers


def show_filled(
    request: HttpRequest, asking: Asking, matter: StreamId, spec: ActSpec, filled: Mapping[str, Any]
) -> HttpResponse:
    """Show the form; nothing is recorded by it, and nothing of what it holds stands in an address."""
    form = ActForm(spec, find_offers(asking, matter, spec), zone=asking.zone)
    form.initial.update(filled)
    context = {
        "matter": matter,
        "spec": spec,
        "form": form,
        "refused": None,
        "once": draw_token(),
        "action": reverse("act", kwargs={"organisation": asking.name, "matter": matter, "act": spec.name}),
    }
    return render(request, "web/matters/act.html", context)
