"""The steps of founding, each a page that can be gone back to."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from alteram.adapters.rulebooks import load_rulebook, shipped_names
from alteram.bootstrap.rulebooks import read_rulebook
from alteram.core.kernel.errors import AlteramError
from alteram.installation.founding import found_organisation
from alteram.installation.invitations import mail_test
from alteram.installation.organisations import find_folders
from alteram.web.founding.days import DaysForm
from alteram.web.founding.draft import OWN_FILE, Draft, begin_draft, drop_draft, keep_draft, read_code, read_draft
from alteram.web.founding.forms import (
    CodeForm,
    OfficesForm,
    OrganisationForm,
    PeopleForm,
    RulebookForm,
    TestMailForm,
)
from alteram.web.rulebook.choosing import CHOOSING, find_choosing, write_choices

Step = Callable[[HttpRequest, Draft], HttpResponse]
_STEPS: Final = (
    ("found-organisation", gettext_lazy("The organisation")),
    ("found-rulebook", gettext_lazy("Its rules")),
    ("found-standards", gettext_lazy("Standards")),
    ("found-people", gettext_lazy("Its people")),
    ("found-offices", gettext_lazy("Offices and bodies")),
    ("found-mail", gettext_lazy("Mail")),
    ("found-check", gettext_lazy("Look over it, and found it")),
)


def _with_draft(view: Step) -> Callable[..., HttpResponse]:
    """Let in whoever showed the setup code."""

    @wraps(view)
    @require_http_methods(["GET", "POST"])
    def enter(request: HttpRequest) -> HttpResponse:
        draft = read_draft(request)
        return redirect("found") if draft is None else view(request, draft)

    return enter


@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Ask for the setup code."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        begin_draft(request, form.cleaned_data["code"])
        return redirect("found-organisation")
    context = {"form": form, "is_first": next(find_folders(), None) is None}
    return render(request, "web/founding/begin.html", context, status=422 if form.is_bound else 200)


@_with_draft
def ask_organisation(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Ask what the organisation is, and who founds it."""
    names = ("name", "organisation", "kind", "jurisdiction", "time_zone", "founder", "founder_name", "founder_email")
    form = OrganisationForm(request.POST or None, initial={name: getattr(draft, name) for name in names})
    if request.method == "POST" and form.is_valid():
        for name in names:
            setattr(draft, name, form.cleaned_data[name])
        keep_draft(request, draft)
        return redirect("found-rulebook")
    return _show(request, "organisation", form)


