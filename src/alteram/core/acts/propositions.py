"""Contested propositions: what is disputed, who asserts or denies it, in which words, on what evidence."""

from typing import Final, Literal

from alteram.core.acts.catalogue import Role, act
from alteram.core.acts.fields import Act, Id, Ids, Instant, Label, Person, Place, Text

_AREA: Final = "evidence"
_WHO: Final[tuple[Role, ...]] = (
    "case-manager",
    "investigator",
    "chair",
    "complainant",
    "respondent",
    "representative",
    "decider",
)


@act("proposition.stated/1", area=_AREA, by=_WHO)
class PropositionStated(Act, frozen=True, kw_only=True):
    """State something that is disputed in the matter, in one sentence that can be true or not."""

    proposition: Id
    text: Text
    allegation: Id | None = None
    """The allegation that turns on it, where one does."""


@act("assertion.marked/1", area=_AREA, by=_WHO)
class AssertionMarked(Act, frozen=True, kw_only=True):
    """Mark words of an exhibit as somebody's assertion, denial or refusal to say."""

    assertion: Id
    proposition: Id | None = None
    stance: Literal["asserts", "denies", "declines"]
    person: Person | None = None
    speaker: Label | None = None
    """Who says it, where that is nobody in the matter: a newspaper, an office."""
    exhibit: Id
    first: Place
    """Where the words begin in the text of the exhibit, counted in characters from 0."""
    until: Place
    """Where they end: the place after the last."""
    words: Text
    said_at: Instant | None = None
    proposed: bool = False
    """Whether a program proposed it; nothing counts before a person confirms."""


@act("assertion.confirmed/1", area=_AREA, by=_WHO)
class AssertionConfirmed(Act, frozen=True, kw_only=True):
    """Confirm, or reject, that the marked words are what they were marked as."""

    assertion: Id
    agreed: bool
    remarks: Text | None = None


@act("assertions.tied/1", area=_AREA, by=_WHO)
class AssertionsTied(Act, frozen=True, kw_only=True):
    """Tie together the same quotation as different sources word it; every wording is kept."""

    assertions: Ids
    reasons: Text | None = None


@act("proposition.evidenced/1", area=_AREA, by=_WHO)
class PropositionEvidenced(Act, frozen=True, kw_only=True):
    """Bring an exhibit for or against a proposition, and say why."""

    proposition: Id
    exhibit: Id
    side: Literal["for", "against"]
    reasons: Text | None = None


@act("proposition.found/1", area=_AREA, by=("investigator", "decider", "chair", "appeal-decider"))
class PropositionFound(Act, frozen=True, kw_only=True):
    """Find whether a proposition is so, is not, or stays open, with reasons."""

    proposition: Id
    outcome: Literal["so", "not-so", "open"]
    reasons: Text
    exhibits: Ids = ()
    """The exhibits it rests on, beside those brought for what is found; none: on no other."""
