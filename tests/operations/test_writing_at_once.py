"""Several who write at once: each number once, nothing lost, and nothing ruled on an old read."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from alteram.core.acts import (
    CaseManagerAssigned,
    MatterClosed,
    OfficeFilled,
    RiskAssessed,
)
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, StreamId
from alteram.core.vault import encode_base64url
from alteram.operations.organisation import Organisation
from alteram.operations.perform import BusyError, perform
from alteram.operations.ports import StaleReadError
from tests.contract.places import in_processes, in_threads
from tests.operations.test_perform import claims, note, refused, stored
from tests.worlds import (
    CHAIR,
    COMPLAINANT,
    CUSTODIAN,
    M1,
    MANAGER,
    MEMBER,
    ORGANISATION,
    SECRETARY,
    START,
    Kind,
    World,
    check_log,
    do,
    open_world,
    report,
)


def test_act_allowed_by_an_old_fold_is_ruled_on_again(world: World, matter: Organisation) -> None:
    other = world.open()
    do(other, M1, note(), CUSTODIAN)  # both have the matter at hand now
    do(matter, M1, MatterClosed(approved_by=CHAIR), MANAGER)
    assert refused(perform(other, M1, CaseManagerAssigned(person=MEMBER), CUSTODIAN)).code == "matter.closed"
    assert stored(matter)[-1].seq == 4


def test_act_refused_by_an_old_fold_is_read_again_and_allowed(world: World, matter: Organisation) -> None:
    other = world.open()
    refused(perform(other, M1, RiskAssessed(point="during", person=MEMBER, level="low", text="x"), MEMBER))
    do(matter, M1, CaseManagerAssigned(person=MEMBER), CUSTODIAN)
    do(other, M1, RiskAssessed(point="during", person=MEMBER, level="low", text="x"), MEMBER)


def test_act_resting_on_an_office_that_was_filled_anew_is_ruled_on_again(world: World, matter: Organisation) -> None:
    other = world.open()
    do(other, M1, note(), CUSTODIAN)
    do(matter, ORGANISATION_STREAM, OfficeFilled(office="custodian", person=MEMBER), SECRETARY)
    assert refused(perform(other, M1, CaseManagerAssigned(person=CHAIR), CUSTODIAN)).code == "act.not-yours"
    do(other, M1, CaseManagerAssigned(person=CHAIR), MEMBER)
    reads = claims(matter, stored(matter)[-1].seq)["reads"]
    head = matter.ports.store.find_head(ORGANISATION, ORGANISATION_STREAM)
    assert head is not None
    assert reads == [[ORGANISATION_STREAM, head.seq]]


def test_clock_is_read_again_when_another_was_first(world: World, matter: Organisation) -> None:
    times = iter([START, START + timedelta(seconds=2)])
    slow = Organisation(replace(world.open().ports, clock=lambda: next(times)))
    slow.facts(M1)
    world.clock.pass_time(seconds=1)
    do(matter, M1, note("A second later."), CUSTODIAN)
    assert perform(slow, M1, note("Begun before, ruled on after."), CUSTODIAN)
    assert [one.at for one in stored(matter)][-2:] == [START + timedelta(seconds=1), START + timedelta(seconds=2)]


def test_nothing_is_recorded_when_others_never_stop_writing(world: World, matter: Organisation) -> None:
    world.open()
    busy = Organisation(replace(matter.ports, store=cast("Any", _NeverFirst(matter.ports.store))))
    before = stored(matter)
    with pytest.raises(BusyError):
        perform(busy, M1, note(), CUSTODIAN)
    assert stored(matter) == before


class _NeverFirst:
    """A store in which somebody else always wrote first."""

    def __init__(self, store: object) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def append(self, *_: object) -> None:
        raise StaleReadError("Somebody else was first.")


def write_in_turn(organisation: Organisation, stream: StreamId, count: int, name: str) -> list[tuple[int, str]]:
    """Perform `count` acts among others, again whenever they kept writing; return what was acknowledged."""
    given: list[tuple[int, str]] = []
    while len(given) < count:
        try:
            done = perform(organisation, stream, note(f"{name}-{len(given)}"), CUSTODIAN)
        except BusyError:
            continue
        assert done.seq is not None
        assert done.leaf_hash is not None
        given.append((done.seq, done.leaf_hash.hex()))
    return given


def write_in_process(kind: Kind, folder: str, url: str, name: str) -> list[tuple[int, str]]:
    """Open the organisation in a process of its own and write into the matter."""
    with open_world(kind, Path(folder), url=url, seed=name) as world:
        return write_in_turn(world.open(), M1, 12, name)


def check_all_there(organisation: Organisation, given: list[list[tuple[int, str]]], begun: int) -> None:
    acknowledged = sorted(one for each in given for one in each)
    assert [seq for seq, _ in acknowledged] == list(range(begun, begun + len(acknowledged)))
    assert [(one.seq, one.leaf_hash.hex()) for one in stored(organisation)][begun:] == acknowledged
    named = [claims(organisation, seq)["prev"] for seq in range(begun + len(acknowledged))]
    assert named[1:] == [encode_base64url(one.leaf_hash) for one in stored(organisation)[:-1]]


def test_threads_writing_at_once_get_each_number_once_and_lose_nothing(world: World, matter: Organisation) -> None:
    arguments = [(world.open(), M1, 12, f"thread-{number}") for number in range(4)]
    given = in_threads(write_in_turn, arguments)
    check_all_there(matter, given, 3)


@pytest.mark.parametrize("world", ["sqlite", "postgresql"], indirect=True)
def test_processes_writing_at_once_get_each_number_once_and_lose_nothing(world: World, matter: Organisation) -> None:
    arguments = [(world.kind, str(world.folder), world.url, f"process-{number}") for number in range(3)]
    given = in_processes(write_in_process, arguments)
    check_all_there(matter, given, 3)
    integrator = world.integrator(matter)
    integrator.run()
    check_log(matter.ports, {(M1, seq): bytes.fromhex(leaf_hash) for each in given for seq, leaf_hash in each})


def test_matters_begun_at_once_under_one_name_are_one(world: World, organisation: Organisation) -> None:
    openers = [world.open() for _ in range(4)]
    rulings = in_threads(lambda one: perform(one, M1, report(), COMPLAINANT), [(one,) for one in openers])
    assert sorted(bool(one) for one in rulings) == [False, False, False, True]
    assert len(stored(organisation)) == 1
