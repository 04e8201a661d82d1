"""Whoever is decided on learns how to appeal (Acas Code paras 26-29; Erskine May 5.23: both sides may appeal).

The decision, its service, or the instrument of a sanction states it. Telling it later mends its absence.
"""

from alteram.core.acts import DecisionMade, DecisionServed, InstrumentIssued, InterimMeasureImposed, SanctionImposed
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_person, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, passed, worst
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View

_CURE = Cure("decision.served", ("secretary", "case-manager"), phrase("Serve the decision and state how to appeal."))


class AppealRoute(Parameters, frozen=True, kw_only=True):
    """`served_on`: roles whose holders must each be served with it; that comes after a decision, so it gates none."""

    served_on: tuple[Role, ...] = ()


@requirement(
    "appeal-route",
    covers=("A13", "U4", "P2"),
    parameters=AppealRoute,
    anchors=(DecisionMade, SanctionImposed, InterimMeasureImposed),
    reads=(DecisionServed, InstrumentIssued),
    applies=lambda _parameters, anchor: getattr(anchor.act, "kind", "") != "preliminary",
)
def check_appeal_route(view: View, parameters: AppealRoute, anchor: AnyEvent) -> Finding:
    """What is decided comes with a statement of how to appeal, on whomever the rules name."""
    entries = _find_entries(anchor)
    people = sorted({person for role in parameters.served_on for person in view.holders(role)})
    return worst((_stated(view, anchor, entries), *(_served(view, anchor, entries, one) for one in people)))


def _served(view: View, anchor: AnyEvent, entries: tuple[int, ...], person: PersonId) -> Finding:
    served = [one for one in view.all(DecisionServed) if one.act.decision in entries and one.act.to == person]
    sure = [one for one in served if one.supports(view.protected)]
    if sure:
        return passed(phrase("It was served on {person}.", person=as_person(person)), entries=(anchor.seq, sure[0].seq))
    return _missing(view, anchor, phrase("It was not served on {person}.", person=as_person(person)), tuple(served))


def _find_entries(anchor: AnyEvent) -> tuple[int, ...]:
    """Return the entry that is appealed against, with that of the decision a sanction carries out."""
    decision = anchor.act.decision if isinstance(anchor.act, SanctionImposed) else None
    return (anchor.seq,) if decision is None else (anchor.seq, decision)


def _stated(view: View, anchor: AnyEvent, entries: tuple[int, ...]) -> Finding:
    stating: list[AnyEvent] = [one for one in view.all(DecisionMade) if one.seq in entries and one.act.states_appeal]
    stating += [one for one in view.all(DecisionServed) if one.act.decision in entries and one.act.states_appeal]
    stating += [one for one in view.all(InstrumentIssued) if one.act.sanction in entries and one.act.states_appeal]
    sure = [one for one in stating if one.supports(view.protected)]
    denied = view.agreed_absent(anchor, "appeal-route") and all(one.seq == anchor.seq for one in sure)
    if sure and not denied:
        return passed(phrase("It was said how to appeal."), entries=tuple(sorted({sure[0].seq, anchor.seq})))
    return _missing(view, anchor, phrase("Nothing said how to appeal."), tuple(stating))


def _missing(view: View, anchor: AnyEvent, because: str, alleged: tuple[AnyEvent, ...]) -> Finding:
    return view.missing(
        anchor, because, thing="appeal-route", alleged=alleged, acts=("decision.served",), cures=(_CURE,)
    )
