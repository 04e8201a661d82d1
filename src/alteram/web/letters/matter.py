"""The letters of a matter: those served, with when they arrived, and what can be written or printed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.writing import build_writing, find_press
from alteram.operations.letters import (
    Draft,
    build_reply_form,
    find_answering,
    find_letters,
    find_writable,
    may_change_templates,
    open_letter,
    print_draft,
)
from alteram.operations.paper import may_do_here
from alteram.operations.printing import LetterError
from alteram.web.doors import for_people, get_person
from alteram.web.letters.answers import answer_pdf, show_unprintable, tell_title


@require_safe
@for_people
def show_letters(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show them."""
    stream, person, writing = StreamId(matter), get_person(asking), build_writing(asking)
    letters = [(one, tell_title(one.kind.name)) for one in find_letters(writing, stream, person)]
    writable = [
        (one, tell_title(one.kind.name), one.open.ruling if isinstance(one.open.ruling, Refused) else None)
        for one in find_writable(asking.organisation, stream, person, now=asking.now)
    ]
    context = {
        "matter": matter,
        "mine": [one for one in letters if one[0].is_mine],
        "others": [one for one in letters if not one[0].is_mine],
        "writable": writable,
        "answering": find_answering(writing, stream, person),
        "may_serve": may_do_here(asking.organisation, stream, person, "paper.served"),
        "may_enter": may_do_here(asking.organisation, stream, person, "paper.entered"),
        "may_change": may_change_templates(asking.organisation, person),
    }
    return render(request, "web/letters/letters.html", context)


@require_safe
@for_people
def show_served(request: HttpRequest, asking: Asking, matter: str, seq: int) -> HttpResponse:
    """Give a letter that was served to whom it was served on, by whom, or who keeps the matter."""
    stream, writing, press = StreamId(matter), build_writing(asking), find_press(asking)
    try:
        opened = open_letter(writing, press, stream, seq, get_person(asking), now=asking.now)
    except LetterError as error:
        return show_unprintable(request, error)
    # What is not the letter that was served, byte for byte, says so in its name.
    again = "" if opened.is_as_served else "-made-again"
    return answer_pdf(opened.pdf, f"{matter}-{seq}-{opened.kind.name}{again}")


@require_safe
@for_people
def show_printed(request: HttpRequest, asking: Asking, matter: str, letter: str) -> HttpResponse:
    """Give what is only printed: the form to answer on."""
    draft = _build_printed(request, asking, StreamId(matter), letter)
    try:
        return answer_pdf(print_draft(find_press(asking), draft).pdf, f"{matter}-{letter}")
    except LetterError as error:
        return show_unprintable(request, error)


def _build_printed(request: HttpRequest, asking: Asking, stream: StreamId, letter: str) -> Draft:
    writing, person, now = build_writing(asking), get_person(asking), asking.now
    if letter == "reply-form":
        answers = request.GET.get("for")
        return build_reply_form(writing, stream, person, now=now, person=PersonId(answers) if answers else None)
    raise Http404
