"""Nobody decides, investigates, keeps the record or declines in their own cause, here or in a linked matter."""

from collections.abc import Iterator
from typing import Final

from alteram.core.acts import (
    Act,
    AppealDecided,
    AppealRefused,
    CaseManagerAssigned,
    ChallengeRuled,
    DecisionMade,
    ExhibitRuled,
    FindingMade,
    InterimMeasureImposed,
    InvestigatorAppointed,
    MatterDeclined,
    MeetingOpened,
    MinuteMade,
    ReportFinalised,
    RulingMade,
    SanctionImposed,
    TriageDecided,
    VoteTaken,
    get_spec,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_act, as_person, as_word, phrase
from alteram.core.rules.parts import find_sides
from alteram.core.rules.proving.adversary import find_changes_of_hand, find_deviations
from alteram.core.rules.proving.casting import NO_COLLISION, Collision
from alteram.core.rules.proving.deviating import Alter, By, Deviation, Omit
from alteram.core.rules.proving.exploring import Base
from alteram.core.rules.proving.playing import Play, Played
from alteram.core.rules.proving.searching import Search, Violation

#: Acts by which somebody judges, handles or keeps the record of a matter.
_JUDGING: Final = (
    AppealDecided, AppealRefused, ChallengeRuled, DecisionMade, ExhibitRuled, FindingMade, InterimMeasureImposed,
    InvestigatorAppointed, MatterDeclined, MinuteMade, ReportFinalised, RulingMade, SanctionImposed, TriageDecided,
)  # fmt: skip
#: Of these, what nobody does either who is accused in a linked matter.
_IN_LINKED: Final = (VoteTaken, DecisionMade, MinuteMade)
_PEOPLE: Final = ("voters", "deciders", "members", "panel", "person", "chair", "present", "approved_by", "second")


def find_violations(search: Search) -> Iterator[Violation]:
    """Yield each matter in which somebody judges, handles or keeps the record of their own cause."""
    for procedure in search.procedures:
        for collision in (NO_COLLISION, *find_collisions(search)):
            base = search.base(procedure, collision=collision)
            yield from _read(base.play, (), collision)
            for variant in search.explore(base, _choose(base, collision), at_once=True):
                yield from _read(variant.play, variant.deviations, collision)
            for variant in search.explore(base, _stay(base)):
                yield from _read(variant.play, variant.deviations, collision)
            for variant in search.explore_sets(base, _stay_and_act(base)):
                yield from _read(variant.play, variant.deviations, collision)


def find_collisions(search: Search) -> Iterator[Collision]:
    """Yield each way in which a side holds an office that plays a part, or is accused in a linked matter too."""
    for office in search.rulebook.offices:
        if not office.plays:
            continue
        for part in ("respondent", "complainant"):
            yield Collision(_tell_same(part, office.id), same=((part, office.id),))
        yield Collision(
            phrase("{person} is accused by the respondent in a linked matter.", person=as_person(office.id)),
            linked=(("respondent", office.id), ("complainant", "respondent")),
        )


def _tell_same(part: str, office: str) -> str:
    return phrase("The {part} is also {person}.", part=as_word(part), person=as_person(office))


def _choose(base: Base, collision: Collision) -> Iterator[Deviation]:
    """Yield what puts somebody into an act where they should not be; a collision changes only who may act."""
    if collision is NO_COLLISION:
        yield from (one for one in find_deviations(base) if isinstance(one, Alter) and one.field in _PEOPLE)
    yield from find_changes_of_hand(base)


def _stay(base: Base) -> Iterator[Deviation]:
    """Yield each way of not standing down, and of not handing a part over."""
    for step in base.course:
        if step.name.startswith(("recused-", "stepped-aside-")) and base.find_act(step.name) is not None:
            yield Omit(step.name)


def _stay_and_act(base: Base) -> Iterator[tuple[Deviation, ...]]:
    """Yield each way in which somebody accused in a linked matter keeps their office here, and does an act by it."""
    for person in sorted(_find_accused(base.play)):
        aside = f"stepped-aside-{person}"
        done = (one for one in base.play.played if isinstance(one.event.act, _IN_LINKED) and one.event.actor != person)
        yield from ((Omit(aside), By(one.step, person)) for one in done if base.find_act(aside) is not None)


def _find_accused(played: Play) -> set[PersonId]:
    """Return who is accused in a linked matter."""
    return {one.person for matter in played.facts.linked for one in matter.holdings if one.role == "respondent"}


def _read(played: Play, deviations: tuple[Deviation, ...], collision: Collision) -> Iterator[Violation]:
    accused = _find_accused(played)
    for one in played.played:
        sides = find_sides(one.after)
        for person in _find_judging(one):
            if person in sides or (person in accused and isinstance(one.event.act, _IN_LINKED)):
                yield Violation(
                    phrase(
                        "{person} may take part in {act} in their own cause.",
                        person=as_person(person),
                        act=as_act(get_spec(type(one.event.act)).name),
                    ),
                    about=get_spec(type(one.event.act)).name,
                    clause=one.ruling.clause,
                    deviations=deviations,
                    play=played,
                    at=one,
                    collision=collision,
                )


def is_side_judging(violation: Violation) -> bool:
    """Return whether a side of the matter judges in it, not only somebody accused in a linked one."""
    at = violation.at
    return at is None or not find_sides(at.after).isdisjoint(_find_judging(at))


def _find_judging(one: Played) -> tuple[PersonId, ...]:
    """Return who judges or handles by an act: whoever does it, and whom it names as doing so."""
    act: Act = one.event.act
    by = (one.event.actor,) if isinstance(act, _JUDGING) and one.event.actor is not None else ()
    match act:
        case VoteTaken(voters=people):
            return people
        case DecisionMade(deciders=people):
            return (*by, *people)
        case AppealDecided(panel=people):
            return (*by, *people)
        case MeetingOpened(chair=person) | CaseManagerAssigned(person=person) | InvestigatorAppointed(person=person):
            return (*by, person)
        case _:
            return by
