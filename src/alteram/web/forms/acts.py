"""An act's form: one field or more for each field of the act, by its shape, and the act that was filled in.

What is wrong is said beside the field; what was written stays. Whether the act may be done is for the rules.
"""

import re
from collections.abc import Mapping
from datetime import tzinfo
from typing import Final

from django import forms
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext as _

from alteram.core.acts import ActSpec, MalformedActError, convert_fields
from alteram.core.acts.fields import Act
from alteram.core.acts.shapes import Shape, find_shapes
from alteram.core.kernel.canonical import Json
from alteram.operations.entries import INDICES
from alteram.web.forms.explaining import find_explanations
from alteram.web.forms.fields import ROWS, build_field, read_value
from alteram.web.forms.labels import tell_label
from alteram.web.forms.offers import Offers
from alteram.web.forms.suggesting import draw_name
from alteram.web.saying import say
from alteram.web.wording import tell_word

_FILLED: Final = frozenset({"entry", "identifier", "choice"})


#: No form has more rows than these of anything.
MOST_ROWS: Final = 60


def count_rows(data: Mapping[str, object], prefix: str) -> int:
    """Return how many rows a form has that was sent as `data`: at least as many as any form begins with."""
    pattern = re.compile(rf"{re.escape(prefix)}\.([0-9]{{1,2}})\.")
    sent = (int(found[1]) + 1 for key in data if (found := pattern.match(key)))
    return min(max(ROWS, *sent, ROWS), MOST_ROWS)


class ActForm(forms.Form):
    """The form of one act."""

    def __init__(
        self,
        spec: ActSpec,
        offers: Offers,
        data: Mapping[str, object] | None = None,
        *,
        zone: tzinfo,
        prefix: str = "a",
        rows: Mapping[str, int] | None = None,
    ) -> None:
        """Build the fields. `zone` is the time zone in which times are written; `rows` how many rows of what."""
        super().__init__(data, prefix=prefix)
        self.spec, self.zone = spec, zone
        self._act: Act | None = None
        self._shapes = find_shapes(spec)
        self.growing = tuple(name for name, shape in self._shapes.items() if shape.kind == "parts" and shape.many)
        self._rows = {name: count_rows(data or {}, self.add_prefix(name)) for name in self.growing} | dict(rows or {})
        self._taken = offers.identifiers.get("allegation", ())
        self.initial.update(offers.initial)
        explained = find_explanations(spec.type)
        for one in spec.fields:
            shape = self._shapes[one.name]
            if shape.kind == "parts":
                self._add_parts(one.name, shape, offers, required=one.required)
            else:
                built = build_field(one.name, shape, offers, required=one.required, default=one.default)
                built.label = tell_label(spec.name, one.name)
                said = [_(explained[one.name])] if one.name in explained else []
                if one.confidential:
                    said.append(_("Confidential: the rules never read it."))
                if said:
                    built.help_text = " ".join([*said, *([str(built.help_text)] if built.help_text else [])])
                self.fields[one.name] = built

    @classmethod
    def with_more_rows(
        cls, spec: ActSpec, offers: Offers, written: Mapping[str, object], name: str, *, zone: tzinfo
    ) -> "ActForm":
        """Return a form that holds what was written, with more rows for one of its fields; nothing is checked yet."""
        sent = cls(spec, offers, written, zone=zone)
        rows = {one: count + (ROWS if one == name else 0) for one, count in sent._rows.items()}
        form = cls(spec, offers, zone=zone, rows={one: min(count, MOST_ROWS) for one, count in rows.items()})
        for one in sent:
            form.initial[one.name] = one.field.widget.value_from_datadict(written, {}, one.html_name)
        return form

    def _add_parts(self, name: str, shape: Shape, offers: Offers, *, required: bool) -> None:
        """Add rows of fields for what a field holds several of; an empty row counts for nothing."""
        for row in range(self._rows.get(name, 1)):
            for part in shape.parts:
                needed = required and row == 0 and part.required and part.name != "id"
                built = build_field(part.name, part.shape, offers, required=needed, default=None)
                label = tell_label(self.spec.name, part.name)
                if part.name == "id":
                    built.help_text = _("Left empty, it is a1, a2 and so on.")
                built.label = f"{tell_word(name).capitalize()} {row + 1}: {label}" if shape.many else label
                self.fields[f"{name}.{row}.{part.name}"] = built

    def clean(self) -> dict[str, object]:
        """Build the act, so that what does not fit is said here. An empty field counts as not given."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        given: dict[str, Json] = {}
        for name, shape in self._shapes.items():
            value = self._read_rows(name, shape, cleaned) if shape.kind == "parts" else self._read(name, shape, cleaned)
            if value not in (None, [], ""):
                given[name] = value
        try:
            self._act = convert_fields(self.spec.type, given)
        except MalformedActError as error:
            self._tell_wrong(error)
        return cleaned

    def fill(self, given: QueryDict) -> None:
        """Fill in what an address gives, such as the entry an act answers; never people or texts: addresses linger."""
        for name, shape in self._shapes.items():
            values = [one for one in given.getlist(self.add_prefix(name)) if one]
            if values and shape.kind in _FILLED:
                self.initial[name] = values if shape.many else values[-1]

    def build_act(self) -> Act:
        """Return the act that was filled in. The form must be valid."""
        if self._act is None:
            raise ValueError(self.spec.name)
        return self._act

    def _read(self, name: str, shape: Shape, cleaned: Mapping[str, object]) -> Json:
        value = read_value(shape, cleaned.get(name), self.zone)
        return value - 1 if isinstance(value, int) and (self.spec.name, name) in INDICES else value

    def _read_rows(self, name: str, shape: Shape, cleaned: Mapping[str, object]) -> Json:
        rows: list[Json] = []
        taken = [*self._taken, *(str(cleaned.get(f"{name}.{row}.id")) for row in range(self._rows.get(name, 1)))]
        for row in range(self._rows.get(name, 1)):
            read = {part.name: self._read(f"{name}.{row}.{part.name}", part.shape, cleaned) for part in shape.parts}
            filled: dict[str, Json] = {key: value for key, value in read.items() if value not in (None, [], "")}
            if filled and "id" in read and "id" not in filled:
                filled["id"] = draw_name("a", taken)
                taken.append(str(filled["id"]))
            if filled:
                rows.append(filled)
        if shape.many:
            return rows
        return rows[0] if rows else None

    def _tell_wrong(self, error: MalformedActError) -> None:
        """Say what does not fit, beside the field it stands in where the codec names one."""
        found = re.search(r"at `\$\.(\w+)(?:\[(\d+)\])?(?:\.(\w+))?", error.problem)
        name = None
        if found is not None:
            parts = (found[1], found[2] or "0", found[3] or "")
            name = next((one for one in (".".join(parts), found[1]) if one in self.fields), None)
        self.add_error(name, format_html("{} {}", _("This does not fit."), say(error.remedy)))
