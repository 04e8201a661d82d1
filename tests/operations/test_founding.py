"""A founding that is cut short, at any write and before or after it took effect: it goes on, and nothing is twice."""

from collections.abc import Mapping, Sequence

import pytest

from alteram.core.acts import BodyConstituted, KeyEnrolled, MemberJoined, OfficeFilled, OrganisationFounded
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.vault import parse_statement_leaf
from alteram.core.vault.leaves import PUBLIC
from alteram.operations.founding import FoundingError, found
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform_as_read
from alteram.operations.ports import StaleReadError
from alteram.operations.recording import Proposal
from alteram.operations.rulebooks import adopt_rulebook
from tests.contract.places import in_threads
from tests.operations.test_perform import note
from tests.worlds import (
    CHAIR,
    CUSTODIAN,
    M1,
    MEMBER,
    OFFICES,
    ORGANISATION,
    OUTSIDER,
    PANEL,
    RULES,
    SECRETARY,
    InjectedError,
    Mode,
    World,
    do,
)

ACT = OrganisationFounded(name="A small body", kind="club", jurisdiction="nz", time_zone="UTC", secretary=SECRETARY)
#: So many that their keys are enrolled in a second transaction.
MANY = tuple(PersonId(f"m{number:03}") for number in range(300))
WRITES = ["store.append_statement", "keys.create_stream_key", "store.append"]


def found_many(
    organisation: Organisation,
    members: Sequence[PersonId] = MANY,
    offices: Mapping[str, PersonId] = OFFICES,
    act: OrganisationFounded = ACT,
) -> None:
    found(organisation, act, members=members, offices=offices, bodies={"panel": PANEL})


def check_founded_once(world: World, members: Sequence[PersonId] = MANY) -> None:
    organisation = world.open()
    world.integrator(organisation).run()
    ports = organisation.ports
    leaves = ports.store.leaves(ORGANISATION, 0, 10_000)
    statements = [parse_statement_leaf(one.leaf) for one in leaves if one.leaf[:1] == PUBLIC]
    assert [one["kid"] for one in statements] == [ports.signers.record_key(ORGANISATION).kid]
    assert leaves[0].stream is None  # the key comes before whatever it signs
    facts = organisation.state(ORGANISATION_STREAM, fresh=True).facts
    counts = [len(facts.all(kind)) for kind in (OrganisationFounded, MemberJoined, OfficeFilled, BodyConstituted)]
    assert counts == [1, 1, len(OFFICES), 1]
    people = [one.act.person for one in facts.all(KeyEnrolled)]
    assert len(people) == len(set(people))
    assert set(people) == {SECRETARY, *members, *OFFICES.values(), *PANEL}


@pytest.mark.parametrize("integrated", [False, True])
@pytest.mark.parametrize("mode", ["not applied", "applied"])
@pytest.mark.parametrize(("write", "skip"), [*((one, 0) for one in WRITES), ("store.append", 1)])
def test_founding_cut_short_at_a_write_goes_on_and_nothing_is_twice(
    world: World, write: str, skip: int, mode: Mode, *, integrated: bool
) -> None:
    world.faults.arm(write, mode, skip=skip)
    with pytest.raises(InjectedError):
        found_many(world.open())
    world.faults.disarm()
    if integrated:
        world.integrator().run()
    found_many(world.open())
    check_founded_once(world)


def test_founding_done_again_in_the_same_words_changes_nothing(world: World) -> None:
    for _ in range(2):
        found_many(world.open())
    check_founded_once(world)


def test_foundings_at_once_in_the_same_words_are_one(world: World) -> None:
    in_threads(lambda one: found_many(one, (MEMBER,)), [(world.open(),) for _ in range(4)])
    check_founded_once(world, (MEMBER,))


@pytest.mark.parametrize(
    "others",
    [
        {"members": MANY[1:]},
        {"offices": {**OFFICES, "chair": MEMBER}},
        {"act": OrganisationFounded(**{**{name: getattr(ACT, name) for name in ACT.__struct_fields__}, "name": "X"})},
    ],
)
def test_founding_cut_short_does_not_go_on_in_other_words(world: World, others: dict[str, object]) -> None:
    world.faults.arm("store.append", "not applied", skip=1)
    with pytest.raises(InjectedError):
        found_many(world.open())
    world.faults.disarm()
    with pytest.raises(FoundingError, match="founded already"):
        found_many(world.open(), **others)  # type: ignore[arg-type] # passed through as they are
    found_many(world.open())
    check_founded_once(world)


def test_organisation_at_work_is_not_founded_again_in_the_same_words_either(world: World) -> None:
    organisation = world.open()
    found_many(organisation, (CHAIR,))
    assert adopt_rulebook(organisation, RULES, SECRETARY)
    with pytest.raises(FoundingError, match="founded already"):
        found_many(world.open(), (CHAIR,))
    check_founded_once(world, (CHAIR,))


def test_of_acts_performed_as_read_none_is_recorded_where_one_is_refused(matter: Organisation) -> None:
    proposals = [Proposal(M1, note(), who) for who in (CUSTODIAN, OUTSIDER, CUSTODIAN)]
    done = list(perform_as_read(matter, proposals))
    assert [(bool(one), isinstance(one.ruling, Refused)) for one in done] == [
        (False, False),
        (False, True),
        (False, False),
    ]
    assert matter.state(M1, fresh=True).facts.head_seq == 2
    assert all(perform_as_read(matter, proposals[::2]))
    assert matter.state(M1, fresh=True).facts.head_seq == 4


def test_acts_performed_as_read_are_not_ruled_on_again_when_something_moved(world: World, matter: Organisation) -> None:
    do(world.open(), M1, note("Somebody was first."), CUSTODIAN)
    with pytest.raises(StaleReadError):
        list(perform_as_read(matter, [Proposal(M1, note(), CUSTODIAN)]))
    assert matter.state(M1, fresh=True).facts.head_seq == 3
    assert all(perform_as_read(matter, [Proposal(M1, note(), CUSTODIAN)]))
