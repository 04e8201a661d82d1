"""Seal acts that were ruled on, and store them in one transaction. Only `perform` and `attempts` call it."""

from dataclasses import dataclass, replace
from datetime import datetime

from alteram.core.acts import (
    MatterAccepted,
    PaperEntered,
    PaperReportEntered,
    RecordShredded,
    build_structural,
    get_spec,
)
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, REGISTERS, PersonId, StreamId
from alteram.core.kernel.outcomes import Allowed, Departure
from alteram.core.matters import (
    AnyEvent,
    Facts,
    LinkedMatter,
    build_key_ring,
    build_live_event,
    build_reported_event,
)
from alteram.core.matters.roles import build_holdings
from alteram.core.record import Attachment, Entry, Seen, seal
from alteram.core.record.entry import SignedElsewhere
from alteram.core.tlog import hash_leaf
from alteram.core.vault import AuthorKey, attach_file_keys, wrap_keys
from alteram.operations.organisation import (
    FOUNDING_DIGEST,
    Organisation,
    StreamState,
    advance,
    find_governing,
    linked_to,
)
from alteram.operations.ports import Append, Head, OutboxItem, StoredEntry
from alteram.operations.read_tables import build_matter_row, build_party_rows, changes_parties
from alteram.operations.shredding import Rotation, finish_shredding, rotate
from alteram.operations.signing import OwnSignature, choose_author, choose_for_paper, choose_record_key


@dataclass(frozen=True, slots=True)
class SealedAttachment:
    """A file that is durable in the attachment store, with the key that opens it: an entry can take it."""

    attachment: Attachment
    key: bytes


@dataclass(frozen=True, slots=True)
class Proposal:
    """An act put to a stream by somebody, with its files.

    `reported` is set for an event that happened elsewhere before, `signed` where its author signed it with a passkey.
    `from_paper`: it and its neighbour, the entry of a paper and the act that the paper does, are put together.
    """

    stream: StreamId
    act: Act
    actor: PersonId | None
    reported: Reported | None = None
    attachments: tuple[SealedAttachment, ...] = ()
    signed: OwnSignature | None = None
    from_paper: bool = False


