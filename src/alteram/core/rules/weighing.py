"""How what a requirement rests on is weighed: what surely came before an event, whether a period was kept, what is due.

It asks one question of several people, or of one period, in one way. What counts is said by each requirement.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from alteram.core.acts import RightWaived
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown, worst
from alteram.core.rules.measuring import Measured
from alteram.core.rules.view import View

A = TypeVar("A", bound=Act)


def find_before(
    view: View, anchor: AnyEvent, events: Iterable[Event[A]]
) -> tuple[tuple[Event[A], ...], tuple[Event[A], ...]]:
    """Return those of `events` that surely came before `anchor` and may support, then those of which one is in doubt.

    What was corrected, or came after `anchor`, is in neither.
    """
    sure: list[Event[A]] = []
    doubtful: list[Event[A]] = []
    for event in events:
        before = event.before(anchor)
        if before is False or event.corrected:
            continue
        (sure if before and event.supports(view.protected) else doubtful).append(event)
    return tuple(sure), tuple(doubtful)


def find_standing(view: View, events: Iterable[Event[A]]) -> tuple[tuple[Event[A], ...], tuple[Event[A], ...]]:
    """Return those of `events` that may support, whenever they were, then those that are only asserted.

    What was corrected is in neither.
    """
    kept = [event for event in events if not event.corrected]
    return (
        tuple(event for event in kept if event.supports(view.protected)),
        tuple(event for event in kept if not event.supports(view.protected)),
    )


def find_waiver(view: View, anchor: AnyEvent, right: str, person: PersonId) -> Event[RightWaived] | None:
    """Return how `person` waived `right` before `anchor`, knowing what it is. Nobody waives for another.

    The asking requirement declares `RightWaived`.
    """
    waivers, _ = find_before(view, anchor, view.all(RightWaived))
    own = (one for one in waivers if one.act.right == right and one.act.informed and one.actor == person)
    return next(own, None)


def ask_of_each(
    view: View, anchor: AnyEvent, people: Iterable[PersonId], ask: Callable[[PersonId], Finding]
) -> Finding:
    """Return the worst answer over `people`; when there are none, what it means that nobody is named."""
    answers = [ask(person) for person in sorted(people)]
    if not answers:
        return view.missing(anchor, phrase("Nobody is named whom this protects."), acts=("party.joined",))
    return worst(answers)


def judge_period(
    view: View,
    anchor: AnyEvent,
    measured: Measured,
    *,
    kept: str,
    missed: str,
    entries: Iterable[int],
    cures: Iterable[Cure] = (),
    incurable: str = "",
) -> Finding:
    """Return what it comes to that a period was `kept` or `missed` (both sentences), or that this is not known."""
    rests_on = tuple(dict.fromkeys((*entries, anchor.seq)))
    if measured.kept is None:
        because = phrase("The times recorded do not show whether this holds: {kept}", kept=kept)
        return unknown(because, entries=rests_on, working=measured.working, earliest=measured.end, cures=cures)
    if measured.kept:
        return view.weigh(anchor, passed(kept, entries=rests_on, working=measured.working))
    finding = failed(
        missed,
        entries=rests_on,
        working=measured.working,
        earliest=measured.end,
        cures=cures,
        incurable=incurable,
    )
    return view.weigh(anchor, finding)


def judge_not_done(
    view: View,
    anchor: AnyEvent,
    measured: Measured,
    *,
    because: str,
    alleged: Iterable[AnyEvent] = (),
    acts: Iterable[str] = (),
    cures: Iterable[Cure] = (),
) -> Finding:
    """Return what it comes to that something due after `anchor` is not there, with `measured` up to now.

    Before it is due that is UNKNOWN: nothing is wrong yet, and nothing is shown.
    """
    claims = tuple(alleged)
    if measured.kept is False or claims:
        return view.missing(anchor, because, alleged=claims, acts=acts, cures=cures, working=measured.working)
    because = phrase("{because} The time for it has not passed, as far as is known.", because=because)
    return unknown(because, entries=(anchor.seq,), working=measured.working, missing=acts, cures=cures)
