"""Who read what: reading content is recorded in a register of its own, and each party sees it of what they may see.

One entry of the register tells that one person read entries of one matter, those they had not read before; it is
written before the page that shows them goes out. It holds no content. What somebody did themselves they need not read.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from weakref import WeakKeyDictionary

from alteram.core.acts import ContentRead
from alteram.core.kernel.identifiers import READINGS_STREAM, PersonId, StreamId
from alteram.core.kernel.outcomes import Allowed
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import Event, StreamFacts
from alteram.operations.entries import Entered, EntryPage, find_entries, find_entry, find_timeline_page
from alteram.operations.organisation import Organisation
from alteram.operations.perform import BusyError
from alteram.operations.ports import StaleReadError
from alteram.operations.questions import TimelineEntry
from alteram.operations.recording import Batch, Proposal

#: Only who reads something for the first time writes to the register: so often does nobody else in between.
_TRIES = 32
#: One entry of the register tells of no more entries; who read more has several.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Reading:
    """That somebody read entries; `reader` is None where who it was is not open to whoever asks."""

    reader: PersonId | None
    at: datetime
    entries: tuple[TimelineEntry, ...]


def read_entry(entered: Entered, seq: int, *, now: datetime) -> EntryPage:
    """Return one entry and keep that it was read. Raises: UnknownMatterError where there is none of this number."""
    page = find_entry(entered, seq)
    keep_reading(entered, (page.entry,), now=now)
    return page


def read_from(entered: Entered, first: int, limit: int, *, now: datetime) -> tuple[TimelineEntry, ...]:
    """Return so many entries from a number on, the oldest first, and keep that they were read.

    Raises: BusyError, StoreError.
    """
    end = min(first + limit, entered.facts.matter.head_seq + 1)
    if end <= first:
        return ()
    entries = find_timeline_page(entered, end, end - first).entries[::-1]
    keep_reading(entered, entries, now=now)
    return entries


def keep_reading(entered: Entered, entries: Iterable[TimelineEntry], *, now: datetime) -> None:
    """Keep that whoever entered the matter read these entries, as far as their content was open and new to them.

    Raises: BusyError when others keep writing to the register: what cannot be kept as read is not shown; StoreError.
    """
    person, organisation, failed = entered.person, entered.organisation, 0
    wanted = sorted({one.seq for one in entries if _has_content(one) and one.claims.get("actor") != person})
    while wanted and failed < _TRIES:
        organisation.state(READINGS_STREAM, fresh=failed > 0)
        known = _get_read(organisation).find_read(entered.stream, person)
        wanted = [seq for seq in wanted if seq not in known]
        if wanted:
            try:
                _keep(organisation, ContentRead(stream=entered.stream, entries=tuple(wanted[:MOST])), person, now)
            except StaleReadError:
                failed += 1
    if wanted:
        raise BusyError(phrase("Others are reading at the same time."), remedy=phrase("Try again in a moment."))


def _keep(organisation: Organisation, act: ContentRead, reader: PersonId, now: datetime) -> None:
    register = organisation.state(READINGS_STREAM).facts
    # The register's time never runs backwards, whatever clock the last reading was kept by.
    batch = Batch(organisation, max(now, register.last_at or now), fresh=False)
    proposal = Proposal(READINGS_STREAM, act, reader)
    batch.add(proposal, batch.build_event(batch.facts(READINGS_STREAM), proposal), Allowed("register"))
    batch.store()


def _has_content(entry: TimelineEntry) -> bool:
    return any(name.startswith("act.") for name in entry.claims)


class _Read:
    """What the register tells of each matter, counted once as it grows: a page costs what its matter was read."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counted: tuple[int, int] = (0, -1)
        self._by_matter: dict[StreamId, list[Event[ContentRead]]] = {}
        self._by_reader: dict[tuple[StreamId, PersonId | None], set[int]] = {}

    def count(self, register: StreamFacts) -> "_Read":
        """Return it after all that the register holds."""
        events = register.all(ContentRead)
        with self._lock:
            counted, last = self._counted
            if counted and (len(events) < counted or events[counted - 1].seq != last):
                # What was counted is not there any more, or was read by a thread that is behind.
                counted, self._by_matter, self._by_reader = 0, {}, {}
            for event in events[counted:]:
                self._by_matter.setdefault(event.act.stream, []).append(event)
                self._by_reader.setdefault((event.act.stream, event.actor), set()).update(event.act.entries)
            self._counted = (len(events), events[-1].seq if events else -1)
        return self

    def find_read(self, stream: StreamId, reader: PersonId) -> frozenset[int]:
        with self._lock:
            return frozenset(self._by_reader.get((stream, reader), ()))

    def find_readings(self, stream: StreamId) -> tuple[Event[ContentRead], ...]:
        with self._lock:
            return tuple(self._by_matter.get(stream, ()))


_read: "WeakKeyDictionary[Organisation, _Read]" = WeakKeyDictionary()


def _get_read(organisation: Organisation) -> _Read:
    return _read.setdefault(organisation, _Read()).count(organisation.state(READINGS_STREAM).facts)


def find_readings(entered: Entered) -> tuple[Reading, ...]:
    """Return who read which entries, the newest first: of those entries whose content is open to whoever asks."""
    entered.organisation.state(READINGS_STREAM, fresh=True)
    events = _get_read(entered.organisation).find_readings(entered.stream)
    found = find_entries(entered, {seq for event in events for seq in event.act.entries}, titles=True)
    shown = {seq: one for seq, one in found.items() if _has_content(one)}
    readings = []
    for event in reversed(events):
        entries = tuple(shown[seq] for seq in event.act.entries if seq in shown)
        if entries:
            reader = None if event.actor in entered.reader.unknown else event.actor
            readings.append(Reading(reader, event.recorded_at, entries))
    return tuple(readings)
