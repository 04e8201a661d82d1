"""One organisation at work: its streams folded and kept at hand, its rulebooks, the newest checkpoint it has seen.

Folds are cached by stream and sequence. A cached fold may be behind another process, or thread; whoever writes finds
out, because the store refuses what rests on an old read, and whoever only reads asks for a fresh one.

A key is kept at hand only as the key store gives it, and dropped by whoever folds past a shredding, after the key was
replaced: nobody who has read of a shredding writes under the key that it destroyed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from alteram.core.acts import (
    HistoryEntered,
    MatterAccepted,
    MattersLinked,
    OrganisationFounded,
    RecordShredded,
    get_spec,
)
from alteram.core.kernel.calendars import Calendar, Transition
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, REGISTERS, StreamId
from alteram.core.matters import (
    AnyEvent,
    Event,
    Facts,
    LinkedMatter,
    StreamFacts,
    WithheldEntry,
    find_adoption,
    fold_events,
)
from alteram.core.matters.loading import build_event_from_claims
from alteram.core.matters.roles import build_holdings
from alteram.core.record import Seen
from alteram.core.rules import Rulebook, parse_canonical_rulebook
from alteram.core.rules.rulebook import Pack, parse_canonical_pack
from alteram.core.tlog import Note, parse_checkpoint, parse_note_unverified
from alteram.core.vault import OpenedEntry, VaultError, open_entry, unwrap_keys
from alteram.operations.ports import Head, Ports, StoredEntry
from alteram.operations.recent import Recent

_KEPT_STREAMS = 512
_KEPT_RULEBOOKS = 16
_REREADS = 8
_ACCEPTED = get_spec(MatterAccepted).tag

#: What rules before anything was adopted: the catalogue of acts alone says who may do what.
FOUNDING = Rulebook(
    id="founding",
    title="Before a rulebook is adopted",
    version="1",
    jurisdiction="",
    calendar=Calendar(
        name="UTC",
        time_zone="UTC",
        valid_from=date(1970, 1, 1),
        valid_until=date(2100, 12, 31),
        transitions=(Transition(datetime(1970, 1, 1, tzinfo=UTC), 0),),
    ),
)
FOUNDING_DIGEST = "0" * 64


@dataclass(frozen=True, slots=True)
class StreamState:
    """A stream as far as it was read. `governing` is the digest of the rulebook under which its matter was accepted."""

    facts: StreamFacts
    head: Head | None = None
    opened_at: datetime | None = None
    governing: str | None = None


class Organisation:
    """The ports of one organisation with what was read through them. Safe to share between threads."""

    def __init__(self, ports: Ports) -> None:
        """Begin with nothing read."""
        self.ports = ports
        self._states = Recent[StreamId, StreamState](_KEPT_STREAMS)
        self._stream_keys = Recent[StreamId, bytes](_KEPT_STREAMS)
        self._rulebooks = Recent[str, Rulebook](_KEPT_RULEBOOKS)
        self._packs = Recent[str, Pack](_KEPT_RULEBOOKS)
        self._seen: tuple[bytes, Seen | None] = (b"", None)

    # -- streams

    def state(self, stream: StreamId, *, fresh: bool = False) -> StreamState:
        """Return a stream's state; `fresh` reads what was added since it was last read."""
        known = self._states.find(stream)
        if known is not None and not fresh:
            return known
        state = self._read_on(stream, known or StreamState(StreamFacts.empty(stream)))
        self.keep(stream, state)
        return state

    def keep(self, stream: StreamId, state: StreamState) -> None:
        """Keep a state at hand, unless another thread has read further meanwhile."""
        self._states.put(stream, state, unless=lambda known: known.facts.head_seq > state.facts.head_seq)

    def forget(self, stream: StreamId) -> None:
        """Forget all that was read of a stream, its key as well."""
        self._states.drop(stream)
        self._stream_keys.drop(stream)

    def stream_key(self, stream: StreamId) -> bytes:
        """Return the key of a stream that has entries. Raises: StoreError when it was destroyed."""
        keys, organisation = self.ports.keys, self.ports.organisation
        return self._stream_keys.get(stream, lambda: keys.get_stream_key(organisation, stream))

    def create_stream_key(self, stream: StreamId) -> bytes:
        """Return the key of a stream, made where there is none."""
        keys, organisation = self.ports.keys, self.ports.organisation
        return self._stream_keys.get(stream, lambda: keys.create_stream_key(organisation, stream))

    def open(self, stored: StoredEntry) -> OpenedEntry | None:
        """Return an entry opened; None where its keys were destroyed. Raises: VaultError when it was altered."""
        keys = self.unwrap(stored)
        return None if keys is None else open_entry(stored.ciphertext, keys, stored.leaf)

    def unwrap(self, stored: StoredEntry) -> tuple[bytes, ...] | None:
        """Return an entry's keys; None where they were destroyed. Raises: VaultError when no key of the stream fits."""
        wrapped, tries = stored.wrapped_keys, 0
        while wrapped is not None:
            try:
                return self._unwrap(stored, wrapped)
            except VaultError:
                # Another process may be rotating the stream's key: then it is wrapped anew, or the key is another now.
                tries += 1
                if tries == _REREADS:
                    raise
                wrapped = self._read_wrapping(stored)
        return None

    def _read_wrapping(self, stored: StoredEntry) -> bytes | None:
        entries = self.ports.store.load(self.ports.organisation, stored.stream, stored.seq - 1, limit=1)
        return next(iter(entries)).wrapped_keys

    def _unwrap(self, stored: StoredEntry, wrapped: bytes) -> tuple[bytes, ...]:
        """Unwrap under the stream's key: the one at hand, else the one kept now, else one staged.

        The last is what a crash in the middle of a shredding leaves (see `shredding`); it is promoted then.
        """
        stream, ports = stored.stream, self.ports
        try:
            return unwrap_keys(wrapped, stored.leaf, self.stream_key(stream))
        except VaultError:
            self._stream_keys.drop(stream)
        try:
            return unwrap_keys(wrapped, stored.leaf, self.stream_key(stream))
        except VaultError:
            for staged in ports.keys.find_staged_keys(ports.organisation, stream):
                keys = _find_keys(wrapped, stored.leaf, staged)
                if keys is not None:
                    ports.keys.promote_stream_key(ports.organisation, stream, staged)
                    # Another thread may have got further still: the key store says which key it is now.
                    self._stream_keys.drop(stream)
                    return keys
            raise

    def _read_on(self, stream: StreamId, state: StreamState) -> StreamState:
        known = 0 if state.head is None else len(state.facts.all(RecordShredded))
        stored = self.ports.store.load(self.ports.organisation, stream, state.facts.head_seq)
        after = fold_entries(state, ((one, self.open(one)) for one in stored))
        if len(after.facts.all(RecordShredded)) == known:
            return after
        # The stream's key was rotated since: writing under the old one would lose what is written.
        self._stream_keys.drop(stream)
        if state.head is None:
            return after
        # What was folded before may since have been shredded: nothing of it is kept at hand.
        return self._read_on(stream, StreamState(StreamFacts.empty(stream)))

    # -- facts and rules

    def facts(self, stream: StreamId, *, fresh: bool = False) -> Facts:
        """Return all that a ruling in a stream may read."""
        organisation = self.state(ORGANISATION_STREAM, fresh=fresh).facts
        if stream == ORGANISATION_STREAM:
            return Facts(organisation, organisation)
        matter = self.state(stream, fresh=fresh).facts
        linked = tuple(
            LinkedMatter(other, build_holdings(self.state(other, fresh=fresh).facts)) for other in linked_to(matter)
        )
        return Facts(organisation, matter, linked)

    def founding(self) -> Event[OrganisationFounded] | None:
        """Return how it was founded; None before it was."""
        return next(iter(self.state(ORGANISATION_STREAM).facts.all(OrganisationFounded)), None)

    @property
    def title(self) -> str:
        """Return what it is called, as it was founded; its short name before it was."""
        founded = self.founding()
        return self.ports.organisation if founded is None else founded.act.name

    def governing(self, stream: StreamId) -> Rulebook:
        """Return the rulebook that governs a stream, as far as both were read."""
        return self.rulebook(find_governing(self.state(stream), self.state(ORGANISATION_STREAM).facts))

    def rulebook(self, digest: str) -> Rulebook:
        """Return a rulebook that was adopted, by its digest. Raises: StoreError when the store does not hold it."""
        if digest == FOUNDING_DIGEST:
            return FOUNDING
        store, organisation = self.ports.store, self.ports.organisation
        return self._rulebooks.get(digest, lambda: parse_canonical_rulebook(store.get_document(organisation, digest)))

    def packs(self, rulebook: Rulebook) -> tuple[Pack, ...]:
        """Return the packs that a rulebook builds on, as they were when it was adopted. Raises: StoreError."""
        store, organisation = self.ports.store, self.ports.organisation

        def read(digest: str) -> Pack:
            return self._packs.get(digest, lambda: parse_canonical_pack(store.get_document(organisation, digest)))

        return tuple(read(one.digest) for one in rulebook.builds_on)

    def seen(self) -> Seen | None:
        """Return the newest published checkpoint that a witness of the policy cosigned (any, where it names none)."""
        published = self.ports.tiles.find_checkpoint()
        if published is None:
            return None
        read, seen = self._seen
        if published != read:
            note = self._find_seen(parse_note_unverified(published))
            checkpoint = None if note is None else parse_checkpoint(note.text)
            seen = None if checkpoint is None else Seen(checkpoint.origin, checkpoint.size, checkpoint.root)
            self._seen = (published, seen)
        return seen

    def _find_seen(self, published: Note) -> Note | None:
        """Return the published checkpoint where a witness cosigned it, else the newest that witnesses did."""
        witnesses = {(one.key.name, one.key.key_id) for one in self.ports.policy.witnesses}
        if not witnesses or any((line.name, line.key_id) in witnesses for line in published.lines):
            return published
        # It is so new that no witness has answered yet; or none did.
        return self.ports.store.newest_witnessed_checkpoint(self.ports.organisation, self.ports.origin)

    def matter_streams(self) -> Iterator[StreamId]:
        """Yield the name of every matter, in order."""
        after = ""
        while names := self.ports.store.streams(self.ports.organisation, after):
            yield from (name for name in names if name not in {ORGANISATION_STREAM, *REGISTERS})
            after = names[-1]


