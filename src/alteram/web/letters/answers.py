"""What the views of this room share: what letters are called, and a PDF as an answer."""

from base64 import b64encode
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alteram.operations.printing import LetterError
from alteram.web.saying import say

TITLES = {
    "acknowledgement": gettext_lazy("Acknowledgement of a report"),
    "notice": gettext_lazy("Notice with particulars and what is at stake"),
    "disclosure": gettext_lazy("List of what is disclosed"),
    "invitation": gettext_lazy("Invitation to a meeting"),
    "decision": gettext_lazy("Decision with reasons"),
    "instrument": gettext_lazy("Instrument of a sanction"),
    "appeal-outcome": gettext_lazy("Outcome of an appeal"),
    "signed-certificate": gettext_lazy("Certificate for outsiders"),
    "reply-form": gettext_lazy("Form to answer on paper"),
    "letter": gettext_lazy("What all letters share"),
}


def tell_title(letter: str) -> str:
    """Return what a letter is called."""
    return str(TITLES.get(letter, letter))


def answer_pdf(pdf: bytes, name: str) -> HttpResponse:
    """Return a PDF to be saved: it is never shown inside a page."""
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"', "X-Content-Type-Options": "nosniff"},
    )


def show_unprintable(request: HttpRequest, error: LetterError) -> HttpResponse:
    """Say that a letter does not print, and why."""
    context = {"problem": say(error.problem), "remedy": say(error.remedy)}
    return render(request, "web/error.html", context, status=409)


def picture_pages(pages: Iterable[bytes]) -> list[tuple[str, str]]:
    """Return pages as pictures that stand in the page itself, each with what it is called."""
    return [
        (f"data:image/png;base64,{b64encode(page).decode()}", _("Page %(number)s of the letter") % {"number": number})
        for number, page in enumerate(pages, 1)
    ]
