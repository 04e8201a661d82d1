"""Speaking up without an account: lodge a report, come back with a receipt phrase, answer, read, prove.

The phrase is made where the reporter is and never sent. Of it, HKDF derives the sign-in part (docs: speak up), which is
shown in a header; nothing of it stands in an address. No token is needed, and none is told who reported.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router, Schema
from ninja.security import APIKeyHeader
from pydantic import Field

from alteram.api import matter_shapes, shapes
from alteram.api.calling import From, Limit, MatterName, Org, Seq, get_public
from alteram.api.files import (
    BINARY,
    Files,
    Number,
    describe_body,
    find_files,
    read_part,
    send_attachment,
    taking_files,
    tell_sent,
)
from alteram.api.once import Key, answer, answer_once
from alteram.api.problems import ProblemError, misfit
from alteram.api.proposals import answer_recorded, build_act, get_spec, refuse
from alteram.api.reading import tell_entries
from alteram.core.acts import ReportLodged
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.answers import Holder
from alteram.installation.asking import Asking
from alteram.installation.receipt_phrases import (
    ATTEMPTS_SECONDS,
    is_signed,
    may_try,
    name_matter,
    read_sign_in,
    sign_matter,
)
from alteram.operations.attachments import MAX_FILE, MAX_FILES
from alteram.operations.entries import Entered, enter
from alteram.operations.lodging import PHRASE_ACTS, find_lodged_receipt, find_reported, lodge_report
from alteram.operations.overview import build_overview
from alteram.operations.perform import perform
from alteram.operations.readings import keep_reading
from alteram.operations.reports import find_report_fate

_HEADER: Final = "Receipt-Sign-In"
_REPORTS: Final = "/{org}/speak-up/reports"
_MINE: Final = "/{org}/speak-up/mine"


@dataclass(frozen=True, slots=True)
class Returning:
    """Somebody who came back with the sign-in part of a phrase that a report goes with."""

    asking: Asking
    reporter: PersonId
    sign_in: str


class SignInPart(APIKeyHeader):
    """The sign-in part of a receipt phrase, 64 hexadecimal digits."""

    param_name = _HEADER

    def authenticate(self, request: HttpRequest, key: str | None) -> Returning:
        """Return who came back. Raises: ProblemError, the same whatever is wrong."""
        match = request.resolver_match
        org = "" if match is None else str(match.kwargs.get("org", ""))
        reporter = read_sign_in(key or "", org)
        try:
            asking = get_public(org)
        except Http404 as error:
            raise _no_report() from error
        if reporter is None:
            raise _no_report()
        if not may_try(reporter):
            raise ProblemError(429, "too-many", headers={"Retry-After": str(ATTEMPTS_SECONDS)})
        if not find_reported(asking.organisation, reporter):
            raise _no_report()
        return Returning(asking, reporter, key or "")


router = Router(tags=["speaking up"])
SIGN_IN: Final = SignInPart()


class Begun(Schema):
    """A name for a report to come, and a token that it was named here, good for a day; how many files, how large."""

    matter: str
    token: str
    most_files: int
    largest_file: int


class Report(shapes.Asked):
    """A report: the token that came with its name, the phrase's sign-in part, and the fields of `report.lodged`."""

    token: Annotated[str, Field(max_length=400)]
    sign_in: Annotated[str, Field(pattern="^[0-9a-f]{64}$", max_length=64)]
    fields: dict[str, Any]


class Lodged(Schema):
    """A report that is recorded; `again` where it was recorded before, and this added nothing."""

    matter: str
    seq: int
    again: bool


class Mine(Schema):
    """The reports that go with a phrase, the newest last."""

    matters: list[str]


class MyReport(Schema):
    """Where a report stands, and what is asked of its reporter."""

    overview: shapes.Overview
    report: matter_shapes.ReportFate | None


class Receipt(Schema):
    """What proves a report without its content: its leaf, and the entry with every claim withheld.

    `proof` is the log's (C2SP tlog-proof), null while the log does not cover it.
    """

    leaf_hash: str
    recorded_at: datetime
    withheld: str
    proof: str | None


@router.post(f"{_REPORTS}", response=Begun, operation_id="begin_report", summary="Name a report to come")
def begin_report(request: HttpRequest, org: Org) -> Begun:
    """Return a name for a report; nothing is recorded. However often the report is sent to it, it is lodged once."""
    del request
    matter = name_matter(get_public(org).zone)
    return Begun(matter=matter, token=sign_matter(matter), most_files=MAX_FILES, largest_file=MAX_FILE)


@router.post(
    f"{_REPORTS}/{{matter}}",
    response={200: Lodged, 201: Lodged},
    operation_id="lodge_report",
    summary="Lodge a report",
    openapi_extra={"requestBody": describe_body("report", Report)},
)
def lodge(request: HttpRequest, org: Org, matter: MatterName, key: Key = None) -> HttpResponse:
    """Record a report with its files (multipart: `report` as JSON, `files`). It is durable when it is answered."""
    del key
    asking, stream = get_public(org), StreamId(matter)
    with taking_files(request, asking, stream) as uploads:
        report = read_part(request, uploads, "report", Report)
        reporter = read_sign_in(report.sign_in, org)
        if reporter is None or not is_signed(report.token, matter):
            raise misfit("body.report.token", "not given with this name, or too long ago")
        act = build_act(get_spec("report.lodged"), report.fields)
        if not isinstance(act, ReportLodged):
            raise TypeError(act)

        def do() -> HttpResponse:
            files = uploads.take()
            done = lodge_report(asking.organisation, stream, act, reporter, attachments=files, now=asking.now)
            if isinstance(done, Refused):
                raise refuse(done)
            return answer(Lodged(matter=stream, seq=done.seq, again=done.again), 200 if done.again else 201)

        return answer_once(request, Holder(report.sign_in), do, sent=tell_sent(request, uploads, "report"))


