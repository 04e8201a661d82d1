"""What somebody has to do themselves in a matter, and by when: to answer, to comment, to appeal, or what a part brings.

The clock of the stage is another matter: it says when the matter must move on, whoever has to move it. Nothing is told
that is closed to the reader, and a deadline that was kept is none any more.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from alteram.core.access import Reader, is_open_to
from alteram.core.acts import (
    CommentDeclined,
    CommentGiven,
    CommentSought,
    NoticeServed,
    ResponseGiven,
    SubmissionsClosed,
)
from alteram.core.matters import Facts
from alteram.operations.accusation import find_deadline
from alteram.operations.entries import Entered
from alteram.operations.next_acts import NextAct, Why, find_next_acts
from alteram.operations.outcome import find_outcome

#: What is due: an act that is next on a desk of theirs, or one that is theirs as a party.
Due: TypeAlias = Why | Literal["answer-due", "appeal-due", "comment-due"]


@dataclass(frozen=True, slots=True)
class OwnDeadline:
    """By when somebody has to do something themselves, what that is, and the entry it is about."""

    at: datetime
    due: Due
    entry: int | None


def find_own_deadline(entered: Entered, *, now: datetime) -> OwnDeadline | None:
    """Return the nearest deadline that is the reader's own, also one that has passed; None where there is none."""
    if entered.facts.matter.is_history:
        return None
    found = [*_find_as_party(entered, now), *_find_comments(entered), *_find_on_desk(entered, now)]
    return min(found, key=lambda one: (one.at, one.entry or 0), default=None)


def _find_as_party(entered: Entered, now: datetime) -> Iterator[OwnDeadline]:
    matter, person = entered.facts.matter, entered.person
    notices = [one for one in matter.all(NoticeServed) if one.act.to == person and one.live and not one.corrected]
    if "respondent" not in entered.reader.roles or not notices:
        return
    notice = notices[-1]
    outcome = find_outcome(entered, person, since=notice.seq)
    if outcome is not None:
        if outcome.appeal_by is not None and outcome.may_appeal(now):
            yield OwnDeadline(outcome.appeal_by, "appeal-due", outcome.decision.seq)
        return
    answers = [one for one in matter.all(ResponseGiven, SubmissionsClosed) if one.live and not one.corrected]
    at, _ = find_deadline(entered.facts, notice)
    if at is not None and not any(one.actor == person and one.seq > notice.seq for one in answers):
        yield OwnDeadline(at, "answer-due", notice.seq)


def _find_comments(entered: Entered) -> Iterator[OwnDeadline]:
    matter = entered.facts.matter
    answers = [one for one in matter.all(CommentGiven, CommentDeclined) if one.live and not one.corrected]
    told = {getattr(one.act, "request", None) for one in answers}
    for one in matter.all(CommentSought):
        asked = one.act.person == entered.person and one.live and not one.corrected
        if asked and one.act.by_at is not None and one.seq not in told:
            yield OwnDeadline(one.act.by_at, "comment-due", one.seq)


def _find_on_desk(entered: Entered, now: datetime) -> Iterator[OwnDeadline]:
    facts, reader = entered.facts, entered.reader
    for one in find_open_to(reader, facts, find_next_acts(facts, entered.rulebook, now)):
        if one.due_at is not None and not frozenset(one.roles).isdisjoint(reader.roles):
            yield OwnDeadline(one.due_at, one.why, one.entry)


def find_open_to(reader: Reader, facts: Facts, found: Iterable[NextAct]) -> Iterator[NextAct]:
    """Yield what tells the reader nothing that is closed to them."""
    for one in found:
        event = None if one.entry is None else facts.matter.find(one.entry)
        if (event is None or is_open_to(reader, event)) and one.person not in reader.unknown:
            yield one
