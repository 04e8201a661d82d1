"""The board and a source in a real browser: nothing against WCAG 2.2 AA, and selected words go into the form."""

import pytest

from alteram.bootstrap import Opened
from alteram.core.acts import AssertionConfirmed, PropositionEvidenced, PropositionFound, PropositionStated
from tests.web.conftest import As
from tests.web.evidence_scene import OTHER, PAPER, disclose, do, lodge, mark
from tests.web.looking import PLACE, Shown, examine_all, look_at
from tests.web.scenes import CHAIR, COMPLAINANT, RESPONDENT

pytestmark = pytest.mark.django_db
BOARD = "/caucus/matters/row/propositions/"
SAID = "The vote was taken on Monday evening"


@pytest.fixture
def disputed(caucus: Opened) -> Opened:
    """Everything that the two pages can show."""
    lodge(caucus, "e1", PAPER, COMPLAINANT)
    lodge(caucus, "e2", OTHER, COMPLAINANT)
    do(caucus, PropositionStated(proposition="p1", text="It was decided on Monday."))
    do(caucus, mark("a1", "e1", PAPER, SAID))
    do(caucus, mark("a2", "e2", OTHER, SAID, speaker="The paper"))
    do(caucus, mark("a3", "e1", PAPER, "weather was fine", stance="denies", speaker=None, person=RESPONDENT))
    do(caucus, mark("a4", "e1", PAPER, "It was fine", stance="declines", proposition=None))
    do(caucus, AssertionConfirmed(assertion="a1", agreed=True), COMPLAINANT)
    do(caucus, AssertionConfirmed(assertion="a2", agreed=False), COMPLAINANT)
    do(caucus, PropositionEvidenced(proposition="p1", exhibit="e2", side="for", reasons="It says so."))
    disclose(caucus, "e2")  # nothing is found on what the respondent has not seen
    do(caucus, PropositionFound(proposition="p1", outcome="so", reasons="The minute shows it."), CHAIR)
    do(caucus, PropositionStated(proposition="p2", text="Anybody objected."))
    return caucus


def test_pages_fail_nobody_and_a_selection_is_marked(as_person: As, disputed: Opened) -> None:
    client = as_person(COMPLAINANT)
    answers = {
        "board": client.get(BOARD),
        "source": client.get(f"{BOARD}sources/e1/"),
        "twice": client.post(f"{BOARD}sources/e1/", {"words": "was fine"}),
        "nowhere": client.post(f"{BOARD}sources/e1/", {"words": "was bad"}),
        "form": client.post(f"{BOARD}sources/e1/", {"words": "The weather"}),
        "closed": as_person(RESPONDENT).get(f"{BOARD}sources/e1/"),
    }
    pages = [Shown(name, "complainant", answer.content.decode()) for name, answer in answers.items()]
    with look_at(pages) as page:
        wrong = examine_all(page, pages)
        page.goto(f"{PLACE}/page/1")
        page.locator("#source-text mark.denies").select_text()
        page.wait_for_function("document.getElementById('words').value")
        selected = page.locator("#words").input_value(), page.locator("#near").input_value()
        page.locator("#words").fill("else")
        emptied = page.locator("#near").input_value()
    assert not wrong, "\n".join(wrong)
    # The tags before the marks are not of the text, and do not count.
    assert selected == ("weather was fine", str(PAPER.index("weather was fine")))
    assert emptied == ""
