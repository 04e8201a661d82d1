"""Letting somebody in again where no second officer is left, or where the account opens another organisation too."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.test import Client
from django.utils import timezone

from alteram.core.kernel.identifiers import PersonId
from alteram.installation.models import Account, DirectoryEntry, Membership
from alteram.installation.recovery import DELAY, settle_due
from alteram.installation.setup_code import get_setup_code
from alteram.installation.sign_in_models import Recovery
from alteram.installation.signing_in import invite
from tests.web.conftest import As, post_letters
from tests.web.scenes import CAUCUS, CUSTODIAN, MEMBER, RESPONDENT, STRANGER, WHIP

RECOVERIES = "/caucus/recoveries/"
OPERATOR = f"{RECOVERIES}operator/"
NEW = "new@caucus.invalid"
WHY = {"email": NEW, "reason": "I know them for years."}


@pytest.fixture
def account(as_person: As) -> Account:
    """The only officer who could, with an authenticator that is lost."""
    as_person(WHIP)
    as_person(MEMBER)
    account = Account.objects.get(memberships__person=WHIP)
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    return account


def _ask() -> Recovery:
    answer = Client().post(OPERATOR, {"code": get_setup_code(), "person": WHIP, **WHY})
    assert answer.status_code == 200
    return Recovery.objects.get()


def _settle(days: float) -> int:
    return settle_due(CAUCUS, "The caucus", at=timezone.now() + timedelta(days=days))


def test_whoever_runs_the_machine_asks_and_everybody_is_told_at_every_address(account: Account) -> None:
    DirectoryEntry.objects.create(organisation=CAUCUS, person="no-account", email="paper@caucus.invalid")
    DirectoryEntry.objects.filter(person=WHIP).update(email="other@caucus.invalid")
    asked = _ask()
    assert (asked.asked_by, asked.settled_at) == ("", None)
    post_letters()
    told = {one.to[0] for one in mail.outbox}
    assert {account.email, "other@caucus.invalid", f"{MEMBER}@caucus.invalid", "paper@caucus.invalid"} <= told
    assert not any(WHIP in str(one.body) or NEW in str(one.body) for one in mail.outbox)
    assert Authenticator.objects.filter(user=account).exists()


def test_it_happens_after_a_week_and_not_before(account: Account) -> None:
    _ask()
    assert _settle(DELAY.days - 0.01) == 0
    assert Authenticator.objects.filter(user=account).exists()
    assert _settle(DELAY.days + 0.01) == 1
    account.refresh_from_db()
    assert account.email == NEW
    assert not Authenticator.objects.filter(user=account).exists()
    done = Recovery.objects.get()
    assert (done.settled_by, done.agreed) == ("", True)
    assert _settle(DELAY.days + 1) == 0


@pytest.mark.parametrize("person", [MEMBER, WHIP, RESPONDENT])
def test_anybody_on_the_roll_objects_the_person_too_and_nothing_changes(
    account: Account, as_person: As, person: PersonId
) -> None:
    asked = _ask()
    assert "Happens by itself" in as_person(person).get(RECOVERIES).content.decode()
    assert as_person(person).post(f"{RECOVERIES}{asked.pk}/object/").status_code == 302
    assert _settle(DELAY.days + 1) == 0
    done = Recovery.objects.get()
    assert (done.settled_by, done.agreed) == (person, False)
    assert Authenticator.objects.filter(user=account).exists()


def test_who_is_not_on_the_roll_sees_nothing_of_it_and_cannot_object(account: Account, as_person: As) -> None:
    asked = _ask()
    assert as_person(STRANGER).get(RECOVERIES).status_code == 404
    assert as_person(STRANGER).post(f"{RECOVERIES}{asked.pk}/object/").status_code == 404
    assert _settle(DELAY.days + 1) == 1


def test_member_is_not_shown_where_the_link_goes_and_no_recovery_between_officers(
    account: Account, as_person: As
) -> None:
    _ask()
    page = as_person(MEMBER).get(RECOVERIES).content.decode()
    assert NEW not in page
    assert WHY["reason"] not in page
    Recovery.objects.update(ready_at=None)
    assert as_person(MEMBER).get(RECOVERIES).status_code == 404
    assert as_person(MEMBER).post(f"{RECOVERIES}{Recovery.objects.get().pk}/object/").status_code == 404


def test_officer_who_agrees_is_the_second_and_it_needs_no_week(account: Account, as_person: As) -> None:
    asked = _ask()
    assert as_person(MEMBER).post(f"{RECOVERIES}{asked.pk}/agree/").status_code == 404
    as_person(CUSTODIAN).post(f"{RECOVERIES}{asked.pk}/agree/")
    assert Recovery.objects.get().settled_by == CUSTODIAN
    account.refresh_from_db()
    assert account.email == NEW


def test_without_the_setup_code_nothing_is_asked_and_the_code_serves_once(account: Account) -> None:
    code = get_setup_code()
    for wrong in ("", "xxxx-xxxx"):
        assert Client().post(OPERATOR, {"code": wrong, "person": WHIP, **WHY}).status_code == 422
    assert not Recovery.objects.exists()
    _ask()
    assert Client().post(OPERATOR, {"code": code, "person": MEMBER, **WHY}).status_code == 422
    assert Recovery.objects.count() == 1


def test_operator_is_told_that_one_is_open_or_that_nobody_is_known(account: Account) -> None:
    _ask()
    form = {"code": get_setup_code(), "person": WHIP, **WHY}
    assert Client().post(OPERATOR, form).status_code == 422
    assert Client().post(OPERATOR, {**form, "person": "nobody"}).status_code == 422


def test_page_for_whoever_runs_the_machine_stands_in_our_frame(account: Account) -> None:
    page = Client().get(OPERATOR)
    assert (page.status_code, page.content.decode().count("<h1")) == (200, 1)


# -- accounts that open another organisation


@pytest.fixture
def in_two(account: Account) -> Account:
    Membership.objects.create(organisation="elsewhere", person="x", account=account)
    return account


def _two_agree(as_person: As) -> None:
    answer = as_person(CUSTODIAN).post(f"/caucus/members/person/{WHIP}/recovery/", WHY)
    assert answer.status_code == 302
    as_person("chair").post(f"{RECOVERIES}{Recovery.objects.get().pk}/agree/")


def test_account_in_two_organisations_is_given_back_for_the_one_that_agreed_alone(
    in_two: Account, as_person: As
) -> None:
    theirs = as_person(WHIP)
    _two_agree(as_person)
    assert Recovery.objects.get().agreed
    mine = Membership.objects.get(organisation=CAUCUS, person=WHIP)
    assert mine.account != in_two
    assert mine.account.email == NEW
    before = in_two.email
    in_two.refresh_from_db()
    assert in_two.email == before
    assert Authenticator.objects.filter(user=in_two).exists()
    assert Membership.objects.get(organisation="elsewhere").account == in_two
    assert theirs.get("/caucus/desk/").status_code == 404  # still signed in, and nobody here any more
    post_letters()
    assert {one.to[0] for one in mail.outbox if "/sign-in/link/" in str(one.body)} == {NEW}


def test_invitation_by_another_organisation_keeps_nobody_from_being_let_in_again(
    account: Account, as_person: As
) -> None:
    assert invite("elsewhere", PersonId("x"), account.email) == account
    _two_agree(as_person)
    assert Recovery.objects.get().agreed
    assert Membership.objects.get(organisation=CAUCUS, person=WHIP).account.email == NEW


def test_address_that_stays_with_another_organisation_is_not_taken_from_it(in_two: Account, as_person: As) -> None:
    answer = as_person(CUSTODIAN).post(f"/caucus/members/person/{WHIP}/recovery/", {**WHY, "email": in_two.email})
    assert answer.status_code == 422
    assert "Give another address of theirs." in answer.content.decode()
    assert not Recovery.objects.exists()


def test_what_cannot_be_any_more_after_a_week_is_refused(account: Account) -> None:
    _ask()
    Account.objects.create_account(NEW)
    assert _settle(DELAY.days + 1) == 0
    assert not Recovery.objects.get().agreed
