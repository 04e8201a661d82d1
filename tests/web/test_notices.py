"""Notices: who is told, how often, by which way, and that a mail says nothing."""

import smtplib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError

from alteram.bootstrap import Opened
from alteram.core.acts import ReportLodged, ResponseGiven
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.installation.jobs import running, telling
from alteram.installation.notices import (
    GATHERED,
    GIVEN_UP_AFTER,
    count_given_up,
    find_pause,
    keep_preference,
    queue_notices,
    send_notices,
)
from alteram.installation.signing_in import invite
from alteram.installation.telling import Notice
from alteram.operations.perform import perform
from alteram.operations.telling import ToTell, find_deadline, find_due_matters, find_people_to_tell
from tests.web.conftest import As
from tests.web.scenes import (
    CAUCUS,
    COMPLAINANT,
    CUSTODIAN,
    MANAGER,
    MEMBER,
    MEMBERS,
    RESPONDENT,
    ROW,
    STRANGER,
    TEXT,
    must,
)

pytestmark = pytest.mark.django_db
ANSWER = ResponseGiven(allegations=("a1",), stance="deny", text="It was not so.")
ZONE = ZoneInfo("Pacific/Auckland")


@pytest.fixture
def accounts(caucus: Opened) -> Opened:
    """The caucus, in which everybody can sign in, and nothing waits to be told."""
    for person in (*MEMBERS, STRANGER):
        invite(CAUCUS, PersonId(person), f"{person}@caucus.invalid")
    while taken := caucus.organisation.ports.store.take_outbox(caucus.organisation.ports.organisation, 100):
        caucus.organisation.ports.store.complete_outbox(caucus.organisation.ports.organisation, [n for n, _ in taken])
    return caucus


def act(opened: Opened, who: PersonId, what: Act, stream: StreamId = ROW) -> int:
    return must(perform(opened.organisation, stream, what, who))


def told() -> list[str]:
    return sorted(Notice.objects.values_list("person", flat=True))


def tell(opened: Opened) -> list[EmailMessage]:
    at = now()
    telling.tell_recorded(CAUCUS, opened)
    assert send_notices(CAUCUS, now=at) == 0  # what follows at once is told by the same mail
    send_notices(CAUCUS, now=now() + GATHERED)
    return list(mail.outbox)


def now() -> datetime:
    return datetime.now(UTC)


def test_entry_is_told_to_those_to_whom_it_is_open_and_not_to_its_author(accounts: Opened) -> None:
    sent = tell_after(accounts)
    assert RESPONDENT not in told()
    assert MEMBER not in told()
    assert STRANGER not in told()
    assert {COMPLAINANT, MANAGER} <= set(told())
    assert len(sent) == len(told())


def tell_after(opened: Opened) -> list[EmailMessage]:
    act(opened, RESPONDENT, ANSWER)
    return tell(opened)


def test_mail_says_nothing_but_where_to_sign_in(accounts: Opened) -> None:
    for one in tell_after(accounts):
        assert one.body == ("Something was recorded in a matter you have a part in. Sign in: http://127.0.0.1:8000\n")
        message = one.message()
        del message["Message-ID"]  # it holds the name of this machine
        text = str(message).lower()
        for word in ("row", "caucus/", "response", "respondent", "complain", TEXT.lower(), "a1"):
            assert word not in text.replace(f"{one.to[0]}", "")


def test_nobody_is_told_twice_after_a_crash_in_between(accounts: Opened) -> None:
    ports = accounts.organisation.ports
    act(accounts, RESPONDENT, ANSWER)
    (number, item), *_ = ports.store.take_outbox(ports.organisation, 10)
    assert item.kind == "recorded"
    telling._tell(CAUCUS, accounts, item)  # the process dies before it says that this is done
    before = told()
    tell(accounts)
    assert told() == before
    assert len(mail.outbox) == len(before)
    assert ports.store.take_outbox(ports.organisation, 10) == ()
    assert number


def test_two_entries_at_once_are_one_mail_to_a_person(accounts: Opened) -> None:
    act(accounts, RESPONDENT, ANSWER)
    act(accounts, RESPONDENT, ANSWER)
    tell(accounts)
    assert len({one.to[0] for one in mail.outbox}) == len(mail.outbox)
    assert Notice.objects.count() == 2 * len(mail.outbox)


