"""Reporting something that happened elsewhere, before: it is recorded as said, and supports nothing until agreed."""

from datetime import UTC, datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from alteram.core.access.proposing import NEVER_REPORTED
from alteram.core.acts import all_specs
from alteram.core.acts.reported import Reported
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.sent_forms import draw_token, keep_outcome, take_token
from alteram.operations.entries import enter
from alteram.operations.perform import Performed, perform
from alteram.web.busy import BUSY, Busy, tell_busy
from alteram.web.doors import for_people, get_person
from alteram.web.forms import ActForm
from alteram.web.forms.fields import ChooseOrWrite, LocalTimeField
from alteram.web.forms.offers import Offers, find_offers
from alteram.web.forms.people import PersonField
from alteram.web.matters.acting import ONCE, build_form, get_spec_or_404, tell_sent_before
from alteram.web.wording import tell_act


class WhenAndWho(forms.Form):
    """When it is said to have happened, by whom it is said to have been done, and whether whoever reports agrees."""

    first = LocalTimeField(required=False, label=gettext_lazy("Not before"))
    last = LocalTimeField(required=False, label=gettext_lazy("Not after"))
    agree = forms.BooleanField(
        required=False,
        label=gettext_lazy("I agree that it happened"),
        help_text=gettext_lazy("If you do not, you only say that it is said to have happened."),
    )

    def __init__(self, data: object, offers: Offers) -> None:
        """Offer the people who are known here."""
        super().__init__(data, prefix="r")  # type: ignore[arg-type] # a query dict or nothing, as Django takes it
        self.fields["by"] = PersonField(offers.people, widget=ChooseOrWrite(offers.people), required=False)
        self.fields["by"].label = _("Who did it")
        self.order_fields(("first", "last", "by", "agree"))

    def clean(self) -> dict[str, object]:
        """Refuse a time that ends before it begins."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if isinstance(first, datetime) and isinstance(last, datetime) and last < first:
            self.add_error("last", _("This is before the other time. Give the earlier time first."))
        return cleaned

    def build_reported(self, asking: Asking, person: PersonId) -> Reported:
        """Return how the event is reported. The form must be valid."""
        given = self.cleaned_data
        times = {
            name: given[name].replace(tzinfo=asking.zone).astimezone(UTC) for name in ("first", "last") if given[name]
        }
        by = PersonId(given["by"]) if given["by"] else None
        return Reported(by=by, agreed_by=(person,) if given["agree"] else (), **times)


@require_safe
@for_people
def show_reportable(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show what can be reported."""
    enter(asking.organisation, StreamId(matter), get_person(asking))
    specs = [one for one in all_specs() if one.stream == "matter" and one.name not in NEVER_REPORTED]
    return render(request, "web/matters/reportable.html", {"matter": matter, "specs": specs})


@require_http_methods(["GET", "POST"])
@for_people
def report_event(request: HttpRequest, asking: Asking, matter: str, act: str) -> HttpResponse:
    """Show the form of something that happened elsewhere, and record it as reported."""
    stream, person, spec = StreamId(matter), get_person(asking), get_spec_or_404(act)
    enter(asking.organisation, stream, person)
    offers = find_offers(asking, stream, spec)
    form, is_draft = build_form(request, asking, spec, offers)
    when, refused = WhenAndWho(request.POST or None, offers), None
    status = 422 if form.is_bound else 200
    if request.method == "POST" and not is_draft and form.is_valid() and when.is_valid():
        token = request.POST.get(ONCE, "")
        if not take_token(asking.name, person, token):
            return tell_sent_before(request, asking, matter, token)
        done = _record(asking, stream, form, when, token)
        if isinstance(done, BUSY):
            form.add_error(None, tell_busy(done))
            status = 503
        elif isinstance(done.ruling, Refused):
            refused = done.ruling
        else:
            messages.success(request, _("Reported: %(act)s, entry %(seq)s.") % {"act": tell_act(act), "seq": done.seq})
            return redirect("entry", organisation=asking.name, matter=matter, seq=done.seq)
    context = {"matter": matter, "spec": spec, "form": form, "when": when, "refused": refused, "tried": form.is_bound}
    context["once"] = request.POST.get(ONCE) or draw_token()
    return render(request, "web/matters/report_event.html", context, status=status)


def _record(asking: Asking, stream: StreamId, form: ActForm, when: WhenAndWho, token: str) -> Performed | Busy:
    """Record it, or say that this cannot be now; the form can be sent again unless it is known to be recorded."""
    person, seq = get_person(asking), None
    try:
        reported = when.build_reported(asking, person)
        done = perform(asking.organisation, stream, form.build_act(), person, reported=reported)
        seq = done.seq
    except BUSY as busy:
        return busy
    finally:
        keep_outcome(asking.name, person, token, seq)
    return done
