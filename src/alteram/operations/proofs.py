"""Where an entry stands in the log, who vouches for that, and between which times it was recorded."""

from dataclasses import dataclass

from alteram.core.kernel.canonical import Json
from alteram.core.record.bounds import Bound, TimeBounds, date_checkpoint
from alteram.core.tlog import Note, TlogProof, find_cosignatures, parse_checkpoint, verify_log_note
from alteram.core.tlog.note import VerifiedSignature
from alteram.operations.entries import Entered
from alteram.operations.ports import StoreError
from alteram.operations.questions import TimelineEntry
from alteram.operations.receipts import find_receipt

_UNBOUNDED = TimeBounds()


@dataclass(frozen=True, slots=True)
class Cosigner:
    """A witness that cosigned, and where it can be reached (empty: the policy does not say)."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class EntryProof:
    """An entry's place in the log; all else is None while the log does not cover it."""

    index: int | None
    origin: str
    size: int | None = None
    """The size of the smallest checkpoint that holds it."""
    witnesses: tuple[Cosigner, ...] = ()
    bounds: TimeBounds = _UNBOUNDED


def find_proof(entered: Entered, entry: TimelineEntry) -> EntryProof:
    """Return where an entry stands in the log."""
    ports = entered.organisation.ports
    index = ports.store.find_index(ports.organisation, entered.stream, entry.seq)
    if index is None:
        return EntryProof(None, ports.origin)
    cover = None
    for witnessed in (True, False):
        cover = cover or ports.store.first_checkpoint_covering(
            ports.organisation, ports.origin, index, witnessed=witnessed
        )
    if cover is None:
        return EntryProof(index, ports.origin)
    signed = verify_log_note(cover, ports.policy, ports.origin)
    last = date_checkpoint(parse_checkpoint(cover.text), signed, ports.policy).last
    return EntryProof(
        index=index,
        origin=ports.origin,
        size=parse_checkpoint(cover.text).size,
        witnesses=_find_witnesses(entered, signed),
        bounds=TimeBounds(_bound_below(entered, entry), last),
    )


def _find_witnesses(entered: Entered, signed: tuple[VerifiedSignature, ...]) -> tuple[Cosigner, ...]:
    policy = entered.organisation.ports.policy
    keys = {one.key for one in find_cosignatures(signed, policy)}
    return tuple(Cosigner(one.name, one.url or "") for one in policy.witnesses if one.key in keys)


def _bound_below(entered: Entered, entry: TimelineEntry) -> Bound | None:
    note = _find_seen(entered, entry.claims.get("seen"))
    if note is None:
        return None
    ports = entered.organisation.ports
    signed = verify_log_note(note, ports.policy, ports.origin)
    return date_checkpoint(parse_checkpoint(note.text), signed, ports.policy).first


def _find_seen(entered: Entered, seen: Json) -> Note | None:
    ports = entered.organisation.ports
    match seen:
        case {"origin": ports.origin, "size": int() as size} if size > 0:
            return ports.store.checkpoint_at(ports.organisation, ports.origin, size)
        case _:
            return None


def get_receipt(entered: Entered, seq: int) -> TlogProof:
    """Return an entry's receipt. Raises: StoreError where it is not in the log yet, or its key was destroyed."""
    receipt = find_receipt(entered.organisation, entered.stream, seq)
    if receipt is None:
        raise StoreError("This entry is not in the log yet.", remedy="Try again in a moment.")
    return receipt
