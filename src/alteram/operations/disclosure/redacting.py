"""Redacting an exhibit: what is cut out is blacked out in pictures, or masked in a text; checked before it is lodged.

A redaction in which something of what was cut can still be found is not lodged at all. What is lodged goes nowhere
before somebody else than its maker agreed to it (`core/rules/exhibits.py`).
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO, Final, cast

import msgspec

from alteram.core.access import may_open_exhibit
from alteram.core.acts import ExhibitDerived
from alteram.core.disclosure.redaction_proofs import Kind
from alteram.core.disclosure.redactions import Asked, Place, RedactionError, join_boxes
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.outcomes import Allowed, Refused
from alteram.core.kernel.phrases import join, phrase
from alteram.operations.bundle_ports import MadeRedaction, PageMaking, Redacting
from alteram.operations.disclosure.redaction_kinds import ENDINGS, MEDIA, MadeHere, build_redaction_source
from alteram.operations.disclosure.waiting_redactions import WaitingRedaction, check_waiting, drop_redaction
from alteram.operations.entries import Entered
from alteram.operations.evidence_ports import EvidenceTools
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_with, prepare
from alteram.operations.exhibits.opening import open_exhibit
from alteram.operations.perform import Performed, rule_on

_BLOCK: Final = 1 << 20
_TOLD: Final = 10
#: So many places, and so many doubtful words, are told of; of more there is only the number of boxes.
MOST_TOLD: Final = 4_000
MOST_DOUBTFUL: Final = 200
#: Parts of making one beside the readings of its pages: the pages are there; pictures of what came of them are made.
_AROUND: Final = 2


class LeakyRedactionError(AlteramError):
    """Something of what was cut out can still be found in the redaction; nothing was lodged."""


@dataclass(frozen=True, slots=True)
class RedactionTools:
    """What makes the pages of an exhibit, redacts them and checks that, and makes pictures of what came of it."""

    making: PageMaking
    redacting: Redacting
    evidence: EvidenceTools


@dataclass(frozen=True, slots=True)
class RedactionDone:
    """A redaction that was made, and what became of the act that lodges it."""

    made: MadeRedaction
    performed: Performed


def find_ruling(entered: Entered, exhibit: str, *, now: datetime) -> Allowed | Refused:
    """Return whether whoever entered may open an exhibit and lodge a redaction of it now, and why not."""
    may = may_open_exhibit(entered.facts, entered.rulebook, exhibit, entered.person)
    if isinstance(may, Refused):
        return may
    act = ExhibitDerived(exhibit=f"{exhibit[:40]}-redacted-{now:%H%M%S}", of=exhibit, how="redaction", by_hand=False)
    ruling = rule_on(entered.organisation, entered.stream, act, entered.person, now=now)
    return ruling if isinstance(ruling, Refused) else Allowed()


def make_redaction(
    entered: Entered,
    tools: RedactionTools,
    exhibit: str,
    asked: Sequence[Asked],
    *,
    now: datetime,
    kind: Kind = "pdf",
    begin: Callable[[int], Callable[[], None]] = lambda _parts: lambda: None,
) -> WaitingRedaction | Refused:
    """Make a redaction and check it; it then waits, or says where it leaks and nothing of it is kept.

    `begin` is told how many parts that has, and returns what is called for each that is done. Where the exhibit is
    closed to whoever entered, why is returned. Raises: RedactionError where it cannot be of this kind, or nothing was
    cut; BundleError, StoreError.
    """
    opened = open_exhibit(entered, exhibit, now=now)
    if isinstance(opened, Refused):
        return opened
    with ExitStack() as stack:
        source = build_redaction_source(
            entered, tools.making, tools.redacting, opened.stored, kind=kind, asked=asked, stack=stack, now=now
        )
        if kind != "text":  # of which any place is refused
            _check_pages(asked, source.pages)
        count = begin(source.readings * source.pages + _AROUND)
        count()
        out = cast("BinaryIO", stack.enter_context(TemporaryFile()))
        made = source.redact(out, count)
        if not made.boxes:
            raise RedactionError(
                phrase("Nothing was cut out: the words stand nowhere in it."),
                remedy=phrase("Look how they are written there.")
                if kind == "text"
                else phrase("Look how they are written there, or draw a box over them."),
            )
        waiting = WaitingRedaction(exhibit, _shorten(made), source.pages, kind=kind)
        if made.leaks:
            return waiting
        out.seek(0)
        received = receive(entered.organisation, entered.stream, iter(lambda: out.read(_BLOCK), b""))
    prepared = prepare(
        entered.organisation,
        entered.stream,
        received,
        tools.evidence if kind != "text" else replace(tools.evidence, sniffing=MadeHere()),
        kind="document",
        file_name=f"redaction.{ENDINGS[kind]}",
        # Whoever is given it may know where its cuts are and why, and never what stood there.
        told=msgspec.to_builtins(
            {"cuts": [replace(one, words=()) for one in waiting.made.cuts], "black": waiting.made.black}
        ),
    )
    count()
    return replace(waiting, digest=received.digest_hex, size=received.size, files=prepared.attachments)


def lodge_redaction(
    entered: Entered, waiting: WaitingRedaction, *, name: str, reasons: str, now: datetime
) -> Performed | Refused:
    """Lodge a redaction that waits, as `name`. Refused, it waits on; the exhibit may be closed by now too.

    Raises: LeakyRedactionError; StoreError where it waited too long; BusyError.
    """
    may = may_open_exhibit(entered.facts, entered.rulebook, waiting.of, entered.person)
    if isinstance(may, Refused):
        return may
    _check_leaks(waiting.made)
    act = ExhibitDerived(
        exhibit=name, of=waiting.of, how="redaction", by_hand=False, digest=waiting.digest, size=waiting.size,
        media=MEDIA[waiting.kind], file_name=f"{name}.{ENDINGS[waiting.kind]}", cuts=waiting.made.boxes,
        reasons=reasons or None,
    )  # fmt: skip
    ruling = rule_on(entered.organisation, entered.stream, act, entered.person, now=now)
    if isinstance(ruling, Refused):
        return ruling
    check_waiting(entered.organisation, entered.stream, waiting)
    return lodge_with(entered.organisation, entered.stream, act, entered.person, waiting.files, now=now)


def redact_exhibit(
    entered: Entered,
    tools: RedactionTools,
    exhibit: str,
    asked: Sequence[Asked],
    *,
    name: str,
    reasons: str,
    now: datetime,
    kind: Kind = "pdf",
) -> RedactionDone | Refused:
    """Make a redaction of an exhibit and lodge it as `name`, or say why the exhibit is closed to whoever entered.

    Raises: LeakyRedactionError, with where it leaks; RedactionError where it cannot be of this kind, or nothing was
    cut; BundleError, StoreError.
    """
    waiting = make_redaction(entered, tools, exhibit, asked, now=now, kind=kind)
    if isinstance(waiting, Refused):
        return waiting
    done = lodge_redaction(entered, waiting, name=name, reasons=reasons, now=now)
    performed = Performed(done) if isinstance(done, Refused) else done
    if not performed:
        drop_redaction(entered.organisation, entered.stream, waiting)
    return RedactionDone(waiting.made, performed)


def _check_pages(asked: Sequence[Asked], pages: int) -> None:
    missing = [place.page + 1 for one in asked for place in one.places if place.page >= pages]
    if missing:
        raise RedactionError(
            phrase("There is no page {page}: it has {pages}.", page=missing[0], pages=pages),
            remedy=phrase("Say on which page the place is."),
        )


def _check_leaks(made: MadeRedaction) -> None:
    if made.leaks:
        raise LeakyRedactionError(
            phrase(
                "The redaction still shows what was cut out: {places}",
                places=join(phrase("; "), made.leaks[:_TOLD]),
            ),
            remedy=phrase("Draw the cut larger, or cut out the words beside it as well."),
        )


def _join(places: Sequence[Place]) -> tuple[Place, ...]:
    """Return places as they are black: those of one line that nearly touch are one."""
    pages = sorted({one.page for one in places})
    return tuple(
        Place(page, box) for page in pages for box in join_boxes([one.box for one in places if one.page == page])
    )


def _shorten(made: MadeRedaction) -> MadeRedaction:
    """Return what is told of it, no longer than it can be kept."""
    left, cuts = MOST_TOLD, []
    for cut in made.cuts:
        cuts.append(replace(cut, places=_join(cut.places)[:left]))
        left -= len(cuts[-1].places)
    most = MOST_DOUBTFUL
    return replace(
        made,
        cuts=tuple(cuts),
        doubtful=made.doubtful[:most],
        leaks=made.leaks[:most],
        still=made.still[:most],
        black=made.black[:MOST_TOLD],
    )
