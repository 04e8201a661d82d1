"""What somebody is accused of, as they were told it: the charges, until when to answer, on what, at what risk.

It is worked out from the notices served on that person and from what came after them. It does not judge them.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from alteram.core.access import find_visible_fields
from alteram.core.acts import (
    Allegation,
    AllegationsAmended,
    AllegationsStated,
    CompanionNamed,
    DraftReportServed,
    ExhibitDisclosed,
    ExhibitLodged,
    ExtensionAsked,
    ExtensionGranted,
    ExtensionRefused,
    MeetingCalled,
    NoticeServed,
    ResponseGiven,
    SubmissionsClosed,
    get_spec,
)
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.periods import Period
from alteram.core.matters import AnyEvent, Event, Facts
from alteram.core.rules.capacities import find_procedure, find_role_holders
from alteram.core.rules.requirements import parse_parameters
from alteram.core.rules.rulebook import Breach, Clause, Sanction
from alteram.operations.entries import Entered, find_entries, find_text
from alteram.operations.outcome import Outcome, find_appeal_way, find_outcome
from alteram.operations.questions import TimelineEntry

#: How many exhibits the page of a matter names; the page of the allegations has all.
_TOLD: Final = 8


@dataclass(frozen=True, slots=True)
class Charge:
    """One allegation with the breach it is said to be, the clause, and its particulars where they are open."""

    id: str
    breach: Breach | None
    breach_id: str
    clause: Clause | None
    first_on: date | None
    last_on: date | None
    particulars: str
    entry: int


@dataclass(frozen=True, slots=True)
class Disclosed:
    """An exhibit that was given to somebody, since when."""

    exhibit: str
    title: str
    kind: str
    since: datetime
    entry: int


@dataclass(frozen=True, slots=True)
class Accusation:
    """What one person is accused of. `notice` is None while they were not served with anything."""

    person: PersonId
    charges: tuple[Charge, ...]
    notice: Event[NoticeServed] | None
    respond_by: datetime | None
    extended: bool
    asked_until: datetime | None
    """Until when more time was asked for, while nobody has answered that."""
    shortest_time: Period | None
    """How long the rules give to answer, in words; empty where they do not say."""
    jeopardy: str
    worst: Sanction | None
    worst_body: str
    hearing_at: datetime | None
    hearing_entry: int | None
    responses: tuple[Event[ResponseGiven], ...]
    has_closed: bool
    evidence: tuple[Disclosed, ...]
    """The newest few."""
    given: int
    """How many exhibits were given in all."""
    companions: tuple[Event[CompanionNamed], ...]
    states_companion: bool
    decided_by: str
    appeal_to: str
    appeal_within: Period | None
    outcome: Outcome | None
    """What was decided; None while it is open."""
    earlier: tuple[Event[NoticeServed], ...] = ()
    """Notices served on them before that one, which count as well."""

    def is_late(self, now: datetime) -> bool:
        """Return whether the time to answer is over."""
        return self.respond_by is not None and now > self.respond_by


def find_accusations(entered: Entered) -> tuple[Accusation, ...]:
    """Return what each respondent is accused of, as far as the reader may be told; their own alone to a respondent."""
    return tuple(find_accusation(entered, one) for one in find_accused(entered))


def find_accused(entered: Entered) -> tuple[PersonId, ...]:
    """Return the respondents whose accusation the reader may be told; a respondent only themselves."""
    told = find_visible_fields(get_spec(NoticeServed), entered.reader.roles)
    if "act.allegations" not in told:
        return ()  # Witnesses and whoever only reported are not told the charge.
    if "respondent" in entered.reader.roles:
        return (entered.person,)
    return tuple(sorted(find_role_holders(entered.facts, entered.rulebook, "respondent") - entered.reader.unknown))


def find_accusation(entered: Entered, person: PersonId) -> Accusation:
    """Return what one person is accused of, each text only where it is open to the reader."""
    matter, rulebook = entered.facts.matter, entered.rulebook
    notices = [one for one in matter.all(NoticeServed) if one.act.to == person and _counts(entered, one)]
    notice = notices[-1] if notices else None
    charges = _find_charges(entered, notice)
    given = _find_given(entered, person)
    texts = find_entries(entered, [*(one.seq for one in notices[-1:]), *(one.entry for one in charges)])
    opened = None if notice is None else texts.get(notice.seq)
    respond_by, extended = (None, False) if notice is None else find_deadline(entered.facts, notice)
    worst = None if notice is None else rulebook.find_sanction(notice.act.worst_sanction or "")
    body = None if worst is None else rulebook.find_body(worst.by)
    hearing_at, hearing_entry = _find_hearing(entered, notice)
    procedure = find_procedure(entered.facts, rulebook)
    appeal_to, appeal_within = find_appeal_way(entered)
    deciding = None if procedure is None else rulebook.find_body(procedure.decided_by)
    return Accusation(
        person=person,
        charges=tuple(_with_particulars(one, place, opened, texts) for place, one in enumerate(charges)),
        notice=notice,
        respond_by=respond_by,
        extended=extended,
        asked_until=_find_asked(entered, notice),
        shortest_time=_find_shortest_time(entered),
        jeopardy=find_text(opened, "jeopardy"),
        worst=worst,
        worst_body="" if body is None else body.title,
        hearing_at=hearing_at,
        hearing_entry=hearing_entry,
        responses=tuple(one for one in matter.all(ResponseGiven) if _answers(entered, one, person)),
        has_closed=any(one.actor == person for one in matter.all(SubmissionsClosed) if _counts(entered, one)),
        evidence=_find_evidence(entered, list(given.items())[-_TOLD:]),
        given=len(given),
        companions=tuple(one for one in matter.all(CompanionNamed) if _stands_beside(entered, one, person)),
        states_companion=notice is not None and notice.act.states_companion,
        decided_by="" if deciding is None else deciding.title,
        appeal_to=appeal_to,
        appeal_within=appeal_within,
        outcome=None if notice is None else find_outcome(entered, person, since=notice.seq),
        earlier=tuple(notices[:-1]),
    )


def _counts(entered: Entered, event: AnyEvent) -> bool:
    return (event.live or entered.facts.matter.is_history) and not event.corrected


def _stands_beside(entered: Entered, event: Event[CompanionNamed], person: PersonId) -> bool:
    return event.act.for_person == person and event.act.person not in entered.reader.unknown


def _answers(entered: Entered, event: Event[ResponseGiven], person: PersonId) -> bool:
    """Return whether an answer is on this person's side: by them, or by whoever stands beside them."""
    beside = {one.act.person for one in entered.facts.matter.all(CompanionNamed) if one.act.for_person == person}
    return _counts(entered, event) and event.actor in {person, *beside}


