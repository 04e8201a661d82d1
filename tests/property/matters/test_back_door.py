"""Reported events are no back door: whatever is reported, no requirement comes to be met by it.

A matter done here under the caucus rulebook, drawn at random, is assessed with and without events that somebody reports
of it. Whoever a requirement protects has not agreed to them, and nobody has found or ruled on them: then none of it may
be a PASS, nor count as ruled on, that was not so before. What such an event may do is cast doubt.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from alteram.adapters.rulebooks import load_pack, load_rulebook
from alteram.core.acts import (
    AppealDecided,
    AppealLodged,
    CaseManagerAssigned,
    CommandRecorded,
    CorrectionMade,
    FactAgreed,
    FactDenied,
    FactFound,
    HistoryEntered,
    MatterAccepted,
    MemberJoined,
    OfficeFilled,
    OrganisationFounded,
    ReportLodged,
    RulingMade,
    all_specs,
)
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.matters import AnyEvent, Facts, StreamFacts, WithheldEntry, fold_events
from alteram.core.rules.assess import examine
from alteram.core.rules.capacities import find_role_holders
from alteram.core.rules.requirements import get_requirement
from alteram.core.rules.rulebook import Demand
from tests.act_strategies import PEOPLE, acts, standings
from tests.property.matters.streams import START, build_one

CAUCUS = load_rulebook("caucus")
PACKS = tuple(load_pack(name) for name in ("nz-incorporated-societies-2022-sch2", "ronr-discipline"))
DEMANDS: tuple[Demand, ...] = (*CAUCUS.demands, *(demand for pack in PACKS for demand in pack.demands))
NOW = START + timedelta(days=60)
COMPLAINANT, RESPONDENT, CHAIR = PersonId("complainant"), PersonId("respondent"), PersonId("chair")
MANAGER, TELLER = PersonId("m05"), PersonId("m06")
MATTER_ACTS = tuple(one for one in all_specs() if one.stream == "matter" and one.type is not HistoryEntered)
everybody = st.sampled_from(PEOPLE).map(PersonId)
done = st.tuples(acts(*MATTER_ACTS), everybody)
tellers = st.sampled_from([TELLER, PersonId("x-1"), MANAGER, CHAIR])
told = st.tuples(acts(*MATTER_ACTS), tellers, standings())
BEGINNING: tuple[tuple[Act, PersonId], ...] = (
    (ReportLodged(identity="named", about="person", text="So.", people=(RESPONDENT,)), COMPLAINANT),
    (CaseManagerAssigned(person=MANAGER), CHAIR),
    (MatterAccepted(procedure="conduct-complaint", complainant=COMPLAINANT, respondent=RESPONDENT), MANAGER),
)


@cache
def organisation() -> StreamFacts:
    joined: tuple[Act, ...] = (
        OrganisationFounded(name="A", kind="caucus", jurisdiction="nz", time_zone="UTC", secretary=CHAIR),
        MemberJoined(people=tuple(PersonId(one) for one in PEOPLE if one != "x-1")),
        OfficeFilled(office="chair", person=CHAIR),
        CommandRecorded(superior=CHAIR, people=(COMPLAINANT, RESPONDENT)),
    )
    events = [build_one(act, CHAIR, None, seq) for seq, act in enumerate(joined)]
    return fold_events(StreamFacts.empty(ORGANISATION_STREAM), events)


def facts_of(events: Sequence[AnyEvent | WithheldEntry]) -> Facts:
    return Facts(organisation(), fold_events(StreamFacts.empty(StreamId("m1")), events))


def build(before: Sequence[Any], reported: Sequence[Any], after: Sequence[Any]) -> tuple[list[AnyEvent], set[int]]:
    """Return every event, and which entries were reported."""
    entries = [
        *((act, actor, None) for act, actor in (*BEGINNING, *before)),
        *reported,
        *((act, actor, None) for act, actor in after),
    ]
    first = len(BEGINNING) + len(before)
    events = [build_one(act, actor, standing, seq) for seq, (act, actor, standing) in enumerate(entries)]
    return events, set(range(first, first + len(reported)))


def says_of(event: AnyEvent) -> set[int]:
    """Return the entries that a live act agrees to, finds, corrects or rules on."""
    match event.act:
        case FactAgreed(event=seq) | FactDenied(event=seq) | FactFound(event=seq) | CorrectionMade(entry=seq):
            return {seq}
        case RulingMade(about=about):
            return set(about)
        case _:
            return set()


def check(
    before: Sequence[Any], reported: Sequence[Any], after: Sequence[Any], *, demands: Sequence[Demand] = DEMANDS
) -> None:
    events, doors = build(before, reported, after)
    assume(not any(says_of(one) & doors for one in events if one.live))
    with_it, without = facts_of(events), facts_of([one for one in events if one.seq not in doors])
    tellers = {actor for _, actor, _ in reported}
    for demand in demands:
        then, now = (examine(demand, facts, CAUCUS, NOW).result for facts in (without, with_it))
        if then in {"FAIL", "UNKNOWN"} and not tellers & find_role_holders(with_it, CAUCUS, demand.protects):
            assert now in {"FAIL", "UNKNOWN"}, (demand.id, examine(demand, with_it, CAUCUS, NOW))


@settings(deadline=None, max_examples=20)
@given(st.lists(done, max_size=8), st.lists(told, min_size=1, max_size=3), st.lists(done, max_size=4))
@example(
    before=[
        (AppealLodged(against=3, grounds=("bias",), text="No."), RESPONDENT),
    ],
    reported=[(AppealDecided(appeal=3, outcome="quashed", reasons="So."), TELLER, Reported())],
    after=[],
)
def test_what_is_reported_meets_no_requirement(
    before: Sequence[Any], reported: Sequence[Any], after: Sequence[Any]
) -> None:
    check(before, reported, after)


@pytest.mark.parametrize("demand", DEMANDS, ids=lambda one: f"{one.pack or 'caucus'}-{one.id}")
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_requirement_is_not_met_by_what_is_reported_of_the_very_acts_it_reads(
    demand: Demand, data: st.DataObject
) -> None:
    kinds = get_requirement(demand.kind).reads
    bearing = acts(*(one for one in MATTER_ACTS if one.type in kinds))
    before = data.draw(st.lists(st.tuples(bearing, everybody), max_size=6), "before")
    reported = data.draw(st.lists(st.tuples(bearing, tellers, standings()), min_size=1, max_size=2), "reported")
    after = data.draw(st.lists(st.tuples(bearing, everybody), max_size=3), "after")
    check(before, reported, after, demands=(demand,))


@pytest.mark.parametrize("demand", DEMANDS, ids=lambda one: f"{one.pack or 'caucus'}-{one.id}")
@settings(deadline=None, max_examples=15)
@given(data=st.data())
def test_requirement_is_not_met_by_destroying_what_speaks_against_it(demand: Demand, data: st.DataObject) -> None:
    kinds = get_requirement(demand.kind).reads
    bearing = acts(*(one for one in MATTER_ACTS if one.type in kinds))
    drawn = data.draw(st.lists(st.tuples(bearing, everybody), min_size=1, max_size=6), "done")
    events, _ = build(drawn, (), ())
    lost = data.draw(st.sets(st.integers(len(BEGINNING), len(events) - 1), min_size=1), "destroyed")
    left = [WithheldEntry(one.seq) if one.seq in lost else one for one in events]
    then, now = (examine(demand, facts_of(each), CAUCUS, NOW).result for each in (events, left))
    assert then == "PASS" or now != "PASS"
