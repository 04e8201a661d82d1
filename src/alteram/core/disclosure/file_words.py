"""The words that stand in the bytes of a file as they are: what programs and cameras write of who made it, and where.

It reads no format, so it reads every one that keeps its words plainly, as pictures, sound, films and most PDFs do; not
what is compressed. The files of office programs are zips: those are unpacked, elsewhere.
"""

import re
from typing import Final

#: What a zip begins with.
ZIP: Final = b"PK\x03\x04"
_LETTERS: Final = rb"[\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
#: At least so many signs beside one another are words; longer runs are cut.
_LEAST, _MOST = 4, 2_000
_UTF8: Final = re.compile(rb"(?:" + _LETTERS + rb"){%d,%d}" % (_LEAST, _MOST))
_UTF16_LE: Final = re.compile(rb"(?:[\x20-\xff][\x00-\x04]){%d,%d}" % (_LEAST, _MOST))
_UTF16_BE: Final = re.compile(rb"(?:[\x00-\x04][\x20-\xff]){%d,%d}" % (_LEAST, _MOST))


def read_words(data: bytes) -> str:
    """Return what can be read in bytes, in UTF-8 and both kinds of UTF-16, a run to a line."""
    found = [one.decode("utf-8", "replace") for one in _UTF8.findall(data)]
    found += [one.decode("utf-16-le", "replace") for one in _UTF16_LE.findall(data)]
    found += [one.decode("utf-16-be", "replace") for one in _UTF16_BE.findall(data)]
    return "\n".join(found)
