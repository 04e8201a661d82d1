"""Exports hold the checkpoints that bound their entries, and no others, with the signatures needed and no more."""

from dataclasses import replace

import pytest

from alteram.core.acts import InterestDeclared
from alteram.core.record import Bound
from alteram.core.tlog import Note, Policy, parse_checkpoint, parse_note_unverified
from alteram.core.tlog.note import SignatureLine
from alteram.operations.bounding import keep_what_bounds
from alteram.operations.organisation import Organisation
from conformance.verify_export import verify as verify_again
from tests.exports import LOG_KEYS, POLICY, WITNESSES, build_part, members_of
from tests.worlds import (
    CUSTODIAN,
    M1,
    ORGANISATION,
    ORIGIN,
    World,
    begin_matter,
    do,
    export,
    found_small_body,
    verify,
)

WITNESS = ("witness.example",)


def act(organisation: Organisation, text: str) -> None:
    do(organisation, M1, InterestDeclared(nature="none", text=text), CUSTODIAN)


def publish_at(world: World, organisation: Organisation, at: int) -> int:
    """Put all that waits into the log, have it cosigned at a time, and return its size."""
    world.witness.timestamp = at
    world.publish(organisation)
    return size_of(organisation)


def size_of(organisation: Organisation) -> int:
    published = organisation.ports.tiles.find_checkpoint()
    assert published is not None
    return parse_checkpoint(parse_note_unverified(published).text).size


def older(data: bytes) -> dict[int, bytes]:
    """Return the older checkpoints in an export."""
    members = members_of(data)
    names = [name for name in members if name.startswith("checkpoints/") and not name.endswith(".consistency")]
    assert {f"{name}.consistency" for name in names} == {name for name in members if name.endswith(".consistency")}
    return {int(name.removeprefix("checkpoints/")): members[name] for name in names}


def bounds(organisation: Organisation, data: bytes) -> list[tuple[int | None, int | None]]:
    """Return between which times each entry of the matter was recorded, as both verifiers say and the witness told."""
    times = verify(organisation, data).streams[0].times
    sides = [one.bounds.not_before for one in times] + [one.bounds.not_after for one in times]
    assert {one.by for one in sides if one is not None and one.witnessed} <= {WITNESS}
    found = [(seconds(one.bounds.not_before), seconds(one.bounds.not_after)) for one in times]
    again = verify_again(data, None).streams[0].times
    assert found == [(one.not_before and one.not_before.time, one.not_after and one.not_after.time) for one in again]
    return found


def seconds(bound: Bound | None) -> int | None:
    return None if bound is None else bound.at


def test_each_entry_is_bounded_by_the_checkpoint_before_it_and_the_one_after(
    world: World, matter: Organisation
) -> None:
    first = publish_at(world, matter, 1000)
    act(matter, "First.")
    second = publish_at(world, matter, 2000)
    act(matter, "Second.")
    publish_at(world, matter, 3000)
    data = export(matter, M1)
    assert bounds(matter, data) == [(None, 1000)] * 3 + [(1000, 2000), (2000, 3000)]
    assert list(older(data)) == [first, second]


def test_entries_that_were_published_together_share_their_checkpoints(world: World, matter: Organisation) -> None:
    first = publish_at(world, matter, 1000)
    for text in ("First.", "Second.", "Third."):
        act(matter, text)
    last = publish_at(world, matter, 2000)
    publish_more(world, matter, 5000)
    data = export(matter, M1)
    assert bounds(matter, data)[3:] == [(1000, 2000)] * 3
    assert list(older(data)) == [first, last]


def publish_more(world: World, organisation: Organisation, at: int) -> None:
    """Let the log grow by something that is in no export of a matter."""
    organisation.ports.store.append_statement(ORGANISATION, b'\x03{"statement":"later"}')
    publish_at(world, organisation, at)


def test_checkpoint_that_nobody_cosigned_gives_way_to_the_next_that_was(world: World, matter: Organisation) -> None:
    first = publish_at(world, matter, 1000)
    integrator = world.integrator(matter)
    act(matter, "First.")
    integrator.run()
    unwitnessed = size_of(matter)
    act(matter, "Second.")
    integrator.run()
    second = publish_at(world, matter, 2000)
    publish_more(world, matter, 3000)
    data = export(matter, M1)
    assert bounds(matter, data)[3:] == [(1000, 2000), (1000, 2000)]
    assert list(older(data)) == [first, second]
    assert matter.ports.store.checkpoint_at(ORGANISATION, ORIGIN, unwitnessed) is not None


