"""What the prover remembers is what it would find anew: matters are played both ways, and compared act by act.

The long campaign does so for every sample, each of its collisions, and every deviation, alone and two at once.
"""

import gc
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from inspect import getmembers
from pathlib import Path
from typing import Any

import pytest

from alteram.adapters.rulebooks import load_packs, load_rulebook, shipped_names
from alteram.core.acts import FactAgreed, ReportLodged, VoteTaken
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.matters import AnyEvent, Facts, StreamFacts, build_holdings, build_live_event
from alteram.core.rules.proving import own_cause, stopping
from alteram.core.rules.proving.adversary import find_bearing, find_changes_of_hand, find_deviations
from alteram.core.rules.proving.deviating import Deviation
from alteram.core.rules.proving.exploring import Base, Deviations, Variant, build_base, combine, vary
from alteram.core.rules.proving.playing import Play
from alteram.core.rules.proving.prove import PROPERTIES, prove_each
from alteram.core.rules.proving.searching import Scope, Search
from alteram.core.rules.proving.tracing import Notes, Shared, Traced

#: What asks of whole matters, and rules on nothing.
_AFTERWARDS = {"proving", "curing", "amendments"}
_RULES = Path(__file__).resolve().parents[3] / "src" / "alteram" / "core" / "rules"


@cache
def search_of(name: str) -> Search:
    rulebook = load_rulebook(name)
    return Search(rulebook, load_packs(rulebook))


def anew(base: Base) -> Base:
    """Return the same matter, with everything that deviates from it ruled on anew."""
    return replace(base, setting=replace(base.setting, memory=None), known={})


def tell(played: Play) -> tuple[object, ...]:
    """Return all that a matter came to: every ruling, every refusal, how it stood after each act, and when."""
    acts = [(one.step, one.event, one.ruling) for one in played.played]
    after, pending = [one.after for one in played.played[::10]], [one.name for one in played.pending]
    return acts, list(played.refused.items()), played.facts, after, played.now, played.rulings, pending


def find_differing(base: Base, sets: Iterable[Deviations]) -> Iterator[Deviations]:
    bare = anew(base)
    for deviations in sets:
        if tell(vary(base, deviations)) != tell(vary(bare, deviations)):
            yield deviations


def find_all(search: Search, base: Base) -> list[Deviation]:
    bearing = (one for demand in search.demands for one in find_bearing(base, demand))
    return list(dict.fromkeys((*find_deviations(base), *bearing, *find_changes_of_hand(base))))


def find_pairs(base: Base, singles: Iterable[Deviation], *, rank: int) -> list[Deviations]:
    pairs: list[Deviations] = list(combine([Variant((one,), vary(base, (one,))) for one in singles], rank=rank))
    return pairs


@pytest.mark.parametrize(("name", "every"), [("small-club", 15), ("caucus", 30)])
def test_matter_that_deviates_comes_to_the_same_as_when_all_is_ruled_on_anew(name: str, every: int) -> None:
    search = search_of(name)
    base = search.base(search.procedures[0])
    singles = find_all(search, base)[::every]
    pairs = find_pairs(base, singles, rank=2)[:every]
    assert len(singles) > 50
    assert pairs
    assert list(find_differing(base, [*((one,) for one in singles), *pairs])) == []


def test_matter_that_keeps_to_the_course_comes_to_the_same_when_all_is_ruled_on_anew() -> None:
    search = search_of("small-club")
    base = search.base(search.procedures[0])
    assert tell(build_base(anew(base).setting, base.course).play) == tell(base.play)


@pytest.mark.campaign
@pytest.mark.parametrize("name", shipped_names("rulebooks"))
def test_every_matter_comes_to_the_same_as_when_all_is_ruled_on_anew(name: str) -> None:
    search = search_of(name)
    for normal, variations in search.bases():
        for base in (normal, *variations):
            singles = find_all(search, base)
            assert list(find_differing(base, [(one,) for one in singles])) == []
            assert list(find_differing(base, find_pairs(base, singles, rank=2)[::7])) == []
    for procedure in search.procedures:
        for collision in (*own_cause.find_collisions(search), *stopping.find_collisions(search)):
            base = search.base(procedure, collision=collision)
            deviations = (*find_changes_of_hand(base), *own_cause._stay(base), *stopping._find_stops(base))
            assert list(find_differing(base, [(one,) for one in deviations])) == []


def test_most_rulings_of_a_deviating_matter_are_remembered_once_a_like_one_was_played() -> None:
    search = search_of("caucus")
    base = search.base(search.procedures[0])
    plays = [vary(base, (one,)) for one in find_all(search, base)[::40]]
    assert sum(one.remembered for one in plays) > sum(one.rulings for one in plays) / 2


