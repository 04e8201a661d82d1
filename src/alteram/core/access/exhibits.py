"""Who may open an exhibit: read its file, or what was made of it. Its entry, with its title, is open to the sides.

In this order: nobody but its keepers while it is quarantined; whoever lodged it; who handles the matter; a party it was
given to, and whoever stands beside that party; then who decides, but only what every respondent was given in full or as
a gist, and nothing that was ruled out. A party from whom it is withheld has the gist. What ends a part ends this too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from alteram.core.access.parts import DECIDERS, HANDLERS, KEEPERS, SIDES
from alteram.core.access.seeing import Reader, build_reader, is_open_to
from alteram.core.acts import (
    CompanionNamed,
    DraftReportServed,
    ExhibitDisclosed,
    ExhibitLodged,
    ExhibitRuled,
    ExhibitWithheld,
    NoticeServed,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Allowed, Refused
from alteram.core.kernel.phrases import as_own, phrase
from alteram.core.matters import AnyEvent, Event, Facts, StreamFacts, find_holders
from alteram.core.rules.exhibits import find_derivation, find_lodging, find_origin, is_quarantined, live_acts
from alteram.core.rules.rulebook import Rulebook
from alteram.core.rules.service import find_arrival

_CLAUSE = "access"
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


def may_open_exhibit(facts: Facts, rulebook: Rulebook, exhibit: str, person: PersonId | None) -> Allowed | Refused:
    """Return whether `person` may open `exhibit` now, and why not. A stranger is told what an unknown name is told."""
    reader = build_reader(facts, rulebook, person)
    lodged, origin = find_lodging(facts, exhibit), find_origin(facts, exhibit)
    if person is None or lodged is None or origin is None or not reader.has_part:
        return _refuse_unknown()
    may = _may_open(facts, exhibit, person, reader, origin)
    # Whoever may not know that it is there is not told by why it is closed.
    return _refuse_unknown() if isinstance(may, Refused) and not is_open_to(reader, lodged) else may


def _refuse_unknown() -> Refused:
    return Refused("exhibit.unknown", _CLAUSE, phrase("There is no such exhibit, or it is not open to you."))


def _may_open(
    facts: Facts, exhibit: str, person: PersonId, reader: Reader, origin: Event[ExhibitLodged]
) -> Allowed | Refused:
    if is_quarantined(facts, exhibit) and KEEPERS.isdisjoint(reader.roles):
        because = phrase("Exhibit {exhibit} is kept closed: a scanner found something in it.", exhibit=as_own(exhibit))
        return Refused("exhibit.quarantined", _CLAUSE, because)
    if person in {origin.actor, _find_maker(facts, exhibit)} or HANDLERS.intersection(reader.roles):
        return Allowed()
    if DECIDERS.intersection(reader.roles) and SIDES.isdisjoint(reader.roles):
        # Whatever they were given: who decides reads nothing that the respondent has not, or that was ruled out.
        return _may_decider_open(facts, exhibit)
    return _find_own(facts, exhibit, (person, *_accompanied(facts, person)))


def _find_own(facts: Facts, exhibit: str, people: tuple[PersonId, ...]) -> Allowed | Refused:
    """Return whether one of these people was given it, else what stands in the way."""
    given = [found for one in people if (found := find_given(facts, exhibit, one)) is not None]
    if any(not one.gist for one in given):
        return Allowed()
    if given:
        because = phrase("Exhibit {exhibit} is withheld from you; you were given its gist.", exhibit=as_own(exhibit))
        return Refused("exhibit.withheld", _CLAUSE, because, facts=(("withheld", given[0].at),))
    because = phrase("Exhibit {exhibit} was not disclosed to you yet.", exhibit=as_own(exhibit))
    return Refused("exhibit.undisclosed", _CLAUSE, because, missing=("exhibit.disclosed",))


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


def is_admissible(facts: Facts, exhibit: str) -> bool | None:
    """Return what was last ruled of an exhibit, or of what it was made of; None where nothing was."""
    names = {exhibit, *find_made_of(facts, exhibit)}
    ruled = facts.matter.work_out((ExhibitRuled,), _index_rulings)
    rulings = [ruled[name] for name in names if name in ruled]
    return max(rulings)[1] if rulings else None


def _has(facts: Facts, exhibit: str, person: PersonId) -> bool:
    given = find_given(facts, exhibit, person)
    return given is not None and given.has_since is not None


def _may_decider_open(facts: Facts, exhibit: str) -> Allowed | Refused:
    if is_admissible(facts, exhibit) is False:
        because = phrase("Exhibit {exhibit} was ruled out; who decides does not read it.", exhibit=as_own(exhibit))
        return Refused("exhibit.ruled-out", _CLAUSE, because)
    origin = find_origin(facts, exhibit)
    lodger = None if origin is None else origin.actor
    respondents = find_holders(facts.matter, "respondent")
    if all(one == lodger or _has(facts, exhibit, one) for one in respondents):
        return Allowed()
    because = phrase(
        "Exhibit {exhibit} was not disclosed to the respondent yet; who decides reads nothing before.",
        exhibit=as_own(exhibit),
    )
    return Refused("exhibit.undisclosed", _CLAUSE, because, missing=("exhibit.disclosed",))


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


def _index_rulings(matter: StreamFacts, _kinds: object) -> dict[str, tuple[int, bool]]:
    ruled = (one for one in matter.all(ExhibitRuled) if one.live and not one.corrected)
    return {one.act.exhibit: (one.seq, one.act.admissible) for one in ruled}


def _find_maker(facts: Facts, exhibit: str) -> PersonId | None:
    return None if find_derivation(facts, exhibit) is None else getattr(find_lodging(facts, exhibit), "actor", None)


def find_made_of(facts: Facts, exhibit: str) -> Iterator[str]:
    """Yield the names of what `exhibit` was made of, as far as whoever has that has `exhibit` too."""
    while (made := find_derivation(facts, exhibit)) is not None and made.how != "redaction":
        exhibit = made.of
        yield exhibit


def _accompanied(facts: Facts, person: PersonId) -> tuple[PersonId, ...]:
    beside = find_holders(facts.matter, "companion") | find_holders(facts.matter, "representative")
    named = live_acts(facts, CompanionNamed) if person in beside else ()
    return tuple(one.act.for_person for one in named if one.act.person == person)
