"""The doors of pages: who must have signed in before a view is entered. Whether they may is asked in `operations`.

A view behind a door is given the request, what is asked and by whom, then the parts of the address.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from alteram.core.kernel.identifiers import PersonId
from alteram.installation.asking import Asking, get_asking
from alteram.operations.questions import UnknownMatterError

View = Callable[..., HttpResponse]


def for_people(view: View) -> View:
    """Let in who has signed in and is somebody in this organisation; anybody else signs in first, or finds nothing.

    A matter that is not there and one that is not open to them are the same page.
    """

    @wraps(view)
    def enter(request: HttpRequest, **keywords: Any) -> HttpResponse:
        asking = get_asking(request)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if asking.person is None:
            raise Http404
        return _answer(view, request, asking, **keywords)

    return enter


def for_anyone(view: View) -> View:
    """Let in anybody, known or not."""

    @wraps(view)
    def enter(request: HttpRequest, **keywords: Any) -> HttpResponse:
        return _answer(view, request, get_asking(request), **keywords)

    return enter


def get_person(asking: Asking) -> PersonId:
    """Return who asks. Raises: Http404 where nobody known does, which `for_people` has ruled out."""
    if asking.person is None:
        raise Http404
    return asking.person


def _answer(view: View, request: HttpRequest, asking: Asking, **keywords: Any) -> HttpResponse:
    try:
        return view(request, asking, **keywords)
    except UnknownMatterError as error:
        raise Http404 from error
