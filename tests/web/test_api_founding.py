"""Founding by the API: with the setup code, once, with the founder's link; without it, nothing."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from alteram.installation.organisations import get_organisation
from alteram.installation.setup_code import get_setup_code
from tests.web.programs import read

PLACE = "/api/v1/organisations"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def build_founding(**more: object) -> dict[str, object]:
    return {
        "code": get_setup_code(),
        "organisation": "bowls-club",
        "name": "The bowls club",
        "kind": "club",
        "jurisdiction": "NZ",
        "time_zone": "Pacific/Auckland",
        "founder": {"person": "m01", "name": "The founder", "email": "founder@bowls.invalid"},
        "rulebook": read(Client().get("/api/v1/rulebooks"))["rulebooks"][0]["name"],
        "people": [{"person": "m02", "name": "Another"}],
        **more,
    }


def found(founding: dict[str, object], key: str = "") -> Any:
    headers = {"idempotency-key": key} if key else {}
    return Client().post(PLACE, founding, content_type="application/json", headers=headers)


def test_organisation_is_founded_and_its_founder_is_let_in_once() -> None:
    founding = build_founding()
    founded = read(found(founding, "k"), 201)
    assert get_organisation("bowls-club").organisation is not None
    assert "/sign-in/link/" in founded["link"]
    again = found(founding, "k")
    assert read(again, 201) == founded
    assert again.headers["Idempotent-Replayed"] == "true"


def test_code_works_once() -> None:
    founding = build_founding()
    assert found(founding).status_code == 201
    assert read(found({**founding, "organisation": "other"}), 401)["type"].endswith("#setup-code")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"code": "wrong"}, 401),
        ({"organisation": "api"}, 422),
        ({"organisation": "NOT"}, 422),
        ({"time_zone": "Nowhere/Nothing"}, 422),
        ({"rulebook": "none-such"}, 422),
        ({"text": "nonsense: ["}, 422),
        ({"country": "nowhere"}, 422),
        ({"founder": {"person": "m01", "email": "no address"}}, 422),
        ({"offices": {"chair": "somebody-else"}}, 422),
    ],
)
def test_what_does_not_fit_founds_nothing(home: Path, changed: dict[str, object], status: int) -> None:
    assert read(found(build_founding(**changed)), status)["status"] == status
    assert not (home / "bowls-club").exists()
