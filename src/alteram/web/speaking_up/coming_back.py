"""Who came back with a phrase: a cookie that holds the derived name and nothing else, for twenty minutes at a time."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from alteram.core.kernel.identifiers import PersonId
from alteram.installation.asking import Asking, get_asking
from alteram.operations.questions import UnknownMatterError

COOKIE: Final = "reporter"
MINUTES: Final = 20

_Response = TypeVar("_Response", bound=HttpResponseBase)
View = Callable[..., HttpResponseBase]


def remember(response: _Response, asking: Asking, reporter: PersonId) -> _Response:
    """Let a response carry who came back, for a while from now on."""
    response.set_signed_cookie(
        COOKIE,
        reporter,
        salt=_salt(asking),
        max_age=MINUTES * 60,
        path=_path(asking),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def forget(response: HttpResponse, asking: Asking) -> HttpResponse:
    """Let the browser forget who came back, and what it kept of these pages."""
    response.delete_cookie(COOKIE, path=_path(asking), samesite="Strict")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def find_reporter(request: HttpRequest, asking: Asking) -> PersonId | None:
    """Return who came back in this browser, if somebody did."""
    found = request.get_signed_cookie(COOKIE, default=None, salt=_salt(asking), max_age=MINUTES * 60)
    return None if found is None else PersonId(found)


def for_reporters(view: View) -> View:
    """Let in who came back with a phrase; anybody else is asked for theirs. The time begins again with each page."""

    @wraps(view)
    def enter(request: HttpRequest, **keywords: Any) -> HttpResponseBase:
        asking = get_asking(request)
        reporter = find_reporter(request, asking)
        if reporter is None:
            return redirect("come-back", organisation=asking.name)
        try:
            response = view(request, asking, reporter, **keywords)
        except UnknownMatterError as error:
            raise Http404 from error
        return response if COOKIE in response.cookies else remember(response, asking, reporter)

    return enter


def _salt(asking: Asking) -> str:
    return f"alteram.speak-up.{asking.name}"


def _path(asking: Asking) -> str:
    return reverse("speak-up", kwargs={"organisation": asking.name})