def to_tell(person: PersonId, *, waits: bool = False, protected: bool = False) -> list[ToTell]:
    return [ToTell(person, waits, protected)]


@pytest.mark.parametrize(
    ("how", "waits", "protected", "queued"),
    [
        (None, False, False, True),
        (None, False, True, False),
        ("at-once", False, True, True),
        ("waiting", False, False, False),
        ("waiting", True, False, True),
        ("daily", False, False, True),
    ],
)
def test_preference_decides(accounts: Opened, how: str | None, waits: bool, protected: bool, queued: bool) -> None:
    if how is not None:
        keep_preference(CAUCUS, MEMBER, how)
    people = to_tell(MEMBER, waits=waits, protected=protected)
    queue_notices(CAUCUS, "row", "1", people, now=now(), zone=ZONE)
    assert bool(told()) is queued


def test_daily_notices_come_together_in_the_morning(accounts: Opened) -> None:
    keep_preference(CAUCUS, MEMBER, "daily")
    at = datetime(2026, 3, 2, 1, tzinfo=UTC)  # two in the afternoon in Auckland
    for mark in ("1", "2"):
        queue_notices(CAUCUS, "row", mark, to_tell(MEMBER), now=at, zone=ZONE)
    morning = datetime(2026, 3, 3, 7, tzinfo=ZONE).astimezone(UTC)
    assert send_notices(CAUCUS, now=morning - timedelta(seconds=1)) == 0
    assert send_notices(CAUCUS, now=morning) == 1
    assert len(mail.outbox) == 1
    assert send_notices(CAUCUS, now=morning) == 0


def test_who_has_no_account_is_not_told(accounts: Opened) -> None:
    queue_notices(CAUCUS, "row", "1", to_tell(PersonId("nobody")), now=now(), zone=ZONE)
    assert told() == []


