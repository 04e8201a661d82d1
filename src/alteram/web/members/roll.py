"""The roll: who belongs, what they are called, whether they can sign in; people added, and invited again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.founding import Invited
from alteram.installation.members import (
    add_people,
    build_rows,
    correct_member,
    find_member,
    find_members,
    find_taken,
    invite_member,
)
from alteram.operations.roll import find_roll
from alteram.web.doors import for_people, get_person
from alteram.web.founding.forms import PeopleForm
from alteram.web.members.forms import DirectoryForm

_ON_A_PAGE = 100


@require_safe
@for_people
def show_members(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show the roll, a page at a time."""
    wanted = request.GET.get("q", "").strip().lower()[:100]
    roll, people = find_members(asking, get_person(asking), wanted)
    page = Paginator(people, _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"roll": roll, "page": page, "rows": build_rows(asking.name, roll, list(page.object_list)), "q": wanted}
    return render(request, "web/members/members.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def add_members(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Take a list of people: record who is new, note what all are called, and send links to those who have none."""
    person = get_person(asking)
    find_roll(asking.organisation, person)
    form = PeopleForm(request.POST or None, request.FILES or None)
    refused: Refused | None = None
    if request.method == "POST" and form.is_valid() and _is_usable(asking, form):
        added = add_people(asking, form.found, person)
        if added.waits:
            messages.warning(request, _("It waits for another who holds an office to agree."))
            return redirect("agreements", organisation=asking.name)
        refused = added.refused
        if refused is None:
            _tell_added(request, added.joined, added.invited)
            return redirect("members", organisation=asking.name)
    context = {"form": form, "refused": refused, "tried": form.is_bound}
    return render(request, "web/members/add.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@for_people
def show_member(request: HttpRequest, asking: Asking, member: str) -> HttpResponse:
    """Show what is known of a person, and correct it. Nothing of it is in the record."""
    row = find_member(asking, get_person(asking), member)
    initial = {"name": row.name, "email": row.email, "post": row.post}
    form = DirectoryForm(request.POST or None, initial=initial, has_account=row.has_account)
    if request.method == "POST" and form.is_valid():
        if correct_member(asking, row, **form.cleaned_data):
            messages.success(request, _("The directory is corrected."))
            return redirect("members", organisation=asking.name)
        form.add_error("email", _("Somebody else here signs in with this address."))
    context = {"row": row, "form": form}
    return render(request, "web/members/member.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_people
def invite_again(request: HttpRequest, asking: Asking, member: str) -> HttpResponse:
    """Send somebody a link, to their own address. Nobody else ever sees it."""
    sent = invite_member(asking, find_member(asking, get_person(asking), member))
    if sent is None:
        messages.error(request, _("There is no address to send a link to."))
    elif sent:
        messages.success(request, _("A link is on its way."))
    else:
        messages.error(request, _("No link was sent: mail does not leave, or too many were sent within the hour."))
    return redirect("members", organisation=asking.name)


def _is_usable(asking: Asking, form: PeopleForm) -> bool:
    """Say which address belongs to somebody else already."""
    for email, person in find_taken(asking.name, form.found):
        told = _("%(email)s is the address of %(person)s already.")
        form.add_error("people", told % {"email": email, "person": person})
    return form.is_valid()


def _tell_added(request: HttpRequest, new: int, invited: Invited) -> None:
    joined = ngettext("%(n)s person was added.", "%(n)s people were added.", new) % {"n": new}
    sent = ngettext("%(n)s link was sent.", "%(n)s links were sent.", invited.sent) % {"n": invited.sent}
    messages.success(request, f"{joined} {sent}")
    if invited.not_sent:
        told = _("No letter could be sent to: %(people)s.")
        messages.error(request, told % {"people": ", ".join(invited.not_sent)})
