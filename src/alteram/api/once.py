"""Doing what is asked once, however often it is asked with the same Idempotency-Key."""

from collections.abc import Callable
from typing import Annotated, Final, TypeAlias

from django.http import HttpRequest, HttpResponse
from ninja import Header, Schema

from alteram.api.problems import CONTENT_TYPE, ProblemError, misfit
from alteram.installation.answers import (
    AtWork,
    Begun,
    Caller,
    Kept,
    OtherRequest,
    begin_answer,
    forget,
    keep_answer,
)
from alteram.installation.organisations import read_now

HEADER: Final = "Idempotency-Key"
#: What is final and so is kept: done, or refused as it stood. Whatever else went wrong can be tried again.
_FINAL: Final = frozenset({200, 201, 202, 404, 409, 422})
_LONGEST: Final = 255

Key: TypeAlias = Annotated[
    str | None,
    Header(
        alias=HEADER,
        min_length=1,
        max_length=255,
        pattern="^[ -~]+$",
        description="Asked again with the same key within 24 hours, the request is answered as the first time.",
    ),
]


def answer(shape: Schema, status: int = 200) -> HttpResponse:
    """Return an answer of this shape."""
    return HttpResponse(shape.model_dump_json(), status=status, content_type="application/json")


def answer_once(
    request: HttpRequest, caller: Caller, do: Callable[[], HttpResponse], *, sent: bytes | None = None
) -> HttpResponse:
    """Return what `do` answers, or what it answered to the same request before. Without a key, just do it.

    `sent` is what tells the body from others, where it was read already as files are.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return do()
    if not 1 <= len(key) <= _LONGEST or not (key.isascii() and key.isprintable()):
        raise misfit(f"header.{HEADER}", f"1 to {_LONGEST} printable ASCII characters")
    asked = f"{request.method} {request.get_full_path()}\n".encode() + (request.body if sent is None else sent)
    match begin_answer(caller, key, asked, now=read_now()):
        case Begun() as begun:
            return _do(caller, begun, do)
        case Kept(status=status, body=body):
            kind = "application/json" if status < 400 else CONTENT_TYPE
            return HttpResponse(body, status=status, content_type=kind, headers={"Idempotent-Replayed": "true"})
        case OtherRequest():
            raise ProblemError(422, "key-reused")
        case AtWork(lost=lost):
            wait = {} if lost else {"Retry-After": "1"}
            raise ProblemError(409, "outcome-unknown" if lost else "at-work", headers=wait)


def _do(caller: Caller, begun: Begun, do: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        response = do()
    except ProblemError as error:
        response = error.answer()
    except BaseException:
        forget(begun)
        raise
    if response.status_code in _FINAL:
        keep_answer(caller, begun, response.status_code, response.content)
    else:
        forget(begun)
    return response