@_with_draft
def ask_rulebook(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Ask which rules it has, and show the prose of those that ship."""
    chosen = "own" if draft.own else draft.shipped
    form = RulebookForm(request.POST or None, request.FILES or None, initial={"choice": chosen, "text": draft.own})
    days = DaysForm(request.POST or None, initial={"country": draft.find_country(), "subdivision": draft.subdivision})
    if request.method == "POST" and form.is_valid() and (days.is_valid() or form.cleaned_data["choice"] == "own"):
        is_own = form.cleaned_data["choice"] == "own"
        draft.country = "" if is_own else days.cleaned_data["country"]
        draft.subdivision = "" if is_own else days.cleaned_data["subdivision"]
        shipped = "" if is_own else form.cleaned_data["choice"]
        draft.rewritten = draft.rewritten if shipped and shipped == draft.shipped else ""
        draft.shipped = shipped
        draft.own = form.cleaned_data["text"] if is_own else ""
        keep_draft(request, draft)
        return redirect("found-standards")
    shipped = [(name, load_rulebook(name)) for name in shipped_names("rulebooks")]
    return _show(request, "rulebook", form, shipped=shipped, days=days)


@_with_draft
def ask_standards(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Ask which published standards the rules build on, and what holds where they conflict."""
    text = draft.find_text()
    if not text:
        return redirect("found-rulebook")
    if request.method == "POST":
        written = write_choices(request.POST, text)
        if written != text:
            draft.keep_text(text := written)
            keep_draft(request, draft)
        if request.POST.get("do") in CHOOSING:
            return redirect("found-standards")
    unfit: AlteramError | None = None
    try:
        read_rulebook(text.encode(), OWN_FILE)
    except AlteramError as error:
        unfit = error
    if request.method == "POST" and unfit is None:
        return redirect("found-people")
    response = _show(request, "standards", None, choosing=find_choosing(text), unfit=unfit)
    response.status_code = 422 if request.method == "POST" else 200
    return response


@_with_draft
def ask_people(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Ask who belongs to it."""
    form = PeopleForm(request.POST or None, request.FILES or None, initial={"people": draft.list_people()})
    if request.method == "POST" and form.is_valid():
        draft.people = form.cleaned_data["people"]
        keep_draft(request, draft)
        return redirect("found-offices")
    return _show(request, "people", form)


@_with_draft
def ask_offices(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Ask who holds which office and sits in which body."""
    rulebook = draft.find_rulebook()
    if rulebook is None:
        return redirect("found-rulebook")
    initial: dict[str, Any] = {f"office.{one}": person for one, person in draft.offices.items()}
    initial |= {f"body.{one}": sitting for one, sitting in draft.bodies.items()}
    people = draft.find_people()
    form = OfficesForm(rulebook, people, request.POST or None, initial=initial, founder=draft.founder)
    if request.method == "POST" and form.is_valid():
        draft.offices, draft.bodies = form.find_offices(), form.find_bodies()
        keep_draft(request, draft)
        return redirect("found-mail")
    return _show(request, "offices", form)


@_with_draft
def try_mail(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Say how mail leaves, and send a test message."""
    form = TestMailForm(request.POST or None, initial={"email": draft.founder_email})
    if request.method == "POST" and form.is_valid():
        problem = mail_test(form.cleaned_data["email"])
        if not problem:
            messages.success(request, _("The test message was handed over. Look whether it arrives."))
            return redirect("found-mail")
        form.add_error(None, _("It could not be sent: %(problem)s") % {"problem": problem})
    places = settings.PLACES
    return _show(request, "mail", form, by_server=bool(places.mail), folder=places.folder / "mail")


@_with_draft
def check(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Show all of it once more, and where the keys will be; found it when told to."""
    rulebook = draft.find_rulebook()
    if not draft.organisation or rulebook is None:
        return redirect("found-organisation" if not draft.organisation else "found-rulebook")
    known = {one.person for one in draft.find_people()}
    held = {person for sitting in (draft.offices.values(), *draft.bodies.values()) for person in sitting}
    problem: AlteramError | None = None
    gone = sorted(held - known)
    if request.method == "POST" and not gone:
        try:
            founded = found_organisation(draft.build_plan(rulebook), code=read_code(request))
        except AlteramError as error:
            problem = error
        else:
            drop_draft(request)
            return render(request, "web/founding/done.html", {"founded": founded, "draft": draft})
    context = {
        "draft": draft,
        "rulebook": rulebook,
        "people": draft.find_people(),
        "vacant": [one for one in rulebook.offices if one.id not in draft.offices],
        "empty": [one for one in rulebook.bodies if not one.all_members and one.id not in draft.bodies],
        "folder": settings.PLACES.home / draft.organisation,
        "problem": problem,
        "gone": gone,
        "other_zone": rulebook.calendar.time_zone if rulebook.calendar.time_zone != draft.time_zone else "",
    }
    return _show(request, "check", None, **context)


def _show(request: HttpRequest, step: str, form: Any, **more: Any) -> HttpResponse:
    context = {"steps": _STEPS, "here": f"found-{step}", "form": form, **more}
    status = 422 if form is not None and form.is_bound else 409 if more.get("problem") else 200
    return render(request, f"web/founding/{step}.html", context, status=status)
