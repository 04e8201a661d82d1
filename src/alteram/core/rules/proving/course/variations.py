"""Other ways for a matter to go: declined, held by a measure meanwhile, not proved, its appeal refused."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final, TypeAlias

import msgspec

from alteram.core.acts import (
    AppealLodged,
    AppealRefused,
    ContactMade,
    ContactPersonNamed,
    DecisionMade,
    InterimMeasureImposed,
    InterimMeasureLifted,
    InterimMeasureReviewed,
    MatterDeclined,
    RemedyPlanned,
    SecondKeyGiven,
    VoteTaken,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.rules.proving.course.desk import CHARGE, TEXT, Desk, Drafts, Step

_Course: TypeAlias = tuple[Step, ...]
#: Nobody who has another part, so that whoever is asked for an independent view stays independent.
_CONTACT: Final = PersonId("contact-person")
_RIGHTS: Final = ("be-notified", "attend", "see-evidence", "speak", "be-represented", "appeal")


def _decline(course: _Course) -> _Course:
    """Return the course of a matter that is declined, with a second key."""
    end = next(number for number, step in enumerate(course) if step.name == "accepted")
    return (
        *course[:end],
        Step("second-key-to-decline", lambda _: (SecondKeyGiven(to_act="matter.declined"),)),
        Step("declined", _draft_declining),
    )


def _draft_declining(desk: Desk) -> Drafts:
    keys = [one.actor for one in desk.facts.matter.all(SecondKeyGiven)]
    for second in (*keys[-1:], desk.cast.independent):
        yield MatterDeclined(reasons=TEXT, second=second, review_route=True)


def _hold(course: _Course) -> _Course:
    """Return the course with a measure that holds meanwhile, looked at again and lifted."""
    return tuple(_with_measure(course))


def _with_measure(course: _Course) -> Iterator[Step]:
    for step in course:
        yield step
        if step.name == "notice-delivered":
            yield Step("measure-imposed", _impose_measure)
            yield Step("measure-contact", _name_contact)
            yield Step("measure-contact-made", _keep_contact)
            yield Step("measure-contact-kept", _keep_contact, after=timedelta(days=6))
            yield Step("measure-reviewed", _review_measure)
            yield Step("measure-lifted", _lift_measure)


def _name_contact(desk: Desk) -> Drafts:
    yield ContactPersonNamed(person=_CONTACT, for_person=desk.who("respondent"), every_days=60)


def _impose_measure(desk: Desk) -> Drafts:
    for days in (14, 7):
        yield InterimMeasureImposed(
            person=desk.who("respondent"),
            measure="suspension",
            nature="precautionary",
            until=desk.now + timedelta(days=21),
            review_by=desk.now + timedelta(days=days),
            keeps=_RIGHTS,
            signed_off_by=desk.cast.independent,
            particulars=TEXT,
            reasons=TEXT,
        )


def _keep_contact(desk: Desk) -> Drafts:
    yield ContactMade(person=desk.who("respondent"))


def _review_measure(desk: Desk) -> Drafts:
    measure = desk.last(InterimMeasureImposed)
    if measure is not None:
        review_by = desk.now + timedelta(days=7)
        yield InterimMeasureReviewed(measure=measure, outcome="continued", review_by=review_by, reasons=TEXT)


def _lift_measure(desk: Desk) -> Drafts:
    measure = desk.last(InterimMeasureImposed)
    if measure is not None:
        yield InterimMeasureLifted(measure=measure)


def _clear(course: _Course) -> _Course:
    """Return the course of a matter in which the charge is not proved."""
    return tuple(_cleared(course))


def _cleared(course: _Course) -> Iterator[Step]:
    for step in course:
        match step.name:
            case "guilt-voted" | "decided":
                yield _change(step)
            case "penalty-put" | "penalty-voted" | "imposed" | "instrument-issued" | "instrument-delivered":
                continue
            case "informed-of-outcome":
                yield step
                yield Step("put-right", lambda desk: (RemedyPlanned(person=desk.who("respondent"), text=TEXT),))
            case "appealed":
                yield replace(step, by="complainant")
            case _:
                yield step


def _change(step: Step) -> Step:
    def draft(desk: Desk) -> Drafts:
        for act in step.draft(desk):
            match act:
                case VoteTaken(votes_for=votes):
                    yield msgspec.structs.replace(act, votes_for=0, votes_against=votes)
                case DecisionMade():
                    yield msgspec.structs.replace(act, proved=(), not_proved=(CHARGE,))
                case _:
                    yield act

    return replace(step, draft=draft)


def _refuse_appeal(course: _Course) -> _Course:
    """Return the course of a matter whose appeal is not heard."""
    end = next(number for number, step in enumerate(course) if step.name == "appeal-admitted")
    return (
        *course[:end],
        Step("second-key-to-refuse", lambda _: (SecondKeyGiven(to_act="appeal.refused"),)),
        Step("appeal-refused", _draft_refusal),
    )


def _draft_refusal(desk: Desk) -> Drafts:
    appeal = desk.last(AppealLodged)
    if appeal is not None:
        yield AppealRefused(appeal=appeal, reasons=TEXT)


VARIATIONS: Final[dict[str, Callable[[_Course], _Course]]] = {
    "declined": _decline,
    "measure": _hold,
    "not-proved": _clear,
    "appeal-refused": _refuse_appeal,
}
