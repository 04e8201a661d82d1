"""What an act's fields may hold, and how each is marked.

*Structural* fields (kinds, roles, times, identifiers, counts, digests, presence) may be read by the rules.
*Confidential* fields are shown to the rules as `HIDDEN`: that they are there, never what they say (design: judgments
about content are acts by people). Both kinds are hidden in the public log; who may read which is decided by `access`.
"""

from datetime import date, datetime
from typing import Annotated, Final, TypeAlias

from msgspec import Meta, Struct

from alteram.core.kernel.identifiers import IDENTIFIER_PATTERN, PersonId, StreamId


class Act(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something a person, office or body does in a stream. Subclasses are in the catalogue, each with its tag."""


_identifier = Meta(pattern=IDENTIFIER_PATTERN, max_length=64)
_confidential = {"confidential": True}

#: Confidential prose, at most 100,000 characters.
Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=100_000, extra=_confidential)]
#: Several pieces of confidential prose; how many there are is structural.
Texts: TypeAlias = Annotated[tuple[Text, ...], Meta(max_length=200, extra=_confidential)]
#: A short structural label, such as an agenda item or the name of an outside body.
Label: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200)]
Labels: TypeAlias = Annotated[tuple[Label, ...], Meta(max_length=200)]
Person: TypeAlias = Annotated[PersonId, _identifier]
People: TypeAlias = Annotated[tuple[Person, ...], Meta(max_length=100_000)]
Stream: TypeAlias = Annotated[StreamId, _identifier]
#: An identifier given in this matter or its rulebook: allegation, exhibit, meeting, motion, sanction, office, body.
Id: TypeAlias = Annotated[str, _identifier]
Ids: TypeAlias = Annotated[tuple[Id, ...], Meta(max_length=1_000)]
#: The sequence number of an earlier entry of the same stream.
Ref: TypeAlias = Annotated[int, Meta(ge=0, le=99_999_999)]
Refs: TypeAlias = Annotated[tuple[Ref, ...], Meta(max_length=1_000)]
Count: TypeAlias = Annotated[int, Meta(ge=0, le=1_000_000)]
#: How many bytes.
Size: TypeAlias = Annotated[int, Meta(ge=0, le=1 << 50)]
#: A place in a text, in characters from its beginning.
Place: TypeAlias = Annotated[int, Meta(ge=0, le=1 << 40)]
#: How often, in days.
Interval: TypeAlias = Annotated[int, Meta(ge=1, le=366)]
#: Lower-case hexadecimal SHA-256.
DigestHex: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
#: An aware UTC instant, whole seconds, in a year as of `Day`.
Instant: TypeAlias = Annotated[datetime, Meta(tz=True)]
#: Days and instants lie in these years, so that a day more or less never leaves the days there are.
FIRST_YEAR: Final = 1000
LAST_YEAR: Final = 9998
Day: TypeAlias = date


class _Hidden(str):
    """The only value the rules see of a confidential field: present, and nothing more."""

    __slots__ = ()


#: Stands in for confidential prose wherever the rules look. Truthy: it says only that something is there.
HIDDEN: Final = _Hidden("(confidential)")
