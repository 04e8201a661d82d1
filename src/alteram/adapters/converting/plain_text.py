"""Bytes as a text that can be read: bounded, and nothing in it turns, hides or orders anything."""

import re
from typing import Final

#: Characters of one text that are shown.
MAX_TEXT: Final = 1_000_000
#: Control characters, and marks that turn the direction of what follows: they could show another text than is there.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\uffff]|[\ud800-\udfff]"
)
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def decode(data: bytes) -> tuple[str, str]:
    """Return bytes as text, and the encoding that was taken: what its mark says, else UTF-8, else Windows-1252."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), "windows-1252"


def tame(text: str, longest: int = MAX_TEXT) -> str:
    """Return a text with every unseen character told by its number, and no more of it than is shown.

    >>> tame("report\u202efdp.exe")
    'report[U+202E]fdp.exe'
    """
    text = text[:longest].replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def has_unseen(text: str) -> bool:
    """Return whether a text holds characters that hide or turn what is there."""
    return _UNSEEN.search(text) is not None
