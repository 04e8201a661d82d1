"""A sanction is in proportion to what was proved (Haque v Faradhi [2023] EWHC 1135: neither arbitrary nor capricious).

Only people can judge that, so the facts are laid out and a reasoned ruling is asked for. Three answers need none:
nothing was proved, the term is longer than the rulebook allows, or nothing lighter stands on the ladder.
"""

from alteram.core.acts import DecisionMade, SanctionImposed
from alteram.core.kernel.instants import When
from alteram.core.kernel.periods import Period
from alteram.core.kernel.phrases import as_own, join, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.measuring import Measured, measure_within
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class ProportionalityRuled(Parameters, frozen=True, kw_only=True):
    """`lightest_needs_none`: the lightest rung of the ladder needs no ruling."""

    lightest_needs_none: bool = True


@requirement(
    "proportionality-ruled",
    covers=("C1",),
    parameters=ProportionalityRuled,
    anchors=(SanctionImposed,),
    reads=(DecisionMade,),
    applies=lambda _parameters, anchor: isinstance(anchor.act, SanctionImposed) and not anchor.act.announced_only,
    may_be_ruled=True,
)
def check_proportionality_ruled(view: View, parameters: ProportionalityRuled, anchor: AnyEvent) -> Finding:
    """A sanction is in proportion to what was proved; unless it is the lightest, a reasoned ruling says so."""
    act = anchor.act
    decision = view.find(act.decision) if isinstance(act, SanctionImposed) else None
    if not isinstance(act, SanctionImposed) or decision is None or not isinstance(decision.act, DecisionMade):
        because = phrase("The sanction names no decision, so what it answers is not known.")
        return unknown(because, entries=(anchor.seq,), missing=("decision.made",), cures=(_ruling(view),))
    entries = (decision.seq, anchor.seq)
    if not decision.act.proved and decision.established:
        cure = Cure("sanction.lifted", ("chair", "appeal-decider"), phrase("Lift it: nothing was proved."))
        return view.weigh(
            anchor, failed(phrase("A sanction was imposed where nothing was proved."), entries=entries, cures=(cure,))
        )
    rung = view.rulebook.find_sanction(act.sanction)
    if rung is not None and rung.longest is not None:
        term = _term(view, anchor, act, rung.longest)
        if term.kept is False:
            cure = Cure(
                "sanction.lifted",
                ("chair", "appeal-decider"),
                phrase("Impose it again for a term the rulebook allows."),
            )
            because = phrase(
                "The sanction runs longer than {longest}, the longest the rulebook allows.", longest=rung.longest
            )
            return view.weigh(anchor, failed(because, entries=entries, working=term.working, cures=(cure,)))
    lighter = [one.id for one in view.rulebook.sanctions if rung is not None and one.rung < rung.rung]
    shown = bool(decision.act.proved) and decision.supports(view.protected)
    if rung is not None and not lighter and parameters.lightest_needs_none and shown:
        return view.weigh(anchor, passed(phrase("Nothing lighter stands on the ladder."), entries=entries))
    return unknown(
        phrase("Whether the sanction is in proportion needs a reasoned ruling."),
        entries=entries,
        working=(
            phrase(
                "lighter steps on the ladder: {lighter}", lighter=join(", ", map(as_own, lighter)) or phrase("none")
            ),
        ),
        missing=("ruling.made",),
        cures=(_ruling(view),),
    )


def _ruling(view: View) -> Cure:
    return Cure("ruling.made", view.demand.ruled_by, phrase("Say with reasons why nothing lighter would do."))


def _term(view: View, anchor: AnyEvent, act: SanctionImposed, longest: Period) -> Measured:
    if act.until is None:
        return Measured(None)
    start = anchor.when if act.effective_at is None else When.exactly(act.effective_at)
    return measure_within(start, longest, When.exactly(act.until), view.calendar)
