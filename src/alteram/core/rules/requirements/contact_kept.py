"""Somebody keeps in touch with a suspended party as often as was promised (Directive (EU) 2019/1937 art. 9(1)(c)).

Misses are measured by the interval that was promised. Where none was, a complaint of silence stays open: nothing says
how often would have been enough.
"""

from collections.abc import Iterator
from datetime import datetime

from alteram.core.acts import ContactMade, ContactMissed, ContactPersonNamed, InterimMeasureImposed, MatterClosed
from alteram.core.acts.fields import Interval
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown, worst
from alteram.core.rules.measuring import Measured, measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_standing


class ContactKept(Parameters, frozen=True, kw_only=True):
    """`every_days`: the interval that the rules promise where whoever names a contact person names none."""

    every_days: Interval | None = None


_NAME = Cure(
    "contact-person.named", ("case-manager", "secretary", "chair"), phrase("Name a contact person, and how often.")
)
_CALL = Cure("contact.made", ("contact-person", "case-manager"), phrase("Get in touch now, and keep to the interval."))


@requirement(
    "contact-kept",
    covers=("E3",),
    parameters=ContactKept,
    anchors=(InterimMeasureImposed, ContactPersonNamed, ContactMissed),
    reads=(ContactMade, MatterClosed),
)
def check_contact_kept(view: View, parameters: ContactKept, anchor: AnyEvent) -> Finding:
    """A suspended party has a contact person, who is in touch as often as was promised."""
    match anchor.act:
        case InterimMeasureImposed(person=person):
            return view.weigh(anchor, _named(view, anchor, person))
        case ContactPersonNamed(every_days=every):
            promised = every or parameters.every_days
            if promised is None:
                return unknown(phrase("How often was not promised."), entries=(anchor.seq,), cures=(_NAME,))
            return view.weigh(anchor, worst(_intervals(view, anchor, Period(days=promised))))
        case _:
            return _missed(view, parameters, anchor)


def _named(view: View, anchor: AnyEvent, person: PersonId) -> Finding:
    sure, doubtful = find_standing(view, [one for one in view.all(ContactPersonNamed) if one.act.for_person == person])
    if sure:
        return passed(phrase("A contact person was named."), entries=(anchor.seq, sure[0].seq))
    because = phrase("No contact person was named for the person under the measure.")
    return view.missing(anchor, because, alleged=doubtful, acts=("contact-person.named",), cures=(_NAME,))


def _missed(view: View, parameters: ContactKept, anchor: AnyEvent) -> Finding:
    person = anchor.act.person if isinstance(anchor.act, ContactMissed) else None
    promises = [one.act.every_days for one in view.supporting(ContactPersonNamed) if one.act.for_person == person]
    if parameters.every_days is None and not any(promises):
        because = phrase("It is said that nobody was in touch, and no interval was promised to measure that by.")
        return unknown(because, entries=(anchor.seq,), missing=("contact-person.named",), cures=(_NAME,))
    finding = failed(phrase("Contact that was promised did not happen."), entries=(anchor.seq,), cures=(_CALL,))
    return view.weigh(anchor, finding)


def _intervals(view: View, anchor: AnyEvent, every: Period) -> Iterator[Finding]:
    """Yield an answer for each stretch between two contacts, the last of them ending now or with the matter."""
    person = anchor.act.for_person if isinstance(anchor.act, ContactPersonNamed) else None
    sure, doubtful = find_standing(view, [one for one in view.all(ContactMade) if one.act.person == person])
    contacts = sorted((one for one in sure if anchor.before(one)), key=lambda one: one.when.first or one.recorded_at)
    turns: list[AnyEvent] = [anchor, *contacts]
    ends = [*(one.when for one in contacts), When.exactly(_over(view))]
    for begun, end in zip(turns, ends, strict=True):
        measured = measure_within(begun.when, every, end, view.calendar)
        if measured.kept:
            yield passed(
                phrase("In touch within {every}.", every=every), entries=(begun.seq,), working=measured.working
            )
        else:
            yield _gap(begun, every, measured, doubtful)


def _gap(begun: AnyEvent, every: Period, measured: Measured, doubtful: tuple[AnyEvent, ...]) -> Finding:
    if measured.kept is None or doubtful:
        because = phrase("Whether somebody was in touch within {every} is not known.", every=every)
        entries = (begun.seq, *(one.seq for one in doubtful))
        return unknown(because, entries=entries, working=measured.working, cures=(_CALL,))
    because = phrase("Nobody was in touch for more than {every}.", every=every)
    return failed(because, entries=(begun.seq,), working=measured.working, missing=("contact.made",), cures=(_CALL,))


def _over(view: View) -> datetime:
    closings: list[Event[MatterClosed]] = list(view.supporting(MatterClosed))
    ends = [one.when.first for one in closings if one.when.first is not None]
    return min([view.now, *ends])
