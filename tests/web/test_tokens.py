"""The page of tokens: made by a person for themselves, shown once, revoked for good."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from alteram.core.acts import find_spec
from alteram.installation.grave import GRAVE
from alteram.installation.models import Account
from alteram.installation.programs import ApiToken
from alteram.installation.tokens import MOST, find_bearer
from tests.web.conftest import As, prove
from tests.web.programs import API, Program
from tests.web.scenes import CAUCUS, MEMBER, RESPONDENT

PAGE = "/caucus/tokens/"
FORM = {"t-name": "My script", "t-scopes": ["read", "export"], "t-days": "30"}


def make(client: Client) -> str:
    page = client.post(PAGE, FORM).content.decode()
    found = re.search(r"alteram_[0-9a-f]{16}_[0-9a-f]{64}", page)
    assert found is not None
    return found[0]


def ask(shown: str) -> int:
    return Client().get(f"{API}/me", headers={"authorization": f"Bearer {shown}"}).status_code


def test_token_is_shown_once_works_and_is_not_kept(as_person: As) -> None:
    client = as_person(RESPONDENT)
    shown = make(client)
    assert ask(shown) == 200
    assert shown not in client.get(PAGE).content.decode()
    row = ApiToken.objects.values().get()
    assert shown.rpartition("_")[2] not in str(row)
    assert row["scopes"] == "read export"


def test_use_is_kept_by_the_day_only(as_person: As) -> None:
    shown = make(as_person(RESPONDENT))
    assert ApiToken.objects.get().last_used_on is None
    before = timezone.now().date()
    ask(shown)
    assert ApiToken.objects.get().last_used_on in {before, timezone.now().date()}


def test_revoked_token_no_longer_works(as_person: As) -> None:
    client = as_person(RESPONDENT)
    shown = make(client)
    assert client.post(f"{PAGE}{shown.split('_')[1]}/revoke/").status_code == 302
    assert ask(shown) == 401
    assert "My script" not in client.get(PAGE).content.decode()


def test_nobody_revokes_the_token_of_another(as_person: As) -> None:
    shown = make(as_person(RESPONDENT))
    assert as_person(MEMBER).post(f"{PAGE}{shown.split('_')[1]}/revoke/").status_code == 404
    assert ask(shown) == 200


def test_token_is_over_at_its_time(as_person: As) -> None:
    shown = make(as_person(RESPONDENT))
    expires_at = ApiToken.objects.get().expires_at
    assert find_bearer(CAUCUS, shown, now=expires_at - timedelta(seconds=1)) is not None
    assert find_bearer(CAUCUS, shown, now=expires_at) is None


def test_token_is_good_for_its_organisation_only(as_person: As) -> None:
    shown = make(as_person(RESPONDENT))
    assert find_bearer("elsewhere", shown, now=timezone.now()) is None


def test_token_is_made_only_by_who_proved_lately_who_they_are(as_person: As) -> None:
    client = as_person(RESPONDENT)
    prove(client, Account.objects.get(email="respondent@caucus.invalid"), ago=3600)
    response = client.post(PAGE, FORM)
    assert response.status_code == 422
    assert "My script" in response.content.decode()
    assert not ApiToken.objects.exists()


def test_form_that_is_not_filled_in_makes_none(as_person: As) -> None:
    assert as_person(RESPONDENT).post(PAGE, {"t-days": "9999"}).status_code == 422
    assert not ApiToken.objects.exists()


def test_nobody_has_more_tokens_than_a_person_can_have(as_person: As) -> None:
    for _ in range(MOST - 1):
        Program(RESPONDENT)
    client = as_person(RESPONDENT)
    make(client)
    assert "as many tokens" in client.post(PAGE, FORM).content.decode()
    assert ApiToken.objects.count() == MOST


def test_who_is_nobody_here_finds_no_page(as_person: As) -> None:
    assert Client().get(PAGE).status_code == 302


@pytest.mark.parametrize("name", sorted(GRAVE))
def test_grave_acts_are_acts(name: str) -> None:
    assert find_spec(name) is not None
