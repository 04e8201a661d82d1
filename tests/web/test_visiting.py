"""What entering an organisation leaves behind: known to that organisation alone; who left its roll is signed out."""

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import MemberLeft, OrganisationActAgreed
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId
from alteram.installation.models import Account, Membership
from alteram.operations.perform import perform
from alteram.operations.roll import is_on_roll
from tests.web.conftest import As, prove
from tests.web.scenes import CHAIR, INVESTIGATOR, MEMBER, PANEL, RESPONDENT, STRANGER, WHIP, must

PERSON = f"/caucus/members/person/{MEMBER}/"


def _leave(caucus: Opened, person: PersonId) -> None:
    agreed = OrganisationActAgreed(to_act="member.left", person=person)
    must(perform(caucus.organisation, ORGANISATION_STREAM, agreed, CHAIR))
    must(perform(caucus.organisation, ORGANISATION_STREAM, MemberLeft(person=person, why="resigned"), WHIP))


@pytest.mark.parametrize(
    ("person", "expected"), [(MEMBER, True), (CHAIR, True), (PANEL[0], True), (STRANGER, False), (INVESTIGATOR, False)]
)
def test_who_is_on_the_roll_is_member_officer_or_sits_in_a_body(
    caucus: Opened, person: PersonId, expected: bool
) -> None:
    assert is_on_roll(caucus.organisation, person) is expected


def test_sessions_of_who_has_left_the_roll_end_everywhere(as_person: As, caucus: Opened) -> None:
    here, there = as_person(MEMBER), as_person(MEMBER)
    assert (here.get("/caucus/").status_code, there.get("/caucus/").status_code) == (200, 200)
    _leave(caucus, MEMBER)
    answer = here.get("/caucus/desk/")
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/accounts/login/")
    assert there.get("/sign-in/devices/").status_code == 302
    again = as_person(MEMBER)  # whoever left may be a party still, and signs in for that
    assert [again.get("/caucus/").status_code for _ in range(2)] == [200, 200]


def test_session_of_somebody_else_goes_on(as_person: As, caucus: Opened) -> None:
    other = as_person(RESPONDENT)
    other.get("/caucus/")
    _leave(caucus, MEMBER)
    assert other.get("/caucus/").status_code == 200


def test_who_never_was_on_the_roll_stays_signed_in(as_person: As) -> None:
    outside = as_person(INVESTIGATOR)
    assert [outside.get("/caucus/").status_code for _ in range(2)] == [200, 200]


def test_secretary_sees_that_somebody_was_here_and_nothing_of_where_else_they_sign_in(as_person: As) -> None:
    as_person(MEMBER)
    account = Account.objects.get(memberships__person=MEMBER)
    Membership.objects.create(organisation="elsewhere", person="x", account=account)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    prove(client, account)
    client.get("/sign-in/devices/")
    assert "invited, not yet here" in as_person(WHIP).get(PERSON).content.decode()
    client.get("/caucus/")
    assert "has signed in" in as_person(WHIP).get(PERSON).content.decode()
    assert not Membership.objects.get(organisation="elsewhere").has_been_here


def test_account_off_the_roll_sees_the_statistics_that_anybody_sees(as_person: As) -> None:
    assert "median" in as_person(MEMBER).get("/caucus/statistics/").content.decode()
    assert "median" not in as_person(STRANGER).get("/caucus/statistics/").content.decode()
