"""Copies of an exhibit: a translation or a text that somebody made, or what the programs found, lodged beside it."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from alteram.adapters.bundles.workers import BundleError
from alteram.core.access import may_open_exhibit
from alteram.core.acts import ExhibitDerived
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.exhibit_files import MAX_AT_ONCE, SealingExhibit, sealing_exhibit
from alteram.installation.exhibit_tools import find_disclosure_tools, find_evidence_tools
from alteram.installation.sent_forms import draw_token, sending
from alteram.installation.uploads import BusyUploadsError
from alteram.operations.entries import Entered
from alteram.operations.exhibits.deriving import BY_PROGRAM, UnmadeError, lodge_copy, make_copy
from alteram.operations.exhibits.uploads import MAX_NAME
from alteram.operations.perform import Performed
from alteram.web.doors import for_people
from alteram.web.exhibits.files import enter_for, show_closed
from alteram.web.exhibits.names import NameField, propose_name
from alteram.web.matters.acting import ONCE, tell_sent_before
from alteram.web.speaking_up.reporting import show_busy


class CopyForm(forms.Form):
    """What a copy is. The file stands beside the form: it is sealed while it arrives."""

    how = forms.ChoiceField(
        label=gettext_lazy("What was made"),
        choices=[
            ("translation", gettext_lazy("a translation")),
            ("transcript", gettext_lazy("a transcript")),
            ("text", gettext_lazy("its text")),
            ("pages", gettext_lazy("its pages, as a PDF")),
        ],
    )
    name = NameField()
    tool = forms.CharField(
        label=gettext_lazy("Which program made it"),
        help_text=gettext_lazy("Leave this empty if a person made it."),
        max_length=200,
        required=False,
    )
    reasons = forms.CharField(
        label=gettext_lazy("Who made it, and for what"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=20_000,
        required=False,
    )

    def build_act(self, of: str, *, file_name: str | None) -> ExhibitDerived:
        """Return the act that lodges it."""
        said = self.cleaned_data
        return ExhibitDerived(
            exhibit=said["name"], of=of, how=said["how"], by_hand=not said["tool"], tool=said["tool"] or None,
            reasons=said["reasons"] or None, file_name=(file_name or "")[:MAX_NAME] or None,
        )  # fmt: skip


@csrf_exempt  # before the file is read it must be said where it goes; `_lodge` asks for the token
@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def add_copy(request: HttpRequest, asking: Asking, matter: str, exhibit: str) -> HttpResponseBase:
    """Show the form; on its answer lodge the copy, or show what is wrong with nothing lost."""
    entered = enter_for(asking, matter, exhibit)
    may = may_open_exhibit(entered.facts, entered.rulebook, exhibit, entered.person)
    if isinstance(may, Refused):
        return show_closed(request, matter, exhibit, may)
    if request.method != "POST":
        return _show(request, entered, exhibit, CopyForm(initial={"name": propose_name(exhibit, "copy")}))
    try:
        with sealing_exhibit(request, asking.organisation, entered.stream) as sealing:
            return _lodge(request, asking, entered, exhibit=exhibit, sealing=sealing)
    except BusyUploadsError:
        return show_busy(request)


@csrf_protect
def _lodge(
    request: HttpRequest, asking: Asking, entered: Entered, *, exhibit: str, sealing: SealingExhibit
) -> HttpResponse:
    form = CopyForm(request.POST)
    is_valid = form.is_valid()
    for wrong, told in (
        (sealing.is_broken, _("The connection broke before everything had arrived. Send it again.")),
        (sealing.is_more_than_one, _("A copy is one file.")),
        (sealing.is_too_large, _("The file is too large. Lodge it as an exhibit of its own.")),
        (
            is_valid and sealing.received is None and form.cleaned_data["how"] not in BY_PROGRAM,
            _("Choose the file. Without one, the programs here make only its text or its pages."),
        ),
    ):
        if wrong:
            form.add_error(None, told)
    if not form.is_valid():
        return _show(request, entered, exhibit, form, status=422)
    act, token = form.build_act(exhibit, file_name=sealing.file_name), request.POST.get(ONCE, "")
    try:
        with sending(asking.name, entered.person, token) as sent:
            if sent is None:
                return tell_sent_before(request, asking, entered.stream, token)
            done = _make_or_lodge(entered, act, sealing, now=asking.now.replace(microsecond=0))
            sent.seq = None if isinstance(done, Refused) else done.seq
    except (UnmadeError, BundleError) as error:
        return _show(request, entered, exhibit, form, trouble=error, status=422)
    refused = done if isinstance(done, Refused) else done.ruling
    if isinstance(refused, Refused):
        return _show(request, entered, exhibit, form, refused=refused, status=422)
    messages.success(request, _("Lodged: %(exhibit)s. The exhibit itself stays as it is.") % {"exhibit": act.exhibit})
    return redirect("exhibit", organisation=asking.name, matter=entered.stream, exhibit=act.exhibit)


def _make_or_lodge(
    entered: Entered, act: ExhibitDerived, sealing: SealingExhibit, *, now: datetime
) -> Performed | Refused:
    """Lodge the file that came, or what the programs make. Raises: UnmadeError, BundleError."""
    received = sealing.received
    if received is None:
        return make_copy(entered, find_disclosure_tools().bundles.making, act, now=now)
    sealing.take()
    return lodge_copy(entered, find_evidence_tools(), act, received, now=now)


def _show(
    request: HttpRequest,
    entered: Entered,
    exhibit: str,
    form: CopyForm,
    *,
    refused: Refused | None = None,
    trouble: AlteramError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "matter": entered.stream,
        "exhibit": exhibit,
        "form": form,
        "refused": refused,
        "trouble": trouble,
        "tried": form.is_bound,
        "once": request.POST.get(ONCE) or draw_token(),
        "largest": MAX_AT_ONCE // 10**6,
    }
    return render(request, "web/exhibits/copy.html", context, status=status)
