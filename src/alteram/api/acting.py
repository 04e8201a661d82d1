"""Acts by the API: proposed and ruled on as everywhere, recorded once, or refused with the ruling."""

from collections.abc import Callable
from typing import Annotated

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Header, Query, Router, Schema

from alteram.api import shapes
from alteram.api.calling import BearerToken, Calling, MatterName, Org, get_calling
from alteram.api.describing import describe_open_acts, describe_refused, describe_ruling
from alteram.api.once import HEADER, answer_once
from alteram.api.problems import ProblemError, misfit, not_found, out_of_scope
from alteram.core.acts import ActSpec, convert_fields, find_spec
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported, encode_reported, parse_reported
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused, Ruling
from alteram.installation.grave import GRAVE
from alteram.operations.perform import perform, rule_on
from alteram.operations.questions import find_open_acts
from alteram.operations.signing import OwnSignatureNeededError

router = Router(tags=["acting"])

Try = Annotated[bool, Query(alias="try", description="Only say what the rules would say; record nothing.")]
Key = Annotated[
    str | None,
    Header(
        alias=HEADER,
        min_length=1,
        max_length=255,
        pattern="^[ -~]+$",
        description="Asked again with the same key within 24 hours, the request is answered as the first time.",
    ),
]


@router.get(
    "/{org}/matters/{matter}/acts",
    response=shapes.OpenActs,
    auth=BearerToken("read"),
    operation_id="list_open_acts",
    summary="What I can do",
)
def list_open_acts(request: HttpRequest, org: Org, matter: MatterName) -> shapes.OpenActs:
    """List every act with what the rules would say if the asker proposed it now. Nothing is recorded."""
    del org
    calling = get_calling(request)
    organisation, now = calling.asking.organisation, calling.asking.now
    return describe_open_acts(find_open_acts(organisation, StreamId(matter), calling.person, now=now))


@router.post(
    "/{org}/matters/{matter}/acts",
    response={200: shapes.Tried, 201: shapes.Recorded},
    auth=BearerToken(),
    operation_id="propose_act",
    summary="Propose an act",
)
def propose_act(
    request: HttpRequest,
    org: Org,
    matter: MatterName,
    proposal: shapes.Proposal,
    *,
    only_try: Try = False,
    key: Key = None,
) -> HttpResponse:
    """Do an act in a matter: it is ruled on, and recorded or refused. A report begins a matter of a new name.

    Needs the scope `propose` (for a report `report` is enough), and `grave` where the catalogue says that the act is.
    """
    del org, key
    calling, stream = get_calling(request), StreamId(matter)
    spec = _get_spec(proposal.act)
    _need_scopes(calling, spec, only_try=only_try)
    act = _build_act(spec, proposal)
    if only_try:
        return _answer_tried(matter, rule_on(calling.asking.organisation, stream, act, calling.person))
    return answer_once(request, calling, _performing(calling, stream, act, None))


@router.post(
    "/{org}/matters/{matter}/events",
    response={201: shapes.Recorded},
    auth=BearerToken("report"),
    operation_id="report_event",
    summary="Report an event",
)
def report_event(
    request: HttpRequest, org: Org, matter: MatterName, event: shapes.Event, key: Key = None
) -> HttpResponse:
    """Record an event that happened elsewhere, with its standing. The rules do not refuse it; access can.

    Needs the scope `report`.
    """
    del org, key
    calling, spec = get_calling(request), _get_spec(event.act)
    act, reported = _build_act(spec, event), _build_reported(event.reported)
    return answer_once(request, calling, _performing(calling, StreamId(matter), act, reported))


def _performing(calling: Calling, stream: StreamId, act: Act, reported: Reported | None) -> Callable[[], HttpResponse]:
    def do() -> HttpResponse:
        try:
            done = perform(calling.asking.organisation, stream, act, calling.person, reported=reported)
        except MalformedError as error:
            raise misfit("fields", error.problem) from error
        except OwnSignatureNeededError as error:
            raise ProblemError(409, "needs-signature", str(error)) from error
        if done.seq is None or done.leaf_hash is None:
            raise _refuse(done.ruling)
        leaf_hash, ruling = done.leaf_hash.hex(), describe_ruling(done.ruling)
        recorded = shapes.Recorded(matter=stream, seq=done.seq, leaf_hash=leaf_hash, ruling=ruling)
        return _answer(recorded, 201)

    return do


def _answer_tried(matter: str, ruling: Ruling) -> HttpResponse:
    if isinstance(ruling, Refused) and ruling.code == "matter.unknown":
        raise not_found()
    return _answer(shapes.Tried(matter=matter, ruling=describe_ruling(ruling)), 200)


def _answer(answer: Schema, status: int) -> HttpResponse:
    return HttpResponse(answer.model_dump_json(), status=status, content_type="application/json")


def _refuse(ruling: Ruling) -> ProblemError:
    if not isinstance(ruling, Refused):
        raise TypeError(ruling)
    if ruling.code == "matter.unknown":
        return not_found()
    return ProblemError(409, "refused", ruling.because, ruling=describe_refused(ruling))


def _need_scopes(calling: Calling, spec: ActSpec, *, only_try: bool) -> None:
    if "propose" not in calling.bearer.scopes and not (
        spec.name == "report.lodged" and "report" in calling.bearer.scopes
    ):
        raise out_of_scope("propose")
    if spec.name in GRAVE and not only_try:
        calling.need("grave")


def _get_spec(name: str) -> ActSpec:
    spec = find_spec(name)
    if spec is None:
        raise misfit("body.act", "no act of the catalogue")
    return spec


def _build_act(spec: ActSpec, proposal: shapes.Proposal) -> Act:
    try:
        return convert_fields(spec.type, proposal.fields)
    except MalformedError as error:
        raise misfit("body.fields", error.problem) from error


def _build_reported(told: shapes.Told) -> Reported:
    given = told.model_dump(exclude_unset=True, mode="json")
    try:
        return parse_reported(encode_reported(msgspec.convert(given, Reported)))
    except (msgspec.ValidationError, OverflowError) as error:
        raise misfit("body.reported", str(error)) from error
    except MalformedError as error:
        raise misfit("body.reported", error.problem) from error
