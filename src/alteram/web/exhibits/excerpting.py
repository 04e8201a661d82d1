"""Choosing a part of an exhibit, seeing what it holds, and lodging it with its proof; and answering such a part."""

import re
from typing import Any, Final

from csp.constants import SELF
from csp.decorators import csp_update
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from alteram.core.access import may_open_exhibit
from alteram.core.acts import ExhibitDerived
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.outcomes import Refused
from alteram.core.record import RecordError
from alteram.core.vault.pieces import MAX_PIECES, WITH_HEADER
from alteram.installation.asking import Asking
from alteram.installation.background import BusyError as FullError
from alteram.installation.exhibit_jobs import find_waiting_excerpt, lodge_excerpt_later
from alteram.installation.exhibit_tools import find_evidence_tools
from alteram.installation.sent_forms import Sending, draw_token, sending
from alteram.operations.entries import Entered
from alteram.operations.exhibits.deriving import may_copy
from alteram.operations.exhibits.opening import OpenedExhibit
from alteram.operations.exhibits.parts import build_excerpt_act, find_pieces, lodge_excerpt
from alteram.operations.exhibits.selecting import Adjoining, ChosenPart, choose_part, find_answerable, get_form
from alteram.operations.exhibits.viewing import View, find_transcripts, view, view_part
from alteram.operations.perform import rule_on
from alteram.operations.ports import StoreError, StoreUnavailableError
from alteram.operations.questions import UnknownMatterError
from alteram.web.doors import for_people
from alteram.web.exhibits.files import enter_for, open_for, show_closed
from alteram.web.exhibits.names import NameField, is_name, propose_name
from alteram.web.exhibits.waveform import draw_wave, tell_time
from alteram.web.matters.acting import ONCE, tell_sent_before
from alteram.web.matters.queries import find_number

#: A larger part than this, in bytes, and any with pictures, is lodged while whoever does so may do something else.
MAX_WAITED_FOR: Final = 16 << 20
_TIME = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,7}(?:\.\d{1,3})?)")


class PartForm(forms.Form):
    """Which part of an exhibit: seconds of a recording, else pieces by the numbers people count with."""

    begin = forms.CharField(max_length=20)
    end = forms.CharField(max_length=20)

    def __init__(self, data: Any, *, timed: bool) -> None:
        """Ask for times, or for numbers from 1 on."""
        super().__init__(data)
        self._timed = timed
        self.fields["begin"].label = _("From, as minutes and seconds") if timed else _("From number")
        self.fields["end"].label = _("To, as minutes and seconds") if timed else _("To number")
        for field in self.fields.values():
            if timed:
                field.help_text = _("For example 1:23 or 1:02:03.5")
            else:
                field.widget.attrs |= {"inputmode": "numeric"}

    def clean_begin(self) -> float:
        """Return the second, or the number."""
        return self._read("begin")

    def clean_end(self) -> float:
        """Return the second, or the number."""
        return self._read("end")

    def clean(self) -> dict[str, Any]:
        """Return both; what ends before it begins is told at its end."""
        said = super().clean() or self.cleaned_data
        begin, end = said.get("begin"), said.get("end")
        if begin is not None and end is not None and (end <= begin if self._timed else end < begin):
            self.add_error("end", _("It ends before it begins."))
        return said

    def _read(self, name: str) -> float:
        said = self.cleaned_data[name].strip()
        if self._timed and (found := _TIME.fullmatch(said)) is not None:
            hours, minutes, seconds = found.groups()
            return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds)
        number = None if self._timed else find_number(said)
        if number is not None and 0 < number <= MAX_PIECES:
            return number
        raise forms.ValidationError(_("Write a time such as 1:23.") if self._timed else _("Write a number, from 1 on."))


class LodgingForm(forms.Form):
    """What an excerpt is called, and why this part."""

    name = NameField()
    reasons = forms.CharField(
        label=gettext_lazy("Why this part"), widget=forms.Textarea(attrs={"rows": 3}), max_length=20_000, required=False
    )


