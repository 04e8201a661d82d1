"""Letters on their way out: sent outside requests, tried again, given up, shown where stuck, never readable."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client, override_settings
from django.utils import timezone, translation

from alteram.core.kernel.identifiers import PersonId
from alteram.installation.models import Account, SignInLink
from alteram.installation.outgoing import OutgoingLetter, find_stuck, queue_link, queue_reset, queue_told
from alteram.installation.posting import send_letters
from alteram.installation.signing_in import invite
from tests.web.conftest import As
from tests.web.scenes import CAUCUS, MEMBER, RESPONDENT, WHIP

MAIL = "/caucus/members/mail/"


class Refusing(EmailBackend):
    """A mail server that says no: for a while, or for good."""

    code = 450

    def send_messages(self, messages: object) -> int:
        raise smtplib.SMTPRecipientsRefused({"member@caucus.invalid": (self.code, b"not here: member@caucus.invalid")})


class RefusingForGood(Refusing):
    code = 550


class Away(EmailBackend):
    def open(self) -> bool:
        raise ConnectionRefusedError


@pytest.fixture
def account(as_person: As) -> Account:
    as_person(MEMBER)
    account = Account.objects.get(memberships__person=MEMBER)
    assert queue_link(account, organisation=CAUCUS, title="The caucus")
    return account


def _by(backend: type) -> override_settings:
    return override_settings(EMAIL_BACKEND=f"{__name__}.{backend.__name__}")


@pytest.mark.parametrize("backend", [Refusing, Away])
def test_letter_that_does_not_leave_is_tried_again_later_and_then_leaves(account: Account, backend: type) -> None:
    now = timezone.now()
    with _by(backend):
        assert send_letters(now=now) == 0
        assert send_letters(now=now + timedelta(seconds=59)) == 0
    row = OutgoingLetter.objects.get()
    assert (row.tries, row.given_up_at, row.due_at) == (1, None, now + timedelta(minutes=1))
    assert send_letters(now=now + timedelta(minutes=1)) == 1
    assert [one.to for one in mail.outbox] == [[account.email]]
    assert send_letters(now=now + timedelta(hours=1)) == 0


def test_letter_is_given_up_after_four_days_and_not_before(account: Account) -> None:
    now, at = timezone.now(), timedelta(0)
    with _by(Refusing):
        while not OutgoingLetter.objects.exclude(given_up_at=None).exists():
            send_letters(now=now + at)
            at += timedelta(hours=1)
            assert at < timedelta(days=5)
    assert at > timedelta(days=3, hours=12)


def test_address_that_is_refused_for_good_is_not_tried_again(account: Account) -> None:
    with _by(RefusingForGood):
        send_letters(now=timezone.now())
    assert OutgoingLetter.objects.get().given_up_at is not None


def test_letter_that_another_process_has_taken_is_not_sent_twice(account: Account) -> None:
    now = timezone.now()
    OutgoingLetter.objects.update(due_at=now + timedelta(minutes=5), tries=1)
    assert send_letters(now=now) == 0


def test_nothing_that_opens_anything_is_kept_while_a_letter_waits(account: Account) -> None:
    queue_reset(account)
    assert not SignInLink.objects.exists()
    kept = str(list(OutgoingLetter.objects.values()))
    assert "sign-in" not in kept
    assert "reset/key" not in kept
    assert account.email not in kept


def test_what_the_mail_server_said_is_not_kept(account: Account) -> None:
    with _by(Refusing):
        send_letters(now=timezone.now())
    assert OutgoingLetter.objects.get().problem == "SMTPRecipientsRefused"


def test_letter_to_an_account_that_was_closed_does_not_leave(account: Account) -> None:
    Account.objects.update(is_active=False)
    assert send_letters(now=timezone.now()) == 0
    assert OutgoingLetter.objects.get().problem == "AccountClosed"


def test_letter_is_written_in_the_language_it_was_asked_for_in(account: Account) -> None:
    with translation.override("mi"):
        queue_link(account)
    assert list(OutgoingLetter.objects.order_by("pk").values_list("language", flat=True)) == ["en", "mi"]


def test_one_organisation_uses_up_no_links_of_another_and_none_that_their_owner_asks_for(account: Account) -> None:
    while queue_link(account, organisation="elsewhere", title="Elsewhere"):
        pass
    assert queue_link(account, organisation=CAUCUS, title="The caucus")
    assert queue_link(account)


# -- the page


def test_page_says_what_is_stuck_and_why_and_lets_it_be_tried_again_or_dropped(account: Account, as_person: As) -> None:
    whip = as_person(WHIP)
    with _by(RefusingForGood):
        send_letters(now=timezone.now())
    page = whip.get(MAIL).content.decode()
    assert "The mail server refuses this address." in page
    assert "given up" in page
    assert account.email in page
    number = OutgoingLetter.objects.get().pk
    assert whip.post(f"{MAIL}{number}/again/").status_code == 302
    assert send_letters(now=timezone.now()) == 1
    assert "Nothing is stuck." in whip.get(MAIL).content.decode()
    queue_link(account, organisation=CAUCUS, title="The caucus")
    assert whip.post(f"{MAIL}{OutgoingLetter.objects.latest('pk').pk}/drop/").status_code == 302
    assert not find_stuck(CAUCUS).exists()


def test_letter_that_warns_somebody_is_dropped_by_nobody(account: Account, as_person: As) -> None:
    queue_told(OutgoingLetter.RECOVERED, account.email, organisation=CAUCUS, title="The caucus")
    warning = OutgoingLetter.objects.get(kind=OutgoingLetter.RECOVERED)
    assert as_person(WHIP).post(f"{MAIL}{warning.pk}/drop/").status_code == 404
    assert OutgoingLetter.objects.filter(pk=warning.pk).exists()


def test_page_is_for_officers_and_shows_no_letters_of_others(account: Account, as_person: As) -> None:
    for person in (RESPONDENT, MEMBER):
        assert as_person(person).get(MAIL).status_code == 404
    number = OutgoingLetter.objects.get().pk
    assert as_person(RESPONDENT).post(f"{MAIL}{number}/again/").status_code == 404
    assert as_person(RESPONDENT).post(f"{MAIL}{number}/drop/").status_code == 404
    assert Client().get(MAIL).status_code == 302
    other = invite("elsewhere", PersonId("x"), "x@elsewhere.invalid")
    queue_link(other, organisation="elsewhere", title="Elsewhere")
    queue_link(account)
    assert "x@elsewhere.invalid" not in as_person(WHIP).get(MAIL).content.decode()
    assert find_stuck(CAUCUS).count() == 1
    theirs = OutgoingLetter.objects.get(organisation="elsewhere").pk
    assert as_person(WHIP).post(f"{MAIL}{theirs}/drop/").status_code == 404
