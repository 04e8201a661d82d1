"""Entries of a matter as one person may see them: some of them, a page of them, or one with what later acts say of it.

Only the entries that are asked for are opened, however long the matter is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from alteram.core.access import Reader, build_reader, find_visible_claims
from alteram.core.acts import ActSpec, find_spec, get_spec
from alteram.core.acts.fields import Act
from alteram.core.acts.shapes import find_shapes
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import Facts, StreamFacts
from alteram.core.rules import Rulebook
from alteram.core.rules.evidence import RELYING
from alteram.core.rules.reliance import find_rested_on
from alteram.operations.organisation import Organisation
from alteram.operations.ports import StoredEntry
from alteram.operations.questions import TimelineEntry, UnknownMatterError

#: How many entries a page of the timeline shows.
PAGE = 50
#: Entries that stand no further apart than this are read at one stroke.
_NEAR = 8


@dataclass(frozen=True, slots=True)
class Entered:
    """A matter that is open to somebody: what the rules read of it, the rulebook that governs it, and who reads."""

    organisation: Organisation
    stream: StreamId
    facts: Facts
    rulebook: Rulebook
    reader: Reader
    opened: dict[int, TimelineEntry] = field(default_factory=dict, compare=False)
    """What was opened for its content: a page shows it, and so it was read."""

    @property
    def person(self) -> PersonId:
        """Return who reads."""
        if self.reader.person is None:
            raise ValueError(self.stream)
        return self.reader.person

    @property
    def heads(self) -> tuple[object, ...]:
        """Return how far all was read that a ruling here reads: what is worked out of it stays right until one moves.

        Linked matters count by the parts played in them.
        """
        return (self.facts.organisation.head_seq, self.facts.matter.head_seq, self.facts.linked)


def enter(organisation: Organisation, stream: StreamId, viewer: PersonId) -> Entered:
    """Return a matter as `viewer` enters it. Raises: UnknownMatterError where they have no part in it."""
    facts, rulebook = organisation.facts(stream, fresh=True), organisation.governing(stream)
    reader = build_reader(facts, rulebook, viewer)
    if facts.matter.head_seq < 0 or not reader.has_part:
        raise UnknownMatterError(
            phrase("There is no such matter, or it is not open to you."), remedy=phrase("Ask the secretary.")
        )
    return Entered(organisation, stream, facts, rulebook, reader)


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry opened for a reader, with the names of what stays closed to them, and its act where they may know it."""

    entry: TimelineEntry
    spec: ActSpec | None
    closed: tuple[str, ...] = ()
    is_lost: bool = False


def show_entry(entered: Entered, stored: StoredEntry) -> Shown:
    """Return an entry as the reader may see it."""
    opened = entered.organisation.open(stored)
    if opened is None:
        return Shown(TimelineEntry(stored.seq, stored.at, "", {}), None, is_lost=True)
    claims = opened.presentation.claims
    tag = claims.get("act")
    spec = find_spec(tag) if isinstance(tag, str) else None
    visible = () if spec is None else find_visible_claims(entered.reader, spec, claims)
    shown = {name: value for name, value in claims.items() if name in visible}
    act = shown.get("act")
    entry = TimelineEntry(stored.seq, stored.at, act if isinstance(act, str) else "", shown)
    return Shown(entry, spec if entry.act else None, _find_closed(spec, shown, claims))


def _find_closed(spec: ActSpec | None, shown: dict[str, Json], claims: dict[str, Json]) -> tuple[str, ...]:
    """Return what stays closed, by name: what is there where the reader may know that, else all that could be."""
    if spec is None:
        return ()
    able = ("actor", *(f"act.{one.name}" for one in spec.fields))
    if "fields" in shown:
        return tuple(name for name in ("reported", *able) if name in claims and name not in shown)
    return tuple(name for name in able if name not in shown)


def find_entries(entered: Entered, seqs: Iterable[int], *, titles: bool = False) -> dict[int, TimelineEntry]:
    """Return these entries as the reader may see them, by their number; with `titles` nothing else of them is shown."""
    wanted = sorted(set(seqs))
    found: dict[int, TimelineEntry] = {}
    for first, last in _runs(wanted):
        for stored in _load(entered, first, last):
            if stored.seq in wanted:
                found[stored.seq] = show_entry(entered, stored).entry
    if not titles:
        entered.opened.update(found)
    return found


