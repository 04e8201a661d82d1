"""Writing a letter: fill in the act that serves it, look at it, serve it. One page, without script."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from alteram.core.acts import get_spec
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.grave import GRAVE
from alteram.installation.sent_forms import draw_token, keep_outcome, take_token
from alteram.installation.writing import build_writing, find_press
from alteram.operations.letters import (
    build_draft,
    build_letter_digest,
    check_letter,
    find_kind,
    find_writable_one,
    print_draft,
    serve_letter,
)
from alteram.operations.own_signatures import needs_own_signature
from alteram.operations.perform import Performed
from alteram.operations.printing import LetterError
from alteram.operations.signing import SigningError
from alteram.web.busy import BUSY, tell_busy
from alteram.web.doors import for_people, get_person, require_recent
from alteram.web.forms import ActForm, find_offers
from alteram.web.letters.answers import answer_pdf, picture_pages, tell_title
from alteram.web.matters.acting import ONCE, tell_sent_before
from alteram.web.matters.signing import PREPARED, ask_to_sign, perform_as_sent
from alteram.web.wording import tell_word

#: The button of the page of a signature that goes back to the letter.
_CHANGE = "change"


@require_http_methods(["GET", "POST"])
@for_people
def write_letter(request: HttpRequest, asking: Asking, matter: str, letter: str) -> HttpResponse:
    """Show the form; on its answer the letter as it will be, or serve the one that was looked at."""
    stream, kind = StreamId(matter), find_kind(letter)
    if kind is None or kind.act is None:
        raise Http404
    writable = find_writable_one(asking.organisation, stream, get_person(asking), kind, now=asking.now)
    if writable is None:
        raise Http404
    spec = get_spec(kind.act)
    prove = require_recent(request) if spec.name in GRAVE else None
    form = ActForm(spec, find_offers(asking, stream, spec), request.POST or None, zone=asking.zone)
    # The digest is that of the letter, which nobody types.
    del form.fields["digest"]
    ruling = writable.open.ruling
    context: dict[str, Any] = {
        "matter": matter,
        "letter": letter,
        "title": tell_title(letter),
        "form": form,
        "spec": spec,
        "prove": prove,
        "own_signature": needs_own_signature(asking.organisation, spec.name, get_person(asking)),
        "refused": ruling if isinstance(ruling, Refused) else None,
        "tried": False,
        "once": request.POST.get(ONCE) or draw_token(),
    }
    if not form.is_bound:
        return render(request, "web/letters/write.html", context)
    if not form.is_valid():
        return render(request, "web/letters/write.html", context, status=422)
    if request.POST.get("do") == "serve" and prove is None and _CHANGE not in request.POST:
        answer = _serve_once(request, asking, stream, form, context)
        if answer is not None:
            return answer
    return _look(request, asking, stream, form.build_act(), context)


def _serve_once(
    request: HttpRequest, asking: Asking, stream: StreamId, form: ActForm, context: dict[str, Any]
) -> HttpResponse | None:
    """Serve it, however often it is sent, and go to the letters; else say in `context` why not."""
    person, token, seq = get_person(asking), context["once"], None
    if not take_token(asking.name, person, token):
        return tell_sent_before(request, asking, stream, token)
    serve = _sign_and_serve if context["own_signature"] else _serve
    try:
        done = serve(request, asking, stream, form, context)
        seq = done.seq if isinstance(done, Performed) else None
    except SigningError as error:
        context["unsigned"] = error
        return None
    except LetterError:
        return None  # Looking at it says why it does not print.
    except BUSY as error:
        form.add_error(None, tell_busy(error))
        context["status"] = 503
        return None
    finally:
        keep_outcome(asking.name, person, token, seq)
    return _tell(request, asking, stream, done, context) if isinstance(done, Performed) else done


def _serve(
    request: HttpRequest, asking: Asking, stream: StreamId, form: ActForm, context: dict[str, Any]
) -> Performed | None:
    """Serve it; else say in `context` why not. Raises: LetterError, BusyError, StoreError."""
    looked_at, act = request.POST.get("looked_at", ""), form.build_act()
    person, now = get_person(asking), asking.now
    served = serve_letter(build_writing(asking), find_press(asking), stream, act, person, looked_at=looked_at, now=now)
    context["has_changed"] = served.has_changed
    return served.performed


def _sign_and_serve(
    request: HttpRequest, asking: Asking, stream: StreamId, form: ActForm, context: dict[str, Any]
) -> Performed | HttpResponse | None:
    """Ask for the signature of whoever serves it, over the act with the digest of the letter; then serve it.

    Raises: SigningError, LetterError, BusyError, StoreError.
    """
    looked_at, act = request.POST.get("looked_at", ""), form.build_act()
    person, now = get_person(asking), asking.now
    checked = check_letter(build_writing(asking), find_press(asking), stream, act, person, looked_at=looked_at, now=now)
    context["has_changed"] = checked.has_changed
    if checked.act is None:
        return None
    if PREPARED not in request.POST:
        return ask_to_sign(request, asking, form.spec, form, stream, act=checked.act)
    return perform_as_sent(request, asking, stream, checked.act)


def _tell(
    request: HttpRequest, asking: Asking, stream: StreamId, performed: Performed, context: dict[str, Any]
) -> HttpResponse | None:
    """Say that it was served, and go to the letters; or say in `context` why the rules refuse it."""
    if performed:
        told = _("Served and recorded, entry %(seq)s. The letter waits on the page of whom it is for.")
        messages.success(request, told % {"seq": performed.seq})
        return redirect("letters", organisation=asking.name, matter=stream)
    context |= {"refused": performed.ruling, "tried": True}
    return None


def _look(request: HttpRequest, asking: Asking, stream: StreamId, act: Act, context: dict[str, Any]) -> HttpResponse:
    """Show the letter as it will be served; where it does not print, the form with why."""
    press, person = find_press(asking), get_person(asking)
    draft = build_draft(build_writing(asking), stream, act, person, at=asking.now)
    try:
        printed = print_draft(press, draft)
    except LetterError as error:
        context["unprintable"] = error
        return render(request, "web/letters/write.html", context, status=422)
    if request.POST.get("do") == "pdf":
        return answer_pdf(printed.pdf, f"{stream}-{draft.kind.name}-{tell_word('draft')}")
    try:
        pages = press.print_pages(draft.kind.name, draft.data, dated_at=draft.dated_at, shipped=bool(printed.problem))
    except LetterError as error:
        pages = ()
        context["picture_problem"] = error.problem
    context |= {
        "pages": picture_pages(pages),
        "to": draft.to,
        "problem": printed.problem,
        "given_away": draft.given_away,
        "looked_at": build_letter_digest(printed),
    }
    status = context.get("status") or (422 if context["tried"] else 200)
    return render(request, "web/letters/write.html", context, status=status)
