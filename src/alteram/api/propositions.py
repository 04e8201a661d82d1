"""What is disputed in a matter: the board of propositions, and each source with what is marked in it.

Stating, marking, confirming, tying and finding are acts, proposed as all others. That something was read is kept.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.http import HttpRequest
from ninja import Router, Schema

from alteram.api.calling import BearerToken, MatterName, Org, get_calling
from alteram.api.exhibits import ExhibitName, say_closed
from alteram.api.shapes import called
from alteram.core.kernel.outcomes import Refused
from alteram.operations.contested import BoardPage, SourcePage, find_board, find_source

router = Router(tags=["propositions"], auth=BearerToken("read"))
_OF_MATTER: Final = "/{org}/matters/{matter}/propositions"


class Speaker(Schema):
    """Who says something: a person of the matter, or a label; neither where that is not open to the asker."""

    person: str | None
    label: str


class Assertion(Schema):
    """Words of an exhibit marked as somebody's, from one character of its text to another.

    It counts once somebody else than who marked it confirmed it. `tied` are others that are the same quotation.
    `words` stand in the source. What whoever marked it wrote is `misquoted` where that is something else, and `claimed`
    where the source does not open to the asker or has no text: then there are no `words`.
    """

    assertion: str = called("found.name")
    exhibit: str = called("found.marked.act.exhibit")
    first: int = called("found.marked.act.first")
    until: int = called("found.marked.act.until")
    stance: str = called("found.marked.act.stance")
    proposition: str | None = called("found.marked.act.proposition")
    state: str = called("found.state")
    tied: list[str] = called("found.tied")
    entry: int = called("found.marked.seq")
    speaker: Speaker
    words: str
    misquoted: str
    claimed: str
    source_is_open: bool = called("is_open")


class Brought(Schema):
    """An exhibit brought for or against a proposition."""

    exhibit: str = called("event.act.exhibit")
    side: str = called("event.act.side")
    reasons: str
    entry: int = called("event.seq")


class Finding(Schema):
    """What was last found of a proposition, and on which exhibits it rests; none: on no exhibit."""

    outcome: str
    entry: int = called("seq")
    at: datetime
    by: str | None
    rests_on: list[str] = called("exhibits")


class Proposition(Schema):
    """What is disputed: how it stands, who says what, on how many sources it rests, evidence, and what was found."""

    proposition: str = called("row.name")
    entry: int = called("row.stated.seq")
    text: str
    standing: str = called("row.standing")
    sources: int
    assertions: list[Assertion] = called("said")
    evidence: list[Brought] = called("brought")
    finding: Finding | None = called("row.finding")
    reasons: str = called("found_reasons")


class Span(Schema):
    """From one character to another, half-open."""

    first: int
    until: int


class Shared(Schema):
    """A sentence that stands in more than one source, and counts as one."""

    words: str
    places: Mapping[str, Span]


class Board(Schema):
    """The board of a matter, as far as it is open to the asker; `loose` are assertions on no proposition yet."""

    speakers: list[Speaker]
    propositions: list[Proposition] = called("rows")
    loose: list[Assertion]
    sources: list[str] = called("exhibits")
    shared: list[Shared]


class Source(Schema):
    """A source: its whole text, what is marked in it, and the sentences that stand in others as well."""

    exhibit: str
    text: str
    assertions: list[Assertion] = called("said")
    shared: list[Shared]


@router.get(_OF_MATTER, response=Board, operation_id="show_board", summary="What is disputed")
def show_board(request: HttpRequest, org: Org, matter: MatterName) -> BoardPage:
    """Tell what is disputed, who asserts, denies or declines it on which source, with evidence and what was found."""
    del org
    return find_board(get_calling(request).enter(matter), now=get_calling(request).asking.now)


@router.get(
    f"{_OF_MATTER}/sources/{{exhibit}}", response=Source, operation_id="show_source", summary="A source with its marks"
)
def show_source(request: HttpRequest, org: Org, matter: MatterName, exhibit: ExhibitName) -> SourcePage:
    """Tell the text of an exhibit with what is marked in it. Opening it is on the record."""
    del org
    found = find_source(get_calling(request).enter(matter), exhibit, now=get_calling(request).asking.now)
    if isinstance(found, Refused):
        raise say_closed(found)
    return found