class Failing(BaseEmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        raise smtplib.SMTPServerDisconnected


def test_mail_that_fails_is_tried_again_with_growing_pauses_and_given_up_after_days(
    accounts: Opened, settings: Any
) -> None:
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Failing"
    began = now()
    queue_notices(CAUCUS, "row", "1", to_tell(MEMBER), now=began, zone=ZONE)
    at, pauses = began + GATHERED, []
    while Notice.objects.get().given_up_at is None:
        send_notices(CAUCUS, now=at)
        pauses.append(Notice.objects.get().due_at - at)
        at = Notice.objects.get().due_at
    assert pauses[:4] == [timedelta(minutes=m) for m in (1, 2, 4, 8)]
    assert max(pauses) == timedelta(hours=6)
    assert at - began > GIVEN_UP_AFTER
    assert count_given_up(CAUCUS, now=at) == (1, 0)
    settings.EMAIL_BACKEND = backend
    assert send_notices(CAUCUS, now=at + timedelta(days=9)) == 0


def test_mail_that_failed_is_sent_later_under_the_same_name(accounts: Opened, settings: Any) -> None:
    queue_notices(CAUCUS, "row", "1", to_tell(MEMBER), now=now(), zone=ZONE)
    backend, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Failing"
    assert send_notices(CAUCUS, now=now() + GATHERED) == 0
    assert count_given_up(CAUCUS, now=now()) == (0, 1)
    settings.EMAIL_BACKEND = backend
    assert send_notices(CAUCUS, now=now() + GATHERED + find_pause(1)) == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<notice.{Notice.objects.get().pk}@127.0.0.1>"


def test_protected_reporter_is_told_only_once_they_chose(accounts: Opened) -> None:
    report = ReportLodged(identity="protected", about="practice", text="It is so.")
    seq = act(accounts, MEMBER, report, StreamId("quiet"))
    found = find_people_to_tell(accounts.organisation, StreamId("quiet"), seq)
    assert found is not None
    assert MEMBER not in {one.person for one in found.people}  # it is their own entry
    tell(accounts)
    assert CUSTODIAN in told()
    assert MEMBER not in told()


def find_due(opened: Opened) -> tuple[datetime, str]:
    deadline = find_deadline(opened.organisation, ROW)
    assert deadline is not None
    return deadline.due_at, deadline.stage


@pytest.fixture
def due(accounts: Opened) -> Callable[[timedelta], list[str]]:
    """Return who is told of deadlines at a time after the step was due."""

    def run(after: timedelta) -> list[str]:
        telling.tell_deadlines(CAUCUS, accounts, now=find_due(accounts)[0] + after)
        return sorted(Notice.objects.values_list("mark", flat=True).distinct())

    return run


def test_step_is_told_two_days_before_and_once_it_is_overdue(due: Callable[[timedelta], list[str]]) -> None:
    assert due(timedelta(days=-2, seconds=-1)) == []
    assert [one.split()[0] for one in due(timedelta(days=-2))] == ["due-soon"]
    assert [one.split()[0] for one in due(timedelta(0))] == ["due-soon"]
    assert [one.split()[0] for one in due(timedelta(seconds=1))] == ["due-soon", "overdue"]


def test_each_is_told_once(due: Callable[[timedelta], list[str]]) -> None:
    due(timedelta(days=-1))
    count = Notice.objects.count()
    due(timedelta(hours=-1))
    assert Notice.objects.count() == count
    due(timedelta(hours=1))
    overdue = Notice.objects.count()
    assert overdue > count
    due(timedelta(days=30))
    assert Notice.objects.count() == overdue


def test_after_a_long_stop_only_that_it_is_overdue_is_told(due: Callable[[timedelta], list[str]]) -> None:
    assert [one.split()[0] for one in due(timedelta(days=9))] == ["overdue"]
    assert [one.split()[0] for one in due(timedelta(days=10))] == ["overdue"]


def test_deadline_goes_to_whoever_has_the_step_even_if_they_want_nothing_else(
    accounts: Opened, due: Callable[[timedelta], list[str]]
) -> None:
    deadline = find_deadline(accounts.organisation, ROW)
    assert deadline is not None
    owners = {one.person for one in deadline.owners}
    assert owners
    for one in owners:
        keep_preference(CAUCUS, one, "waiting")
    due(timedelta(days=-1))
    assert set(told()) == owners


def test_due_matters_are_those_that_are_due(accounts: Opened) -> None:
    at = find_due(accounts)[0]
    assert [row.stream for row in find_due_matters(accounts.organisation, at)] == [ROW]
    assert list(find_due_matters(accounts.organisation, at - timedelta(seconds=1))) == []


def test_person_chooses_how_to_be_told(as_person: As) -> None:
    client = as_person(RESPONDENT)
    assert client.post("/caucus/notices/", {"n-how": "never"}).status_code == 422
    assert client.post("/caucus/notices/", {"n-how": "daily"}).status_code == 302
    page = client.get("/caucus/notices/").content.decode()
    assert 'value="daily"' in page
    assert page.count("checked") == 1
    assert "/caucus/webhooks/" not in page
    assert "/caucus/webhooks/" in as_person(CUSTODIAN).get("/caucus/notices/").content.decode()


def test_what_was_told_long_ago_is_forgotten(accounts: Opened) -> None:
    for mark, ago in (("1", telling.KEPT - timedelta(hours=1)), ("2", telling.KEPT + timedelta(hours=1))):
        queue_notices(CAUCUS, "row", mark, to_tell(MEMBER), now=now() - ago, zone=ZONE)
        Notice.objects.filter(mark=mark).update(sent_at=now() - ago)
    telling.forget_told(CAUCUS, accounts)
    assert list(Notice.objects.values_list("mark", flat=True)) == ["1"]


def test_job_that_fails_leaves_the_others_to_be_done(accounts: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def fail(_name: str, _opened: Opened) -> None:
        raise DatabaseError

    monkeypatch.setattr(running, "ROUNDS", [(fail, 0), (lambda name, _: done.append(name), 10)])
    times: dict[Any, float] = {}
    for at in (0.0, 9.9, 10.0):
        running.run_round(CAUCUS, accounts, times, at=at)
    assert done == [CAUCUS, CAUCUS]