def _find_charges(entered: Entered, notice: Event[NoticeServed] | None) -> list[Charge]:
    """Return the charges of a notice in its order; without a notice, all that were stated."""
    matter = entered.facts.matter
    stated = [(event, one) for event in matter.all(AllegationsStated) for one in event.act.allegations]
    amended = [(event, one) for event in matter.all(AllegationsAmended) for one in event.act.allegations]
    latest: dict[str, tuple[AnyEvent, Allegation]] = {}
    for event, allegation in [*stated, *amended]:
        if _counts(entered, event):
            latest[allegation.id] = (event, allegation)
    named = list(latest) if notice is None or not notice.act.allegations else list(notice.act.allegations)
    return [_build_charge(entered, *latest[one]) for one in named if one in latest]


def _build_charge(entered: Entered, stated: AnyEvent, allegation: Allegation) -> Charge:
    breach = next((one for one in entered.rulebook.breaches if one.id == allegation.breach), None)
    clauses = {one.id: one for one in entered.rulebook.clauses}
    clause = None if breach is None else clauses.get(breach.clause)
    return Charge(
        allegation.id, breach, allegation.breach, clause, allegation.first_on, allegation.last_on, "", stated.seq
    )


def _with_particulars(
    charge: Charge, place: int, notice: TimelineEntry | None, texts: dict[int, TimelineEntry]
) -> Charge:
    """Return a charge with its particulars as served; as stated, where the notice has none for it."""
    served = [] if notice is None else _listed(notice.claims.get("act.particulars"))
    text = served[place] if place < len(served) else _find_stated(charge, texts.get(charge.entry))
    return replace(charge, particulars=text)


