"""Names that people give to what they lodge: what may be one, and what is proposed for what is made of an exhibit."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy

from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.identifiers import parse_identifier

#: A name has at most so many characters.
LONGEST: Final = 64
WRONG_NAME: Final = gettext_lazy(
    "The name is one short word of small letters, digits, dots, dashes and underscores, with a letter or digit at both"
    " ends."
)


def is_name(text: str) -> bool:
    """Return whether a text is a name that an exhibit can have."""
    try:
        return bool(parse_identifier(text))
    except MalformedError:
        return False


def propose_name(exhibit: str, ending: str) -> str:
    """Return a name for what is made of an exhibit: the exhibit's, cut where it is too long, and an ending."""
    return f"{exhibit[: LONGEST - len(ending) - 1]}-{ending}"


class NameField(forms.CharField):
    """The short name of what is lodged."""

    def __init__(self) -> None:
        """Ask for it."""
        super().__init__(label=gettext_lazy("A short name for it"), max_length=LONGEST)

    def clean(self, value: Any) -> str:
        """Return the name. Raises: ValidationError where it is none."""
        name: str = super().clean(value)
        if not is_name(name):
            raise forms.ValidationError(WRONG_NAME)
        return name
