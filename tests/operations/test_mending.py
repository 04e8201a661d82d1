"""The plan for everything, done through the one door in a store: each act is allowed, and the assessment changes so.

The night before is recorded as if it had happened here, by people whose rules let it be; the rules that are in force
from then on are those of the caucus, and everything that mends it is ruled on by them.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from alteram.adapters.rulebooks import load_history, load_pack, load_rulebook
from alteram.core.acts import MattersLinked, RulebookAdopted
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.kernel.outcomes import Allowed, Refused
from alteram.core.rules import Assessment, Cures, assess
from alteram.core.rules.curing.searching import is_mended
from alteram.core.rules.curing.series import PACE
from alteram.operations.curing import plan_matter
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform
from alteram.operations.recording import Batch, Proposal
from alteram.operations.rulebooks import adopt_rulebook
from tests.worlds import World, open_world

HISTORY = load_history("the-night-before")
RULEBOOK = load_rulebook(HISTORY.rulebook)


def record(organisation: Organisation, stream: StreamId, act: Act, actor: PersonId, at: datetime) -> None:
    """Record an act that nothing ruled on."""
    batch, proposal = Batch(organisation, at, fresh=True), Proposal(stream, act, actor)
    batch.add(proposal, batch.build_event(batch.facts(stream), proposal), Allowed("as it was"))
    batch.store()


def tell_night(world: World) -> Organisation:
    """Return an organisation in which the night before happened."""
    organisation = world.open()
    for event in HISTORY.organisation:
        if not isinstance(event.act, RulebookAdopted):
            record(organisation, ORGANISATION_STREAM, event.act, event.recorded_by, event.recorded_at)
    packs = [load_pack(one.id) for one in RULEBOOK.builds_on]
    began, secretary = HISTORY.organisation[-1].recorded_at, HISTORY.organisation[-1].recorded_by
    assert adopt_rulebook(organisation, RULEBOOK, secretary, packs=packs, now=began)
    last = dict.fromkeys(HISTORY.matters, began)
    # Links last: a matter is there to be linked to once it has begun.
    told = [(stream, event) for stream, events in HISTORY.matters.items() for event in events if event.reported]
    for stream, event in sorted(told, key=lambda one: isinstance(one[1].act, MattersLinked)):
        assert event.reported is not None
        last[stream] = max(last[stream], event.reported.first or event.reported.last or began)
        record(organisation, stream, event.act, event.reported.by or event.recorded_by, last[stream])
    return organisation


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world("sqlite", tmp_path) as world:
        yield world


@pytest.fixture
def night(world: World) -> Organisation:
    return tell_night(world)


def look(organisation: Organisation, stream: StreamId, now: datetime) -> Assessment:
    return assess(organisation.facts(stream, fresh=True), organisation.governing(stream), now)


def find_failed(assessment: Assessment) -> set[str]:
    return {one.demand.id for one in assessment.requirements if one.finding.result == "FAIL"}


def perform_all(world: World, organisation: Organisation, stream: StreamId, cures: Cures) -> datetime:
    """Do every step of the plan for everything at its time; return when it is done."""
    for step in (one.step for one in cures.combined):
        world.clock.now = step.at
        where = ORGANISATION_STREAM if step.is_organisational else stream
        done = perform(organisation, where, step.act, step.actor)
        assert not isinstance(done.ruling, Refused), (step.name, done.ruling)
        assert done.seq == step.seq
    return cures.combined[-1].step.at + PACE


@pytest.mark.parametrize("stream", list(HISTORY.matters))
def test_whole_plan_done_in_the_store_mends_all_that_it_says_and_spoils_nothing(
    world: World, night: Organisation, stream: StreamId
) -> None:
    world.clock.now = HISTORY.assessed_at
    before = look(night, stream, world.clock.now)
    cures = plan_matter(night, stream)
    mended = {name for one in cures.combined for name in one.mends}
    assert len(mended & find_failed(before)) >= 3
    ended = perform_all(world, night, stream, cures)
    after = look(world.open(), stream, ended)
    assert [name for name in sorted(mended) if not is_mended(after.get(name))] == []
    assert find_failed(after) <= find_failed(before) & set(cures.left)
    assert plan_left(night, stream, ended).isdisjoint(mended)


def plan_left(organisation: Organisation, stream: StreamId, now: datetime) -> set[str]:
    """Return what still fails or is open once everything was done."""
    found = look(organisation, stream, now).requirements
    return {one.demand.id for one in found if one.finding.entries and one.finding.result in {"FAIL", "UNKNOWN"}}
