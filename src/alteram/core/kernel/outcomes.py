"""What the rules say of a proposed act: `Allowed`, `Refused` or `Departure`.

A refusal is a value, not an error: the same value greys the button, fills the page and is kept as an attempt.
`Refused` is falsy, the other two are truthy.

>>> bool(Allowed()), bool(Refused("act.not-yours", clause="3.1", because="Only the case manager may do this."))
(True, False)
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

FactValue: TypeAlias = "str | int | datetime | tuple[str, ...]"


@dataclass(frozen=True, slots=True)
class Allowed:
    """The act may be done. `capacity` is the role in which the actor may do it, `clause` the rule that says so."""

    capacity: str = ""
    clause: str = ""

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True, slots=True)
class Departure:
    """The act departs from `clause`, which the rulebook lets `authorised_by` depart from, for a recorded reason.

    `entry` is the sequence number of the authorisation (or of the external order followed) in the matter.
    """

    clause: str
    requirement: str
    authorised_by: str
    entry: int
    capacity: str = ""

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True, slots=True)
class Refused:
    """The act is not permitted now.

    `code` is stable and listed in the catalogue of refusals; `because` is one plain sentence;
    `missing` are acts that would have to be recorded first; `earliest` is the earliest instant at which the act
    would be lawful if nothing else changes (None: time alone does not help); `working` shows the arithmetic.
    """

    code: str
    clause: str
    because: str
    requirement: str = ""
    missing: tuple[str, ...] = ()
    earliest: datetime | None = None
    working: tuple[str, ...] = ()
    facts: tuple[tuple[str, FactValue], ...] = ()
    also: tuple["Refused", ...] = ()

    def __bool__(self) -> Literal[False]:
        return False


Ruling: TypeAlias = Allowed | Departure | Refused
