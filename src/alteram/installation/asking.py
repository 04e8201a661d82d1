"""Who asks, and of which organisation: worked out once for each request, before any page.

It decides nothing: whether somebody may is asked in `operations`. It only says who they are.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from alteram.bootstrap import Opened
from alteram.core.kernel.identifiers import PersonId
from alteram.installation.models import Membership
from alteram.installation.organisations import UnknownOrganisationError, get_organisation, read_now
from alteram.installation.visiting import note_visit
from alteram.operations.organisation import Organisation


@dataclass(frozen=True, slots=True)
class Asking:
    """An organisation, and the person who asks (None: somebody who is not known here)."""

    opened: Opened
    name: str
    title: str
    person: PersonId | None
    zone: tzinfo

    @property
    def organisation(self) -> Organisation:
        """Return the organisation at work."""
        return self.opened.organisation

    @property
    def now(self) -> datetime:
        """Return the present, in whole seconds."""
        return read_now().replace(microsecond=0)


class AskingMiddleware:
    """Sets `request.asking` where the address names an organisation, and shows times in its time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Go round what answers."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        timezone.deactivate()
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], arguments: Any, keywords: dict[str, Any]
    ) -> None:
        """Work out who asks. An organisation that is not here is a page that is not here."""
        del view, arguments
        name = keywords.pop("organisation", None)
        if name is None:
            request.asking = None  # type: ignore[attr-defined]  # Django's request is open to additions
            return
        asking = build_asking(name, None)
        membership = _find_membership(request, name)
        if membership is not None and note_visit(request, membership, asking.organisation):
            asking = replace(asking, person=PersonId(membership.person))
        timezone.activate(asking.zone)
        request.asking = asking  # type: ignore[attr-defined]  # as above


def build_asking(name: str, person: PersonId | None) -> Asking:
    """Return what a request asks of an organisation. Raises: Http404 where there is none of this name."""
    try:
        opened = get_organisation(name)
    except UnknownOrganisationError as error:
        raise Http404 from error
    founded = opened.organisation.founding()
    zone = "UTC" if founded is None else founded.act.time_zone
    return Asking(opened, name, opened.organisation.title, person, ZoneInfo(zone))


def get_asking(request: HttpRequest) -> Asking:
    """Return what this request asks of an organisation. Raises: Http404 for an address that names none."""
    asking: Asking | None = getattr(request, "asking", None)
    if asking is None:
        raise Http404
    return asking


def _find_membership(request: HttpRequest, organisation: str) -> Membership | None:
    if not request.user.is_authenticated:
        return None
    found = Membership.objects.filter(account=request.user, organisation=organisation)
    return found.select_related("account").first()
