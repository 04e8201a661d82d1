"""Desks: for each part that somebody plays in matters by appointment, office or body, what to do next there.

A desk looks into a bounded number of matters at a time: the open ones, what is due first before the rest, or those that
are closed, in which an appeal or a promise may still wait. The rules are asked about every act before it is shown. Of
what it shows, nothing is told that its reader may not see: neither an entry that is closed to them nor a person
protected from them.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from alteram.core.access import Reader, build_reader
from alteram.core.acts import find_spec
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.calendars import CalendarError
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.kernel.outcomes import Ruling
from alteram.core.matters import Facts
from alteram.core.rules.identities import RELEASE
from alteram.core.rules.rulebook import Rulebook
from alteram.core.rules.stages import Clock, find_clock
from alteram.operations.entries import Entered
from alteram.operations.identities import Request, asks_for_key, find_identities, has_open_requests
from alteram.operations.lists import find_offices, find_place, read_matter
from alteram.operations.next_acts import NextAct, find_next_acts, find_undeclared
from alteram.operations.organisation import Organisation
from alteram.operations.own_deadlines import find_open_to
from alteram.operations.ports import ListPlace, MatterRow
from alteram.operations.questions import Drafting

#: The parts that have a desk, in the order in which they are shown.
DESKS: Final[tuple[Role, ...]] = (
    "case-manager",
    "investigator",
    "chair",
    "decider",
    "scrutineer",
    "appeal-decider",
    "custodian",
    "secretary",
    "contact-person",
)
_AT_ONCE = 50
#: How many matters are looked through for closed ones at once.
_SCANNED: Final = 2000


@dataclass(frozen=True, slots=True)
class Task:
    """An act that is next in a matter, and what the rules would say if it were proposed now."""

    matter: StreamId
    next: NextAct
    is_late: bool
    ruling: Ruling


@dataclass(frozen=True, slots=True)
class StageClock:
    """A stage that falls to a desk, with when it must be left, where that is known."""

    matter: StreamId
    clock: Clock
    is_late: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """One part: the stages that fall to it, and the acts that are next; what is due first comes first."""

    role: Role
    stages: tuple[StageClock, ...]
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class NameRequest:
    """A protected name that somebody asked for, and that waits for this person's answer or second key."""

    matter: StreamId
    request: Request


@dataclass(frozen=True, slots=True)
class Desks:
    """The desks of one person, over some of the matters that are open to them; `after` is where the others begin."""

    desks: tuple[Desk, ...]
    matters: int
    after: ListPlace | None
    names: tuple[NameRequest, ...] = ()


def find_desks(
    organisation: Organisation,
    person: PersonId,
    *,
    now: datetime,
    after: ListPlace | None = None,
    limit: int = _AT_ONCE,
    closed: bool = False,
) -> Desks:
    """Return the desks of `person`: none where they play no part that has one.

    `closed`: over matters that are closed, what was closed last first; else over those that are open.
    """
    holds_office = any(role in DESKS for role in find_offices(organisation, person))
    find = _find_closed if closed else _find_open
    rows, beyond = find(organisation, person, after, limit, whole=holds_office)
    stages: dict[Role, list[StageClock]] = {}
    tasks: dict[Role, list[Task]] = {}
    names: list[NameRequest] = []
    shown = 0
    for row in rows:
        look = _look_into(organisation, person, row, now)
        # How many others there are is not theirs to know.
        shown += look.reader.has_part
        names.extend(_find_names_asked(organisation, person, look))
        for role in look.roles:
            stages.setdefault(role, []).extend(look.stages(role))
            tasks.setdefault(role, []).extend(look.tasks(role))
    desks = [
        Desk(role, tuple(sorted(stages[role], key=_by_clock)), tuple(sorted(tasks[role], key=_by_due)))
        for role in DESKS
        if role in stages
    ]
    return Desks(tuple(desks), shown, beyond, tuple(names))


def find_keys_asked(organisation: Organisation, person: PersonId, *, limit: int = _AT_ONCE) -> tuple[StreamId, ...]:
    """Return the open matters in which a protected name waits for the key of somebody whose office gives second keys.

    Looked into are so many matters, those that are due first; nothing of what was asked is read.
    """
    rule = organisation.governing(ORGANISATION_STREAM).find_second_key(RELEASE)
    if rule is None or frozenset(rule.by).isdisjoint(find_offices(organisation, person)):
        return ()
    rows, _beyond = _find_open(organisation, person, None, limit, whole=True)
    return tuple(row.stream for row in rows if _waits_for_key(organisation, person, row))


def _waits_for_key(organisation: Organisation, person: PersonId, row: MatterRow) -> bool:
    facts = read_matter(organisation, row)
    if not has_open_requests(facts):
        return False
    rulebook = organisation.governing(row.stream)
    reader = build_reader(facts, rulebook, person)
    return reader.has_part and asks_for_key(Entered(organisation, row.stream, facts, rulebook, reader))


