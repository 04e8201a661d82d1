"""The catalogue of acts, open to anybody: what each is, who may do it, and the JSON Schema of its fields."""

from functools import cache
from typing import Annotated, Any

import msgspec
from django.http import HttpRequest
from ninja import Path, Router

from alteram.api import shapes
from alteram.api.problems import not_found
from alteram.core.access.proposing import NEVER_REPORTED
from alteram.core.acts import ActSpec, all_specs, find_spec, json_schema
from alteram.installation.grave import GRAVE

router = Router(tags=["catalogue"])

ActName = Annotated[str, Path(max_length=100, description="An act by its name, such as notice.served.")]


@router.get("/acts", response=shapes.Catalogue, operation_id="list_acts", summary="Every act")
def list_acts(request: HttpRequest) -> shapes.Catalogue:
    """List every act of the catalogue."""
    del request
    return describe_acts()


@router.get("/acts/{act}", response=shapes.Act, operation_id="show_act", summary="One act")
def show_act(request: HttpRequest, act: ActName) -> shapes.Act:
    """Tell what an act is, and what it takes."""
    del request
    spec = find_spec(act)
    if spec is None:
        raise not_found()
    return _describe(spec)


@cache
def describe_acts() -> shapes.Catalogue:
    """Return every act of the catalogue."""
    return shapes.Catalogue(acts=[_describe(spec) for spec in all_specs()])


def _describe(spec: ActSpec) -> shapes.Act:
    return shapes.Act(
        act=spec.name,
        tag=spec.tag,
        area=spec.area,
        stream=spec.stream,
        by=list(spec.by),
        open_to=spec.open_to,
        help=spec.help,
        is_grave=spec.name in GRAVE,
        can_be_reported=spec.stream == "matter" and spec.name not in NEVER_REPORTED,
        confidential=[one.name for one in spec.fields if one.confidential],
        fields=json_schema(spec.type),
    )


@cache
def build_act_schemas() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schema of a proposal of any act, told by its name, and the schemas that it refers to.

    Fields are described as the catalogue does; the rules may refuse what the description allows.
    """
    kinds = tuple(spec.type for spec in all_specs())
    roots, parts = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/act.{name}")
    named = dict(zip((spec.name for spec in all_specs()), roots, strict=True))
    proposals = [
        {
            "type": "object",
            "title": name,
            "properties": {"act": {"const": name, "type": "string"}, "fields": root},
            "required": ["act", "fields"],
        }
        for name, root in named.items()
    ]
    return {"oneOf": proposals}, {f"act.{name}": part for name, part in parts.items()}
