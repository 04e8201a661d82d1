"""Acts that wait for a second person: another who holds an office agrees, then whoever asked records the act."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from alteram.core.kernel.outcomes import Refused
from alteram.installation import agreeing
from alteram.installation.agreeing import find_waiting, get_awaited, record_agreed
from alteram.installation.asking import Asking
from alteram.installation.awaiting import forget_awaited
from alteram.web.doors import for_people, get_person, require_recent
from alteram.web.saying import say
from alteram.web.wording import tell_act


@require_safe
@for_people
def show_agreements(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show what waits."""
    return render(request, "web/members/agreements.html", {"waiting": find_waiting(asking, get_person(asking))})


@require_POST
@for_people
def agree(request: HttpRequest, asking: Asking, number: int) -> HttpResponse:
    """Agree to just this act, by an act of one's own."""
    awaited = get_awaited(asking, get_person(asking), number)
    if (prove := require_recent(request)) is not None:
        return redirect(prove.partition("?")[0] + f"?next=/{asking.name}/agreements/")
    done = agreeing.agree(asking, awaited, get_person(asking))
    if isinstance(done.ruling, Refused):
        messages.error(request, say(done.ruling.because))
    else:
        messages.success(request, _("You agreed, which is recorded. Whoever asked can now record the act."))
    return redirect("agreements", organisation=asking.name)


@require_POST
@for_people
def record(request: HttpRequest, asking: Asking, number: int) -> HttpResponse:
    """Record the act, by whoever asked for it, once another has agreed."""
    awaited = get_awaited(asking, get_person(asking), number, own=True)
    if (prove := require_recent(request)) is not None:
        return redirect(prove.partition("?")[0] + f"?next=/{asking.name}/agreements/")
    done = record_agreed(asking, awaited)
    if isinstance(done.ruling, Refused):
        messages.error(request, say(done.ruling.because))
    else:
        told = _("Recorded: %(act)s, entry %(seq)s.") % {"act": tell_act(awaited.name), "seq": done.seq}
        messages.success(request, told)
    return redirect("agreements", organisation=asking.name)


@require_POST
@for_people
def withdraw(request: HttpRequest, asking: Asking, number: int) -> HttpResponse:
    """Give it up, by whoever asked."""
    forget_awaited(asking.name, get_awaited(asking, get_person(asking), number, own=True).number)
    messages.success(request, _("It is withdrawn. Nothing was recorded."))
    return redirect("agreements", organisation=asking.name)
