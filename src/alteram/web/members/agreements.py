"""Acts that wait for a second person: another who holds an office agrees, then whoever asked records the act."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alteram.core.acts import encode_fields
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import ORGANISATION_STREAM
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.awaiting import Awaited, find_awaited, forget_awaited
from alteram.installation.founding import invite_people
from alteram.operations.perform import perform, rule_on
from alteram.operations.roll import find_roll_as_officer
from alteram.web.doors import for_people, get_person, require_recent
from alteram.web.wording import say_in_english, tell_act


@dataclass(frozen=True, slots=True)
class Waiting:
    """An act that waits, and what would become of it if whoever asked recorded it now."""

    awaited: Awaited
    fields: tuple[tuple[str, Json], ...]
    is_mine: bool
    refused: Refused | None


@require_safe
@for_people
def show_agreements(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show what waits."""
    person = get_person(asking)
    find_roll_as_officer(asking.organisation, person)
    waiting = [_look_at(asking, one, is_mine=one.asked_by == person) for one in find_awaited(asking.name)]
    return render(request, "web/members/agreements.html", {"waiting": waiting})


@require_POST
@for_people
def agree(request: HttpRequest, asking: Asking, number: int) -> HttpResponse:
    """Agree to just this act, by an act of one's own."""
    awaited = _get(asking, number)
    if (prove := require_recent(request)) is not None:
        return redirect(prove.partition("?")[0] + f"?next=/{asking.name}/agreements/")
    done = perform(asking.organisation, ORGANISATION_STREAM, awaited.build_agreement(), get_person(asking))
    if isinstance(done.ruling, Refused):
        messages.error(request, say_in_english(done.ruling.because))
    else:
        messages.success(request, _("You agreed, which is recorded. Whoever asked can now record the act."))
    return redirect("agreements", organisation=asking.name)


@require_POST
@for_people
def record(request: HttpRequest, asking: Asking, number: int) -> HttpResponse:
    """Record the act, by whoever asked for it, once another has agreed."""
    awaited = _get(asking, number)
    if awaited.asked_by != get_person(asking):
        raise Http404
    if (prove := require_recent(request)) is not None:
        return redirect(prove.partition("?")[0] + f"?next=/{asking.name}/agreements/")
    done = perform(asking.organisation, ORGANISATION_STREAM, awaited.act, awaited.asked_by)
    if isinstance(done.ruling, Refused):
        messages.error(request, say_in_english(done.ruling.because))
        return redirect("agreements", organisation=asking.name)
    forget_awaited(asking.name, number)
    invite_people(asking.name, asking.title, awaited.people)
    told = _("Recorded: %(act)s, entry %(seq)s.") % {"act": tell_act(awaited.name), "seq": done.seq}
    messages.success(request, told)
    return redirect("agreements", organisation=asking.name)


@require_POST
@for_people
def withdraw(request: HttpRequest, asking: Asking, number: int) -> HttpResponse:
    """Give it up, by whoever asked."""
    awaited = _get(asking, number)
    if awaited.asked_by != get_person(asking):
        raise Http404
    forget_awaited(asking.name, number)
    messages.success(request, _("It is withdrawn. Nothing was recorded."))
    return redirect("agreements", organisation=asking.name)


def _get(asking: Asking, number: int) -> Awaited:
    find_roll_as_officer(asking.organisation, get_person(asking))
    found = find_awaited(asking.name, number)
    if not found:
        raise Http404
    return found[0]


def _look_at(asking: Asking, awaited: Awaited, *, is_mine: bool) -> Waiting:
    ruling = rule_on(asking.organisation, ORGANISATION_STREAM, awaited.act, awaited.asked_by, now=asking.now)
    fields = tuple((name, value) for name, value in encode_fields(awaited.act).items() if value not in (None, [], ""))
    return Waiting(awaited, fields, is_mine, ruling if isinstance(ruling, Refused) else None)
