"""Standards side by side, and what would still mend a matter, as people find them on their pages."""

import re

import pytest

from alteram.adapters.rulebooks import load_history, load_pack, load_rulebook
from alteram.core.access import build_reader
from alteram.core.access.cured import tell_cures
from alteram.core.access.telling import CLOSED
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.matters import fold_history
from alteram.core.rules.curing.people import OUTSIDERS
from tests.web.conftest import As
from tests.web.scenes import MANAGER, RESPONDENT, STRANGER

THE_ROW = "/caucus/matters/row/"
HISTORY = load_history("the-night-before")
RULEBOOK = load_rulebook(HISTORY.rulebook)
FACTS = fold_history(HISTORY)[StreamId("confidence")]


def test_each_chosen_standard_stands_beside_the_rules_with_its_source_and_date(as_person: As) -> None:
    page = as_person(RESPONDENT).get(f"{THE_ROW}fair/standards/", {"pack": "ronr-discipline"}).content.decode()
    pack = load_pack("ronr-discipline")
    assert RULEBOOK.title in page
    assert f"as of {pack.as_of}" in page
    assert 'value="ronr-discipline" checked' in page
    assert pack.demands[0].source in page


def test_delays_stand_beside_the_figures_of_the_standards_with_a_bar_for_each(as_person: As) -> None:
    page = as_person(RESPONDENT).get(f"{THE_ROW}fair/standards/", {"pack": "uk-icgs-iep"}).content.decode()
    metric = next(iter(load_pack("uk-icgs-iep").metrics or ()))
    assert metric.title in page
    assert f"{metric.benchmark} days" in page
    assert page.count("<meter") in {0, 2}


@pytest.mark.parametrize("pack", ["../caucus", "no-such-pack"])
def test_a_standard_that_does_not_ship_is_not_read(as_person: As, pack: str) -> None:
    page = as_person(RESPONDENT).get(f"{THE_ROW}fair/standards/", {"pack": pack}).content.decode()
    assert "Choose at least one standard" in page


def test_cures_link_into_the_forms_of_their_acts_filled_with_what_they_are_about(as_person: As) -> None:
    manager = as_person(MANAGER)
    page = manager.get(f"{THE_ROW}fair/cures/").content.decode()
    links = re.findall(rf'href="({THE_ROW}acts/[^"]+)"', page)
    assert links
    for link in set(links):
        assert manager.get(link.replace("&amp;", "&")).status_code in {200, 302}
    assert "Last possible time to begin" in page or "No last time was found" in page


def test_who_could_be_given_a_part_is_never_suggested_by_name(as_person: As) -> None:
    page = as_person(MANAGER).get(f"{THE_ROW}fair/cures/").content.decode()
    assert [one for one in OUTSIDERS if one in page] == []


def test_no_stranger_learns_what_would_mend_a_matter(as_person: As) -> None:
    for page in ("fair/cures/", "fair/standards/"):
        assert as_person(STRANGER).get(THE_ROW + page).status_code == 404


def test_who_handles_no_linked_matter_is_told_nothing_that_rests_on_one() -> None:
    reader = build_reader(FACTS, RULEBOOK, PersonId("m05"))
    told = tell_cures(FACTS, RULEBOOK, reader, HISTORY.assessed_at)
    plan = next(one for one in told.plans if one.told.demand.id == "no-collision-of-parts")
    assert plan.told.is_closed
    assert (plan.steps, plan.incurable) == ((), CLOSED)
    assert "no-collision-of-parts" in told.left