@require_http_methods(["GET", "HEAD", "POST"])
@csp_update({"media-src": [SELF]})
@for_people
def choose(request: HttpRequest, asking: Asking, matter: str, exhibit: str) -> HttpResponseBase:
    """Show what can be chosen, then what the part holds; on its answer lodge it, or show what is wrong."""
    entered, opened = open_for(asking, matter, exhibit)
    if isinstance(opened, Refused):
        return show_closed(request, matter, exhibit, opened)
    try:
        timed = get_form(opened) in WITH_HEADER
    except UnknownMatterError as error:
        raise Http404 from error
    said: Any = request.POST if request.method == "POST" else request.GET
    waiting = None
    if "job" in request.GET and request.method != "POST":
        waiting = find_waiting_excerpt(asking, entered.stream, entered.person, request.GET["job"])
    if waiting is not None and waiting.of == exhibit:
        said = {"first": str(waiting.first), "until": str(waiting.until), "adds_to": waiting.adds_to or ""}
    form = PartForm(said if "begin" in said else None, timed=timed)
    page: dict[str, Any] = {
        "matter": matter,
        "exhibit": exhibit,
        "form": form,
        "timed": timed,
        "adds_to": said.get("adds_to", "") if is_name(said.get("adds_to", "")) else "",
    }
    try:
        part = _find_part(opened, form, said)
    except (UnknownMatterError, MalformedError) as error:
        return _show(request, entered, opened, page | {"trouble": error}, status=422)
    if part is None:
        return _show(request, entered, opened, page, status=422 if form.is_bound or request.method == "POST" else 200)
    initial = {"name": propose_name(exhibit, f"{part.first + 1}-{part.until}")}
    if waiting is not None:
        initial = {"name": waiting.exhibit, "reasons": waiting.reasons or ""}
    page |= {"part": part, "lodging": LodgingForm(initial=initial)}
    if request.method != "POST":
        return _show(request, entered, opened, page)
    return _lodge(request, asking, entered, opened, page)


def _lodge(
    request: HttpRequest, asking: Asking, entered: Entered, opened: OpenedExhibit, page: dict[str, Any]
) -> HttpResponse:
    form, part = LodgingForm(request.POST), page["part"]
    page |= {"lodging": form, "tried": True}
    if not form.is_valid():
        return _show(request, entered, opened, page, status=422)
    said = form.cleaned_data
    act = ExhibitDerived(
        exhibit=said["name"], of=page["exhibit"], how="excerpt", by_hand=False, reasons=said["reasons"] or None,
        adds_to=page["adds_to"] or None, file_name=f"{said['name']}.excerpt",
    )  # fmt: skip
    token = request.POST.get(ONCE, "")
    try:
        with sending(asking.name, entered.person, token) as sent:
            if sent is None:
                return tell_sent_before(request, asking, entered.stream, token)
            done = _lodge_or_wait(asking, entered, act, part, sent)
    except StoreUnavailableError:
        raise
    except (StoreError, RecordError, FullError) as error:
        return _show(request, entered, opened, page | {"trouble": error}, status=503)
    if isinstance(done, Refused):
        return _show(request, entered, opened, page | {"refused": done}, status=422)
    if done is not None:
        return redirect("lodging-job", organisation=asking.name, matter=entered.stream, job=done)
    messages.success(request, _("Lodged: %(exhibit)s, with its proof.") % {"exhibit": act.exhibit})
    return redirect("exhibit", organisation=asking.name, matter=entered.stream, exhibit=act.exhibit)


def _lodge_or_wait(
    asking: Asking, entered: Entered, act: ExhibitDerived, part: ChosenPart, sent: Sending
) -> str | Refused | None:
    """Lodge a part, or return the name of the job that does; or why the rules refuse it.

    Raises: FullError where enough work waits; RecordError, StoreError, BusyError.
    """
    now = asking.now.replace(microsecond=0)
    if part.form == "matroska" or part.size > MAX_WAITED_FOR:
        whole = build_excerpt_act(act, part.first, part.until)
        ruling = rule_on(asking.organisation, entered.stream, whole, entered.person, now=now)
        if isinstance(ruling, Refused):
            return ruling
        job = lodge_excerpt_later(asking, entered, whole)
        sent.is_under_way = True
        return job
    done = lodge_excerpt(entered, find_evidence_tools(), act, part.first, part.until, now=now)
    if isinstance(done, Refused):
        return done
    sent.seq = done.seq
    return done.ruling if isinstance(done.ruling, Refused) else None


