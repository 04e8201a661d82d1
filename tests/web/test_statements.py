"""The register of statements: what was said, comment sought with its clock, and nothing for strangers."""

from datetime import UTC, datetime, timedelta

import pytest

from alteram.bootstrap import Opened
from alteram.core.acts import CommentDeclined, CommentGiven, CommentSought, StatementPublished
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.operations.perform import perform
from alteram.operations.statements import find_statements
from tests.web.conftest import As
from tests.web.scenes import COMPLAINANT, LEADER, MANAGER, MEMBER, RESPONDENT, ROW, STRANGER, must

REGISTER = "/caucus/matters/row/statements/"
SAID = "The caucus has lost confidence."


def do(caucus: Opened, act: Act, who: PersonId = RESPONDENT) -> int:
    return must(perform(caucus.organisation, ROW, act, who))


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def test_statement_stands_with_who_said_it_and_what_it_does(as_person: As, caucus: Opened) -> None:
    told = Reported(last=now(), by=LEADER)
    act = StatementPublished(person=LEADER, announces_outcome=True, text=SAID)
    must(perform(caucus.organisation, ROW, act, RESPONDENT, reported=told))
    page = as_person(COMPLAINANT).get(REGISTER).content.decode()
    assert SAID in page
    assert "announces an outcome" in page
    assert "names the respondent" not in page
    assert LEADER in page
    assert "reported" in page


def test_what_is_registered_here_has_no_flag_that_was_not_given(as_person: As, caucus: Opened) -> None:
    do(caucus, StatementPublished(office="leader", text=SAID))
    page = as_person(COMPLAINANT).get(REGISTER).content.decode()
    assert SAID in page
    assert "announces an outcome" not in page


def test_comment_that_was_sought_can_be_given_and_is_overdue_only_without_it(as_person: As, caucus: Opened) -> None:
    asked = do(caucus, CommentSought(person=LEADER, by_at=now() + timedelta(days=2), text="Is it so?"), MANAGER)
    page = as_person(RESPONDENT).get(REGISTER).content.decode()
    assert f"/acts/comment.given/?a-request={asked}" in page
    later = now() + timedelta(days=3)
    (comment,) = find_statements(caucus.organisation, ROW, RESPONDENT, now=later).comments
    assert (comment.is_overdue, comment.is_declined, comment.answered_at) == (True, False, None)
    do(caucus, CommentGiven(request=asked, text="It is not."))
    (comment,) = find_statements(caucus.organisation, ROW, RESPONDENT, now=later).comments
    assert (comment.is_overdue, comment.answer) == (False, "It is not.")


def test_declined_comment_is_told_as_declined(as_person: As, caucus: Opened) -> None:
    asked = do(caucus, CommentSought(office="leader"), MANAGER)
    do(caucus, CommentDeclined(request=asked))
    page = as_person(RESPONDENT).get(REGISTER).content.decode()
    assert "declined" in page
    assert "comment.given/?a-request" not in page


def test_empty_register_says_so(as_person: As) -> None:
    assert "No statement is registered" in as_person(RESPONDENT).get(REGISTER).content.decode()


@pytest.mark.parametrize(("person", "status"), [(STRANGER, 404), (MEMBER, 200), (MANAGER, 200)])
def test_register_is_open_to_whoever_has_a_part(as_person: As, person: str, status: int) -> None:
    assert as_person(person).get(REGISTER).status_code == status
    assert as_person(person).get("/caucus/matters/nowhere/statements/").status_code == 404


def test_reply_stands_beside_what_it_replies_to(as_person: As, caucus: Opened) -> None:
    said = do(caucus, StatementPublished(office="leader", text=SAID))
    browser = as_person(RESPONDENT)
    page = browser.get(REGISTER).content.decode()
    assert f"/acts/statement.published/?a-reply_to={said}" in page
    form = browser.get(f"/caucus/matters/row/acts/statement.published/?a-reply_to={said}").content.decode()
    assert f'<option value="{said}" selected' in form
    reply = do(caucus, StatementPublished(person=RESPONDENT, text="It has not.", reply_to=said))
    found = find_statements(caucus.organisation, ROW, COMPLAINANT, now=now()).statements
    assert [(one.seq, one.reply_to, one.replies) for one in found] == [(reply, said, ()), (said, None, (reply,))]
    assert "A reply to" in as_person(COMPLAINANT).get(REGISTER).content.decode()


def test_reply_to_what_is_no_statement_is_refused(caucus: Opened) -> None:
    act = StatementPublished(person=RESPONDENT, text="It has not.", reply_to=0)
    ruled = perform(caucus.organisation, ROW, act, RESPONDENT).ruling
    assert isinstance(ruled, Refused)
    assert ruled.code == "reference.unknown"
