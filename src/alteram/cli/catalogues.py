"""`alteram acts` and `alteram requirements`: the two catalogues."""

from collections.abc import Iterator
from typing import Annotated

import typer

from alteram.cli.shapes import get_act, tell_act
from alteram.cli.showing import AsJson, Value, reporting, show
from alteram.core.acts import ActSpec, all_specs, get_spec
from alteram.core.acts.shapes import find_shapes
from alteram.core.rules.requirements import all_requirements


def run_acts(
    name: Annotated[str, typer.Argument(help="One act, to see its fields and what they may hold; without, all.")] = "",
    as_json: AsJson = False,
) -> None:
    """List every act; or show one: what it does, who may do it and read it, its fields and what they may hold.

    Example: alteram acts notice.served
    """
    with reporting(as_json=as_json):
        specs = (get_act(name),) if name else all_specs()
    lines = list(tell_act(specs[0])) if name else list(_tell_list(specs))
    show(_describe_act(specs[0]) if name else [_describe_act(one) for one in specs], lines, as_json=as_json)


def _describe_act(spec: ActSpec) -> Value:
    shapes = find_shapes(spec)
    return {
        "act": spec.name,
        "tag": spec.tag,
        "area": spec.area,
        "by": list(spec.by),
        "open_to": spec.open_to,
        "help": spec.help,
        "fields": [
            {
                "name": field.name,
                "confidential": field.confidential,
                "required": field.required,
                "holds": shapes[field.name].kind,
                "many": field.many,
                "choices": list(shapes[field.name].choices),
            }
            for field in spec.fields
        ],
    }


def _tell_list(specs: tuple[ActSpec, ...]) -> Iterator[str]:
    area = ""
    for one in specs:
        if one.area != area:
            yield from ("", one.area) if area else (one.area,)
            area = one.area
        yield f"  {one.name:<28}{one.help}"
    yield from ("", "One of them with its fields: alteram acts notice.served")


def run_requirements(as_json: AsJson = False) -> None:
    """List every kind of requirement: what it checks, at which acts, and which published requirements it covers.

    Example: alteram requirements
    """
    found = all_requirements()
    value: Value = [
        {
            "kind": one.kind,
            "help": one.help,
            "covers": list(one.covers),
            "anchors": [get_spec(act).name for act in one.anchors],
            "reads": sorted(get_spec(act).name for act in one.reads),
            "parameters": list(one.parameters.__struct_fields__),
            "may_be_ruled": one.may_be_ruled,
        }
        for one in found
    ]
    lines = [f"{one.kind:<28}{one.help} ({', '.join(one.covers)})" for one in found]
    show(
        value,
        [
            *lines,
            "",
            f"{len(found)} kinds, {len({one for kind in found for one in kind.covers})} published requirements",
        ],
        as_json=as_json,
    )
