"""What a page of a matter reads from its query string; what it cannot read counts as not given."""

from django.http import HttpRequest

#: No number of an entry has more digits.
_DIGITS = 8


def read_number(request: HttpRequest, name: str) -> int | None:
    """Return a number."""
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= _DIGITS else None
