"""A first report on paper: enter it for whoever wrote it, and print the receipt for them, with their phrase once."""

from datetime import UTC, datetime, tzinfo
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from alteram.core.acts import PaperReportEntered, ReportLodged, get_spec
from alteram.core.acts.shapes import Shape
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.uploads import BusyUploadsError, SealingUploads, sealing_uploads
from alteram.operations.paper import PaperError
from alteram.operations.paper_reports import ReportedOnPaper, enter_paper_report, may_enter_reports, name_matter
from alteram.operations.perform import BusyError
from alteram.operations.ports import StoreUnavailableError
from alteram.web.doors import for_people, get_person
from alteram.web.forms import ActForm, find_offers
from alteram.web.forms.fields import LocalTimeField, build_field
from alteram.web.forms.offers import Offers
from alteram.web.saying import say_problem

_PERSON = Shape("person")


class ReportFacts(forms.Form):
    """What is known of the paper itself, and of who handed it in."""

    received_at = LocalTimeField(label=gettext_lazy("When it was handed in or came"))
    read_back = forms.BooleanField(
        label=gettext_lazy("What I enter was read back to them, or sent back for checking"), required=False
    )

    def __init__(self, offers: Offers, data: Any = None) -> None:
        """Offer the people of the organisation."""
        super().__init__(data, prefix="p")
        rest = dict(self.fields)
        self.fields.clear()
        for name in ("reporter", "witness"):
            self.fields[name] = build_field(name, _PERSON, offers, required=False, default=None)
        self.fields["reporter"].label = _("Who reports")
        self.fields["reporter"].help_text = _(
            "Leave it empty for who gave no name, or has no account here: they are given a phrase."
        )
        self.fields["witness"].label = _("Who saw the paper beside you")
        self.fields.update(rest)

    def find_received_at(self, zone: tzinfo) -> datetime:
        """Return when it came, as written in a time zone. The form must be valid."""
        received: datetime = self.cleaned_data["received_at"]
        return received.replace(tzinfo=zone).astimezone(UTC)

    def find_person(self, name: str) -> PersonId | None:
        """Return who was written into a field; None where nobody was. The form must be valid."""
        value = str(self.cleaned_data.get(name) or "")
        return PersonId(value) if value else None


@require_safe
@for_people
def begin(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Go to a form under a new number."""
    del request
    if not may_enter_reports(asking.organisation, get_person(asking)):
        raise Http404
    return redirect("paper-report", organisation=asking.name, matter=name_matter(asking.organisation, asking.now))


@csrf_exempt  # the token is asked for in `_enter`, once the files have a place to go
@require_http_methods(["GET", "POST"])
@for_people
def enter_report(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show the form; on its answer enter the report and show the receipt, or why not with nothing lost but files."""
    stream = StreamId(matter)
    begun = asking.organisation.facts(stream, fresh=True).matter.head_seq >= 0
    if begun or not may_enter_reports(asking.organisation, get_person(asking)):
        raise Http404
    try:
        with sealing_uploads(request, asking.organisation, stream) as uploads:
            return _enter(request, asking, stream, uploads=uploads)
    except BusyUploadsError:
        return _show_busy(request)


@csrf_protect
def _enter(request: HttpRequest, asking: Asking, stream: StreamId, *, uploads: SealingUploads) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    spec = get_spec(ReportLodged)
    offers = find_offers(asking, stream)
    facts, form = ReportFacts(offers, data), ActForm(spec, offers, data, zone=asking.zone)
    refused = None
    if data is not None:
        for problem in uploads.problems:
            facts.add_error(None, say_problem(problem))
        if len(uploads.sealed) != 1:
            facts.add_error(None, _("Add one picture or scan of the paper: it is kept, sealed, beside the entry."))
    if data is not None and facts.is_valid() and form.is_valid():
        done = _record(asking, stream, facts, form, uploads)
        if done is not None and done.performed:
            return _show_receipt(request, asking, done, facts, form)
        refused = None if done is None else done.performed.ruling
    context = {
        "matter": stream,
        "facts": facts,
        "form": form,
        "refused": refused if isinstance(refused, Refused) else None,
        "tried": True,
    }
    return render(request, "web/paper/report.html", context, status=200 if data is None else 422)


def _record(
    asking: Asking, stream: StreamId, facts: ReportFacts, form: ActForm, uploads: SealingUploads
) -> ReportedOnPaper | None:
    picture, report = uploads.sealed[0], form.build_act()
    if not isinstance(report, ReportLodged):
        raise TypeError(type(report).__name__)
    paper = PaperReportEntered(
        report=0,
        digest=picture.attachment.sha256,
        received_at=facts.find_received_at(asking.zone),
        witness=facts.find_person("witness"),
        read_back=facts.cleaned_data["read_back"],
    )
    reporter, person = facts.find_person("reporter"), get_person(asking)
    try:
        done = enter_paper_report(
            asking.organisation, stream, report, paper, person, reporter=reporter, attachments=(picture,)
        )
    except PaperError:
        facts.add_error("reporter", _("Who reports without a name is not named here. Leave it empty."))
        return None
    except (BusyError, StoreUnavailableError):
        facts.add_error(None, _("This could not be stored just now. Nothing you wrote is lost: send it again."))
        return None
    if done.performed:
        uploads.take()
    return done


def _show_receipt(
    request: HttpRequest, asking: Asking, done: ReportedOnPaper, facts: ReportFacts, form: ActForm
) -> HttpResponse:
    """Show it once, to be printed. Nothing of the phrase is kept from which it could be shown again."""
    matter = asking.organisation.facts(done.stream, fresh=True).matter
    entered = matter.find(done.performed.seq or 0)
    context = {
        "done": done,
        "words": done.phrase.split(),
        "paper": None if entered is None else entered.act,
        "recorded_at": matter.last_at,
        "is_known": form.cleaned_data.get("identity") != "anonymous" and not done.phrase,
        "received_at": facts.find_received_at(asking.zone),
    }
    return render(request, "web/paper/receipt.html", context)


def _show_busy(request: HttpRequest) -> HttpResponse:
    context = {
        "problem": _("Others are sending large files at this moment."),
        "remedy": _("Nothing was recorded. Wait a minute, go back, and send it again."),
    }
    response = render(request, "web/error.html", context, status=503)
    response["Retry-After"] = "60"
    return response