@router.get(_MINE, response=Mine, auth=SIGN_IN, operation_id="list_my_reports", summary="My reports")
def list_my_reports(request: HttpRequest, org: Org) -> Mine:
    """List the reports that go with a phrase."""
    del org
    returning = _get_returning(request)
    return Mine(matters=list(find_reported(returning.asking.organisation, returning.reporter)))


@router.get(
    f"{_MINE}/{{matter}}", response=MyReport, auth=SIGN_IN, operation_id="show_my_report", summary="Where it stands"
)
def show_my_report(request: HttpRequest, org: Org, matter: MatterName) -> shapes.Answer:
    """Tell where a report stands, what is asked of its reporter and what they were told."""
    del org
    entered = _enter(request, matter)
    now = _get_returning(request).asking.now
    told = {"overview": build_overview(entered, now=now), "report": find_report_fate(entered)}
    keep_reading(entered, entered.opened.values(), now=now)
    return told


@router.get(
    f"{_MINE}/{{matter}}/entries",
    response=shapes.EntryPage,
    auth=SIGN_IN,
    operation_id="list_my_report_entries",
    summary="What happened in it",
)
def list_my_report_entries(
    request: HttpRequest, org: Org, matter: MatterName, cursor: From = None, limit: Limit = 25
) -> shapes.Answer:
    """List what was recorded, the oldest first, as far as it is open to the reporter. That they read it is kept."""
    del org
    return tell_entries(_enter(request, matter), cursor or 0, limit, now=_get_returning(request).asking.now)


@router.post(
    f"{_MINE}/{{matter}}/acts",
    response={201: shapes.Recorded},
    auth=SIGN_IN,
    operation_id="act_on_my_report",
    summary="Answer, add, or withdraw",
    openapi_extra={"requestBody": describe_body("proposal", shapes.Proposal)},
)
def act_on_my_report(request: HttpRequest, org: Org, matter: MatterName, key: Key = None) -> HttpResponse:
    """Answer a question or add to a report (`reporter.answered`, with files), or withdraw it (`report.withdrawn`)."""
    del org, key
    returning, entered = _get_returning(request), _enter(request, matter)
    with taking_files(request, returning.asking, entered.stream) as uploads:
        proposal = read_part(request, uploads, "proposal", shapes.Proposal)
        if proposal.act not in PHRASE_ACTS:
            raise misfit("body.proposal.act", f"one of {', '.join(PHRASE_ACTS)}")
        act = build_act(get_spec(proposal.act), proposal.fields)

        def do() -> HttpResponse:
            files, now = uploads.take(), returning.asking.now
            organisation = returning.asking.organisation
            done = perform(organisation, entered.stream, act, returning.reporter, attachments=files, now=now)
            return answer_recorded(entered.stream, done)

        return answer_once(request, Holder(returning.sign_in), do, sent=tell_sent(request, uploads, "proposal"))


@router.get(
    f"{_MINE}/{{matter}}/receipt",
    response=Receipt,
    auth=SIGN_IN,
    operation_id="get_my_receipt",
    summary="What proves a report",
)
def get_my_receipt(request: HttpRequest, org: Org, matter: MatterName) -> Receipt:
    """Return what proves a report without its content: anybody can check it."""
    del org
    returning = _get_returning(request)
    found = find_lodged_receipt(returning.asking.organisation, StreamId(matter), returning.reporter)
    proof = None if found.proof is None else found.proof.decode()
    return Receipt(leaf_hash=found.leaf_hash.hex(), recorded_at=found.recorded_at, withheld=found.withheld, proof=proof)


@router.get(
    f"{_MINE}/{{matter}}/entries/{{seq}}/files",
    response=Files,
    auth=SIGN_IN,
    operation_id="list_my_report_files",
    summary="Files of an entry",
)
def list_my_report_files(request: HttpRequest, org: Org, matter: MatterName, seq: Seq) -> shapes.Answer:
    """List the files of an entry that are open to the reporter; none where it has none."""
    del org
    returning = _get_returning(request)
    return {"files": find_files(returning.asking, returning.reporter, matter, seq)}


@router.get(
    f"{_MINE}/{{matter}}/entries/{{seq}}/files/{{number}}",
    auth=SIGN_IN,
    operation_id="get_my_report_file",
    summary="A file of an entry",
    openapi_extra={"responses": {200: BINARY}},
)
def get_my_report_file(
    request: HttpRequest, org: Org, matter: MatterName, seq: Seq, number: Number
) -> HttpResponseBase:
    """Return a file of an entry, to its reporter."""
    del org
    returning = _get_returning(request)
    return send_attachment(returning.asking, returning.reporter, matter, seq=seq, number=number)


def _get_returning(request: HttpRequest) -> Returning:
    returning = getattr(request, "auth", None)
    if not isinstance(returning, Returning):
        raise TypeError(returning)
    return returning


def _enter(request: HttpRequest, matter: str) -> Entered:
    returning = _get_returning(request)
    return enter(returning.asking.organisation, StreamId(matter), returning.reporter)


def _no_report() -> ProblemError:
    return ProblemError(401, "no-report", headers={"WWW-Authenticate": f'{_HEADER} realm="alteram"'})
