"""What goes wrong before a call is reached, such as a host that this installation does not have."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from alteram.api.document import PREFIX
from alteram.api.problems import ProblemError

_KINDS: Final = {400: "malformed", 500: "fault"}


class UnreachedMiddleware:
    """Answers it with a problem, as calls answer, where pages would be shown one of theirs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Go round what answers."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        response = self._get_response(request)
        kind = _KINDS.get(response.status_code)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if kind is None or not is_page or not request.path_info.startswith(f"/{PREFIX}"):
            return response
        return ProblemError(response.status_code, kind).answer()
