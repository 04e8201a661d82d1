"""Equality of arms: which side has each exhibit, and since when; who decides included.

It tells what the record shows: who lodged it, who was given it or its gist, who opened it. It judges nothing: the
rulebook's requirements do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from alteram.core.access import find_given, is_admissible
from alteram.core.acts import ExhibitDerived, ExhibitLodged, ExhibitSeen
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import Event, Facts, StreamFacts, find_holders
from alteram.core.rules.capacities import find_role_holders
from alteram.core.rules.evidence import RELYING
from alteram.core.rules.exhibits import find_origin, is_quarantined
from alteram.core.rules.reliance import RESTING, find_rested_on
from alteram.core.rules.rulebook import Rulebook

_SIDES: Final[tuple[Role, ...]] = ("complainant", "respondent")
_DECIDING: Final[tuple[Role, ...]] = ("decider", "appeal-decider")


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person has of an exhibit: `has_since` is when it was lodged by them or given in full, `gist_since` when
    they were given what it comes to instead, `seen_at` when they first opened it. `sent_at` is when it was posted, or
    given in print: until somebody confirms that it arrived, they have nothing of it.
    """

    person: PersonId
    role: Role
    has_since: datetime | None = None
    gist_since: datetime | None = None
    seen_at: datetime | None = None
    sent_at: datetime | None = None
    entry: int | None = None

    @property
    def has_nothing(self) -> bool:
        """Return whether they have neither the exhibit nor its gist."""
        return self.has_since is None and self.gist_since is None


@dataclass(frozen=True, slots=True)
class ExhibitRow:
    """An exhibit, who has it, and the entries that rest on it. `number` is its number in the matter, from 1."""

    number: int
    exhibit: str
    lodged: Event[ExhibitLodged] | Event[ExhibitDerived]
    origin: Event[ExhibitLodged] | None
    admissible: bool | None
    quarantined: bool
    relied_on: tuple[int, ...]
    sights: tuple[Sight, ...]

    @property
    def is_unequal(self) -> bool:
        """Return whether one side has it, in full or as its gist, and somebody of the other side has not."""
        by_role = {role: [one for one in self.sights if one.role == role] for role in _SIDES}
        had = {role for role, sights in by_role.items() if any(not one.has_nothing for one in sights)}
        lacking = {role for role, sights in by_role.items() if any(one.has_nothing for one in sights)}
        return any(one != other for one in had for other in lacking)

    @property
    def is_gist_only(self) -> bool:
        """Return whether somebody of a side has the gist of it in its place."""
        return any(one.role in _SIDES and one.has_since is None and one.gist_since is not None for one in self.sights)

    @property
    def is_relied_on_unseen(self) -> bool:
        """Return whether something rests on it although a respondent has neither it nor its gist."""
        return bool(self.relied_on) and any(one.role == "respondent" and one.has_nothing for one in self.sights)


def build_equality(facts: Facts, rulebook: Rulebook) -> tuple[ExhibitRow, ...]:
    """Return every exhibit lodged here, in order, with who has it."""
    # What was corrected keeps its number, so that no other exhibit ever changes its own.
    lodged: list[Event[ExhibitLodged] | Event[ExhibitDerived]] = [
        *facts.matter.all(ExhibitLodged),
        *facts.matter.all(ExhibitDerived),
    ]
    people = list(_find_people(facts, rulebook))
    ordered = sorted((one for one in lodged if one.live), key=lambda one: one.seq)
    return tuple(_build_row(facts, number, one, people) for number, one in enumerate(ordered, 1) if not one.corrected)


def _find_people(facts: Facts, rulebook: Rulebook) -> Iterator[tuple[PersonId, Role]]:
    for role in _SIDES:
        yield from ((person, role) for person in sorted(find_holders(facts.matter, role)))
    sides = {person for role in _SIDES for person in find_holders(facts.matter, role)}
    for role in _DECIDING:
        yield from ((person, role) for person in sorted(find_role_holders(facts, rulebook, role) - sides))


def _build_row(
    facts: Facts,
    number: int,
    lodged: Event[ExhibitLodged] | Event[ExhibitDerived],
    people: list[tuple[PersonId, Role]],
) -> ExhibitRow:
    exhibit = lodged.act.exhibit
    sights = (_build_sight(facts, lodged, person, role) for person, role in people)
    return ExhibitRow(
        number,
        exhibit,
        lodged,
        find_origin(facts, exhibit),
        is_admissible(facts, exhibit),
        is_quarantined(facts, exhibit),
        tuple(facts.matter.work_out(RESTING, _index_rested_on).get(exhibit, ())),
        # Who decides is shown once they have something of it: until then, nobody expects them to.
        tuple(one for one in sights if one.role in _SIDES or not one.has_nothing or one.seen_at is not None),
    )


def _build_sight(
    facts: Facts, lodged: Event[ExhibitLodged] | Event[ExhibitDerived], person: PersonId, role: Role
) -> Sight:
    exhibit = lodged.act.exhibit
    seen_at = facts.matter.work_out((ExhibitSeen,), _index_seen).get((exhibit, person))
    if lodged.actor == person:
        return Sight(person, role, has_since=lodged.recorded_at, seen_at=seen_at, entry=lodged.seq)
    given = find_given(facts, exhibit, person)
    if given is None:
        return Sight(person, role, seen_at=seen_at)
    if given.gist:
        return Sight(person, role, gist_since=given.at, seen_at=seen_at, entry=given.seq)
    if given.has_since is None:
        return Sight(person, role, seen_at=seen_at, sent_at=given.at, entry=given.seq)
    return Sight(person, role, has_since=given.has_since, seen_at=seen_at, entry=given.seq)


def _index_rested_on(matter: StreamFacts, _kinds: object) -> dict[str, list[int]]:
    index: dict[str, list[int]] = {}
    for event in matter.all(*RELYING):
        if event.live and not event.corrected:
            for exhibit in find_rested_on(matter, event):
                index.setdefault(exhibit, []).append(event.seq)
    return index


def _index_seen(matter: StreamFacts, _kinds: object) -> dict[tuple[str, PersonId], datetime]:
    seen = (one for one in matter.all(ExhibitSeen) if one.live and not one.corrected)
    index: dict[tuple[str, PersonId], datetime] = {}
    for one in seen:
        key = one.act.exhibit, one.act.person
        index[key] = min(one.recorded_at, index.get(key, one.recorded_at))
    return index
