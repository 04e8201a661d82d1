"""What is done to somebody who reported has reasons of its own, signed off by somebody independent.

Directive (EU) 2019/1937 arts. 19 and 21: whoever takes the measure carries the burden of showing that the report is not
why. Reports in linked matters count. Whether the reasons are good is for people.
"""

from alteram.core.acts import (
    AdverseActReasoned,
    InterimMeasureImposed,
    ReprisalAlleged,
    ReprisalWatchOpened,
    SanctionImposed,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_person, phrase
from alteram.core.matters import AnyEvent, find_ever_holders
from alteram.core.rules.findings import Cure, Finding, passed, unknown
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_standing


class NoRetaliation(Parameters, frozen=True, kw_only=True):
    """`watched_only`: ask only while a watch against reprisal is open."""

    watched_only: bool = False


@requirement(
    "no-retaliation",
    covers=("E10",),
    parameters=NoRetaliation,
    anchors=(InterimMeasureImposed, SanctionImposed, ReprisalAlleged),
    reads=(AdverseActReasoned, ReprisalWatchOpened),
)
def check_no_retaliation(view: View, parameters: NoRetaliation, anchor: AnyEvent) -> Finding:
    """A measure against somebody who reported has independent reasons that have nothing to do with the report."""
    person = _struck(anchor)
    if person is None or person not in _reporters(view):
        return view.nothing_against(
            anchor, phrase("It is not against anybody who reported, here or in a linked matter.")
        )
    if _watch_over(view, parameters, anchor, person):
        because = phrase("No watch against reprisal was open.")
        return view.weigh(anchor, passed(because, entries=(anchor.seq,), uncontradicted=True))
    sure, doubtful = find_standing(
        view, [one for one in view.all(AdverseActReasoned) if _answers(one.act, anchor, person)]
    )
    free = [one for one in sure if one.act.signed_off_by not in {None, anchor.actor, one.actor, person}]
    if free:
        because = phrase("It has reasons of its own, signed off by somebody independent.")
        return view.weigh(anchor, passed(because, entries=(anchor.seq, free[-1].seq)))
    by = ("case-manager", "chair", "custodian")
    cure = Cure(
        "adverse-act.reasoned",
        by,
        phrase("Give reasons that have nothing to do with the report, and have them signed off."),
    )
    because = phrase(
        "It is against {person}, who reported, and no reasons are signed off by somebody independent.",
        person=as_person(person),
    )
    if isinstance(anchor.act, ReprisalAlleged):
        return unknown(because, entries=(anchor.seq,), missing=("adverse-act.reasoned",), cures=(cure,))
    return view.missing(anchor, because, alleged=doubtful, acts=("adverse-act.reasoned",), cures=(cure,))


def _struck(anchor: AnyEvent) -> PersonId | None:
    match anchor.act:
        case InterimMeasureImposed(person=person) | SanctionImposed(person=person) | ReprisalAlleged(person=person):
            return person
        case _:
            return None


def _reporters(view: View) -> frozenset[PersonId]:
    here = find_ever_holders(view.facts.matter, "reporter") | find_ever_holders(view.facts.matter, "complainant")
    return here.union(*(one.holders("reporter") | one.holders("complainant") for one in view.facts.linked))


def _answers(reasoned: AdverseActReasoned, anchor: AnyEvent, person: PersonId) -> bool:
    """Return whether reasons speak of this act. Reasons given before it, for what was about to be done, name none."""
    return reasoned.person == person and reasoned.adverse_act in {None, anchor.seq}


def _watch_over(view: View, parameters: NoRetaliation, anchor: AnyEvent, person: PersonId) -> bool:
    if not parameters.watched_only or anchor.when.first is None:
        return False
    ends = [one.act.until for one in view.all(ReprisalWatchOpened) if one.act.person == person]
    return not any(anchor.when.first <= until for until in ends)
