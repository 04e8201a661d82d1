"""Letters about accounts that have not left: what is stuck, sending one again, giving one up."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Schema

from alteram.api import shapes
from alteram.api.calling import BearerToken, From, Limit, Org, get_calling
from alteram.api.once import Key, answer, answer_once
from alteram.api.problems import not_found
from alteram.api.shapes import called
from alteram.installation.outgoing import drop_letter, find_stuck, try_again
from alteram.operations.roll import find_roll_as_officer

router = Router(tags=["members"], auth=BearerToken("members"))
Number = Annotated[int, Path(ge=0, le=2**31 - 1, description="The number of a letter.")]


class Stuck(Schema):
    """A letter that has not left; `problem` is what the mail server said of it, in its class of errors."""

    number: int = called("pk")
    kind: str
    to: str
    problem: str
    made_at: datetime
    tries: int
    given_up_at: datetime | None

    @staticmethod
    def resolve_to(letter: Any) -> str:
        """Return the address it goes to."""
        return letter.to or ("" if letter.account is None else letter.account.email)


class StuckPage(Schema):
    """A page of letters that have not left; `next` is the cursor of the page after it (null: that was all)."""

    letters: list[Stuck]
    total: int
    next: str | None


@router.get("/{org}/mail", response=StuckPage, operation_id="list_stuck_mail", summary="Mail that has not left")
def list_stuck_mail(request: HttpRequest, org: Org, cursor: From = None, limit: Limit = 25) -> shapes.Answer:
    """List the letters about accounts that have not left, to whoever holds an office. Needs the scope `members`."""
    calling, first = get_calling(request), cursor or 0
    find_roll_as_officer(calling.asking.organisation, calling.person)
    found = find_stuck(org).select_related("account")
    total = found.count()
    following = str(first + limit) if first + limit < total else None
    return {"letters": list(found[first : first + limit]), "total": total, "next": following}


@router.post("/{org}/mail/{number}/again", response=shapes.Done, operation_id="send_mail_again", summary="Send again")
def send_again(request: HttpRequest, org: Org, number: Number, key: Key = None) -> HttpResponse:
    """Let a letter be sent again within a moment."""
    del key
    return _settle(request, org, number, try_again)


@router.post("/{org}/mail/{number}/drop", response=shapes.Done, operation_id="drop_mail", summary="Send it no more")
def drop(request: HttpRequest, org: Org, number: Number, key: Key = None) -> HttpResponse:
    """Send a letter no more. One that warns somebody is not dropped: it is theirs to read."""
    del key
    return _settle(request, org, number, drop_letter)


def _settle(request: HttpRequest, org: str, number: int, settle: Callable[[str, int], bool]) -> HttpResponse:
    calling = get_calling(request)
    find_roll_as_officer(calling.asking.organisation, calling.person)

    def do() -> HttpResponse:
        if not settle(org, number):
            raise not_found()
        return answer(shapes.Done())

    return answer_once(request, calling.bearer, do)
