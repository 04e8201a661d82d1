"""Whoever investigates does not belong, and never did (NZ Parliament: proposal for a commissioner for standards, 2022).

It reads the organisation's roll and lines of command. How long a commissioner is appointed for is not on the record.
"""

from alteram.core.acts import CommandRecorded, InvestigatorAppointed, MemberJoined, MemberLeft
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_person, phrase
from alteram.core.matters import AnyEvent
from alteram.core.rules.findings import Cure, Finding, failed, passed, unknown
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class OutsideInvestigator(Parameters, frozen=True, kw_only=True):
    """`former_too`: somebody who once belonged is no outsider either."""

    former_too: bool = True


@requirement(
    "outside-investigator",
    covers=("N10",),
    parameters=OutsideInvestigator,
    anchors=(InvestigatorAppointed,),
    reads=(MemberJoined, MemberLeft, CommandRecorded),
)
def check_outside_investigator(view: View, parameters: OutsideInvestigator, anchor: AnyEvent) -> Finding:
    """Whoever is appointed to investigate is no member, was none, and stands under nobody's authority here."""
    if not isinstance(anchor.act, InvestigatorAppointed):
        return unknown(phrase("Nobody was appointed."), entries=(anchor.seq,))
    person = anchor.act.person
    tie = _find_tie(view, parameters, person)
    if tie:
        cure = Cure("investigator.appointed", ("case-manager", "chair", "custodian"), phrase("Appoint an outsider."))
        return view.weigh(anchor, failed(tie, entries=(anchor.seq,), cures=(cure,)))
    if not view.facts.roll.members:
        return unknown(phrase("No roll shows who belongs."), entries=(anchor.seq,))
    because = phrase("{person} does not belong here.", person=as_person(person))
    return view.weigh(anchor, passed(because, entries=(anchor.seq,)))


def _find_tie(view: View, parameters: OutsideInvestigator, person: PersonId) -> str:
    joined = any(person in one.act.people for one in view.of_organisation(MemberJoined))
    left = any(person == one.act.person for one in view.of_organisation(MemberLeft))
    if joined and not left:
        return phrase("{person} is a member.", person=as_person(person))
    if joined and parameters.former_too:
        return phrase("{person} was a member.", person=as_person(person))
    if any(person in one.act.people for one in view.of_organisation(CommandRecorded)):
        return phrase("{person} stands under somebody's authority here.", person=as_person(person))
    return ""
