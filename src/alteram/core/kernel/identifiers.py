"""Identifiers: short, lower-case, one spelling.

>>> parse_identifier("m05")
'm05'
"""

import re
from typing import NewType

from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.phrases import phrase

OrganisationId = NewType("OrganisationId", str)
StreamId = NewType("StreamId", str)
PersonId = NewType("PersonId", str)

#: The stream that holds members, offices, bodies, rulebooks and keys.
ORGANISATION_STREAM = StreamId("organisation")
#: The register of refused attempts, without content.
ATTEMPTS_STREAM = StreamId("attempts")
#: The register of who read which entries of which matter.
READINGS_STREAM = StreamId("readings")
#: Streams that are neither the organisation's nor a matter's.
REGISTERS = frozenset({ATTEMPTS_STREAM, READINGS_STREAM})

#: Python's `$` would also match before a final line break; the look-ahead says the same in every dialect.
IDENTIFIER_PATTERN = r"^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$(?!\n)"
_identifier = re.compile(IDENTIFIER_PATTERN)


def parse_identifier(text: str) -> str:
    """Return `text` when it is an identifier: 1 to 64 of `a-z 0-9 . _ -`, letter or digit at both ends.

    Raises: MalformedError otherwise.
    """
    if not _identifier.fullmatch(text):
        raise MalformedError(
            phrase("Not an identifier."),
            remedy=phrase(
                "Use 1 to 64 lower-case letters, digits, dots, hyphens, underscores, a letter or digit at each end."
            ),
        )
    return text
