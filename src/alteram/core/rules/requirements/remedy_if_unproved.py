"""Somebody against whom nothing was proved is given a plan to put things right (ISO 37002:2021 cl. 8.4.4).

It reads what the decision found and whether a plan for that person was made in time; what the plan holds is not read.
"""

from alteram.core.acts import DecisionMade, RemedyPlanned
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import as_person, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View
from alteram.core.rules.weighing import ask_of_each, find_standing


class RemedyIfUnproved(Parameters, frozen=True, kw_only=True):
    """`within`: how soon after the decision the plan is made."""

    within: Period


@requirement(
    "remedy-if-unproved",
    covers=("I9",),
    parameters=RemedyIfUnproved,
    anchors=(DecisionMade,),
    reads=(RemedyPlanned,),
    applies=lambda _parameters, anchor: (
        isinstance(anchor.act, DecisionMade) and not anchor.act.proved and anchor.act.kind in {"outcome", "no-action"}
    ),
)
def check_remedy_if_unproved(view: View, parameters: RemedyIfUnproved, anchor: AnyEvent) -> Finding:
    """Where nothing was proved, a plan to put things right is made in time for the person who was accused."""
    people = view.protected
    return view.weigh(
        anchor, ask_of_each(view, anchor, people, lambda person: _planned(view, parameters, anchor, person))
    )


def _planned(view: View, parameters: RemedyIfUnproved, anchor: AnyEvent, person: PersonId) -> Finding:
    sure, doubtful = find_standing(view, [one for one in view.all(RemedyPlanned) if one.act.person == person])
    when = sure[0].when if sure else When(view.now, None)
    measured = measure_within(anchor.when, parameters.within, when, view.calendar)
    entries = (anchor.seq, *(one.seq for one in sure))
    if sure and measured.kept:
        return passed(phrase("A plan to put things right was made in time."), entries=entries, working=measured.working)
    if sure and measured.kept is False:
        because = phrase("A plan was made, but later than {within} after the decision.", within=parameters.within)
        return failed(because, entries=entries, working=measured.working, incurable=phrase("It was late."))
    cure = Cure(
        "remedy.planned",
        ("case-manager",),
        phrase("Plan what is done to put things right for {person}.", person=as_person(person)),
    )
    if measured.kept is None:
        because = (
            phrase("A plan to put things right is still to be made.")
            if not sure
            else phrase("When the plan was made is not known.")
        )
        return unknown(because, entries=entries, working=measured.working, cures=(cure,))
    because = phrase("No plan to put things right was made within {within}.", within=parameters.within)
    return view.missing(
        anchor, because, alleged=doubtful, acts=("remedy.planned",), cures=(cure,), working=measured.working
    )
