"""The parts of the prover, each by itself: cast, course, playing, deviating, exploring, strictness."""

from contextlib import nullcontext
from datetime import timedelta
from functools import cache
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alteram.adapters.rulebooks import load_history, load_packs, load_rulebook
from alteram.core.acts import MatterClosed
from alteram.core.acts.codec import convert_fields
from alteram.core.matters import Facts, fold_history
from alteram.core.rules.assess import examine
from alteram.core.rules.proving.adversary import find_deviations
from alteram.core.rules.proving.casting import PARTS, Collision, build_cast, build_world
from alteram.core.rules.proving.casting import choose_beginning as begin_at
from alteram.core.rules.proving.deviating import Alter, Insert, Omit, deviate
from alteram.core.rules.proving.exploring import Base, OutOfTimeError, Tally, explore
from alteram.core.rules.proving.playing import resume, take
from alteram.core.rules.proving.prove import PROPERTIES, prove
from alteram.core.rules.proving.searching import Scope, Search
from alteram.core.rules.proving.strictness import is_as_strict
from alteram.core.rules.proving.weakening import build_mutants
from alteram.core.rules.rulebook import Demand

BOOKS = pytest.mark.parametrize("name", ["small-club", "caucus"])


@cache
def base_of(name: str) -> Base:
    rulebook = load_rulebook(name)
    search = Search(rulebook, load_packs(rulebook))
    return search.base(search.procedures[0])


@BOOKS
def test_every_office_and_part_is_held_by_somebody_of_their_own(name: str) -> None:
    rulebook = load_rulebook(name)
    cast = build_cast(rulebook)
    names = [*(one.id for one in rulebook.offices), *PARTS]
    assert len({cast.find(one) for one in names}) == len(names)


def test_collision_makes_two_parts_one_person() -> None:
    rulebook = load_rulebook("small-club")
    cast = build_cast(rulebook, Collision("it", same=(("respondent", "president"),)))
    assert cast.find("respondent") == cast.find("president")
    assert cast.find("complainant") != cast.find("president")


@BOOKS
def test_world_begins_on_a_working_day_with_every_office_filled(name: str) -> None:
    rulebook = load_rulebook(name)
    at = begin_at(rulebook)
    facts = build_world(rulebook, build_cast(rulebook), at)
    assert not rulebook.calendar.why_not_working(rulebook.calendar.local_day(at))
    assert all(facts.roll.holder(one.id) is not None for one in rulebook.offices)


@BOOKS
def test_course_ends_with_the_matter_closed(name: str) -> None:
    assert [one.step for one in base_of(name).play.played if isinstance(one.event.act, MatterClosed)] == ["closed"]


@BOOKS
def test_time_never_runs_backwards_and_no_refusal_counts(name: str) -> None:
    played = base_of(name).play.played
    assert [one.event.recorded_at for one in played] == sorted(one.event.recorded_at for one in played)
    assert all(one.event.seq < after.event.seq for one, after in pairwise(played))


@BOOKS
@pytest.mark.parametrize("name_of_step", ["acknowledged", "answered"])
def test_what_is_left_out_leaves_the_rest_where_and_when_it_was(name: str, name_of_step: str) -> None:
    base = base_of(name)
    (variant,) = explore(base, [(Omit(name_of_step),)], tally=Tally())
    usual = {one.step: one.event for one in base.play.played}
    later = [one for one in variant.play.played if one.step in {"minuted", "published"}]
    assert later
    assert [one.event.seq for one in later] == [usual[one.step].seq for one in later]


def test_what_is_done_beside_the_course_stands_between_two_entries() -> None:
    base = base_of("caucus")
    inserted = next(one for one in find_deviations(base) if isinstance(one, Insert) and one.before == "opened")
    (variant,) = explore(base, [(inserted,)], tally=Tally())
    usual = [one.event.seq for one in base.play.played]
    number = next(one.event.seq for one in variant.play.played if one.step == inserted.name)
    opened = next(one.event.seq for one in variant.play.played if one.step == "opened")
    assert opened in usual
    assert number not in usual
    assert max(one for one in usual if one < opened) < number < opened


def test_meeting_waits_for_the_period_of_notice() -> None:
    base = base_of("small-club")
    at = {one.step: one.event.recorded_at for one in base.play.played}
    assert (at["opened"] - at["notified"]).days >= 7


@pytest.mark.parametrize(("patient", "waits"), [(True, True), (False, False)])
def test_only_the_patient_wait_for_the_earliest_time(patient: bool, waits: bool) -> None:
    base = base_of("small-club")
    step = next(one for one in base.course if one.name == "opened")
    called = next(number for number, one in enumerate(base.course) if one.name == "meeting-called") + 1
    under_way = resume(base.setting, base.marks[called], may_rule=base.ruled)
    began = under_way.now
    assert take(under_way, step, patient=patient) == waits
    assert ((under_way.now - began).days >= 1) == waits


