"""The roll: who belongs, what they are called, whether they can sign in; people added, and invited again."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from alteram.core.acts import MemberJoined
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.asking import Asking
from alteram.installation.awaiting import await_another, waits_for_another
from alteram.installation.founding import Invited, enter_person, invite_people, is_free
from alteram.installation.invitations import mail_link
from alteram.installation.models import DirectoryEntry, Membership
from alteram.installation.people_lists import ListedPerson
from alteram.operations.perform import perform
from alteram.operations.roll import RollView, find_roll
from alteram.web.doors import for_people, get_person
from alteram.web.founding.forms import PeopleForm
from alteram.web.members.forms import DirectoryForm

_ON_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A person of the roll, with what the installation knows of them."""

    person: PersonId
    name: str
    email: str
    offices: tuple[str, ...]
    has_account: bool
    has_been_here: bool


@require_safe
@for_people
def show_members(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show the roll, a page at a time."""
    roll = find_roll(asking.organisation, get_person(asking))
    wanted = request.GET.get("q", "").strip().lower()[:100]
    named = _find_named(asking, wanted) if wanted else frozenset()
    people = [one for one in roll.people if not wanted or wanted in one or one in named]
    page = Paginator(people, _ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"roll": roll, "page": page, "rows": _build_rows(asking, roll, list(page.object_list)), "q": wanted}
    return render(request, "web/members/members.html", context)


@require_http_methods(["GET", "POST"])
@for_people
def add_members(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Take a list of people: record who is new, note what all are called, and send links to those who have none."""
    person = get_person(asking)
    roll = find_roll(asking.organisation, person)
    form = PeopleForm(request.POST or None, request.FILES or None)
    refused: Refused | None = None
    if request.method == "POST" and form.is_valid() and _is_usable(asking, form):
        new = tuple(one.person for one in form.found if one.person not in roll.members)
        act = MemberJoined(people=new)
        done = perform(asking.organisation, ORGANISATION_STREAM, act, person) if new else None
        if done is None or done:
            _tell_added(request, len(new), invite_people(asking.name, asking.title, _without_account(asking, form)))
            return redirect("members", organisation=asking.name)
        refused = done.ruling if isinstance(done.ruling, Refused) else None
        if waits_for_another(refused):
            await_another(asking.name, act, form.found, person)
            messages.warning(request, _("It waits for another who holds an office to agree."))
            return redirect("agreements", organisation=asking.name)
    context = {"form": form, "refused": refused, "tried": form.is_bound}
    return render(request, "web/members/add.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@for_people
def show_member(request: HttpRequest, asking: Asking, member: str) -> HttpResponse:
    """Show what is known of a person, and correct it. Nothing of it is in the record."""
    roll, who = _find_on_roll(asking, member)
    entry = DirectoryEntry.objects.filter(organisation=asking.name, person=who).first()
    row = _build_rows(asking, roll, [who])[0]
    initial = {"name": row.name, "email": row.email, "post": entry.post if entry else ""}
    form = DirectoryForm(request.POST or None, initial=initial, has_account=row.has_account)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data.get("email", "")
        if email and not is_free(asking.name, email):
            form.add_error("email", _("Somebody else here signs in with this address."))
        else:
            changed = {"name": form.cleaned_data["name"], "post": form.cleaned_data["post"]}
            told = {**changed, "email": email} if not row.has_account else changed
            DirectoryEntry.objects.update_or_create(organisation=asking.name, person=who, defaults=told)
            messages.success(request, _("The directory is corrected."))
            return redirect("members", organisation=asking.name)
    context = {"row": row, "form": form}
    return render(request, "web/members/member.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_people
def invite_again(request: HttpRequest, asking: Asking, member: str) -> HttpResponse:
    """Send somebody a link, to their own address. Nobody else ever sees it."""
    roll, who = _find_on_roll(asking, member)
    row = _build_rows(asking, roll, [who])[0]
    account = enter_person(asking.name, ListedPerson(who, email=row.email))
    if account is None:
        messages.error(request, _("There is no address to send a link to."))
    elif mail_link(account, organisation=asking.title):
        messages.success(request, _("A link is on its way."))
    else:
        messages.error(request, _("No link was sent: mail does not leave, or too many were sent within the hour."))
    return redirect("members", organisation=asking.name)


def _find_on_roll(asking: Asking, member: str) -> tuple[RollView, PersonId]:
    roll = find_roll(asking.organisation, get_person(asking))
    if member not in roll.people:
        raise Http404
    return roll, PersonId(member)


def _build_rows(asking: Asking, roll: RollView, people: list[PersonId]) -> list[Row]:
    known = {one.person: one for one in DirectoryEntry.objects.filter(organisation=asking.name, person__in=people)}
    accounts = {
        one.person: one.account
        for one in Membership.objects.filter(organisation=asking.name, person__in=people).select_related("account")
    }
    rows = []
    for person in people:
        entry, account = known.get(person), accounts.get(person)
        email = account.email if account is not None else entry.email if entry else ""
        been = account is not None and account.last_login is not None
        rows.append(Row(person, entry.name if entry else "", email, roll.offices_of(person), account is not None, been))
    return rows


def _find_named(asking: Asking, wanted: str) -> frozenset[str]:
    """Return who has this in what they are called, or in their address."""
    like = Q(name__icontains=wanted) | Q(email__icontains=wanted)
    found = DirectoryEntry.objects.filter(like, organisation=asking.name)
    return frozenset(found.values_list("person", flat=True))


def _without_account(asking: Asking, form: PeopleForm) -> list[ListedPerson]:
    """Note what those are called who have an account; return the rest, who are to be invited."""
    people = [one.person for one in form.found]
    known = set(Membership.objects.filter(organisation=asking.name, person__in=people).values_list("person", flat=True))
    for one in form.found:
        if one.person in known:
            enter_person(asking.name, one)
    return [one for one in form.found if one.person not in known]


def _is_usable(asking: Asking, form: PeopleForm) -> bool:
    """Say which address belongs to somebody else already."""
    emails = {one.email.lower(): one.person for one in form.found if one.email}
    members = Membership.objects.filter(organisation=asking.name, account__email__in=[*emails])
    for one in members.select_related("account"):
        if emails[one.account.email.lower()] != one.person:
            told = _("%(email)s is the address of %(person)s already.")
            form.add_error("people", told % {"email": one.account.email, "person": one.person})
    return form.is_valid()


def _tell_added(request: HttpRequest, new: int, invited: Invited) -> None:
    joined = ngettext("%(n)s person was added.", "%(n)s people were added.", new) % {"n": new}
    sent = ngettext("%(n)s link was sent.", "%(n)s links were sent.", invited.sent) % {"n": invited.sent}
    messages.success(request, f"{joined} {sent}")
    if invited.not_sent:
        told = _("No letter could be sent to: %(people)s.")
        messages.error(request, told % {"people": ", ".join(invited.not_sent)})
