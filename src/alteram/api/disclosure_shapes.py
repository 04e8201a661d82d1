"""The shapes of disclosure: what is due, bundles, copies that were served, and what a trace came to."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from ninja import Schema
from pydantic import Field

from alteram.api.exhibit_shapes import LodgedExhibit
from alteram.api.shapes import Asked, Identifier, Ruling, called
from alteram.core.disclosure.bundles import MAX_EXHIBITS
from alteram.operations.disclosure.bundling import MAX_TITLE
from alteram.operations.disclosure.protected_names import MAX_ALSO, MAX_GIST, MOST_ALSO

#: A bundle is made for, and served on, so many people at once.
_MOST_PEOPLE: Final = 100


class DueDisclosure(Schema):
    """An exhibit that a clause says somebody must have, before what, by when (null: not fixed), and the arithmetic.

    `person` is null where the asker may not know them.
    """

    exhibit: str = called("due.exhibit")
    title: str
    person: str | None
    requirement: str = called("due.demand.id")
    clause: str = called("due.demand.clause")
    before: str = called("due.before")
    state: Literal["given", "gist", "sent", "due", "overdue"] = called("due.state")
    by_at: datetime | None = called("due.by_at")
    given_at: datetime | None = called("due.given_at")
    working: list[str] = called("due.working")


class AllDue(Schema):
    """What disclosure is due, what is overdue first."""

    due: list[DueDisclosure]


class Equality(Schema):
    """Which side has each exhibit; what only one side has, and what is relied on though a respondent lacks it."""

    exhibits: list[LodgedExhibit]
    unequal: list[str]
    relied_on_unseen: list[str]


class Copy(Schema):
    """A copy that was served on somebody: by which entry, in which way, and when they confirmed the receipt."""

    entry: int = called("event.seq")
    bundle: str | None = called("event.act.bundle")
    to: str = called("event.act.to")
    by: str = called("event.act.by")
    at: datetime = called("event.recorded_at")
    receipt: datetime | None

    @staticmethod
    def resolve_receipt(one: Any) -> datetime | None:
        """Return when it was confirmed."""
        return None if one.receipt is None else one.receipt.recorded_at


class Bundle(Schema):
    """A bundle: for whom, of which exhibits, what is withheld, and who was served with a copy of it.

    `needs_names`: somebody must look first whether it names a protected person.
    """

    bundle: str = called("event.act.bundle")
    entry: int = called("event.seq")
    for_people: list[str] = called("event.act.for_people")
    exhibits: list[str] = called("event.act.exhibits")
    withheld: list[str] = called("event.act.withheld")
    pages: int = called("event.act.pages")
    digest: str = called("event.act.digest")
    follows: str | None = called("event.act.follows")
    served: list[Copy]
    needs_names: bool


class Bundles(Schema):
    """The bundles of a matter, the newest first, and of which exhibits the next can be made."""

    bundles: list[Bundle]
    choice: list[str]

    @staticmethod
    def resolve_choice(one: Any) -> list[str]:
        """Return the names."""
        return [row.exhibit for row, _title in one.choice]


class Placed(Schema):
    """An exhibit in a bundle: the page numbers that it has for ever, and why it is not shown where it is not."""

    exhibit: str
    label: str
    title: str
    span: str
    state: str
    reason: str
    gist: str


class Withheld(Schema):
    """An exhibit that a bundle does not show: why, and the gist of it where that can be given."""

    exhibit: str
    label: str
    title: str
    reason: str
    gist: str


class WholeBundle(Schema):
    """A bundle with its plan."""

    bundle: Bundle = called("row")
    edition: int = called("plan.edition")
    placed: list[Placed] = called("plan.placed")
    withheld: list[Withheld] = called("plan.withheld")


class ToBuild(Asked):
    """A bundle to be built: for whom, of which exhibits, and what its front says.

    Without exhibits, it is of all that may be in it, but for what was redacted.
    """

    bundle: Identifier
    for_people: Annotated[list[Identifier], Field(min_length=1, max_length=_MOST_PEOPLE)]
    exhibits: list[Identifier] = Field(default_factory=list, max_length=MAX_EXHIBITS)
    title: Annotated[str, Field(max_length=MAX_TITLE)] = ""


class ToServe(Asked):
    """On whom a bundle is served, and how: by a page that only they can open, an encrypted file, or on paper."""

    people: Annotated[list[Identifier], Field(min_length=1, max_length=_MOST_PEOPLE)]
    by: Literal["page", "file", "print"] = "page"


class Unsearched(Schema):
    """What was made of exhibits, and is closed to somebody until it was looked through for protected names."""

    waiting: list[str]


class ToSearch(Asked):
    """What else names protected people, beside what the directory holds: nicknames, telephone numbers."""

    also: list[Annotated[str, Field(min_length=1, max_length=MAX_ALSO)]] = Field(
        default_factory=list, max_length=MOST_ALSO
    )


class ExhibitsToSearch(ToSearch):
    """Exhibits to be given by themselves; with a `gist`, these words are looked through in their place."""

    exhibits: Annotated[list[Identifier], Field(min_length=1, max_length=MAX_EXHIBITS)]
    gist: Annotated[str, Field(max_length=MAX_GIST)] = ""


class ServedOne(Schema):
    """What became of serving one person: the entry, or none where the ruling is a refusal."""

    person: str
    entry: int | None
    ruling: Ruling


class ServedCopies(Schema):
    """What became of serving each; that one was refused stops nothing for the others."""

    served: list[ServedOne]


class Given(Schema):
    """An exhibit that one was given, or its gist, and when one first opened it."""

    exhibit: str
    title: str
    entry: int
    since: datetime
    is_gist: bool
    gist: str
    seen_at: datetime | None


class Room(Schema):
    """What the asker was given: exhibits, the newest first, and copies of bundles that are marked as theirs."""

    given: list[Given]
    copies: list[Copy]


class TracedCopy(Schema):
    """A copy that a leak comes from, and the chance of naming it wrongly."""

    person: str
    bundle: str
    chance: float


class TracedLeak(Schema):
    """What a trace came to: a fact, and never by itself a sanction. Nobody can tell where `copies` is empty, for `why`.

    `entry` is where it was recorded, if it was asked for.
    """

    outcome: Literal["found", "cannot-tell"]
    copies: list[TracedCopy]
    error: str
    why: str
    digest: str
    entry: int | None
