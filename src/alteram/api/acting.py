"""Acts by the API: proposed and ruled on as everywhere, recorded once, or refused with the ruling."""

from collections.abc import Callable
from typing import Annotated

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from alteram.api import shapes
from alteram.api.calling import BearerToken, Calling, MatterName, Org, get_calling
from alteram.api.once import Key, answer, answer_once
from alteram.api.problems import misfit, not_found
from alteram.api.proposals import answer_recorded, build_act, get_spec, need_scopes
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported, encode_reported, parse_reported
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused, Ruling
from alteram.operations.open_acts import find_acts
from alteram.operations.perform import perform, rule_on
from alteram.operations.questions import OpenActs

router = Router(tags=["acting"])

Try = Annotated[bool, Query(alias="try", description="Only say what the rules would say; record nothing.")]


@router.get(
    "/{org}/matters/{matter}/acts",
    response=shapes.OpenActs,
    auth=BearerToken("read"),
    operation_id="list_open_acts",
    summary="What I can do",
)
def list_open_acts(request: HttpRequest, org: Org, matter: MatterName) -> OpenActs:
    """List every act with what the rules would say if the asker proposed it now. Nothing is recorded.

    They are asked at most once in a minute; what is proposed is ruled on at once.
    """
    del org
    calling = get_calling(request)
    return find_acts(calling.enter(matter), now=calling.asking.now)


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
    spec = get_spec(proposal.act)
    need_scopes(calling, spec, only_try=only_try)
    act = build_act(spec, proposal.fields)
    if only_try:
        return _answer_tried(matter, rule_on(calling.asking.organisation, stream, act, calling.person))
    return answer_once(request, calling.bearer, _performing(calling, stream, act, None))


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
    calling, spec = get_calling(request), get_spec(event.act)
    act, reported = build_act(spec, event.fields), _build_reported(event.reported)
    return answer_once(request, calling.bearer, _performing(calling, StreamId(matter), act, reported))


def _performing(calling: Calling, stream: StreamId, act: Act, reported: Reported | None) -> Callable[[], HttpResponse]:
    def do() -> HttpResponse:
        done = perform(calling.asking.organisation, stream, act, calling.person, reported=reported)
        return answer_recorded(stream, done)

    return do


def _answer_tried(matter: str, ruling: Ruling) -> HttpResponse:
    if isinstance(ruling, Refused) and ruling.code == "matter.unknown":
        raise not_found()
    return answer(shapes.Tried(matter=matter, ruling=shapes.tell_ruling(ruling)))


def _build_reported(told: shapes.ToldHow) -> Reported:
    given = told.model_dump(exclude_unset=True, mode="json")
    try:
        return parse_reported(encode_reported(msgspec.convert(given, Reported)))
    except (msgspec.ValidationError, OverflowError) as error:
        raise misfit("body.reported", str(error)) from error
    except MalformedError as error:
        raise misfit("body.reported", error.problem) from error
