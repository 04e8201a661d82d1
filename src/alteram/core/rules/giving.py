"""Who was given an exhibit, or its gist, and since when: what the record shows of it, whatever was or is permitted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from alteram.core.acts import DraftReportServed, ExhibitDerived, ExhibitDisclosed, ExhibitWithheld, NoticeServed
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import AnyEvent, Event, Facts, StreamFacts
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
    later is theirs since then.
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
                last = _choose(last, Given(event.seq, event.recorded_at, find_arrival(facts, event, person)))
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
