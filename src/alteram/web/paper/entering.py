"""Enter what came back on paper: whose it is, its picture, who saw it, and what it says."""

from datetime import UTC, datetime, tzinfo
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from alteram.core.acts import PaperEntered
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.sent_forms import draw_token, keep_outcome, take_token
from alteram.installation.uploads import BusyUploadsError, SealingUploads, sealing_uploads
from alteram.operations.paper import PaperDesk, PaperForm, enter_paper, find_paper
from alteram.operations.perform import Performed
from alteram.web.busy import BUSY, Busy, tell_busy
from alteram.web.doors import for_people, get_person
from alteram.web.forms import ActForm, find_offers
from alteram.web.forms.fields import ChooseOrWrite, LocalTimeField
from alteram.web.forms.offers import Offers
from alteram.web.forms.people import PersonField
from alteram.web.matters.acting import ONCE, tell_sent_before
from alteram.web.paper.printing import get_form_or_404
from alteram.web.saying import say_problem
from alteram.web.wording import tell_act, tell_name, tell_word


class PaperFacts(forms.Form):
    """What is known of the paper itself."""

    person = forms.ChoiceField(label=gettext_lazy("Whose paper it is"))
    received_at = LocalTimeField(label=gettext_lazy("When it was handed in or came"))
    read_back = forms.BooleanField(
        label=gettext_lazy("What I enter was read back to them, or sent back for checking"), required=False
    )
    answers = forms.ChoiceField(label=gettext_lazy("What it answers"), required=False)

    def __init__(self, asking: Asking, desk: PaperDesk, offers: Offers, data: Any = None) -> None:
        """Offer those who can hand in paper here, and the entries that a paper can answer."""
        super().__init__(data, prefix="p")
        people = [(one, _tell(asking.name, one, roles)) for one, roles in desk.people]
        self.fields["person"] = forms.ChoiceField(label=self.fields["person"].label, choices=[("", ""), *people])
        self.fields["answers"] = forms.ChoiceField(
            label=self.fields["answers"].label,
            required=False,
            choices=[("", ""), *offers.entries],
            help_text=_("The entry of the letter or question it replies to; letters and forms bear its number."),
        )
        self.fields["witness"] = PersonField(offers.people, widget=ChooseOrWrite(offers.people), required=False)
        self.fields["witness"].label = _("Who saw the paper beside you")
        self.fields["witness"].help_text = _(
            "Needed where the act gives something up, and where they alone hold the key that signs for them; somebody"
            " who is no side in the matter."
        )
        self.order_fields(("person", "received_at", "witness", "read_back", "answers"))

    def build(self, what: str, digest: str, zone: tzinfo) -> PaperEntered:
        """Return the act of entering it, in the time zone it was written in. The form must be valid."""
        received: datetime = self.cleaned_data["received_at"]
        return PaperEntered(
            person=PersonId(self.cleaned_data["person"]),
            what=what,
            digest=digest,
            received_at=received.replace(tzinfo=zone).astimezone(UTC),
            witness=PersonId(self.cleaned_data["witness"]) if self.cleaned_data["witness"] else None,
            read_back=self.cleaned_data["read_back"],
            answers=int(self.cleaned_data["answers"]) if self.cleaned_data["answers"] else None,
        )


def _tell(organisation: str, person: PersonId, roles: tuple[str, ...]) -> str:
    return f"{tell_name(organisation, person) or person} ({', '.join(tell_word(one) for one in roles)})"


@csrf_exempt  # the token is asked for in `_enter`, once the files have a place to go
@require_http_methods(["GET", "POST"])
@for_people
def enter(request: HttpRequest, asking: Asking, matter: str, act: str) -> HttpResponse:
    """Show the form; on its answer enter the paper, or show why not with nothing lost but the picture."""
    stream = StreamId(matter)
    desk = find_paper(asking.organisation, stream, get_person(asking))
    form = get_form_or_404(desk, act)
    if not desk.may_enter:
        raise Http404
    try:
        with sealing_uploads(request, asking.organisation, stream) as uploads:
            return _enter(request, asking, stream, desk=desk, paper=form, uploads=uploads)
    except BusyUploadsError:
        messages.error(request, _("Others are sending large files just now. Try again in a moment."))
        return redirect("paper", organisation=asking.name, matter=matter)


@csrf_protect
def _enter(
    request: HttpRequest,
    asking: Asking,
    stream: StreamId,
    *,
    desk: PaperDesk,
    paper: PaperForm,
    uploads: SealingUploads,
) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    offers = find_offers(asking, stream)
    facts = PaperFacts(asking, desk, offers, data)
    facts.initial["answers"] = request.GET.get("answers", "")
    form = ActForm(paper.spec, offers, data, zone=asking.zone)
    refused, status = None, 200 if data is None else 422
    if data is not None:
        for problem in uploads.problems:
            facts.add_error(None, say_problem(problem))
        if len(uploads.sealed) != 1:
            facts.add_error(None, _("Add one picture or scan of the paper: it is kept, sealed, beside the entry."))
    if data is not None and facts.is_valid() and form.is_valid():
        token = request.POST.get(ONCE, "")
        if not take_token(asking.name, get_person(asking), token):
            return tell_sent_before(request, asking, stream, token)
        done = _record(asking, stream, facts, form, uploads, token=token)
        if isinstance(done, BUSY):
            facts.add_error(None, tell_busy(done))
            status = 503
        elif isinstance(done.ruling, Refused):
            refused = done.ruling
        else:
            told = _("Recorded from paper: %(act)s. Print it and give it to them.") % {"act": tell_act(paper.spec.name)}
            messages.success(request, told)
            return redirect("paper", organisation=asking.name, matter=stream)
    alone = [one for one, _roles in desk.people if one in desk.alone]
    context = {"matter": stream, "paper": paper, "facts": facts, "form": form, "refused": refused, "alone": alone}
    context |= {"tried": True, "once": request.POST.get(ONCE) or draw_token()}
    return render(request, "web/paper/enter.html", context, status=status)


def _record(
    asking: Asking, stream: StreamId, facts: PaperFacts, form: ActForm, uploads: SealingUploads, *, token: str
) -> Performed | Busy:
    """Record it, or say that this cannot be now; it can be sent again unless it is known to be recorded."""
    picture, person, seq = uploads.sealed[0], get_person(asking), None
    entered = facts.build(form.spec.name, picture.attachment.sha256, asking.zone)
    try:
        done = enter_paper(asking.organisation, stream, entered, form.build_act(), person, attachments=(picture,))
        seq = done.seq
    except BUSY as busy:
        return busy
    finally:
        keep_outcome(asking.name, person, token, seq)
    if done:
        uploads.take()
    return done
