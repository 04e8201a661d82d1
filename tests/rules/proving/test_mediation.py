"""Mediation is offered in played matters where the rulebook asks for an informal way first, and nowhere else."""

from typing import Any

import pytest

from alteram.adapters.rulebooks import load_packs
from alteram.core.acts import MediationOffered, NoticeServed, get_spec
from alteram.core.rules.proving.prove import PROPERTIES, prove
from alteram.core.rules.proving.searching import Search
from tests.rules.proving.overlays import overlay

INFORMAL: dict[str, Any] = {
    "title": "An informal way is tried first",
    "guarantee": "proportionality",
    "requires": {"informal-first": {"unless": []}},
    "gates": ["notice.served"],
    "clause": "3",
}


@pytest.mark.parametrize("asked", [True, False])
def test_mediation_is_offered_before_the_notice_only_where_it_is_asked_for(asked: bool) -> None:
    rulebook = overlay("small-club", {"requirements": {"informal": INFORMAL}} if asked else {})
    search = Search(rulebook, load_packs(rulebook))
    played = [type(one.event.act) for one in search.base(search.procedures[0]).play.played]
    assert (MediationOffered in played) == asked
    assert not asked or played.index(MediationOffered) < played.index(NoticeServed)


def test_rulebook_whose_informal_way_stops_the_notice_is_no_dead_end() -> None:
    rulebook = overlay("small-club", {"requirements": {"informal": INFORMAL}})
    whole = tuple(one for one in PROPERTIES if one.id == "whole")
    assert prove(rulebook, load_packs(rulebook), properties=whole).proved


def test_nothing_else_than_an_offer_lets_the_notice_be() -> None:
    rulebook = overlay("small-club", {"requirements": {"informal": INFORMAL}})
    search = Search(rulebook, load_packs(rulebook))
    base = search.base(search.procedures[0])
    gated = [one.id for one in rulebook.find_gating(get_spec(NoticeServed).name)]
    assert gated == ["informal"]
    steps = [one.step for one in base.play.played]
    assert steps.index("mediation-offered") < steps.index("notified")
    assert base.play.refused == {}