@BOOKS
def test_every_alteration_is_well_formed_and_differs_in_one_field(name: str) -> None:
    base = base_of(name)
    altered = [one for one in find_deviations(base) if isinstance(one, Alter)]
    for one in altered:
        act = base.find_act(one.step)
        assert act is not None
        changed = msgspec.structs.replace(act, **{one.field: one.value})
        assert convert_fields(type(act), msgspec.structs.asdict(changed)) == changed
        assert [field for field in act.__struct_fields__ if getattr(act, field) != getattr(changed, field)] == [
            one.field
        ]
    assert len(altered) > 100


@BOOKS
def test_every_insertion_is_well_formed(name: str) -> None:
    for one in find_deviations(base_of(name)):
        if isinstance(one, Insert):
            assert convert_fields(type(one.act), msgspec.structs.asdict(one.act)) == one.act


def test_leaving_a_step_out_leaves_out_only_that_step() -> None:
    course = base_of("small-club").course
    left = deviate(course, Omit("opened"))
    assert [one.name for one in course if one not in left] == ["opened"]


def test_nothing_is_played_twice() -> None:
    base, tally = base_of("small-club"), Tally()
    sets = [(Omit("answered"),), (Omit("opened"),), (Omit("answered"),)]
    first = list(explore(base, sets, tally=tally))
    plays = tally.plays
    assert [one.play for one in explore(base, sets, tally=tally)] == [one.play for one in first]
    assert (len(first), tally.plays) == (2, plays)


@pytest.mark.parametrize(("bound", "ends", "left_out"), [(1, True, "minuted"), (2, False, "meeting-closed")])
def test_matter_beyond_the_bound_is_not_played(bound: int, ends: bool, left_out: str) -> None:
    tally = Tally(bound=bound)
    with pytest.raises(OutOfTimeError) if ends else nullcontext():
        list(explore(base_of("small-club"), [(Omit(left_out),), (Omit(left_out), Omit("published"))], tally=tally))
    assert tally.plays == bound


@pytest.mark.parametrize(("bound", "verdict"), [(1, "not covered"), (20_000, "proved")])
def test_search_that_a_bound_ended_proves_nothing(bound: int, verdict: str) -> None:
    only = tuple(one for one in PROPERTIES if one.id == "appeals")
    proof = prove(load_rulebook("small-club"), scope=Scope(1, bound), properties=only)
    assert [one.verdict for one in proof.results] == [verdict]
    assert proof.proved == (verdict == "proved")


@cache
def all_demands() -> tuple[Demand, ...]:
    books = [load_rulebook(name) for name in ("small-club", "caucus")]
    stated = [
        one for book in books for one in (*book.demands, *(it for pack in load_packs(book) for it in pack.demands))
    ]
    looser = [mutant.rulebook.demands for book in books for mutant in build_mutants(book) if mutant.demand is not None]
    return tuple({repr(one): one for one in (*stated, *(it for many in looser for it in many))}.values())


@cache
def as_strict() -> tuple[tuple[Demand, Demand], ...]:
    """Return each two demands of which the first asks for more than the second."""
    found = all_demands()
    return tuple(
        (one, other)
        for one in found
        for other in found
        if one.parameters != other.parameters and is_as_strict(one, other)
    )


@cache
def some_facts() -> tuple[Facts, ...]:
    told = fold_history(load_history("the-night-before")).values()
    return (*told, *(one.after for name in ("small-club", "caucus") for one in base_of(name).play.played[::6]))


def test_there_are_demands_that_ask_for_more_than_others() -> None:
    assert len(as_strict()) > 10


@given(pair=st.sampled_from(as_strict()), facts=st.sampled_from(some_facts()), days=st.integers(0, 400))
def test_whatever_passes_the_stricter_demand_passes_the_other(
    pair: tuple[Demand, Demand], facts: Facts, days: int
) -> None:
    one, other = pair
    rulebook = load_rulebook("caucus")
    now = (facts.matter.last_at or facts.organisation.last_at or begin_at(rulebook)) + timedelta(days=days)
    if examine(one, facts, rulebook, now).result == "PASS":
        assert examine(other, facts, rulebook, now).result == "PASS"


@pytest.mark.parametrize("demand", all_demands()[:40], ids=lambda one: one.id)
def test_every_demand_is_as_strict_as_itself(demand: Demand) -> None:
    assert is_as_strict(demand, demand)


def test_longer_notice_is_stricter_and_shorter_is_not() -> None:
    notice = next(one for one in load_rulebook("small-club").demands if one.id == "notice")
    more = msgspec.structs.replace(notice, parameters={"at_least": msgspec.Raw(b'{"working_days": 6}')})
    assert is_as_strict(more, notice)
    assert not is_as_strict(notice, more)
