"""The claims of an entry's envelope, and the form of each (docs/spec/record.md, section 3).

What is disclosed must have its form; what is withheld is not looked at. Claims that are not known here are let through:
a later release may add some, and this one must still verify what it wrote.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from alteram.core.kernel.canonical import Json
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import parse_identifier
from alteram.core.kernel.instants import parse_instant
from alteram.core.record.errors import RecordError
from alteram.core.vault import decode_base64url

ACT_PREFIX: Final = "act."
#: Claims of every entry, in the order in which they are sealed; the act's fields follow, then `author`.
ENVELOPE: Final = (
    "stream", "seq", "prev", "seen", "reads", "ruling", "act", "actor", "at", "reported", "attachments", "fields",
)  # fmt: skip
MAX_SEQ: Final = 99_999_999
_TAG = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*/[1-9][0-9]{0,3}")
_DIGEST_HEX = re.compile(r"[0-9a-f]{64}")


def check_claims(claims: Mapping[str, Json]) -> None:
    """Check the form of every claim of the envelope that is disclosed. Raises: RecordError naming the claim."""
    for name, is_formed in _FORMS.items():
        if name in claims and not is_formed(claims[name]):
            raise RecordError("entry.form", f"The claim {name} is malformed.")


def _identifier(value: Json) -> bool:
    return isinstance(value, str) and _parses(parse_identifier, value)


def _instant(value: Json) -> bool:
    return isinstance(value, str) and _parses(parse_instant, value)


def _hash(value: Json) -> bool:
    return isinstance(value, str) and len(value) == 43 and _parses(decode_base64url, value)


def _parses(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except AlteramError:
        return False
    return True


def _count(value: Json) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _seq(value: Json) -> bool:
    return isinstance(value, int) and _count(value) and value <= MAX_SEQ


def _or_null(form: Callable[[Json], bool]) -> Callable[[Json], bool]:
    return lambda value: value is None or form(value)


def _list_of(form: Callable[[Json], bool]) -> Callable[[Json], bool]:
    return lambda value: _is_list(value) and all(form(one) for one in _items(value))


def _is_list(value: Json) -> bool:
    return isinstance(value, list | tuple)


def _items(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list | tuple) else ()


def _object(value: Json) -> bool:
    return isinstance(value, Mapping)


def _keyed(forms: Mapping[str, Callable[[Json], bool]]) -> Callable[[Json], bool]:
    return lambda value: (
        isinstance(value, Mapping) and value.keys() == forms.keys() and all(forms[key](value[key]) for key in forms)
    )


def _read(value: Json) -> bool:
    items = _items(value)
    return len(items) == 2 and _identifier(items[0]) and _seq(items[1])


def _names(value: Json) -> bool:
    items = [one for one in _items(value) if isinstance(one, str)]
    return _is_list(value) and len(items) == len(_items(value)) and sorted(set(items)) == items


def _matches(pattern: re.Pattern[str]) -> Callable[[Json], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _text(value: Json) -> bool:
    return isinstance(value, str)


_FORMS: Final[Mapping[str, Callable[[Json], bool]]] = {
    "stream": _identifier,
    "seq": _seq,
    "prev": _or_null(_hash),
    "seen": _or_null(_keyed({"origin": _text, "root": _hash, "size": _count})),
    "reads": _list_of(_read),
    "ruling": _object,
    "act": _matches(_TAG),
    "actor": _or_null(_identifier),
    "at": _instant,
    "reported": _or_null(_object),
    "attachments": _list_of(_keyed({"sha256": _matches(_DIGEST_HEX), "size": _count})),
    "fields": _names,
}
