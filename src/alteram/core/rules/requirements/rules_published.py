"""The rules were known to those they bind before the conduct they are applied to (Acas Code para 2).

It reads the organisation's own record of when its rulebook was published, and when the conduct is said to have been.
Whether the clause fits the conduct is asked by charge-cites-clause and by the decision.
"""

from datetime import date

from alteram.core.acts import AllegationsAmended, AllegationsStated, RulebookAdopted
from alteram.core.acts.charge import Allegation
from alteram.core.kernel.phrases import as_moment, as_own, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown, worst
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class RulesPublished(Parameters, frozen=True, kw_only=True):
    """`same_day_counts`: rules published on the day of the conduct were known."""

    same_day_counts: bool = False


@requirement(
    "rules-published",
    covers=("A1",),
    parameters=RulesPublished,
    anchors=(AllegationsStated, AllegationsAmended),
    reads=(RulebookAdopted,),
)
def check_rules_published(view: View, parameters: RulesPublished, anchor: AnyEvent) -> Finding:
    """The rulebook had been published before the conduct that is charged."""
    days = [
        one.act.published_on
        for one in view.of_organisation(RulebookAdopted)
        if one.act.rulebook == view.rulebook.id and one.act.published_on is not None
    ]
    if not days:
        cure = Cure("rulebook.adopted", ("secretary",), phrase("Publish the rules; they bind conduct from then on."))
        return unknown(phrase("Nothing shows when the rulebook was published."), entries=(anchor.seq,), cures=(cure,))
    charges = anchor.act.allegations if isinstance(anchor.act, AllegationsStated | AllegationsAmended) else ()
    if not charges:
        return unknown(phrase("No charge is stated."), entries=(anchor.seq,))
    return view.weigh(anchor, worst(_known(parameters, anchor, min(days), charge) for charge in charges))


def _known(parameters: RulesPublished, anchor: AnyEvent, published_on: date, charge: Allegation) -> Finding:
    working = (
        phrase("rules published on {published_on}", published_on=as_moment(published_on)),
        phrase("{id}: conduct from {first_on}", id=as_own(charge.id), first_on=_shown(charge.first_on)),
    )
    if charge.first_on is None:
        because = phrase("The charge does not say when the conduct was.")
        return unknown(because, entries=(anchor.seq,), working=working, missing=("allegations.amended",))
    if published_on < charge.first_on or (parameters.same_day_counts and published_on == charge.first_on):
        return passed(phrase("The rules were published before the conduct."), entries=(anchor.seq,), working=working)
    return failed(
        phrase("The conduct is charged under rules that were not published yet."),
        entries=(anchor.seq,),
        working=working,
        cures=(
            Cure(
                "allegations.amended", ("case-manager", "investigator"), phrase("Drop the charge, or what lies before.")
            ),
        ),
    )


def _shown(day: date | None) -> str:
    return phrase("an unknown day") if day is None else as_moment(day)