def test_process_that_begins_before_a_witness_has_answered_has_seen_the_one_before(
    world: World, matter: Organisation
) -> None:
    first = publish_at(world, matter, 1000)
    act(matter, "First.")
    world.integrator(matter).run()
    other = world.open()
    act(other, "Second.")
    publish_at(world, other, 2000)
    data = export(other, M1)
    assert bounds(other, data)[3:] == [(1000, 2000), (1000, 2000)]
    assert list(older(data)) == [first]


def test_export_of_a_viewer_is_bounded_as_the_whole_is_from_above(world: World, matter: Organisation) -> None:
    publish_at(world, matter, 1000)
    act(matter, "First.")
    publish_at(world, matter, 2000)
    whole = bounds(matter, export(matter, M1))
    seen = bounds(matter, export(matter, M1, viewer=CUSTODIAN))
    assert [one[1] for one in seen] == [one[1] for one in whole]


def test_entry_recorded_before_any_checkpoint_has_seen_none(world: World, matter: Organisation) -> None:
    publish_at(world, matter, 1000)
    data = export(matter, M1)
    assert bounds(matter, data) == [(None, 1000)] * 3
    assert older(data) == {}


def test_head_of_the_empty_log_is_not_taken_along(world: World) -> None:
    organisation = world.open()
    assert publish_at(world, organisation, 1000) == 0
    found_small_body(organisation)
    begin_matter(organisation)
    publish_at(world, organisation, 2000)
    assert bounds(organisation, export(organisation, M1)) == [(None, 2000)] * 3


def test_earlier_cosignature_on_the_newest_checkpoint_is_the_one_that_bounds(
    world: World, matter: Organisation
) -> None:
    size = publish_at(world, matter, 1000)
    again = matter.ports.store.checkpoint_at(ORGANISATION, ORIGIN, size)
    assert again is not None
    world.witness.timestamp = 9000
    resigned = world.witness.cosign(Note(again.text, tuple(one for one in again.lines if one.name == ORIGIN))).note
    matter.ports.tiles.put_checkpoint(resigned.encode().encode())
    data = export(matter, M1)
    assert list(older(data)) == [size]
    assert members_of(data)[f"checkpoints/{size:016d}.consistency"] == b""
    assert bounds(matter, data) == [(None, 1000)] * 3
    assert ("witness.example", 9000) in verify(matter, data).signers


def test_older_checkpoints_are_small(world: World, matter: Organisation) -> None:
    publish_at(world, matter, 1000)
    act(matter, "First.")
    publish_at(world, matter, 2000)
    (note,) = older(export(matter, M1)).values()
    assert len(note) < 600


# -- which signatures are kept


def kept(note: Note, policy: Policy = POLICY) -> list[str]:
    found = keep_what_bounds(note, policy)
    return [] if found is None else [describe(line) for line in found.lines]


def describe(line: SignatureLine) -> str:
    types = {(key.name, key.key_id): key.type for key in POLICY.keys}
    who = "log" if line.name == LOG_KEYS[0].name else "witness"
    return f"{who} {types[line.name, line.key_id]}"


def note_by(*signers: int | str) -> Note:
    """Return a checkpoint signed by the log (its types), and witnesses (their letters)."""
    keys = {1: LOG_KEYS[0], 6: LOG_KEYS[1], "a": WITNESSES[0], "b": WITNESSES[1]}
    return build_part().log.older(5, signers=[keys[one] for one in signers])


ANY = replace(POLICY, groups=(replace(POLICY.groups[0], threshold=1),))
NOBODY = replace(POLICY, witnesses=(), groups=(), quorum="none")


@pytest.mark.parametrize(
    ("note", "policy", "expected"),
    [
        pytest.param((1, 6, "a", "b"), POLICY, ["log 1", "witness 4", "witness 6"], id="both needed"),
        pytest.param((1, 6, "a", "b"), ANY, ["log 1", "witness 4"], id="the small one is enough"),
        pytest.param((1, 6, "b"), ANY, ["log 1", "witness 6"], id="only the large one is there"),
        pytest.param((6, "a"), ANY, ["log 6", "witness 4"], id="the log signs only large"),
        pytest.param((1, 6, "a"), POLICY, ["log 1", "log 6", "witness 4"], id="short of the quorum"),
        pytest.param((1, 6, "b"), POLICY, ["log 1", "log 6"], id="short of the quorum, large"),
        pytest.param((1, 6), NOBODY, ["log 1", "log 6"], id="the log alone"),
        pytest.param((1, 6, "a"), NOBODY, ["log 1", "log 6"], id="by nobody the policy knows"),
        pytest.param((1,), NOBODY, [], id="no time"),
        pytest.param((1,), POLICY, [], id="no time, and witnesses asked for"),
    ],
)
def test_signatures_that_the_time_rests_on_are_kept(
    note: tuple[int | str, ...], policy: Policy, expected: list[str]
) -> None:
    assert kept(note_by(*note), policy) == expected
