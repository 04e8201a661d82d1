"""What a decider has before them: what was corrected, or only said to have happened, is not there."""

from datetime import timedelta

import pytest

from alteram.core.acts import CorrectionMade, InterestDeclared, MeetingCalled
from alteram.core.acts.reported import Reported
from alteram.operations.entries import enter
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform
from alteram.operations.waiting import ToDecide, find_to_decide
from tests.worlds import CHAIR, M1, MANAGER, do


def look(organisation: Organisation) -> ToDecide:
    found = find_to_decide(enter(organisation, M1, CHAIR))
    assert found is not None
    return found


@pytest.mark.parametrize("world", ["memory"], indirect=True)
def test_interest_counts_as_declared_until_that_is_corrected(matter: Organisation) -> None:
    assert not look(matter).declared
    seq = do(matter, M1, InterestDeclared(nature="none"), CHAIR).seq
    assert seq is not None
    assert look(matter).declared
    do(matter, M1, CorrectionMade(entry=seq, reasons="I know them after all."), CHAIR)
    assert not look(matter).declared


@pytest.mark.parametrize("world", ["memory"], indirect=True)
def test_interest_that_is_only_said_to_have_been_declared_is_not(matter: Organisation) -> None:
    assert perform(matter, M1, InterestDeclared(nature="none"), MANAGER, reported=Reported(by=CHAIR))
    assert not look(matter).declared


@pytest.mark.parametrize("world", ["memory"], indirect=True)
def test_hearing_that_was_corrected_is_not_ahead(matter: Organisation) -> None:
    called = MeetingCalled(
        meeting="hearing",
        body="panel",
        at=matter.ports.clock() + timedelta(days=30),
        agenda=("hearing",),
        invited=(CHAIR,),
    )
    seq = do(matter, M1, called, CHAIR).seq
    assert seq is not None
    assert look(matter).hearing_entry == seq
    do(matter, M1, CorrectionMade(entry=seq, reasons="On another day."), CHAIR)
    assert look(matter).hearing_entry is None
