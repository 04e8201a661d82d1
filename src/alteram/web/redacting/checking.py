"""A second person's check: each page of the exhibit beside that of the redaction, and what they say of it."""

from itertools import zip_longest

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alteram.core.acts import RedactionChecked, get_spec
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.sent_forms import draw_token
from alteram.operations.disclosure.redaction_checks import find_to_check, read_cuts
from alteram.operations.entries import Entered, enter
from alteram.operations.exhibits.opening import OpenedExhibit, open_exhibit
from alteram.operations.exhibits.viewing import view
from alteram.operations.perform import rule_on
from alteram.web.doors import for_people, get_person
from alteram.web.forms import ActForm, find_offers
from alteram.web.matters.queries import read_number

_SPEC = get_spec(RedactionChecked)


@require_safe
@for_people
def show_check(request: HttpRequest, asking: Asking, matter: str, exhibit: str) -> HttpResponse:
    """Show a redaction to who may check it, and the form; to who made it only why they may not."""
    entered = enter(asking.organisation, StreamId(matter), get_person(asking))
    act = find_to_check(entered, exhibit)
    if act is None:
        raise Http404
    original, redaction = _open(asking, entered, act.of), _open(asking, entered, exhibit)
    first = read_number(request, "from") or 0
    theirs, ours = view(original, first), view(redaction, first)
    ruling = rule_on(
        entered.organisation, entered.stream, RedactionChecked(exhibit=exhibit, agreed=True), entered.person
    )
    form = ActForm(_SPEC, find_offers(asking, entered.stream, _SPEC), zone=asking.zone)
    # Which one is known here, and two buttons say whether they agree: nobody objects by forgetting to tick a box.
    for known in ("exhibit", "agreed"):
        form.fields.pop(known)
    address = reverse("act", kwargs={"organisation": asking.name, "matter": matter, "act": _SPEC.name})
    context = {
        "matter": matter,
        "exhibit": exhibit,
        "act": act,
        "maker": redaction.stored.event.actor,
        "cuts": read_cuts(redaction.stored),
        "theirs": theirs,
        "ours": ours,
        "pairs": list(zip_longest(theirs.pages, ours.pages)) if theirs.kind == ours.kind == "pages" else [],
        "pages": ours.pages if ours.kind == "pages" else (),
        "answers": {one.get("index"): one for one in theirs.messages},
        "next": ours.next if ours.next is not None else theirs.next,
        "first": first,
        "refused": ruling if isinstance(ruling, Refused) else None,
        "spec": _SPEC,
        "form": form,
        "once": draw_token(),
        "action": f"{address}?a-exhibit={exhibit}",
    }
    return render(request, "web/redacting/check.html", context)


def _open(asking: Asking, entered: Entered, exhibit: str) -> OpenedExhibit:
    opened = open_exhibit(entered, exhibit, now=asking.now)
    if isinstance(opened, Refused):
        raise Http404
    return opened
