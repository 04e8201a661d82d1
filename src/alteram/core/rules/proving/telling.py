"""Tell a violation as a story in the words of the rulebook: who does what, on which day, under which clause.

Only what matters is told: what is done otherwise than the course, what the broken demand reads, what takes the matter a
stage on, and the act that should not have been allowed. How many other acts there are is said, not which.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from alteram.core.acts import Allegation, find_spec, get_spec
from alteram.core.acts.fields import Act
from alteram.core.kernel.phrases import Joined, Named, Phrase, as_act, as_moment, as_word, join, phrase
from alteram.core.rules.proving.casting import NO_COLLISION
from alteram.core.rules.proving.deviating import Alter, By, Delay, Deviation, Insert, Move, Omit, OmitAll
from alteram.core.rules.proving.exploring import find_places
from alteram.core.rules.proving.playing import Play, Played
from alteram.core.rules.proving.searching import Violation
from alteram.core.rules.proving.titles import find_title, name_person
from alteram.core.rules.requirements import get_requirement
from alteram.core.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One act of a story: the day of the matter (0 is its first), who, what, under which clause, and what is odd in it.

    `what` is what the step is called, `act` the name of the act in the catalogue. `otherwise` marks what is done
    otherwise than the course, `wrong` the act that should not have been allowed.
    """

    day: int
    who: str
    what: str
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
    because = name_people(rulebook, violation.because)
    if played is None or not played.played:
        return Story(because, violation.clause, otherwise, (), 0)
    upto = [one for one in played.played if violation.at is None or one.event.seq <= violation.at.event.seq]
    told = [one for one in upto if _matters(violation, one, played)]
    lines = tuple(_tell_one(rulebook, violation, one, upto[0]) for one in told)
    return Story(because, violation.clause, otherwise, lines, len(upto) - len(told))


def name_people(rulebook: Rulebook, text: str) -> str:
    """Return a text in which everybody of the cast is called as in stories.

    Else a page would look them up among the people of the organisation, and tell of somebody who was never there.
    """
    match text:
        case Named() if text.kind == "person":
            return name_person(rulebook, str(text))
        case Phrase():
            told = {name: name_people(rulebook, one) if isinstance(one, str) else one for name, one in text.values}
            return phrase(text.template, **told)
        case Joined():
            return join(name_people(rulebook, text.separator), [name_people(rulebook, one) for one in text.items])
        case _:
            return text


def _tell_otherwise(rulebook: Rulebook, violation: Violation) -> Iterator[str]:
    if violation.collision is not NO_COLLISION:
        yield name_people(rulebook, violation.collision.title)
    for one in violation.deviations:
        yield _describe(rulebook, violation, one)


def _describe(rulebook: Rulebook, violation: Violation, deviation: Deviation) -> str:  # noqa: PLR0911 - a table
    match deviation:
        case Omit(step=step):
            return phrase("Left out: {step}.", step=_title(rulebook, violation, step))
        case OmitAll(steps=steps):
            titles = join(phrase("; "), [_title(rulebook, violation, step) for step in steps])
            return phrase("Left out: {step}.", step=titles)
        case Alter(step=step, field=field, value=value) if value in _ABSENT:
            title = _title(rulebook, violation, step)
            return phrase("In {step}, this is left out: {field}.", step=title, field=as_word(field))
        case Alter(step=step, field=field, value=value):
            title, shown = _title(rulebook, violation, step), _show(rulebook, value)
            return phrase("In {step}: {field} is {value}.", step=title, field=as_word(field), value=shown)
        case By(step=step, person=person):
            title = _title(rulebook, violation, step)
            return phrase("Done by {person}: {step}.", step=title, person=name_person(rulebook, person))
        case Move(step=step, before=before):
            return phrase(
                "Too early: {step} comes before {before}.",
                step=_title(rulebook, violation, step),
                before=_title(rulebook, violation, before),
            )
        case Insert(act=act, by=person, before=before):
            return phrase(
                "Beside the usual, before {before}: {person} does this: {act}.",
                person=name_person(rulebook, person),
                before=_title(rulebook, violation, before),
                act=_name(act),
            )
        case Delay(step=step, period=period):
            title = _title(rulebook, violation, step)
            return phrase("Late by {days} days: {step}.", step=title, days=period.days)
    raise AssertionError(deviation)


_ABSENT: Final[tuple[object, ...]] = (None, (), False)


def _title(rulebook: Rulebook, violation: Violation, step: str) -> str:
    """Return what a step is called, for one that is not of the course what its act is."""
    found = find_title(rulebook, step)
    if found is not None:
        return found
    for one in violation.deviations:
        if isinstance(one, Insert) and one.name == step:
            return _name(one.act)
    return as_word(step)


def _show(rulebook: Rulebook, value: object) -> str:  # noqa: PLR0911 - a table
    """Return a value of a field in words."""
    match value:
        case tuple() | list() | frozenset():
            return join(", ", [_show(rulebook, one) for one in value])
        case Allegation():
            return phrase("a charge of conduct from {day} on", day=_show(rulebook, value.first_on))
        case datetime():
            return as_moment(rulebook.calendar.local_time(value).replace(tzinfo=None))
        case date():
            return as_moment(value)
        case bool():
            return phrase("yes") if value else phrase("no")
        case None:
            return phrase("nothing")
        case str() if find_spec(value) is not None:
            return as_act(value)
        case str():
            return name_person(rulebook, value)
        case _:
            return str(value)


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
    clause = rule.clause if rule is not None else ""
    actor = one.event.actor
    return StoryLine(
        day,
        phrase("somebody") if actor is None else name_person(rulebook, actor),
        find_title(rulebook, one.step) or _name(one.event.act),
        get_spec(type(one.event.act)).name,
        clause or (violation.clause if one is violation.at else ""),
        otherwise=one.step in _find_steps(violation),
        wrong=one is violation.at,
    )
