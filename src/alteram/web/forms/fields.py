"""A form field for each shape, and what was written in it as the record spells it.

Dates and times are written in the organisation's time zone; several of a kind stand one to a line.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, tzinfo
from typing import Final

from django import forms
from django.utils.translation import gettext as _

from alteram.core.acts.shapes import Shape
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.instants import encode_instant
from alteram.web.forms.offers import Offers
from alteram.web.forms.people import PersonField
from alteram.web.wording import tell_word

#: How many rows a form has for what a field holds several of, such as allegations.
ROWS: Final = 4
#: Texts that are a line as a rule.
_SHORT: Final = frozenset({"title", "source", "place"})
_EMPTY: Final = ("", "")
#: So many people are shown one by one, each with a box to tick; more are shown in a list.
_FEW: Final = 30


def build_field(  # noqa: PLR0911 - a table of shapes
    name: str, shape: Shape, offers: Offers, *, required: bool, default: object
) -> forms.Field:
    """Return the form field of a shape; `default` is what the act takes where nothing is given."""
    if shape.many or (name in offers.choices and shape.kind in {"entry", "identifier"}):
        return _build_offered(name, shape, offers, required=required)
    match shape.kind:
        case "text":
            return forms.CharField(
                required=required,
                max_length=100_000,
                widget=forms.Textarea(attrs={"rows": 2 if name in _SHORT else 6}),
                strip=False,
            )
        case "yes-no":
            return forms.BooleanField(required=False, initial=default is True)
        case "choice":
            choices = [(one, tell_word(one).capitalize()) for one in shape.choices]
            # Nothing is chosen for anybody: a respondent who only writes must not come to admit.
            initial = default if isinstance(default, str) and default else None
            if required or initial is None:
                choices.insert(0, _EMPTY)
            return forms.ChoiceField(required=required, choices=choices, initial=initial)
        case "person":
            return PersonField(offers.people, widget=ChooseOrWrite(offers.people), required=required)
        case "entry":
            return forms.ChoiceField(required=required, choices=[_EMPTY, *offers.entries])
        case "number":
            return forms.IntegerField(
                required=required, min_value=0, initial=default if isinstance(default, int) else None
            )
        case "instant":
            return LocalTimeField(required=required)
        case "day":
            return forms.DateField(required=required, widget=forms.DateInput(attrs={"type": "date"}))
        case "identifier":
            return _build_identifier(name, offers, required=required, default=default)
        case _:
            initial = default if isinstance(default, str) else None
            return forms.CharField(required=required, max_length=4000, initial=initial)


def _build_offered(name: str, shape: Shape, offers: Offers, *, required: bool) -> forms.Field:
    """Return a field to choose from all there is, where that is known, else one that holds several."""
    known = offers.choices.get(name)
    if known is None:
        return _build_many(name, shape, offers, required=required)
    if shape.many:
        widget = forms.CheckboxSelectMultiple
        help_text = "" if known else _("There is none in this matter yet.")
        return forms.MultipleChoiceField(required=required, choices=list(known), widget=widget, help_text=help_text)
    return forms.ChoiceField(required=required, choices=[_EMPTY, *known])


class LocalTimeField(forms.DateTimeField):
    """A wall-clock time: Django's own would read it in the time zone of the request; the form says which it means."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")

    def to_python(self, value: object) -> datetime | None:
        """Return the time as written, without zone."""
        if value in self.empty_values:
            return None
        for layout in self.input_formats or ():
            try:
                read = datetime.strptime(str(value).strip(), str(layout))
            except ValueError:
                continue
            # At either end of the calendar there is no such time in another zone.
            if 1 < read.year < 9999:
                return read
        raise forms.ValidationError(_("Write a day and a time, such as 2026-03-02 14:30."))


