"""The nearest deadline that is somebody's own: there as long as it is open, moved by more time, and nobody else's."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from alteram.core.acts import (
    AllegationsStated,
    CommentDeclined,
    CommentSought,
    ContactMade,
    ContactPersonNamed,
    ExtensionGranted,
    NoticeServed,
    ResponseGiven,
)
from alteram.core.acts.charge import Allegation
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.operations.due_times import find_due_times
from alteram.operations.lists import MyMatter, find_my_matters
from alteram.operations.organisation import Organisation
from tests.worlds import (
    COMPLAINANT,
    M1,
    MANAGER,
    MEMBER,
    OUTSIDER,
    RESPONDENT,
    SECRETARY,
    World,
    begin_matter,
    do,
    found_small_body,
    open_world,
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_world("memory", tmp_path) as opened:
        yield opened


@pytest.fixture
def matter(world: World) -> Organisation:
    """A matter in which something is alleged."""
    organisation = world.open()
    found_small_body(organisation)
    begin_matter(organisation)
    stated = AllegationsStated(allegations=(Allegation(id="a1", breach="misconduct"),), particulars=("So.",))
    do(organisation, M1, stated, MANAGER)
    return organisation


def serve(organisation: Organisation, respond_by: datetime) -> int:
    notice = NoticeServed(to=RESPONDENT, allegations=("a1",), particulars=("So.",), respond_by=respond_by)
    seq = do(organisation, M1, notice, MANAGER).seq
    assert seq is not None
    return seq


def look(organisation: Organisation, person: PersonId) -> MyMatter:
    return next(one for one in find_my_matters(organisation, person).matters if one.row.stream == M1)


def own(organisation: Organisation, person: PersonId) -> tuple[str, datetime] | None:
    found = look(organisation, person).own
    return None if found is None else (found.due, found.at)


def test_time_to_answer_is_the_respondents_alone_and_moves_with_more_time(matter: Organisation) -> None:
    at = matter.ports.clock() + timedelta(days=20)
    notice = serve(matter, at)
    assert own(matter, RESPONDENT) == ("answer-due", at)
    assert look(matter, RESPONDENT).due_at == at
    assert own(matter, COMPLAINANT) is None
    later = at + timedelta(days=9)
    do(matter, M1, ExtensionGranted(until=later, person=RESPONDENT, reasons="They are ill."), MANAGER)
    found = look(matter, RESPONDENT).own
    assert found is not None
    assert (found.at, found.entry) == (later, notice)


def test_who_has_answered_has_no_time_to_answer_any_more(matter: Organisation) -> None:
    serve(matter, matter.ports.clock() + timedelta(days=20))
    do(matter, M1, ResponseGiven(stance="deny", allegations=("a1",), text="It was not so."), RESPONDENT)
    assert own(matter, RESPONDENT) is None


def test_new_notice_gives_a_new_time_although_the_first_was_answered(matter: Organisation) -> None:
    serve(matter, matter.ports.clock() + timedelta(days=20))
    do(matter, M1, ResponseGiven(stance="deny", allegations=("a1",), text="It was not so."), RESPONDENT)
    later = matter.ports.clock() + timedelta(days=40)
    serve(matter, later)
    assert own(matter, RESPONDENT) == ("answer-due", later)


def test_time_that_has_passed_is_still_told(world: World, matter: Organisation) -> None:
    at = matter.ports.clock() + timedelta(days=20)
    serve(matter, at)
    world.clock.pass_time(days=30)
    assert own(matter, RESPONDENT) == ("answer-due", at)
    assert own(matter, MANAGER) == ("no-response", at)


def test_comment_is_due_from_who_was_asked_until_they_decline(matter: Organisation) -> None:
    at = matter.ports.clock() + timedelta(days=2)
    asked = do(matter, M1, CommentSought(person=COMPLAINANT, by_at=at), MANAGER).seq
    assert asked is not None
    assert own(matter, COMPLAINANT) == ("comment-due", at)
    assert own(matter, RESPONDENT) is None
    do(matter, M1, CommentDeclined(request=asked), COMPLAINANT)
    assert own(matter, COMPLAINANT) is None


def test_promised_contact_is_due_from_who_handles_the_matter_and_the_nearest_is_told(
    world: World, matter: Organisation
) -> None:
    do(matter, M1, ContactPersonNamed(person=MEMBER, for_person=RESPONDENT, every_days=14), MANAGER)
    do(matter, M1, ContactPersonNamed(person=MEMBER, for_person=COMPLAINANT, every_days=7), MANAGER)
    begun = matter.ports.clock()
    assert own(matter, MANAGER) == ("contact-promised", begun + timedelta(days=7))
    world.clock.pass_time(days=5)
    do(matter, M1, ContactMade(person=COMPLAINANT), MEMBER)
    assert own(matter, MANAGER) == ("contact-promised", begun + timedelta(days=12))
    assert own(matter, MEMBER) == ("contact-promised", begun + timedelta(days=12))
    assert own(matter, RESPONDENT) is None


def test_contact_that_another_promised_is_nothing_of_ones_own(matter: Organisation) -> None:
    do(matter, M1, ContactPersonNamed(person=MEMBER, for_person=RESPONDENT, every_days=14), MANAGER)
    do(matter, M1, ContactPersonNamed(person=OUTSIDER, for_person=COMPLAINANT, every_days=7), MANAGER)
    begun = matter.ports.clock()
    assert own(matter, MEMBER) == ("contact-promised", begun + timedelta(days=14))
    assert own(matter, OUTSIDER) == ("contact-promised", begun + timedelta(days=7))


def test_matter_with_a_deadline_of_ones_own_comes_first_and_the_nearest_before_the_rest(world: World) -> None:
    organisation = world.open()
    found_small_body(organisation)
    for name in ("m2", "m3", "m1"):
        begin_matter(organisation, StreamId(name))
        world.clock.pass_time(days=1)
    at = organisation.ports.clock()
    for name, days in (("m1", 9), ("m3", 20)):
        stated = AllegationsStated(allegations=(Allegation(id="a1", breach="misconduct"),), particulars=("So.",))
        do(organisation, StreamId(name), stated, MANAGER)
        until = at + timedelta(days=days)
        notice = NoticeServed(to=RESPONDENT, allegations=("a1",), particulars=("So.",), respond_by=until)
        do(organisation, StreamId(name), notice, MANAGER)
    mine = [one.row.stream for one in find_my_matters(organisation, RESPONDENT).matters]
    assert mine == ["m1", "m3", "m2"]
    assert find_my_matters(organisation, RESPONDENT, limit=2).after is not None


def test_calendar_has_ones_own_deadline_and_not_the_stages_of_others(matter: Organisation) -> None:
    at = matter.ports.clock() + timedelta(days=20)
    serve(matter, at)
    assert [one.at for one in find_due_times(matter, RESPONDENT, salt="s")] == [at]
    assert find_due_times(matter, COMPLAINANT, salt="s") == ()
    assert find_due_times(matter, SECRETARY, salt="s") == ()
