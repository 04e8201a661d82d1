"""Whether, and how long before something, a person was given an exhibit: in full, with a notice or draft, or its gist.

An exhibit withheld with its gist counts as given; one withheld without does not, and no longer where it was given
before. Whoever lodged an exhibit has it.
"""

import math

from alteram.core.acts import DraftReportServed, ExhibitDisclosed, ExhibitLodged, ExhibitWithheld, NoticeServed
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import as_own, as_person, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.measuring import Measured, measure_at_least
from alteram.core.rules.service import SERVING_EVIDENCE, find_delivery
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_before

_GIVING = (ExhibitDisclosed, ExhibitWithheld, NoticeServed, DraftReportServed)
#: What a requirement must declare to ask `judge_disclosed`.
DISCLOSING = (*_GIVING, ExhibitLodged, *SERVING_EVIDENCE)
#: No time at all: disclosure at any time before is enough.
AT_ANY_TIME = Period(hours=0)


def judge_disclosed(
    view: View, anchor: AnyEvent, exhibit: str, person: PersonId, *, at_least: Period, before: When
) -> Finding:
    """Return whether `person` was given `exhibit` at least the period before `before`, which `anchor` depends on."""
    lodged = [one for one in view.all(ExhibitLodged) if one.act.exhibit == exhibit and one.actor == person]
    if lodged:
        return passed(phrase("Whoever lodged an exhibit has it."), entries=(lodged[0].seq, anchor.seq))
    givings = [one for kind in _GIVING for one in view.all(kind) if _gives(one.act, exhibit, person)]
    taken = [
        one for one in view.all(ExhibitWithheld) if _takes(one.act, exhibit, person) and one.live and not one.corrected
    ]
    # What was given and then withheld without its gist they do not have: nobody answers what they cannot read.
    last = max((one.seq for one in taken if one.before(anchor) is True), default=-1)
    left = [one for one in givings if one.seq > last]
    sure, doubtful = find_before(view, anchor, sorted(left, key=lambda one: one.seq))
    cure = Cure(
        "exhibit.disclosed",
        ("case-manager", "investigator", "secretary"),
        phrase("Disclose {exhibit} to {person}.", exhibit=as_own(exhibit), person=as_person(person)),
    )
    if not sure:
        return view.missing(
            anchor,
            phrase(
                "Exhibit {exhibit} was not disclosed to {person}, nor withheld with its gist.",
                exhibit=as_own(exhibit),
                person=as_person(person),
            ),
            thing="disclosure",
            alleged=doubtful,
            acts=("exhibit.disclosed",),
            cures=(cure,),
        )
    # One that was printed may have arrived after a later one, or never.
    given, measured = min(
        ((one, measure_at_least(find_delivery(view, one, person), at_least, before, view.calendar)) for one in sure),
        key=lambda pair: _rank(pair[1]),
    )
    entries = (given.seq, anchor.seq)
    if measured.kept:
        return passed(phrase("The evidence was disclosed in time."), entries=entries, working=measured.working)
    if measured.kept is None:
        because = phrase(
            "Whether exhibit {exhibit} was disclosed in time is not known from the times recorded.",
            exhibit=as_own(exhibit),
        )
        return unknown(because, entries=entries, working=measured.working, earliest=measured.end, cures=(cure,))
    wait = Cure(
        "meeting.adjourned",
        ("chair", "secretary"),
        phrase("Wait until {at_least} have passed since the disclosure.", at_least=at_least),
    )
    return failed(
        phrase(
            "Exhibit {exhibit} was disclosed to {person} less than {at_least} before.",
            exhibit=as_own(exhibit),
            person=as_person(person),
            at_least=at_least,
        ),
        entries=entries,
        working=measured.working,
        earliest=measured.end,
        cures=(wait,),
    )


def _gives(act: Act, exhibit: str, person: PersonId) -> bool:
    match act:
        case ExhibitWithheld(exhibit=withheld, person=whom, gist=gist):
            return (withheld, whom) == (exhibit, person) and gist is not None
        case (
            ExhibitDisclosed(exhibits=exhibits, to=to)
            | NoticeServed(exhibits=exhibits, to=to)
            | DraftReportServed(exhibits=exhibits, to=to)
        ):
            return exhibit in exhibits and to == person
        case _:
            return False


def _takes(act: ExhibitWithheld, exhibit: str, person: PersonId) -> bool:
    return (act.exhibit, act.person) == (exhibit, person) and act.gist is None


def _rank(measured: Measured) -> tuple[int, float]:
    """Return a lower rank for what keeps the period, then for what is not known to, then for what keeps it earlier."""
    end = math.inf if measured.end is None else measured.end.timestamp()
    return (0, 0.0) if measured.kept else (2 if measured.kept is False else 1, end)
