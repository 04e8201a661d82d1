"""What was done once in the same circumstances is not ruled on again.

A step comes to the same wherever all that was read for it is the same: the engine decides from facts alone, and so does
whoever drafts. What taking a step reads of a matter is noted as it is read; where a later matter holds the very same
acts of those kinds, at the same time and place of the course, the step comes to what it came to before. So does
each gate of an act that has to be ruled on anew. The acts are entered all the same: nothing is left out of a matter.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import repeat
from typing import Final, NamedTuple, TypeAlias, TypeVar

from alteram.core.acts.fields import Act
from alteram.core.kernel.outcomes import Allowed, Departure, Refused
from alteram.core.matters import AnyEvent, Facts, StreamFacts
from alteram.core.rules.decide import examine_gate
from alteram.core.rules.proving.course import Step
from alteram.core.rules.proving.tracing import NOTHING, Notes, Shared, Traced
from alteram.core.rules.rulebook import Demand, Rulebook

T = TypeVar("T")
_NOTHING: Final = repeat(NOTHING)
_STOPS_NOT: Final = (None,)
#: What was read: which kinds of act, and which entries that were not there.
_Form: TypeAlias = tuple[tuple[type[Act], ...], tuple[int, ...]]


class Moment(NamedTuple):
    """At what point of a play a step is taken; with what is read of the matter, this decides what comes of it."""

    step: Step
    patient: bool
    may_rule: frozenset[str] | None
    now: datetime
    slot: int
    asides: int


@dataclass(frozen=True, slots=True)
class Done:
    """What taking a step came to: what was allowed, why what was asked for was not, and how the play stood then."""

    taken: bool
    acts: tuple[tuple[str, AnyEvent, Allowed | Departure], ...]
    refused: Refused | None
    now: datetime
    slot: int
    asides: int
    rulings: int


class _Answers(dict[_Form, dict[tuple[int, ...], T]]):
    """What one question came to, by what was read for it, told by where it is stored."""

    __slots__ = ()

    def find(self, matter: StreamFacts) -> "tuple[_Form, T] | None":
        """Return what it came to where the same was read, and what that was."""
        for form, found in self.items():
            known = found.get(tuple(map(id, map(matter.by_type.get, form[0], _NOTHING))))
            if known is not None and not (form[1] and any(matter.find(seq) for seq in form[1])):
                return form, known
        return None


@dataclass(slots=True)
class Memory:
    """What the steps of one setting came to, and the gates of the acts in them."""

    shared: Shared = field(default_factory=Shared)
    _forms: dict[_Form, _Form] = field(default_factory=dict)
    _steps: dict[Moment, _Answers[Done]] = field(default_factory=dict)
    _gates: dict[tuple[str, int], _Answers[tuple[Refused | None]]] = field(default_factory=dict)

    def do(self, moment: Moment, facts: Facts, take: Callable[[Facts], Done]) -> tuple[Done, bool]:
        """Return what a step comes to, and whether that was remembered; if not, `take` takes it with facts to read."""
        if facts.matter.gone or facts.matter.withheld:
            return take(facts), False
        answers = self._steps.setdefault(moment, _Answers())
        known = answers.find(facts.matter)
        if known is not None:
            return known[1], True
        notes = Notes()
        done = take(Facts(facts.organisation, Traced(facts.matter, notes, self.shared), facts.linked))
        self._keep(answers, notes, done)
        return done, False

    def ask(self, demand: Demand, after: Facts, rulebook: Rulebook, event: AnyEvent, now: datetime) -> Refused | None:
        """Return why a demand stops an act; see `examine_gate`. The event must be one that is stored here."""
        if not isinstance(after.matter, Traced):
            return examine_gate(demand, after, rulebook, event, now)
        answers = self._gates.setdefault((demand.id, id(event)), _Answers())
        known = answers.find(after.matter.inner)
        if known is not None:
            after.matter.note(*known[0])
            return known[1][0]
        notes = Notes()
        facts = Facts(after.organisation, after.matter.noting_in(notes), after.linked)
        refused = examine_gate(demand, facts, rulebook, event, now)
        self._keep(answers, notes, _STOPS_NOT if refused is None else (refused,))
        after.matter.note(tuple(notes.kinds), tuple(notes.absent), whole=notes.whole)
        return refused

    def _keep(self, answers: _Answers[T], notes: Notes, answer: T) -> None:
        if not notes.whole:
            form = (tuple(notes.kinds), tuple(notes.absent))
            form = self._forms.setdefault(form, form)
            answers.setdefault(form, {})[self.shared.pin(notes.kinds.values())] = answer

    def enter(self, facts: Facts, event: AnyEvent) -> Facts:
        """Return the facts once `event`, which is stored here, has happened."""
        return Facts(facts.organisation, self.shared.enter(facts.matter, event), facts.linked)


@dataclass(slots=True)
class Stretch:
    """A stretch of a matter, from where it was taken up: how it stood is worked out where somebody looks back.

    To keep it for each act of each matter would fill the memory, and few are ever looked at.
    """

    begun: Facts
    memory: Memory | None
    events: list[AnyEvent] = field(default_factory=list)
    known: dict[int, Facts] = field(default_factory=dict)

    def look_back(self, number: int) -> Facts:
        """Return how the matter stood once so many events of this stretch had happened."""
        found = self.known.get(number)
        if found is None:
            start = max((one for one in self.known if one < number), default=0)
            found = self.known.get(start, self.begun)
            for event in self.events[start:number]:
                found = found.with_event(event) if self.memory is None else self.memory.enter(found, event)
            self.known[number] = found
        return found
