"""Paper: what can be done on paper in a matter, what came, and entering what came for whom it is."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import AwareDatetime

from alteram.api import shapes
from alteram.api.calling import BearerToken, Calling, MatterName, Org, get_calling
from alteram.api.files import describe_body, read_part, taking_files, tell_sent
from alteram.api.once import Key, answer, answer_once
from alteram.api.problems import misfit, not_found
from alteram.api.proposals import answer_recorded, build_act, check_act, get_spec, refuse
from alteram.api.shapes import called
from alteram.core.acts import PaperEntered, PaperReportEntered, ReportLodged
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.installation.uploads import SealingUploads
from alteram.operations.paper import PaperDesk, PaperError, enter_paper, find_paper
from alteram.operations.paper_reports import enter_paper_report, may_enter_reports, name_matter

router = Router(tags=["paper"], auth=BearerToken("read"))


class Form(Schema):
    """An act that can be done on paper; `gives_up` where a second person must see it entered. Its fields: `/acts`."""

    act: str = called("spec.name")
    by: list[str]
    gives_up: bool


class Entered(Schema):
    """A paper that was entered; `act` is the entry of what was done by it, null where nothing was."""

    entry: int = called("event.seq")
    at: datetime = called("event.recorded_at")
    person: str | None
    what: str
    act: int | None
    is_confirmed: bool
    is_denied: bool
    may_confirm: bool


class Paper(Schema):
    """Paper in a matter: forms, who can hand them in, and the entries that tell of what was done on paper."""

    forms: list[Form]
    may_enter: bool
    people: dict[str, list[str]]
    entered: list[Entered]
    served: list[int]
    proxies: list[int]
    adjustments: list[int]

    @staticmethod
    def resolve_people(desk: Any) -> dict[str, list[str]]:
        """Return them with their parts."""
        return {person: list(roles) for person, roles in desk.people}

    @staticmethod
    def resolve_served(desk: Any) -> list[int]:
        """Return the entries."""
        return [one.seq for one in desk.served]

    @staticmethod
    def resolve_proxies(desk: Any) -> list[int]:
        """Return the entries."""
        return [one.seq for one in desk.proxies]

    @staticmethod
    def resolve_adjustments(desk: Any) -> list[int]:
        """Return the entries."""
        return [one.seq for one in desk.adjustments]


class OnPaper(shapes.Proposal):
    """What came on paper: the act, whose it is, when it came, who saw it, and whether it was read back to them."""

    person: shapes.Identifier
    received_at: AwareDatetime
    witness: shapes.Identifier | None = None
    read_back: bool = False


class Named(Schema):
    """A name for a report to come."""

    matter: str


class ReportOnPaper(shapes.Asked):
    """A report that came on paper: the fields of `report.lodged`, when it came, and whose it is (null: no name)."""

    fields: dict[str, Any]
    received_at: AwareDatetime
    reporter: shapes.Identifier | None = None
    witness: shapes.Identifier | None = None
    read_back: bool = False


class ReportRecorded(Schema):
    """A report that is recorded: whose it is, and their receipt phrase where they have no account (else empty)."""

    matter: str
    reporter: str
    phrase: str


@router.get("/{org}/matters/{matter}/paper", response=Paper, operation_id="show_paper", summary="Paper in a matter")
def show_paper(request: HttpRequest, org: Org, matter: MatterName) -> PaperDesk:
    """Tell what can be done on paper, what was entered and served, and whether the asker may enter what came."""
    del org
    calling = get_calling(request)
    return find_paper(calling.asking.organisation, StreamId(matter), calling.person)


@router.post(
    "/{org}/matters/{matter}/paper",
    response={201: shapes.Recorded},
    auth=BearerToken("paper"),
    operation_id="enter_paper",
    summary="Enter a paper",
    openapi_extra={"requestBody": describe_body("paper", OnPaper)},
)
def enter(request: HttpRequest, org: Org, matter: MatterName, key: Key = None) -> HttpResponse:
    """Enter a paper for whom it is, with one picture of it in `files`: both acts are recorded, or neither.

    Needs the scope `paper`.
    """
    del org, key
    calling, stream = get_calling(request), StreamId(matter)
    desk = find_paper(calling.asking.organisation, stream, calling.person)
    if not desk.may_enter:
        raise not_found()
    with taking_files(request, calling.asking, stream) as uploads:
        sent = read_part(request, uploads, "paper", OnPaper)
        if all(one.spec.name != sent.act for one in desk.forms):
            raise misfit("body.paper.act", "no act that is done on paper")
        if len(uploads.sealed) != 1:
            raise misfit("body.files", "one picture of the paper is kept beside the entry")
        act = build_act(get_spec(sent.act), sent.fields)
        digest = tell_sent(request, uploads, "paper")
        return answer_once(
            request, calling.bearer, lambda: _record(calling, stream, sent, act, uploads=uploads), sent=digest
        )


@router.post(
    "/{org}/paper/reports",
    response=Named,
    auth=BearerToken("paper"),
    operation_id="begin_paper_report",
    summary="Name a report that came on paper",
)
def begin_paper_report(request: HttpRequest, org: Org) -> Named:
    """Return a name for a report that came on paper; nothing is recorded. Needs the scope `paper`."""
    del org
    calling = _need_entitled(get_calling(request))
    return Named(matter=name_matter(calling.asking.organisation, calling.asking.now))


@router.post(
    "/{org}/paper/reports/{matter}",
    response={201: ReportRecorded},
    auth=BearerToken("paper"),
    operation_id="enter_paper_report",
    summary="Enter a report that came on paper",
    openapi_extra={"requestBody": describe_body("report", ReportOnPaper)},
)
def enter_report(request: HttpRequest, org: Org, matter: MatterName, key: Key = None) -> HttpResponse:
    """Begin a matter with a report read from paper, with one picture of it in `files`. Needs the scope `paper`.

    Where nobody is named, the answer holds a receipt phrase for whoever reported, this once.
    """
    del org, key
    calling, stream = _need_entitled(get_calling(request)), StreamId(matter)
    with taking_files(request, calling.asking, stream) as uploads:
        sent = read_part(request, uploads, "report", ReportOnPaper)
        if len(uploads.sealed) != 1:
            raise misfit("body.files", "one picture of the paper is kept beside the entry")
        report = build_act(get_spec("report.lodged"), sent.fields)
        if not isinstance(report, ReportLodged):
            raise TypeError(report)
        digest = tell_sent(request, uploads, "report")
        return answer_once(
            request, calling.bearer, lambda: _begin(calling, stream, sent, report, uploads=uploads), sent=digest
        )


def _begin(
    calling: Calling, stream: StreamId, sent: "ReportOnPaper", report: ReportLodged, *, uploads: SealingUploads
) -> HttpResponse:
    if calling.asking.organisation.facts(stream, fresh=True).matter.head_seq >= 0:
        raise not_found()
    picture = uploads.sealed[0]
    paper = check_act(
        PaperReportEntered(
            report=0,
            digest=picture.attachment.sha256,
            received_at=_read_time(sent.received_at, "body.report.received_at"),
            witness=None if sent.witness is None else PersonId(sent.witness),
            read_back=sent.read_back,
        ),
        "body.report",
    )
    reporter = None if sent.reporter is None else PersonId(sent.reporter)
    try:
        done = enter_paper_report(
            calling.asking.organisation,
            stream,
            report,
            paper,
            calling.person,
            reporter=reporter,
            attachments=(picture,),
        )
    except PaperError as error:
        raise misfit("body.report.reporter", error.problem) from error
    if not done.performed:
        raise refuse(done.performed.ruling)
    uploads.take()
    return answer(ReportRecorded(matter=stream, reporter=done.reporter, phrase=done.phrase), 201)


def _need_entitled(calling: Calling) -> Calling:
    if not may_enter_reports(calling.asking.organisation, calling.person):
        raise not_found()
    return calling


def _record(calling: Calling, stream: StreamId, sent: OnPaper, act: Act, *, uploads: SealingUploads) -> HttpResponse:
    picture = uploads.sealed[0]
    paper = check_act(
        PaperEntered(
            person=PersonId(sent.person),
            what=sent.act,
            digest=picture.attachment.sha256,
            received_at=_read_time(sent.received_at, "body.paper.received_at"),
            witness=None if sent.witness is None else PersonId(sent.witness),
            read_back=sent.read_back,
        ),
        "body.paper",
    )
    done = enter_paper(calling.asking.organisation, stream, paper, act, calling.person, attachments=(picture,))
    if done:
        uploads.take()
    return answer_recorded(stream, done)


def _read_time(at: datetime, where: str) -> datetime:
    """Return an instant as the record keeps it. Raises: ProblemError at either end of the calendar."""
    try:
        return at.astimezone(UTC).replace(microsecond=0)
    except OverflowError as error:
        raise misfit(where, "no instant of the calendar in UTC") from error
