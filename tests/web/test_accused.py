"""Until when a respondent may answer, as the page tells it: more time counts for whom it was granted."""

from datetime import UTC, datetime, timedelta

import pytest

from alteram.bootstrap import Opened
from alteram.core.acts import ExtensionGranted
from alteram.core.kernel.identifiers import PersonId
from alteram.operations.accusation import Accusation, find_accusations
from alteram.operations.entries import enter
from alteram.operations.perform import perform
from tests.web.scenes import MANAGER, MEMBER, RESPONDENT, ROW, must


def find_accusation(caucus: Opened) -> Accusation:
    (found,) = find_accusations(enter(caucus.organisation, ROW, RESPONDENT))
    return found


@pytest.mark.parametrize(("person", "counts"), [(None, True), (RESPONDENT, True), (MEMBER, False)])
def test_more_time_counts_for_whom_it_was_granted(caucus: Opened, person: PersonId | None, counts: bool) -> None:
    before = find_accusation(caucus).respond_by
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=40)
    must(perform(caucus.organisation, ROW, ExtensionGranted(until=until, person=person), MANAGER))
    after = find_accusation(caucus)
    assert after.extended is counts
    assert after.respond_by == (until if counts else before)
