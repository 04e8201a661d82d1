"""What is odd in a rulebook but not unfair: most likely a slip, or something that will surprise whoever lives by it.

It reads the rulebook alone, with the packs it builds on as they are now and the day. It says nothing of fairness, which
is what proving is for, and refuses nothing: an oddity may be meant. Each has a code, listed in
docs/reference/oddities.md.

>>> sorted(CODES)[:3]
['act.two-rules', 'appeal.short', 'body.size-of-all']
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Final

import msgspec
from msgspec import Struct

from alteram.core.kernel.calendars import CalendarError
from alteram.core.kernel.periods import Period, last_within
from alteram.core.kernel.phrases import as_act, as_moment, as_own, phrase
from alteram.core.rules import contradictions
from alteram.core.rules.conflicts import find_periods
from alteram.core.rules.mentions import is_mentioned
from alteram.core.rules.rulebook import Office, Pack, Rulebook, Sanction, Share, Stage, build_digest, encode_rulebook

#: Every code there is. docs/reference/oddities.md says of each what it means.
CODES: Final = frozenset(
    {
        "act.two-rules",
        "breach.no-sanction",
        "calendar.ends",
        "clause.other-words",
        "clause.unused",
        "office.idle",
        "pack.old",
        "pack.other",
        "requirement.stops-nothing",
        "sanction.lighter-majority",
        "sanction.order",
        "sanction.rung-missing",
        "stage.long",
        "stage.short",
        "title.twice",
        *contradictions.CODES,
    }
)
#: A stage of fewer hours is very short, one of more days very long; a pack is old after so many days.
SHORTEST_HOURS: Final = 24
LONGEST_DAYS: Final = 184
OLD_DAYS: Final = 730
#: Kinds that ask for something after the act they speak of, so that nothing can wait for it.
AFTERWARDS: Final = frozenset(
    {
        "acknowledgement",
        "appeal-decided-in-time",
        "complaint-handled",
        "completion-time",
        "counted-in-statistics",
        "deciders-explain",
        "effective-after-notice",
        "feedback",
        "leak-pursued",
        "minute-kept",
        "outcome-report",
        "remedy-if-unproved",
        "report-in-time",
        "sanction-instrument",
        "serious-referred",
        "step-gaps",
    }
)
_DAYS: Final = {"days": 1.0, "clear_days": 1.0, "working_days": 1.4, "weeks": 7.0, "months": 30.5, "years": 365.0}


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something odd: `place` is the part of the rulebook and the name in it, such as `stages.intake`."""

    code: str
    place: str
    clause: str
    because: str
    remedy: str


def find_oddities(rulebook: Rulebook, packs: Iterable[Pack] = (), *, today: date) -> tuple[Oddity, ...]:
    """Return what is odd in `rulebook` on a day, in the order of its parts. `packs`: as they are now."""
    found = [one for find in _LOOKS for one in find(rulebook)]
    return (*found, *_find_old_packs(rulebook, packs, today), *_find_beyond(rulebook, today))


def _find_unused(rulebook: Rulebook) -> Iterator[Oddity]:
    used = {getattr(item, "clause", "") for _part, item in _items(rulebook)}
    for clause in rulebook.clauses:
        if clause.id not in used:
            because = phrase(
                "Nothing refers to clause {clause}, {title}: it is prose only.",
                clause=as_own(clause.id),
                title=as_own(clause.title),
            )
            remedy = phrase("Name it where it says what is done, or leave it as a principle.")
            yield Oddity("clause.unused", f"clauses.{clause.id}", clause.id, because, remedy)


def _find_other_words(rulebook: Rulebook) -> Iterator[Oddity]:
    clauses = {one.id: one for one in rulebook.clauses}
    for part, item in _items(rulebook):
        clause = clauses.get(getattr(item, "clause", ""))
        if clause is None or is_mentioned(item, clause, rulebook):
            continue
        name = _name(item)
        because = phrase(
            "Clause {clause}, {title}, is named for {name} and never mentions it.",
            clause=as_own(clause.id),
            title=as_own(clause.title),
            name=as_act(name) if part == "acts" else as_own(name),
        )
        remedy = phrase("Name the clause that says so, or say so in this one.")
        yield Oddity("clause.other-words", f"{part}.{name}", clause.id, because, remedy)


def _find_unpunished(rulebook: Rulebook) -> Iterator[Oddity]:
    if rulebook.sanctions:
        return
    for breach in rulebook.breaches:
        because = phrase("No sanction follows the breach {breach}.", breach=as_own(breach.title))
        remedy = phrase("Add a sanction, or say in a clause that a finding is all there is.")
        yield Oddity("breach.no-sanction", f"breaches.{breach.id}", breach.clause, because, remedy)


