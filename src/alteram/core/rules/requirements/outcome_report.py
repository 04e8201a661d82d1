"""What was decided, and on what, is told whole to everybody it concerns (PWSS Act 2023 (Cth) s 24CZ).

The decision speaks of every charge and names what it rests on; then it is served. What its reasons say is not read.
"""

from alteram.core.acts import AllegationsAmended, AllegationsStated, DecisionMade, DecisionServed
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import as_own, as_person, join, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, worst
from alteram.core.rules.measuring import measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.service import SERVING, find_delivery
from alteram.core.rules.view import View
from alteram.core.rules.weighing import find_before, find_standing, judge_not_done, judge_period


class OutcomeReport(Parameters, frozen=True, kw_only=True):
    """`within`: how soon it is served. `on`: the roles it is served on. `evidence`: it names what it rests on."""

    within: Period
    on: tuple[Role, ...] = ("complainant", "respondent")
    evidence: bool = True


@requirement(
    "outcome-report",
    covers=("P1",),
    parameters=OutcomeReport,
    anchors=(DecisionMade,),
    reads=(AllegationsStated, AllegationsAmended, DecisionServed, *SERVING),
    applies=lambda _parameters, anchor: getattr(anchor.act, "kind", "") == "outcome",
)
def check_outcome_report(view: View, parameters: OutcomeReport, anchor: AnyEvent) -> Finding:
    """The outcome speaks of every charge, names its evidence and has reasons, and is served on both sides in time."""
    gap = _find_gap(view, parameters, anchor)
    if gap:
        cure = Cure("decision.made", ("chair", "decider"), phrase("Decide again, and say all of it."))
        return view.weigh(anchor, failed(gap, entries=(anchor.seq,), cures=(cure,)))
    people = sorted({person for role in parameters.on for person in view.holders(role)})
    if not people:
        return view.missing(anchor, phrase("Nobody is named on whom it would be served."), acts=("party.joined",))
    return worst(_served(view, parameters, anchor, person) for person in people)


def _find_gap(view: View, parameters: OutcomeReport, anchor: AnyEvent) -> str:
    act = anchor.act
    if not isinstance(act, DecisionMade):
        return ""
    stated, _ = find_before(view, anchor, view.all(AllegationsStated))
    amended, _ = find_before(view, anchor, view.all(AllegationsAmended))
    charges = {one.id for event in stated for one in event.act.allegations}
    charges |= {one.id for event in amended for one in event.act.allegations}
    silent_on = sorted(charges - {*act.proved, *act.not_proved})
    if silent_on:
        return phrase("It says nothing of {charges}.", charges=join(", ", map(as_own, silent_on)))
    if act.reasons is None:
        return phrase("It gives no reasons.")
    if parameters.evidence and act.proved and not act.exhibits:
        return phrase("It names nothing that it rests on.")
    return ""


def _served(view: View, parameters: OutcomeReport, anchor: AnyEvent, person: PersonId) -> Finding:
    copies = [one for one in view.all(DecisionServed) if (one.act.decision, one.act.to) == (anchor.seq, person)]
    sure, doubtful = find_standing(view, copies)
    cure = Cure("decision.served", ("secretary", "case-manager"), phrase("Serve it."))
    if not sure:
        return judge_not_done(
            view,
            anchor,
            measure_within(anchor.when, parameters.within, When(view.now), view.calendar),
            because=phrase("The outcome was not served on {person}.", person=as_person(person)),
            alleged=doubtful,
            acts=("decision.served",),
            cures=(cure,),
        )
    delivered = find_delivery(view, sure[0], person)
    return judge_period(
        view,
        anchor,
        measure_within(anchor.when, parameters.within, delivered, view.calendar),
        kept=phrase("The whole outcome was served in time."),
        missed=phrase(
            "The outcome reached {person} later than {within}.", person=as_person(person), within=parameters.within
        ),
        entries=(sure[0].seq,),
        incurable=phrase("The time has passed."),
    )
