"""The shapes of exhibits, of their pieces, and of files on their way in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from alteram.api.shapes import Asked, Entry, Refused, called
from alteram.operations.exhibits.incoming import MAX_EXHIBIT
from alteram.operations.exhibits.uploads import MAX_NAME

Side = Literal["complainant", "respondent", "deciding"]


class SightOfExhibit(Schema):
    """What one person has of an exhibit, since when; `person` is null where the asker may not know them.

    `sent_at`: it was posted or given in print, and is not known to have arrived; they have nothing of it until it is.
    """

    person: str | None
    role: str
    has_since: datetime | None
    gist_since: datetime | None
    seen_at: datetime | None
    sent_at: datetime | None
    entry: int | None


class LodgedExhibit(Schema):
    """An exhibit: what it is, its entry as far as it is open, whether it may be used, and which side has it.

    `unequal`: one side has it, or its gist, and the other has neither. `relied_on_unseen`: something rests on it
    although a respondent has neither.
    """

    number: int
    exhibit: str
    kind: str
    of: str | None
    entry: Entry
    has_file: bool
    admissible: bool | None
    quarantined: bool
    relied_on_by: list[int]
    unequal: bool
    relied_on_unseen: bool
    sides: dict[Side, list[SightOfExhibit]]


class Exhibits(Schema):
    """The exhibits that are there for the asker, in order."""

    exhibits: list[LodgedExhibit]


class Consent(Schema):
    """What is on record of the consent of somebody who speaks; `speaker` is null where they are protected.

    `rule_met` is PASS, FAIL or UNKNOWN: whether the rule on recordings is met, as far as the record says, and why.
    """

    speaker: str | None
    state: str
    at: datetime | None
    rule_met: str
    because: str


class RuleOnRecordings(Schema):
    """What a pack says of recording conversations: that one party agrees, or all do. A ruling may cite `citation`."""

    pack: str
    clause: str
    title: str
    consent: str
    text: str
    source: str
    citation: str


class WholeExhibit(Schema):
    """An exhibit with all that is on record of it; `closed` says why its file is closed to the asker (null: open).

    `about` are entries on custody, quarantine, withholding, consent, challenges, rulings and checks; `acts` those that
    are open to the asker.
    """

    told: LodgedExhibit
    closed: Refused | None
    consents: list[Consent]
    rule: RuleOnRecordings | None
    about: list[Entry]
    made_of_it: list[str]
    relied_on: list[Entry]
    acts: list[str]


class Pieces(Schema):
    """What an exhibit's pieces are cut from, how many there are, and the root of the tree over them."""

    exhibit: str
    form: str
    pieces: int
    tree: str


class Page(Schema):
    """A page: its number, from 0, its size in pixels, and the text that was found on it.

    `is_recognised`: a program read it in the picture. `is_unread`: in this picture no text was looked for.
    """

    number: int
    width: int
    height: int
    text: str
    is_recognised: bool
    is_unread: bool


class Pages(Schema):
    """Pages of an exhibit in order; the picture of one is the piece of its number."""

    pages: list[Page]
    total: int
    next: str | None


class Messages(Schema):
    """Messages of a thread in order, as they are committed: the piece of the same number is the JSON of one."""

    messages: list[dict[str, Any]]
    total: int
    next: str | None


class FoundFacts(Schema):
    """What programs found of an exhibit when it was lodged; what holds nothing was not asked or not found."""

    facts: Mapping[str, Any]


class Lodging(Asked):
    """What is lodged: the fields of the act `exhibit.lodged`, without those that say what its file is."""

    fields: dict[str, Any] = Field(default_factory=dict)


class ToUpload(Asked):
    """A file that will arrive in parts: what it is called, and how many bytes it has."""

    file_name: Annotated[str, Field(max_length=MAX_NAME)] = ""
    size: Annotated[int, Field(ge=0, le=MAX_EXHIBIT)]


class Upload(Schema):
    """A file on its way in; `offset` is how much of it is durable: the next part begins there."""

    upload: str = called("name")
    file_name: str
    size: int
    offset: int
    is_whole: bool


class Uploads(Schema):
    """One's own uploads in a matter."""

    uploads: list[Upload]


class Dropped(Schema):
    """An upload that was deleted."""

    upload: str
