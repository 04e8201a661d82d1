"""The investigator is independent, discreet, competent, impartial and lawful, and the appointment shows it.

ISO/TS 37008:2023. It counts what the appointment carries, asks for a declaration of interests, and looks up lines of
command; competence itself it cannot see.
"""

from alteram.core.acts import InterestDeclared, InvestigationBegun, InvestigatorAppointed
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_word, join, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed
from alteram.core.rules.people import find_commanded
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View


class InvestigatorPrinciples(Parameters, frozen=True, kw_only=True):
    """`principles`: what each appointment must carry evidence of."""

    principles: tuple[str, ...] = ("independent", "confidential", "competent", "impartial", "lawful")
    declaration: bool = True


@requirement(
    "investigator-principles",
    covers=("I13",),
    parameters=InvestigatorPrinciples,
    anchors=(InvestigationBegun,),
    reads=(InvestigatorAppointed, InterestDeclared),
)
def check_investigator_principles(view: View, parameters: InvestigatorPrinciples, anchor: AnyEvent) -> Finding:
    """Before the investigation begins, the appointment shows each principle, and the investigator is free of ties."""
    appointed = [one for one in view.supporting(InvestigatorAppointed) if one.before(anchor) and _begins(anchor, one)]
    if not appointed:
        return view.missing(
            anchor,
            phrase("Nothing shows that whoever began the investigation was appointed."),
            alleged=view.alleged(InvestigatorAppointed),
            acts=("investigator.appointed",),
            cures=(_cure(phrase("Appoint an investigator, then begin.")),),
        )
    appointment = appointed[-1]
    subject = _bound(view, appointment.act.person)
    declared = _declared(view, appointment.act.person, anchor)
    entries = (appointment.seq, *(one.seq for one in declared), anchor.seq)
    if subject or any(one.act.nature != "none" for one in declared):
        because = phrase(
            "The investigator is {subject}.", subject=subject or phrase("tied to the matter by their own declaration")
        )
        return view.weigh(
            anchor, failed(because, entries=entries, cures=(_cure(phrase("Appoint somebody free of ties.")),))
        )
    lacking: list[str] = [
        as_word(principle) for principle in parameters.principles if principle not in appointment.act.principles
    ]
    if parameters.declaration and not declared:
        lacking.append(phrase("a declaration of interests"))
    if lacking:
        because = phrase("The appointment shows no evidence of: {lacking}.", lacking=join(", ", lacking))
        cures = (_cure(phrase("Appoint again, with evidence for each principle and a declaration of interests.")),)
        return view.missing(anchor, because, acts=("investigator.appointed", "interest.declared"), cures=cures)
    because = phrase("The appointment carries evidence of each principle, and no tie is on record.")
    return view.weigh(anchor, passed(because, entries=entries))


def _begins(anchor: AnyEvent, appointment: Event[InvestigatorAppointed]) -> bool:
    return anchor.actor is None or appointment.act.person == anchor.actor


def _bound(view: View, person: PersonId) -> str:
    """Return why a person cannot be independent: a party, or under the command of one."""
    parties = view.holders("respondent") | view.holders("complainant")
    if person in parties | view.holders("witness"):
        return phrase("a party to the matter or a witness in it")
    return phrase("under the command of a party") if person in find_commanded(view, parties) else ""


def _declared(view: View, person: PersonId, anchor: AnyEvent) -> list[Event[InterestDeclared]]:
    return [one for one in view.supporting(InterestDeclared) if one.actor == person and one.before(anchor) is True]


def _cure(why: str) -> Cure:
    return Cure("investigator.appointed", ("case-manager", "chair", "custodian"), why)