def fold_entries(state: StreamState, entries: Iterable[tuple[StoredEntry, OpenedEntry | None]]) -> StreamState:
    """Return a state after entries that continue its stream, each with what could be opened of it."""
    events: list[AnyEvent | WithheldEntry] = []
    head, opened_at, governing = state.head, state.opened_at, state.governing
    as_stated = state.facts.is_history
    for stored, opened in entries:
        claims = {} if opened is None else opened.presentation.claims
        event = build_event_from_claims(stored.seq, claims, as_stated=as_stated)
        as_stated = as_stated or (not isinstance(event, WithheldEntry) and isinstance(event.act, HistoryEntered))
        if claims.get("act") == _ACCEPTED and claims.get("reported") is None:
            governing = _named_rulebook(claims) or governing
        events.append(event)
        head = Head(stored.seq, stored.leaf_hash, stored.at)
        opened_at = opened_at or stored.at
    if not events:
        return state
    return StreamState(fold_events(state.facts, events), head, opened_at, governing)


def _find_keys(wrapped: bytes, leaf: bytes, stream_key: bytes) -> tuple[bytes, ...] | None:
    try:
        return unwrap_keys(wrapped, leaf, stream_key)
    except VaultError:
        return None


def find_governing(state: StreamState, organisation: StreamFacts) -> str:
    """Return the digest of the rulebook that governs a stream.

    A matter is governed by the version in force when it was accepted, all else by the version in force now
    (docs/adr: the governing rulebook).
    """
    if state.governing is not None:
        return state.governing
    adoption = find_adoption(organisation)
    return FOUNDING_DIGEST if adoption is None else adoption.digest


def linked_to(matter: StreamFacts) -> tuple[StreamId, ...]:
    """Return the matters this one is linked to, in order."""
    return tuple(sorted({event.act.other for event in matter.all(MattersLinked) if event.act.other != matter.stream}))


def advance(state: StreamState, events: Iterable[AnyEvent], head: Head, governing: str | None) -> StreamState:
    """Return a state after entries that were just stored."""
    opened_at = state.opened_at or head.at
    return replace(state, facts=fold_events(state.facts, events), head=head, opened_at=opened_at, governing=governing)


def _named_rulebook(claims: dict[str, Json]) -> str | None:
    match claims.get("ruling"):
        case {"rulebook": str() as digest}:
            return digest
        case _:
            return None
