"""The course of a matter as lanes over time: who did what, which periods ran, and when what would have been unlawful.

It says what is to be drawn and told in a table; how it looks is for the pages. It shows no more than the timeline does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from alteram.core.access import find_visible_fields
from alteram.core.acts import (
    InterimMeasureImposed,
    InterimMeasureLifted,
    MeetingCalled,
    ProceedingsPaused,
    ProceedingsResumed,
    get_spec,
)
from alteram.core.acts.catalogue import ROLES
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.rules.stages import find_entered
from alteram.operations.accusation import find_accusations
from alteram.operations.entries import Entered, find_time, find_timeline_page
from alteram.operations.open_acts import find_acts
from alteram.operations.overview import Part, build_overview
from alteram.operations.questions import TimelineEntry

#: Entries that one picture shows; of a longer matter the newest.
MOST = 500


@dataclass(frozen=True, slots=True)
class Mark:
    """An act, when it was done or is said to have been done."""

    at: datetime
    act: str
    entry: int
    is_reported: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A period: what ran, from when to when, and the entry it began with. `is_unlawful`: something was barred then."""

    what: str
    detail: str
    begins_at: datetime
    ends_at: datetime
    entry: int | None
    is_unlawful: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """A party with what they did; `person` is empty for those whose names are closed to the reader."""

    person: PersonId | None
    parts: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything to be drawn, between two times."""

    begins_at: datetime
    ends_at: datetime
    now: datetime
    lanes: tuple[Lane, ...]
    stages: tuple[Bar, ...]
    periods: tuple[Bar, ...]
    left_out: int
    """How many older entries are not shown."""

    @property
    def windows(self) -> tuple[Bar, ...]:
        """Return the times in which something was, or would be, unlawful."""
        return tuple(one for one in self.periods if one.is_unlawful)


def find_picture(entered: Entered, *, now: datetime) -> Picture:
    """Return the course of a matter for the person who entered it."""
    page = find_timeline_page(entered, size=MOST)
    entries = page.entries[::-1]
    lanes = tuple(_find_lanes(entered, entries, now))
    periods = tuple(_find_periods(entered, now))
    stages = tuple(_find_stages(entered, now))
    times = [one.at for lane in lanes for one in lane.marks]
    begins_at = min([*times, *(one.begins_at for one in stages)], default=now)
    ends_at = max([now, *(one.ends_at for one in (*periods, *stages))])
    return Picture(begins_at, ends_at, now, lanes, stages, periods, page.total - len(entries))


def _find_lanes(entered: Entered, entries: tuple[TimelineEntry, ...], now: datetime) -> Iterator[Lane]:
    parts = build_overview(entered, now=now).parts
    by_person: dict[PersonId | None, list[Mark]] = {one.person: [] for one in sorted(parts, key=_rank)}
    for entry in entries:
        by_person.setdefault(_find_doer(entry), []).append(_build_mark(entry))
    closed = by_person.pop(None, [])
    for person, marks in by_person.items():
        played = tuple(dict.fromkeys(one.role for one in parts if one.person == person))
        yield Lane(person, played, tuple(marks))
    if closed:
        yield Lane(None, (), tuple(closed))


def _rank(part: Part) -> int:
    return ROLES.index(part.role)


def _find_doer(entry: TimelineEntry) -> PersonId | None:
    """Return who did an act, or is said to have, where the reader may know it."""
    reported, actor = entry.claims.get("reported"), entry.claims.get("actor")
    if isinstance(reported, dict):
        actor = reported.get("by")
    return PersonId(actor) if isinstance(actor, str) else None


def _build_mark(entry: TimelineEntry) -> Mark:
    reported = entry.claims.get("reported")
    if not isinstance(reported, dict):
        return Mark(entry.at, entry.act, entry.seq, is_reported=False)
    said = find_time(reported.get("first")) or find_time(reported.get("last"))
    return Mark(said or entry.at, entry.act, entry.seq, is_reported=True)


def _find_stages(entered: Entered, now: datetime) -> Iterator[Bar]:
    begun = sorted(find_entered(entered.facts, entered.rulebook), key=lambda one: one[1].recorded_at)
    for place, (stage, event) in enumerate(begun):
        after = begun[place + 1][1].recorded_at if place + 1 < len(begun) else max(now, event.recorded_at)
        yield Bar("", stage.title, event.recorded_at, after, event.seq)


def _find_periods(entered: Entered, now: datetime) -> Iterator[Bar]:
    """Yield the periods that ran; those of the charge only for whom it is open to."""
    yield from _find_clock_bar(entered, now)
    yield from _find_answer_times(entered)
    yield from _find_calls(entered)
    yield from _find_barred(entered, now)
    if "act.until" in _open_names(entered):
        yield from _find_pauses(entered, now)
        yield from _find_measures(entered, now)


def _open_names(entered: Entered) -> tuple[str, ...]:
    return find_visible_fields(get_spec(ProceedingsPaused), entered.reader.roles)


def _find_clock_bar(entered: Entered, now: datetime) -> Iterator[Bar]:
    clock = build_overview(entered, now=now).clock
    if clock is not None:
        yield Bar("stage", clock.stage.title, clock.began_at, clock.due_at, None)


def _find_answer_times(entered: Entered) -> Iterator[Bar]:
    for one in find_accusations(entered):
        if one.notice is not None and one.respond_by is not None and one.respond_by > one.notice.recorded_at:
            yield Bar("answer", one.person, one.notice.recorded_at, one.respond_by, one.notice.seq, is_unlawful=True)


def _find_calls(entered: Entered) -> Iterator[Bar]:
    for one in entered.facts.matter.all(MeetingCalled):
        if one.live and not one.corrected and one.act.at > one.recorded_at:
            yield Bar("meeting", one.act.meeting, one.recorded_at, one.act.at, one.seq, is_unlawful=True)


def _find_barred(entered: Entered, now: datetime) -> Iterator[Bar]:
    """Yield until when acts of the reader would be unlawful, as the rules say now."""
    for one in find_acts(entered, now=now).acts:
        earliest = one.ruling.earliest if one.is_own and isinstance(one.ruling, Refused) else None
        if earliest is not None and earliest > now:
            yield Bar("barred", one.spec.name, now, earliest, None, is_unlawful=True)


def _find_pauses(entered: Entered, now: datetime) -> Iterator[Bar]:
    resumed = {one.act.pause: one.recorded_at for one in reversed(entered.facts.matter.all(ProceedingsResumed))}
    for one in entered.facts.matter.all(ProceedingsPaused):
        if one.live:
            ends = [at for at in (resumed.get(one.seq), one.act.until) if at is not None]
            yield Bar("pause", one.act.why, one.recorded_at, min(ends, default=max(now, one.recorded_at)), one.seq)


def _find_measures(entered: Entered, now: datetime) -> Iterator[Bar]:
    lifted = {one.act.measure: one.recorded_at for one in reversed(entered.facts.matter.all(InterimMeasureLifted))}
    for one in entered.facts.matter.all(InterimMeasureImposed):
        if one.live and one.act.person not in entered.reader.unknown:
            ends = [at for at in (lifted.get(one.seq), one.act.until) if at is not None]
            last = min(ends, default=max(now, one.recorded_at))
            yield Bar("measure", one.act.measure, one.recorded_at, last, one.seq)
