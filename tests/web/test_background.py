"""Long work: asked for once, told how far it is, begun again after a stop, and tried again after a failure."""

from typing import Any

import pytest
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from alteram.core.kernel.phrases import phrase
from alteram.installation import background
from alteram.installation.background import MOST_WAITING, BusyError, Tell, ask_for, find_work, find_works
from alteram.installation.jobs.long import begin_again, do_waiting

pytestmark = pytest.mark.django_db(transaction=True)
SEEN: list[str] = []


def run_well(organisation: str, given: Any, tell: Tell) -> Any:
    tell(1, 2, ["first"])
    work = find_work(organisation, "well", given)
    assert work is not None
    SEEN.append(f"{organisation} {given} {work.done} of {work.parts}: {work.outcome}")
    return ["first", "second"]


def run_badly(organisation: str, given: Any, tell: Tell) -> Any:
    raise ArithmeticError(organisation, given, tell)


def run_refused(organisation: str, given: Any, tell: Tell) -> Any:
    problem = phrase("There is no page {page}.", page=3)
    tell(0, 1, {"because": problem})
    return {"problem": problem, "remedy": "", "served": [{"person": organisation, "refused": problem}], "seq": given}


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    SEEN.clear()
    for kind, runner in {"well": run_well, "badly": run_badly, "refused": run_refused}.items():
        monkeypatch.setitem(background.RUNNERS, kind, f"{__name__}.{runner.__name__}")


def test_work_is_done_once_and_its_outcome_kept() -> None:
    assert ask_for("club", "well", "k", "k", parts=2).is_under_way
    assert ask_for("club", "well", "k", "k").is_under_way
    do_waiting()
    done = ask_for("club", "well", "k", "k")
    assert (done.is_under_way, done.outcome, done.has_failed) == (False, ["first", "second"], False)
    do_waiting()
    assert SEEN == ["club k 1 of 2: ['first']"]


def test_what_it_says_is_kept_with_what_a_translation_needs() -> None:
    ask_for("club", "refused", "k", 7)
    do_waiting()
    (done,) = find_works("club", "refused")
    (served,) = done.outcome["served"]
    for said in (done.outcome["problem"], served["refused"]):
        assert (said, said.template, said.values) == ("There is no page 3.", "There is no page {page}.", (("page", 3),))
    assert (served["person"], done.outcome["remedy"], done.outcome["seq"]) == ("club", "", 7)


def test_work_of_one_organisation_is_not_that_of_another() -> None:
    ask_for("club", "well", "k", "k")
    assert find_work("other", "well", "k") is None
    assert find_works("other", "well") == ()
    assert [one.key for one in find_works("club", "well")] == ["k"]


def test_more_than_may_wait_is_refused_and_what_waits_already_is_not() -> None:
    for number in range(MOST_WAITING):
        ask_for("club", "well", f"k{number}", "k")
    with pytest.raises(BusyError):
        ask_for("club", "well", "one-more", "k")
    assert ask_for("club", "well", "k0", "k").is_under_way
    assert ask_for("other", "well", "k0", "k").is_under_way


def test_work_that_failed_says_so_and_is_tried_again_when_asked_for() -> None:
    ask_for("club", "badly", "k", "k")
    do_waiting()
    failed = find_work("club", "badly", "k")
    assert failed is not None
    assert (failed.has_failed, failed.is_under_way) == (True, False)
    assert ask_for("club", "badly", "k", "k").is_under_way


def test_work_that_was_under_way_when_the_process_was_stopped_is_begun_again() -> None:
    ask_for("club", "well", "k", "k")
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING)
    do_waiting()
    work = find_work("club", "well", "k")
    assert work is not None
    assert work.is_under_way
    begin_again()
    do_waiting()
    work = find_work("club", "well", "k")
    assert work is not None
    assert work.outcome == ["first", "second"]
