"""Nobody can stop a complaint against themselves, alone or with those under their authority.

Stopping is an act (declining, closing, withdrawing for another, a pause longer than any stage may take, putting a side
out), or that nobody else may take the complaint on when its subject does not.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Final

from alteram.core.acts import (
    Act,
    DecisionMade,
    MatterClosed,
    MatterDeclined,
    MediationSettled,
    PartySevered,
    ProceedingsPaused,
    ReportWithdrawn,
    SecondKeyGiven,
    get_spec,
)
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.periods import last_within
from alteram.core.kernel.phrases import as_act, as_own, as_person, phrase
from alteram.core.matters import SIDES
from alteram.core.rules.proving.casting import Collision
from alteram.core.rules.proving.deviating import Deviation, Insert
from alteram.core.rules.proving.exploring import Base
from alteram.core.rules.proving.playing import Play, Played
from alteram.core.rules.proving.searching import Search, Violation

_STOPPING: Final = (MatterDeclined, MatterClosed, ReportWithdrawn, ProceedingsPaused, PartySevered)
_PLACES: Final = ("triaged", "accepted", "notified", "opened")
_LONG: Final = timedelta(days=365)
#: Parts without whose holder there is no complaint left: who reported or complains, and who answers to it.
_SEVERED: Final[tuple[tuple[str, Role], ...]] = (
    ("complainant", "complainant"), ("complainant", "reporter"), ("respondent", "respondent"),
)  # fmt: skip


def find_violations(search: Search) -> Iterator[Violation]:
    """Yield each matter that its subject can stop."""
    for procedure in search.procedures:
        for collision in find_collisions(search):
            base = search.base(procedure, collision=collision)
            yield from _find_stall(base, collision)
            for variant in search.explore(base, _find_stops(base), at_once=True):
                yield from _read(variant.play, variant.deviations, collision)


def find_collisions(search: Search) -> Iterator[Collision]:
    """Yield each office whose holder is complained about, with somebody who handles the matter under them."""
    for office in search.rulebook.offices:
        others = [one.id for one in search.rulebook.offices if one.plays and one.id != office.id]
        title = phrase("{person} is complained about, and over the case manager.", person=as_person(office.id))
        yield Collision(title, same=(("respondent", office.id),), commands=((office.id, "case-manager"),))
        for other in others:
            yield Collision(
                phrase(
                    "{person} is complained about, and over {other} and the case manager.",
                    person=as_person(office.id),
                    other=as_person(other),
                ),
                same=(("respondent", office.id),),
                commands=((office.id, other), (office.id, "case-manager")),
            )


def _find_stall(base: Base, collision: Collision) -> Iterator[Violation]:
    """Yield why the matter does not come to a decision though everybody else does their part."""
    if any(isinstance(one.event.act, DecisionMade) for one in base.play.played):
        return
    for step, refused in base.play.refused.items():
        yield Violation(
            phrase(
                "The matter comes to no decision when {person} is complained about: {because}",
                person=as_person(base.setting.cast.find("respondent")),
                because=refused.because,
            ),
            about=as_own(step),
            clause=refused.clause,
            play=base.play,
            collision=collision,
        )
        return


def _find_stops(base: Base) -> Iterator[Deviation]:
    """Yield each act that would stop the matter, as complete as it can be, by its subject and by those under them."""
    cast = base.setting.cast
    subject = cast.find("respondent")
    below = base.play.facts.roll.commanded_by(subject)
    keys = (subject, *sorted(below), None)
    taken = [step.name for step in base.course if base.find_act(step.name) is not None]
    stops = list(_find_acts(base, subject, keys))
    for person in (subject, *sorted(below)):
        for place in filter(taken.__contains__, _PLACES):
            for number, act in enumerate(stops):
                yield Insert(f"stop-{number}-before-{place}-by-{person}", act, person, place)
        for place in _find_turns(base):
            for part, role in _SEVERED:
                act = PartySevered(person=base.setting.cast.find(part), role=role, reasons="text")
                yield Insert(f"sever-{role}-before-{place}-by-{person}", act, person, place)


def _find_turns(base: Base) -> list[str]:
    """Return each step before which somebody else has a part, or the matter is in another stage, than before."""
    played = base.play.played
    bearing = base.setting.bearing
    turned = {next_one.step for one, next_one in pairwise(played) if get_spec(type(one.event.act)).name in bearing}
    return [step.name for step in base.course if step.name in turned]


def _find_acts(base: Base, subject: PersonId, keys: tuple[PersonId | None, ...]) -> Iterator[Act]:
    for second in keys:
        yield MatterDeclined(reasons="text", second=second, review_route=True)
        yield MatterClosed(
            approved_by=second or subject, actions="text", lessons="text", reporter_told=True, review_routes=True
        )
    yield ReportWithdrawn(report=0, freely=True)
    yield ProceedingsPaused(why="other", until=base.marks[-1].now + _LONG)


def _read(played: Play, deviations: tuple[Deviation, ...], collision: Collision) -> Iterator[Violation]:
    subject = played.setting.cast.find("respondent")
    own = {subject, *played.facts.roll.commanded_by(subject)}
    for one in played.played:
        if _stops(played, one) and one.event.actor in own and not _find_keys(played, one) - own:
            yield Violation(
                phrase(
                    "{person} may stop a complaint about {subject} by {act}, with nobody outside their authority.",
                    person=as_person(one.event.actor or subject),
                    subject=as_person(subject),
                    act=as_act(get_spec(type(one.event.act)).name),
                ),
                about=get_spec(type(one.event.act)).name,
                clause=one.ruling.clause,
                deviations=deviations,
                play=played,
                at=one,
                collision=collision,
            )


def _stops(played: Play, one: Played) -> bool:
    """Return whether an act stops the matter: a pause only where it is longer than any stage may take."""
    match one.event.act:
        case PartySevered(role=role):
            return role in SIDES
        case ProceedingsPaused(until=until):
            calendar, at = played.setting.rulebook.calendar, one.event.recorded_at
            periods = [it.within for it in played.setting.procedure.stages if it.within is not None]
            ends = [last_within(at, period, calendar).end for period in periods]
            return until is None or not ends or until > max(ends)
        case act:
            return isinstance(act, _STOPPING)


def _find_keys(played: Play, stop: Played) -> set[PersonId]:
    """Return who else had a hand in it: who turned a key for this act, decided, settled, or took the report back."""
    name = get_spec(type(stop.event.act)).name
    given = {
        one.event.actor
        for one in played.played
        if isinstance(one.event.act, MediationSettled | ReportWithdrawn)
        or (isinstance(one.event.act, SecondKeyGiven) and one.event.act.to_act == name)
    }
    decided = {
        person
        for one in played.played
        if isinstance(one.event.act, DecisionMade) and one.event.seq < stop.event.seq
        for person in one.event.act.deciders
    }
    return {one for one in given | decided if one is not None}