def _runs(seqs: list[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of what is read at one stroke."""
    start: int | None = None
    for place, seq in enumerate(seqs):
        start = seq if start is None else start
        if place + 1 == len(seqs) or seqs[place + 1] - seq > _NEAR:
            yield start, seq
            start = None


def _load(entered: Entered, first: int, last: int) -> Iterator[StoredEntry]:
    ports = entered.organisation.ports
    return ports.store.load(ports.organisation, entered.stream, first - 1, limit=last - first + 1)


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """So many entries, the newest first, and the number before which the next page begins (None: that was all)."""

    entries: tuple[TimelineEntry, ...]
    total: int
    newer: int | None
    older: int | None


def find_timeline_page(entered: Entered, before: int | None = None, size: int = PAGE) -> TimelinePage:
    """Return the entries before a number, or the newest. Only these are opened."""
    total = entered.facts.matter.head_seq + 1
    end = total if before is None else max(0, min(before, total))
    first = max(0, end - size)
    entries = tuple(show_entry(entered, one).entry for one in _load(entered, first, end - 1)) if end else ()
    newer = min(end + size, total) if end < total else None
    return TimelinePage(entries[::-1], total, newer, first or None)


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One field of an entry: its name, what it holds, and its shape."""

    name: str
    value: Json
    kind: str


#: Fields that hold an index: what people read and type counts from 1.
INDICES: Final = frozenset({("exhibit.derived", "first")})


def show_field(spec: ActSpec, name: str, value: Json) -> FieldShown:
    """Return a field of an act as it is shown."""
    return FieldShown(name, value, "index" if (spec.name, name) in INDICES else find_shapes(spec)[name].kind)


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One entry in full, as far as it is open, and the later entries that speak of it."""

    entry: TimelineEntry
    spec: ActSpec | None
    fields: tuple[FieldShown, ...]
    closed: tuple[str, ...]
    is_lost: bool
    standing: str
    later: tuple[TimelineEntry, ...]
    earlier: dict[int, TimelineEntry] = field(default_factory=dict)


def find_entry(entered: Entered, seq: int) -> EntryPage:
    """Return one entry. Raises: UnknownMatterError where there is none of this number."""
    stored = next(_load(entered, seq, seq), None)
    if stored is None:
        raise UnknownMatterError(phrase("There is no such entry."), remedy=phrase("Look at the timeline."))
    shown = show_entry(entered, stored)
    event = entered.facts.matter.find(seq)
    standing = event.standing if event is not None and not event.live and "reported" in shown.entry.claims else ""
    fields = () if shown.spec is None else tuple(_fields(entered.facts.matter, shown.spec, shown.entry))
    referred = [one for each in fields if each.kind == "entry" for one in _numbers(each.value)]
    return EntryPage(
        entry=shown.entry,
        spec=shown.spec,
        fields=fields,
        closed=shown.closed,
        is_lost=shown.is_lost,
        standing=standing,
        later=tuple(_find_later(entered, seq)),
        earlier=find_entries(entered, referred, titles=True),
    )


def _fields(matter: StreamFacts, spec: ActSpec, entry: TimelineEntry) -> Iterator[FieldShown]:
    for one in spec.fields:
        name = f"act.{one.name}"
        if name in entry.claims or (one.name == "exhibits" and _rests_on_none(matter, spec, entry)):
            yield show_field(spec, one.name, entry.claims.get(name))


def _rests_on_none(matter: StreamFacts, spec: ActSpec, entry: TimelineEntry) -> bool:
    """Return whether an act done here, which would name the exhibits it rests on, names none and follows none."""
    event = matter.find(entry.seq)
    done = event is not None and event.live and spec.type in RELYING and "fields" in entry.claims
    return done and event is not None and not find_rested_on(matter, event)


def _find_later(entered: Entered, seq: int) -> Iterator[TimelineEntry]:
    """Yield the entries that refer to one, where the reader may know that they do."""
    referring = [event.seq for event in entered.facts.matter.every() if event.seq > seq and _refers(event.act, seq)]
    for entry in find_entries(entered, referring, titles=True).values():
        spec = find_spec(entry.act)
        shapes = {} if spec is None else find_shapes(spec)
        names = [name for name, shape in shapes.items() if shape.kind == "entry"]
        if any(seq in _numbers(entry.claims.get(f"act.{name}")) for name in names):
            yield entry


def _refers(act: Act, seq: int) -> bool:
    shapes = find_shapes(get_spec(type(act)))
    return any(
        seq == value or (isinstance(value, tuple) and seq in value)
        for name, shape in shapes.items()
        if shape.kind == "entry" and (value := getattr(act, name)) is not None
    )


def _numbers(value: Json) -> list[int]:
    listed = value if isinstance(value, list | tuple) else [value]
    return [one for one in listed if isinstance(one, int) and not isinstance(one, bool)]


def find_text(entry: TimelineEntry | None, name: str) -> str:
    """Return a text of an entry, where it is open; else nothing."""
    value = None if entry is None else entry.claims.get(f"act.{name}")
    return value if isinstance(value, str) else ""


def find_time(value: Json) -> datetime | None:
    """Return an instant as a claim spells it."""
    return datetime.fromisoformat(value) if isinstance(value, str) else None
