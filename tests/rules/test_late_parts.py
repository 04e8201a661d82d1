"""A part is handed over by somebody else once its stage is overdue: by whom the stage falls to, and nobody before."""

from datetime import timedelta

import pytest

from alteram.adapters.rulebooks import load_packs, load_rulebook
from alteram.core.acts import HandoverMade
from alteram.core.kernel.identifiers import PersonId
from alteram.core.rules.proving.playing import Play, resume
from alteram.core.rules.proving.searching import Search

SIX_WEEKS = timedelta(weeks=6)


def begin_hearing() -> Play:
    """Return a matter of the small club as its hearing begins, which the chair owns, and the custodian is next."""
    rulebook = load_rulebook("small-club")
    search = Search(rulebook, load_packs(rulebook))
    base = search.base(search.procedures[0])
    number = next(place for place, step in enumerate(base.course) if step.name == "notified")
    return resume(base.setting, base.marks[number + 1], may_rule=None)


def hand_over(under_way: Play, *, by: str, to: str = "member-4", role: str = "chair", after: timedelta) -> str:
    """Return with what code a part is refused to go over after so long; empty where it goes."""
    under_way.now += after
    holder = {"chair": "president", "custodian": "secretary"}[role]
    act = HandoverMade(from_person=PersonId(holder), to=PersonId(to), role="chair" if role == "chair" else "custodian")
    refused = under_way.propose("handed-over", PersonId(by), act)
    return "" if refused is None else refused.code


@pytest.mark.parametrize(("after", "code"), [(SIX_WEEKS - timedelta(days=3), "part.not-yours"), (SIX_WEEKS * 1.2, "")])
def test_part_goes_over_without_its_holder_only_once_its_stage_is_overdue(after: timedelta, code: str) -> None:
    assert hand_over(begin_hearing(), by="secretary", after=after) == code


def test_who_an_overdue_stage_does_not_fall_to_hands_nothing_over() -> None:
    assert hand_over(begin_hearing(), by="case-manager", after=SIX_WEEKS * 2) == "part.not-yours"


def test_nobody_takes_an_overdue_part_for_themselves() -> None:
    assert hand_over(begin_hearing(), by="secretary", to="secretary", after=SIX_WEEKS * 2) == "part.not-yours"


def test_part_that_does_not_own_the_overdue_stage_stays_with_its_holder() -> None:
    assert hand_over(begin_hearing(), by="case-manager", role="custodian", after=SIX_WEEKS * 2) == "part.not-yours"
