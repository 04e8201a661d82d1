"""Lodging an exhibit with its file, without script: sealed as it arrives, looked at, then named by the act.

A small file is looked at before the answer; a large one, or a recording, is a job whose page says how far it is.
"""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods
from msgspec.structs import replace

from alteram.core.acts import ExhibitLodged, get_spec
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.background import BusyError as FullError
from alteram.installation.exhibit_files import SealingExhibit, sealing_exhibit
from alteram.installation.exhibit_jobs import find_job, lodge_later, try_again
from alteram.installation.exhibit_tools import find_evidence_tools
from alteram.installation.sent_forms import draw_token, keep_outcome, take_token
from alteram.installation.uploads import BusyUploadsError
from alteram.operations.entries import enter
from alteram.operations.evidence_ports import ConfinementError
from alteram.operations.exhibits.incoming import MAX_EXHIBIT, ReceivedFile
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.exhibits.uploads import MAX_NAME
from alteram.operations.exhibits.waiting import WaitingExhibit
from alteram.operations.perform import rule_on
from alteram.operations.questions import find_open_acts
from alteram.web.busy import BUSY, tell_busy
from alteram.web.doors import for_people, get_person
from alteram.web.forms import ActForm, find_offers
from alteram.web.matters.acting import ONCE, tell_sent_before
from alteram.web.speaking_up.reporting import show_busy

#: A file up to so many bytes is looked at before the answer, unless it is a recording.
MAX_WAITED_FOR: Final = 4_000_000
#: What is said of a file by whoever looks at it here, never by whoever sends it.
_FOUND: Final = ("digest", "size", "media", "scanned", "malware", "form", "pieces", "tree", "file_name")