@require_safe
@for_people
def answer(request: HttpRequest, asking: Asking, matter: str, exhibit: str) -> HttpResponseBase:
    """Propose what lies directly before and after an excerpt, to who may open the exhibit it was made of."""
    entered = enter_for(asking, matter, exhibit)
    may = may_open_exhibit(entered.facts, entered.rulebook, exhibit, entered.person)
    if isinstance(may, Refused):
        return show_closed(request, matter, exhibit, may)
    try:
        found = find_answerable(entered, exhibit, now=asking.now)
    except UnknownMatterError as error:
        raise Http404 from error
    if isinstance(found, Refused):
        return show_closed(request, matter, exhibit, found)
    bounds = _tell_bounds(found.part)
    context = {
        "matter": matter,
        "exhibit": exhibit,
        "found": found,
        "bounds": bounds,
        "proposals": [_tell_proposal(one, bounds) for one in found.adjoining],
        "timed": found.part.form in WITH_HEADER,
        "may_lodge": may_copy(entered),
    }
    return render(request, "web/exhibits/answer.html", context)


def _find_part(opened: OpenedExhibit, form: PartForm, said: Any) -> ChosenPart | None:
    """Return the part that is asked for: by its pieces where those are said, else by what somebody wrote."""
    first, until = (find_number(said.get(name, "")) for name in ("first", "until"))
    if first is not None and until is not None:
        return choose_part(opened, first, until)
    if not form.is_valid():
        return None
    begin, end = form.cleaned_data["begin"], form.cleaned_data["end"]
    if get_form(opened) in WITH_HEADER:
        return choose_part(opened, *find_pieces(opened, find_evidence_tools().recordings, begin, end))
    return choose_part(opened, int(begin) - 1, int(end))


def _show(
    request: HttpRequest, entered: Entered, opened: OpenedExhibit, page: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    part: ChosenPart | None = page.get("part")
    whole = view(opened)
    shown: View | None = None if part is None else view_part(opened, part.first, part.until)
    if part is not None and not page["form"].is_bound:
        page["form"].initial = dict(zip(("begin", "end"), _tell_bounds(part), strict=True))
    listed = 0 if shown is None else len(shown.pages) + len(shown.messages)
    context = page | {
        "title": opened.stored.opened.presentation.claims.get("act.title") or page["exhibit"],
        "kind": get_form(opened),
        "pieces": getattr(opened.stored.event.act, "pieces", None),
        "whole": whole,
        "wave": None if whole.wave is None else draw_wave(whole.wave),
        "view": shown,
        "answers": {} if shown is None else {one.get("index"): one for one in shown.messages},
        "unlisted": 0 if part is None or not listed else part.until - part.first - listed,
        "bounds": ("", "") if part is None else _tell_bounds(part),
        "cues": () if part is None else _find_cues(entered, page["exhibit"], part),
        "may_lodge": may_copy(entered),
        "once": request.POST.get(ONCE) or draw_token(),
    }
    return render(request, "web/exhibits/excerpt.html", context, status=status)


def _tell_bounds(part: ChosenPart) -> tuple[str, str]:
    """Return from where to where a part is, as people count: times of a recording, or numbers from 1 on."""
    if part.from_ms is None or part.until_ms is None:
        return str(part.first + 1), str(part.until)
    return tell_time(part.from_ms), tell_time(part.until_ms)


def _tell_proposal(one: Adjoining, excerpt: tuple[str, str]) -> tuple[Adjoining, str, str]:
    """Return what adjoins an excerpt, and from where to where it is.

    The times of a part are known to within a second. So that of a recording is told to meet the excerpt, as it does.
    """
    begin, end = _tell_bounds(one.part)
    if one.part.from_ms is None:
        return one, begin, end
    return (one, begin, excerpt[0]) if one.where == "before" else (one, excerpt[1], end)


def _find_cues(entered: Entered, exhibit: str, part: ChosenPart) -> tuple[Any, ...]:
    """Return what the transcripts of a recording have in a part of it."""
    from_ms, until_ms = part.from_ms, part.until_ms
    if from_ms is None or until_ms is None:
        return ()
    found = ((name, [one for one in cues if one.from_ms < until_ms and one.until_ms > from_ms])
             for name, cues in find_transcripts(entered, exhibit))  # fmt: skip
    return tuple((name, cues) for name, cues in found if cues)
