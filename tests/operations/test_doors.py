"""No way in but the one: reported events give nobody a part, a stage or a key; a report lets nobody into a matter."""

import pytest

from alteram.core.acts import (
    CaseManagerAssigned,
    ExternalOrderRecorded,
    HistoryEntered,
    MatterAccepted,
    MatterClosed,
    MemberJoined,
    OfficeFilled,
    PersonRecused,
    RecordShredded,
    ReportLodged,
    RetentionHeld,
    RiskAssessed,
    RulebookAdopted,
)
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.rules.capacities import find_roles
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform
from alteram.operations.questions import UnknownMatterError, find_timeline
from tests.worlds import (
    CHAIR,
    COMPLAINANT,
    CUSTODIAN,
    M1,
    M2,
    MANAGER,
    MEMBER,
    ORGANISATION,
    OUTSIDER,
    RESPONDENT,
    do,
    report,
)

TOLD = Reported(by=MEMBER)


def refusal(
    organisation: Organisation, stream: StreamId, act: Act, actor: PersonId | None, reported: Reported | None = None
) -> str:
    ruling = perform(organisation, stream, act, actor, reported=reported).ruling
    assert isinstance(ruling, Refused), ruling
    return ruling.code


def roles_of(organisation: Organisation, person: PersonId) -> tuple[str, ...]:
    return find_roles(organisation.facts(M1, fresh=True), organisation.governing(M1), person)


@pytest.mark.parametrize(
    "act",
    [
        OfficeFilled(office="custodian", person=CHAIR),
        MemberJoined(people=(OUTSIDER,)),
        RulebookAdopted(rulebook="mine", version="1", digest="f" * 64),
    ],
    ids=lambda act: type(act).__name__,
)
def test_what_the_organisation_does_about_itself_cannot_be_reported(matter: Organisation, act: Act) -> None:
    assert refusal(matter, ORGANISATION_STREAM, act, MEMBER, TOLD) == "act.not-reported"
    assert refusal(matter, ORGANISATION_STREAM, act, MEMBER) == "act.not-yours"


def test_reported_shredding_destroys_nothing(matter: Organisation) -> None:
    act = RecordShredded(scope="entry", entry=0, legal_basis="none", second=CHAIR)
    assert refusal(matter, M1, act, MEMBER, TOLD) == "act.not-reported"
    assert all(matter.open(one) for one in matter.ports.store.load(ORGANISATION, M1))


def test_reported_appointment_gives_nobody_a_part(matter: Organisation) -> None:
    for act in (
        CaseManagerAssigned(person=MEMBER),
        MatterAccepted(procedure="conduct", complainant=MEMBER, respondent=COMPLAINANT),
    ):
        assert perform(matter, M1, act, MEMBER, reported=TOLD)
    assert roles_of(matter, MEMBER) == ("member", "anyone")
    assert roles_of(matter, COMPLAINANT) == ("reporter", "complainant", "member", "anyone")
    assert refusal(matter, M1, MatterClosed(approved_by=CHAIR), MEMBER) == "act.not-yours"


def test_reported_closing_and_history_stop_nothing(matter: Organisation) -> None:
    assert perform(matter, M1, MatterClosed(approved_by=CHAIR), MEMBER, reported=TOLD)
    history = HistoryEntered(title="Mine", source="myself")
    assert refusal(matter, M1, history, MEMBER, TOLD) == "matter.begun"
    assert refusal(matter, M1, history, MANAGER) == "matter.begun"
    risk = RiskAssessed(point="during", person=COMPLAINANT, level="low", text="Looked at again.")
    assert perform(matter, M1, risk, MANAGER)
    assert matter.ports.store.matters(ORGANISATION)[0].closed_at is None


def test_reported_acceptance_leaves_the_governing_rules_alone(matter: Organisation) -> None:
    before = matter.governing(M1)
    assert perform(matter, M1, MatterAccepted(procedure="other"), MEMBER, reported=TOLD)
    assert matter.governing(M1) == before
    assert roles_of(matter, PersonId("panel-1")) == ("decider", "member", "anyone")


def test_report_lets_nobody_into_a_matter_that_is_begun(matter: Organisation) -> None:
    assert refusal(matter, M1, report(), OUTSIDER) == "matter.unknown"
    assert refusal(matter, M1, report(), None) == "matter.unknown"
    assert refusal(matter, M1, report(), MEMBER) == "matter.begun"
    assert roles_of(matter, MEMBER) == ("member", "anyone")
    with pytest.raises(UnknownMatterError):
        find_timeline(matter, M1, OUTSIDER)


def test_stranger_may_report_anew_and_hand_in_an_order(matter: Organisation) -> None:
    anonymous = ReportLodged(identity="anonymous", about="practice", text="It happens often.")
    assert perform(matter, M2, anonymous, None)
    order = ExternalOrderRecorded(source="court", text="Stop.")
    assert perform(matter, M1, order, OUTSIDER)
    assert refusal(matter, StreamId("m3"), order, OUTSIDER) == "matter.unknown"


def test_stranger_cannot_report_what_happened_in_a_matter(matter: Organisation) -> None:
    for act in (report(), ExternalOrderRecorded(source="court", text="Stop."), RetentionHeld(reasons="Mine.")):
        assert refusal(matter, M1, act, OUTSIDER, TOLD) == "matter.unknown"


def test_nobody_stands_down_for_somebody_else(matter: Organisation) -> None:
    do(matter, M1, PersonRecused(person=CUSTODIAN, roles=("custodian",)), RESPONDENT)
    do(matter, M1, PersonRecused(person=MANAGER, roles=("case-manager",)), RESPONDENT)
    assert "custodian" in roles_of(matter, CUSTODIAN)
    assert "case-manager" in roles_of(matter, MANAGER)
    do(matter, M1, PersonRecused(person=MANAGER, roles=("case-manager",)), MANAGER)
    assert "case-manager" not in roles_of(matter, MANAGER)


def test_whoever_is_said_to_have_done_something_is_not_shown_who_said_so(matter: Organisation) -> None:
    risk = RiskAssessed(point="during", person=COMPLAINANT, level="high", text="Threats were made.")
    assert perform(matter, M1, risk, COMPLAINANT, reported=Reported(by=RESPONDENT))
    assert "actor" not in find_timeline(matter, M1, RESPONDENT)[-1].claims
    assert "act.text" in find_timeline(matter, M1, COMPLAINANT)[-1].claims
