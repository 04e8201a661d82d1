"""Letters that were served: to whom, when each arrived as the rules reckon it, and the letter itself.

A letter that was kept with its entry is shown as it was served. One that was not is made again from the record, and is
the one that was served where its digest is the one recorded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from alteram.core.access.parts import KEEPERS
from alteram.core.access.seeing import Reader
from alteram.core.acts import DecisionServed, NoticeServed, PaperServed, ServiceConfirmed, parse_act
from alteram.core.acts.fields import Act
from alteram.core.kernel.calendars import CalendarError
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.periods import Reckoning, last_within
from alteram.core.matters import AnyEvent, Facts
from alteram.core.rules.requirements import parse_parameters
from alteram.core.rules.rulebook import Rulebook
from alteram.operations.attachments import find_attachments, open_attachment
from alteram.operations.entries import enter, find_entries
from alteram.operations.letters.drafting import Writing, build_draft, find_addressees
from alteram.operations.letters.kinds import LetterKind, find_kind_of
from alteram.operations.letters.serving import print_draft
from alteram.operations.printing import LetterPress
from alteram.operations.questions import UnknownMatterError
from alteram.operations.readings import keep_reading

#: What runs from a letter's arrival: the requirement that says so, and the name of its period.
_RUNS: Final[dict[type[Act], tuple[str, str]]] = {
    NoticeServed: ("response-period", "at_least"),
    DecisionServed: ("appeal-in-window", "within"),
}


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a letter reached somebody. `at` is None until that is confirmed; `confirmed_by` is the entry that did.

    `runs` is what is counted from then: the requirement's title, and how its period was reckoned.
    """

    to: PersonId
    at: datetime | None
    method: str
    confirmed_by: int | None = None
    runs: tuple[tuple[str, Reckoning], ...] = ()


@dataclass(frozen=True, slots=True)
class ServedLetter:
    """A letter that was served. `digest` is empty where the act was done without its letter."""

    seq: int
    at: datetime
    kind: LetterKind
    digest: str
    is_mine: bool
    arrivals: tuple[Arrival, ...]


@dataclass(frozen=True, slots=True)
class OpenedLetter:
    """A served letter: `is_as_served` says whether it is, byte for byte, the one whose digest is recorded."""

    kind: LetterKind
    pdf: bytes
    is_as_served: bool


def find_letters(writing: Writing, stream: StreamId, viewer: PersonId) -> tuple[ServedLetter, ...]:
    """Return the letters served on `viewer`, by them, or, to who keeps the matter, all; the newest first.

    Raises: UnknownMatterError, also where the matter is not open to `viewer`.
    """
    entered = enter(writing.organisation, stream, viewer)
    facts, rulebook, reader = entered.facts, entered.rulebook, entered.reader
    found = [one for event in facts.matter.every() if (one := _tell(facts, rulebook, reader, event)) is not None]
    return tuple(reversed(found))


def open_letter(
    writing: Writing, press: LetterPress, stream: StreamId, seq: int, viewer: PersonId, *, now: datetime
) -> OpenedLetter:
    """Return a served letter, and keep that its entry was read.

    Raises: UnknownMatterError where it is not theirs to read; LetterError, BusyError, StoreError.
    """
    entered = enter(writing.organisation, stream, viewer)
    event = entered.facts.matter.find(seq)
    letter = None if event is None else _tell(entered.facts, entered.rulebook, entered.reader, event)
    if event is None or letter is None or event.actor is None:
        raise UnknownMatterError("There is no such letter, or it is not open to you.", remedy="Ask the secretary.")
    pdf = _find_kept(writing, stream, letter, viewer)
    if pdf is None:
        act = _read_act(writing, stream, seq)
        draft = build_draft(writing, stream, act, event.actor, at=event.recorded_at, before=seq)
        pdf = print_draft(press, draft).pdf
    keep_reading(entered, find_entries(entered, [seq]).values(), now=now)
    return OpenedLetter(letter.kind, pdf, sha256(pdf).hexdigest() == letter.digest)


def _find_kept(writing: Writing, stream: StreamId, letter: ServedLetter, viewer: PersonId) -> bytes | None:
    """Return the letter that was kept with its entry; None where none is, or it is not the one recorded."""
    organisation = writing.organisation
    for one in find_attachments(organisation, stream, letter.seq, viewer):
        content = b"".join(open_attachment(organisation, stream, letter.seq, one.number, viewer).content)
        if sha256(content).hexdigest() == letter.digest:
            return content
    return None


def _tell(facts: Facts, rulebook: Rulebook, reader: Reader, event: AnyEvent) -> ServedLetter | None:
    kind = find_kind_of(event.act)
    if kind is None or not event.live:
        return None
    to = find_addressees(facts, event.act)
    is_mine = reader.person in to
    keeps = not KEEPERS.isdisjoint(reader.roles) or event.actor == reader.person
    if not is_mine and not keeps:
        return None
    # What others were sent is for those who keep the matter: one addressee is not told of the next.
    shown = [one for one in to if keeps or one == reader.person]
    arrivals = tuple(_find_arrival(facts, rulebook, event, one) for one in shown if one not in reader.unknown)
    digest = getattr(event.act, "digest", None) or ""
    return ServedLetter(event.seq, event.recorded_at, kind, digest, is_mine, arrivals)


def _find_arrival(facts: Facts, rulebook: Rulebook, event: AnyEvent, to: PersonId) -> Arrival:
    """Return when a letter reached somebody, by the rule of `core.rules.service`: posted, once it is confirmed."""
    method = str(getattr(event.act, "method", "page"))
    confirmed = min(_confirmations(facts, event, to), default=None)
    if confirmed is not None:
        at: datetime | None = max(confirmed[0], event.recorded_at)
    else:
        at = None if method == "post" else event.recorded_at
    runs = () if at is None else tuple(_find_runs(rulebook, event, at))
    return Arrival(to, at, method, None if confirmed is None else confirmed[1], runs)


def _confirmations(facts: Facts, event: AnyEvent, to: PersonId) -> Iterator[tuple[datetime, int]]:
    for one in facts.matter.all(ServiceConfirmed, PaperServed):
        act = one.act
        if isinstance(act, ServiceConfirmed | PaperServed) and one.live and (act.document, act.to) == (event.seq, to):
            yield act.delivered_at, one.seq


def _find_runs(rulebook: Rulebook, event: AnyEvent, at: datetime) -> Iterator[tuple[str, Reckoning]]:
    kind, name = _RUNS.get(type(event.act), ("", ""))
    for demand in rulebook.demands:
        if demand.kind == kind:
            period = getattr(parse_parameters(demand), name)
            try:
                yield demand.title, last_within(at, period, rulebook.calendar)
            except CalendarError:
                continue


def _read_act(writing: Writing, stream: StreamId, seq: int) -> Act:
    """Return an act with its texts, which the facts leave out."""
    organisation = writing.organisation
    stored = next(organisation.ports.store.load(organisation.ports.organisation, stream, seq - 1, limit=1))
    opened = organisation.open(stored)
    claims = {} if opened is None else opened.presentation.claims
    tag = claims.get("act")
    fields = {name.removeprefix("act."): value for name, value in claims.items() if name.startswith("act.")}
    if not isinstance(tag, str):
        raise UnknownMatterError("The letter was erased from the record.", remedy="Ask the custodian.")
    return parse_act(tag, fields)
