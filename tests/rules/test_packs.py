"""What ships: packs with sources, a rulebook under all sixteen guarantees, and clauses that are all used."""

import re
from datetime import date
from typing import get_args

import msgspec
import pytest

from alteram.adapters.rulebooks import load_pack, load_rulebook, shipped_names
from alteram.adapters.rulebooks.catalogue import load_catalogue
from alteram.core.kernel.periods import Period
from alteram.core.rules.requirements import all_requirements, parse_parameters
from alteram.core.rules.rulebook import (
    Demand,
    Guarantee,
    build_digest,
    encode_rulebook,
    parse_canonical_pack,
    parse_canonical_rulebook,
)
from tests.effort import measure_effort

CAUCUS = load_rulebook("caucus")


def test_packs_and_rulebooks_ship() -> None:
    assert {"nz-incorporated-societies-2022-sch2", "ronr-discipline"} <= set(shipped_names("packs"))
    assert {"caucus", "small-club"} <= set(shipped_names("rulebooks"))


@pytest.mark.parametrize("name", shipped_names("packs"))
def test_a_pack_names_its_date_and_the_source_and_status_of_every_requirement(name: str) -> None:
    pack = load_pack(name)
    assert date.fromisoformat(pack.as_of).isoformat() == pack.as_of
    assert pack.id == name
    assert all(demand.source and demand.clause and demand.pack == name for demand in pack.demands)
    assert {demand.status for demand in pack.demands} <= {"F", "S", "G"}
    assert any("Status" in note for note in pack.notes)


@pytest.mark.parametrize("name", shipped_names("packs"))
def test_every_clause_of_a_pack_that_sets_a_demand_is_one_of_its_clauses(name: str) -> None:
    pack = load_pack(name)
    assert {demand.clause for demand in pack.demands} <= {clause.id for clause in pack.clauses}


def test_canonical_spellings_round_trip_and_are_what_is_digested() -> None:
    for name in shipped_names("packs"):
        data = encode_rulebook(load_pack(name))
        assert parse_canonical_pack(data) == load_pack(name)
    for name in shipped_names("rulebooks"):
        data = encode_rulebook(load_rulebook(name))
        assert parse_canonical_rulebook(data) == load_rulebook(name)
    packs = {one.id: one.digest for one in CAUCUS.builds_on}
    assert packs == {name: build_digest(encode_rulebook(load_pack(name))) for name in packs}


def period_of(demand: Demand) -> Period:
    return msgspec.json.decode(demand.parameters["at_least"], type=Period)


def test_the_periods_of_notice_differ_between_the_rulebook_and_the_packs() -> None:
    demands = [*CAUCUS.demands, *load_pack("ronr-discipline").demands]
    notices = [demand for demand in demands if demand.kind == "meeting-notice"]
    assert {str(period_of(one)) for one in notices} == {"10 clear days", "5 working days", "30 days"}


def test_the_caucus_covers_all_sixteen_guarantees() -> None:
    guarantees: tuple[Guarantee, ...] = get_args(Guarantee)
    assert {demand.guarantee for demand in CAUCUS.demands} == set(guarantees)
    assert len(guarantees) == 16


def test_the_caucus_and_the_packs_use_nearly_every_kind_of_requirement() -> None:
    used = {demand.kind for name in shipped_names("packs") for demand in load_pack(name).demands}
    used |= {demand.kind for demand in CAUCUS.demands}
    # What a pack that is still to be written asks need not be asked yet.
    awaited = {row.id for row in load_catalogue() if row.pack not in shipped_names("packs")}
    unused = [one.kind for one in all_requirements() if one.kind not in used and not awaited.intersection(one.covers)]
    assert len(unused) <= 3, unused


@pytest.mark.parametrize("name", shipped_names("rulebooks"))
def test_every_own_requirement_names_a_clause_and_gates_only_acts_that_it_is_asked_at(name: str) -> None:
    for demand in load_rulebook(name).demands:
        assert demand.clause, demand.id
        assert parse_parameters(demand) is not None


def test_every_clause_of_the_caucus_does_something_or_says_whom_it_binds() -> None:
    used = {demand.clause for demand in CAUCUS.demands} | {rule.clause for rule in CAUCUS.acts}
    used |= {one.clause for one in CAUCUS.bodies} | {one.clause for one in CAUCUS.breaches}
    used |= {one.clause for one in CAUCUS.sanctions} | {one.clause for one in CAUCUS.procedures}
    used |= {rule.clause for rule in CAUCUS.departures} | {rule.clause for rule in CAUCUS.second_key or ()}
    assert {clause.id for clause in CAUCUS.clauses} - used == {"1.1", "1.3", "1.4"}


def test_what_may_be_ruled_on_names_who_rules() -> None:
    may_be_ruled = {one.kind for one in all_requirements() if one.may_be_ruled}
    assert [demand.id for demand in CAUCUS.demands if demand.kind in may_be_ruled and not demand.ruled_by] == []


def test_no_sentence_names_a_person() -> None:
    text = encode_rulebook(CAUCUS).decode()
    assert not re.search(r"\b(Mr|Mrs|Ms|Dr|Sir|Hon)\b\.? [A-Z]", text)


def test_the_caucus_loads_with_the_effort_of_a_second_and_a_half() -> None:
    load_rulebook.cache_clear()
    _, effort = measure_effort(lambda: load_rulebook("caucus"))
    assert effort < 150