@pytest.mark.parametrize("asked", [1, 2])
def test_garbage_is_looked_for_again_once_a_proof_ends_or_is_left(asked: int) -> None:
    only = tuple(one for one in PROPERTIES if one.id in {"appeals", "ladder"})
    results = prove_each(load_rulebook("small-club"), (), Scope(), properties=only)
    for _ in range(asked):
        next(results)
    del results
    assert gc.isenabled()


def test_time_of_the_last_act_is_read_by_rules_only_to_refuse_what_comes_before_it() -> None:
    # What is remembered holds at any time of the last act that is not later: nothing else may be made of it.
    reading = [
        f"{path.name}: {line.strip()}"
        for path in sorted(_RULES.rglob("*.py"))
        if not _AFTERWARDS.intersection(path.parts)
        for line in path.read_text(encoding="utf-8").splitlines()
        if ".last_at" in line
    ]
    assert reading == ["decide.py: last_at = facts.matter.last_at"]


def report(seq: int = 0) -> AnyEvent:
    at = datetime(2026, 2, 2, 9, tzinfo=UTC)
    return build_live_event(
        ReportLodged(identity="named", about="person", text="text"), seq=seq, actor=PersonId("one"), at=at
    )


def traced() -> tuple[Traced, Notes]:
    notes, shared = Notes(), Shared()
    matter = shared.enter(StreamFacts.empty(StreamId("m")), shared.share(report()))
    return Traced(matter, notes, shared), notes


def test_what_is_read_by_kind_of_act_is_noted_by_kind() -> None:
    matter, notes = traced()
    assert matter.all(ReportLodged) == (report(),)
    assert matter.all(VoteTaken) == ()
    assert notes.kinds == {ReportLodged: (report(),), VoteTaken: ()}
    assert not notes.whole


def test_what_is_worked_out_notes_all_that_it_reads() -> None:
    matter, notes = traced()
    holdings = build_holdings(matter)
    assert [one.role for one in holdings] == ["reporter", "complainant"]
    assert ReportLodged in notes.kinds
    assert len(notes.kinds) > 10


@pytest.mark.parametrize(("seq", "kinds", "absent"), [(0, {ReportLodged: (report(),)}, {}), (1, {}, {1: None})])
def test_entry_that_is_sought_is_noted_with_its_kind_or_as_not_there(seq: int, kinds: Any, absent: Any) -> None:
    matter, notes = traced()
    assert matter.find(seq) == (report() if kinds else None)
    assert (notes.kinds, notes.absent) == (kinds, absent)


def test_what_was_added_since_is_not_noted_as_what_was_there() -> None:
    matter, notes = traced()
    after = matter.with_event(report(1))
    assert after.all(ReportLodged) == (report(), report(1))
    assert notes.kinds == {ReportLodged: (report(),)}


_AS_A_WHOLE: dict[str, Callable[[Traced], object]] = {
    "every": lambda matter: matter.every(),
    "by_type": lambda matter: matter.by_type,
    "head_seq": lambda matter: matter.head_seq,
    "last_at": lambda matter: matter.last_at,
    "hash": hash,
    "equal": lambda matter: matter == matter.inner,
    "agreement": lambda matter: matter.with_event(
        build_live_event(FactAgreed(event=0), seq=1, actor=None, at=report().recorded_at)
    ),
}


@pytest.mark.parametrize("how", sorted(_AS_A_WHOLE))
def test_what_cannot_be_told_by_kind_of_act_is_noted_as_a_whole(how: str) -> None:
    matter, notes = traced()
    _AS_A_WHOLE[how](matter)
    assert notes.whole


def test_time_of_the_last_act_is_not_told_to_who_only_asks_whether_it_was_later() -> None:
    matter, notes = traced()
    now = report().recorded_at.replace(year=2100)
    assert matter.as_seen_at(now).last_at == now
    assert not notes.whole


def test_every_way_of_reading_a_matter_is_traced() -> None:
    public = {name for name, _ in getmembers(StreamFacts) if not name.startswith("_")} - {"empty"}
    assert public - set(vars(Traced)) == set()


def test_same_events_are_stored_once_for_all_matters() -> None:
    shared, empty = Shared(), StreamFacts.empty(StreamId("m"))
    one, other = (shared.enter(empty, shared.share(report())) for _ in range(2))
    assert one.all(ReportLodged) is other.all(ReportLodged)
    assert Facts(empty, one) == Facts(empty, empty.with_event(report()))
