"""Come back with a phrase: where the report stands, what is asked, answers, files, the receipt."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alteram.core.acts import ActSpec, ReportWithdrawn, find_spec
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.receipt_phrases import may_try
from alteram.installation.sent_forms import draw_token, keep_outcome, take_token
from alteram.installation.uploads import BusyUploadsError, SealingUploads, sealing_uploads
from alteram.operations.attachments import MAX_FILE, MAX_FILES, find_attachments
from alteram.operations.entries import Entered, enter, find_entries, find_timeline_page
from alteram.operations.lodging import PHRASE_ACTS, find_reported
from alteram.operations.overview import build_overview
from alteram.operations.perform import BusyError, perform
from alteram.operations.ports import StoreUnavailableError
from alteram.operations.questions import TimelineEntry
from alteram.operations.readings import keep_reading
from alteram.operations.reports import find_report_fate
from alteram.web.doors import for_anyone
from alteram.web.forms import ActForm, Offers
from alteram.web.matters.queries import read_number
from alteram.web.saying import say_problem
from alteram.web.speaking_up.coming_back import find_reporter, for_reporters, forget, remember
from alteram.web.speaking_up.phrases import read_returning
from alteram.web.speaking_up.reporting import show_busy

#: A number of an entry has fewer digits than that.
_DIGITS = 9


@require_http_methods(["GET", "POST"])
@for_anyone
def come_back(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Ask for a phrase; let in whoever has one that a report goes with."""
    if request.method == "GET":
        if find_reporter(request, asking) is not None:
            return redirect("my-reports", organisation=asking.name)
        return render(request, "web/speaking_up/come_back.html", {"problem": ""})
    reporter, problem = read_returning(request.POST, asking.name)
    if reporter is not None and not may_try(reporter):
        problem = _("This phrase was used too often just now. Wait ten minutes, then try again.")
    elif reporter is not None and find_reported(asking.organisation, reporter):
        return remember(redirect("my-reports", organisation=asking.name), asking, reporter)
    problem = problem or _("No report goes with this phrase. Look whether it is the phrase for this organisation.")
    return render(request, "web/speaking_up/come_back.html", {"problem": problem}, status=422)


