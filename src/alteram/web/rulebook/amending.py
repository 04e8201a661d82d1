"""Amending the rules: a new version read with its errors in place, shown beside the old, agreed to, adopted."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from alteram.bootstrap.rulebooks import find_source, keep_source, read_packs, read_rulebook
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.outcomes import Refused
from alteram.core.rules import Rulebook
from alteram.installation.asking import Asking
from alteram.installation.background import BusyError
from alteram.installation.past_matters import ask_to_look_back
from alteram.installation.rulebook_proofs import ask_for_proof_of, find_proof_of
from alteram.operations.rulebook_versions import Amendment, agree_to_amendment, get_version, prepare_amendment
from alteram.operations.rulebooks import adopt_rulebook
from alteram.web.doors import for_people, get_person, require_recent
from alteram.web.rulebook.choosing import CHOOSING, find_choosing, write_choices
from alteram.web.rulebook.meanings import tell_meanings
from alteram.web.rulebook.versions import tell_changes

_LARGEST = 1 << 20


class AmendmentForm(forms.Form):
    """A file, or the text itself: what was sent as a file stands in the text afterwards, to be mended there."""

    file = forms.FileField(required=False, label=gettext_lazy("A file (YAML)"))
    text = forms.CharField(
        required=False,
        max_length=_LARGEST,
        strip=False,
        label=gettext_lazy("Or the text itself"),
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false", "class": "code"}),
    )


@require_http_methods(["GET", "POST"])
@for_people
def amend_rulebook(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show a new version beside the one in force; agree to it, or adopt it. Who may is for the rules to say."""
    version, _rulebook = get_version(asking.organisation, get_person(asking))
    if request.method == "GET":
        source = find_source(asking.opened.folder, version.digest) or b""
        form = AmendmentForm(initial={"text": source.decode("utf-8", "replace")})
        context = {"form": form, "choosing": find_choosing(form.initial["text"])}
        return render(request, "web/rulebook/amend.html", context)
    data, name = _read(request)
    return look_at(request, asking, data, name)


def look_at(request: HttpRequest, asking: Asking, data: bytes, name: str) -> HttpResponse:
    """Show a file beside the version in force; do with it what was asked, where just this version was looked at."""
    text = data.decode("utf-8", "replace")
    if len(data) <= _LARGEST and request.POST.get("do") in CHOOSING:
        text = write_choices(request.POST, text)
        data = text.encode("utf-8", "replace")
    context: dict[str, Any] = {"form": AmendmentForm(initial={"text": text}), "choosing": find_choosing(text)}
    try:
        read = read_rulebook(data, name)
        packs = read_packs(read)
    except AlteramError as error:
        context["error"] = error
        return render(request, "web/rulebook/amend.html", context, status=422)
    amendment = prepare_amendment(asking.organisation, read, get_person(asking))
    prove = require_recent(request)
    # What is done is done to the version that was looked at, and to no other.
    was_looked_at = request.POST.get("looked_at") == amendment.digest and not amendment.is_in_force
    do = request.POST.get("do") if was_looked_at else ""
    if request.POST.get("do") == "prove" and not amendment.is_in_force:
        try:
            asked = ask_for_proof_of(asking, get_person(asking), read, packs, text)
        except BusyError as error:
            context["busy"] = error
        else:
            return redirect(f"{reverse('rulebook-proof', args=[asking.name])}?{urlencode({'proof': asked.key})}")
    if do == "past":
        try:
            looked = ask_to_look_back(asking, get_person(asking), amendment.compared.old, read)
        except BusyError as error:
            context["busy"] = error
        else:
            return redirect(f"{reverse('rulebook-past', args=[asking.name])}?{urlencode({'past': looked.key})}")
    if do in {"agree", "adopt"} and prove is None:
        done = (
            agree_to_amendment(asking.organisation, amendment.digest, get_person(asking))
            if do == "agree"
            else adopt_rulebook(asking.organisation, read, get_person(asking), packs=packs)
        )
        if done:
            return _tell_done(request, asking, read, data, adopted=do == "adopt")
        context["refused"] = done.ruling if isinstance(done.ruling, Refused) else None
    context["proof"] = find_proof_of(asking, get_person(asking), read, packs)
    return _show(request, context, amendment, prove)


def _read(request: HttpRequest) -> tuple[bytes, str]:
    sent = request.FILES.get("file")
    if sent is not None:
        return sent.read(_LARGEST + 1), sent.name or "rulebook.yaml"
    return request.POST.get("text", "").replace("\r\n", "\n").encode("utf-8", "replace"), "rulebook.yaml"


def _show(request: HttpRequest, context: dict[str, Any], amendment: Amendment, prove: str | None) -> HttpResponse:
    context |= {
        "amendment": amendment,
        "compared": amendment.compared,
        "parts": tell_changes(amendment.compared),
        "effects": tell_meanings(amendment.compared.meanings),
        "prove": prove,
        "tried": True,
    }
    status = 422 if context.get("refused") is not None else 409 if "busy" in context else 200
    return render(request, "web/rulebook/amend.html", context, status=status)


def _tell_done(request: HttpRequest, asking: Asking, read: Rulebook, data: bytes, *, adopted: bool) -> HttpResponse:
    if adopted:
        keep_source(asking.opened.folder, read, data)
        messages.success(request, _("Adopted. It governs from now on; matters already accepted keep their version."))
        return redirect("rulebook", organisation=asking.name)
    messages.success(request, _("Recorded: you agreed to just this version. The secretary can adopt it now."))
    return redirect("rulebook-versions", organisation=asking.name)
