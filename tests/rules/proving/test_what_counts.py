"""What counts as stopping a complaint, what a rulebook is held to, what advice fits whose cause, where a proof ends."""

from datetime import timedelta
from typing import Any

import pytest

from alteram.adapters.rulebooks import load_pack, load_rulebook
from alteram.core.acts import Act, MatterClosed, PartySevered, ProceedingsPaused, ReportWithdrawn, SecondKeyGiven
from alteram.core.kernel.identifiers import PersonId
from alteram.core.rules.proving import stopping
from alteram.core.rules.proving.amending import propose
from alteram.core.rules.proving.deviating import Insert
from alteram.core.rules.proving.exploring import vary
from alteram.core.rules.proving.prove import PROPERTIES, Property, prove
from alteram.core.rules.proving.searching import Scope, Search
from alteram.core.rules.rulebook import Rulebook
from tests.rules.proving.overlays import overlay

PACK = "nz-incorporated-societies-2022-sch2"
LOOKED_INTO = "sch2-looked-into"


def only(name: str) -> tuple[Property, ...]:
    return tuple(one for one in PROPERTIES if one.id == name)


def find_stops(rulebook: Rulebook, *acts: tuple[Act, str], before: str) -> list[str]:
    """Return what stops a complaint about the president where these acts are done, each by somebody, before a step."""
    search = Search(rulebook)
    collision = next(iter(stopping.find_collisions(search)))
    base = search.base(search.procedures[0], collision=collision)
    inserted = tuple(
        Insert(f"more-{number}", act, base.setting.cast.find(by), before) for number, (act, by) in enumerate(acts)
    )
    played = vary(base, inserted, at_once=True)
    assert {one.name for one in inserted} <= {one.step for one in played.played}, played.refused
    return [one.about for one in stopping._read(played, inserted, collision)]


@pytest.mark.parametrize(("weeks", "stops"), [(5, []), (8, ["proceedings.paused"])])
def test_pause_stops_a_complaint_only_where_it_is_longer_than_any_stage(weeks: int, stops: list[str]) -> None:
    rulebook = overlay("small-club", {"requirements": {"pauses-end": {"gates": []}}})
    begun = next(iter(Search(rulebook).bases()))[0]
    opened = next(one.event.recorded_at for one in begun.play.played if one.step == "notified")
    pause = ProceedingsPaused(why="other", until=opened + timedelta(weeks=weeks))
    assert find_stops(rulebook, (pause, "case-manager"), before="meeting-called") == stops


@pytest.mark.parametrize(("withdrawn", "stops"), [(False, ["matter.closed"]), (True, [])])
def test_who_took_their_report_back_had_a_hand_in_the_closing(withdrawn: bool, stops: list[str]) -> None:
    rulebook = overlay("small-club", {"requirements": {"closed-by-two": {"gates": []}}})
    back = ((ReportWithdrawn(report=0, freely=True), "complainant"),) if withdrawn else ()
    closing = MatterClosed(approved_by=PersonId("secretary"), actions="text", lessons="text")
    assert find_stops(rulebook, *back, (closing, "case-manager"), before="notified") == stops


def test_key_of_somebody_outside_is_a_hand_in_it() -> None:
    rulebook = overlay("small-club", {"requirements": {"closed-by-two": {"gates": []}}})
    key = SecondKeyGiven(to_act="matter.closed")
    closing = MatterClosed(approved_by=PersonId("secretary"), actions="text", lessons="text")
    assert find_stops(rulebook, (key, "secretary"), (closing, "case-manager"), before="notified") == []


def test_each_side_is_severed_before_each_turn_of_the_matter() -> None:
    search = Search(load_rulebook("small-club"))
    base = search.base(search.procedures[0], collision=next(iter(stopping.find_collisions(search))))
    severed = [
        one for one in stopping._find_stops(base) if isinstance(one, Insert) and isinstance(one.act, PartySevered)
    ]
    assert {one.act.role for one in severed if isinstance(one.act, PartySevered)} == {
        "complainant",
        "reporter",
        "respondent",
    }
    places = {one.before for one in severed}
    assert {"acknowledged", "triaged", "opened"} & places
    assert len(places) > len(stopping._PLACES)


def choose(*, override: bool) -> dict[str, Any]:
    """Return changes to the small club: it builds on a pack, and keeps or overrides one of its demands."""
    own = {"title": "Reasons", "guarantee": "reasons", "requires": {"written-reasons": {}}, "clause": "6"}
    choice = {LOOKED_INTO: {"use": "rulebook", "because": "We say it in our words."}}
    changes: dict[str, Any] = {"builds_on": {PACK: {"version": load_pack(PACK).version}}}
    return {**changes, "requirements": {LOOKED_INTO: own}, "overrides": choice} if override else changes


@pytest.mark.parametrize("override", [True, False])
def test_what_a_rulebook_openly_overrides_is_not_held_against_it_and_is_told(override: bool) -> None:
    rulebook, packs = overlay("small-club", choose(override=override)), (load_pack(PACK),)
    search = Search(rulebook, packs)
    assert (LOOKED_INTO in {one.id for one in search.overridden}) == override
    held = {(one.pack, one.id) for one in search.demands}
    assert ((PACK, LOOKED_INTO) in held) == (not override)
    notes = prove(rulebook, packs, Scope(0), properties=only("guarantees")).results[0].notes
    assert any(LOOKED_INTO in note for note in notes) == override


def test_pack_that_is_only_named_to_the_prover_is_held_whole() -> None:
    rulebook = overlay("small-club", choose(override=True))
    other = load_pack("association-common-law")
    search = Search(rulebook, (load_pack(PACK), other))
    assert not {one.id for one in other.demands} & {one.id for one in search.overridden}


def test_advice_where_a_side_decides_is_to_keep_hands_apart_and_mends_it() -> None:
    less = {"own-case": {"gates": ["vote.taken", "appeal.decided"]}, "ties": {"gates": []}}
    rulebook = overlay("small-club", {"requirements": less})
    violations = prove(rulebook, properties=only("own-cause")).results[0].violations
    assert [one.about for one in violations] == ["decision.made"]
    amendment = propose(rulebook, "own-cause", violations[0])
    assert amendment is not None
    assert [edit.item["id"] for edit in amendment.edits] == ["own-case"]
    assert prove(amendment.rulebook, properties=only("own-cause")).proved


def test_advice_where_the_accused_of_a_linked_matter_decides_is_to_keep_parts_apart() -> None:
    rulebook = overlay("small-club", {"requirements": {"linked-cases": {"gates": ["vote.taken", "minute.made"]}}})
    violations = prove(rulebook, properties=only("own-cause")).results[0].violations
    assert violations
    amendment = propose(rulebook, "own-cause", violations[0])
    assert amendment is not None
    assert [edit.item["id"] for edit in amendment.edits] == ["linked-cases"]
    assert prove(amendment.rulebook, properties=only("own-cause")).proved


def test_bound_is_for_the_whole_proof_and_what_comes_after_it_is_not_covered() -> None:
    proof = prove(load_rulebook("small-club"), scope=Scope(1, bound=700))
    assert sum(one.plays for one in proof.results) == 700
    verdicts = [one.verdict for one in proof.results]
    ended = next(number for number, one in enumerate(proof.results) if one.cut)
    assert ended
    assert verdicts[:ended] == ["proved"] * ended
    assert set(verdicts[ended:]) == {"not covered"}
    assert {one.plays for one in proof.results[ended + 1 :]} == {0}