@csrf_exempt  # before the file is read it must be said where it goes; `_lodge` asks for the token
@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def lodge(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show the form; on its answer lodge the exhibit, have it lodged, or show what is wrong with nothing lost."""
    stream, person = StreamId(matter), get_person(asking)
    enter(asking.organisation, stream, person)
    if request.method != "POST":
        spec = get_spec(ExhibitLodged)
        ruled = find_open_acts(asking.organisation, stream, person, only=spec, now=asking.now).acts[0].ruling
        refused = ruled if isinstance(ruled, Refused) else None
        return _show(request, matter, _build_form(request, asking, matter), refused=refused)
    try:
        with sealing_exhibit(request, asking.organisation, stream, most=MAX_EXHIBIT) as sealing:
            return _lodge(request, asking, matter=matter, sealing=sealing)
    except BusyUploadsError:
        return show_busy(request)


@csrf_protect
def _lodge(request: HttpRequest, asking: Asking, *, matter: str, sealing: SealingExhibit) -> HttpResponse:
    form = _build_form(request, asking, matter)
    for wrong, told in (
        (sealing.is_broken, _("The connection broke before everything had arrived. Send it again.")),
        (sealing.is_more_than_one, _("One exhibit has one file. Lodge the others by themselves.")),
        (sealing.is_too_large, _("The file is too large. Lodge it in parts.")),
    ):
        if wrong:
            form.add_error(None, told)
    if not form.is_valid():
        return _show(request, matter, form, status=422)
    person, act = get_person(asking), _build_act(form, sealing)
    ruling = rule_on(asking.organisation, StreamId(matter), act, person, now=asking.now)
    if isinstance(ruling, Refused):
        return _show(request, matter, form, refused=ruling, status=422)
    token = request.POST.get(ONCE, "")
    if not take_token(asking.name, person, token):
        return tell_sent_before(request, asking, matter, token)
    return _take(request, asking, form, act, matter=matter, sealing=sealing)


def _build_act(form: ActForm, sealing: SealingExhibit) -> ExhibitLodged:
    act = form.build_act()
    if not isinstance(act, ExhibitLodged):
        raise TypeError(act)
    return act if sealing.received is None else replace(act, file_name=(sealing.file_name or "")[:MAX_NAME] or None)


def _take(
    request: HttpRequest, asking: Asking, form: ActForm, act: ExhibitLodged, *, matter: str, sealing: SealingExhibit
) -> HttpResponse:
    """Lodge it now, or have it lodged; the form can be sent again unless it is known to be on the record."""
    stream, person, seq = StreamId(matter), get_person(asking), None
    try:
        if sealing.received is not None and _takes_long(sealing.received, act.file_name or ""):
            job = lodge_later(asking, stream, WaitingExhibit(act, person, sealing.received.sealed))
            sealing.take()
            return redirect("lodging-job", organisation=asking.name, matter=matter, job=job)
        done = _lodge_now(asking, stream, act, sealing)
        seq = done if isinstance(done, int) else None
    except (ConfinementError, FullError) as error:
        return _show(request, matter, form, trouble=error, status=503)
    except BUSY as error:
        form.add_error(None, tell_busy(error))
        return _show(request, matter, form, status=503)
    finally:
        keep_outcome(asking.name, person, request.POST.get(ONCE, ""), seq)
    if isinstance(done, Refused):
        return _show(request, matter, form, refused=done, status=422)
    messages.success(request, _("Lodged: exhibit %(exhibit)s, entry %(seq)s.") % {"exhibit": act.exhibit, "seq": seq})
    return redirect("exhibit", organisation=asking.name, matter=matter, exhibit=act.exhibit)


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def show_job(request: HttpRequest, asking: Asking, matter: str, job: str) -> HttpResponse:
    """Show how far the lodging of somebody's own file is, or what became of it; what failed can be begun again."""
    stream, person = StreamId(matter), get_person(asking)
    enter(asking.organisation, stream, person)
    found, full = find_job(asking, stream, person, job), None
    if found is None:
        raise Http404
    if request.method == "POST":
        try:
            again = try_again(asking, stream, person, job)
            return redirect("lodging-job", organisation=asking.name, matter=matter, job=again or job)
        except FullError as error:
            full = error
    context = {"matter": matter, "job": found, "full": full}
    return render(request, "web/exhibits/job.html", context, status=503 if full else 200)


def _build_form(request: HttpRequest, asking: Asking, matter: str) -> ActForm:
    spec = get_spec(ExhibitLodged)
    data = request.POST if request.method == "POST" else None
    form = ActForm(spec, find_offers(asking, StreamId(matter), spec), data, zone=asking.zone)
    for name in _FOUND:
        del form.fields[name]
    return form


def _takes_long(received: ReceivedFile, file_name: str) -> bool:
    if received.size > MAX_WAITED_FOR:
        return True
    media = find_evidence_tools().sniffing.detect(received.head, received.tail, file_name=file_name).media
    return media.partition("/")[0] in {"audio", "video"}


def _lodge_now(asking: Asking, stream: StreamId, act: ExhibitLodged, sealing: SealingExhibit) -> int | Refused:
    """Lodge it and return its entry, or why the rules refuse it. Raises: ConfinementError, BusyError, StoreError."""
    prepared = None
    if sealing.received is not None:
        tools, name = find_evidence_tools(), act.file_name or ""
        received = sealing.received
        prepared = prepare(asking.organisation, stream, received, tools, kind=act.kind, file_name=name)
        sealing.take()
    done = lodge_exhibit(asking.organisation, stream, act, get_person(asking), prepared, now=asking.now)
    if done.seq is not None:
        return done.seq
    if not isinstance(done.ruling, Refused):
        raise TypeError(done.ruling)
    return done.ruling


def _show(
    request: HttpRequest,
    matter: str,
    form: ActForm,
    *,
    refused: Refused | None = None,
    trouble: AlteramError | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "matter": matter,
        "form": form,
        "refused": refused,
        "trouble": trouble,
        "is_unconfined": isinstance(trouble, ConfinementError),
        "tried": form.is_bound,
        "largest": MAX_EXHIBIT // 1000**3,
        "once": request.POST.get(ONCE) or draw_token(),
    }
    return render(request, "web/exhibits/lodge.html", context, status=status)