class Batch:
    """Acts sealed, not yet stored. Each sees those before it as if they were."""

    def __init__(self, organisation: Organisation, now: datetime, *, fresh: bool) -> None:
        """Begin with nothing, at `now`; `fresh` reads each stream on before it is first used."""
        self._organisation = organisation
        self.now = now
        self._unread = fresh
        self._read: set[StreamId] = set()
        self._states: dict[StreamId, StreamState] = {}
        self._appends: list[Append] = []
        self._changed: set[StreamId] = set()
        self._seen: Seen | None = None
        self._rotations: dict[StreamId, Rotation] = {}

    def state(self, stream: StreamId) -> StreamState:
        """Return a stream's state, what was sealed here included."""
        state = self._states.get(stream)
        if state is None:
            fresh = self._unread and stream not in self._read
            self._read.add(stream)
            state = self._organisation.state(stream, fresh=fresh)
        return state

    def facts(self, stream: StreamId) -> Facts:
        """Return what a ruling in a stream may read, what was sealed here included."""
        matter = self.state(stream).facts
        if stream == ORGANISATION_STREAM:
            return Facts(matter, matter)
        linked = tuple(LinkedMatter(other, build_holdings(self.state(other).facts)) for other in linked_to(matter))
        return Facts(self.state(ORGANISATION_STREAM).facts, matter, linked)

    def governing(self, stream: StreamId) -> str:
        """Return the digest of the rulebook that governs a stream."""
        return find_governing(self.state(stream), self.state(ORGANISATION_STREAM).facts)

    def build_event(self, facts: Facts, proposal: Proposal) -> AnyEvent:
        """Return the event that a proposal would be, the next of its stream."""
        act, seq = build_structural(proposal.act), facts.matter.head_seq + 1
        if proposal.reported is None:
            return build_live_event(act, seq=seq, actor=proposal.actor, at=self.now)
        as_stated = facts.matter.is_history
        return build_reported_event(
            act, proposal.reported, seq=seq, actor=proposal.actor, at=self.now, as_stated=as_stated
        )

    def add(self, proposal: Proposal, event: AnyEvent, ruling: Allowed | Departure) -> StoredEntry:
        """Seal a proposal that was ruled on, to be stored; return its entry."""
        organisation, ports = self._organisation, self._organisation.ports
        stream, state, digest = proposal.stream, self.state(proposal.stream), self.governing(proposal.stream)
        reads = self._reads(stream)
        if not self._appends:
            # Once for a transaction: what was seen first is seen by all of it.
            self._seen = organisation.seen()
        entry = Entry(
            stream=stream,
            seq=event.seq,
            prev=None if state.head is None else state.head.leaf_hash,
            act=proposal.act,
            actor=proposal.actor,
            at=self.now,
            ruling=_encode_ruling(ruling, digest, reported=proposal.reported is not None),
            reads=reads,
            seen=self._seen,
            reported=proposal.reported,
            attachments=tuple(one.attachment for one in proposal.attachments),
        )
        ring = build_key_ring(self.state(ORGANISATION_STREAM).facts)
        record_key = choose_record_key(ports, ring)
        if proposal.from_paper and not isinstance(proposal.act, PaperEntered | PaperReportEntered):
            author_key: AuthorKey | SignedElsewhere = choose_for_paper(ports, proposal.act)
        else:
            live = proposal.reported is None
            author_key = choose_author(ports, ring, proposal.actor, proposal.act, proposal.signed, live=live)
        sealed = seal(entry, record_key=record_key, author_key=author_key, entropy=ports.entropy)
        sealed = attach_file_keys(sealed, [one.key for one in proposal.attachments])
        stream_key, rewrapped = organisation.create_stream_key(stream), None
        if isinstance(proposal.act, RecordShredded):
            rotation = self._rotations[stream] = rotate(organisation, stream, proposal.act)
            stream_key, rewrapped, state = rotation.key, rotation.rewrapped, rotation.left
        keys = wrap_keys(sealed.keys, sealed.leaf, stream_key, ports.entropy)
        leaf_hash = hash_leaf(sealed.leaf)
        stored = StoredEntry(stream, event.seq, sealed.leaf, leaf_hash, sealed.ciphertext, keys, self.now)
        governing = digest if isinstance(event.act, MatterAccepted) and event.live else state.governing
        self._states[stream] = advance(state, (event,), Head(event.seq, leaf_hash, self.now), governing)
        self._appends.append(_build_append(stored, reads, event, rewrapped))
        if changes_parties(event) or rewrapped is not None:
            self._changed.add(stream)
        return stored

    def store(self) -> None:
        """Store everything that was sealed, in one transaction. Raises: StaleReadError with nothing stored."""
        if not self._appends:
            return
        ports = self._organisation.ports
        ports.store.append(ports.organisation, self._with_rows())
        for stream, rotation in self._rotations.items():
            finish_shredding(self._organisation, stream, rotation.key)
        for stream, state in self._states.items():
            self._organisation.keep(stream, state)

    def _reads(self, stream: StreamId) -> tuple[tuple[StreamId, int], ...]:
        if stream in {ORGANISATION_STREAM, *REGISTERS}:
            return ()
        others = (ORGANISATION_STREAM, *linked_to(self.state(stream).facts))
        return tuple((other, self.state(other).facts.head_seq) for other in others)

    def _with_rows(self) -> list[Append]:
        """Return what was sealed, the last entry of each matter with the matter's rows: nobody sees those between."""
        appends, rowed = self._appends.copy(), {ORGANISATION_STREAM, *REGISTERS}
        for place in range(len(appends) - 1, -1, -1):
            stream = appends[place].entry.stream
            if stream not in rowed:
                rowed.add(stream)
                appends[place] = self._with_row(appends[place])
        return appends

    def _with_row(self, append: Append) -> Append:
        stream = append.entry.stream
        rulebook = self._organisation.rulebook(self.governing(stream))
        row = build_matter_row(self.facts(stream), self.state(stream), rulebook)
        parties = build_party_rows(self.state(stream).facts) if stream in self._changed else None
        return replace(append, matter=row, parties=parties)


def _build_append(
    stored: StoredEntry,
    reads: tuple[tuple[StreamId, int], ...],
    event: AnyEvent,
    rewrapped: dict[int, bytes | None] | None,
) -> Append:
    if stored.stream in {ORGANISATION_STREAM, *REGISTERS}:
        return Append(stored, reads)
    outbox = (OutboxItem("recorded", stored.stream, stored.seq, get_spec(type(event.act)).open_to),)
    return Append(stored, reads, outbox=outbox, rewrapped=rewrapped)


def _encode_ruling(ruling: Allowed | Departure, digest: str, *, reported: bool) -> dict[str, Json]:
    rulebook = None if digest == FOUNDING_DIGEST else digest
    match ruling:
        case Departure():
            return {
                "outcome": "departure",
                "rulebook": rulebook,
                "capacity": ruling.capacity,
                "clause": ruling.clause,
                "requirement": ruling.requirement,
                "authorised_by": ruling.authorised_by,
                "entry": ruling.entry,
            }
        case Allowed():
            outcome = "reported" if reported else "allowed"
            return {"outcome": outcome, "rulebook": rulebook, "capacity": ruling.capacity, "clause": ruling.clause}
