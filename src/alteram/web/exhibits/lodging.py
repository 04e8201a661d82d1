"""Lodging an exhibit with its file, without script: sealed as it arrives, looked at, then named by the act.

A small file is looked at before the answer; a large one, or a recording, is a job whose page says how far it is.
With script a large file is uploaded in parts before (`uploading`); then the form names it. Whatever is wrong, what was
written stays, and the file need not be sent again.
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
from alteram.installation.exhibit_jobs import (
    LodgingJob,
    find_free_uploads,
    find_job,
    find_waiting,
    lodge_later,
    try_again,
)
from alteram.installation.exhibit_tools import find_evidence_tools
from alteram.installation.sent_forms import Sending, draw_token, sending
from alteram.installation.uploads import BusyUploadsError
from alteram.operations.entries import Entered, enter
from alteram.operations.evidence_ports import ConfinementError
from alteram.operations.exhibits.incoming import MAX_EXHIBIT, ReceivedFile
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.exhibits.uploads import IDLE
from alteram.operations.exhibits.waiting import ArrivedFile, WaitingExhibit
from alteram.operations.perform import rule_on
from alteram.operations.ports import StoreError
from alteram.operations.questions import find_open_acts
from alteram.web.busy import BUSY, tell_busy
from alteram.web.doors import for_people, get_person
from alteram.web.exhibits.arrived import UPLOAD, find_arrived, find_uploaded, keep, receive_arrived
from alteram.web.exhibits.returning import BACK, find_back
from alteram.web.forms import ActForm, find_offers
from alteram.web.matters.acting import ONCE, tell_sent_before
from alteram.web.saying import say_error
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
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    if request.method != "POST":
        return _begin(request, asking, entered)
    try:
        with sealing_exhibit(request, asking.organisation, entered.stream, most=MAX_EXHIBIT) as sealing:
            return _lodge(request, asking, entered, sealing)
    except BusyUploadsError:
        return show_busy(request)


def _begin(request: HttpRequest, asking: Asking, entered: Entered) -> HttpResponse:
    """Show the form: empty, with a file that was uploaded, or as a job gives it back that was refused."""
    spec, form, file = get_spec(ExhibitLodged), _build_form(request, asking, entered.stream), None
    job = request.GET.get("job", "")
    try:
        if request.GET.get(UPLOAD):
            file = find_uploaded(asking, entered, request.GET[UPLOAD])
        elif job and (waiting := find_waiting(asking, entered.stream, entered.person, job)) is not None:
            form.initial.update({name: getattr(waiting.act, name) for name in form.fields})
            file = waiting.file
    except StoreError as error:
        messages.warning(request, say_error(error))
    ruled = (
        find_open_acts(asking.organisation, entered.stream, entered.person, only=spec, now=asking.now).acts[0].ruling
    )
    refused = ruled if isinstance(ruled, Refused) else None
    found = None if not job else find_job(asking, entered.stream, entered.person, job)
    told = found if found is not None and found.is_refused else None
    return _show(request, asking, entered, form, file, refused=refused, told=told)


@csrf_protect
def _lodge(request: HttpRequest, asking: Asking, entered: Entered, sealing: SealingExhibit) -> HttpResponse:
    form = _build_form(request, asking, entered.stream)
    file = find_arrived(request, asking, entered, sealing, form)
    try:
        answer = _try(request, asking, entered, form, file, sealing)
    finally:
        if file is not None and file.sealed is not None:
            sealing.take()  # it waits for whoever is told what is wrong, and is swept away where nobody names it
    return answer


def _try(  # noqa: PLR0917 - a request with all that was found in it
    request: HttpRequest,
    asking: Asking,
    entered: Entered,
    form: ActForm,
    file: ArrivedFile | None,
    sealing: SealingExhibit,
) -> HttpResponse:
    if not form.is_valid():
        return _show(request, asking, entered, form, file, status=422)
    act = form.build_act()
    if not isinstance(act, ExhibitLodged):
        raise TypeError(act)
    if file is not None:
        act = replace(act, file_name=file.name or None)
    token = request.POST.get(ONCE, "")
    with sending(asking.name, entered.person, token) as sent:
        if sent is None:
            sealing.drop()
            return tell_sent_before(request, asking, entered.stream, token)
        ruling = rule_on(asking.organisation, entered.stream, act, entered.person, now=asking.now)
        if isinstance(ruling, Refused):
            return _show(request, asking, entered, form, file, refused=ruling, status=422)
        return _take(request, asking, entered, form, act, file=file, sealing=sealing, sent=sent)


def _take(
    request: HttpRequest,
    asking: Asking,
    entered: Entered,
    form: ActForm,
    act: ExhibitLodged,
    *,
    file: ArrivedFile | None,
    sealing: SealingExhibit,
    sent: Sending,
) -> HttpResponse:
    """Lodge it now, or have it lodged; the form can be sent again unless it is known to be on the record."""
    back, problem = find_back(asking.name, entered.stream, request.POST.get(BACK, "")), None
    try:
        done = _lodge_or_wait(asking, entered, act, file, sealing, back="" if back is None else back.name)
    except (ConfinementError, FullError) as error:
        return _show(request, asking, entered, form, file, trouble=error, status=503)
    except BUSY as error:
        problem, status = tell_busy(error), 503
    except StoreError as error:
        problem, status, file = say_error(error), 422, None
    if problem is not None:
        form.add_error(None, problem)
        return _show(request, asking, entered, form, file, status=status)
    if isinstance(done, Refused):
        return _show(request, asking, entered, form, file, refused=done, status=422)
    if isinstance(done, str):
        sent.is_under_way = True
        return redirect("lodging-job", organisation=asking.name, matter=entered.stream, job=done)
    sent.seq = done
    messages.success(request, _("Lodged: exhibit %(exhibit)s, entry %(seq)s.") % {"exhibit": act.exhibit, "seq": done})
    if back is not None:
        return redirect(back.address)
    return redirect("exhibit", organisation=asking.name, matter=entered.stream, exhibit=act.exhibit)


def _lodge_or_wait(
    asking: Asking,
    entered: Entered,
    act: ExhibitLodged,
    file: ArrivedFile | None,
    sealing: SealingExhibit,
    *,
    back: str,
) -> int | str | Refused:
    """Return the entry, the name of the job that lodges it, or why the rules refuse it.

    Raises: ConfinementError, BusyError of both kinds, StoreError where the file was swept away.
    """
    if file is None:
        return _lodge_now(asking, entered, act, None)
    received = receive_arrived(asking, entered, file, sealing) if file.size <= MAX_WAITED_FOR else None
    if received is None or _is_recording(received, file.name):
        return lodge_later(asking, entered.stream, WaitingExhibit(act, file), back=back)
    return _lodge_now(asking, entered, act, received)


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
    back = find_back(asking.name, matter, found.back)
    context = {"matter": matter, "job": found, "full": full, "back": back}
    return render(request, "web/exhibits/job.html", context, status=503 if full else 200)


def _build_form(request: HttpRequest, asking: Asking, stream: StreamId) -> ActForm:
    spec = get_spec(ExhibitLodged)
    data = request.POST if request.method == "POST" else None
    form = ActForm(spec, find_offers(asking, stream, spec), data, zone=asking.zone)
    for name in _FOUND:
        del form.fields[name]
    return form


def _is_recording(received: ReceivedFile, file_name: str) -> bool:
    media = find_evidence_tools().sniffing.detect(received.head, received.tail, file_name=file_name).media
    return media.partition("/")[0] in {"audio", "video"}


def _lodge_now(asking: Asking, entered: Entered, act: ExhibitLodged, received: ReceivedFile | None) -> int | Refused:
    """Lodge it and return its entry, or why the rules refuse it. Raises: ConfinementError, BusyError, StoreError."""
    prepared = None
    if received is not None:
        tools, name = find_evidence_tools(), act.file_name or ""
        prepared = prepare(asking.organisation, entered.stream, received, tools, kind=act.kind, file_name=name)
    done = lodge_exhibit(
        asking.organisation, entered.stream, act, entered.person, prepared, now=asking.now, keeps_original=True
    )
    if done.seq is not None:
        return done.seq
    if not isinstance(done.ruling, Refused):
        raise TypeError(done.ruling)
    return done.ruling


def _show(
    request: HttpRequest,
    asking: Asking,
    entered: Entered,
    form: ActForm,
    file: ArrivedFile | None,
    *,
    refused: Refused | None = None,
    told: LodgingJob | None = None,
    trouble: AlteramError | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the form; a file that arrived goes with it when it is sent again. `told` is a job that was refused."""
    sent = request.POST if request.method == "POST" else request.GET
    context: dict[str, Any] = {
        "matter": entered.stream,
        "form": form,
        "refused": refused,
        "told": told,
        "trouble": trouble,
        "is_unconfined": isinstance(trouble, ConfinementError),
        "tried": form.is_bound,
        "largest": MAX_EXHIBIT // 1000**3,
        "days": IDLE.days,
        "once": request.POST.get(ONCE) or draw_token(),
        "back": find_back(asking.name, entered.stream, sent.get(BACK, "")),
        "uploads": [one for one in find_free_uploads(asking, entered) if file is None or one.name != file.upload],
        **keep(asking, entered, file),
    }
    return render(request, "web/exhibits/lodge.html", context, status=status)
