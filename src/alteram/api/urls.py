"""The addresses of the API."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path

from alteram.api.application import api
from alteram.api.document import PREFIX, show_calls, show_document
from alteram.api.problems import ProblemError, answer_not_found


def _telling_methods(pattern: URLPattern | URLResolver) -> URLPattern | URLResolver:
    """Return an address whose answer to a method that it does not take is a problem as well."""
    if isinstance(pattern, URLResolver):
        return pattern
    view: Callable[..., HttpResponse] = pattern.callback

    @wraps(view)
    def tell(request: HttpRequest, *arguments: Any, **keywords: Any) -> HttpResponse:
        response = view(request, *arguments, **keywords)
        if response.status_code == 405:
            return ProblemError(405, "method", headers={"Allow": response.headers["Allow"]}).answer()
        return response

    return URLPattern(pattern.pattern, tell, pattern.default_args, pattern.name)


_patterns, _app, _namespace = api.urls
_calls = [_telling_methods(one) for one in _patterns if getattr(one, "name", "") != "api-root"]

urlpatterns: list[URLPattern | URLResolver] = [
    path(PREFIX, show_calls, name="api-calls"),
    path(f"{PREFIX}openapi.json", show_document, name="api-document"),
    path(PREFIX, include((_calls, _app), namespace=_namespace)),
    re_path(rf"^{PREFIX}", answer_not_found, name="api-nothing"),
]
