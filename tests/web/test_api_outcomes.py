"""What the API tells a respondent at a glance once it is decided: the decision, whether it was served, the appeal."""

import pytest

from alteram.bootstrap import Opened
from alteram.core.acts import DecisionServed
from tests.web.programs import Program, read
from tests.web.test_outcomes import RESPONDENT, SECRETARY, club, decide, do

__all__ = ["club"]

GLANCE = "/api/v1/club/matters/bowl/glance"

pytestmark = pytest.mark.django_db


def test_outcome_is_told_from_when_it_is_decided_and_says_when_it_was_served(club: Opened) -> None:
    program = Program(RESPONDENT, organisation="club")
    assert read(program.get(GLANCE))["accusation"]["outcome"] is None
    decision = decide(club)
    outcome = read(program.get(GLANCE))["accusation"]["outcome"]
    assert (outcome["decision"], outcome["served"], outcome["proved"]) == (decision, None, ["a1"])
    served = do(club, SECRETARY, DecisionServed(decision=decision, to=RESPONDENT))
    assert read(program.get(GLANCE))["accusation"]["outcome"]["served"] == served
