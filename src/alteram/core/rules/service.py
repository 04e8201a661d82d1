"""When a document reached the person it was served on: the time from which periods run.

What is shown on the page, sent electronically or handed over has arrived when it is served. What is posted, or evidence
given in print, has arrived once delivery is confirmed. A confirmation names its own time, never one before the document
was served. A receipt confirms evidence that was given in print, from when it was given; what arrived without one is not
postponed by it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from alteram.core.acts import ExhibitDisclosed, PaperServed, ReceiptGiven, ServiceConfirmed
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import When
from alteram.core.matters import AnyEvent, Event, Facts
from alteram.core.rules.exhibits import live_acts
from alteram.core.rules.view import View

#: What a requirement must declare to ask when something was delivered.
SERVING = (ServiceConfirmed, PaperServed)
#: The same of evidence, whose receipt confirms it as well.
SERVING_EVIDENCE = (*SERVING, ReceiptGiven)


def find_confirmed_delivery(view: View, document: AnyEvent, to: PersonId) -> When | None:
    """Return when `document` was delivered to `to` as somebody confirmed it; the first confirmation counts.

    The asking requirement declares `SERVING`, or `SERVING_EVIDENCE` where the document discloses evidence.
    """
    receipts = view.supporting(ReceiptGiven) if _is_printed(document) else ()
    delivered = list(
        _find_confirmations(view.supporting(ServiceConfirmed), view.supporting(PaperServed), receipts, document, to)
    )
    if not delivered:
        return None
    served_at = document.when.first
    return When.exactly(min(delivered) if served_at is None else max(min(delivered), served_at))


def _find_confirmations(
    services: Iterable[Event[ServiceConfirmed]],
    papers: Iterable[Event[PaperServed]],
    receipts: Iterable[Event[ReceiptGiven]],
    document: AnyEvent,
    to: PersonId,
) -> Iterator[datetime]:
    for one in services:
        if (one.act.document, one.act.to) == (document.seq, to):
            yield one.act.delivered_at
    for paper in papers:
        if (paper.act.document, paper.act.to) == (document.seq, to):
            yield paper.act.delivered_at
    for receipt in receipts:
        given_at = receipt.when.last
        if (receipt.act.disclosure, receipt.actor) == (document.seq, to) and given_at is not None:
            yield given_at


def find_delivery(view: View, document: AnyEvent, to: PersonId) -> When:
    """Return when `document`, an act of service on `to`, reached that person, as far as that is known."""
    confirmed = find_confirmed_delivery(view, document, to)
    if confirmed is not None:
        return confirmed
    return When(document.when.first, None) if _travels(document) else document.when


def find_arrival(facts: Facts, document: AnyEvent, to: PersonId) -> datetime | None:
    """Return when `document`, which was served here, reached `to`; None where it travels and nobody confirmed it.

    It says of facts what `find_delivery` says to a requirement.
    """
    if not _travels(document):
        return document.recorded_at
    receipts = live_acts(facts, ReceiptGiven) if _is_printed(document) else ()
    delivered = list(
        _find_confirmations(live_acts(facts, ServiceConfirmed), live_acts(facts, PaperServed), receipts, document, to)
    )
    return max(min(delivered), document.recorded_at) if delivered else None


def _travels(document: AnyEvent) -> bool:
    return _is_printed(document) or getattr(document.act, "method", "page") == "post"


def _is_printed(document: AnyEvent) -> bool:
    return isinstance(document.act, ExhibitDisclosed) and document.act.by == "print"
