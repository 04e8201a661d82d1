"""Problems (RFC 9457): every answer that is not what was asked for. None tells of a matter that is not open."""

from collections.abc import Iterable, Mapping
from typing import Final

import pydantic
from django.http import HttpRequest, HttpResponse
from ninja.errors import ValidationError

from alteram.api.shapes import Misfit, Problem, Refused
from alteram.operations.printing import LetterError

CONTENT_TYPE: Final = "application/problem+json"
#: What is said to people in answers; names, numbers and times stand beside it as values of their own.
LANGUAGE: Final = "en"
#: Each kind of problem by the last part of its type, with its title. The list of calls explains them.
TITLES: Final[Mapping[str, str]] = {
    "malformed": "This could not be read",
    "unauthorised": "A valid token is needed",
    "out-of-scope": "The token is not good for this",
    "not-found": "There is no such thing, or it is not open to you",
    "method": "This address does not take this method",
    "closed": "This is closed to you; the ruling says why",
    "refused": "The rules refuse this now; nothing was recorded",
    "needs-signature": "This is signed with a passkey, in a browser; nothing was recorded",
    "cannot-sign": "Nothing here can sign this for its author; nothing was recorded",
    "changed": "What was looked at is no longer that; look again. Nothing was recorded",
    "names": "This names somebody whom its readers may not know of; nothing was recorded",
    "unprintable": "This cannot be printed",
    "unmade": "This could not be made; nothing was recorded",
    "settled": "This cannot be settled so; nothing changed",
    "offset": "The upload goes on elsewhere",
    "no-such-range": "The file has no such bytes",
    "full": "There are as many as there can be",
    "no-report": "No report goes with this sign-in part",
    "setup-code": "This is not the setup code",
    "at-work": "The same request is being worked on",
    "outcome-unknown": "The server stopped during this request; look whether it was done before you ask again",
    "not-in-the-log": "This is not in the log yet",
    "key-destroyed": "What this asks for was destroyed",
    "too-large": "This is too large",
    "key-reused": "This idempotency key was used for another request",
    "misfit": "Something in the request does not fit",
    "too-many": "Too many requests by this token",
    "fault": "Something went wrong on our side",
    "busy": "This cannot be done just now; nothing was recorded",
}
_SHOWN: Final = 20


class ProblemError(Exception):
    """Ends a call with a problem."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str = "",
        *,
        misfits: Iterable[Misfit] = (),
        ruling: Refused | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Say which."""
        super().__init__(kind)
        self.headers = dict(headers or {})
        title = TITLES[kind]
        self.problem = Problem(
            type=f"/api/v1/#{kind}",
            title=title,
            status=status,
            detail=detail or f"{title}.",
            misfits=list(misfits),
            ruling=ruling,
        )

    def answer(self) -> HttpResponse:
        """Return the answer."""
        body = self.problem.model_dump_json()
        headers = {"Content-Language": LANGUAGE, **self.headers}
        return HttpResponse(body, status=self.problem.status, content_type=CONTENT_TYPE, headers=headers)


def not_found() -> ProblemError:
    """Return the one answer to what is not there and to what is not open: which of the two is not said."""
    return ProblemError(404, "not-found")


def unauthorised() -> ProblemError:
    """Return the answer to a token that is missing, unknown, over, revoked, or good for another organisation."""
    return ProblemError(401, "unauthorised", headers={"WWW-Authenticate": 'Bearer realm="alteram"'})


def out_of_scope(scope: str) -> ProblemError:
    """Return the answer to a token without a scope."""
    challenge = f'Bearer realm="alteram", error="insufficient_scope", scope="{scope}"'
    detail = f"The token needs the scope {scope}. Make another token."
    return ProblemError(403, "out-of-scope", detail, headers={"WWW-Authenticate": challenge})


def misfit(where: str, problem: str) -> ProblemError:
    """Return the answer to one thing that does not fit."""
    return ProblemError(422, "misfit", misfits=(Misfit(where=where, problem=problem),))


def unprintable(error: LetterError) -> ProblemError:
    """Return the answer to a letter or certificate that cannot be printed as it stands."""
    return ProblemError(409, "unprintable", error.problem)


def busy(detail: str) -> ProblemError:
    """Return the answer to what can be tried again in a moment."""
    return ProblemError(503, "busy", detail, headers={"Retry-After": "1"})


def from_validation(error: ValidationError) -> ProblemError:
    """Return the answer to a request that does not fit its description; to an address that none has, not found."""
    places = [[str(part) for part in one["loc"]] for one in error.errors]
    if any(place[0] == "path" for place in places):
        return not_found()
    misfits = [
        Misfit(where=".".join(place)[:200], problem=str(one["type"]).replace("_", " "))
        for place, one in zip(places, error.errors, strict=True)
    ]
    return ProblemError(422, "misfit", misfits=misfits[:_SHOWN])


def from_misfits(where: str, error: pydantic.ValidationError | None) -> ProblemError:
    """Return the answer to a part of a request that does not fit its description."""
    found = [] if error is None else error.errors(include_url=False, include_context=False, include_input=False)
    misfits = [
        Misfit(
            where=".".join((where, *(str(part) for part in one["loc"])))[:200], problem=one["type"].replace("_", " ")
        )
        for one in found[:_SHOWN]
    ]
    return ProblemError(422, "misfit", misfits=misfits or [Misfit(where=where, problem="not JSON")])


def answer_not_found(request: HttpRequest, **keywords: object) -> HttpResponse:
    """Answer an address of the API that is none."""
    del request, keywords
    return not_found().answer()
