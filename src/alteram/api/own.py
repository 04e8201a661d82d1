"""One's own settings: how one is told, the calendar feed, tokens; and, for officers, webhooks.

A token is not made here: it would outlive the one that made it, and could be good for more.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Path, Router, Schema
from pydantic import Field

from alteram.api import shapes
from alteram.api.calling import BearerToken, Calling, Org, get_calling
from alteram.api.once import Key, answer, answer_once
from alteram.api.problems import ProblemError, misfit, not_found
from alteram.api.shapes import Answer, called
from alteram.installation.calendar_feeds import find_feed_made_at, make_feed, revoke_feed
from alteram.installation.notices import find_preference, keep_preference
from alteram.installation.reaching import UnreachableError
from alteram.installation.tokens import find_tokens, revoke_token
from alteram.installation.webhooks import MOST, find_webhooks, register, remove
from alteram.operations.telling import is_officer

router = Router(tags=["settings"], auth=BearerToken("settings"))
Handle = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="The open part of a token.")]
Webhook = Annotated[int, Path(ge=0, le=2**31 - 1, description="The number of a webhook.")]
_is_url = URLValidator(schemes=["https", "http"])


class Preference(shapes.Asked):
    """How one is told by e-mail: at once, once a day, or only of what waits on one."""

    how: Literal["at-once", "daily", "waiting"]


class Feed(Schema):
    """Since when there is a calendar feed (null: there is none)."""

    made_at: datetime | None


class NewFeed(Schema):
    """The address of a new calendar feed, told this once."""

    address: str


class Token(Schema):
    """A token of one's own that is not revoked."""

    handle: str
    name: str
    scopes: list[str]
    made_at: datetime
    expires_at: datetime
    last_used_on: date | None

    @staticmethod
    def resolve_scopes(token: object) -> list[str]:
        """Return them one by one."""
        return str(getattr(token, "scopes", "")).split()


class Tokens(Schema):
    """One's own tokens, the newest first."""

    tokens: list[Token]


class Address(shapes.Asked):
    """Where to tell."""

    url: Annotated[str, Field(max_length=500)]


class Registered(Schema):
    """A webhook."""

    number: int = called("pk")
    url: str
    person: str
    made_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_because: str


class Webhooks(Schema):
    """An organisation's webhooks, the newest first."""

    webhooks: list[Registered]


class NewWebhook(Schema):
    """A new webhook, and the secret that its events are signed with, told this once."""

    number: int
    secret: str


@router.get("/{org}/notices", response=Preference, operation_id="show_preference", summary="How I am told")
def show_preference(request: HttpRequest, org: Org) -> Answer:
    """Tell how one is told by e-mail that something was recorded or is due."""
    return {"how": find_preference(org, get_calling(request).person)}


@router.post("/{org}/notices", response=Preference, operation_id="keep_preference", summary="Change how I am told")
def keep(request: HttpRequest, org: Org, preference: Preference, key: Key = None) -> HttpResponse:
    """Change how one is told."""
    del key
    calling = get_calling(request)

    def do() -> HttpResponse:
        keep_preference(org, calling.person, preference.how)
        return answer(preference)

    return answer_once(request, calling.bearer, do)


@router.get("/{org}/calendar", response=Feed, operation_id="show_calendar", summary="My calendar feed")
def show_calendar(request: HttpRequest, org: Org) -> Feed:
    """Tell since when one has a calendar feed."""
    return Feed(made_at=find_feed_made_at(org, get_calling(request).person))


@router.post("/{org}/calendar", response={201: NewFeed}, operation_id="make_calendar", summary="Make a calendar feed")
def make_calendar(request: HttpRequest, org: Org, key: Key = None) -> HttpResponse:
    """Make a feed of when something is due, in the place of any other. Who has its address learns times only."""
    del key
    calling = get_calling(request)

    def do() -> HttpResponse:
        parts = {"organisation": org, "secret": make_feed(org, calling.person)}
        return answer(NewFeed(address=f"{settings.PLACES.address}{reverse('calendar-feed', kwargs=parts)}"), 201)

    return answer_once(request, calling.bearer, do)


@router.post("/{org}/calendar/revoke", response=shapes.Done, operation_id="revoke_calendar", summary="Revoke the feed")
def revoke_calendar(request: HttpRequest, org: Org, key: Key = None) -> HttpResponse:
    """Let the feed answer no more."""
    del key
    calling = get_calling(request)

    def do() -> HttpResponse:
        revoke_feed(org, calling.person)
        return answer(shapes.Done())

    return answer_once(request, calling.bearer, do)


@router.get("/{org}/tokens", response=Tokens, operation_id="list_tokens", summary="My tokens")
def list_tokens(request: HttpRequest, org: Org) -> Answer:
    """List one's own tokens that are not revoked. New ones are made on the page of tokens."""
    return {"tokens": find_tokens(org, get_calling(request).person)}


@router.post(
    "/{org}/tokens/{handle}/revoke",
    response=shapes.Done,
    auth=BearerToken(),
    operation_id="revoke_token",
    summary="Revoke a token",
)
def revoke(request: HttpRequest, org: Org, handle: Handle, key: Key = None) -> HttpResponse:
    """Revoke a token of one's own, for good. Any token may revoke itself; others need the scope `settings`."""
    del key
    calling = get_calling(request)
    if handle != calling.bearer.token.handle:
        calling.need("settings")

    def do() -> HttpResponse:
        if not revoke_token(org, calling.person, handle, now=calling.asking.now):
            raise not_found()
        return answer(shapes.Done())

    return answer_once(request, calling.bearer, do)


@router.get("/{org}/webhooks", response=Webhooks, operation_id="list_webhooks", summary="Webhooks")
def list_webhooks(request: HttpRequest, org: Org) -> Answer:
    """List the organisation's webhooks, to an officer."""
    _need_officer(request)
    return {"webhooks": find_webhooks(org)}


@router.post(
    "/{org}/webhooks", response={201: NewWebhook}, operation_id="register_webhook", summary="Register a webhook"
)
def register_webhook(request: HttpRequest, org: Org, address: Address, key: Key = None) -> HttpResponse:
    """Register an address to be told that something was recorded. Needs the scopes `settings` and `grave`."""
    del key
    calling = _need_officer(request)
    calling.need("grave")
    try:
        _is_url(address.url)
    except ValidationError as error:
        raise misfit("body.url", "no address") from error

    def do() -> HttpResponse:
        if len(find_webhooks(org)) >= MOST:
            raise ProblemError(409, "full", "Remove a webhook first.")
        try:
            webhook, secret = register(org, calling.person, address.url, now=calling.asking.now)
        except UnreachableError as error:
            raise misfit("body.url", error.problem) from error
        return answer(NewWebhook(number=webhook.pk, secret=secret), 201)

    return answer_once(request, calling.bearer, do)


@router.post(
    "/{org}/webhooks/{webhook}/remove", response=shapes.Done, operation_id="remove_webhook", summary="Remove a webhook"
)
def remove_webhook(request: HttpRequest, org: Org, webhook: Webhook, key: Key = None) -> HttpResponse:
    """Remove a webhook, with all that waits for it."""
    del key
    calling = _need_officer(request)

    def do() -> HttpResponse:
        if not remove(org, webhook):
            raise not_found()
        return answer(shapes.Done())

    return answer_once(request, calling.bearer, do)


def _need_officer(request: HttpRequest) -> Calling:
    calling = get_calling(request)
    if not is_officer(calling.asking.organisation, calling.person):
        raise not_found()
    return calling
