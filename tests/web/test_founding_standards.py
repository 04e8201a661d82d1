"""Founding on published standards: chosen on a page of their own, with what holds where they conflict."""

import pytest
from django.test import Client

from alteram.bootstrap.choosing import read_choosing
from alteram.installation.setup_code import get_setup_code
from tests.web.test_founding import ABOUT, OWN

STEP = "/found/standards/"
NZ, RONR = "nz-incorporated-societies-2022-sch2", "ronr-discipline"


@pytest.fixture
def founder(db: None, home: object) -> Client:
    """Somebody who has said what the organisation is."""
    client = Client()
    client.post("/found/", {"code": get_setup_code()})
    client.post("/found/organisation/", ABOUT)
    return client


def choose(client: Client, rulebook: str, **more: str) -> None:
    assert client.post("/found/rulebook/", {"choice": rulebook, **more})["Location"] == STEP


def choose_all(text: str) -> dict[str, str]:
    """Return what a page sends that chooses the first offered in every conflict."""
    made = {"do": "choose"}
    for one in read_choosing(text).choices:
        made |= {f"use-{one.requirement}": one.uses[0], f"because-{one.requirement}": "Ours is longer."}
    return made


def test_without_a_rulebook_there_is_nothing_to_build_on(founder: Client) -> None:
    assert founder.get(STEP)["Location"] == "/found/rulebook/"


@pytest.mark.parametrize("step", ["small-club", "own"])
def test_nothing_chosen_leads_on_and_changes_nothing(founder: Client, step: str) -> None:
    choose(founder, step, text=OWN)
    before = dict(founder.session["founding_draft"])
    assert founder.post(STEP)["Location"] == "/found/people/"
    assert founder.session["founding_draft"] == before


def test_every_pack_is_told_with_place_date_and_status_and_that_it_is_no_advice(founder: Client) -> None:
    choose(founder, "small-club")
    page = founder.get(STEP).content.decode()
    assert "They are aids, not legal advice" in page
    assert page.count('name="pack"') == len(read_choosing(OWN).packs)
    assert "NZ, as of" in page
    assert "from its text" in page


def test_conflict_is_shown_in_place_and_stops_until_it_is_chosen(founder: Client) -> None:
    choose(founder, "small-club")
    assert founder.post(STEP, {"do": "build", "pack": [NZ, RONR]})["Location"] == STEP
    page = founder.get(STEP).content.decode()
    assert "Something is to be chosen still" in page
    assert founder.post(STEP).status_code == 422
    text = founder.session["founding_draft"]["rewritten"]
    assert founder.post(STEP, choose_all(text))["Location"] == STEP
    assert "Something is to be chosen still" not in founder.get(STEP).content.decode()
    assert founder.post(STEP)["Location"] == "/found/people/"
    check = founder.get("/found/check/").content.decode()
    assert "Rules of a small club" in check


def test_choice_on_the_page_is_kept_when_one_just_goes_on(founder: Client) -> None:
    choose(founder, "small-club")
    founder.post(STEP, {"do": "build", "pack": [NZ, RONR]})
    made = choose_all(founder.session["founding_draft"]["rewritten"])
    made.pop("do")
    assert founder.post(STEP, made)["Location"] == "/found/people/"


def test_other_rulebook_forgets_what_was_chosen_for_the_first(founder: Client) -> None:
    choose(founder, "small-club")
    founder.post(STEP, {"do": "build", "pack": [NZ]})
    assert founder.session["founding_draft"]["rewritten"]
    choose(founder, "small-club")
    assert founder.session["founding_draft"]["rewritten"]
    choose(founder, "caucus")
    assert not founder.session["founding_draft"]["rewritten"]


def test_pack_that_does_not_ship_is_not_built_on(founder: Client) -> None:
    choose(founder, "small-club")
    founder.post(STEP, {"do": "build", "pack": ["../../etc", NZ]})
    assert read_choosing(founder.session["founding_draft"]["rewritten"]).builds_on == (NZ,)
