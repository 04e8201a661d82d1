"""Standards side by side, and what would still mend a matter, as people find them on their pages."""

import json
import re
from typing import Any

import pytest

from alteram.adapters.rulebooks import load_history, load_pack, load_rulebook
from alteram.bootstrap import Opened
from alteram.core.access import build_reader
from alteram.core.access.cured import tell_cures
from alteram.core.access.telling import CLOSED
from alteram.core.acts import ReporterAsked
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.matters import fold_history
from alteram.core.rules.curing.people import OUTSIDERS
from alteram.installation import background
from alteram.installation.background import LongWork, do_work
from alteram.operations.kept_cures import decode_cures, encode_cures
from alteram.operations.perform import perform
from tests.web.conftest import As
from tests.web.mending import work_out
from tests.web.scenes import MANAGER, RESPONDENT, ROW, STRANGER

THE_ROW = "/caucus/matters/row/"
CURES = f"{THE_ROW}fair/cures/"
HISTORY = load_history("the-night-before")
RULEBOOK = load_rulebook(HISTORY.rulebook)
FACTS = fold_history(HISTORY)[StreamId("confidence")]


def run_badly(organisation: str, given: Any, tell: background.Tell) -> Any:
    raise ArithmeticError(organisation, given, tell)


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
    page = work_out(manager, CURES)
    links = re.findall(rf'href="({THE_ROW}acts/[^"]+)"', page)
    assert links
    for link in set(links):
        assert manager.get(link.replace("&amp;", "&")).status_code in {200, 302}
    assert "Last possible time to begin" in page or "No last time was found" in page


def test_who_could_be_given_a_part_is_never_suggested_by_name(as_person: As) -> None:
    page = work_out(as_person(MANAGER), CURES)
    assert "All of it, in this order" in page
    assert [one for one in OUTSIDERS if one in page] == []


def test_no_stranger_learns_what_would_mend_a_matter(as_person: As) -> None:
    for page in ("fair/cures/", "fair/standards/"):
        assert as_person(STRANGER).get(THE_ROW + page).status_code == 404
    assert as_person(STRANGER).post(CURES).status_code == 404
    assert not LongWork.objects.exists()


def test_nothing_is_worked_out_until_it_is_asked_for_and_then_once_for_the_matter_as_it_stands(
    as_person: As, caucus: Opened
) -> None:
    manager = as_person(MANAGER)
    assert "Nobody has asked yet" in manager.get(CURES).content.decode()
    assert not LongWork.objects.exists()
    assert "Each by itself" in work_out(manager, CURES)
    manager.post(CURES)
    assert LongWork.objects.count() == 1
    assert "Nobody has asked yet" in manager.get(f"{CURES}?pack=ronr-discipline").content.decode()
    assert perform(caucus.organisation, ROW, ReporterAsked(text="When was that?"), MANAGER)
    assert "Nobody has asked yet" in manager.get(CURES).content.decode()
    assert "Each by itself" in work_out(manager, CURES)
    assert LongWork.objects.count() == 1


def test_what_was_worked_out_for_one_is_not_shown_to_another(as_person: As) -> None:
    work_out(as_person(MANAGER), CURES)
    assert "Nobody has asked yet" in as_person(RESPONDENT).get(CURES).content.decode()


def test_page_tells_how_far_it_is_and_that_it_broke_off_and_can_be_asked_for_again(
    as_person: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = as_person(MANAGER)
    manager.post(CURES)
    LongWork.objects.update(done=3, parts=12)
    page = manager.get(CURES).content.decode()
    assert "Being worked out" in page
    assert '<progress id="progress" max="12" value="3">' in page
    assert "See how far it is" in page
    monkeypatch.setitem(background.RUNNERS, "cures", f"{__name__}.run_badly")
    with pytest.raises(ArithmeticError):
        do_work.func(LongWork.objects.latest("pk").pk)
    assert "broke off" in manager.get(CURES).content.decode()
    monkeypatch.undo()
    assert "Each by itself" in work_out(manager, CURES)


def test_page_says_so_where_enough_such_work_waits_already_and_proofs_do_not_count(as_person: As) -> None:
    for number in range(background.MOST_WAITING):
        background.ask_for("caucus", "proof", f"other-{number}", {})
    assert as_person(MANAGER).post(CURES).status_code == 302
    for number in range(background.MOST_QUICK - 1):
        background.ask_for("caucus", "cures", f"other-{number}", {})
    page = as_person(RESPONDENT).post(CURES)
    assert page.status_code == 409
    assert "cannot be worked out just now" in page.content.decode()


def test_cures_are_read_again_as_they_were_told() -> None:
    reader = build_reader(FACTS, RULEBOOK, PersonId("m01"))
    told = tell_cures(FACTS, RULEBOOK, reader, HISTORY.assessed_at)
    findings = {one.told.demand.id: one.told for one in told.plans}
    again = decode_cures(json.loads(json.dumps(encode_cures(told))), findings)
    assert again == told
    assert any(one.unruled is not None and one.unruled.steps for one in again.plans)
    texts = [(one.incurable, kept.incurable) for one, kept in zip(told.plans, again.plans, strict=True)]
    assert [one for one, kept in texts if getattr(one, "template", "") != getattr(kept, "template", "")] == []


def test_who_handles_no_linked_matter_is_told_nothing_that_rests_on_one() -> None:
    reader = build_reader(FACTS, RULEBOOK, PersonId("m05"))
    told = tell_cures(FACTS, RULEBOOK, reader, HISTORY.assessed_at)
    plan = next(one for one in told.plans if one.told.demand.id == "no-collision-of-parts")
    assert plan.told.is_closed
    assert (plan.steps, plan.incurable) == ((), CLOSED)
    assert "no-collision-of-parts" in told.left