def _build_many(name: str, shape: Shape, offers: Offers, *, required: bool) -> forms.Field:
    if shape.kind == "choice":
        choices = [(one, tell_word(one).capitalize()) for one in shape.choices]
        return forms.MultipleChoiceField(required=required, choices=choices, widget=forms.CheckboxSelectMultiple)
    known: Iterable[tuple[str, str]] = ()
    if shape.kind == "person":
        if 0 < len(offers.people) <= _FEW:
            return forms.MultipleChoiceField(required=required, choices=_group(offers), widget=ChoosePeople)
        known = offers.people
    elif shape.kind == "entry":
        known = offers.entries
    elif shape.kind == "identifier":
        known = [(one, one) for one in offers.identifiers.get(name.removesuffix("s"), offers.identifiers.get(name, ()))]
    if known := list(known):
        return forms.MultipleChoiceField(
            required=required, choices=known, widget=forms.SelectMultiple(attrs={"size": min(8, len(known))})
        )
    help_text = _("One to a line.")
    return forms.CharField(required=required, widget=forms.Textarea(attrs={"rows": 4}), help_text=help_text)


class ChoosePeople(forms.CheckboxSelectMultiple):
    """People with a box each, under the part they play."""

    template_name = "web/forms/people.html"


def _group(offers: Offers) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the people under the part that each plays first."""
    grouped: dict[str, list[tuple[str, str]]] = {}
    for one, shown in offers.people:
        grouped.setdefault(offers.parts.get(one, ""), []).append((one, shown))
    return [(tell_word(part).capitalize() if part else _("Others"), people) for part, people in grouped.items()]


def _build_identifier(name: str, offers: Offers, *, required: bool, default: object) -> forms.Field:
    known = [(one, one) for one in offers.identifiers.get(name, ())]
    initial = default if isinstance(default, str) else None
    return _choose_or_write(known, required=required, initial=initial)


class ChooseOrWrite(forms.TextInput):
    """A line to write in, with what is known offered below it (HTML's datalist): it works without script."""

    template_name = "web/forms/choose_or_write.html"

    def __init__(self, known: Iterable[tuple[str, str]]) -> None:
        """Offer what is known."""
        super().__init__()
        self.known = tuple(known)

    def get_context(self, name: str, value: object, attrs: dict[str, object] | None) -> dict[str, object]:
        """Add what is known to what the template shows."""
        context: dict[str, object] = super().get_context(name, value, attrs)
        return {**context, "known": self.known}


def _choose_or_write(known: Iterable[tuple[str, str]], *, required: bool, initial: str | None = None) -> forms.Field:
    return forms.CharField(required=required, max_length=64, initial=initial, widget=ChooseOrWrite(known))


def read_value(shape: Shape, value: object, zone: tzinfo) -> Json:
    """Return what was written as the record spells it; None where nothing was."""
    if value is None or value == "":
        return None
    if not shape.many:
        return _read_one(shape, value, zone)
    items = value.splitlines() if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else []
    return [_read_one(shape, one.strip() if isinstance(one, str) else one, zone) for one in items if one]


def _read_one(shape: Shape, value: object, zone: tzinfo) -> Json:
    read = _READERS.get(shape.kind)
    if read is not None:
        return read(value, zone)
    if isinstance(value, str):
        # A browser ends lines with two characters; the record with one.
        return value.replace("\r\n", "\n")
    return value if isinstance(value, bool | int) else str(value)


def _read_instant(value: object, zone: tzinfo) -> Json:
    if not isinstance(value, datetime):
        raise TypeError(value)
    return encode_instant(value.replace(tzinfo=zone).astimezone(UTC))


def _read_day(value: object, zone: tzinfo) -> Json:
    del zone
    return value.isoformat() if isinstance(value, date) else str(value)


def _read_number(value: object, zone: tzinfo) -> Json:
    del zone
    text = str(value)
    # What is no number stays as it is: the act's type says what is wrong with it.
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text


_READERS: Final[dict[str, Callable[[object, tzinfo], Json]]] = {
    "instant": _read_instant,
    "day": _read_day,
    "entry": _read_number,
    "number": _read_number,
}
