"""No page of somebody else's sends a form in the name of whoever is signed in: every address asks for the token."""

from tests.web.conftest import As
from tests.web.scenes import MANAGER
from tests.web.walking import Address, find_addresses

#: Asked for the token by the view itself, once it is said where files go; what each answers before it gets there.
LATER = {
    "<identifier:organisation>/speak-up/report/<identifier:matter>/": 403,
    "<identifier:organisation>/speak-up/mine/<identifier:matter>/acts/<identifier:act>/": 302,
    "<identifier:organisation>/matters/<identifier:matter>/paper/<identifier:act>/": 403,
    "<identifier:organisation>/paper/report/<identifier:matter>/": 404,
    "<identifier:organisation>/matters/<identifier:matter>/exhibits/<identifier:exhibit>/copies/": 404,
}


def find_forms() -> list[Address]:
    """Return what a browser can send a form to. Programs show a token, and no cookie counts for them."""
    routes = dict.fromkeys(one.route for one in find_addresses() if "api/v1/" not in one.route)
    return [Address("POST", route) for route in routes]


def test_form_without_token_or_from_elsewhere_is_refused_at_every_address(as_person: As) -> None:
    client = as_person(MANAGER)
    client.handler.enforce_csrf_checks = True
    client.get("/caucus/notices/")
    token, elsewhere = client.cookies["csrftoken"].value, {"Origin": "https://evil.invalid"}
    expected = {form.route: (LATER.get(form.route, 403),) * 2 for form in find_forms()}
    found = {
        form.route: (
            client.post(form.fill()).status_code,
            client.post(form.fill(), {"csrfmiddlewaretoken": token}, headers=elsewhere).status_code,
        )
        for form in find_forms()
    }
    assert found == expected


def test_form_with_the_token_is_taken(as_person: As) -> None:
    client = as_person(MANAGER)
    client.handler.enforce_csrf_checks = True
    client.get("/caucus/notices/")
    sent = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value, "n-how": "daily"}
    assert client.post("/caucus/notices/", sent).status_code == 302


def test_addresses_that_ask_later_are_there() -> None:
    assert set(LATER) <= {one.route for one in find_forms()}
