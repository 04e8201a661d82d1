"""Letting somebody in again who lost every way of signing in: one who holds an office asks, another agrees."""

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alteram.core.kernel.identifiers import PersonId
from alteram.installation.asking import Asking
from alteram.installation.models import Membership
from alteram.installation.recovery import (
    RecoveryRefused,
    agree_to_recovery,
    ask_as_operator,
    ask_recovery,
    find_recoveries,
    refuse_recovery,
)
from alteram.installation.setup_code import SetupCodeError, use_setup_code
from alteram.installation.sign_in_models import Recovery
from alteram.operations.roll import find_offices, find_roll_as_officer, is_on_roll
from alteram.web.doors import for_anyone, for_people, get_person, require_recent
from alteram.web.members.forms import OperatorRecoveryForm, RecoveryForm

_WHY: Final = {
    "own": gettext_lazy(
        "Nobody asks for themselves, or agrees for themselves. Somebody else who holds an office must."
    ),
    "same": gettext_lazy("You asked for it yourself. A second person who holds an office must agree."),
    "settled": gettext_lazy("It is settled already."),
    "taken": gettext_lazy("Somebody signs in with this address already. Give another address of theirs."),
    "open": gettext_lazy(
        "It was asked already, with another address. Look at that first, and refuse it if it is wrong."
    ),
    "unknown": gettext_lazy("This person has no account. Invite them on the page of members."),
}


@require_safe
@for_people
def show_recoveries(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show what was asked, and what became of it; to who holds no office, only what anybody may object to."""
    is_officer = bool(find_offices(asking.organisation, get_person(asking)))
    found = [one for one in find_recoveries(asking.name) if is_officer or one.ready_at is not None]
    if not is_officer and not (found and _may_object(asking, found)):
        raise Http404
    context = {
        "is_officer": is_officer,
        "open": [one for one in found if one.settled_at is None],
        "settled": [one for one in found if one.settled_at is not None],
        "me": get_person(asking),
        "people": Membership.objects.filter(organisation=asking.name)
        .order_by("person")
        .values_list("person", flat=True),
    }
    return render(request, "web/members/recoveries.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def ask(request: HttpRequest, asking: Asking, member: str) -> HttpResponse:
    """Ask that somebody be let in again."""
    roll = find_roll_as_officer(asking.organisation, get_person(asking))
    if member not in roll.people:
        raise Http404
    prove = require_recent(request)
    if prove is not None and request.method == "GET":
        return redirect(prove)
    known = Membership.objects.filter(organisation=asking.name, person=member).select_related("account").first()
    form = RecoveryForm(request.POST or None, initial={"email": known.account.email if known else ""})
    if prove is None and request.method == "POST" and form.is_valid():
        try:
            ask_recovery(asking.name, PersonId(member), by=get_person(asking), **form.cleaned_data)
        except RecoveryRefused as refused:
            form.add_error(None, str(_WHY[refused.why]))
        else:
            messages.success(request, _("It is asked. A second person who holds an office must agree now."))
            return redirect("recoveries", organisation=asking.name)
    context = {"member": member, "form": form, "prove": prove}
    return render(request, "web/members/ask_recovery.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_people
def agree(request: HttpRequest, asking: Asking, recovery: int) -> HttpResponse:
    """Agree, as the second: the old ways in end, and a link goes out."""
    find_roll_as_officer(asking.organisation, get_person(asking))
    prove = require_recent(request)
    if prove is not None:
        return redirect(prove.partition("?")[0] + f"?next=/{asking.name}/recoveries/")
    return _settle(
        request,
        asking,
        lambda: agree_to_recovery(asking.name, asking.title, recovery, by=get_person(asking), at=asking.now),
        _("It is agreed. A link is on its way, and the old ways of signing in are gone."),
    )


@require_POST
@for_people
def refuse(request: HttpRequest, asking: Asking, recovery: int) -> HttpResponse:
    """Refuse: nothing changes."""
    find_roll_as_officer(asking.organisation, get_person(asking))
    return _settle(
        request,
        asking,
        lambda: refuse_recovery(asking.name, recovery, by=get_person(asking), at=asking.now),
        _("It is refused. Nothing changed."),
    )


@require_POST
@for_people
def object_to(request: HttpRequest, asking: Asking, recovery: int) -> HttpResponse:
    """Object, as anybody on the roll may, to what whoever runs the machine asked for: nothing changes."""
    person = get_person(asking)
    known = [one for one in find_recoveries(asking.name) if one.pk == recovery and one.ready_at is not None]
    if not known or not _may_object(asking, known):
        raise Http404
    return _settle(
        request,
        asking,
        lambda: refuse_recovery(asking.name, recovery, by=person, at=asking.now),
        _("You objected, which is kept. Nothing changed."),
    )


@require_http_methods(["GET", "POST"])
@for_anyone
def ask_for_operator(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Ask it as whoever runs the machine and can read the setup code there; everybody is told, and can object."""
    form = OperatorRecoveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            with use_setup_code(given["code"]):
                ask_as_operator(
                    asking.name,
                    asking.title,
                    PersonId(given["person"]),
                    email=given["email"],
                    reason=given["reason"],
                    at=asking.now,
                )
        except SetupCodeError:
            form.add_error("code", _("This is not the setup code. It stands where the program was started."))
        except RecoveryRefused as refused:
            form.add_error(None, str(_WHY[refused.why]))
        else:
            return render(request, "web/members/operator_asked.html")
    context = {"form": form}
    return render(request, "web/members/operator_recovery.html", context, status=422 if form.is_bound else 200)


def _may_object(asking: Asking, to: list[Recovery]) -> bool:
    person = get_person(asking)
    return is_on_roll(asking.organisation, person) or any(one.person == person for one in to)


def _settle(request: HttpRequest, asking: Asking, settle: Any, told: str) -> HttpResponse:
    try:
        settle()
    except RecoveryRefused as refused:
        if refused.why == "unknown":
            raise Http404 from refused
        messages.error(request, str(_WHY[refused.why]))
    else:
        messages.success(request, told)
    return redirect("recoveries", organisation=asking.name)