def _find_sanctions(rulebook: Rulebook) -> Iterator[Oddity]:
    for before, after in pairwise(rulebook.sanctions):
        place = f"sanctions.{after.id}"
        names = {"before": as_own(before.title), "after": as_own(after.title)}
        if after.rung < before.rung:
            because = phrase("{after} is lighter than {before} and stands after it.", **names)
            yield Oddity("sanction.order", place, after.clause, because, phrase("Write the lightest first."))
    ladder = sorted(rulebook.sanctions, key=lambda one: one.rung)
    for before, after in pairwise(ladder):
        yield from _compare_rungs(before, after)


def _compare_rungs(before: Sanction, after: Sanction) -> Iterator[Oddity]:
    place = f"sanctions.{after.id}"
    if after.rung > before.rung + 1:
        because = phrase(
            "Between {before}, rung {low}, and {after}, rung {high}, there is no rung.",
            before=as_own(before.title),
            low=before.rung,
            after=as_own(after.title),
            high=after.rung,
        )
        yield Oddity("sanction.rung-missing", place, after.clause, because, phrase("Number the rungs without a gap."))
    if before.by == after.by and _needs_less(after.majority, before.majority):
        because = phrase(
            "{after} is heavier than {before} and needs fewer votes.",
            before=as_own(before.title),
            after=as_own(after.title),
        )
        remedy = phrase("Ask for at least as many votes for what is heavier.")
        yield Oddity("sanction.lighter-majority", place, after.clause, because, remedy)


def _needs_less(one: Share | None, other: Share | None) -> bool:
    """Return whether a share is certainly smaller than another: of the same base, or none at all."""
    if other is None or one is None:
        return one is None and other is not None
    mine, theirs = one.numerator * other.denominator, other.numerator * one.denominator
    smaller = mine < theirs or (mine == theirs and other.more_than and not one.more_than)
    return one.of == other.of and smaller


def _find_stages(rulebook: Rulebook) -> Iterator[Oddity]:
    for procedure in rulebook.procedures:
        for stage in procedure.stages:
            yield from _look_at_stage(f"procedures.{procedure.id}.{stage.id}", stage)


def _look_at_stage(place: str, stage: Stage) -> Iterator[Oddity]:
    if stage.within is None:
        return
    names = {"stage": as_own(stage.title), "period": stage.within}
    hours = stage.within.count if stage.within.unit == "hours" else _days(stage.within) * 24
    if hours < SHORTEST_HOURS:
        because = phrase("The stage {stage} is to be left within {period}, which is very short.", **names)
        yield Oddity("stage.short", place, stage.clause, because, phrase("Give at least a day."))
    if hours > LONGEST_DAYS * 24:
        because = phrase("The stage {stage} may last {period}, which is very long.", **names)
        yield Oddity("stage.long", place, stage.clause, because, phrase("Give half a year at most, or divide it."))


def _days(period: Period) -> float:
    return period.count * _DAYS.get(period.unit, 1 / 24)


def _find_twin_rules(rulebook: Rulebook) -> Iterator[Oddity]:
    counted = Counter(one.act for one in rulebook.acts)
    for name, count in counted.items():
        if count > 1:
            clause = [one.clause for one in rulebook.acts if one.act == name][1]
            because = phrase("There are {count} rules for {act}: the first counts.", count=count, act=as_act(name))
            yield Oddity("act.two-rules", f"acts.{name}", clause, because, phrase("Keep one rule for each act."))


def _find_ungated(rulebook: Rulebook) -> Iterator[Oddity]:
    for demand in rulebook.demands:
        if demand.pack or demand.gates or demand.kind in AFTERWARDS:
            continue
        because = phrase(
            "{demand} stops no act, though what it asks ({kind}) could be asked before one.",
            demand=as_own(demand.title),
            kind=as_own(demand.kind),
        )
        remedy = phrase("Name in gates what is to wait for it, or leave it to be assessed afterwards.")
        yield Oddity("requirement.stops-nothing", f"requirements.{demand.id}", demand.clause, because, remedy)


def _find_twin_titles(rulebook: Rulebook) -> Iterator[Oddity]:
    stages = [(f"procedures.{one.id}", stage) for one in rulebook.procedures for stage in one.stages]
    titled = [(part, item) for part, item in _items(rulebook) if hasattr(item, "title") and part != "stages"]
    seen: set[tuple[str, str]] = set()
    for part, item in (*(("clauses", one) for one in rulebook.clauses), *titled, *stages):
        title = str(getattr(item, "title", ""))
        key = (part, title.casefold().strip())
        if key in seen:
            because = phrase("The title {title} stands twice.", title=as_own(title))
            remedy = phrase("Give each a title of its own, so that nobody takes one for the other.")
            yield Oddity("title.twice", f"{part}.{_name(item)}", getattr(item, "clause", ""), because, remedy)
        seen.add(key)


