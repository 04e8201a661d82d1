"""Numbers that a page of a matter is given, in its address or a form; what is none counts as not given."""

from django.http import HttpRequest

#: No number of an entry, a piece or a character has more digits.
_DIGITS = 8


def read_number(request: HttpRequest, name: str) -> int | None:
    """Return a number of the query string."""
    return find_number(request.GET.get(name, ""))


def find_number(text: str) -> int | None:
    """Return a number as it is written."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None
