"""Who calls: a bearer token, the person it acts for, and whether it is good for the call. Cookies count for nothing.

Whether the person may do what they ask is asked in `operations`, as of everybody.
"""

import math
import time
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from django.http import Http404, HttpRequest
from ninja import Path, Query
from ninja.security import HttpBearer

from alteram.api.problems import ProblemError, out_of_scope, unauthorised
from alteram.api.shapes import Identifier
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.installation.asking import Asking, build_asking
from alteram.installation.limiting import Limiter
from alteram.installation.organisations import read_now
from alteram.installation.tokens import Bearer, find_bearer
from alteram.operations.entries import Entered, enter

#: An organisation's identifier, a matter's, and the number of an entry, as parts of an address.
Org: TypeAlias = Annotated[Identifier, Path(description="The organisation.")]
MatterName: TypeAlias = Annotated[Identifier, Path(description="The matter.")]
Seq: TypeAlias = Annotated[int, Path(ge=0, le=99_999_999, description="The number of an entry.")]

#: How many things a page holds, and where it begins.
Limit: TypeAlias = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
Word: TypeAlias = Annotated[
    str | None, Query(max_length=400, description="Where the page begins: `next` of the page before.")
]
From: TypeAlias = Annotated[
    int | None, Query(ge=0, le=99_999_999, description="The first of the page: `next` of the page before.")
]

#: Counts the requests of each token.
LIMITER = Limiter()


@dataclass(frozen=True, slots=True)
class Calling:
    """An organisation, and whose token asks something of it."""

    asking: Asking
    bearer: Bearer

    @property
    def person(self) -> PersonId:
        """Return whom the token acts for."""
        return self.bearer.person

    def enter(self, matter: str) -> Entered:
        """Return a matter as whom the token acts for enters it. Raises: UnknownMatterError."""
        return enter(self.asking.organisation, StreamId(matter), self.person)

    def need(self, scope: str) -> None:
        """Go on only with a token of this scope. Raises: ProblemError."""
        if scope not in self.bearer.scopes:
            raise out_of_scope(scope)


class BearerToken(HttpBearer):
    """A token in the Authorization header, good for a scope (none: for whatever it is good for)."""

    def __init__(self, scope: str = "") -> None:
        """Ask for a scope."""
        super().__init__()
        self._scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Calling:
        """Return who calls. Raises: ProblemError, the same whether there is no such organisation or no such token."""
        match = request.resolver_match
        org = "" if match is None else str(match.kwargs.get("org", ""))
        bearer = find_bearer(org, token, now=read_now())
        if bearer is None:
            raise unauthorised()
        wait = LIMITER.take(bearer.token.pk, at=time.time())
        if wait:
            raise ProblemError(429, "too-many", headers={"Retry-After": str(math.ceil(wait))})
        try:
            calling = Calling(build_asking(org, bearer.person), bearer)
        except Http404 as error:
            raise unauthorised() from error
        if self._scope:
            calling.need(self._scope)
        return calling


def get_public(org: str) -> Asking:
    """Return what anybody asks of an organisation, known or not. Raises: Http404 where there is none of this name."""
    return build_asking(org, None)


def get_calling(request: HttpRequest) -> Calling:
    """Return who calls, as `BearerToken` found out."""
    calling = getattr(request, "auth", None)
    if not isinstance(calling, Calling):
        raise TypeError(calling)
    return calling
