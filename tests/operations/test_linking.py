"""Linked matters: who may link them, and what a ruling in one reads of the other."""

from alteram.core.acts import (
    CaseManagerAssigned,
    MattersLinked,
    PartyJoined,
)
from alteram.core.kernel.identifiers import StreamId
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform
from tests.operations.test_perform import claims, note, refused
from tests.worlds import (
    COMPLAINANT,
    CUSTODIAN,
    M1,
    M2,
    MANAGER,
    MEMBER,
    ORGANISATION,
    World,
    begin_matter,
    do,
    report,
)


def test_linking_needs_charge_of_both_and_is_seen_from_both(matter: Organisation) -> None:
    do(matter, M2, report(), COMPLAINANT)
    do(matter, M2, CaseManagerAssigned(person=MEMBER), CUSTODIAN)
    act = MattersLinked(other=M2, why="same-people")
    ruling = refused(perform(matter, M1, act, MANAGER))  # who manages the first only
    assert ruling.code == "matter.not-yours"
    nowhere = refused(perform(matter, M1, MattersLinked(other=StreamId("m9"), why="same-people"), MANAGER))
    assert nowhere == ruling
    do(matter, M1, act, CUSTODIAN)
    assert claims(matter, 2, M2)["act.other"] == M1
    assert [one.stream for one in matter.facts(M1).linked] == [M2]
    assert [one.stream for one in matter.facts(M2).linked] == [M1]
    assert MEMBER in matter.facts(M1).linked[0].holders("case-manager")


def test_linking_twice_is_mirrored_once(matter: Organisation) -> None:
    begin_matter(matter, M2)
    for _ in range(2):
        do(matter, M1, MattersLinked(other=M2, why="same-people"), CUSTODIAN)
    assert len(matter.facts(M2).matter.all(MattersLinked)) == 1
    do(matter, M2, MattersLinked(other=M1, why="same-facts"), CUSTODIAN)
    assert len(matter.facts(M1).matter.all(MattersLinked)) == 2


def test_ruling_in_a_linked_matter_reads_the_other_and_is_stale_when_that_moves(
    world: World, matter: Organisation
) -> None:
    begin_matter(matter, M2)
    do(matter, M1, MattersLinked(other=M2, why="same-people"), CUSTODIAN)
    other = world.open()
    do(other, M1, note(), CUSTODIAN)
    do(matter, M2, PartyJoined(person=MEMBER, role="witness"), MANAGER)
    done = do(other, M1, note(), CUSTODIAN)
    assert done.seq is not None
    reads = claims(matter, done.seq)["reads"]
    head = matter.ports.store.find_head(ORGANISATION, M2)
    assert head is not None
    assert isinstance(reads, list)
    assert [M2, head.seq] in reads
    assert MEMBER in other.facts(M1).linked[0].holders("witness")
