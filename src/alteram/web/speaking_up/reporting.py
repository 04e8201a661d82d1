"""Report without an account: choose, fill in, send, and be shown the phrase by which one comes back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.receipt_phrases import is_signed, name_matter, sign_matter
from alteram.installation.uploads import BusyUploadsError, SealingUploads, sealing_uploads
from alteram.operations.attachments import MAX_FILE, MAX_FILES
from alteram.operations.lodging import Lodged, lodge_report
from alteram.operations.perform import BusyError
from alteram.operations.ports import StoreUnavailableError
from alteram.web.doors import for_anyone
from alteram.web.saying import say_problem
from alteram.web.speaking_up.coming_back import remember
from alteram.web.speaking_up.phrases import (
    Pseudonym,
    are_right,
    choose_words,
    make_seed,
    read_pseudonym,
    read_words,
    sign_words,
)
from alteram.web.speaking_up.questions import ASKED_FOR, ReportForm


@require_safe
@for_anyone
def show_start(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show what can be reported, how, and what becomes of it."""
    return render(request, "web/speaking_up/start.html", {"form": ReportForm(), "is_known": asking.person is not None})


@require_safe
@for_anyone
def show_form(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show the questions that were chosen. The address holds the two choices and nothing else."""
    chosen = {"about": request.GET.get("about"), "identity": request.GET.get("identity")}
    form = ReportForm(initial={**chosen, "is_known": asking.person is not None})
    if any(chosen[name] not in dict(form.fields[name].choices) for name in chosen):  # type: ignore[attr-defined]  # both are choices
        return redirect("speak-up", organisation=asking.name)
    return _render_form(request, asking, form, matter=name_matter(asking.zone), seed=make_seed())


@csrf_exempt  # before the files are read it must be said where they go; `_lodge` asks for the token
@require_POST
@for_anyone
def lodge(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Record a report with its files, and show the phrase; or show what does not fit, with nothing lost."""
    try:
        with sealing_uploads(request, asking.organisation, StreamId(matter)) as uploads:
            return _lodge(request, asking, matter=matter, uploads=uploads)
    except BusyUploadsError:
        return show_busy(request)


@csrf_protect
def _lodge(request: HttpRequest, asking: Asking, *, matter: str, uploads: SealingUploads) -> HttpResponse:
    form = ReportForm(request.POST, initial={"is_known": asking.person is not None})
    pseudonym = read_pseudonym(request.POST, asking.name)
    valid = form.is_valid()
    known = asking.person if valid and form.cleaned_data["identity"] != "anonymous" else None
    reporter = known or (pseudonym.person if pseudonym is not None else None)
    is_ours = reporter is not None and is_signed(request.POST.get("token", ""), matter)
    for problem in uploads.problems:
        form.add_error(None, say_problem(problem))
    if not is_ours:
        form.add_error(None, _("This form was open for too long. Nothing was recorded; please send it once more."))
    if reporter is None or not is_ours or not form.is_valid():
        seed = request.POST.get("seed", "") if is_ours else make_seed()
        return _render_form(
            request, asking, form, matter=matter if is_ours else name_matter(asking.zone), seed=seed, status=422
        )
    try:
        act, files = form.build_act(), uploads.take()
        lodged = lodge_report(asking.organisation, StreamId(matter), act, reporter, attachments=files, now=asking.now)
    except (BusyError, StoreUnavailableError):
        form.add_error(None, _("This could not be stored just now. Nothing you wrote is lost: send it again."))
        return _render_form(request, asking, form, matter=matter, seed=request.POST.get("seed", ""), status=503)
    if isinstance(lodged, Refused):
        return _render_form(request, asking, form, matter=matter, seed="", refused=lodged, status=422)
    if known is not None or pseudonym is None:
        return redirect("matter", organisation=asking.name, matter=matter)
    return _show_phrase(request, asking, lodged, pseudonym)


def _show_phrase(request: HttpRequest, asking: Asking, lodged: Lodged, pseudonym: Pseudonym) -> HttpResponse:
    """Show it once. The answer to the form holds it: nothing of it is kept from which it could be shown again."""
    words, context = pseudonym.phrase, {"lodged": lodged, "words": pseudonym.phrase.split()}
    if words:
        context["token"] = sign_words(words, choose_words(), lodged.stream)
    return remember(render(request, "web/speaking_up/phrase.html", context), asking, pseudonym.person)


@require_POST
@for_anyone
def confirm(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Ask two words of the phrase back, until they are right."""
    token = request.POST.get("token", "")
    asked = read_words(token)
    if asked is None:
        return redirect("my-reports", organisation=asking.name)
    given = [request.POST.get(name, "") for name in ("first", "second")]
    if any(given) and are_right(asked, given, matter):
        return redirect("my-report", organisation=asking.name, matter=matter)
    context = {"matter": matter, "token": token, "places": asked.places, "wrong": any(given)}
    return render(request, "web/speaking_up/confirm.html", context, status=422 if any(given) else 200)


def show_busy(request: HttpRequest) -> HttpResponse:
    """Say that too many large files are being sent at once."""
    context = {
        "problem": _("Others are sending large files at this moment."),
        "remedy": _("Nothing was recorded. Wait a minute, go back, and send it again; what you wrote is still there."),
    }
    response = render(request, "web/error.html", context, status=503)
    response["Retry-After"] = "60"
    return response


def _render_form(
    request: HttpRequest,
    asking: Asking,
    form: ReportForm,
    *,
    matter: str,
    seed: str,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "fields": [(field, ASKED_FOR.get(field.name, ""), form.asked_for(field.name)) for field in form],
        "matter": matter,
        "token": sign_matter(matter),
        "seed": seed,
        "refused": refused,
        "is_known": asking.person is not None,
        "largest": MAX_FILE // 1_000_000,
        "most": MAX_FILES,
    }
    return render(request, "web/speaking_up/report.html", context, status=status)
