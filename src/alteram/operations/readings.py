"""Who read what: reading content is recorded in a register of its own, and each party sees it of what they may see.

One entry of the register tells that one person read entries of one matter, those they had not read before; it is
written before the page that shows them goes out. It holds no content. What somebody did themselves they need not read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from alteram.core.acts import ContentRead
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import READINGS_STREAM, PersonId, StreamId
from alteram.core.kernel.outcomes import Allowed
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import StreamFacts
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
_Read: TypeAlias = Mapping[tuple[StreamId, PersonId | None], Mapping[int, datetime]]


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
        register = organisation.state(READINGS_STREAM, fresh=failed > 0).facts
        known = _find_read(register).get((entered.stream, person), {})
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


def _find_read(register: StreamFacts) -> _Read:
    return register.work_out((ContentRead,), _build_read)


def _build_read(register: StreamFacts, _reads: tuple[type[Act], ...]) -> _Read:
    read: dict[tuple[StreamId, PersonId | None], dict[int, datetime]] = {}
    for event in register.all(ContentRead):
        own = read.setdefault((event.act.stream, event.actor), {})
        for seq in event.act.entries:
            own.setdefault(seq, event.recorded_at)
    return read


def find_readings(entered: Entered) -> tuple[Reading, ...]:
    """Return who read which entries, the newest first: of those entries whose content is open to whoever asks."""
    register = entered.organisation.state(READINGS_STREAM, fresh=True).facts
    events = [one for one in register.all(ContentRead) if one.act.stream == entered.stream]
    found = find_entries(entered, {seq for event in events for seq in event.act.entries}, titles=True)
    shown = {seq: one for seq, one in found.items() if _has_content(one)}
    readings = []
    for event in reversed(events):
        entries = tuple(shown[seq] for seq in event.act.entries if seq in shown)
        if entries:
            reader = None if event.actor in entered.reader.unknown else event.actor
            readings.append(Reading(reader, event.recorded_at, entries))
    return tuple(readings)