def _find_names_asked(organisation: Organisation, person: PersonId, look: "_Look") -> Iterator[NameRequest]:
    """Yield the requests that wait for the custodian's answer, or for the second key of whoever was asked for it."""
    if look.reader.has_part and has_open_requests(look.facts):
        for one in find_identities(organisation, look.stream, person, now=look.now).requests:
            if one.may_answer or one.may_key:
                yield NameRequest(look.stream, one)


#: Some matters, and where the others begin.
_Found: TypeAlias = tuple[list[MatterRow], ListPlace | None]


def _find_open(
    organisation: Organisation, person: PersonId, after: ListPlace | None, limit: int, *, whole: bool
) -> _Found:
    return _cut(list(_walk(organisation, person, after, limit + 1, whole=whole)), limit)


def _cut(rows: list[MatterRow], limit: int) -> _Found:
    return rows[:limit], find_place(rows[limit - 1]) if len(rows) > limit else None


def _find_closed(
    organisation: Organisation, person: PersonId, after: ListPlace | None, limit: int, *, whole: bool
) -> _Found:
    """Return closed matters: those `person` has a part in, the newest first; for who holds an office all, by name.

    Of all, no more are looked through at once than `_SCANNED`: there may be fewer on a page than fit on it.
    """
    store, name = organisation.ports.store, organisation.ports.organisation
    if not whole:
        return _cut(list(store.matters_of(name, person, "closed", after, limit + 1)), limit)
    rows: list[MatterRow] = []
    scanned = store.matters(name, "" if after is None else after[1], _SCANNED)
    for row in scanned:
        if row.closed_at is not None:
            rows.append(row)
        if len(rows) == limit:
            break
    last = rows[-1] if len(rows) == limit else scanned[-1] if scanned else None
    is_all = len(scanned) < _SCANNED and (last is None or last.stream == scanned[-1].stream)
    return rows, None if is_all or last is None else (None, last.stream)


def _walk(
    organisation: Organisation, person: PersonId, after: ListPlace | None, limit: int, *, whole: bool
) -> Iterator[MatterRow]:
    """Yield open matters by the time they are due: those `person` has a part in, or all, for who holds an office."""
    store, name = organisation.ports.store, organisation.ports.organisation
    lists = [store.matters_of(name, person, standing, after, limit) for standing in ("waits", "open")]
    if whole:
        rulebook = organisation.governing(ORGANISATION_STREAM)
        owners = {stage.owner for procedure in rulebook.procedures for stage in procedure.stages}
        lists.extend(store.matters_owned(name, owner, after, limit) for owner in sorted(owners))
    told: set[StreamId] = set()
    for row in heapq.merge(*lists, key=_by_row):
        if row.stream not in told and len(told) < limit:
            told.add(row.stream)
            yield row


@dataclass(frozen=True, slots=True)
class _Look:
    """A matter as one person who keeps a desk sees it."""

    stream: StreamId
    facts: Facts
    rulebook: Rulebook
    reader: Reader
    now: datetime
    clock: Clock | None
    next_acts: tuple[NextAct, ...]
    drafting: Drafting

    @property
    def roles(self) -> tuple[Role, ...]:
        return tuple(role for role in self.reader.roles if role in DESKS)

    def stages(self, role: Role) -> Iterator[StageClock]:
        if self.clock is not None and self.clock.stage.owner == role:
            yield StageClock(self.stream, self.clock, self.clock.overdue(self.now))

    def tasks(self, role: Role) -> Iterator[Task]:
        for one in self.next_acts:
            # Whoever has two parts finds an act on the desk of the first that may do it.
            if next((each for each in DESKS if each in one.roles and each in self.roles), None) == role:
                spec = find_spec(one.act)
                if spec is not None:
                    ruling = self.drafting.rule_on(spec, holding=dict(one.fills))
                    yield Task(self.stream, one, one.due_at is not None and one.due_at < self.now, ruling)


def _look_into(organisation: Organisation, person: PersonId, row: MatterRow, now: datetime) -> _Look:
    facts = read_matter(organisation, row)
    rulebook = organisation.governing(row.stream)
    reader = build_reader(facts, rulebook, person)
    try:
        clock = None if facts.matter.is_history else find_clock(facts, rulebook)
    except CalendarError:
        clock = None
    found = [*find_undeclared(facts, person, reader.roles), *find_next_acts(facts, rulebook, now)]
    told = tuple(find_open_to(reader, facts, found))
    drafting = Drafting(organisation, facts, rulebook, person, now.replace(microsecond=0))
    return _Look(row.stream, facts, rulebook, reader, now, clock, told, drafting)


def _by_row(row: MatterRow) -> tuple[bool, datetime | None, StreamId]:
    return row.next_due_at is None, row.next_due_at, row.stream


def _by_due(task: Task) -> tuple[bool, datetime | None, StreamId, int]:
    return task.next.due_at is None, task.next.due_at, task.matter, task.next.entry or 0


def _by_clock(stage: StageClock) -> datetime:
    return stage.clock.due_at
