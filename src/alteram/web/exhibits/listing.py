"""The exhibits of a matter and who has each since when; and one of them, with all that is on record of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.operations.disclosure.redaction_checks import find_to_check
from alteram.operations.entries import enter
from alteram.operations.exhibits.deriving import may_copy
from alteram.operations.exhibits.telling import ABOUT, tell_exhibit, tell_exhibits
from alteram.web.doors import for_people, get_person


@require_safe
@for_people
def show_exhibits(request: HttpRequest, asking: Asking, matter: str) -> HttpResponse:
    """Show which side has which exhibit since when; what only one side has stands out."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    rows = tell_exhibits(entered, now=asking.now)
    context = {
        "matter": matter,
        "rows": rows,
        "tells_sides": entered.reader.sees_sides,
        "unseen": [one for one in rows if one.row.is_relied_on_unseen],
        "unequal": [one for one in rows if one.row.is_unequal and not one.row.is_relied_on_unseen],
    }
    return render(request, "web/exhibits/list.html", context)


@require_safe
@for_people
def show_one(request: HttpRequest, asking: Asking, matter: str, exhibit: str) -> HttpResponse:
    """Show an exhibit without opening its file: where it comes from, who had it, who has it, what was ruled."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    found = tell_exhibit(entered, exhibit, now=asking.now)
    closed = found.shown.may_open
    context = {
        "matter": matter,
        "exhibit": exhibit,
        "shown": found.shown,
        "told": found.told,
        "claims": found.shown.entry.claims,
        "has_file": found.shown.row.lodged.act.digest is not None,
        "closed": closed if isinstance(closed, Refused) else None,
        "custody": found.find_about("custody.recorded", "exhibit.quarantined"),
        "withheld": found.find_about("exhibit.withheld"),
        "challenges": found.find_about("exhibit.challenged", "misrepresentation.claimed"),
        "rulings": found.find_about("exhibit.ruled"),
        "checks": found.find_about("redaction.checked"),
        "made": found.shown.made_of_it,
        "may_copy": may_copy(entered),
        "may_check": find_to_check(entered, exhibit) is not None,
        "acts": [(name, ABOUT[name]) for name in found.acts],
    }
    return render(request, "web/exhibits/exhibit.html", context)
