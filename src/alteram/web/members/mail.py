"""Letters to people of the organisation that have not left: what is stuck, since when, why, and what can be done."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from alteram.installation.asking import Asking
from alteram.installation.machine import examine_machine
from alteram.installation.models import Membership
from alteram.installation.outgoing import OutgoingLetter, drop_letter, find_stuck, try_again
from alteram.operations.roll import find_roll_as_officer
from alteram.web.doors import for_people, get_person

_MOST: Final = 500
_WHAT: Final[dict[str, str | Promise]] = {
    OutgoingLetter.LINK: gettext_lazy("A link to sign in"),
    OutgoingLetter.RECOVERED: gettext_lazy("That their ways of signing in were replaced"),
    OutgoingLetter.OBJECT: gettext_lazy("That somebody is to be let in again"),
    OutgoingLetter.KEY: gettext_lazy("That the key that signs for them was changed"),
}
_WHY: Final[dict[str, str | Promise]] = {
    "": gettext_lazy("Not tried yet."),
    "SMTPRecipientsRefused": gettext_lazy("The mail server refuses this address. Look whether it is right."),
    "SMTPAuthenticationError": gettext_lazy("The mail server does not know us. Whoever runs the machine must mend it."),
    "AccountClosed": gettext_lazy("The account is closed."),
}


@dataclass(frozen=True, slots=True)
class Stuck:
    """A letter that has not left."""

    number: int
    person: str
    to: str
    what: str | Promise
    why: str | Promise
    since: datetime
    tries: int
    is_given_up: bool
    is_link: bool


@require_safe
@for_people
def show_mail(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show what is stuck, to whoever holds an office."""
    find_roll_as_officer(asking.organisation, get_person(asking))
    found = find_stuck(asking.name).select_related("account")
    rows = list(found[:_MOST])
    people = dict(
        Membership.objects.filter(
            organisation=asking.name, account__in=[one.account_id for one in rows if one.account_id]
        ).values_list("account_id", "person")
    )
    context = {
        "stuck": [_read(one, people.get(one.account_id or 0, "")) for one in rows],
        "count": found.count(),
        "machine": examine_machine(asking.name),
    }
    return render(request, "web/members/mail.html", context)


@require_POST
@for_people
def send_again(request: HttpRequest, asking: Asking, number: int) -> HttpResponse:
    """Let one be sent again now."""
    find_roll_as_officer(asking.organisation, get_person(asking))
    if not try_again(asking.name, number):
        raise Http404
    messages.success(request, _("It is tried again within a moment."))
    return redirect("mail", organisation=asking.name)


@require_POST
@for_people
def drop(request: HttpRequest, asking: Asking, number: int) -> HttpResponse:
    """Send one no more. One that warns somebody is not dropped: it is theirs to read."""
    find_roll_as_officer(asking.organisation, get_person(asking))
    if not drop_letter(asking.name, number):
        raise Http404
    messages.success(request, _("It is not sent any more."))
    return redirect("mail", organisation=asking.name)


def _read(row: OutgoingLetter, person: str) -> Stuck:
    to = row.to or (row.account.email if row.account is not None else "")
    why = _WHY.get(row.problem, gettext_lazy("The mail server could not be reached, or did not take it."))
    what = _WHAT.get(row.kind, row.kind)
    return Stuck(
        row.pk, person, to, what, why, row.made_at, row.tries, row.given_up_at is not None, row.kind == row.LINK
    )
