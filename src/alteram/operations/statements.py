"""The register of what was said publicly about a matter: by whom, when, and what the other side had to say to it.

Everything in it is an entry; it shows each reader what that entry shows them. What was said elsewhere and only reported
is told apart.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from alteram.core.acts import (
    CommentDeclined,
    CommentGiven,
    CommentSought,
    LeakReported,
    MisrepresentationClaimed,
    OutcomePublished,
    StatementPublished,
    get_spec,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.matters import AnyEvent
from alteram.operations.entries import Entered, enter, find_entries, find_text
from alteram.operations.organisation import Organisation
from alteram.operations.questions import TimelineEntry
from alteram.operations.readings import keep_reading

_SAID: Final[tuple[type[Act], ...]] = (StatementPublished, OutcomePublished, LeakReported, MisrepresentationClaimed)


@dataclass(frozen=True, slots=True)
class Statement:
    """Something said in public, or said about that: by whom (a person or an office, as far as it is open), when, what.

    `flags` are what it is said to do: name the respondent, announce an outcome, speak of evidence, give only a part.
    `reply_to` is the statement it replies to, `replies` are those to it, as far as the reader sees them.
    """

    seq: int
    act: str
    person: PersonId | None
    office: str
    recorded_by: PersonId | None
    said_from: datetime | None
    said_until: datetime | None
    recorded_at: datetime
    is_reported: bool
    is_corrected: bool
    flags: tuple[str, ...]
    text: str
    reply_to: int | None = None
    replies: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment that was sought: of whom, until when, and what came of it."""

    seq: int
    person: PersonId | None
    office: str
    asked_at: datetime
    by_at: datetime | None
    text: str
    is_declined: bool
    answered_at: datetime | None
    answer: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class StatementsPage:
    """The register of one matter for one reader: the newest first."""

    statements: tuple[Statement, ...]
    comments: tuple[Comment, ...]


def find_statements(organisation: Organisation, stream: StreamId, viewer: PersonId, *, now: datetime) -> StatementsPage:
    """Return the register, and keep that it was read. Raises: UnknownMatterError where it is not open to `viewer`."""
    entered = enter(organisation, stream, viewer)
    said = entered.facts.matter.all(*_SAID)
    about = entered.facts.matter.all(CommentSought, CommentGiven, CommentDeclined)
    entries = find_entries(entered, [one.seq for one in (*said, *about)])
    statements = [_build_statement(one, entries[one.seq]) for one in said if _is_open(entries.get(one.seq))]
    replies: dict[int, list[int]] = {}
    for one in statements:
        if one.reply_to is not None:
            replies.setdefault(one.reply_to, []).append(one.seq)
    statements = [replace(one, replies=tuple(replies.get(one.seq, ()))) for one in statements]
    comments = [
        _build_comment(entered, one, entries, now)
        for one in about
        if isinstance(one.act, CommentSought) and _is_open(entries.get(one.seq))
    ]
    keep_reading(entered, entered.opened.values(), now=now)
    return StatementsPage(tuple(statements[::-1]), tuple(comments[::-1]))


def _is_open(entry: TimelineEntry | None) -> bool:
    """Return whether the reader sees more of an entry than that it is there."""
    return entry is not None and "fields" in entry.claims


def _build_statement(event: AnyEvent, entry: TimelineEntry) -> Statement:
    claims = entry.claims
    flags = [
        name
        for name in ("names_respondent", "announces_outcome", "speaks_of_evidence", "part_only")
        if claims.get(f"act.{name}") is True
    ]
    return Statement(
        seq=event.seq,
        act=get_spec(type(event.act)).name,
        person=_find_person(claims.get("act.person") or claims.get("act.by")),
        office=_find_label(claims.get("act.office")),
        recorded_by=_find_person(claims.get("actor")),
        said_from=event.when.first,
        said_until=event.when.last,
        recorded_at=event.recorded_at,
        is_reported=not event.live,
        is_corrected=event.corrected,
        flags=tuple(flags),
        text=find_text(entry, "text"),
        reply_to=_find_entry(claims.get("act.reply_to")),
    )


def _build_comment(entered: Entered, event: AnyEvent, entries: dict[int, TimelineEntry], now: datetime) -> Comment:
    entry, by_at = entries[event.seq], getattr(event.act, "by_at", None)
    answers = [
        one
        for one in entered.facts.matter.all(CommentGiven, CommentDeclined)
        if getattr(one.act, "request", None) == event.seq
        and one.live
        and not one.corrected
        and _is_open(entries.get(one.seq))
    ]
    answer = answers[-1] if answers else None
    return Comment(
        seq=event.seq,
        person=_find_person(entry.claims.get("act.person")),
        office=_find_label(entry.claims.get("act.office")),
        asked_at=event.recorded_at,
        by_at=by_at,
        text=find_text(entry, "text"),
        is_declined=answer is not None and isinstance(answer.act, CommentDeclined),
        answered_at=None if answer is None else answer.recorded_at,
        answer="" if answer is None else find_text(entries[answer.seq], "text"),
        is_overdue=answer is None and by_at is not None and by_at < now,
    )


def _find_person(value: Json) -> PersonId | None:
    return PersonId(value) if isinstance(value, str) else None


def _find_entry(value: Json) -> int | None:
    return value if isinstance(value, int) else None


def _find_label(value: Json) -> str:
    return value if isinstance(value, str) else ""
