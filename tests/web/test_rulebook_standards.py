"""The published standards on pages, and choosing what the rules build on when amending them."""

import pytest

from alteram.adapters.rulebooks import shipped_names
from alteram.adapters.rulebooks.library import read_shipped
from alteram.bootstrap.choosing import read_choosing, write_choices, write_packs
from alteram.bootstrap.rulebooks import read_rulebook
from alteram.core.kernel.errors import AlteramError
from alteram.core.rules.parsing.building_on import Override
from tests.web.conftest import As
from tests.web.scenes import MEMBER, STRANGER

STANDARDS = "/caucus/rulebook/standards/"
AMEND = "/caucus/rulebook/amend/"
NZ, RONR = "nz-incorporated-societies-2022-sch2", "ronr-discipline"
CLUB = write_packs(read_shipped("rulebooks", "small-club").decode(), [])


@pytest.mark.parametrize("pack", shipped_names("packs"))
def test_pack_has_a_page_with_its_sources_what_no_record_decides_and_its_date(as_person: As, pack: str) -> None:
    response = as_person(MEMBER).get(f"{STANDARDS}{pack}/")
    page = response.content.decode()
    assert response.status_code == 200
    assert "An aid, not legal advice" in page
    assert "Source:" in page
    assert "What no record decides" in page


def test_list_names_every_pack_and_those_that_the_rules_build_on(as_person: As) -> None:
    page = as_person(MEMBER).get(STANDARDS).content.decode()
    assert all(f'href="{STANDARDS}{pack}/"' in page for pack in shipped_names("packs"))
    assert "Your rules build on it." in page


@pytest.mark.parametrize("address", [STANDARDS, f"{STANDARDS}{NZ}/"])
def test_standards_of_an_organisation_are_not_there_for_a_stranger(as_person: As, address: str) -> None:
    assert as_person(STRANGER).get(address).status_code == 404


def test_pack_that_does_not_ship_has_no_page(as_person: As) -> None:
    assert as_person(MEMBER).get(f"{STANDARDS}nowhere/").status_code == 404


def test_packs_are_written_into_a_file_and_taken_out_again() -> None:
    built = write_packs(CLUB, [NZ])
    assert read_rulebook(built.encode(), "x.yaml").builds_on[0].id == NZ
    assert write_packs(built, []) == CLUB


def test_conflict_that_is_not_chosen_is_open_and_the_file_cannot_be_read() -> None:
    built = write_packs(CLUB, [NZ, RONR])
    found = read_choosing(built)
    assert found.is_open
    with pytest.raises(AlteramError):
        read_rulebook(built.encode(), "x.yaml")


def test_chosen_demands_stay_and_the_others_go() -> None:
    built = write_packs(CLUB, [NZ, RONR])
    choices = read_choosing(built).choices
    made = [Override(requirement=one.requirement, use=one.uses[0], because="Longer, for us.") for one in choices]
    chosen = write_choices(built, made)
    assert not read_choosing(chosen).is_open
    assert read_rulebook(chosen.encode(), "x.yaml").demands
    assert [one.because for one in read_choosing(chosen).choices] == ["Longer, for us."] * len(choices)


def test_choices_that_nothing_is_open_for_any_more_go_with_the_pack() -> None:
    built = write_packs(CLUB, [NZ, RONR])
    made = [
        Override(requirement=one.requirement, use=one.uses[0], because="Ours.") for one in read_choosing(built).choices
    ]
    alone = write_packs(write_choices(built, made), [NZ])
    assert "overrides:" not in alone
    assert [one.id for one in read_rulebook(alone.encode(), "x.yaml").builds_on] == [NZ]


def test_amending_shows_conflicts_in_place_and_writes_the_choice_into_the_text(as_person: As) -> None:
    client = as_person(MEMBER)
    page = client.post(AMEND, {"text": CLUB, "do": "build", "pack": [NZ, RONR]})
    told = page.content.decode()
    assert page.status_code == 422
    assert "Something is to be chosen still" in told
    built = write_packs(CLUB, [NZ, RONR])
    made = {f"use-{one.requirement}": one.uses[0] for one in read_choosing(built).choices}
    chosen = client.post(AMEND, {"text": built, "do": "choose", **made})
    assert chosen.status_code == 200
    assert "use: " in chosen.content.decode()
    assert "Something is to be chosen still" not in chosen.content.decode()


def test_choice_that_was_not_offered_is_not_written(as_person: As) -> None:
    built = write_packs(CLUB, [NZ, RONR])
    made = {f"use-{one.requirement}": "nobody" for one in read_choosing(built).choices}
    page = as_person(MEMBER).post(AMEND, {"text": built, "do": "choose", **made})
    assert page.status_code == 422
    assert "use: nobody" not in page.content.decode()


def test_file_that_cannot_be_read_at_all_is_shown_with_its_error_and_nothing_lost(as_person: As) -> None:
    page = as_person(MEMBER).post(AMEND, {"text": "a: [", "do": "build", "pack": [NZ]})
    assert page.status_code == 422
    assert "a: [" in page.content.decode()
