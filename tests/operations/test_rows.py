"""What lists show after acts entered many at a time is what they would show after one at a time."""

from alteram.core.acts import CaseManagerAssigned, CompanionNamed, InterestDeclared, MatterAccepted, PartyJoined
from alteram.core.kernel.identifiers import StreamId
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform, perform_many
from alteram.operations.ports import MatterRow, PartyRow
from alteram.operations.read_tables import rebuild
from alteram.operations.recording import Proposal
from tests.worlds import COMPLAINANT, CUSTODIAN, M1, M2, MANAGER, MEMBER, ORGANISATION, RESPONDENT, report


def matter_acts(stream: StreamId) -> list[Proposal]:
    """A matter whose parties change early, in the middle, and not at its end."""
    return [
        Proposal(stream, report(), COMPLAINANT),
        Proposal(stream, CaseManagerAssigned(person=MANAGER), CUSTODIAN),
        Proposal(stream, InterestDeclared(nature="none"), MANAGER),
        Proposal(stream, MatterAccepted(procedure="conduct", complainant=COMPLAINANT, respondent=RESPONDENT), MANAGER),
        Proposal(stream, PartyJoined(person=MEMBER, role="witness"), MANAGER),
        Proposal(stream, CompanionNamed(person=MEMBER, for_person=RESPONDENT, kind="companion"), RESPONDENT),
        Proposal(stream, InterestDeclared(nature="none"), MANAGER),
    ]


def rows(organisation: Organisation) -> tuple[tuple[MatterRow, ...], tuple[PartyRow, ...]]:
    return organisation.ports.store.dump_read_tables(ORGANISATION)


def test_rows_after_many_acts_in_turns_are_those_of_a_rebuild(organisation: Organisation) -> None:
    turns = [one for pair in zip(matter_acts(M1), matter_acts(M2), strict=True) for one in pair]
    assert all(perform_many(organisation, turns))
    found = rows(organisation)
    assert {row.stream: row.last_seq for row in found[0]} == {M1: 6, M2: 6}
    # Complainant, reporter, case manager, respondent, witness and companion, in each.
    assert len(found[1]) == 12
    assert rebuild(organisation).differing == 0


def test_matter_entered_at_once_stands_as_one_entered_act_by_act(organisation: Organisation) -> None:
    assert all(perform_many(organisation, matter_acts(M1)))
    for one in matter_acts(M2):
        assert perform(organisation, one.stream, one.act, one.actor)
    matters, parties = rows(organisation)
    at_once, one_by_one = ([(row.procedure, row.stage, row.last_seq) for row in matters if row.stream == name]
                           for name in (M1, M2))  # fmt: skip
    assert at_once == one_by_one
    played = {
        name: {(row.person, row.role, row.since_seq) for row in parties if row.stream == name} for name in (M1, M2)
    }
    assert played[M1] == played[M2]
