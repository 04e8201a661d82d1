"""What was decided about somebody, as they may be told it: what was found, what follows, how and until when to appeal.

It is worked out from the record. It does not judge whether the decision stands; `assess` does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from alteram.core.access import find_visible_fields
from alteram.core.acts import (
    AppealAdmitted,
    AppealDecided,
    AppealLodged,
    AppealRefused,
    DecisionMade,
    DecisionServed,
    MatterReopened,
    SanctionImposed,
    ServiceConfirmed,
    get_spec,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.calendars import CalendarError
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.periods import Period, last_within
from alteram.core.matters import AnyEvent, Event, Facts
from alteram.core.rules.capacities import find_procedure
from alteram.core.rules.requirements import parse_parameters
from alteram.core.rules.rulebook import Rulebook
from alteram.operations.entries import Entered

AppealState: TypeAlias = Literal["lodged", "admitted", "refused", "upheld", "varied", "quashed", "sent-back"]


@dataclass(frozen=True, slots=True)
class Imposed:
    """A sanction that was imposed, by its title; from when and until when it holds, where that was said."""

    title: str
    effective_at: datetime | None
    until: datetime | None
    entry: int


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal, and what became of it; `entry` is the newest that says so."""

    lodged_at: datetime
    state: AppealState
    entry: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided about one person. Findings are empty where they are not open to the reader."""

    decision: Event[DecisionMade]
    served: Event[DecisionServed] | None
    """The decision as it was served on that person; None while it was not."""
    proved: tuple[str, ...]
    not_proved: tuple[str, ...]
    sanctions: tuple[Imposed, ...]
    appeal_to: str
    appeal_within: Period | None
    appeal_by: datetime | None
    """Until when, counted from when it was served; None where the rules set no time, or it has not arrived."""
    appeals: tuple[Appeal, ...]

    @property
    def waits_on_appeal(self) -> bool:
        """Return whether an appeal was lodged that nobody has ruled on yet."""
        return bool(self.appeals) and self.appeals[-1].state in {"lodged", "admitted"}

    def may_appeal(self, now: datetime) -> bool:
        """Return whether there is still time to appeal and no appeal was lodged; the rules rule on it then."""
        return not self.appeals and (self.appeal_by is None or now <= self.appeal_by)


def find_outcome(entered: Entered, person: PersonId, *, since: int) -> Outcome | None:
    """Return what was decided about `person` after the entry `since`, which accused them.

    None while nothing was, and where it is open again: sent back on appeal, or reopened.
    """
    facts = entered.facts
    made = [one for one in facts.matter.all(DecisionMade) if one.seq > since and _counts(facts, one)]
    made = [one for one in made if one.act.kind not in {"preliminary", "suspension"}]
    if not made or _is_open_again(facts, made[-1].seq):
        return None
    decision = made[-1]
    served = [one for one in facts.matter.all(DecisionServed) if one.act.to == person and _counts(facts, one)]
    mine = next((one for one in reversed(served) if one.act.decision == decision.seq), None)
    tells = "act.proved" in find_visible_fields(get_spec(DecisionMade), entered.reader.roles)
    appeal_to, within = find_appeal_way(entered)
    return Outcome(
        decision=decision,
        served=mine,
        proved=decision.act.proved if tells else (),
        not_proved=decision.act.not_proved if tells else (),
        sanctions=tuple(_find_imposed(entered, person, decision.seq)),
        appeal_to=appeal_to,
        appeal_within=within,
        appeal_by=_find_last_day(entered, mine, within),
        appeals=tuple(_find_appeals(facts, person, decision.seq)),
    )


def find_appeal_way(entered: Entered) -> tuple[str, Period | None]:
    """Return what the body is called that hears appeals, empty where there is none, and how long there is to appeal."""
    procedure = find_procedure(entered.facts, entered.rulebook)
    body = None if procedure is None or not procedure.appeal_to else entered.rulebook.find_body(procedure.appeal_to)
    return "" if body is None else body.title, _find_window(entered.rulebook)


def _counts(facts: Facts, event: AnyEvent) -> bool:
    return (event.live or facts.matter.is_history) and not event.corrected


def _is_open_again(facts: Facts, seq: int) -> bool:
    sent_back = (one for one in facts.matter.all(AppealDecided) if one.act.outcome == "sent-back")
    again: tuple[AnyEvent, ...] = (*sent_back, *facts.matter.all(MatterReopened))
    return any(one.seq > seq and _counts(facts, one) for one in again)


def _find_imposed(entered: Entered, person: PersonId, decision: int) -> Iterator[Imposed]:
    if "act.sanction" not in find_visible_fields(get_spec(SanctionImposed), entered.reader.roles):
        return
    for one in entered.facts.matter.all(SanctionImposed):
        if one.act.person == person and one.seq > decision and _counts(entered.facts, one):
            known = entered.rulebook.find_sanction(one.act.sanction)
            title = one.act.sanction if known is None else known.title
            yield Imposed(title, one.act.effective_at, one.act.until, one.seq)


def _find_window(rulebook: Rulebook) -> Period | None:
    """Return how long there is to appeal: as the rulebook's own requirement says, before those of packs."""
    demands = [one for one in rulebook.demands if one.kind == "appeal-in-window"]
    demand = next((one for one in demands if not one.pack), demands[0] if demands else None)
    found = None if demand is None else getattr(parse_parameters(demand), "within", None)
    return found if isinstance(found, Period) else None


def _find_last_day(entered: Entered, served: Event[DecisionServed] | None, within: Period | None) -> datetime | None:
    """Return until when there is time to appeal. What was posted has arrived once that is confirmed, not before."""
    if served is None or within is None:
        return None
    confirmed = [
        one.act.delivered_at
        for one in entered.facts.matter.all(ServiceConfirmed)
        if one.act.document == served.seq and one.act.to == served.act.to and _counts(entered.facts, one)
    ]
    if served.act.method == "post" and not confirmed:
        return None
    try:
        return last_within(max([served.recorded_at, *confirmed[:1]]), within, entered.rulebook.calendar).end
    except CalendarError:
        return None


def _find_appeals(facts: Facts, person: PersonId, decision: int) -> Iterator[Appeal]:
    ruled: dict[int, tuple[AppealState, int]] = {}
    kinds: tuple[type[Act], ...] = (AppealAdmitted, AppealRefused, AppealDecided)
    for one in facts.matter.all(*kinds):
        if _counts(facts, one):
            match one.act:
                case AppealAdmitted(appeal=appeal):
                    ruled[appeal] = ("admitted", one.seq)
                case AppealRefused(appeal=appeal):
                    ruled[appeal] = ("refused", one.seq)
                case AppealDecided(appeal=appeal, outcome=outcome):
                    ruled[appeal] = (outcome, one.seq)
                case _:
                    pass
    for lodged in facts.matter.all(AppealLodged):
        if lodged.actor == person and lodged.seq > decision and _counts(facts, lodged):
            state, entry = ruled.get(lodged.seq, ("lodged", lodged.seq))
            yield Appeal(lodged.recorded_at, state, entry)
