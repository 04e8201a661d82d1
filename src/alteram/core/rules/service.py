"""When a document reached the person it was served on: the time from which periods run.

What is shown on the page, sent electronically or handed over has arrived when it is served. What is posted has arrived
once delivery is confirmed. A confirmation names its own time, never one before the document was served.
"""

from alteram.core.acts import PaperServed, ServiceConfirmed
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.instants import When
from alteram.core.matters import AnyEvent
from alteram.core.rules.view import View

#: What a requirement must declare to ask when something was delivered.
SERVING = (ServiceConfirmed, PaperServed)


def find_confirmed_delivery(view: View, document: AnyEvent, to: PersonId) -> When | None:
    """Return when `document` was delivered to `to` as somebody confirmed it; the first confirmation counts.

    The asking requirement declares `SERVING`.
    """
    confirmations = [one.act for one in view.supporting(ServiceConfirmed)]
    papers = [one.act for one in view.supporting(PaperServed)]
    delivered = [one.delivered_at for one in confirmations if (one.document, one.to) == (document.seq, to)]
    delivered += [one.delivered_at for one in papers if (one.document, one.to) == (document.seq, to)]
    if not delivered:
        return None
    served_at = document.when.first
    return When.exactly(min(delivered) if served_at is None else max(min(delivered), served_at))


def find_delivery(view: View, document: AnyEvent, to: PersonId) -> When:
    """Return when `document`, an act of service on `to`, reached that person, as far as that is known."""
    confirmed = find_confirmed_delivery(view, document, to)
    if confirmed is not None:
        return confirmed
    if getattr(document.act, "method", "page") == "post":
        return When(document.when.first, None)
    return document.when
