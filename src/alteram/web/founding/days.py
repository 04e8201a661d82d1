"""Which days count: asked of whoever takes a rulebook that ships, for it was written somewhere else."""

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alteram.adapters.rulebooks import NOWHERE, find_subdivisions, list_countries


def _find_choices() -> list[tuple[str, str]]:
    none = gettext("No public holidays: only the weekend counts as free")
    return [("", gettext("Choose one")), (NOWHERE, none), *list_countries()]


class DaysForm(forms.Form):
    """Whose public holidays are no working days."""

    country = forms.ChoiceField(
        label=_("Whose public holidays do not count as working days?"),
        required=False,
        choices=lazy(_find_choices, list),
        widget=forms.Select(attrs={"translate": "no"}),
        help_text=_(
            "Only for a rulebook that ships: its days are then counted in your time zone, with these holidays. "
            "A rulebook of your own says it itself."
        ),
    )
    subdivision = forms.CharField(
        label=_("A part of that country, by its code"),
        required=False,
        max_length=20,
        help_text=_("Where holidays differ within the country: BY in Germany, SCT in the United Kingdom."),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a part that the country does not have."""
        cleaned = super().clean() or {}
        part = cleaned["subdivision"] = (cleaned.get("subdivision") or "").strip().upper()
        known = find_subdivisions(cleaned.get("country") or "")
        if part and part not in {one.upper() for one in known}:
            said = ", ".join(known)
            problem = _("This country has no such part. It has: %(parts)s.") if known else _("It has no such parts.")
            self.add_error("subdivision", problem % {"parts": said} if known else problem)
        elif part:
            cleaned["subdivision"] = next(one for one in known if one.upper() == part)
        return cleaned
