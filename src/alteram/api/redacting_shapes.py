"""Shapes of redactions, as the API asks for them and tells of them."""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from ninja import Schema
from pydantic import Field, model_validator

from alteram.api.shapes import Asked, Identifier
from alteram.core.disclosure.redaction_proofs import Kind
from alteram.core.disclosure.redactions import MAX_CUTS, MAX_WORDS, WHOLE

Part: TypeAlias = Annotated[int, Field(ge=0, le=WHOLE)]
Words: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
State: TypeAlias = Literal["none", "under-way", "made", "leaks", "refused", "broke-off"]


class PlaceToCut(Asked):
    """A rectangle on a page (from 0), in ten-thousandths of its width and height, from its top left corner."""

    page: Annotated[int, Field(ge=0, le=9_999)]
    left: Part
    top: Part
    right: Part
    bottom: Part

    @model_validator(mode="after")
    def covers_something(self) -> "PlaceToCut":
        """Refuse what covers nothing."""
        if self.left >= self.right or self.top >= self.bottom:
            raise ValueError
        return self


class CutAsked(Asked):
    """What is cut out for one reason: words, wherever they stand, and places."""

    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
    words: Annotated[tuple[Words, ...], Field(max_length=MAX_WORDS)] = ()
    places: Annotated[tuple[PlaceToCut, ...], Field(max_length=1_000)] = ()


class RedactionAsked(Asked):
    """All that is to be blacked out, and the kind of file it is made as: `png` of one picture, `text` of plain text."""

    cuts: Annotated[tuple[CutAsked, ...], Field(min_length=1, max_length=MAX_CUTS)]
    kind: Kind = "pdf"


class RedactionToLodge(Asked):
    """What the redaction is called, and what it is for; both sides read that."""

    name: Identifier
    reasons: Annotated[str, Field(max_length=20_000)] = ""


class PlaceCut(Schema):
    """A place that is black."""

    page: int
    left: int
    top: int
    right: int
    bottom: int


class MadeCut(Schema):
    """A cut: the number that stands on its boxes, the reason, the words that were looked for, and its places."""

    number: int
    reason: str
    words: tuple[str, ...]
    places: tuple[PlaceCut, ...]


class Suggestion(Schema):
    """Words that name a protected person, or may do so, and the pages or messages (from 1) in which they stand."""

    words: str
    person: str
    certain: bool
    parts: tuple[int, ...]


class Redaction(Schema):
    """A redaction that somebody works on: how far it is, what came of it, and what may have to be cut out.

    `made`: it can be looked at and lodged, as it is, within a day. `leaks`: what was cut out can still be found, there;
    nothing is kept of it. `still` was cut out, and stands elsewhere as well. `doubtful` is nearly what was looked for,
    and stayed; `not_found` stands nowhere. `kinds` are those it can be made as, `kind` is what it is made as.
    """

    state: State
    kind: Kind | None = None
    kinds: tuple[Kind, ...] = ()
    done: int = 0
    parts: int = 0
    asked_at: datetime | None = None
    because: str | None = None
    remedy: str | None = None
    cuts: tuple[MadeCut, ...] = ()
    pages: int = 0
    places: int = 0
    leaks: tuple[str, ...] = ()
    still: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()
    suggested: tuple[Suggestion, ...] = ()
