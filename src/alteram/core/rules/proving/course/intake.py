"""A report arrives, somebody handles it, and whoever it concerns leaves their office in it to others."""

from datetime import timedelta
from typing import Final

from alteram.core.acts import (
    CaseManagerAssigned,
    HandoverMade,
    InterestDeclared,
    MatterAccepted,
    PersonRecused,
    ReportAcknowledged,
    ReportLodged,
    SupportOffered,
    TriageDecided,
)
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.rules.capacities import find_role_holders
from alteram.core.rules.proving.course.desk import (
    BOTH,
    TEXT,
    Desk,
    Drafting,
    Drafts,
    Step,
    build_risk,
    build_telling,
    each,
    find_own_cause,
)
from alteram.core.rules.rulebook import Office, Rulebook


def _report(desk: Desk) -> Drafts:
    yield ReportLodged(
        identity="named",
        about="person",
        people=(desk.who("respondent"),),
        first_on=desk.rulebook.calendar.local_day(desk.now - timedelta(days=3)),
        last_on=desk.rulebook.calendar.local_day(desk.now - timedelta(days=3)),
        text=TEXT,
    )


def _acknowledge(desk: Desk) -> Drafts:
    report = desk.last(ReportLodged)
    if report is not None:
        yield ReportAcknowledged(report=report, text=TEXT, external_routes=True)


def _offer_support(_: Desk, person: PersonId) -> Drafts:
    yield SupportOffered(to=person)


def _accept(desk: Desk) -> Drafts:
    yield MatterAccepted(
        procedure=desk.procedure.id, complainant=desk.who("complainant"), respondent=desk.who("respondent")
    )


#: Roles of officers without whom a matter stands still.
_OFFICIAL: Final[tuple[Role, ...]] = ("chair", "scrutineer", "custodian", "secretary", "spokesperson")


def _step_aside(office: Office) -> Drafting:
    """Draft that whoever holds an office leaves the parts it plays to others, in their own cause."""

    def draft(desk: Desk) -> Drafts:
        person, roles = desk.who(office.id), tuple(role for role in office.plays if role in _OFFICIAL)
        if roles and person in find_own_cause(desk.facts):
            yield PersonRecused(person=person, roles=roles, reasons=TEXT)

    return draft


def _hand_over(role: Role) -> Drafting:
    """Draft that a plain member takes over a role whose holder stepped aside, where nobody else has it."""

    def draft(desk: Desk) -> Drafts:
        playing = [desk.who(office.id) for office in desk.rulebook.offices if role in office.plays]
        free = [one for one in desk.cast.members if one.startswith("member-")]
        if playing and not find_role_holders(desk.facts, desk.rulebook, role):
            yield HandoverMade(from_person=playing[0], to=free[_OFFICIAL.index(role) % len(free)], role=role)

    return draft


_INTAKE: Final = (
    Step("reported", _report, by="complainant"),
    Step("acknowledged", _acknowledge),
    Step("assigned", lambda desk: (CaseManagerAssigned(person=desk.who("case-manager")),)),
    Step("case-manager-declared", lambda _: (InterestDeclared(nature="none"),), by="case-manager"),
)
_TRIAGE: Final = (
    Step("risk-at-report", build_risk("report")),
    Step("triaged", lambda _: (TriageDecided(score="medium", reasons=TEXT),)),
    Step("informed-of-triage", build_telling("triage")),
    Step("accepted", _accept),
)


def build_intake(rulebook: Rulebook) -> tuple[Step, ...]:
    """Return the steps from the report to the acceptance of the matter."""
    return (
        *_INTAKE,
        *(each("support-offered", _offer_support, part) for part in BOTH),
        *_TRIAGE,
        *(Step(f"stepped-aside-{office.id}", _step_aside(office), by=office.id) for office in rulebook.offices),
        *(Step(f"handed-over-{role}", _hand_over(role)) for role in _OFFICIAL),
    )
