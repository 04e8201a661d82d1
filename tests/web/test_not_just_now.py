"""What cannot be stored or read just now: a page asks to come back, and a form keeps what was written in it."""

from typing import Any, Never

import pytest

from alteram.core.kernel.errors import AlteramError
from alteram.operations.perform import BusyError
from alteram.operations.ports import StoreUnavailableError
from alteram.web.matters import matter, reporting, signing
from tests.web.conftest import As
from tests.web.scenes import MANAGER, RESPONDENT

THE_ROW = "/caucus/matters/row/"
ERRORS = [BusyError("Others are writing."), StoreUnavailableError("The database went away.")]


def let_fail(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, error: AlteramError) -> None:
    def fail(*_arguments: object, **_more: object) -> Never:
        raise error

    monkeypatch.setattr(module, name, fail)


@pytest.mark.parametrize("error", ERRORS)
def test_act_that_cannot_be_stored_now_keeps_what_was_written(
    as_person: As, monkeypatch: pytest.MonkeyPatch, error: AlteramError
) -> None:
    respondent = as_person(RESPONDENT)
    given = {"a-stance": "deny", "a-text": "I was not there.", "once": "one-form"}
    with monkeypatch.context() as while_away:
        let_fail(while_away, signing, "perform", error)
        answer = respondent.post(f"{THE_ROW}acts/response.given/", given)
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "I was not there." in page
    assert ("look first at what happened last" in page) is isinstance(error, StoreUnavailableError)
    assert respondent.post(f"{THE_ROW}acts/response.given/", given).status_code == 302


@pytest.mark.parametrize("error", ERRORS)
def test_report_of_an_event_that_cannot_be_stored_now_keeps_what_was_written(
    as_person: As, monkeypatch: pytest.MonkeyPatch, error: AlteramError
) -> None:
    let_fail(monkeypatch, reporting, "perform", error)
    given = {"a-to": "complainant", "a-kind": "a talk on the telephone"}
    answer = as_person(MANAGER).post(f"{THE_ROW}acts/support.offered/report/", given)
    assert answer.status_code == 503
    assert "a talk on the telephone" in answer.content.decode()


@pytest.mark.parametrize("error", ERRORS)
def test_page_that_cannot_be_read_now_asks_to_come_back(
    as_person: As, monkeypatch: pytest.MonkeyPatch, error: AlteramError
) -> None:
    let_fail(monkeypatch, matter, "find_matter_page", error)
    answer = as_person(RESPONDENT).get(THE_ROW)
    assert answer.status_code == 503
    assert answer["Retry-After"]
    assert "Try again in a moment." in answer.content.decode()


@pytest.mark.parametrize(
    ("written", "stands"), [("The Chair", False), ("M 02", False), ("ch\u00e4ir", False), ("Chair", True), ("", True)]
)
def test_event_is_reported_of_whom_there_is_an_identifier_for(as_person: As, written: str, stands: bool) -> None:
    given = {"a-to": "complainant", "a-kind": "a talk on the telephone", "r-by": written}
    answer = as_person(MANAGER).post(f"{THE_ROW}acts/support.offered/report/", given)
    assert answer.status_code == (302 if stands else 422)
    if not stands:
        page = answer.content.decode()
        assert "Nobody here is called that." in page
        assert "a talk on the telephone" in page
