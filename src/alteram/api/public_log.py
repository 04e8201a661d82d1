"""The public log, for anybody: how far it is, and who vouches for it. Its files are for any program already."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema

from alteram.adapters.witness import is_near
from alteram.api.calling import Org, get_public
from alteram.api.desk import WitnessHealth
from alteram.operations.public_log import PublicLog, find_public_log

router = Router(tags=["log"])


class PublishedCheckpoint(Schema):
    """A signed head of the log. `is_verified` is false where it is not signed as today's policy asks."""

    size: int
    root: str
    signed_at: datetime | None
    witnesses: list[str]
    is_verified: bool


class Log(Schema):
    """A log as anybody sees it; `recent` begins with the newest checkpoint."""

    origin: str
    recent: list[PublishedCheckpoint]
    witnesses: list[WitnessHealth]


@router.get("/{org}/log", response=Log, operation_id="show_log", summary="The public log")
def show_log(request: HttpRequest, org: Org) -> PublicLog:
    """Tell the newest checkpoints and the witnesses. No token is needed. Its files are at `/{org}/log/tiles/`."""
    del request
    return find_public_log(get_public(org).organisation, is_near)
