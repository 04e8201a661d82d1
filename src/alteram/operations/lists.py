"""My matters, for one person: those they have a part in, and those that wait on an office or body of theirs.

A page costs what its rows cost, whatever number of matters there are: it is cut out by an index (`ReadTables`), and
only the matters on it are looked into, to ask whether and as what the person may see them. It may hold fewer than were
asked for, where somebody stood down from what their office plays.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal, TypeAlias

from alteram.core.access import build_reader
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.matters import Facts
from alteram.core.rules.capacities import find_standing_roles
from alteram.operations.entries import Entered
from alteram.operations.identities import asks_for_key
from alteram.operations.organisation import Organisation
from alteram.operations.own_deadlines import OwnDeadline, find_own_deadline
from alteram.operations.ports import ListPlace, ListStanding, MatterRow

#: Which of somebody's matters: all that are open, only those that wait on them, or those that are closed.
View: TypeAlias = Literal["open", "waits", "closed"]
_PAGE = 25
#: What one page shows in turn.
_SHOWN: dict[View, tuple[ListStanding, ...]] = {"open": ("waits", "open"), "waits": ("waits",), "closed": ("closed",)}


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next page begins: after this place among the matters that stand so."""

    standing: ListStanding
    place: ListPlace


@dataclass(frozen=True, slots=True)
class MyMatter:
    """A matter with the parts somebody plays in it; `waits` says whether the next step is theirs.

    `own` is the nearest deadline of their own there, beside the time by which the stage must be left.
    """

    row: MatterRow
    parts: tuple[Role, ...]
    waits: bool
    own: OwnDeadline | None = None
    key_asked: bool = False
    """Whether a protected name waits there for their second key."""

    @property
    def due_at(self) -> datetime | None:
        """Return when something is due from this person: of their own, or the step that waits on them."""
        step = self.row.next_due_at if self.waits else None
        times = [one for one in (step, None if self.own is None else self.own.at) if one is not None]
        return min(times, default=None)


@dataclass(frozen=True, slots=True)
class MyMatters:
    """One page: what waits on somebody first, then by the time that is due. `after` is where the next begins.

    Pages follow the times by which stages must be left; on one page a deadline of their own counts as well.
    """

    matters: tuple[MyMatter, ...]
    after: Cursor | None


def find_my_matters(
    organisation: Organisation,
    person: PersonId,
    view: View = "open",
    *,
    after: Cursor | None = None,
    limit: int = _PAGE,
    now: datetime | None = None,
) -> MyMatters:
    """Return a page of the matters of `person`."""
    lists = _Lists(organisation, person, find_offices(organisation, person), limit)
    rows, beyond = lists.cut(_SHOWN[view], after)
    at = now or organisation.ports.clock()
    matters = [one for row in rows if (one := _look_into(organisation, person, row, at)) is not None]
    if view != "closed":
        matters.sort(key=_by_due)
    if view == "waits":
        matters = [one for one in matters if one.waits]
    return MyMatters(tuple(matters), beyond)


def find_matters_of(
    organisation: Organisation, person: PersonId, *, after: Cursor | None = None, limit: int
) -> tuple[tuple[MatterRow, ...], Cursor | None]:
    """Return matters in which somebody has a part, the closed ones last, and where the next begin.

    Whether they are open to whoever asks is not asked here.
    """
    return _Lists(organisation, person, (), limit).cut(("waits", "open", "closed"), after)


def read_matter(organisation: Organisation, row: MatterRow) -> Facts:
    """Return what a ruling in a matter reads, at least as far as its row; it reads on only where that is further."""
    known = organisation.state(row.stream).head
    return organisation.facts(row.stream, fresh=known is None or known.seq < row.last_seq)


def find_offices(organisation: Organisation, person: PersonId) -> tuple[Role, ...]:
    """Return the parts that somebody plays in matters by office, or by sitting in a body, under the rules in force."""
    facts = organisation.facts(ORGANISATION_STREAM, fresh=True)
    return find_standing_roles(facts, organisation.governing(ORGANISATION_STREAM), person)


@dataclass(frozen=True, slots=True)
class _Lists:
    """The lists that somebody's matters are in; each is read no further than one row beyond `limit`."""

    organisation: Organisation
    person: PersonId
    offices: tuple[Role, ...]
    limit: int

    def cut(
        self, standings: tuple[ListStanding, ...], after: Cursor | None
    ) -> tuple[tuple[MatterRow, ...], Cursor | None]:
        """Return a page of the matters that stand so, and where the next begins."""
        found = list(islice(self._walk(standings, after), self.limit + 1))
        beyond = len(found) > self.limit
        last = found[self.limit - 1] if beyond else None
        rows = tuple(row for _, row in found[: self.limit])
        return rows, None if last is None else Cursor(last[0], find_place(last[1]))

    def _walk(self, shown: tuple[ListStanding, ...], after: Cursor | None) -> Iterator[tuple[ListStanding, MatterRow]]:
        """Yield the matters in order, from a place on, each once."""
        first = 0 if after is None or after.standing not in shown else shown.index(after.standing)
        for standing in shown[first:]:
            place = after.place if after is not None and after.standing == standing else None
            for row in self._read(standing, place):
                yield standing, row

    def _read(self, standing: ListStanding, place: ListPlace | None) -> Iterator[MatterRow]:
        store, name = self.organisation.ports.store, self.organisation.ports.organisation
        most = self.limit + 1
        lists = [store.matters_of(name, self.person, standing, place, most)]
        if standing == "waits":
            lists.extend(store.matters_owned(name, role, place, most) for role in self.offices)
        told: set[StreamId] = set()
        for row in heapq.merge(*lists, key=_sort_key, reverse=standing == "closed"):
            # What waits on an office of theirs is shown there, and not again among what is merely open.
            if row.stream not in told and not (standing == "open" and row.next_owner in self.offices):
                told.add(row.stream)
                yield row


def _look_into(organisation: Organisation, person: PersonId, row: MatterRow, now: datetime) -> MyMatter | None:
    """Return a matter as `person` has it; None where it is not, or no longer, open to them."""
    facts = read_matter(organisation, row)
    rulebook = organisation.governing(row.stream)
    reader = build_reader(facts, rulebook, person)
    if not reader.has_part:
        return None
    # Nothing is decided in a matter that only tells a history: it waits on nobody.
    waits = row.closed_at is None and row.next_owner in reader.roles and not facts.matter.is_history
    entered = Entered(organisation, row.stream, facts, rulebook, reader)
    if row.closed_at is not None:
        return MyMatter(row, reader.roles, waits)
    return MyMatter(row, reader.roles, waits, find_own_deadline(entered, now=now), asks_for_key(entered))


def _by_due(one: MyMatter) -> tuple[bool, bool, datetime | None]:
    """Return by what a page is sorted: what is theirs to do first, then the time that is due."""
    at = one.due_at or one.row.next_due_at
    return not (one.waits or one.key_asked or one.own is not None), at is None, at


def find_place(row: MatterRow) -> ListPlace:
    """Return where a matter stands in the lists it is in."""
    return row.closed_at or row.next_due_at, row.stream


def _sort_key(row: MatterRow) -> tuple[bool, datetime | None, StreamId]:
    at, stream = find_place(row)
    return at is None, at, stream
