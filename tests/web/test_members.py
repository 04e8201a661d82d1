"""The roll for its secretary, letting somebody in again by two, and health for whoever holds an office."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alteram.bootstrap import Opened
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId
from alteram.installation.machine import note_jobs_seen
from alteram.installation.models import Account, DirectoryEntry, Membership
from alteram.installation.sign_in_models import Recovery
from alteram.installation.signing_in import make_link
from tests.web.conftest import As, post_letters, prove
from tests.web.scenes import CAUCUS, CHAIR, CUSTODIAN, MANAGER, MEMBER, RESPONDENT, STRANGER, WHIP
from tests.web.scenes import MEMBERS as MEMBERS_ALL

MEMBERS, ADD, RECOVERIES, HEALTH = "/caucus/members/", "/caucus/members/add/", "/caucus/recoveries/", "/caucus/health/"
AGREEMENTS = "/caucus/agreements/"
ASK = f"/caucus/members/person/{MEMBER}/recovery/"
WHY = {"email": "new@caucus.invalid", "reason": "I rang the number I have had for years."}


def _members(caucus: Opened) -> frozenset[PersonId]:
    return caucus.organisation.facts(ORGANISATION_STREAM, fresh=True).roll.members


# -- who may


@pytest.mark.parametrize("address", [MEMBERS, ADD, f"/caucus/members/person/{MEMBER}/"])
def test_roll_is_open_to_the_secretary_only(as_person: As, address: str) -> None:
    assert as_person(WHIP).get(address).status_code == 200
    for other in (MEMBER, MANAGER, CHAIR, STRANGER):
        assert as_person(other).get(address).status_code == 404


@pytest.mark.parametrize("address", [RECOVERIES, HEALTH, AGREEMENTS, ASK])
def test_pages_of_officers_are_open_to_whoever_holds_an_office(as_person: As, address: str) -> None:
    for officer in (WHIP, CHAIR, CUSTODIAN):
        assert as_person(officer).get(address).status_code == 200
    for other in (MEMBER, MANAGER, RESPONDENT, STRANGER):
        assert as_person(other).get(address).status_code == 404


def test_pages_are_offered_to_whom_they_are_open(as_person: As) -> None:
    assert MEMBERS in as_person(WHIP).get("/caucus/").content.decode()
    chair, member = (as_person(one).get("/caucus/").content.decode() for one in (CHAIR, MEMBER))
    assert HEALTH in chair
    assert MEMBERS not in chair
    assert HEALTH not in member


def test_whoever_has_not_signed_in_is_asked_to(caucus: Opened, db: None) -> None:
    for address in (MEMBERS, ADD, RECOVERIES, HEALTH):
        assert Client().get(address).status_code == 302


# -- the roll


def test_people_are_added_once_another_agreed_and_sent_a_link(as_person: As, caucus: Opened) -> None:
    secretary, chair = as_person(WHIP), as_person(CHAIR)
    secretary.post(ADD, {"people": "new-1,A new one,new-1@caucus.invalid\nnew-2,,\n"})
    (waits,) = secretary.get(AGREEMENTS).context["waiting"]
    address = f"{AGREEMENTS}{waits.awaited.number}"
    secretary.post(f"{address}/agree/")  # nobody agrees to their own
    secretary.post(f"{address}/record/")
    assert "new-1" not in _members(caucus)
    assert as_person(MEMBER).post(f"{address}/agree/").status_code == 404
    chair.post(f"{address}/agree/")
    assert chair.post(f"{address}/record/").status_code == 404
    assert secretary.get(AGREEMENTS).context["waiting"][0].refused is None
    secretary.post(f"{address}/record/")
    assert {"new-1", "new-2"} < _members(caucus)
    assert not secretary.get(AGREEMENTS).context["waiting"]
    post_letters()
    assert [one.to for one in mail.outbox] == [["new-1@caucus.invalid"]]
    assert Membership.objects.filter(person="new-1").exists()
    assert not Membership.objects.filter(person="new-2").exists()


def test_stranger_to_the_roll_adds_nobody(as_person: As, caucus: Opened) -> None:
    assert as_person(MEMBER).post(ADD, {"people": "new-1,,\n"}).status_code == 404
    assert "new-1" not in _members(caucus)


def test_list_that_does_not_fit_adds_nobody_and_stays(as_person: As, caucus: Opened) -> None:
    response = as_person(WHIP).post(ADD, {"people": "new-1,,\nNEW 2,,\n"})
    assert response.status_code == 422
    assert "Line 2:" in response.content.decode()
    assert "new-1" not in _members(caucus)


def test_address_of_somebody_else_is_refused(as_person: As, caucus: Opened) -> None:
    as_person(CHAIR)
    response = as_person(WHIP).post(ADD, {"people": f"new-1,,{CHAIR}@caucus.invalid\n"})
    assert response.status_code == 422
    assert "new-1" not in _members(caucus)


def test_members_listed_again_are_not_recorded_again(as_person: As, caucus: Opened) -> None:
    before = caucus.organisation.facts(ORGANISATION_STREAM, fresh=True).organisation.head_seq
    assert as_person(WHIP).post(ADD, {"people": f"{MEMBER},What they are called,\n"}).status_code == 302
    assert caucus.organisation.facts(ORGANISATION_STREAM, fresh=True).organisation.head_seq == before
    assert DirectoryEntry.objects.get(person=MEMBER).name == "What they are called"


def test_secretary_never_sees_or_redirects_a_link(as_person: As) -> None:
    as_person(MEMBER)
    secretary = as_person(WHIP)
    page = secretary.post(f"/caucus/members/person/{MEMBER}/invite/", follow=True).content.decode()
    assert "sign-in/link" not in page
    post_letters()
    assert [one.to for one in mail.outbox] == [[f"{MEMBER}@caucus.invalid"]]
    secretary.post(f"/caucus/members/person/{MEMBER}/", {"name": "N", "post": "", "email": "mine@caucus.invalid"})
    secretary.post(ADD, {"people": f"{MEMBER},N,mine@caucus.invalid\n"})
    assert Account.objects.get(memberships__person=MEMBER).email == f"{MEMBER}@caucus.invalid"
    assert DirectoryEntry.objects.get(person=MEMBER).email == f"{MEMBER}@caucus.invalid"


def test_nobody_is_invited_who_is_not_on_the_roll(as_person: As) -> None:
    assert as_person(WHIP).post("/caucus/members/person/nobody/invite/").status_code == 404


def test_people_are_found_by_what_they_are_called(as_person: As) -> None:
    secretary = as_person(WHIP)
    DirectoryEntry.objects.create(organisation=CAUCUS, person=MEMBER, name="Somebody tall")
    rows = secretary.get(f"{MEMBERS}?q=TALL").context["rows"]
    assert [one.person for one in rows] == [MEMBER]


def test_office_is_filled_through_the_form_of_the_catalogue(as_person: As, caucus: Opened) -> None:
    address = "/caucus/members/acts/office.filled/"
    page = as_person(WHIP).get(f"{address}?a-office=junior-whip").content.decode()
    assert 'value="junior-whip"' in page
    response = as_person(WHIP).post(address, {"a-office": "junior-whip", "a-person": MEMBER})
    assert response.status_code == 302
    assert caucus.organisation.facts(ORGANISATION_STREAM, fresh=True).roll.holder("junior-whip") == MEMBER
    assert as_person(RESPONDENT).get(address).status_code == 404
    assert as_person(WHIP).get("/caucus/members/acts/record-key.rotated/").status_code == 404


def test_office_that_handles_matters_waits_for_another_and_can_be_withdrawn(as_person: As, caucus: Opened) -> None:
    secretary = as_person(WHIP)
    secretary.post("/caucus/members/acts/office.filled/", {"a-office": "custodian", "a-person": MEMBER})
    (waits,) = secretary.get(AGREEMENTS).context["waiting"]
    assert "<dd>custodian</dd>" in as_person(CHAIR).get(AGREEMENTS).content.decode()
    assert as_person(CHAIR).post(f"{AGREEMENTS}{waits.awaited.number}/withdraw/").status_code == 404
    secretary.post(f"{AGREEMENTS}{waits.awaited.number}/withdraw/")
    assert not secretary.get(AGREEMENTS).context["waiting"]
    assert caucus.organisation.facts(ORGANISATION_STREAM, fresh=True).roll.holder("custodian") == CUSTODIAN


def test_same_act_waits_once(as_person: As) -> None:
    secretary = as_person(WHIP)
    for _ in range(2):
        secretary.post(ADD, {"people": "new-1,,\n"})
    assert len(secretary.get(AGREEMENTS).context["waiting"]) == 1


# -- letting somebody in again


@pytest.fixture
def locked_out(as_person: As) -> Account:
    """Somebody with a passphrase, codes and an open session, all lost."""
    as_person(MEMBER)
    account = Account.objects.get(memberships__person=MEMBER)
    account.set_unusable_password()
    account.save()
    TOTP.activate(account, "JBSWY3DPEHPK3PXP")
    return account


def _open(as_person: As) -> str:
    assert as_person(WHIP).post(ASK, WHY).status_code == 302
    return f"{RECOVERIES}{Recovery.objects.get().pk}"


def test_two_people_let_somebody_in_again_and_all_of_it_is_kept(as_person: As, locked_out: Account) -> None:
    theirs = as_person(MEMBER)
    old_link = make_link(locked_out)
    address = _open(as_person)
    assert WHY["reason"] in as_person(CUSTODIAN).get(RECOVERIES).content.decode()
    as_person(CUSTODIAN).post(f"{address}/agree/")
    done = Recovery.objects.get()
    assert (done.asked_by, done.settled_by, done.agreed) == (WHIP, CUSTODIAN, True)
    assert done.settled_at is not None
    locked_out.refresh_from_db()
    assert locked_out.email == WHY["email"]
    assert not Authenticator.objects.filter(user=locked_out).exists()
    assert theirs.get("/caucus/").status_code == 302
    assert Client().post(f"/sign-in/link/{old_link}/").status_code == 410
    post_letters()
    letters = {(one.to[0], "/sign-in/link/" in str(one.body)) for one in mail.outbox}
    assert letters == {(f"{MEMBER}@caucus.invalid", False), (WHY["email"], False), (WHY["email"], True)}


def test_one_person_alone_lets_nobody_in(as_person: As, locked_out: Account) -> None:
    address = _open(as_person)
    as_person(WHIP).post(f"{address}/agree/")
    assert Recovery.objects.get().settled_at is None
    assert Authenticator.objects.filter(user=locked_out).exists()
    post_letters()
    assert not mail.outbox


def test_who_asks_with_another_address_is_told_that_one_is_open(as_person: As, locked_out: Account) -> None:
    _open(as_person)
    assert as_person(CUSTODIAN).post(ASK, WHY).status_code == 302
    other = as_person(CUSTODIAN).post(ASK, {**WHY, "email": "other@caucus.invalid"})
    assert other.status_code == 422
    assert "with another address" in other.content.decode()
    assert (Recovery.objects.get().email, Recovery.objects.get().asked_by) == (WHY["email"], WHIP)


def test_nobody_asks_or_agrees_for_themselves(as_person: As) -> None:
    own = f"/caucus/members/person/{CUSTODIAN}/recovery/"
    assert as_person(CUSTODIAN).post(own, WHY).status_code == 422
    as_person(WHIP).post(own, WHY)
    as_person(CUSTODIAN).post(f"{RECOVERIES}{Recovery.objects.get().pk}/agree/")
    assert Recovery.objects.get().settled_at is None


def test_stranger_and_member_agree_to_nothing(as_person: As, locked_out: Account) -> None:
    address = _open(as_person)
    for other in (RESPONDENT, STRANGER):
        assert as_person(other).post(f"{address}/agree/").status_code == 404
        assert as_person(other).post(f"{address}/refuse/").status_code == 404
    assert Recovery.objects.get().settled_at is None


def test_refused_recovery_changes_nothing_and_cannot_be_agreed_to_afterwards(
    as_person: As, locked_out: Account
) -> None:
    address = _open(as_person)
    as_person(CHAIR).post(f"{address}/refuse/")
    as_person(CUSTODIAN).post(f"{address}/agree/")
    assert not Recovery.objects.get().agreed
    assert Authenticator.objects.filter(user=locked_out).exists()


def test_link_never_goes_to_the_address_of_somebody_else(as_person: As, locked_out: Account) -> None:
    as_person(CHAIR)
    assert as_person(WHIP).post(ASK, {**WHY, "email": f"{CHAIR}@caucus.invalid"}).status_code == 422


def test_agreeing_asks_again_who_it_is_when_signed_in_long_ago(as_person: As, locked_out: Account) -> None:
    address = _open(as_person)
    custodian = as_person(CUSTODIAN)
    prove(custodian, Account.objects.get(memberships__person=CUSTODIAN), ago=3600)
    assert custodian.post(f"{address}/agree/")["Location"] == f"/sign-in/again/?next={RECOVERIES}"
    assert Recovery.objects.get().settled_at is None


# -- health


def test_health_tells_log_witnesses_jobs_and_mail(as_person: As, caucus: Opened) -> None:
    custodian = as_person(CUSTODIAN)
    before = custodian.get(HEALTH)
    assert not before.context["machine"].jobs_work
    assert before.context["machine"].database_is_safe
    assert "Nobody outside confirms what the log says" in before.content.decode()
    note_jobs_seen(CAUCUS, caucus)
    after = custodian.get(HEALTH).context
    assert after["machine"].jobs_work
    assert after["health"].is_up_to_date
    assert after["health"].published == after["health"].size > 0


def test_health_says_how_much_waits_for_the_log(as_person: As, caucus: Opened) -> None:
    as_person(WHIP).post("/caucus/members/acts/office.filled/", {"a-office": "junior-whip", "a-person": MEMBER})
    assert as_person(CUSTODIAN).get(HEALTH).context["health"].pending == 1


def test_page_of_members_asks_the_database_no_more_for_more_people(as_person: As) -> None:
    secretary = as_person(WHIP)
    with CaptureQueriesContext(connection) as few:
        secretary.get(MEMBERS)
    for person in MEMBERS_ALL:
        as_person(person)
        DirectoryEntry.objects.update_or_create(organisation=CAUCUS, person=person, defaults={"name": f"{person}, N"})
    with CaptureQueriesContext(connection) as many:
        secretary.get(MEMBERS)
    assert len(many) <= len(few) <= 16
