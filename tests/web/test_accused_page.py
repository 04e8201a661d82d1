"""What a respondent is told at once: the day to answer, every notice that counts, and nothing as theirs that is not."""

import re
from datetime import UTC, datetime, timedelta

from alteram.bootstrap import Opened
from alteram.core.acts import Allegation, AllegationsAmended, NoticeServed, PartyJoined, SubmissionsClosed
from alteram.operations.perform import perform
from tests.web.conftest import As
from tests.web.scenes import LEADER, MANAGER, RESPONDENT, ROW, must

PAGE = "/caucus/matters/row/"


def read(as_person: As, person: str) -> str:
    return as_person(person).get(PAGE).content.decode()


def test_day_to_answer_stands_before_the_charges(as_person: As) -> None:
    page = read(as_person, RESPONDENT)
    assert page.index("Until when you may answer:") < page.index('class="card charge"')
    assert 'id="answer-by"' in page


def test_notice_served_before_the_newest_is_told_with_a_way_to_it(as_person: As, caucus: Opened) -> None:
    assert "You were served with others before" not in read(as_person, RESPONDENT)
    soon = datetime.now(UTC).replace(microsecond=0)
    again = NoticeServed(
        to=RESPONDENT,
        allegations=("a1",),
        particulars=("On 3 March, in the meeting room.",),
        worst_sanction="expulsion",
        jeopardy="A seat.",
        respond_by=soon + timedelta(days=40),
        hearing_at=soon + timedelta(days=70),
        states_companion=True,
        states_presumption=True,
    )
    must(perform(caucus.organisation, ROW, again, MANAGER))
    page = read(as_person, RESPONDENT)
    told = page[page.index("You were served with others before") :]
    assert re.search(r'href="/caucus/matters/row/timeline/10/"', told[:400])


def test_what_is_stated_and_not_served_is_not_told_as_ones_own(as_person: As, caucus: Opened) -> None:
    must(perform(caucus.organisation, ROW, PartyJoined(person=LEADER, role="respondent"), MANAGER))
    page = read(as_person, LEADER)
    assert "some of it may be about somebody else" in page
    assert "some of it may be about somebody else" not in read(as_person, RESPONDENT)


def test_who_closed_their_case_is_not_asked_for_an_answer(as_person: As, caucus: Opened) -> None:
    assert "You have not answered yet" in read(as_person, RESPONDENT)
    must(perform(caucus.organisation, ROW, SubmissionsClosed(side="respondent"), RESPONDENT))
    page = read(as_person, RESPONDENT)
    assert "You have not answered yet" not in page
    assert "You said that you have nothing more to say" in page


def test_what_is_missing_is_offered_to_whose_it_is_and_told_to_others_by_whose(as_person: As) -> None:
    page = read(as_person, MANAGER)
    due = page[page.index('id="due"') :]
    due = due[: due.index("</section>")]
    rows = re.findall(r"<li>(.*?)</li>", due, re.DOTALL)
    assert any("<a href" in row for row in rows)
    theirs = [row for row in rows if "<a href" not in row]
    assert theirs
    assert all("case manager ·" not in row for row in theirs)


def test_days_of_an_allegation_are_shown_as_days(as_person: As, caucus: Opened) -> None:
    on = (datetime.now(UTC) - timedelta(days=200)).date()  # after the rules were published, whenever this runs
    amended = AllegationsAmended(
        allegations=(Allegation(id="a1", breach="conduct-towards-colleagues", first_on=on),),
        particulars=("On 3 March, in the meeting room.",),
    )
    seq = must(perform(caucus.organisation, ROW, amended, MANAGER))
    page = as_person(MANAGER).get(f"{PAGE}timeline/{seq}/").content.decode()
    assert on.isoformat() not in page
    assert f"{on:%B %Y}" in page
