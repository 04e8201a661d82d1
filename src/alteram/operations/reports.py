"""What became of somebody's report: for reporter, complainant and witness the same care as for the respondent.

It tells whoever has that part about their own report, who can know their name, and until when they are to hear more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from alteram.core.access import build_reader
from alteram.core.access.parts import KEEPERS
from alteram.core.acts import (
    IdentityReleased,
    ReportAcknowledged,
    ReporterAnswered,
    ReporterAsked,
    ReporterInformed,
    ReportLodged,
    StatementSigned,
    StatementTaken,
    SupportAccepted,
    SupportDeclined,
    SupportOffered,
)
from alteram.core.kernel.calendars import CalendarError
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.periods import Period, last_within
from alteram.core.matters import AnyEvent, Event
from alteram.core.matters.protection import find_protected
from alteram.core.rules.capacities import find_role_holders
from alteram.core.rules.requirements import parse_parameters
from alteram.operations.entries import Entered, find_entries, find_text

Answer: TypeAlias = Literal["accepted", "declined", ""]


@dataclass(frozen=True, slots=True)
class Told:
    """Something the reporter was told or asked, with its text where it is open."""

    entry: int
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer of support; `answer` is accepted, declined, or empty while it is open."""

    entry: int
    at: datetime
    kind: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class ReportFate:
    """How somebody's report stands. `reported_at` is None for who has the part without having reported."""

    part: Literal["reporter", "complainant", "witness"]
    entry: int | None
    reported_at: datetime | None
    identity: str
    known_by: tuple[PersonId, ...]
    """Who can know the name of a protected person."""
    is_protected: bool
    acknowledged: Told | None
    informed: tuple[Told, ...]
    questions: tuple[Told, ...]
    """Those not answered yet."""
    feedback_due: datetime | None
    offers: tuple[Offer, ...]
    unsigned: tuple[int, ...]
    """Statements taken from this person that they have not signed."""

    def is_late(self, now: datetime) -> bool:
        """Return whether they should have heard by now."""
        return self.feedback_due is not None and now > self.feedback_due


def find_report_fate(entered: Entered) -> ReportFate | None:
    """Return what became of the reader's report; None for who is neither reporter, complainant nor witness."""
    roles = entered.reader.roles
    part: Literal["reporter", "complainant", "witness"]
    if "complainant" in roles:
        part = "complainant"
    elif "reporter" in roles:
        part = "reporter"
    elif "witness" in roles:
        part = "witness"
    else:
        return None
    person, matter = entered.person, entered.facts.matter
    own = [one for one in matter.all(ReportLodged) if one.actor == person and one.live]
    report = own[0] if own else None
    is_told = part != "witness"
    protected = person in find_protected(matter)
    informed = tuple(_tell(entered, matter.all(ReporterInformed))) if is_told else ()
    acknowledged = [one for one in matter.all(ReportAcknowledged) if report and one.act.report == report.seq]
    return ReportFate(
        part=part,
        entry=None if report is None else report.seq,
        reported_at=None if report is None else report.recorded_at,
        identity="" if report is None else report.act.identity,
        known_by=tuple(_find_knowing(entered)) if protected else (),
        is_protected=protected,
        acknowledged=next(iter(_tell(entered, acknowledged)), None) if is_told else None,
        informed=informed,
        questions=tuple(_tell(entered, _find_unanswered(entered))) if is_told else (),
        feedback_due=None if report is None or informed else _find_feedback_due(entered, report),
        offers=tuple(_find_offers(entered)),
        unsigned=tuple(_find_unsigned(entered)),
    )


def _tell(entered: Entered, events: Sequence[AnyEvent]) -> Iterator[Told]:
    texts = find_entries(entered, [one.seq for one in events])
    for one in events:
        yield Told(one.seq, one.recorded_at, find_text(texts.get(one.seq), "text"))


def _find_unanswered(entered: Entered) -> list[AnyEvent]:
    answered = {one.act.question for one in entered.facts.matter.all(ReporterAnswered)}
    return [one for one in entered.facts.matter.all(ReporterAsked) if one.seq not in answered]


def _find_knowing(entered: Entered) -> Iterator[PersonId]:
    """Yield who can know the reader's protected name: who keeps the matter, and whom it was released to."""
    keepers = {one for role in KEEPERS for one in find_role_holders(entered.facts, entered.rulebook, role)}
    released = {one for release in entered.facts.matter.all(IdentityReleased) for one in release.act.to}
    for person in sorted(keepers | released):
        if person == entered.person:
            continue
        if entered.person not in build_reader(entered.facts, entered.rulebook, person).unknown:
            yield person


def _find_feedback_due(entered: Entered, report: Event[ReportLodged]) -> datetime | None:
    """Return until when the rules say that the reporter hears more; None where they do not say."""
    within = next((one for one in entered.rulebook.demands if one.kind == "feedback"), None)
    period = None if within is None else getattr(parse_parameters(within), "within", None)
    if not isinstance(period, Period):
        return None
    acknowledged = [one for one in entered.facts.matter.all(ReportAcknowledged) if one.act.report == report.seq]
    start = acknowledged[0].recorded_at if acknowledged else report.recorded_at
    try:
        return last_within(start, period, entered.rulebook.calendar).end
    except CalendarError:
        return None


def _find_offers(entered: Entered) -> Iterator[Offer]:
    matter = entered.facts.matter
    accepted = {one.act.offer for one in matter.all(SupportAccepted)}
    declined = {one.act.offer for one in matter.all(SupportDeclined)}
    for one in matter.all(SupportOffered):
        if one.act.to == entered.person:
            answer: Answer = "accepted" if one.seq in accepted else "declined" if one.seq in declined else ""
            yield Offer(one.seq, one.recorded_at, one.act.kind or "", answer)


def find_offers_of_support(entered: Entered) -> tuple[Offer, ...]:
    """Return the offers of support made to the reader, and what they answered."""
    return tuple(_find_offers(entered))


def _find_unsigned(entered: Entered) -> Iterator[int]:
    signed = {one.act.statement for one in entered.facts.matter.all(StatementSigned)}
    for one in entered.facts.matter.all(StatementTaken):
        if one.act.person == entered.person and one.seq not in signed:
            yield one.seq
