"""Writing who somebody is: by their identifier, or by the name the directory has for them."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _

from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import parse_identifier


class PersonField(forms.CharField):
    """A person, written as an identifier or as a name. It takes people who are not offered, by identifier only."""

    def __init__(self, people: Iterable[tuple[str, str]], *, widget: forms.Widget, required: bool) -> None:
        """Take people as they are stored and shown: an identifier, and a name with the identifier behind it."""
        help_text = _("Begin to write a name and choose, or write an identifier.")
        super().__init__(required=required, max_length=200, widget=widget, help_text=help_text)
        self._named: dict[str, list[str]] = {}
        for one, shown in people:
            for spelt in {shown, shown.removesuffix(f" ({one})")}:
                self._named.setdefault(spelt.casefold(), []).append(one)

    def clean(self, value: object) -> str:
        """Return the identifier of who was written, as it may stand in the record.

        Raises: ValidationError for a name that nobody has, or several people.
        """
        written = str(super().clean(value)).strip()
        found = self._named.get(" ".join(written.split()).casefold(), [])
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several people are called that: %(found)s. Write the identifier.") % {"found": ", ".join(found)}
            )
        if found or not written:
            return found[0] if found else written
        try:
            return parse_identifier(written)
        except MalformedError as error:
            told = _("Nobody here is called that. Write the identifier, such as m02.")
            raise forms.ValidationError(told) from error
