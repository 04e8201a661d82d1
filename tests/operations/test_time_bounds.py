"""Entries looked at here are bounded in time as their export proves it, and by nothing that does not verify."""

from dataclasses import replace
from typing import Any

from alteram.core.acts import RiskAssessed
from alteram.core.kernel.identifiers import PersonId
from alteram.core.record import Bound
from alteram.core.tlog import Note
from alteram.operations.entries import enter, find_entry
from alteram.operations.organisation import Organisation
from alteram.operations.proofs import EntryProof, find_proof
from alteram.operations.questions import find_timeline
from alteram.operations.time_bounds import find_time_bounds
from tests.operations.test_bounding import WITNESS, act, bounds, publish_at, seconds
from tests.worlds import COMPLAINANT, CUSTODIAN, M1, MANAGER, MEMBER, World, do, export


def bounds_here(organisation: Organisation, viewer: PersonId = CUSTODIAN) -> dict[int, tuple[int | None, int | None]]:
    found = find_time_bounds(organisation, M1, find_timeline(organisation, M1, viewer))
    return {seq: (seconds(one.not_before), seconds(one.not_after)) for seq, one in found.items()}


def test_entries_are_bounded_as_their_export_proves(world: World, matter: Organisation) -> None:
    assert bounds_here(matter) == {}
    publish_at(world, matter, 1000)
    act(matter, "First.")
    publish_at(world, matter, 2000)
    act(matter, "Second.")
    assert bounds_here(matter) == {0: (None, 1000), 1: (None, 1000), 2: (None, 1000), 3: (1000, 2000)}
    publish_at(world, matter, 3000)
    assert [bounds_here(matter)[seq] for seq in range(5)] == bounds(matter, export(matter, M1))
    assert bounds_here(matter)[4] == (2000, 3000)


def test_checkpoint_that_no_witness_cosigned_bounds_by_the_word_of_the_log_alone(
    world: World, matter: Organisation
) -> None:
    world.integrator(matter).run()
    timeline = find_timeline(matter, M1, CUSTODIAN)
    last = find_time_bounds(matter, M1, timeline)[0].not_after
    assert last is not None
    assert (last.witnessed, last.who) == (False, "the log alone")
    publish_at(world, matter, 2000)
    assert find_time_bounds(matter, M1, timeline)[0].not_after == Bound(2000, WITNESS, witnessed=True)


def test_checkpoint_whose_signature_was_changed_bounds_nothing(world: World, matter: Organisation) -> None:
    publish_at(world, matter, 1000)
    act(matter, "First.")
    publish_at(world, matter, 2000)

    class Changed:
        """A store that gives checkpoints with their signatures changed."""

        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        def checkpoint_at(self, *arguments: Any) -> Note | None:
            return change(store.checkpoint_at(*arguments))

        def first_checkpoint_covering(self, *arguments: Any, witnessed: bool = False) -> Note | None:
            return change(store.first_checkpoint_covering(*arguments, witnessed=witnessed))

    def change(note: Note | None) -> Note | None:
        if note is None:
            return None
        return Note(note.text, tuple(replace(one, signature=bytes(len(one.signature))) for one in note.lines))

    store = matter.ports.store
    changed: Any = Changed()
    matter.ports = replace(matter.ports, store=changed)
    assert bounds_here(matter) == dict.fromkeys(range(4), (None, None))
    entered = enter(matter, M1, CUSTODIAN)
    proof = find_proof(entered, find_entry(entered, 3).entry)
    assert proof.index is not None
    assert proof == EntryProof(proof.index, matter.ports.origin)


def test_proof_of_an_entry_says_the_same_and_who_cosigned(world: World, matter: Organisation) -> None:
    publish_at(world, matter, 1000)
    act(matter, "First.")
    publish_at(world, matter, 2000)
    entered = enter(matter, M1, CUSTODIAN)
    proof = find_proof(entered, find_entry(entered, 3).entry)
    assert proof.bounds == find_time_bounds(matter, M1, find_timeline(matter, M1, CUSTODIAN))[3]
    assert proof.size == matter.ports.store.size(matter.ports.organisation)
    assert tuple(one.name for one in proof.witnesses) == tuple(one.name for one in matter.ports.policy.witnesses) != ()


def test_whoever_sees_that_an_entry_is_there_sees_its_bounds_and_no_other_entry(
    world: World, matter: Organisation
) -> None:
    publish_at(world, matter, 1000)
    do(matter, M1, RiskAssessed(point="during", person=MEMBER, level="low", text="Nothing to fear."), MANAGER)
    publish_at(world, matter, 2000)
    assert bounds_here(matter, COMPLAINANT)[3] == (1000, 2000)
    assert "act.text" not in find_timeline(matter, M1, COMPLAINANT)[3].claims
