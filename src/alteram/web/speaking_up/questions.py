"""What a report asks, by what it is about and how its reporter wants to be known; and the text that the answers make.

The answers become one confidential text under headings: the rules read none of it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal, TypeAlias

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alteram.core.acts import ReportLodged
from alteram.core.acts.fields import LAST_YEAR

About: TypeAlias = Literal["incident", "person", "practice"]
Identity: TypeAlias = Literal["named", "protected", "anonymous"]

ABOUT: Final[tuple[tuple[About, Promise], ...]] = (
    ("incident", gettext_lazy("Something that happened")),
    ("person", gettext_lazy("What somebody does or did")),
    ("practice", gettext_lazy("How things are done here")),
)
IDENTITY: Final[tuple[tuple[Identity, Promise], ...]] = (
    ("named", gettext_lazy("With my name")),
    ("protected", gettext_lazy("With my name, protected")),
    ("anonymous", gettext_lazy("Without my name")),
)
#: Which questions are asked only for some reports. What is not listed is always asked.
ASKED_FOR: Final[Mapping[str, str]] = {
    "name": "named protected",
    "contact": "named protected",
    "where": "incident",
    "whom": "person incident",
    "since": "practice",
}
_LONG, _SHORT = 20_000, 2_000
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(LAST_YEAR, 12, 31)
#: The headings of the text, in order.
_HEADINGS: Final[tuple[tuple[str, Promise], ...]] = (
    ("name", gettext_lazy("Name")),
    ("contact", gettext_lazy("How to reach me")),
    ("what", gettext_lazy("What happened")),
    ("whom", gettext_lazy("Who is meant")),
    ("where", gettext_lazy("Where")),
    ("since", gettext_lazy("Since when, how often, who knows of it")),
    ("others", gettext_lazy("Who else saw it or was told")),
    ("wish", gettext_lazy("What I hope for")),
)


def _write(rows: int, limit: int, *, required: bool = False, **words: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "data-draft": ""})
    return forms.CharField(required=required, max_length=limit, widget=widget, **words)


def _pick_day(**words: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "data-draft": ""})
    bounds = [MinValueValidator(_FIRST_DAY), MaxValueValidator(_LAST_DAY)]
    return forms.DateField(required=False, widget=widget, validators=bounds, **words)


class ReportForm(forms.Form):
    """What somebody reports. What is not asked for a report like theirs is not read either."""

    about = forms.ChoiceField(
        choices=ABOUT, label=gettext_lazy("What is it about?"), widget=forms.RadioSelect(attrs={"data-adapts": ""})
    )
    identity = forms.ChoiceField(
        choices=IDENTITY,
        label=gettext_lazy("How do you want to be known?"),
        widget=forms.RadioSelect(attrs={"data-adapts": ""}),
    )
    name = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Your name"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact = forms.CharField(
        required=False,
        max_length=500,
        label=gettext_lazy("How can you be reached?"),
        help_text=gettext_lazy("If you like. You can also come back here with your receipt phrase."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    what = _write(
        8,
        _LONG,
        required=True,
        label=gettext_lazy("What happened?"),
        help_text=gettext_lazy("In your own words. You can add to it later."),
    )
    whom = _write(2, _SHORT, label=gettext_lazy("Whom is it about?"))
    where = _write(2, _SHORT, label=gettext_lazy("Where was it?"))
    since = _write(3, _SHORT, label=gettext_lazy("Since when is it so, how often, and who knows of it?"))
    first_on = _pick_day(label=gettext_lazy("On which day, or the first one?"))
    last_on = _pick_day(label=gettext_lazy("The last day, if it was several"))
    others = _write(2, _SHORT, label=gettext_lazy("Who else saw it, or did you tell?"))
    wish = _write(2, _SHORT, label=gettext_lazy("What do you hope will happen?"))
    urgent = forms.BooleanField(required=False, label=gettext_lazy("Somebody is in danger now"))
    public = forms.BooleanField(
        required=False, label=gettext_lazy("I have said this in public too, for example to a newspaper")
    )

    def clean(self) -> dict[str, Any]:
        """Drop what is not asked of a report like this; ask for a name where it is to be given."""
        cleaned = super().clean() or {}
        chosen = {cleaned.get("about"), cleaned.get("identity")}
        for field, asked in ASKED_FOR.items():
            if chosen.isdisjoint(asked.split()):
                cleaned.pop(field, None)
        if cleaned.get("identity") == "named" and not cleaned.get("name") and not self.initial.get("is_known"):
            self.add_error("name", _("Give your name, or choose another way to be known above."))
        first, last = cleaned.get("first_on"), cleaned.get("last_on")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("last_on", _("The last day is before the first."))
        return cleaned

    def build_act(self) -> ReportLodged:
        """Return the report that was filled in. The form must be valid."""
        found = self.cleaned_data
        return ReportLodged(
            identity=found["identity"],
            about=found["about"],
            text=build_text(found),
            first_on=found.get("first_on"),
            last_on=found.get("last_on"),
            public=found["public"],
            urgent=found["urgent"],
        )

    def asked_for(self, field: str) -> bool:
        """Return whether a question is asked of a report like the one that is filled in."""
        chosen = {self["about"].value(), self["identity"].value()}
        return field not in ASKED_FOR or not chosen.isdisjoint(ASKED_FOR[field].split())


def build_text(answers: Mapping[str, Any]) -> str:
    """Return the answers under their headings; without any heading where there is one answer only."""
    given = [(str(heading), str(answers[name]).strip()) for name, heading in _HEADINGS if answers.get(name)]
    if len(given) == 1:
        return given[0][1]
    return "\n\n".join(f"{heading}:\n{text}" for heading, text in given)
