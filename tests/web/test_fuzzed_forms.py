"""The form of every act, filled in with whatever somebody can send: told what does not fit, refused, or recorded.

Never a fault of ours.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alteram.core.acts import ActSpec, all_specs
from alteram.core.acts.catalogue import AREAS
from alteram.installation.asking import build_asking
from alteram.web.forms import ActForm, find_offers
from tests.web.conftest import As
from tests.web.scenes import CAUCUS, COMPLAINANT, MANAGER, RESPONDENT, ROW, STRANGER

#: How often each act is sent by each person.
SOME, MANY = 1, 60
NASTY = (
    "", " ", "0", "-1", "99999999999999999999", "1e9", "NaN", "a1", "A1", "..", "x" * 70, "\x00", "\ud800", "é\u202e",
    "2026-02-30", "0001-01-01", "9999-12-31", "2026-03-02T14:30", "9999-12-31T23:59", "0001-01-01T00:00", "on", "true",
    "respondent", "manager", "panel-1", "row", "organisation", "deny", "conduct-towards-colleagues", "<script>",
    "1\n2\n\n",
)  # fmt: skip

pytestmark = pytest.mark.django_db


def values(spec: ActSpec, form: ActForm) -> st.SearchStrategy[dict[str, Any]]:
    """Fill in some fields of a form: with what it offers, with what it does not expect, or with any text."""
    fields = {f"a-{name}": _values(getattr(one, "choices", None)) for name, one in form.fields.items()}
    extra = {"a-nothing": st.just("x"), "a-nothing.0.id": st.just("x")}
    return st.fixed_dictionaries({}, optional={**fields, **extra})


def _values(choices: Any) -> st.SearchStrategy[Any]:
    one = st.one_of(st.sampled_from(NASTY), st.text(max_size=20))
    offered = [str(key) for key, _ in choices or ()]
    if offered:
        one = st.one_of(st.sampled_from(offered), one)
    return st.one_of(one, st.lists(one, max_size=3))


def send(as_person: As, spec: ActSpec, times: int) -> None:
    stream = "organisation" if spec.stream == "organisation" else ROW
    form = ActForm(spec, find_offers(build_asking(CAUCUS, MANAGER), ROW), zone=build_asking(CAUCUS, None).zone)
    clients = [as_person(person) for person in (MANAGER, RESPONDENT, COMPLAINANT, STRANGER)]

    @settings(max_examples=times * len(clients), deadline=None, suppress_health_check=list(HealthCheck))
    @given(given_in=values(spec, form), client=st.sampled_from(clients))
    def run(given_in: dict[str, Any], client: Any) -> None:
        sendable = {key: _encode(value) for key, value in given_in.items()}
        response = client.post(f"/{CAUCUS}/matters/{stream}/acts/{spec.name}/", sendable)
        assert response.status_code in {302, 404, 422, 403, 200, 409}, response.status_code

    run()


def _encode(value: Any) -> Any:
    """Return a value as it can be sent: half a character cannot."""
    if isinstance(value, list):
        return [_encode(one) for one in value]
    return value.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("area", AREAS)
def test_form_of_an_act_is_never_a_fault(as_person: As, area: str) -> None:
    for spec in all_specs():
        if spec.area == area:
            send(as_person, spec, SOME)


@pytest.mark.campaign
@pytest.mark.parametrize("spec", all_specs(), ids=lambda spec: spec.name)
def test_form_of_an_act_is_never_a_fault_for_long(as_person: As, spec: ActSpec) -> None:
    send(as_person, spec, MANY)
