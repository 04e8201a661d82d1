"""The rulebooks that ship: complete, built on the packs they name, told in prose, and proved by the prover."""

import re
from pathlib import Path

import pytest

from alteram.adapters.rulebooks import load_packs, load_rulebook, shipped_names
from alteram.core.rules.proving.prove import PROPERTIES, Property, prove
from alteram.core.rules.rulebook import Rulebook

ROOT = Path(__file__).resolve().parents[2]
NAMES = shipped_names("rulebooks")
LARGE = [name for name in NAMES if name != "small-club"]
#: What each is written on, as its readers expect.
PACKS = {
    "caucus": {"nz-incorporated-societies-2022-sch2", "association-common-law"},
    "city-council": {"uk-localism-act-s28", "association-common-law"},
    "free-software-community": {"tribunal-and-community"},
    "professional-body": {"iso-37002", "eu-whistleblowing-2019-1937", "association-common-law"},
    "small-club": {"nz-incorporated-societies-2022-sch2"},
    "union-branch": {"acas-code", "iso-37002"},
    "university": {"us-title-ix-2020", "tribunal-and-community"},
}


def tell(rulebook: Rulebook, properties: tuple[Property, ...] = PROPERTIES) -> dict[str, str]:
    """Return what was not proved, with the reason of the first story of each."""
    proof = prove(rulebook, load_packs(rulebook), properties=properties)
    assert len(proof.results) == len(properties)
    return {
        one.property.id: str(one.violations[0].because) if one.violations else one.verdict
        for one in proof.results
        if one.verdict != "proved"
    }


def test_seven_rulebooks_ship() -> None:
    assert set(NAMES) == set(PACKS)


@pytest.mark.parametrize("name", NAMES)
def test_rulebook_builds_on_the_packs_it_is_written_on(name: str) -> None:
    rulebook = load_rulebook(name)
    assert {one.id for one in rulebook.builds_on} >= PACKS[name]
    assert rulebook.id == name


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_of_a_rulebook_stands_under_a_clause_that_people_can_read(name: str) -> None:
    rulebook = load_rulebook(name)
    told = {one.id for one in rulebook.clauses if len(one.text.split()) > 3}
    own = [one.clause for one in rulebook.demands if not one.pack]
    assert {*own, *(one.clause for one in rulebook.sanctions), *(one.clause for one in rulebook.breaches)} <= told


@pytest.mark.parametrize("name", NAMES)
def test_every_stage_but_the_last_has_an_owner_a_period_and_somebody_else_when_it_is_missed(name: str) -> None:
    for procedure in load_rulebook(name).procedures:
        for stage in procedure.stages[:-1]:
            assert stage.within is not None, stage.id
            assert stage.overdue_to not in {None, stage.owner}, stage.id


@pytest.mark.parametrize("name", LARGE)
def test_whoever_may_let_a_rule_be_departed_from_does_not_preside(name: str) -> None:
    assert all("chair" not in one.by and "decider" not in one.by for one in load_rulebook(name).departures)


def test_small_club_fits_on_one_page() -> None:
    lines = (ROOT / "src" / "alteram" / "rulebooks" / "small-club.yaml").read_text().splitlines()
    assert len(lines) <= 80
    assert max(map(len, lines)) <= 125


def test_small_club_is_proved() -> None:
    assert tell(load_rulebook("small-club")) == {}


@pytest.mark.campaign
@pytest.mark.parametrize("name", LARGE)
def test_larger_rulebook_is_proved(name: str) -> None:
    assert tell(load_rulebook(name)) == {}


@pytest.mark.parametrize("name", LARGE)
def test_larger_rulebook_comes_to_an_end_however_silent_its_people_are(name: str) -> None:
    chosen = tuple(one for one in PROPERTIES if one.id in {"whole", "silence"})
    assert tell(load_rulebook(name), chosen) == {}


def test_page_that_says_which_is_for_whom_names_each_and_is_linked_from_the_readme() -> None:
    page = (ROOT / "docs" / "rulebooks.md").read_text()
    assert set(NAMES) <= set(re.findall(r"`([a-z-]+)`", page))
    assert "docs/rulebooks.md" in (ROOT / "README.md").read_text()
