"""What an amendment would have meant for past matters: have it looked at, and read what came of it."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from alteram.api import shapes
from alteram.api.calling import BearerToken, Calling, Org, get_calling
from alteram.api.once import Key, answer, answer_once
from alteram.api.problems import busy
from alteram.core.rules import Rulebook
from alteram.installation.background import BusyError
from alteram.installation.past_matters import LookBack, ask_to_look_back, get_look_back
from alteram.operations.past_matters import check_may_look_back
from alteram.operations.rulebook_versions import get_version

router = Router(tags=["rulebook"], auth=BearerToken("read"))
_Result = Literal["PASS", "FAIL", "UNKNOWN", "RULED"]


class Versions(shapes.Asked):
    """Two versions that were adopted, by their digests."""

    old: shapes.DigestHex
    new: shapes.DigestHex


class ChangedRequirement(Schema):
    """A requirement that would have come to something else (null: not asked). `matters` is null where hidden."""

    requirement: str
    title: str
    old: _Result | None
    new: _Result | None
    matters: int | None


class BarredAct(Schema):
    """A kind of act that would have been refused. `matters` is null where it is too small to be told."""

    act: str
    matters: int | None


class RefusedEntry(Schema):
    """An entry of a matter that would have been refused."""

    entry: int = Field(validation_alias="seq")
    act: str
    code: str
    clause: str
    requirement: str


class OwnRequirement(Schema):
    """A requirement of one matter, and what it came to under either version."""

    requirement: str
    title: str
    old: _Result | None
    new: _Result | None


class OwnMatter(Schema):
    """A matter in which the asker has a part, and what would have gone otherwise in it."""

    matter: str = Field(validation_alias="stream")
    requirements: list[OwnRequirement]
    refused: list[RefusedEntry]


class PastOutcome(Schema):
    """What came of it. `touched` is null where it is too small to be told."""

    looked_at: int
    touched: int | None
    changed: list[ChangedRequirement]
    barred: list[BarredAct]
    mine: list[OwnMatter]


class PastMatters(Schema):
    """A look at past matters: how far it is (`done` of `parts` matters), and what came of it once it ended."""

    past: str = Field(validation_alias="key")
    done: int
    parts: int
    asked_at: datetime
    ended_at: datetime | None
    has_failed: bool
    outcome: PastOutcome | None = Field(validation_alias="told")


@router.get(
    "/{org}/rulebook/past",
    response=PastMatters,
    operation_id="show_past_matters",
    summary="Past matters under other rules",
)
def show_past_matters(
    request: HttpRequest,
    org: Org,
    past: Annotated[str, Query(pattern="^[0-9a-f]{64}$", description="What asking for it answered.")],
) -> LookBack:
    """Tell how far it is, and what came of it: numbers, and the matters in which the asker has a part."""
    del org
    calling = get_calling(request)
    return get_look_back(calling.asking, calling.person, past)


@router.post(
    "/{org}/rulebook/past",
    response={202: PastMatters},
    auth=BearerToken("rulebook"),
    operation_id="look_at_past_matters",
    summary="Look at past matters under other rules",
)
def look_at_past_matters(request: HttpRequest, org: Org, versions: Versions, key: Key = None) -> HttpResponse:
    """Have every closed matter looked at under two versions, anew where it was done before. Needs `rulebook`."""
    del org, key
    calling = get_calling(request)
    check_may_look_back(calling.asking.organisation, calling.person)
    old, new = (_get(calling, one) for one in (versions.old, versions.new))

    def do() -> HttpResponse:
        try:
            asked = ask_to_look_back(calling.asking, calling.person, old, new)
        except BusyError as error:
            raise busy(f"{error.problem} {error.remedy}") from error
        return answer(PastMatters.model_validate(asked, from_attributes=True), 202)

    return answer_once(request, calling.bearer, do)


def _get(calling: Calling, digest: str) -> Rulebook:
    return get_version(calling.asking.organisation, calling.person, digest)[1]
