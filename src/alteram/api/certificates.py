"""Certificates of a matter: issued, listed, fetched, published; and those that are public, to anybody.

What is fetched is the signed file, as it was issued. Check it with `alteram verify`, or with the published format.
"""

from datetime import datetime
from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema
from pydantic import Field

from alteram.adapters.rulebooks.library import load_pack, shipped_names
from alteram.adapters.witness import is_near
from alteram.api.calling import BearerToken, Calling, MatterName, Org, get_calling, get_public
from alteram.api.files import describe_file, send
from alteram.api.once import Key, answer, answer_once
from alteram.api.problems import ProblemError, misfit, not_found, unprintable
from alteram.api.shapes import DigestHex
from alteram.core.certificates import build_certificate_digest
from alteram.installation.writing import find_press
from alteram.operations.certifying import (
    MOST_PACKS,
    CertificateError,
    find_issued,
    find_published,
    get_issued,
    issue_certificate,
    may_issue,
    may_publish,
    publish_certificate,
)
from alteram.operations.entries import Entered
from alteram.operations.ports import StoreError, StoreUnavailableError
from alteram.operations.printed_certificates import print_certificate
from alteram.operations.printing import LetterError

router = Router(tags=["certificates"], auth=BearerToken("read"))
_OF_MATTER: Final = "/{org}/matters/{matter}/certificates"
_KIND: Final = "application/json"
_FILE: Final = describe_file(_KIND)
_PDF: Final = describe_file("application/pdf")
Digest = Annotated[DigestHex, Path(description="The SHA-256 of the certificate's file.")]


class Issued(Schema):
    """A certificate that was issued; `by` and `to` as far as whoever asks may know."""

    digest: str
    at: datetime
    by: str | None
    to: str
    is_public: bool


class Certificates(Schema):
    """The certificates of a matter, the newest first, and whether whoever asks may issue or publish one."""

    certificates: list[Issued]
    may_issue: bool
    may_publish: bool


class ToIssue(Schema):
    """By which further standards to measure, and for whom it is: that is kept in the register alone."""

    packs: list[str] = Field(default=[], max_length=MOST_PACKS)
    to: str = Field(default="", max_length=200)


class ToPublish(Schema):
    """Whether it is taken from its public address instead."""

    withdrawn: bool = False


class Digested(Schema):
    """A certificate by the SHA-256 of its file."""

    digest: str


@router.get(_OF_MATTER, response=Certificates, operation_id="list_certificates", summary="Certificates of a matter")
def list_certificates(request: HttpRequest, org: Org, matter: MatterName) -> Certificates:
    """List the certificates that were issued of a matter."""
    del org
    entered = get_calling(request).enter(matter)
    listed = [Issued.model_validate(one) for one in find_issued(entered)]
    return Certificates(certificates=listed, may_issue=may_issue(entered), may_publish=may_publish(entered))


@router.post(
    _OF_MATTER,
    response={201: Digested},
    auth=BearerToken("export"),
    operation_id="issue_certificate",
    summary="Issue a certificate",
)
def issue(request: HttpRequest, org: Org, matter: MatterName, contents: ToIssue, key: Key = None) -> HttpResponse:
    """Issue a certificate of the matter as it stands. Needs the scope `export`. It stands in the register."""
    del org, key
    entered, calling = get_calling(request).enter(matter), get_calling(request)
    unknown = [one for one in contents.packs if one not in shipped_names("packs")]
    if unknown:
        raise misfit("body.packs", "packs that ship with this release")
    if not may_issue(entered):
        raise not_found()
    return answer_once(request, calling.bearer, lambda: _issue(entered, calling, contents))


def _issue(entered: Entered, calling: Calling, contents: ToIssue) -> HttpResponse:
    packs = [load_pack(one) for one in dict.fromkeys(contents.packs)]
    try:
        data = issue_certificate(entered, packs, to=contents.to, is_near=is_near, now=calling.asking.now)
    except StoreUnavailableError:
        raise
    except (CertificateError, StoreError) as error:
        raise ProblemError(409, "not-in-the-log", error.problem, headers={"Retry-After": "1"}) from error
    return answer(Digested(digest=build_certificate_digest(data)), 201)


@router.get(
    f"{_OF_MATTER}/{{digest}}",
    operation_id="get_certificate",
    summary="A certificate's file",
    openapi_extra={"responses": {200: _FILE}},
)
def get_certificate(request: HttpRequest, org: Org, matter: MatterName, digest: Digest) -> HttpResponse:
    """Return a certificate as it was issued, to whoever has a part in the matter."""
    del org
    return send(_name(digest), get_issued(get_calling(request).enter(matter), digest), _KIND)


@router.get(
    f"{_OF_MATTER}/{{digest}}/pdf",
    operation_id="print_certificate",
    summary="A certificate as PDF",
    openapi_extra={"responses": {200: _PDF}},
)
def print_one(request: HttpRequest, org: Org, matter: MatterName, digest: Digest) -> HttpResponse:
    """Return a certificate printed, as tagged PDF."""
    del org
    asking, data = get_calling(request).asking, get_issued(get_calling(request).enter(matter), digest)
    try:
        printed = print_certificate(find_press(asking), data, organisation=asking.title, zone=asking.zone)
    except LetterError as error:
        raise unprintable(error) from error
    return send(f"{_name(digest)}.pdf", printed.pdf, "application/pdf")


@router.post(
    f"{_OF_MATTER}/{{digest}}/publish",
    response={200: Digested},
    auth=BearerToken("export"),
    operation_id="publish_certificate",
    summary="Publish a certificate",
)
def publish(  # noqa: PLR0917 - the parts of the address
    request: HttpRequest, org: Org, matter: MatterName, digest: Digest, contents: ToPublish, key: Key = None
) -> HttpResponse:
    """Publish a certificate for the organisation, or take it from its public address. Needs the scope `export`."""
    del org, key
    entered, calling = get_calling(request).enter(matter), get_calling(request)
    if not may_publish(entered):
        raise not_found()
    get_issued(entered, digest)

    def do() -> HttpResponse:
        publish_certificate(entered, digest, withdrawn=contents.withdrawn, now=calling.asking.now)
        return answer(Digested(digest=digest))

    return answer_once(request, calling.bearer, do)


@router.get(
    "/{org}/certificates/{digest}",
    auth=None,
    operation_id="get_published_certificate",
    summary="A published certificate",
    openapi_extra={"responses": {200: _FILE}},
)
def get_published(request: HttpRequest, org: Org, digest: Digest) -> HttpResponse:
    """Return a certificate that the organisation published. No token is needed."""
    del request
    return send(_name(digest), find_published(get_public(org).organisation, digest), _KIND)


def _name(digest: str) -> str:
    return f"{digest[:16]}.certificate"
