"""What a step of the course is, what it is drafted from, and the drafts that several parts of the course share."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from alteram.core.acts import (
    Act,
    ReporterInformed,
    RiskAssessed,
    ServiceConfirmed,
)
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import Facts
from alteram.core.rules.capacities import find_body_members, find_stood_down_now
from alteram.core.rules.parts import find_sides
from alteram.core.rules.proving.casting import Cast
from alteram.core.rules.rulebook import Body, Procedure, Rulebook, Sanction

#: The two sides of a matter.
BOTH: Final = ("respondent", "complainant")
CHARGE: Final = "charge-1"
EXHIBIT: Final = "exhibit-1"
HEARING: Final = "hearing"
TEXT: Final = "text"
ITEMS: Final = ("case-put", "response-heard", "questions", "witnesses", "summing-up")
PRINCIPLES: Final = ("independent", "confidential", "competent", "impartial", "lawful")
#: Days that are tried, one after the other, where an act names a time: the first that the rulebook lets be is kept.
DAYS: Final = (1, 2, 3, 5, 7, 8, 10, 11, 12, 14, 15, 16, 17, 18, 20, 21, 22, 25, 28, 29, 30, 31, 32, 33, 36, 42, 50)
#: Parts whose holders leave the vote to others, where they sit in the body that decides.
HAD_A_PART: Final[tuple[Role, ...]] = (
    "reporter", "complainant", "respondent", "witness", "companion", "representative", "case-manager", "investigator",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Desk:
    """What a step is drafted from."""

    facts: Facts
    rulebook: Rulebook
    cast: Cast
    procedure: Procedure
    sanction: Sanction | None
    now: datetime

    def who(self, part: str) -> PersonId:
        """Return who has a part."""
        return self.cast.find(part)

    def last(self, kind: type[Act]) -> int | None:
        """Return the entry of the last act of this kind."""
        events = self.facts.matter.all(kind)
        return events[-1].seq if events else None

    def later(self) -> Iterator[datetime]:
        """Yield times to try, the earliest first."""
        for days in DAYS:
            yield self.now + timedelta(days=days)

    @property
    def body(self) -> Body | None:
        """Return the body that decides."""
        return self.rulebook.find_body(self.procedure.decided_by)

    @property
    def sitting(self) -> tuple[PersonId, ...]:
        """Return who sits in the body that decides."""
        return () if self.body is None else tuple(sorted(find_body_members(self.facts, self.body)))

    @property
    def eligible(self) -> tuple[PersonId, ...]:
        """Return who sits and has not stood down."""
        gone = find_stood_down_now(self.facts, "decider")
        return tuple(one for one in self.sitting if one not in gone)

    @property
    def voting(self) -> tuple[PersonId, ...]:
        """Return who votes: the eligible whose own cause it is not, whether or not they stood down."""
        own = find_own_cause(self.facts)
        return tuple(one for one in self.eligible if one not in own)

    @property
    def sides(self) -> tuple[PersonId, ...]:
        """Return both sides, the respondent first."""
        return self.who("respondent"), self.who("complainant")


Drafts: TypeAlias = Iterable[Act]
Drafting: TypeAlias = Callable[[Desk], Drafts]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step: its name, drafts of its act (the likeliest first, none where it does not arise), and who does it.

    `by` is a part of the cast, or the name of a person; empty: whoever has a role that may. `after` is how much time
    passes before it. What is done `aside` takes no place of the course: the rest keeps its own.
    """

    name: str
    draft: Drafting
    by: str = ""
    after: timedelta = timedelta()
    aside: bool = False


def each(name: str, draft: Callable[[Desk, PersonId], Drafts], part: str) -> Step:
    """Return a step that is taken for one side, by its part."""
    return Step(f"{name}-{part}", lambda desk: draft(desk, desk.who(part)))


def build_risk(point: Literal["report", "decision-to-investigate", "during", "outcome", "after-closing"]) -> Drafting:
    """Return drafts of an assessment of the risk to the complainant at one point."""
    return lambda desk: (RiskAssessed(point=point, person=desk.who("complainant"), level="low", text=TEXT),)


def build_telling(phase: Literal["triage", "outcome", "appeal"]) -> Drafting:
    """Return drafts of what the reporter is told of a phase."""
    return lambda _: (ReporterInformed(text=TEXT, phase=phase),)


def build_confirming(kind: type[Act], part: str) -> Drafting:
    """Return drafts of the proof that the last document of a kind reached a side."""

    def draft(desk: Desk) -> Drafts:
        document = desk.last(kind)
        if document is not None:
            yield ServiceConfirmed(document=document, to=desk.who(part), delivered_at=desk.now, how="read")

    return draft


def find_own_cause(facts: Facts) -> frozenset[PersonId]:
    """Return whose own cause a matter is: its sides, and whom a linked one accuses."""
    accused = frozenset(one.person for it in facts.linked for one in it.holdings if one.role == "respondent")
    return find_sides(facts) | accused
