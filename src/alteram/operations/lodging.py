"""Reports from anybody: lodged once, found again by whoever lodged them, with a receipt that shows no content."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from alteram.core.acts import ReportLodged
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.operations.attachments import drop_attachments
from alteram.operations.entries import enter
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform
from alteram.operations.ports import StoreError
from alteram.operations.questions import UnknownMatterError
from alteram.operations.receipts import find_receipt
from alteram.operations.recording import SealedAttachment

#: What can be done with a phrase alone, and the field that names the entry it is about.
PHRASE_ACTS: Final[Mapping[str, str]] = {"reporter.answered": "question", "report.withdrawn": "report"}


@dataclass(frozen=True, slots=True)
class Lodged:
    """A report that is recorded. `again`: it was recorded before, and what was sent now added nothing."""

    stream: StreamId
    seq: int
    again: bool = False


def lodge_report(
    organisation: Organisation,
    stream: StreamId,
    act: ReportLodged,
    reporter: PersonId,
    *,
    attachments: Sequence[SealedAttachment] = (),
    now: datetime | None = None,
) -> Lodged | Refused:
    """Begin a matter with a report; sent twice by the same person, it is recorded once. It is durable on return.

    Files of what is not recorded are deleted. Raises: BusyError, StoreError, MalformedError; then they wait to be swept
    away, because the report may have been recorded all the same.
    """
    if _has_lodged(organisation, stream, reporter):
        drop_attachments(organisation, stream, attachments)
        return Lodged(stream, 0, again=True)
    done = perform(organisation, stream, act, reporter, attachments=tuple(attachments), now=now)
    if isinstance(done.ruling, Refused):
        drop_attachments(organisation, stream, attachments)
        if _has_lodged(organisation, stream, reporter):
            return Lodged(stream, 0, again=True)
        return done.ruling
    return Lodged(stream, done.seq or 0)


def _has_lodged(organisation: Organisation, stream: StreamId, reporter: PersonId) -> bool:
    lodged = organisation.state(stream, fresh=True).facts.all(ReportLodged)
    return any(one.seq == 0 and one.live and one.actor == reporter for one in lodged)


def find_reported(organisation: Organisation, reporter: PersonId) -> tuple[StreamId, ...]:
    """Return the matters that somebody began with a report, the newest last; none for whoever began none.

    The store looks the person up; that they are the same is compared again in constant time.
    """
    rows = organisation.ports.store.parts_of(organisation.ports.organisation, reporter)
    own = [row for row in rows if hmac.compare_digest(row.person, reporter)]
    return tuple(dict.fromkeys(row.stream for row in own if row.since_seq == 0))


@dataclass(frozen=True, slots=True)
class LodgedReceipt:
    """What proves a report without its content: its leaf, the entry with every claim withheld, and the log's proof.

    `proof` is None while the log does not cover it yet.
    """

    leaf_hash: bytes
    recorded_at: datetime
    withheld: str
    proof: bytes | None


def find_lodged_receipt(organisation: Organisation, stream: StreamId, reporter: PersonId) -> LodgedReceipt:
    """Return the receipt of somebody's own report. Raises: UnknownMatterError for anybody else; StoreError."""
    enter(organisation, stream, reporter)
    if not _has_lodged(organisation, stream, reporter):
        raise UnknownMatterError("There is no such report, or it is not yours.", remedy="Look at the phrase again.")
    stored = next(organisation.ports.store.load(organisation.ports.organisation, stream, limit=1))
    opened = organisation.open(stored)
    if opened is None:
        raise StoreError("The entry's key was destroyed; only its leaf is left, and the log still proves that.")
    receipt = find_receipt(organisation, stream, 0)
    proof = None if receipt is None else receipt.encode()
    return LodgedReceipt(stored.leaf_hash, stored.at, f"{opened.jwt.encoded}~", proof)
