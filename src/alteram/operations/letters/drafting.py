"""A letter before it is printed: whom it goes to, and the data that its template shows.

The data is made from the act that would serve it, from what its addressees and its writer may all see, and from the
rulebook. It holds values, never sentences: the words are the template's, which an organisation may change.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo

from alteram.core.access.parts import KEEPERS
from alteram.core.acts import AppealDecided, MeetingCalled, ReportAcknowledged
from alteram.core.acts.fields import Act
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.matters import SIDES, Facts
from alteram.core.rules.rulebook import Rulebook
from alteram.operations.letters.contents import Context, build_content
from alteram.operations.letters.kinds import LetterKind, find_kind_of
from alteram.operations.letters.sight import CommonSight, build_sight, choose_fields, tell_day
from alteram.operations.organisation import Organisation

Name = Callable[[PersonId], str]


@dataclass(frozen=True, slots=True)
class Writing:
    """From where a letter is written: the organisation's name and time zone, and what people are called."""

    organisation: Organisation
    title: str
    zone: tzinfo
    name: Name


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter ready to be printed. `to` are those it is addressed to; `given_away` are names that it must not hold."""

    kind: LetterKind
    to: tuple[PersonId, ...]
    data: Mapping[str, Json]
    dated_at: datetime
    given_away: tuple[str, ...] = ()


def build_draft(
    writing: Writing, stream: StreamId, act: Act, actor: PersonId, *, at: datetime, before: int | None = None
) -> Draft:
    """Return the letter that `act` would serve, were `actor` to do it at `at`; of a served one, before its entry.

    Whether `actor` may do it is not asked here: what comes out is no more than they may see.
    """
    kind = find_kind_of(act)
    if kind is None:
        raise ValueError(type(act).__name__)
    organisation = writing.organisation
    facts, rulebook = organisation.facts(stream, fresh=True), organisation.governing(stream)
    to = find_addressees(facts, act)
    sight = build_sight(organisation, stream, facts, rulebook, (actor, *to), before=before)
    context = Context(facts, rulebook, sight, writing.zone, at, lambda one: _tell_name(writing, sight, one))
    head = build_head(writing, stream, rulebook, kind.name, at)
    head["to"] = ", ".join(writing.name(one) for one in to) if len(to) == 1 else None
    head["sender"] = {"name": context.name(actor), "part": _find_part(sight.readers[0].roles)}
    data = {**head, **build_content(kind, context, choose_fields(sight, act))}
    return Draft(kind, to, data, find_day(writing, at), find_given_away(writing, sight, data))


def find_day(writing: Writing, at: datetime) -> datetime:
    """Return the day a letter bears, as the instant that its PDF says it was made: the same all day long."""
    return datetime.combine(at.astimezone(writing.zone).date(), time.min, UTC)


def build_head(writing: Writing, stream: StreamId, rulebook: Rulebook, letter: str, at: datetime) -> dict[str, Json]:
    """Return what every letter begins with."""
    return {
        "letter": letter,
        "organisation": writing.title,
        "matter": stream,
        "dated": tell_day(at.astimezone(writing.zone).date()),
        "to": None,
        "sender": None,
        "rules": {"title": rulebook.title, "version": rulebook.version},
    }


def find_addressees(facts: Facts, act: Act) -> tuple[PersonId, ...]:
    """Return whom the letter of an act goes to: whom it is addressed to, both sides, or everybody invited."""
    match act:
        case ReportAcknowledged(report=report):
            event = facts.matter.find(report)
            return () if event is None or event.actor is None else (event.actor,)
        case MeetingCalled(invited=invited):
            return tuple(dict.fromkeys(invited))
        case AppealDecided():
            sides = [one.person for one in facts.holdings if one.role in SIDES and one.until is None]
            return tuple(dict.fromkeys(sides))
        case _:
            person = getattr(act, "to", None) or getattr(act, "person", None)
            return () if person is None else (PersonId(person),)


def find_given_away(writing: Writing, sight: CommonSight, data: Json) -> tuple[str, ...]:
    """Return the names in a letter of people whose part an addressee may not learn of, where its writer may know them.

    Access does not look into prose; this does, for the name and the identifier as words. A writer who may not know the
    name is told nothing: else they could try names until one is refused.
    """
    if not sight.readers or KEEPERS.isdisjoint(sight.readers[0].roles):
        return ()
    unknown = {one for reader in sight.readers[1:] for one in reader.unknown}
    words = {one: {str(one), writing.name(one)} - {""} for one in sorted(unknown)}
    texts = tuple(_texts(data))
    return tuple(
        name
        for names in words.values()
        for name in sorted(names)
        if any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) for text in texts)
    )


def _tell_name(writing: Writing, sight: CommonSight, person: PersonId) -> str:
    return writing.name(person) if sight.may_know(person) else ""


def _find_part(roles: tuple[str, ...]) -> str:
    return next((one for one in roles if one not in {"anyone", "member"}), "")


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