def _find_idle(rulebook: Rulebook) -> Iterator[Oddity]:
    chairs = {one.chair for one in rulebook.bodies}
    for office in rulebook.offices:
        if not office.plays and office.id not in chairs and not _is_named(office, rulebook):
            because = phrase("The office {office} plays no part in any matter.", office=as_own(office.title))
            remedy = phrase("Say what it plays, let it preside, or leave it out of this rulebook.")
            yield Oddity("office.idle", f"offices.{office.id}", office.clause, because, remedy)


def _is_named(office: Office, rulebook: Rulebook) -> bool:
    """Return whether some rule names an office as a part: some are called alike."""
    keys = () if rulebook.second_key is msgspec.UNSET else rulebook.second_key
    named = [one.by for one in rulebook.acts] + [one.by for one in rulebook.departures] + [one.by for one in keys]
    return any(office.id in by for by in named)


def _find_old_packs(rulebook: Rulebook, packs: Iterable[Pack], today: date) -> Iterator[Oddity]:
    known = {one.id: one for one in packs}
    for one in rulebook.builds_on:
        pack, place = known.get(one.id), f"builds_on.{one.id}"
        if pack is None:
            continue
        if build_digest(encode_rulebook(pack)) != one.digest:
            because = phrase(
                "The pack {pack} is here in version {version}; the rulebook builds on version {old}.",
                pack=as_own(pack.title),
                version=as_own(pack.version),
                old=as_own(one.version),
            )
            yield Oddity("pack.other", place, "", because, phrase("Read what changed, then name that version."))
        as_of = _parse_day(pack.as_of)
        if as_of is not None and (today - as_of).days > OLD_DAYS:
            because = phrase(
                "The pack {pack} tells the law as of {day}: that is long ago.",
                pack=as_own(pack.title),
                day=as_moment(as_of),
            )
            yield Oddity("pack.old", place, "", because, phrase("Look whether it still holds; ask for a newer pack."))


def _parse_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _find_beyond(rulebook: Rulebook, today: date) -> Iterator[Oddity]:
    """Yield each period of working days that, begun today, ends where the calendar knows no holidays any more."""
    for place, clause, period in _find_working(rulebook):
        try:
            last_within(datetime.combine(today, time(12), UTC), period, rulebook.calendar)
        except CalendarError:
            because = phrase(
                "{period} from {day} end after the calendar does, on {last}: they could not be counted.",
                period=period,
                day=as_moment(today),
                last=as_moment(rulebook.calendar.valid_until),
            )
            remedy = phrase("Adopt the rulebook again with a longer calendar.")
            yield Oddity("calendar.ends", place, clause, because, remedy)


def _find_working(rulebook: Rulebook) -> Iterator[tuple[str, str, Period]]:
    for procedure in rulebook.procedures:
        for stage in procedure.stages:
            if stage.within is not None and stage.within.unit == "working_days":
                yield f"procedures.{procedure.id}.{stage.id}", stage.clause, stage.within
    for sanction in rulebook.sanctions:
        if sanction.longest is not None and sanction.longest.unit == "working_days":
            yield f"sanctions.{sanction.id}", sanction.clause, sanction.longest
    for demand in rulebook.demands:
        for name, period in find_periods(demand):
            if period.unit == "working_days":
                yield f"requirements.{demand.id}.{name}", demand.clause, period


def _find_contradictory(rulebook: Rulebook) -> Iterator[Oddity]:
    """Yield what cannot stand together but may be meant; what cannot be meant is refused where it is read."""
    for one in contradictions.find_contradictions(rulebook):
        if not one.fatal:
            clause = next(iter(one.clauses), "")
            yield Oddity(one.code, f"{one.part}.{one.item}", clause, one.tell(), one.remedy)


def _items(rulebook: Rulebook) -> Iterator[tuple[str, Struct]]:
    """Yield everything of the rulebook's own that can name a clause, with the part it stands in."""
    keys = () if rulebook.second_key is msgspec.UNSET else rulebook.second_key
    own = tuple(one for one in rulebook.demands if not one.pack)
    for part, items in (
        ("offices", rulebook.offices),
        ("bodies", rulebook.bodies),
        ("breaches", rulebook.breaches),
        ("sanctions", rulebook.sanctions),
        ("procedures", rulebook.procedures),
        ("stages", tuple(stage for one in rulebook.procedures for stage in one.stages)),
        ("acts", rulebook.acts),
        ("requirements", own),
        ("departures", rulebook.departures),
        ("second_key", keys),
    ):
        for item in items:
            yield part, item


def _name(item: Struct) -> str:
    return str(next(getattr(item, name) for name in ("id", "act", "requirement") if hasattr(item, name)))


_LOOKS: Final[tuple[Callable[[Rulebook], Iterator[Oddity]], ...]] = (
    _find_unused,
    _find_other_words,
    _find_unpunished,
    _find_sanctions,
    _find_stages,
    _find_twin_rules,
    _find_ungated,
    _find_twin_titles,
    _find_idle,
    _find_contradictory,
)