@require_http_methods(["GET", "POST"])
@for_anyone
def leave(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Forget who came back, and show a page that says nothing; for whoever is disturbed."""
    if request.method == "POST":
        return forget(redirect("leave-quickly", organisation=asking.name), asking)
    return render(request, "web/speaking_up/empty.html")


@require_POST
@for_anyone
def sign_out(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Forget who came back."""
    del request
    return forget(redirect("speak-up", organisation=asking.name), asking)


@require_safe
@for_reporters
def show_reports(request: HttpRequest, asking: Asking, reporter: PersonId) -> HttpResponse:
    """Show the report of whoever came back; where there are several, which."""
    streams = find_reported(asking.organisation, reporter)
    if len(streams) == 1:
        return redirect("my-report", organisation=asking.name, matter=streams[0])
    return render(request, "web/speaking_up/reports.html", {"streams": streams})


@require_safe
@for_reporters
def show_report(request: HttpRequest, asking: Asking, reporter: PersonId, matter: str) -> HttpResponse:
    """Show where a report stands, what is asked of its reporter, and what was said."""
    entered = enter(asking.organisation, StreamId(matter), reporter)
    timeline = find_timeline_page(entered, read_number(request, "before"))
    context = {
        "matter": matter,
        "overview": build_overview(entered, now=asking.now),
        "fate": find_report_fate(entered),
        "entries": [(one, _find_files(entered, one.seq, one.claims.get("attachments"))) for one in timeline.entries],
        "page": timeline,
        "is_withdrawn": any(one.actor == reporter for one in entered.facts.matter.all(ReportWithdrawn)),
        "now": asking.now,
    }
    keep_reading(entered, [*timeline.entries, *entered.opened.values()], now=asking.now)
    return render(request, "web/speaking_up/my_report.html", context)


def _find_files(entered: Entered, seq: int, named: object) -> tuple[object, ...]:
    return find_attachments(entered.organisation, entered.stream, seq, entered.person) if named else ()


@csrf_exempt  # as for reports: `_do_act` asks for the token
@require_http_methods(["GET", "POST"])
@for_reporters
def do_act(request: HttpRequest, asking: Asking, reporter: PersonId, matter: str, act: str) -> HttpResponse:
    """Show the form to answer, to add or to withdraw; on its answer record it, or show why the rules refuse it."""
    spec = find_spec(act)
    if spec is None or spec.name not in PHRASE_ACTS:
        raise Http404
    entered = enter(asking.organisation, StreamId(matter), reporter)
    try:
        with sealing_uploads(request, asking.organisation, StreamId(matter)) as uploads:
            return _do_act(request, asking, entered, spec=spec, uploads=uploads)
    except BusyUploadsError:
        return show_busy(request)


@csrf_protect
def _do_act(
    request: HttpRequest, asking: Asking, entered: Entered, *, spec: ActSpec, uploads: SealingUploads
) -> HttpResponse:
    form, refused = _build_form(request, asking, entered, spec), None
    for problem in uploads.problems:
        form.add_error(None, say_problem(problem))
    once = request.POST.get("once") or draw_token()
    if request.method == "POST" and form.is_valid():
        if not take_token(asking.name, entered.person, once):
            return redirect("my-report", organisation=asking.name, matter=entered.stream)
        act, files, recorded = form.build_act(), uploads.take(), None
        try:
            done = perform(asking.organisation, entered.stream, act, entered.person, attachments=files, now=asking.now)
            recorded = done.seq
        except (BusyError, StoreUnavailableError):
            form.add_error(None, _("This could not be stored just now. Nothing you wrote is lost: send it again."))
        else:
            if done:
                return redirect("my-report", organisation=asking.name, matter=entered.stream)
            refused = done.ruling if isinstance(done.ruling, Refused) else None
        finally:
            keep_outcome(asking.name, entered.person, once, recorded)
    about = str(form[PHRASE_ACTS[spec.name]].value())
    seq = int(about) if about.isdecimal() and len(about) < _DIGITS else 0
    context: dict[str, Any] = {
        "matter": entered.stream,
        "spec": spec,
        "form": form,
        "refused": refused,
        "tried": form.is_bound,
        "about": _read_question(entered, seq, asking, keeps_going=form.is_bound),
        "once": once,
        "takes_files": spec.name == "reporter.answered",
        "largest": MAX_FILE // 1_000_000,
        "most": MAX_FILES,
    }
    return render(request, "web/speaking_up/act.html", context, status=422 if form.is_bound else 200)


def _read_question(entered: Entered, seq: int, asking: Asking, *, keeps_going: bool) -> TimelineEntry | None:
    """Return what is answered, kept as read; None where that cannot be kept and what was written must not be lost."""
    shown = find_entries(entered, [seq])
    try:
        keep_reading(entered, shown.values(), now=asking.now)
    except (BusyError, StoreUnavailableError):
        if not keeps_going:
            raise
        return None
    return shown.get(seq)


def _build_form(request: HttpRequest, asking: Asking, entered: Entered, spec: ActSpec) -> ActForm:
    """Return the catalogue's form. It offers no people: whoever has a phrase need not know who belongs here."""
    entries = tuple((str(seq), str(seq)) for seq in range(entered.facts.matter.head_seq + 1))
    data = request.POST if request.method == "POST" else None
    form = ActForm(spec, Offers(entries=entries), data, zone=asking.zone)
    field = form.fields[PHRASE_ACTS[spec.name]]
    field.initial = request.GET.get("to", "0")
    field.widget = field.hidden_widget()
    if "text" in form.fields:
        form.fields["text"].label = _("What do you want to say?")
    for name in {"text", "reasons"}.intersection(form.fields):
        form.fields[name].help_text = _("Only those who follow up your report read it.")
    return form
