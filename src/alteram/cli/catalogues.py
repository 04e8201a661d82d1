"""`alteram acts` and `alteram requirements`: the two catalogues."""

from alteram.cli.showing import AsJson, Value, show
from alteram.core.acts import all_specs, get_spec
from alteram.core.rules.requirements import all_requirements


def run_acts(as_json: AsJson = False) -> None:
    """List every act: its name, who may do it, its fields.

    Example: alteram acts --json
    """
    specs = all_specs()
    value: Value = [
        {
            "act": one.name,
            "tag": one.tag,
            "area": one.area,
            "by": list(one.by),
            "open_to": one.open_to,
            "help": one.help,
            "fields": [
                {"name": field.name, "confidential": field.confidential, "required": field.required}
                for field in one.fields
            ],
        }
        for one in specs
    ]
    lines: list[str] = []
    area = ""
    for one in specs:
        if one.area != area:
            area = one.area
            lines += ["", area]
        lines.append(f"  {one.name:<28}{one.help}")
    show(value, lines[1:], as_json=as_json)


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
