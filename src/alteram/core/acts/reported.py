"""How an event stands that was reported after it happened elsewhere.

A reported event cannot be refused; it is recorded with the time it is said to have happened and its standing.
It opens no door: what it may support is decided in `matters` and `rules`.
"""

from datetime import timedelta
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from alteram.core.acts.fields import FIRST_YEAR, LAST_YEAR, Instant, People, Person
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.errors import MalformedError
from alteram.core.kernel.phrases import phrase

#: What both sides may agree was absent.
Thing: TypeAlias = Literal[
    "appeal-route",
    "clock",
    "consent",
    "disclosure",
    "exclusion-order",
    "handler",
    "hearing",
    "instrument",
    "jeopardy",
    "joint-mediator",
    "minute",
    "notice",
    "particulars",
    "pause",
    "reasons",
    "response",
    "review-route",
    "ruling",
    "second-key",
    "term",
    "trigger",
]


class Reported(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """When a reported event is said to have happened, by whom it is said to have been done, and who says so.

    `first` and `last` bound the time (both inclusive; None: unknown). `agreed_by`, `asserted_by` and `denied_by` name
    people. `absent` are things that `absent_agreed_by` accept did not exist at the event.
    """

    first: Instant | None = None
    last: Instant | None = None
    by: Person | None = None
    asserted_by: People = ()
    denied_by: People = ()
    agreed_by: People = ()
    absent: tuple[Thing, ...] = ()
    absent_agreed_by: People = ()


_encoder = msgspec.json.Encoder(order="deterministic")
# While nobody else runs: msgspec crashes when two threads are the first to read the same kind of struct.
msgspec.json.Decoder(Reported)


def encode_reported(reported: Reported) -> Json:
    """Return the canonical JSON object of `reported`, defaults left out."""
    value: Json = msgspec.to_builtins(reported)
    return value


def parse_reported(value: Json) -> Reported:
    """Return the `Reported` that `value` spells. Raises: MalformedError for any other spelling."""
    try:
        reported = msgspec.convert(value, Reported)
    except (msgspec.ValidationError, OverflowError) as error:
        raise MalformedError(phrase("Not the standing of a reported event: {error}.", error=str(error))) from error
    if _encoder.encode(msgspec.to_builtins(reported)) != _encoder.encode(value):
        raise MalformedError(phrase("The standing of a reported event is not in its canonical spelling."))
    _check_times(reported)
    return reported


def _check_times(reported: Reported) -> None:
    for at in (reported.first, reported.last):
        if at is not None and (at.utcoffset() != timedelta(0) or at.microsecond):
            raise MalformedError(
                phrase("When an event happened is in UTC, in whole seconds."), remedy=phrase("Write it with a Z.")
            )
        if at is not None and not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise MalformedError(
                phrase(
                    "An event happens in the years {first} to {last}.",
                    first=FIRST_YEAR,
                    last=LAST_YEAR,
                )
            )
    if reported.first is not None and reported.last is not None and reported.last < reported.first:
        raise MalformedError(
            phrase("An event cannot have ended before it began."), remedy=phrase("Give the earlier time first.")
        )
