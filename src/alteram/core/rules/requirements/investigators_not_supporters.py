"""Whoever investigates does not also support a party (ISO 37002:2021 cl. 5.3.2 c).

Support is given by contact persons and by those who offer it. It compares names; how close somebody stood to a party
in fact is for interest declarations.
"""

from alteram.core.acts import ContactPersonNamed, HandoverMade, InvestigatorAppointed, PersonRecused, SupportOffered
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_people, phrase
from alteram.core.matters import AnyEvent, find_ever_holders
from alteram.core.rules.findings import Cure, Finding, failed
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class InvestigatorsNotSupporters(Parameters, frozen=True, kw_only=True):
    """`offering_counts`: whoever offers support counts as supporting, not only a contact person."""

    offering_counts: bool = True


@requirement(
    "investigators-not-supporters",
    covers=("I4",),
    parameters=InvestigatorsNotSupporters,
    anchors=(InvestigatorAppointed, ContactPersonNamed, SupportOffered),
    reads=(HandoverMade, PersonRecused),
)
def check_investigators_not_supporters(view: View, parameters: InvestigatorsNotSupporters, anchor: AnyEvent) -> Finding:
    """Nobody both investigates the matter and supports a party."""
    both = sorted(_supporters(view, parameters) & find_ever_holders(view.facts.matter, "investigator"))
    if not both:
        return view.nothing_against(anchor, phrase("Nobody both investigates and supports a party."))
    handed_on = {one.act.from_person for one in view.supporting(HandoverMade) if one.act.role == "investigator"}
    stood_down = {one.act.person for one in view.supporting(PersonRecused) if "investigator" in one.act.roles}
    still = [person for person in both if person not in handed_on | stood_down]
    if not still:
        return view.nothing_against(anchor, phrase("Whoever did both has given up investigating."))
    cure = Cure(
        "handover.made", ("case-manager", "secretary", "custodian"), phrase("Hand the investigation to somebody else.")
    )
    because = phrase("Investigates and supports a party: {still}.", still=as_people(still))
    return view.weigh(anchor, failed(because, entries=(anchor.seq,), missing=("handover.made",), cures=(cure,)))


def _supporters(view: View, parameters: InvestigatorsNotSupporters) -> frozenset[PersonId]:
    named = frozenset(one.act.person for one in view.all(ContactPersonNamed) if one.established)
    if not parameters.offering_counts:
        return named
    return named | {one.actor for one in view.all(SupportOffered) if one.actor is not None and one.established}
