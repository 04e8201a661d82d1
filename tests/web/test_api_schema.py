"""The API against its own OpenAPI document: whatever fits the description, and whatever does not, no fault of ours.

Schemathesis makes up requests; each is answered as the document says, and nothing is answered with a 500.
"""

import pkgutil
from collections import Counter
from importlib import import_module
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, given, settings
from ninja import Schema
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from alteram import api
from alteram.api import calling
from alteram.api.document import build_document
from alteram.installation.limiting import Limiter
from tests.web.programs import Program
from tests.web.scenes import CAUCUS, MANAGER, RESPONDENT, STRANGER

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SCHEMA = schemathesis.openapi.from_dict(build_document())
SCHEMA.app = get_wsgi_application()


def _get_ok(result: Any) -> Any:
    """Return an operation that could be read."""
    return result.ok()


OPERATIONS: dict[str, Any] = {one.label: one for one in map(_get_ok, SCHEMA.get_all_operations())}
#: What is filled in from the scene, so that requests lead somewhere.
PLACES = {"org": CAUCUS, "matter": "row"}


def test_no_two_shapes_of_the_document_and_no_two_operations_share_a_name() -> None:
    """The document knows shapes by their names: of two that share one, it would describe only the later."""
    modules = [import_module(f"{api.__name__}.{one.name}") for one in pkgutil.iter_modules(api.__path__)]
    shapes = {
        shape
        for module in modules
        for shape in vars(module).values()
        if isinstance(shape, type) and issubclass(shape, Schema) and shape.__module__ == module.__name__
    }
    names = Counter(shape.__name__ for shape in shapes)
    assert [name for name, times in names.items() if times > 1] == []
    told = [one.definition.raw["operationId"] for one in OPERATIONS.values()]
    assert len(told) == len(set(told)) > 100


def _takes_anything(operation: Any) -> bool:
    """Return whether there is anything in a request that could be wrong."""
    others = [one for one in operation.iter_parameters() if one.name not in PLACES]
    return bool(operation.body or others or operation.definition.raw.get("security"))


#: Every call with requests that fit its description and, where it takes anything, with such that do not.
KINDS = [
    pytest.param(label, mode, id=f"{label}-{mode.value}")
    for label, one in sorted(OPERATIONS.items())
    for mode in GenerationMode
    if mode == GenerationMode.POSITIVE or _takes_anything(one)
]
#: How many requests are made up for each call, person and mode.
SOME, MANY = 4, 150

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("caucus")]


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "LIMITER", Limiter(burst=1_000_000))


def ask(operation: Any, person: str, mode: GenerationMode, times: int) -> None:
    token = f"Bearer {Program(person).shown}"
    places = {name: value for name, value in PLACES.items() if f"{{{name}}}" in operation.path}

    @settings(max_examples=times, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(mode, path_parameters=places or None))
    def run(case: Any) -> None:
        response = case.call(headers={"Authorization": token})
        case.validate_response(response, checks=CHECKS)

    run()


@pytest.mark.parametrize(("label", "mode"), KINDS)
def test_call_answers_as_its_description_says(label: str, mode: GenerationMode) -> None:
    for person in (RESPONDENT, STRANGER):
        ask(OPERATIONS[label], person, mode, SOME)


@pytest.mark.campaign
@pytest.mark.parametrize(("label", "mode"), KINDS)
def test_call_answers_as_its_description_says_for_long(label: str, mode: GenerationMode) -> None:
    for person in (MANAGER, RESPONDENT, STRANGER):
        ask(OPERATIONS[label], person, mode, MANY)


def test_document_is_an_openapi_3_1_document_in_which_every_call_can_answer_a_problem() -> None:
    document = build_document()
    assert document["openapi"] == "3.1.0"
    for methods in document["paths"].values():
        for call in methods.values():
            assert call["responses"]["default"]["content"]["application/problem+json"]
    act = document["components"]["schemas"]["act.ResponseGiven"]
    assert act["properties"]["stance"]["enum"]
    SCHEMA.validate()
