"""Transcripts of recordings: typed a line for each utterance, mended as a further one, and shown as captions."""

from typing import Any, Final

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.sent_forms import draw_token, sending
from alteram.operations.entries import Entered
from alteram.operations.evidence_ports import Cue
from alteram.operations.exhibits.opening import OpenedExhibit
from alteram.operations.exhibits.texts import read_text
from alteram.operations.exhibits.transcripts import (
    MAX_TRANSCRIPT,
    VTT,
    WrongLine,
    lodge_transcript,
    parse_transcript,
    read_lines,
    write_lines,
    write_transcript,
)
from alteram.operations.exhibits.viewing import find_transcripts, view
from alteram.web.doors import for_people
from alteram.web.exhibits.files import open_for, show_closed
from alteram.web.exhibits.names import LONGEST, WRONG_NAME, is_name, propose_name
from alteram.web.exhibits.viewing import HARMLESS
from alteram.web.exhibits.waveform import draw_wave
from alteram.web.matters.acting import ONCE, tell_sent_before

#: How many wrong lines are told of at once.
_MOST_WRONG: Final = 50


@csp_update({"media-src": [SELF]})
@require_http_methods(["GET", "POST"])
@for_people
def add_transcript(request: HttpRequest, asking: Asking, matter: str, exhibit: str) -> HttpResponseBase:
    """Show the form, empty or with a transcript to be mended; lodge what was typed, or say what is wrong with it."""
    entered, opened = open_for(asking, matter, exhibit)
    if isinstance(opened, Refused):
        return show_closed(request, matter, exhibit, opened)
    if "recording" not in opened.stored.read_facts():
        raise Http404
    name, text = request.POST.get("name", "").strip(), request.POST.get("text", "")
    page = {"matter": matter, "exhibit": exhibit, "name": name, "longest": LONGEST, "text": text}
    page["once"] = request.POST.get(ONCE) or draw_token()
    if request.method != "POST":
        return _show(request, opened, page | _suggest(request, entered, exhibit))
    wrong: dict[str, Any] = {}
    if not is_name(name):
        wrong["name_problem"] = WRONG_NAME
    typed = _read(text, opened)
    if isinstance(typed, tuple):
        wrong |= {"wrong_lines": typed[:_MOST_WRONG], "more_wrong": max(0, len(typed) - _MOST_WRONG)}
    elif not typed:
        wrong["text_problem"] = _("Write what is said, a line for each time somebody speaks.")
    if wrong or isinstance(typed, tuple):
        return _show(request, opened, page | wrong, status=422)
    return _lodge(request, asking, entered, opened, page | {"typed": typed})


def _lodge(
    request: HttpRequest, asking: Asking, entered: Entered, opened: OpenedExhibit, page: dict[str, Any]
) -> HttpResponseBase:
    """Lodge what was typed, once, or show why not with nothing lost."""
    matter, exhibit, token = page["matter"], page["exhibit"], request.POST.get(ONCE, "")
    try:
        with sending(asking.name, entered.person, token) as sent:
            if sent is None:
                return tell_sent_before(request, asking, matter, token)
            done = lodge_transcript(entered, exhibit, page["name"], page["typed"], now=asking.now)
            sent.seq = None if isinstance(done, Refused) else done.seq
    except MalformedError as error:
        return _show(request, opened, page | {"trouble": error}, status=422)
    refused = done if isinstance(done, Refused) else done.ruling
    if isinstance(refused, Refused):
        return _show(request, opened, page | {"refused": refused, "tried": True}, status=422)
    messages.success(request, _("The transcript is on the record."))
    return redirect("exhibit-view", organisation=asking.name, matter=matter, exhibit=exhibit)


@require_GET
@for_people
def send_captions(request: HttpRequest, asking: Asking, matter: str, exhibit: str) -> HttpResponseBase:
    """Give a transcript as captions, in our spelling. Raises: Http404 where an exhibit is none."""
    opened = open_for(asking, matter, exhibit)[1]
    if isinstance(opened, Refused):
        return show_closed(request, matter, exhibit, opened)
    cues = parse_transcript(read_text(opened.stored))
    if not cues:
        raise Http404
    return HttpResponse(write_transcript(cues), content_type=f"{VTT}; charset=utf-8", headers=HARMLESS)


def _suggest(request: HttpRequest, entered: Entered, exhibit: str) -> dict[str, str]:
    """Return what the form holds at first: nothing but a name, or the transcript that is to be mended."""
    known = dict(find_transcripts(entered, exhibit))
    mended = request.GET.get("mend", "")
    endings = ("transcript", *(f"transcript-{one}" for one in range(2, 100)))
    names = (propose_name(exhibit, one) for one in endings)
    text = write_lines(known[mended]) if mended in known else ""
    return {
        "name": next((one for one in names if one not in known), ""),
        "text": text,
        "mended": mended if text else "",
    }


def _read(text: str, opened: OpenedExhibit) -> str | tuple[WrongLine, ...]:
    """Return what was typed as WebVTT; it may be WebVTT already, which lodging looks at."""
    if text.lstrip("\ufeff\r\n ").startswith("WEBVTT") or len(text) > MAX_TRANSCRIPT:
        return text
    wave = view(opened).wave
    lines = read_lines(text, None if wave is None else wave.milliseconds)
    wrong = tuple(one for one in lines if isinstance(one, WrongLine))
    cues = tuple(one for one in lines if isinstance(one, Cue))
    return wrong or (write_transcript(cues) if cues else "")


def _show(request: HttpRequest, opened: OpenedExhibit, page: dict[str, Any], *, status: int = 200) -> HttpResponse:
    shown = view(opened)
    context = page | {"view": shown, "wave": None if shown.wave is None else draw_wave(shown.wave)}
    return render(request, "web/exhibits/transcript.html", context, status=status)
