"""The OpenAPI 3.1 document of the API, and a plain page that lists its calls."""

from functools import cache
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alteram.api.application import api
from alteram.api.catalogue import build_act_schemas
from alteram.api.problems import CONTENT_TYPE, TITLES
from alteram.api.shapes import Problem

PREFIX: Final = "api/v1/"
_ACTING: Final = ("propose_act", "report_event")


@require_safe
def show_document(request: HttpRequest) -> HttpResponse:
    """Answer with the document."""
    del request
    return JsonResponse(build_document())


@require_safe
def show_calls(request: HttpRequest) -> HttpResponse:
    """Show the calls and the problems on a page that needs nothing else."""
    document = build_document()
    calls = [
        {
            "method": method.upper(),
            "path": path,
            "summary": call["summary"],
            "description": call["description"].replace("`", ""),
        }
        for path, methods in document["paths"].items()
        for method, call in methods.items()
    ]
    return render(request, "api/calls.html", {"calls": calls, "problems": TITLES})


@cache
def build_document() -> dict[str, Any]:
    """Return the document: what Ninja makes of the calls, each with the problems it can answer, and every act."""
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=PREFIX))
    schemas: dict[str, Any] = document["components"]["schemas"]
    proposal, parts = build_act_schemas()
    schemas.update(parts)
    schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    for name, part in schemas["Problem"].pop("$defs", {}).items():
        schemas.setdefault(name, part)
    for methods in document["paths"].values():
        for call in methods.values():
            call["responses"]["default"] = {
                "description": "A problem (RFC 9457).",
                "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
            if call["operationId"] in _ACTING:
                content = call["requestBody"]["content"]["application/json"]
                content["schema"] = {"allOf": [content["schema"], proposal]}
    schemes = document["components"]["securitySchemes"]
    schemes["BearerToken"]["description"] = "A token that a person made for themselves on the page Tokens."
    return document
