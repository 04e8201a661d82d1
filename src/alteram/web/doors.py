"""The doors of pages: who must have signed in before a view is entered. Whether they may is asked in `operations`.

A view behind a door is given the request, what is asked and by whom, then the parts of the address.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode

from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import PersonId
from alteram.core.vault import OtherFileError
from alteram.installation.asking import Asking, get_asking
from alteram.installation.proving import proved_lately
from alteram.operations.exhibits.stored import DestroyedKeysError
from alteram.operations.questions import UnknownMatterError
from alteram.operations.signing import SigningError
from alteram.web.busy import BUSY, show_busy
from alteram.web.saying import say

View = Callable[..., HttpResponseBase]


def for_people(view: View) -> View:
    """Let in who has signed in and is somebody in this organisation; anybody else signs in first, or finds nothing.

    A matter that is not there and one that is not open to them are the same page. What cannot be stored or read just
    now is a page that asks to come back, where the view does not say so itself; what nothing here can sign, a page that
    says why.
    """

    @wraps(view)
    def enter(request: HttpRequest, **keywords: Any) -> HttpResponseBase:
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
    def enter(request: HttpRequest, **keywords: Any) -> HttpResponseBase:
        return _answer(view, request, get_asking(request), **keywords)

    return enter


def get_person(asking: Asking) -> PersonId:
    """Return who asks. Raises: Http404 where nobody known does, which `for_people` has ruled out."""
    if asking.person is None:
        raise Http404
    return asking.person


def require_recent(request: HttpRequest) -> str | None:
    """Return the address where who asks proves again who they are; None where they did so lately.

    A page that asks before a grave act goes there when it is opened. When it is sent, it says so beside what was
    written, so that nothing is lost and nothing is kept elsewhere.
    """
    if proved_lately(request):
        return None
    address = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
    return f"{address}?{urlencode({'next': request.get_full_path()})}"


def _answer(view: View, request: HttpRequest, asking: Asking, **keywords: Any) -> HttpResponseBase:
    try:
        return view(request, asking, **keywords)
    except UnknownMatterError as error:
        raise Http404 from error
    except BUSY:
        return show_busy(request)
    except DestroyedKeysError as error:
        return _tell(request, error, 410)
    except SigningError as error:
        return _tell(request, error, 409)
    except OtherFileError as error:
        return _tell(request, error, 500)


def _tell(request: HttpRequest, error: AlteramError, status: int) -> HttpResponseBase:
    return render(
        request, "web/error.html", {"problem": say(error.problem), "remedy": say(error.remedy)}, status=status
    )
