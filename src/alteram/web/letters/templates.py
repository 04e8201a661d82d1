"""The templates: which the organisation has changed, each tried with a sample, and what is wrong with one."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.installation.asking import Asking
from alteram.installation.writing import find_press
from alteram.operations.letters import LETTERS, build_sample, find_kind, may_change_templates
from alteram.operations.printing import LetterError
from alteram.web.doors import for_people, get_person
from alteram.web.letters.answers import answer_pdf, picture_pages, tell_title


@require_safe
@for_people
def show_templates(request: HttpRequest, asking: Asking) -> HttpResponse:
    """List them, for the secretary."""
    _require_secretary(asking)
    templates = [(one, tell_title(one.name)) for one in find_press(asking).templates()]
    context = {"templates": templates, "letters": {one.name for one in LETTERS}}
    return render(request, "web/letters/templates.html", context)


@require_safe
@for_people
def show_template(request: HttpRequest, asking: Asking, letter: str) -> HttpResponse:
    """Show one letter with a sample, by the organisation's template and, where that does not print, by what ships."""
    _require_secretary(asking)
    if find_kind(letter) is None:
        raise Http404
    press, data = find_press(asking), build_sample(letter)
    if request.GET.get("as") == "pdf":
        return answer_pdf(press.print_pdf(letter, data, dated_at=asking.now).pdf, f"sample-{letter}")
    found = next(one for one in press.templates() if one.name == letter)
    context: dict[str, object] = {"letter": letter, "title": tell_title(letter), "template": found}
    try:
        pages = press.print_pages(letter, data, dated_at=asking.now)
    except LetterError as error:
        context |= {"error": error.problem, "diagnostic": error.diagnostic}
        pages = press.print_pages(letter, data, dated_at=asking.now, shipped=True)
    return render(request, "web/letters/template.html", {**context, "pages": picture_pages(pages)})


def _require_secretary(asking: Asking) -> None:
    """Raise Http404 for everybody but the secretary, who alone can change what the organisation says."""
    if not may_change_templates(asking.organisation, get_person(asking)):
        raise Http404
