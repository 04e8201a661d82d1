"""The feed of when something is due: without names, matters or acts, because calendars are copied to other servers."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from icalendar import Calendar, Event

from alteram.installation.asking import Asking
from alteram.installation.calendar_feeds import find_feed_made_at, find_feed_owner, make_feed, revoke_feed
from alteram.operations.due_times import DueTime, find_due_times
from alteram.web.doors import for_anyone, for_people, get_person

_HOUR: Final = timedelta(hours=1)


@require_http_methods(["GET", "POST"])
@for_people
def show_calendar(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Show whether there is a feed; make one, and show its address this once; or revoke it."""
    person = get_person(asking)
    address = None
    match request.POST.get("do"):
        case "make":
            secret = make_feed(asking.name, person)
            path = reverse("calendar-feed", kwargs={"organisation": asking.name, "secret": secret})
            address = f"{settings.PLACES.address}{path}"
        case "revoke":
            revoke_feed(asking.name, person)
            messages.success(request, _("The address is revoked. Whoever asks it from now on is told nothing."))
            return redirect("calendar", organisation=asking.name)
        case _:
            pass
    made_at = find_feed_made_at(asking.name, person)
    return render(request, "web/calendars/calendar.html", {"made_at": made_at, "address": address})


@require_safe
@for_anyone
def send_feed(request: HttpRequest, asking: Asking, secret: str) -> HttpResponse:
    """Send the feed that a secret opens. One that is wrong or revoked opens nothing."""
    del request
    owner = find_feed_owner(asking.name, secret)
    if owner is None:
        raise Http404
    due = find_due_times(asking.organisation, owner, salt=secret)
    response = HttpResponse(_build_calendar(asking, due).to_ical(), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="due.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _build_calendar(asking: Asking, due: tuple[DueTime, ...]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Alteram//due//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    address = f"{settings.PLACES.address}{reverse('my-matters', kwargs={'organisation': asking.name})}"
    for one in due:
        event = Event()
        event.add("uid", f"{one.mark}@alteram.invalid")
        event.add("dtstamp", asking.now)
        event.add("dtstart", one.at - _HOUR)
        event.add("dtend", one.at)
        event.add("summary", _("Something is due"))
        event.add("url", address)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar
