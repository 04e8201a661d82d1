"""Allegations with what was answered, what evidence there is, and what was found, side by side; and who saw what."""

from dataclasses import dataclass
from datetime import datetime

from alteram.core.acts import (
    DraftReportServed,
    ExhibitChallenged,
    ExhibitDisclosed,
    ExhibitLodged,
    ExhibitRuled,
    ExhibitSeen,
    ExhibitWithheld,
    FindingMade,
    NoticeServed,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import AnyEvent
from alteram.operations.accusation import Accusation, Charge, find_accusations
from alteram.operations.entries import Entered, find_entries, find_text
from alteram.operations.questions import TimelineEntry
from alteram.operations.readings import keep_reading

_KINDS: tuple[type[Act], ...] = (
    ExhibitLodged,
    ExhibitDisclosed,
    ExhibitSeen,
    ExhibitWithheld,
    ExhibitRuled,
    ExhibitChallenged,
    NoticeServed,
    DraftReportServed,
)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to an allegation, or what was found on it, with its text where it is open."""

    entry: TimelineEntry
    word: str
    text: str


@dataclass(frozen=True, slots=True)
class ChargeInFull:
    """One allegation against one person: answers, exhibits that findings rest on, findings."""

    person: PersonId
    charge: Charge
    answers: tuple[Answered, ...]
    findings: tuple[Answered, ...]
    exhibits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sight:
    """That somebody was given an exhibit, saw it, or had it withheld from them; since when."""

    person: PersonId
    how: str
    at: datetime
    entry: int


@dataclass(frozen=True, slots=True)
class ExhibitInFull:
    """An exhibit: what it is, who has seen it, whether it was challenged or ruled on."""

    exhibit: str
    title: str
    kind: str
    entry: int
    lodged_by: PersonId | None
    lodged_at: datetime
    sights: tuple[Sight, ...]
    challenged: tuple[int, ...]
    admissible: bool | None


@dataclass(frozen=True, slots=True)
class AllegationsPage:
    """What is alleged and what it rests on, as far as one person may see it."""

    charges: tuple[ChargeInFull, ...]
    exhibits: tuple[ExhibitInFull, ...]


def find_allegations(entered: Entered, *, now: datetime) -> AllegationsPage:
    """Return the allegations of a matter for the person who entered it, and keep what they read of it."""
    accusations = find_accusations(entered)
    matter = entered.facts.matter
    wanted = [one.seq for each in accusations for one in each.responses]
    wanted += [one.seq for one in matter.all(FindingMade)]
    wanted += [one.seq for one in matter.all(*_KINDS)]
    texts = find_entries(entered, wanted)
    charges = tuple(_build_charge(each, one, entered, texts) for each in accusations for one in each.charges)
    lodged = [one for one in matter.all(ExhibitLodged) if "act.exhibit" in texts[one.seq].claims]
    page = AllegationsPage(charges, tuple(_build_exhibit(entered, one.seq, texts) for one in lodged))
    keep_reading(entered, entered.opened.values(), now=now)
    return page


def _build_charge(
    accusation: Accusation, charge: Charge, entered: Entered, texts: dict[int, TimelineEntry]
) -> ChargeInFull:
    answers = [one for one in accusation.responses if not one.act.allegations or charge.id in one.act.allegations]
    found = [one for one in entered.facts.matter.all(FindingMade) if one.act.allegation == charge.id]
    found = [one for one in found if "act.outcome" in texts[one.seq].claims]
    return ChargeInFull(
        person=accusation.person,
        charge=charge,
        answers=tuple(_answer(texts[one.seq], one.act.stance, "text") for one in answers),
        findings=tuple(_answer(texts[one.seq], one.act.outcome, "reasons") for one in found),
        exhibits=tuple(dict.fromkeys(exhibit for one in found for exhibit in one.act.exhibits)),
    )


def _answer(entry: TimelineEntry, word: str, text: str) -> Answered:
    return Answered(entry, word, find_text(entry, text))


def _build_exhibit(entered: Entered, seq: int, texts: dict[int, TimelineEntry]) -> ExhibitInFull:
    matter, entry = entered.facts.matter, texts[seq]
    exhibit, kind, actor = (entry.claims.get(name) for name in ("act.exhibit", "act.kind", "actor"))
    sights = (_find_sight(one, str(exhibit), texts[one.seq]) for one in matter.all(*_KINDS))
    rulings = [one.act.admissible for one in matter.all(ExhibitRuled) if one.act.exhibit == exhibit]
    return ExhibitInFull(
        exhibit=str(exhibit),
        title=find_text(entry, "title"),
        kind=str(kind or ""),
        entry=seq,
        lodged_by=PersonId(actor) if isinstance(actor, str) else None,
        lodged_at=entry.at,
        sights=tuple(one for one in sights if one is not None),
        challenged=tuple(one.seq for one in matter.all(ExhibitChallenged) if one.act.exhibit == exhibit),
        admissible=rulings[-1] if rulings else None,
    )


def _find_sight(event: AnyEvent, exhibit: str, entry: TimelineEntry) -> Sight | None:
    """Return what an event says of who saw an exhibit, where the reader may see whom it names."""
    match event.act:
        case ExhibitSeen(exhibit=one, person=person) if one == exhibit and "act.person" in entry.claims:
            return Sight(person, "seen", event.recorded_at, event.seq)
        case ExhibitWithheld(exhibit=one, person=person) if one == exhibit and "act.person" in entry.claims:
            return Sight(person, "withheld", event.recorded_at, event.seq)
        case (
            ExhibitDisclosed(exhibits=given, to=person)
            | NoticeServed(exhibits=given, to=person)
            | DraftReportServed(exhibits=given, to=person)
        ) if exhibit in given and "act.to" in entry.claims:
            return Sight(person, "disclosed", event.recorded_at, event.seq)
        case _:
            return None
