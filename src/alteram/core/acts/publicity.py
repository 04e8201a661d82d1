"""Contact and publicity: keeping in touch with a suspended member; what was said in public, and the right of reply."""

from typing import Final, Literal

from alteram.core.acts.catalogue import act
from alteram.core.acts.fields import Act, Id, Instant, Interval, Label, Person, Ref, Text

_AREA: Final = "publicity"


@act("contact-person.named/1", area=_AREA, by=("case-manager", "secretary", "chair"))
class ContactPersonNamed(Act, frozen=True, kw_only=True):
    """Name who keeps in touch with a party, and how often."""

    person: Person
    for_person: Person
    every_days: Interval | None = None


@act("contact.made/1", area=_AREA, by=("contact-person", "case-manager"))
class ContactMade(Act, frozen=True, kw_only=True):
    """Record that the contact person spoke with the party."""

    person: Person


@act("contact.missed/1", area=_AREA, by=("anyone",))
class ContactMissed(Act, frozen=True, kw_only=True):
    """Record that promised contact did not happen, or that nobody has been in touch."""

    person: Person
    text: Text | None = None


@act("statement.published/1", area=_AREA, by=("anyone",))
class StatementPublished(Act, frozen=True, kw_only=True):
    """Register what was said publicly about the matter, by whom."""

    person: Person | None = None
    office: Label | None = None
    names_respondent: bool = False
    announces_outcome: bool = False
    speaks_of_evidence: bool = False
    text: Text | None = None
    reply_to: Ref | None = None
    """The statement it replies to, where it does."""


@act("comment.sought/1", area=_AREA, by=("anyone",))
class CommentSought(Act, frozen=True, kw_only=True):
    """Ask somebody to comment before or after publication, by a time."""

    person: Person | None = None
    office: Label | None = None
    by_at: Instant | None = None
    text: Text | None = None


@act("comment.given/1", area=_AREA, by=("anyone",))
class CommentGiven(Act, frozen=True, kw_only=True):
    """Give the comment that was asked for."""

    request: Ref
    text: Text | None = None


@act("comment.declined/1", area=_AREA, by=("anyone",))
class CommentDeclined(Act, frozen=True, kw_only=True):
    """Decline to comment."""

    request: Ref


@act("leak.reported/1", area=_AREA, by=("anyone",))
class LeakReported(Act, frozen=True, kw_only=True):
    """Report that something confidential reached the public: a fact for its own charge, never a sanction by itself."""

    exhibit: Id | None = None
    by: Person | None = None
    part_only: bool = False
    text: Text | None = None


@act("outcome.published/1", area=_AREA, by=("secretary", "chair"), open_to="organisation")
class OutcomePublished(Act, frozen=True, kw_only=True):
    """Publish the outcome, as far as the rulebook says it is published."""

    decision: Ref
    names: Literal["nobody", "respondent", "ceased-membership-only"] = "nobody"
    text: Text


@act("misrepresentation.claimed/1", area=_AREA, by=("anyone",))
class MisrepresentationClaimed(Act, frozen=True, kw_only=True):
    """Say that an excerpt or report misrepresents what was said."""

    exhibit: Id | None = None
    text: Text | None = None
