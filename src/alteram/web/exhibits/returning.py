"""Where a lodging form leads back to: the page that it was opened from, one of a few that link to it."""

import re
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from alteram.web.converters import IdentifierConverter

#: The field, or part of the address, that names it; and for a source, which.
BACK: Final = "back"
_SOURCE: Final = re.compile(rf"source:({IdentifierConverter.regex})")


@dataclass(frozen=True, slots=True)
class Back:
    """A page to go back to: its name here, its address, and what a link to it says."""

    name: str
    address: str
    text: str


def find_back(organisation: str, matter: str, name: str) -> Back | None:
    """Return the page of a name; None for any other, so that no address leads elsewhere."""
    keywords = {"organisation": organisation, "matter": matter}
    if name == "matter":
        return Back(name, reverse("matter", kwargs=keywords), _("Back to where the matter stands"))
    if name == "propositions":
        return Back(name, reverse("propositions", kwargs=keywords), _("Back to what is disputed"))
    source = _SOURCE.fullmatch(name)
    if source is None:
        return None
    address = reverse("proposition-source", kwargs=keywords | {"exhibit": source[1]})
    return Back(name, address, _("Back to the source"))
