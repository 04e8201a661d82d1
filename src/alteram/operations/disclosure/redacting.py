"""Redacting an exhibit: pages become pictures with what is cut out blacked out, checked before it is lodged.

A redaction in which something of what was cut can still be found is not lodged at all. What is lodged goes nowhere
before somebody else than its maker agreed to it (`core/rules/exhibits.py`).
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO, Final, cast

from alteram.core.acts import ExhibitDerived
from alteram.core.disclosure.equality import build_equality
from alteram.core.disclosure.redactions import Asked, RedactionError
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import as_own, join, phrase
from alteram.operations.bundle_ports import MadeRedaction, PageMaking, Redacting
from alteram.operations.disclosure.sources import build_source
from alteram.operations.entries import Entered
from alteram.operations.exhibits.lodging import lodge_derived
from alteram.operations.exhibits.opening import open_exhibit
from alteram.operations.perform import Performed

_BLOCK: Final = 1 << 20
_TOLD: Final = 10


class LeakyRedactionError(AlteramError):
    """Something of what was cut out can still be found in the redaction; nothing was lodged."""


@dataclass(frozen=True, slots=True)
class RedactionDone:
    """A redaction that was made, and what became of the act that lodges it."""

    made: MadeRedaction
    performed: Performed


def redact_exhibit(
    entered: Entered,
    making: PageMaking,
    redacting: Redacting,
    exhibit: str,
    asked: Sequence[Asked],
    *,
    name: str,
    reasons: str,
    now: datetime,
) -> RedactionDone | Refused:
    """Make a redaction of an exhibit and lodge it as `name`, or say why the exhibit is closed to whoever entered.

    Raises: LeakyRedactionError, with where it leaks; RedactionError, also where nothing was cut;
    BundleError, StoreError.
    """
    opened = open_exhibit(entered, exhibit, now=now)
    if isinstance(opened, Refused):
        return opened
    row = next(one for one in build_equality(entered.facts, entered.rulebook) if one.exhibit == exhibit)
    with ExitStack() as stack:
        source = build_source(row, opened.stored, making, stack, dated_at=now)
        out = cast("BinaryIO", stack.enter_context(TemporaryFile()))
        made = redacting.redact(source.pdf, asked, out, dated_at=now)
        places = sum(len(one.places) for one in made.cuts)
        if not places:
            raise RedactionError(
                phrase("Nothing was cut out: the words stand nowhere in it."),
                remedy=phrase("Look how they are written there, or draw a box over them."),
            )
        if made.leaks:
            raise LeakyRedactionError(
                phrase(
                    "The redaction still shows what was cut out: {places}",
                    places=join(phrase("; "), [as_own(one) for one in made.leaks[:_TOLD]]),
                ),
                remedy=phrase("Draw the cut larger, or cut out the words beside it as well."),
            )
        out.seek(0)
        act = ExhibitDerived(exhibit=name, of=exhibit, how="redaction", by_hand=False, cuts=places, reasons=reasons)
        content = iter(lambda: out.read(_BLOCK), b"")
        done = lodge_derived(
            entered.organisation, entered.stream, act, entered.person, content, media="application/pdf", now=now
        )
    return RedactionDone(made, done)