def _find_stated(charge: Charge, stated: TimelineEntry | None) -> str:
    if stated is None:
        return ""
    ids = [one.get("id") for one in _listed_objects(stated.claims.get("act.allegations"))]
    particulars = _listed(stated.claims.get("act.particulars"))
    place = ids.index(charge.id) if charge.id in ids else len(particulars)
    return particulars[place] if place < len(particulars) else ""


def _listed(value: Json) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else []


def _listed_objects(value: Json) -> list[dict[str, Json]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list | tuple) else []


def find_deadline(facts: Facts, notice: Event[NoticeServed]) -> tuple[datetime | None, bool]:
    """Return until when whom a notice was served on may answer, and whether that is more time than it gave them.

    It is as the notice says, or later where more time was granted since to them, or to everybody who answers.
    """
    granted = [one for one in facts.matter.all(ExtensionGranted) if one.seq > notice.seq]
    theirs = [one for one in granted if one.act.person in {None, notice.act.to}]
    times = [one.act.until for one in theirs if (one.live or facts.matter.is_history) and not one.corrected]
    latest = max([*times, *([] if notice.act.respond_by is None else [notice.act.respond_by])], default=None)
    return latest, bool(times) and latest != notice.act.respond_by


def _find_asked(entered: Entered, notice: Event[NoticeServed] | None) -> datetime | None:
    """Return until when more time was asked for, the newest request, where nobody granted or refused any since."""
    if notice is None:
        return None
    matter, person = entered.facts.matter, notice.act.to
    asked = [one for one in matter.all(ExtensionAsked) if one.seq > notice.seq and one.actor == person]
    answered = [one.seq for one in matter.all(ExtensionGranted, ExtensionRefused) if _counts(entered, one)]
    waiting = [one for one in asked if _counts(entered, one) and not any(seq > one.seq for seq in answered)]
    return waiting[-1].act.until if waiting else None


def _find_shortest_time(entered: Entered) -> Period | None:
    """Return how long the rules give to answer at least; None where they do not say."""
    for demand in entered.rulebook.demands:
        if demand.kind == "response-period":
            found = getattr(parse_parameters(demand), "at_least", None)
            return found if isinstance(found, Period) else None
    return None


def _find_hearing(entered: Entered, notice: Event[NoticeServed] | None) -> tuple[datetime | None, int | None]:
    """Return when the hearing is, and the entry that says so: the last call of a meeting counts before the notice."""
    called = [
        one
        for one in entered.facts.matter.all(MeetingCalled)
        if _counts(entered, one) and one.act.purpose not in {"other", "interim"}
    ]
    if called:
        return called[-1].act.at, called[-1].seq
    return (None, None) if notice is None else (notice.act.hearing_at, notice.seq)


def _find_given(entered: Entered, person: PersonId) -> dict[str, AnyEvent]:
    """Return the exhibits that were given to somebody, in the order they were first given, each with what gave it."""
    given: dict[str, AnyEvent] = {}
    for event in entered.facts.matter.all(ExhibitDisclosed, NoticeServed, DraftReportServed):
        match event.act:
            case (
                ExhibitDisclosed(exhibits=exhibits, to=to)
                | NoticeServed(exhibits=exhibits, to=to)
                | DraftReportServed(exhibits=exhibits, to=to)
            ) if to == person and _counts(entered, event):
                for exhibit in exhibits:
                    given.setdefault(exhibit, event)
            case _:
                pass
    return given


def _find_evidence(entered: Entered, given: list[tuple[str, AnyEvent]]) -> tuple[Disclosed, ...]:
    lodged = {one.act.exhibit: one for one in entered.facts.matter.all(ExhibitLodged)}
    texts = find_entries(entered, [lodged[one].seq for one, _ in given if one in lodged])
    return tuple(_build_disclosed(one, event, lodged.get(one), texts) for one, event in given)


def _build_disclosed(
    exhibit: str, given: AnyEvent, lodged: Event[ExhibitLodged] | None, texts: dict[int, TimelineEntry]
) -> Disclosed:
    seq = given.seq if lodged is None else lodged.seq
    kind = "" if lodged is None else lodged.act.kind
    return Disclosed(exhibit, find_text(texts.get(seq), "title"), kind, given.recorded_at, seq)
