"""A redacted text: what is cut out stands as a mask with the number of its cut, and the cuts are listed below.

Spec E5.9.
"""

import re
from dataclasses import dataclass
from typing import Final

from alteram.core.disclosure.redacted_words import is_unseen
from alteram.core.disclosure.redactions import LISTED, MASK
from alteram.core.record import RecordError

MAX_SIZE: Final = 64 << 20
_CUT: Final = re.compile(f"(?<!{MASK[0]}){MASK}\\[([1-9][0-9]{{0,3}})\\]")
_LINE: Final = re.compile(r"\[([1-9][0-9]{0,3})\] [^ ].*", re.ASCII)


@dataclass(frozen=True, slots=True)
class RedactedText:
    """The whole text; how many cuts are listed, and the number at each place."""

    text: str
    listed: int
    places: tuple[int, ...]


def read_redacted_text(data: bytes) -> RedactedText:
    """Return a redacted text. Raises: RecordError where it is of another shape."""
    if len(data) > MAX_SIZE:
        raise RecordError("redaction.too-large", "The text is longer than 64 MiB.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RecordError("redaction.text", "It is neither PDF nor PNG nor plain text (UTF-8).") from error
    if any(one not in "\n\t" and is_unseen(one) for one in set(text)):
        raise RecordError("redaction.unseen", "The text holds what nobody sees.")
    body, head, tail = text.rpartition(LISTED)
    lines = tail.split("\n")
    numbers = [found[1] for one in lines[:-1] if (found := _LINE.fullmatch(one))]
    whole = numbers == [str(one) for one in range(1, len(lines))] and lines[-1] == "" and MASK[0] not in tail
    if not head or not numbers or not whole:
        raise RecordError("redaction.list", "There is no list of cuts at its end.")
    places = tuple(map(int, _CUT.findall(body)))
    if MASK[0] in _CUT.sub("", body) or not places or max(places) > len(numbers):
        raise RecordError("redaction.cut", "Something is masked without the number of a cut, or nothing is.")
    return RedactedText(text, len(numbers), places)
