"""Doing what is asked once, however often it is asked with the same Idempotency-Key."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from alteram.api.calling import Calling
from alteram.api.problems import CONTENT_TYPE, ProblemError, misfit
from alteram.installation.answers import AtWork, Begun, Kept, OtherRequest, begin_answer, forget, keep_answer
from alteram.installation.organisations import read_now

HEADER: Final = "Idempotency-Key"
#: What is final and so is kept: recorded, or refused as it stood. Whatever else went wrong can be tried again.
_FINAL: Final = frozenset({200, 201, 404, 409, 422})
_LONGEST: Final = 255


def answer_once(request: HttpRequest, calling: Calling, do: Callable[[], HttpResponse]) -> HttpResponse:
    """Return what `do` answers, or what it answered to the same request before. Without a key, just do it."""
    key = request.headers.get(HEADER)
    if key is None:
        return do()
    if not 1 <= len(key) <= _LONGEST or not (key.isascii() and key.isprintable()):
        raise misfit(f"header.{HEADER}", f"1 to {_LONGEST} printable ASCII characters")
    asked = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    match begin_answer(calling.bearer, key, asked, now=read_now()):
        case Begun() as begun:
            return _do(calling, begun, do)
        case Kept(status=status, body=body):
            kind = "application/json" if status < 400 else CONTENT_TYPE
            return HttpResponse(body, status=status, content_type=kind, headers={"Idempotent-Replayed": "true"})
        case OtherRequest():
            raise ProblemError(422, "key-reused")
        case AtWork(lost=lost):
            wait = {} if lost else {"Retry-After": "1"}
            raise ProblemError(409, "outcome-unknown" if lost else "at-work", headers=wait)


def _do(calling: Calling, begun: Begun, do: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        response = do()
    except ProblemError as error:
        response = error.answer()
    except BaseException:
        forget(begun)
        raise
    if response.status_code in _FINAL:
        keep_answer(calling.bearer, begun, response.status_code, response.content)
    else:
        forget(begun)
    return response
