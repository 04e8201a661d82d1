"""What is to be blacked out, as it is written: words and places, a row for each, every one with its reason.

Places are in hundredths of a page. Rows that are left empty are none.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alteram.core.disclosure.redaction_proofs import Kind
from alteram.core.disclosure.redactions import WHOLE, Asked, Box, Place, RedactionError, number_cuts
from alteram.operations.disclosure.suggested_cuts import SuggestedWords
from alteram.web.saying import say_error

#: How many rows there may be of each kind, and how many empty ones are offered.
MOST_WORDS: Final = 60
MOST_PLACES: Final = 150
_EMPTY: Final = 3
_LONGEST: Final = 200
_HUNDREDTHS: Final = WHOLE // 100
KINDS: Final[Mapping[Kind, Any]] = {
    "pdf": gettext_lazy("As a PDF: its pages are pictures, and the last ones list the cuts"),
    "png": gettext_lazy("As a picture (PNG): the cuts are told beside it"),
    "text": gettext_lazy(
        "As a text: words only; a mask with a number stands for each cut, and the cuts are listed below"
    ),
}


class WordRow(forms.Form):
    """Words that are cut out wherever they stand."""

    words = forms.CharField(label=gettext_lazy("Words"), max_length=_LONGEST)
    reason = forms.CharField(label=gettext_lazy("Why they are cut out"), max_length=_LONGEST)

    def clean_words(self) -> str:
        """Return words that can be looked for."""
        words: str = self.cleaned_data["words"]
        try:
            number_cuts([Asked("-", (), (words,))], ())
        except RedactionError as error:
            raise forms.ValidationError(say_error(error)) from error
        return words


def _percent(label: Any, part: str) -> forms.DecimalField:
    attributes = {"data-part": part, "step": "0.1", "inputmode": "decimal"}
    return forms.DecimalField(
        label=label, min_value=0, max_value=100, decimal_places=2, widget=forms.NumberInput(attrs=attributes)
    )


class PlaceRow(forms.Form):
    """A rectangle on a page."""

    page = forms.IntegerField(
        label=gettext_lazy("Page"),
        min_value=1,
        max_value=9999,
        widget=forms.NumberInput(attrs={"data-part": "page"}),
    )
    left = _percent(gettext_lazy("From the left, %"), "left")
    top = _percent(gettext_lazy("From the top, %"), "top")
    width = _percent(gettext_lazy("Width, %"), "width")
    height = _percent(gettext_lazy("Height, %"), "height")
    reason = forms.CharField(
        label=gettext_lazy("Why it is cut out"),
        max_length=_LONGEST,
        widget=forms.TextInput(attrs={"data-part": "reason"}),
    )

    def clean(self) -> dict[str, Any]:
        """Return a rectangle that lies on its page."""
        said = self.cleaned_data
        for start, length in (("left", "width"), ("top", "height")):
            if start in said and length in said:
                if said[length] < 1 / _HUNDREDTHS:
                    self.add_error(length, _("It must cover something."))
                elif said[start] + said[length] > 100:
                    self.add_error(length, _("It ends outside the page."))
        return said

    def build(self) -> Place:
        """Return the place."""
        said = self.cleaned_data
        left, top = int(said["left"] * _HUNDREDTHS), int(said["top"] * _HUNDREDTHS)
        right = int((said["left"] + said["width"]) * _HUNDREDTHS)
        bottom = int((said["top"] + said["height"]) * _HUNDREDTHS)
        return Place(said["page"] - 1, Box(left, top, max(right, left + 1), max(bottom, top + 1)))


WordRows = forms.formset_factory(WordRow, extra=_EMPTY, max_num=MOST_WORDS, absolute_max=MOST_WORDS, validate_max=True)
PlaceRows = forms.formset_factory(
    PlaceRow, extra=_EMPTY, max_num=MOST_PLACES, absolute_max=MOST_PLACES, validate_max=True
)


def _complete(data: QueryDict) -> QueryDict:
    """Return what was sent; where it says of no rows how many there are, there are none."""
    whole = data.copy()
    for prefix in ("words", "places"):
        for name in ("TOTAL_FORMS", "INITIAL_FORMS"):
            whole.setdefault(f"{prefix}-{name}", "0")
    return whole


class CutsForm:
    """All rows, the suggested words that were ticked with the one reason for them, and what kind of file is made."""

    def __init__(
        self,
        suggested: Sequence[SuggestedWords],
        data: QueryDict | None = None,
        asked: Iterable[Asked] = (),
        *,
        kinds: Sequence[Kind] = ("pdf",),
        kind: Kind | None = None,
    ) -> None:
        """Hold what was sent, else what was asked for before. `kinds` may be chosen; where nobody says, the first."""
        self.suggested = suggested
        self.kinds = [(one, KINDS[one]) for one in kinds]
        chosen = (kind if data is None else data.get("kind")) or "".join(kinds[:1])
        self.kind: Kind | None = next((one for one in kinds if one == chosen), None)
        data = None if data is None else _complete(data)
        words = [{"words": word, "reason": one.reason} for one in asked for word in one.words]
        places = [_write(place, one.reason) for one in asked for place in one.places]
        self.words = WordRows(data, prefix="words", initial=words if data is None else None)
        self.places = PlaceRows(data, prefix="places", initial=places if data is None else None)
        self.ticked = [one.words for one in suggested if data is not None and one.words in data.getlist("suggested")]
        self.reason = "" if data is None else data.get("suggested-reason", "").strip()[:_LONGEST]
        self.is_bound = data is not None
        self.problems: list[str] = []

    @classmethod
    def with_more_rows(
        cls, suggested: Sequence[SuggestedWords], data: QueryDict, kinds: Sequence[Kind] = ("pdf",)
    ) -> "CutsForm":
        """Return a form that holds what was written, with empty rows after it; nothing is checked yet."""
        form = cls(suggested, kinds=kinds)
        form.kind = next((one for one in kinds if one == data.get("kind")), form.kind)
        form.words = WordRows(prefix="words", initial=_read(data, "words", ("words", "reason"), MOST_WORDS))
        form.places = PlaceRows(
            prefix="places", initial=_read(data, "places", tuple(PlaceRow.base_fields), MOST_PLACES)
        )
        form.ticked = data.getlist("suggested")
        form.reason = data.get("suggested-reason", "")
        return form

    @property
    def rows(self) -> list[forms.Form]:
        """Return every row, of words and of places."""
        return [*self.words, *self.places]

    @property
    def has_problems(self) -> bool:
        """Return whether something of what was sent does not fit."""
        return bool(self.problems) or not (self.words.is_valid() and self.places.is_valid())

    def is_valid(self) -> bool:
        """Return whether all that was written can be asked for, and there is something."""
        if self.kind is None:
            self.problems.append(_("Choose one of the kinds of file that this exhibit can be made."))
        if self.ticked and not self.reason:
            self.problems.append(_("Say why the names that you ticked are cut out."))
        elif not self.has_problems and not self.build():
            self.problems.append(_("Nothing is to be cut out yet: write words, or say a place."))
        return not self.has_problems

    def build(self) -> list[Asked]:
        """Return what is asked for: what has the same reason is one cut."""
        cuts: dict[str, tuple[list[Place], list[str]]] = {}
        for word in self.ticked:
            cuts.setdefault(self.reason, ([], []))[1].append(word)
        for row in self.words:
            if row.has_changed():
                cuts.setdefault(row.cleaned_data["reason"], ([], []))[1].append(row.cleaned_data["words"])
        for place in self.places:
            if place.has_changed():
                cuts.setdefault(place.cleaned_data["reason"], ([], []))[0].append(place.build())
        return [
            Asked(reason, tuple(dict.fromkeys(places)), tuple(dict.fromkeys(words)))
            for reason, (places, words) in cuts.items()
        ]


def _write(place: Place, reason: str) -> dict[str, object]:
    box = place.box
    return {
        "page": place.page + 1,
        "left": box.left / _HUNDREDTHS,
        "top": box.top / _HUNDREDTHS,
        "width": (box.right - box.left) / _HUNDREDTHS,
        "height": (box.bottom - box.top) / _HUNDREDTHS,
        "reason": reason,
    }


def _read(data: QueryDict, prefix: str, names: Sequence[str], most: int) -> list[Mapping[str, str]]:
    """Return rows as they were written, those that are empty left out."""
    rows = [{name: data.get(f"{prefix}-{number}-{name}", "") for name in names} for number in range(most)]
    return [row for row in rows if any(row.values())]
