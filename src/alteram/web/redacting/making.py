"""Choosing what is blacked out of an exhibit, and looking at what came of it before anything is lodged.

What was chosen is sent in the body of a request and kept sealed: it stands in no address and in no log.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from alteram.core.access import may_open_exhibit
from alteram.core.disclosure.redaction_proofs import Kind
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.background import BusyError
from alteram.installation.redaction_work import RedactionWork, ask_for_redaction, find_redaction
from alteram.installation.sent_forms import draw_token
from alteram.installation.writing import find_names
from alteram.operations.disclosure.redacting import find_ruling
from alteram.operations.disclosure.redaction_kinds import list_kinds
from alteram.operations.disclosure.suggested_cuts import SuggestedWords, find_known_protected, suggest_words
from alteram.operations.disclosure.waiting_redactions import read_made_text, read_page, read_sizes
from alteram.operations.entries import Entered, enter
from alteram.operations.exhibits.deriving import may_copy
from alteram.operations.exhibits.opening import OpenedExhibit, open_exhibit
from alteram.operations.ports import StoreError
from alteram.web.doors import for_people, get_person
from alteram.web.exhibits.names import LONGEST, propose_name
from alteram.web.exhibits.viewing import HARMLESS
from alteram.web.matters.acting import ONCE
from alteram.web.redacting.forms import MOST_PLACES, CutsForm, PlaceRow

_MORE: Final = "more"
Sizes = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Making:
    """An exhibit that whoever asks may open and redact, and the redaction of it that they work on, if they do."""

    asking: Asking
    entered: Entered
    opened: OpenedExhibit
    found: RedactionWork | None

    @property
    def exhibit(self) -> str:
        """Return what the exhibit is called."""
        return self.opened.stored.event.act.exhibit

    @cached_property
    def suggested(self) -> tuple[SuggestedWords, ...]:
        """Return words that name protected people whom the asker may know."""
        names = find_names(self.asking.name, find_known_protected(self.entered))
        return suggest_words(self.entered, self.opened.stored, names)

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """Return as which kinds of file it can be redacted."""
        return list_kinds(self.opened.stored)

    @cached_property
    def text(self) -> str | None:
        """Return what was made, where it is a text; None where it is none, or was swept away."""
        if self.found is None or self.found.waiting is None:
            return None
        try:
            return read_made_text(self.entered.organisation, self.entered.stream, self.found.waiting)
        except StoreError:
            return None

    @cached_property
    def shown(self) -> Sizes | None:
        """Return the sizes of the pages that were made; None where there are none, or they were swept away."""
        if self.found is None or self.found.waiting is None or not self.found.can_be_lodged:
            return None
        try:
            return read_sizes(self.entered.organisation, self.entered.stream, self.found.waiting)
        except StoreError:
            return None

    def find_drawing(self) -> tuple[Sizes, bool]:
        """Return the sizes of the pages on which places are drawn; and whether they are of what was made.

        An exhibit without pages of its own (a thread, a text) has them once it was printed, which is when it is made.
        """
        if self.opened.stored.form == "pages":
            match self.opened.stored.read_facts().get("sizes"):
                case list() as sizes:
                    return tuple((int(str(one[0])), int(str(one[1]))) for one in sizes if isinstance(one, list)), False
                case _:
                    return (), False
        if self.shown and self.found is not None and self.found.waiting is not None:
            return self.shown[: self.found.waiting.of_pages], True
        return (), False


@require_http_methods(["GET", "HEAD", "POST"])
@for_people
def show_redaction(request: HttpRequest, asking: Asking, matter: str, exhibit: str) -> HttpResponse:
    """Show how far it is, what came of it and the form; on its answer have it made, with nothing lost."""
    making = enter_to_redact(asking, matter, exhibit)
    if request.method != "POST":
        return show_making(request, making)
    if _MORE in request.POST:
        return show_making(request, making, CutsForm.with_more_rows(making.suggested, request.POST, making.kinds))
    form = CutsForm(making.suggested, request.POST, kinds=making.kinds)
    if not form.is_valid() or form.kind is None:
        return show_making(request, making, form, status=422)
    try:
        ask_for_redaction(asking, making.entered, exhibit, form.build(), kind=form.kind)
    except BusyError as error:
        return show_making(request, making, form, trouble=error, status=409)
    return redirect("redaction", organisation=asking.name, matter=matter, exhibit=exhibit)


@require_GET
@for_people
def send_page(request: HttpRequest, asking: Asking, matter: str, exhibit: str, number: int) -> HttpResponseBase:
    """Give a page of what was made, as it would be lodged. Raises: Http404 where there is none."""
    del request
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    found = find_redaction(asking, entered, exhibit)
    may = may_open_exhibit(entered.facts, entered.rulebook, exhibit, entered.person)
    if found is None or found.waiting is None or isinstance(may, Refused):
        raise Http404
    try:
        picture = read_page(entered.organisation, entered.stream, found.waiting, number)
    except StoreError as error:
        raise Http404 from error
    if picture is None:
        raise Http404
    return HttpResponse(picture, content_type="image/png", headers=HARMLESS)


def enter_to_redact(asking: Asking, matter: str, exhibit: str) -> Making:
    """Return an exhibit to be redacted by whoever asks; that they opened it is recorded.

    Raises: Http404 where they may not open it, or lodge nothing made of exhibits.
    """
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    opened = open_exhibit(entered, exhibit, now=asking.now) if may_copy(entered) else None
    if opened is None or isinstance(opened, Refused):
        raise Http404
    return Making(asking, entered, opened, find_redaction(asking, entered, exhibit))


def show_making(
    request: HttpRequest,
    making: Making,
    form: CutsForm | None = None,
    *,
    trouble: AlteramError | None = None,
    refused: Refused | None = None,
    named: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the page. `named` is what was written to lodge it, with a `problem` of its name.

    `refused` or `trouble` say why something was not done.
    """
    found, exhibit = making.found, making.exhibit
    ruling = find_ruling(making.entered, exhibit, now=making.asking.now)
    sizes, is_drawn_on_made = making.find_drawing()
    context = {
        "matter": making.entered.stream,
        "exhibit": exhibit,
        "title": making.opened.stored.opened.presentation.claims.get("act.title") or exhibit,
        "can_redact": bool(making.kinds),
        "form": form or _build_form(making),
        "empty_place": PlaceRow(prefix="places-__prefix__"),
        "most_places": MOST_PLACES,
        "found": found,
        "made": None if found is None or found.waiting is None else found.waiting.made,
        "shown": making.shown,
        "text": making.text,
        "is_gone": making.shown is None and found is not None and found.can_be_lodged,
        "sizes": sizes,
        "is_drawn_on_made": is_drawn_on_made,
        "trouble": trouble,
        "refused": ruling if refused is None and isinstance(ruling, Refused) else refused,
        "tried": refused is not None,
        "longest": LONGEST,
        "once": request.POST.get(ONCE) or draw_token(),
        "named": named or {"name": propose_name(exhibit, "redacted"), "reasons": ""},
    }
    return render(request, "web/redacting/redaction.html", context, status=status)


def _build_form(making: Making) -> CutsForm:
    found = making.found
    if found is None:
        return CutsForm(making.suggested, kinds=making.kinds)
    return CutsForm(making.suggested, asked=found.asked, kinds=making.kinds, kind=found.kind)
