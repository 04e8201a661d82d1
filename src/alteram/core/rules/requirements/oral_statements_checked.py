"""What somebody said aloud is recorded with their consent, and they may check, correct and sign the record of it.

Directive (EU) 2019/1937 art. 18. It sees that a statement was checked, not whether the record is right.
"""

from alteram.core.acts import (
    DecisionMade,
    DefaultNoted,
    ReportFinalised,
    StatementChecked,
    StatementSigned,
    StatementTaken,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import as_person, phrase
from alteram.core.matters import AnyEvent, Event
from alteram.core.rules.findings import Cure, Finding, failed, passed, worst
from alteram.core.rules.requirements.library import Parameters, requirement
from alteram.core.rules.view import View

#: The step a person leaves out who was offered the record and did not answer, as `default.noted` names it.
_STEP = "statement.checked"


class OralStatementsChecked(Parameters, frozen=True, kw_only=True):
    """`signed`: whether it must be signed, rather than checked or signed."""

    signed: bool = False


@requirement(
    "oral-statements-checked",
    covers=("E9",),
    parameters=OralStatementsChecked,
    anchors=(ReportFinalised, DecisionMade),
    reads=(StatementTaken, StatementChecked, StatementSigned, DefaultNoted),
)
def check_oral_statements_checked(view: View, parameters: OralStatementsChecked, anchor: AnyEvent) -> Finding:
    """Every oral statement was recorded with consent and checked or signed by the person who made it."""
    oral = [one for one in view.all(StatementTaken) if one.act.oral and one.before(anchor) is not False]
    if not oral:
        return view.nothing_against(anchor, phrase("No oral statement is on record."))
    return view.weigh(anchor, worst(_answer(view, parameters, one, anchor) for one in oral))


def _answer(view: View, parameters: OralStatementsChecked, taken: Event[StatementTaken], anchor: AnyEvent) -> Finding:
    person, entries = taken.act.person, (taken.seq, anchor.seq)
    if taken.act.consent is False and taken.established:
        because = phrase("The statement of {person} was recorded against their will.", person=as_person(person))
        return failed(because, entries=entries, cures=(_cure(),))
    done = _done(view, parameters, taken, anchor)
    if done and taken.act.consent and taken.supports(view.protected):
        because = phrase("The statement of {person} was recorded with consent and checked.", person=as_person(person))
        return passed(because, entries=(*entries, *(one.seq for one in done)))
    return view.missing(
        anchor,
        _complain(person, done=bool(done), signed=parameters.signed),
        thing="consent" if done else None,
        alleged=() if taken.live or taken.found else (taken,),
        acts=("statement.signed" if parameters.signed else "statement.checked",),
        cures=(_cure(),),
    )


def _complain(person: PersonId, *, done: bool, signed: bool) -> str:
    told = as_person(person)
    if done:
        return phrase("The statement of {person} shows no consent to the record.", person=told)
    if signed:
        return phrase("The statement of {person} was not signed by {person}.", person=told)
    return phrase("The statement of {person} was not checked or signed by {person}.", person=told)


def _done(
    view: View, parameters: OralStatementsChecked, taken: Event[StatementTaken], anchor: AnyEvent
) -> list[AnyEvent]:
    person = taken.act.person
    by_person: list[AnyEvent] = [
        one for one in view.supporting(StatementSigned) if one.act.statement == taken.seq and one.actor == person
    ]
    if not parameters.signed:
        by_person += [
            one for one in view.supporting(StatementChecked) if one.act.statement == taken.seq and one.actor == person
        ]
    by_person += [one for one in view.supporting(DefaultNoted) if one.act.person == person and one.act.step == _STEP]
    return [one for one in by_person if one.before(anchor) is True]


def _cure() -> Cure:
    return Cure(
        "statement.checked", ("witness", "complainant", "respondent"), phrase("Let the person check the record.")
    )
