"""Who was given an exhibit, or its gist, and since when: what the record shows of it, whatever was or is permitted.

What was made of an exhibit comes with it; to whoever may not know a protected person, only once somebody looked in it
for their name. A look at the copy does, or at what it was made of since it was made, or at a bundle that holds it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from alteram.core.acts import (
    BundleBuilt,
    DraftReportServed,
    ExhibitDerived,
    ExhibitDisclosed,
    ExhibitWithheld,
    NamesChecked,
    NoticeServed,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import AnyEvent, Event, Facts, StreamFacts
from alteram.core.matters.protection import find_protected, find_released_to
from alteram.core.rules.exhibits import find_derivation, find_lodging, live_acts
from alteram.core.rules.service import find_arrival

_GIVING = (ExhibitDisclosed, ExhibitWithheld, NoticeServed, DraftReportServed)


@dataclass(frozen=True, slots=True)
class Given:
    """That a person was given an exhibit, by which entry and when; `gist`: only what it comes to, it being withheld.

    `has_since` is None while it was posted, or given in print, and nobody confirmed that it arrived.
    """

    seq: int
    at: datetime
    has_since: datetime | None
    gist: bool = False


def find_given(facts: Facts, exhibit: str, person: PersonId) -> Given | None:
    """Return since when `person` has `exhibit`, or its gist; None where neither was given, or it was withheld since.

    What was made of an exhibit comes with it, but for a redaction: who was given the whole needs none. What was made
    later is theirs since then, or since it was looked through.
    """
    names = {exhibit, *find_made_of(facts, exhibit)}
    last: Given | None = None
    givings = facts.matter.work_out(_GIVING, _index_givings)
    given = {one.seq: one for name in names for one in givings.get((person, name), ())}
    for _, event in sorted(given.items()):
        match event.act:
            case ExhibitWithheld(exhibit=withheld, person=whom, gist=gist) if whom == person and withheld in names:
                last = None if gist is None else Given(event.seq, event.recorded_at, event.recorded_at, gist=True)
            case (
                ExhibitDisclosed(exhibits=exhibits, to=to)
                | NoticeServed(exhibits=exhibits, to=to)
                | DraftReportServed(exhibits=exhibits, to=to)
            ) if (
                to == person and names.intersection(exhibits) and (last is None or last.gist or last.has_since is None)
            ):
                seq = event.seq if exhibit in exhibits else find_opening(facts, exhibit, person, event.seq)
                opened = None if seq is None else facts.matter.find(seq)
                if opened is not None:
                    arrived_at = find_arrival(facts, event, person)
                    since = None if arrived_at is None else max(arrived_at, opened.recorded_at)
                    last = _choose(last, Given(opened.seq, opened.recorded_at, since))
            case _:
                pass
    lodged = find_lodging(facts, exhibit)
    if last is None or lodged is None or lodged.seq < last.seq:
        return last
    since = None if last.has_since is None else max(last.has_since, lodged.recorded_at)
    return Given(lodged.seq, lodged.recorded_at, since, last.gist)


def _choose(last: Given | None, given: Given) -> Given:
    """Return the giving that counts: of two in full, the first, unless the second has surely arrived."""
    return given if last is None or last.gist or given.has_since is not None else last


def find_opening(facts: Facts, exhibit: str, person: PersonId, since: int = -1) -> int | None:
    """Return by which entry a copy opens to whom what it was made of is open since an entry; None while it does not.

    It waits for a look where somebody may not be known to them for whom nobody looked in it before; but not for whoever
    made it. What was made of nothing is no copy.
    """
    lodged = find_lodging(facts, exhibit)
    if lodged is None:
        return None
    opened = max(since, lodged.seq)
    if lodged.actor == person or find_derivation(facts, exhibit) is None:
        return opened
    looks = sorted(one.seq for one in find_looks(facts, exhibit))
    looked = max((one for one in looks if one < opened), default=-1)
    if not find_hidden(facts, person, after=looked, before=opened):
        return opened
    return next((one for one in looks if one > opened), None)


def find_hidden(facts: Facts, person: PersonId, *, after: int = -1, before: int | None = None) -> frozenset[PersonId]:
    """Return who was protected between two entries and may not be known to `person`."""
    protected = find_protected(facts.matter, after=after, before=before)
    return protected - find_released_to(facts.matter, person) - {person}


def find_looks(facts: Facts, exhibit: str) -> Iterator[Event[NamesChecked]]:
    """Yield each look for protected names that took in `exhibit`: by name, with what it was made of, or in a bundle."""
    looks, lodged = facts.matter.work_out((NamesChecked, BundleBuilt), _index_looks), find_lodging(facts, exhibit)
    for name in (exhibit, *find_made_of(facts, exhibit)):
        for one in looks.get(name, ()):
            # A bundle that holds what it was made of need not hold it.
            if (name == exhibit or name in one.act.exhibits) and lodged is not None and lodged.seq < one.seq:
                yield one


def _index_looks(matter: StreamFacts, _kinds: object) -> dict[str, list[Event[NamesChecked]]]:
    built = {one.act.bundle: one.act.exhibits for one in matter.all(BundleBuilt) if one.live and not one.corrected}
    index: dict[str, list[Event[NamesChecked]]] = {}
    for one in matter.all(NamesChecked):
        if one.live and not one.corrected:
            for name in dict.fromkeys((*one.act.exhibits, *built.get(one.act.bundle or "", ()))):
                index.setdefault(name, []).append(one)
    return index


def find_made_of(facts: Facts, exhibit: str) -> Iterator[str]:
    """Yield the names of what `exhibit` was made of, as far as whoever has that has `exhibit` too."""
    while (made := find_derivation(facts, exhibit)) is not None and made.how != "redaction":
        exhibit = made.of
        yield exhibit


def find_made_from(facts: Facts, exhibit: str) -> tuple[Event[ExhibitDerived], ...]:
    """Return how everything was made that whoever has `exhibit` has as well."""
    return tuple(one for one in live_acts(facts, ExhibitDerived) if exhibit in find_made_of(facts, one.act.exhibit))


def _index_givings(matter: StreamFacts, _kinds: object) -> dict[tuple[PersonId, str], list[AnyEvent]]:
    """Return what was given to each person, or withheld from them, by exhibit."""
    index: dict[tuple[PersonId, str], list[AnyEvent]] = {}
    for event in matter.all(*_GIVING):
        if not event.live or event.corrected:
            continue
        match event.act:
            case ExhibitWithheld(exhibit=withheld, person=whom):
                index.setdefault((whom, withheld), []).append(event)
            case ExhibitDisclosed() | NoticeServed() | DraftReportServed() as giving:
                for one in dict.fromkeys(giving.exhibits):
                    index.setdefault((giving.to, one), []).append(event)
            case _:
                pass
    return index
