"""My matters: what waits on whoever asks, the nearest time first; all that is open, and what is closed."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, StreamId, parse_identifier
from alteram.core.kernel.instants import encode_instant, parse_instant
from alteram.core.rules.rulebook import Rulebook
from alteram.installation.asking import Asking
from alteram.operations.desks import find_keys_asked
from alteram.operations.lists import Cursor, MyMatter, View, find_my_matters
from alteram.operations.ports import ListPlace, ListStanding
from alteram.web.desks.reasons import REASONS
from alteram.web.doors import for_people, get_person

_VIEWS: Final[dict[str, View]] = {"open": "open", "waits": "waits", "closed": "closed"}
_STANDINGS: Final[dict[str, ListStanding]] = {"open": "open", "waits": "waits", "closed": "closed"}
_TITLES: Final = {"open": _("Open"), "waits": _("Waits on me"), "closed": _("Closed")}
#: What is due from somebody: what a desk says of it, and what it is for a party.
_DUE: Final[dict[str, str | Promise]] = {
    **{str(why): told for why, told in REASONS.items()},
    "answer-due": _("Your answer to what is alleged"),
    "appeal-due": _("Your appeal, if you want to appeal"),
    "comment-due": _("Your comment, if you want to give one"),
}
_NO_TIME: Final = "none"


@require_safe
@for_people
def show_my_matters(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show a page of them."""
    view = _VIEWS.get(request.GET.get("show", ""), "open")
    after = read_cursor(request.GET.get("after", ""))
    found = find_my_matters(asking.organisation, get_person(asking), view, after=after, now=asking.now)
    titles = _title_stages(asking.organisation.governing(ORGANISATION_STREAM))
    context = {
        "mine": [(one, titles.get(one.row.stage or "", ""), _tell_own(one)) for one in found.matters],
        "view": view,
        "views": _TITLES.items(),
        "is_first": after is None,
        "next": None if found.after is None else write_cursor(found.after),
        "keys": find_keys_asked(asking.organisation, get_person(asking)) if after is None and view != "closed" else (),
        "now": asking.now,
    }
    return render(request, "web/matters/my_matters.html", context)


def _tell_own(one: MyMatter) -> str | Promise:
    """Return in words what is due from whoever asks, of their own."""
    return "" if one.own is None else _DUE[one.own.due]


def _title_stages(rulebook: Rulebook) -> dict[str, str]:
    """Return what the rulebook calls its stages; none that two procedures call differently: a list tells no procedure.

    A matter that an older version governs is told by that stage's identifier where the title is gone.
    """
    titles: dict[str, set[str]] = {}
    for procedure in rulebook.procedures:
        for stage in procedure.stages:
            titles.setdefault(stage.id, set()).add(stage.title)
    return {stage: min(found) for stage, found in titles.items() if len(found) == 1}


def write_place(place: ListPlace) -> str:
    """Return a place in a list as addresses carry it."""
    at, stream = place
    return f"{_NO_TIME if at is None else encode_instant(at)},{stream}"


def read_place(text: str) -> ListPlace | None:
    """Return the place that an address carries; None where it says nothing that can be read."""
    at, _comma, stream = text.partition(",")
    try:
        return None if at == _NO_TIME else parse_instant(at), StreamId(parse_identifier(stream))
    except MalformedError:
        return None


def write_cursor(cursor: Cursor) -> str:
    """Return where a page of matters begins as addresses carry it."""
    return f"{cursor.standing},{write_place(cursor.place)}"


def read_cursor(text: str) -> Cursor | None:
    """Return where a page begins; the first one where the address says nothing that can be read."""
    standing, _comma, rest = text.partition(",")
    place = read_place(rest)
    return None if standing not in _STANDINGS or place is None else Cursor(_STANDINGS[standing], place)
