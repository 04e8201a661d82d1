"""Work that is done once the answer has gone out, so that how long an answer takes tells nothing.

An answer to "send me a link" takes as long for an address that nobody has as for one that somebody has.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

_KEPT = "alteram_afterwards"


def do_afterwards(request: HttpRequest, work: Callable[[], object]) -> None:
    """Do something when the answer to this request has gone out. What it raises is for the web server's log."""
    if not hasattr(request, _KEPT):
        setattr(request, _KEPT, [])
    language = translation.get_language()

    def do() -> None:
        # By then it may be another thread, in which somebody else's language is spoken.
        with translation.override(language):
            work()

    getattr(request, _KEPT).append(do)


class AfterwardsMiddleware:
    """Hands the work to the answer: a web server closes it when it was sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Go round what answers."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and see to the rest later."""
        response = self._get_response(request)
        closers = response._resource_closers  # type: ignore[attr-defined]  # as Django does with open files
        closers.extend(getattr(request, _KEPT, []))
        return response
