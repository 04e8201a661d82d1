"""Fills the form of an act in a browser, as a person would: it looks at what each field is, then chooses or writes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from playwright.sync_api import Locator, Page

from alteram.core.acts import encode_fields, find_spec, get_spec
from alteram.core.acts.fields import Act
from alteram.core.acts.shapes import Shape, find_shapes
from alteram.core.kernel.canonical import Json


def fill(page: Page, act: Act, zone: tzinfo) -> None:
    """Fill the form that `page` shows with what `act` holds; times are written in `zone`."""
    spec = get_spec(type(act))
    shapes = find_shapes(spec)
    given = encode_fields(act)
    for name, value in given.items():
        shape = shapes[name]
        if shape.kind == "parts":
            _fill_parts(page, name, shape, value, zone)
        else:
            _fill_field(page, f"a-{name}", shape, value, zone)
    assert find_spec(spec.tag) is spec


def _fill_parts(page: Page, name: str, shape: Shape, value: Json, zone: tzinfo) -> None:
    rows = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    for number, row in enumerate(rows):
        assert isinstance(row, Mapping)
        for part in shape.parts:
            if part.name in row:
                _fill_field(page, f"a-{name}.{number}.{part.name}", part.shape, row[part.name], zone)


def _fill_field(page: Page, name: str, shape: Shape, value: Json, zone: tzinfo) -> None:
    if value is None:
        return
    fields = page.locator(f'main [name="{name}"]')
    kind = fields.first.evaluate("one => one.tagName + ':' + (one.type || '')")
    written = [_write(shape, one, zone) for one in _listed(value)]
    match kind:
        case "INPUT:checkbox" if shape.kind == "yes-no":
            fields.set_checked(value is True)
        case "INPUT:checkbox":
            _check(fields, written)
        case "INPUT:radio":
            page.locator(f'main [name="{name}"][value="{written[0]}"]').check()
        case "SELECT:select-multiple" | "SELECT:select-one":
            fields.select_option(written)
        case _:
            fields.fill("\n".join(written))


def _check(fields: Locator, wanted: Sequence[str]) -> None:
    """Tick the wanted boxes, and only those. With many of them one call to the page does it."""
    fields.evaluate_all(
        "(boxes, wanted) => boxes.forEach(box => { if (box.checked !== wanted.includes(box.value)) box.click(); })",
        list(wanted),
    )


def _write(shape: Shape, value: Json, zone: tzinfo) -> str:
    if shape.kind == "instant":
        return datetime.fromisoformat(str(value)).astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    return str(value)


def _listed(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list | tuple) else [value]
