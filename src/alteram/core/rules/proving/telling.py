"""Tell a violation as a story in the words of the rulebook: who does what, on which day, under which clause.

Only what matters is told: what is done otherwise than the course, what the broken demand reads, what takes the matter a
stage on, and the act that should not have been allowed. How many other acts there are is said, not which.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from alteram.core.acts import get_spec
from alteram.core.acts.fields import Act
from alteram.core.kernel.phrases import as_act, as_own, as_person, as_word, phrase
from alteram.core.rules.proving.casting import NO_COLLISION
from alteram.core.rules.proving.deviating import Alter, By, Delay, Deviation, Insert, Move, Omit, OmitAll
from alteram.core.rules.proving.exploring import find_places
from alteram.core.rules.proving.playing import Play, Played
from alteram.core.rules.proving.searching import Violation
from alteram.core.rules.requirements import get_requirement
from alteram.core.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One act of a story: the day of the matter (0 is its first), who, what, under which clause, and what is odd in it.

    `otherwise` marks what is done otherwise than the course, `wrong` the act that should not have been allowed.
    """

    day: int
    who: str
    act: str
    clause: str
    otherwise: bool = False
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """How a rulebook lets something unfair happen: what is wrong, what was done otherwise, and the acts that matter."""

    because: str
    clause: str
    otherwise: tuple[str, ...]
    lines: tuple[StoryLine, ...]
    left_out: int


def tell(rulebook: Rulebook, violation: Violation) -> Story:
    """Return the story of a violation; without lines where the text of the rulebook alone shows it."""
    played = violation.play
    otherwise = tuple(_tell_otherwise(rulebook, violation))
    if played is None or not played.played:
        return Story(violation.because, violation.clause, otherwise, (), 0)
    upto = [one for one in played.played if violation.at is None or one.event.seq <= violation.at.event.seq]
    told = [one for one in upto if _matters(violation, one, played)]
    lines = tuple(_tell_one(rulebook, violation, one, upto[0]) for one in told)
    return Story(violation.because, violation.clause, otherwise, lines, len(upto) - len(told))


def name_person(rulebook: Rulebook, person: str) -> str:
    """Return how somebody of the cast is called: by office, else by part."""
    office = next((one for one in rulebook.offices if one.id == person), None)
    return as_own(office.title) if office is not None else as_word(person)


def _tell_otherwise(rulebook: Rulebook, violation: Violation) -> Iterator[str]:
    if violation.collision is not NO_COLLISION:
        yield as_own(violation.collision.title)
    for one in violation.deviations:
        yield _describe(rulebook, violation, one)


def _describe(rulebook: Rulebook, violation: Violation, deviation: Deviation) -> str:  # noqa: PLR0911 - a table
    match deviation:
        case Omit(step=step):
            return phrase("Left out: {step}.", step=as_own(step))
        case OmitAll(steps=steps):
            return phrase("Left out: {step}.", step=as_own(", ".join(steps)))
        case Alter(step=step, field=field, value=value) if value in _ABSENT:
            return phrase("In {step}, {field} is left out.", step=as_own(step), field=as_own(field))
        case Alter(step=step, field=field, value=value):
            shown = as_own(", ".join(map(str, value)) if isinstance(value, tuple) else str(value))
            return phrase("In {step}, {field} is {value}.", step=as_own(step), field=as_own(field), value=shown)
        case By(step=step, person=person):
            return phrase("{step} is done by {person}.", step=as_own(step), person=name_person(rulebook, person))
        case Move(step=step, before=before):
            return phrase("{step} comes before {before}.", step=as_own(step), before=as_own(before))
        case Insert(act=act, by=person, before=before):
            return phrase(
                "{person} also does this before {before}: {act}.",
                person=name_person(rulebook, person),
                before=as_own(before),
                act=_name(act),
            )
        case Delay(step=step, period=period):
            return phrase("{step} comes {days} days late.", step=as_own(step), days=period.days)
    del violation
    raise AssertionError(deviation)


_ABSENT: Final[tuple[object, ...]] = (None, (), False)


def _name(act: Act) -> str:
    return as_act(get_spec(type(act)).name)


def _matters(violation: Violation, one: Played, played: Play) -> bool:
    """Return whether an act is told: it is the wrong one, done otherwise, read by the demand, or takes a stage on."""
    if one is violation.at or one.event.seq in violation.entries or one.step in _find_steps(violation):
        return True
    kind = type(one.event.act)
    if violation.demand is not None and kind in get_requirement(violation.demand.kind).reads:
        return one.step not in _DECLARING
    stages = played.setting.procedure.stages
    return get_spec(kind).name in {name for stage in stages for name in stage.entered_by}


#: Acts of which there are many alike.
_DECLARING: Final = frozenset({"declared", "recused"})


def _find_steps(violation: Violation) -> frozenset[str]:
    return frozenset(place for one in violation.deviations for place in find_places(one))


def _tell_one(rulebook: Rulebook, violation: Violation, one: Played, first: Played) -> StoryLine:
    calendar = rulebook.calendar
    day = (calendar.local_day(one.event.recorded_at) - calendar.local_day(first.event.recorded_at)).days
    rule = rulebook.find_act_rule(get_spec(type(one.event.act)).name)
    actor = one.event.actor
    return StoryLine(
        day,
        as_person("") if actor is None else name_person(rulebook, actor),
        get_spec(type(one.event.act)).name,
        rule.clause if rule is not None else "",
        otherwise=one.step in _find_steps(violation),
        wrong=one is violation.at,
    )
