"""The API put together: its calls, and a problem for whatever goes wrong in them."""

import logging

from django.core.exceptions import RequestDataTooBig
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from alteram.api import (
    acting,
    catalogue,
    certificates,
    deriving,
    desk,
    disclosure,
    excerpting,
    exhibits,
    exporting,
    files,
    founding,
    jobs,
    letters,
    lodging,
    mail,
    matter,
    members,
    own,
    paper,
    past_matters,
    propositions,
    public_log,
    reading,
    redacting,
    rulebook,
    rulebook_proofs,
    speaking_up,
    statistics,
    tracing,
)
from alteram.api.problems import ProblemError, busy, from_validation, not_found, unauthorised
from alteram.core.vault import OtherFileError
from alteram.operations.exhibits.stored import DestroyedKeysError
from alteram.operations.perform import BusyError
from alteram.operations.ports import StoreUnavailableError
from alteram.operations.questions import UnknownMatterError
from alteram.operations.signing import OwnSignatureNeededError, SigningError

_log = logging.getLogger("django.request")

api = NinjaAPI(
    title="Alteram",
    version="1",
    description="Matters, the acts in them, and the rules that rule on these: all that pages can do, for programs.",
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
)
_AREAS = (
    reading, matter, acting, files, letters, paper, desk, rulebook, rulebook_proofs, past_matters, statistics,
    public_log, members, mail, own, exporting, speaking_up, founding, catalogue, certificates,
    exhibits, lodging, deriving, excerpting, redacting, propositions, disclosure, tracing, jobs,
)  # fmt: skip
for _area in _AREAS:
    api.add_router("", _area.router)


@api.exception_handler(ProblemError)
def answer_problem(request: HttpRequest, error: ProblemError) -> HttpResponse:
    """Answer with the problem that a call ended with."""
    del request
    return error.answer()


@api.exception_handler(AuthenticationError)
def answer_unauthorised(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Answer a call without a token."""
    del request, error
    return unauthorised().answer()


@api.exception_handler(UnknownMatterError)
@api.exception_handler(Http404)
def answer_unknown(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer what is not there, or not open."""
    del request, error
    return not_found().answer()


@api.exception_handler(OwnSignatureNeededError)
def answer_unsigned(request: HttpRequest, error: OwnSignatureNeededError) -> HttpResponse:
    """Answer an act that only a passkey of its author signs."""
    del request
    return ProblemError(409, "needs-signature", str(error)).answer()


@api.exception_handler(SigningError)
def answer_unsignable(request: HttpRequest, error: SigningError) -> HttpResponse:
    """Answer an act that nothing here can sign for whoever does it, such as where their key was lost."""
    del request
    return ProblemError(409, "cannot-sign", f"{error.problem} {error.remedy}".strip()).answer()


@api.exception_handler(DestroyedKeysError)
def answer_destroyed(request: HttpRequest, error: DestroyedKeysError) -> HttpResponse:
    """Answer what nobody can open any more, whoever they are."""
    del request
    return ProblemError(410, "key-destroyed", f"{error.problem} {error.remedy}".strip()).answer()


@api.exception_handler(OtherFileError)
def answer_other_file(request: HttpRequest, error: OtherFileError) -> HttpResponse:
    """Answer for a file that is not the one that was lodged."""
    _log.error("API", exc_info=error)
    del request
    return ProblemError(500, "fault", f"{error.problem} {error.remedy}").answer()


@api.exception_handler(ValidationError)
def answer_misfit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer a request that does not fit its description."""
    del request
    return from_validation(error).answer()


@api.exception_handler(BusyError)
@api.exception_handler(StoreUnavailableError)
def answer_busy(request: HttpRequest, error: BusyError | StoreUnavailableError) -> HttpResponse:
    """Answer what can be tried again in a moment."""
    del request
    return busy(f"{error.problem} {error.remedy}".strip() if isinstance(error, BusyError) else "").answer()


@api.exception_handler(RequestDataTooBig)
def answer_too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """Answer a request that is larger than what is read."""
    del request, error
    return ProblemError(413, "too-large").answer()


@api.exception_handler(HttpError)
def answer_unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer a body that is no JSON."""
    del request
    if isinstance(error.__context__, RequestDataTooBig):
        return ProblemError(413, "too-large").answer()
    return ProblemError(400, "malformed").answer()


@api.exception_handler(Exception)
def answer_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer a fault of ours, said in the log as everywhere (tests hear of it by the signal)."""
    got_request_exception.send(sender=None, request=request)
    _log.error("API", exc_info=error)
    return ProblemError(500, "fault").answer()
