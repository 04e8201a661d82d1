"""One person across matters: their standing, what was imposed on them, and patterns as numbers.

It is open to themselves and to those who keep the organisation: whoever is custodian, secretary or chair by office.
Even they are told only of matters that are open to them, and there of no part that is protected from them. It judges
nobody: it counts what stands in the record. So many matters are looked into at once; a cursor leads to the others.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from alteram.core.access import Reader, build_reader, find_visible_fields
from alteram.core.acts import (
    AllegationsAmended,
    AllegationsStated,
    DecisionMade,
    InstrumentIssued,
    InterimMeasureImposed,
    ReprisalAlleged,
    SanctionImposed,
    get_spec,
)
from alteram.core.acts.catalogue import Role
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.matters import Facts
from alteram.core.rules.rulebook import Rulebook
from alteram.core.rules.standing import find_undone
from alteram.operations.lists import Cursor, find_matters_of, find_offices, read_matter
from alteram.operations.organisation import Organisation
from alteram.operations.ports import MatterRow
from alteram.operations.questions import UnknownMatterError

_KEEPING: Final[frozenset[Role]] = frozenset({"custodian", "secretary", "chair"})
#: How many matters of a person are looked into at once.
_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class PartOf:
    """A matter in which somebody has parts."""

    stream: StreamId
    roles: tuple[Role, ...]
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Imposed:
    """A sanction, or a measure in the meantime, with its instrument where there is one, and whether it is in force."""

    stream: StreamId
    seq: int
    kind: str
    title: str
    imposed_at: datetime
    instrument: int | None
    expires_on: date | None
    until: datetime | None
    is_in_force: bool
    is_interim: bool


@dataclass(frozen=True, slots=True)
class Patterns:
    """Numbers across the matters open to the reader; `breaches` by what was alleged, the most frequent first."""

    by_role: tuple[tuple[Role, int], ...]
    open_as_respondent: int
    proved: int
    imposed: int
    reprisals: int
    breaches: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """What one reader may know of one person. `is_whole` is false where not every matter was looked into.

    `looked` is into how many it was; `after` is where the others begin.
    """

    person: PersonId
    is_member: bool
    offices: tuple[str, ...]
    bodies: tuple[str, ...]
    imposed: tuple[Imposed, ...]
    patterns: Patterns
    matters: tuple[PartOf, ...]
    is_own: bool
    may_export: bool
    is_whole: bool
    looked: int
    after: Cursor | None


def find_person(
    organisation: Organisation,
    person: PersonId,
    viewer: PersonId,
    *,
    now: datetime,
    after: Cursor | None = None,
    limit: int = _AT_ONCE,
) -> PersonPage:
    """Return what `viewer` may know of `person`, from so many of their matters.

    Raises: UnknownMatterError where they may know nothing.
    """
    offices = frozenset(find_offices(organisation, viewer))
    roll = organisation.facts(ORGANISATION_STREAM).roll
    may_look = person == viewer or bool(_KEEPING & offices)
    rows, beyond = find_matters_of(organisation, person, after=after, limit=limit) if may_look else ((), None)
    looks = list(_look(organisation, rows, person, viewer))
    held = after is not None or bool(looks) or beyond is not None
    known = person in roll.members or bool(roll.offices_of(person)) or held or _sits(roll.bodies, person)
    if not known or (person != viewer and _KEEPING.isdisjoint(offices)):
        raise UnknownMatterError("There is nobody of this name, or it is not open to you.", remedy="Ask the secretary.")
    imposed = [one for look in looks for one in look.imposed(now)]
    return PersonPage(
        person=person,
        is_member=person in roll.members,
        offices=roll.offices_of(person),
        bodies=tuple(name for name, members in roll.bodies if person in members),
        imposed=tuple(sorted(imposed, key=lambda one: (not one.is_in_force, one.imposed_at))),
        patterns=_count(looks, imposed),
        matters=tuple(PartOf(one.row.stream, one.roles, one.row.closed_at is not None) for one in looks),
        is_own=person == viewer,
        may_export=person == viewer or "custodian" in offices,
        is_whole=after is None and beyond is None,
        looked=len(looks),
        after=beyond,
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """A matter that is open to the reader, in which a person has parts that are."""

    row: MatterRow
    facts: Facts
    rulebook: Rulebook
    reader: Reader
    person: PersonId
    roles: tuple[Role, ...]

    def shows(self, kind: type[Act]) -> bool:
        return "fields" in find_visible_fields(get_spec(kind), self.reader.roles)

    def imposed(self, now: datetime) -> Iterator[Imposed]:
        matter, undone = self.facts.matter, find_undone(self.facts)
        today = self.rulebook.calendar.local_day(now)
        papers = {one.act.sanction: one for one in matter.all(InstrumentIssued) if one.live and not one.corrected}
        for one in matter.all(SanctionImposed) if self.shows(SanctionImposed) else ():
            if one.act.person != self.person or not one.live or one.act.announced_only:
                continue
            paper, rung = papers.get(one.seq), self.rulebook.find_sanction(one.act.sanction)
            expires = None if paper is None else paper.act.expires_on
            over = (expires is not None and expires < today) or (one.act.until is not None and one.act.until < now)
            stands = paper is not None and not over and one.seq not in undone and not one.corrected
            title = one.act.sanction if rung is None else rung.title
            yield Imposed(
                matter.stream, one.seq, one.act.sanction, title, one.recorded_at,
                None if paper is None else paper.seq, expires, one.act.until, stands, is_interim=False,
            )  # fmt: skip
        for measure in matter.all(InterimMeasureImposed) if self.shows(InterimMeasureImposed) else ():
            if measure.act.person == self.person and measure.live:
                over = measure.act.until is not None and measure.act.until < now
                stands = not over and measure.seq not in undone and not measure.corrected and self.row.closed_at is None
                yield Imposed(
                    matter.stream, measure.seq, measure.act.measure, measure.act.measure, measure.recorded_at,
                    measure.seq, None, measure.act.until, stands, is_interim=True,
                )  # fmt: skip


def _look(organisation: Organisation, rows: Iterable[MatterRow], person: PersonId, viewer: PersonId) -> Iterator[_Look]:
    for row in rows:
        facts, rulebook = read_matter(organisation, row), organisation.governing(row.stream)
        reader = build_reader(facts, rulebook, viewer)
        held = {one.role for one in facts.holdings if one.person == person and one.until is None}
        if reader.has_part and person not in reader.unknown and held and not facts.matter.is_history:
            yield _Look(row, facts, rulebook, reader, person, tuple(sorted(held)))


def _sits(bodies: tuple[tuple[str, frozenset[PersonId]], ...], person: PersonId) -> bool:
    return any(person in members for _, members in bodies)


def _count(looks: list[_Look], imposed: list[Imposed]) -> Patterns:
    accused = [one for one in looks if "respondent" in one.roles]
    breaches: Counter[str] = Counter()
    proved = reprisals = 0
    for look in accused:
        matter = look.facts.matter
        if look.shows(AllegationsStated):
            stated = [each for one in matter.all(AllegationsStated) if one.live for each in one.act.allegations]
            stated += [each for one in matter.all(AllegationsAmended) if one.live for each in one.act.allegations]
            breaches.update(set({each.id: each.breach for each in stated}.values()))
        if look.shows(DecisionMade):
            undone = find_undone(look.facts)
            proved += any(one.live and one.act.proved and one.seq not in undone for one in matter.all(DecisionMade))
        if look.shows(ReprisalAlleged):
            reprisals += len(matter.all(ReprisalAlleged))
    roles = Counter(role for one in looks for role in one.roles)
    return Patterns(
        by_role=tuple(sorted(roles.items())),
        open_as_respondent=sum(one.row.closed_at is None for one in accused),
        proved=proved,
        imposed=sum(not one.is_interim for one in imposed),
        reprisals=reprisals,
        breaches=tuple(breaches.most_common()),
    )
