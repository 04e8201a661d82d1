"""What waits on those who handle or decide a matter: what is missing, what to read, what to declare."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from alteram.core.access.parts import DECIDERS, HANDLERS
from alteram.core.acts import (
    AppealLodged,
    DecisionMade,
    ExhibitLodged,
    ExhibitSeen,
    FindingMade,
    InterestDeclared,
    MeetingCalled,
    NoticeServed,
    PersonRecused,
    ReportFinalised,
    ResponseGiven,
    SanctionImposed,
    find_spec,
)
from alteram.core.acts.catalogue import Role
from alteram.core.acts.fields import Act
from alteram.core.matters import AnyEvent
from alteram.operations.assessing import TellableAssessment
from alteram.operations.entries import Entered

DECIDING: frozenset[Role] = DECIDERS | {"chair"}


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is missing: an act by name, what demands it, from when it may be, and whether it is late.

    `by` are the parts that may do it; `is_own` says whether the reader has one of them.
    """

    act: str
    title: str
    earliest: datetime | None
    is_late: bool
    by: tuple[Role, ...] = ()
    is_own: bool = True


def find_due(entered: Entered, assessed: TellableAssessment) -> tuple[Due, ...]:
    """Return what the requirements miss, for who handles the matter: what failed first, then what is still open."""
    if HANDLERS.isdisjoint(entered.reader.roles):
        return ()
    due: dict[str, Due] = {}
    for late in (True, False):
        for one in assessed.requirements:
            finding = one.finding
            if finding.result == ("FAIL" if late else "UNKNOWN"):
                for act in finding.missing:
                    due.setdefault(act, Due(act, one.demand.title, finding.earliest, late, *_find_whose(entered, act)))
    return tuple(due.values())


def _find_whose(entered: Entered, act: str) -> tuple[tuple[Role, ...], bool]:
    """Return the parts that may do an act here, and whether the reader has one of them."""
    rule, spec = entered.rulebook.find_act_rule(act), find_spec(act)
    by = rule.by if rule is not None else () if spec is None else spec.by
    return by, not frozenset(by).isdisjoint(entered.reader.roles)


@dataclass(frozen=True, slots=True)
class ToDecide:
    """What a decider has before them. `declared` says whether they said what interest they have."""

    declared: bool
    stood_down: bool
    hearing_at: datetime | None
    hearing_entry: int | None
    to_read: tuple[AnyEvent, ...]
    unseen: tuple[AnyEvent, ...]
    """Exhibits that are not recorded as seen by this person."""


def find_to_decide(entered: Entered) -> ToDecide | None:
    """Return what a decider has before them; None for who decides nothing here."""
    if DECIDING.isdisjoint(entered.reader.roles):
        return None
    matter, person = entered.facts.matter, entered.person
    seen = {one.act.exhibit for one in matter.all(ExhibitSeen) if one.act.person == person}
    called = [one for one in matter.all(MeetingCalled) if _stands(one) and one.act.purpose in {"hearing", "decision"}]
    return ToDecide(
        declared=any(one.actor == person and _stands(one) for one in matter.all(InterestDeclared)),
        stood_down=any(one.act.person == person and _stands(one) for one in matter.all(PersonRecused)),
        hearing_at=called[-1].act.at if called else None,
        hearing_entry=called[-1].seq if called else None,
        to_read=tuple(_find_reading(entered)),
        unseen=tuple(one for one in matter.all(ExhibitLodged) if one.act.exhibit not in seen),
    )


def _find_reading(entered: Entered) -> Iterator[AnyEvent]:
    """Yield what a decider reads before the hearing: notices, answers, the report, the findings.

    Whoever decides an appeal reads what it is against and what it says, too.
    """
    kinds: tuple[type[Act], ...] = (NoticeServed, ResponseGiven, ReportFinalised, FindingMade)
    if "appeal-decider" in entered.reader.roles:
        kinds += (DecisionMade, SanctionImposed, AppealLodged)
    yield from (one for one in entered.facts.matter.all(*kinds) if _stands(one))


def _stands(event: AnyEvent) -> bool:
    return event.live and not event.corrected
