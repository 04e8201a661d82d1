"""Play a matter under a rulebook: propose act after act to the engine that rules on live ones, and keep what it allows.

Where the rulebook refuses, the player does what the refusal says would help, as somebody would who has read it: waits
until the earliest lawful time, does first what is missing, has a ruling made where only a person can judge. What still
is refused is told, never forced.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from alteram.core.acts import Act, RulingMade, build_structural, get_spec
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Allowed, Departure, Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import BEARING, AnyEvent, Facts, build_live_event
from alteram.core.rules.decide import decide
from alteram.core.rules.proving.acting import find_actors, find_free_holders
from alteram.core.rules.proving.casting import Cast, build_world, choose_beginning
from alteram.core.rules.proving.course import Desk, Step
from alteram.core.rules.proving.remembering import Done, Memory, Moment, Stretch
from alteram.core.rules.proving.tracing import Traced
from alteram.core.rules.rulebook import Procedure, Rulebook, Sanction

_PACE: Final = timedelta(minutes=5)
"""How long after one act the next is done."""
_STRIDE: Final = 16
"""How far apart the numbers of entries are, so that what is done aside finds room between them."""
_ASIDES: Final = _STRIDE - 2
_LONGEST_WAIT: Final = timedelta(days=400)
_TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class Setting:
    """Under which rules, with whom, for what a matter is played."""

    rulebook: Rulebook
    cast: Cast
    procedure: Procedure
    sanction: Sanction | None
    memory: Memory | None = field(default=None, compare=False, repr=False)
    """What the steps came to before; None: each is ruled on anew."""
    bearing: frozenset[str] = field(init=False, compare=False, repr=False)
    """The acts, by name, that give parts or take the matter a stage on."""

    def __post_init__(self) -> None:
        """Work out what bears on it."""
        stages = (name for stage in self.procedure.stages for name in stage.entered_by)
        object.__setattr__(self, "bearing", frozenset((*stages, *(get_spec(kind).name for kind in BEARING))))


@dataclass(frozen=True, slots=True)
class Played:
    """One act that was allowed: the step it came from, the event, and the ruling on it."""

    step: str
    event: AnyEvent
    ruling: Allowed | Departure
    _stretch: Stretch = field(repr=False, compare=False)
    _number: int = field(repr=False, compare=False)

    @property
    def after(self) -> Facts:
        """Return the facts just after it."""
        return self._stretch.look_back(self._number)


@dataclass(frozen=True, slots=True)
class Mark:
    """How a play stood before a step, to go on from there another way."""

    facts: Facts
    now: datetime
    played: tuple[Played, ...]
    refused: tuple[tuple[str, Refused], ...]
    pending: tuple[Step, ...]
    slot: int
    asides: int


@dataclass(slots=True)
class Play:
    """A matter under way. `may_rule` names the requirements on which somebody rules where asked; None: on any."""

    setting: Setting
    facts: Facts
    now: datetime
    played: list[Played] = field(default_factory=list)
    refused: dict[str, Refused] = field(default_factory=dict)
    rulings: int = 0
    may_rule: frozenset[str] | None = None
    pending: list[Step] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    slots: Mapping[str, int] = field(default_factory=dict)
    """Where on the course each step begins, for a play that deviates from one."""
    slot: int = 0
    asides: int = 0
    remembered: int = 0
    """How many of the rulings were given before, on the very same."""
    stretch: Stretch = field(init=False)

    def __post_init__(self) -> None:
        """Begin here."""
        self.stretch = Stretch(self.facts, self.setting.memory)

    def enter(self, step: str, event: AnyEvent, ruling: Allowed | Departure, facts: Facts) -> None:
        """Go on with an act that was allowed, and with the facts that it leads to."""
        self.facts = facts
        self.stretch.events.append(event)
        self.played.append(Played(step, event, ruling, self.stretch, len(self.stretch.events)))

    def mark(self) -> Mark:
        """Return how it stands now."""
        refused, pending = tuple(self.refused.items()), tuple(self.pending)
        return Mark(self.facts, self.now, tuple(self.played), refused, pending, self.slot, self.asides)

    def propose(self, step: str, actor: PersonId, act: Act, *, aside: bool = False) -> Refused | None:
        """Propose an act now; it counts unless it is refused. What is done aside takes no place of the course."""
        aside = aside and self.slot > 0 and self.asides < _ASIDES
        seq = self.next_aside if aside else self.slot * _STRIDE
        event = build_live_event(build_structural(act), seq=seq, actor=actor, at=self.now)
        self.rulings += 1
        memory, matter = self.setting.memory, self.facts.matter
        if memory is None or not isinstance(matter, Traced):
            ruling = decide(self.facts, self.setting.rulebook, event, self.now)
        else:
            event = memory.shared.share(event)
            facts = Facts(self.facts.organisation, matter.as_seen_at(self.now), self.facts.linked)
            ruling = decide(facts, self.setting.rulebook, event, self.now, ask=memory.ask)
        if isinstance(ruling, Refused):
            return ruling
        self.enter(step, event, ruling, self.facts.with_event(event))
        if aside:
            self.asides += 1
        else:
            self._go_on(1)
        return None

    @property
    def next_aside(self) -> int:
        """Return the number of an entry that is made aside; all entries so far have lower ones."""
        return (self.slot - 1) * _STRIDE + 1 + self.asides

    def _go_on(self, places: int) -> None:
        self.now += places * _PACE
        self.slot += places
        self.asides = 0

    def reach(self, step: Step) -> None:
        """Come to where a step begins on the course: what was left out before it takes the same time as if done.

        So what is done later is the same act at the same time, unless it depends on what was left out.
        """
        missed = self.slots.get(step.name, 0) - self.slot
        if missed > 0 and not step.aside:
            self._go_on(missed)
        self.now += step.after

    def desk(self) -> Desk:
        """Return what the next step is drafted from."""
        setting = self.setting
        return Desk(self.facts, setting.rulebook, setting.cast, setting.procedure, setting.sanction, self.now)


def begin(setting: Setting) -> Play:
    """Return a play that has not begun."""
    at = choose_beginning(setting.rulebook)
    return Play(setting, build_world(setting.rulebook, setting.cast, at), at)


def resume(
    setting: Setting, mark: Mark, *, may_rule: frozenset[str] | None, slots: Mapping[str, int] | None = None
) -> Play:
    """Return a play that stands as another did at `mark`; `slots` say where the steps to come begin on its course."""
    return Play(
        setting,
        mark.facts,
        mark.now,
        list(mark.played),
        dict(mark.refused),
        may_rule=may_rule,
        pending=list(mark.pending),
        slots=slots or {},
        slot=mark.slot,
        asides=mark.asides,
    )


def play(under_way: Play, course: Sequence[Step], *, marked: bool = False) -> Play:
    """Go on with a matter through `course`: each step in turn, what was refused tried again before each later one."""
    for step in course:
        if marked:
            under_way.marks.append(under_way.mark())
        under_way.reach(step)
        if not _take_as_before(under_way, step):
            under_way.pending.append(step)
            continue
        under_way.pending = [one for one in under_way.pending if not _take_pending(under_way, one)]
    under_way.pending = [step for step in under_way.pending if not _take_as_before(under_way, step)]
    return under_way


def _take_as_before(under_way: Play, step: Step, *, patient: bool = True) -> bool:
    """Take one step as `take` does; what came of it is remembered, where it was taken in the same circumstances."""
    memory = under_way.setting.memory
    if memory is None:
        return take(under_way, step, patient=patient)
    moment = Moment(step, patient, under_way.may_rule, under_way.now, under_way.slot, under_way.asides)
    done, remembered = memory.do(moment, under_way.facts, lambda facts: _try_out(under_way, step, facts, patient))
    for name, event, ruling in done.acts:
        under_way.enter(name, event, ruling, memory.enter(under_way.facts, event))
    if done.refused is None:
        under_way.refused.pop(step.name, None)
    else:
        under_way.refused[step.name] = done.refused
    under_way.now, under_way.slot, under_way.asides = done.now, done.slot, done.asides
    under_way.rulings += done.rulings
    under_way.remembered += done.rulings if remembered else 0
    return done.taken


def _try_out(under_way: Play, step: Step, facts: Facts, patient: bool) -> Done:
    """Return what taking a step comes to, with these facts."""
    trial = Play(under_way.setting, facts, under_way.now, may_rule=under_way.may_rule)
    trial.slot, trial.asides = under_way.slot, under_way.asides
    taken = take(trial, step, patient=patient)
    acts = tuple((one.step, one.event, one.ruling) for one in trial.played)
    return Done(taken, acts, trial.refused.get(step.name), trial.now, trial.slot, trial.asides, trial.rulings)


def _take_pending(under_way: Play, step: Step) -> bool:
    """Take a step that was refused before, where what was done last may have helped."""
    refused, last = under_way.refused.get(step.name), under_way.played[-1].event.act if under_way.played else None
    if refused is None or last is None:
        return False
    name = get_spec(type(last)).name
    missing = {act for one in (refused, *refused.also) for act in one.missing}
    helps = name in missing or (refused.code.startswith("act.") and name in under_way.setting.bearing)
    return helps and _take_as_before(under_way, step, patient=False)


def take(under_way: Play, step: Step, *, patient: bool = True) -> bool:
    """Take one step, if the rulebook lets it be; return whether it was taken, or does not arise.

    Who is patient waits, or has a ruling made, where no draft is allowed and the refusal says that this would help.
    """
    for _ in range(_TRIES if patient else 1):
        drafts = tuple(step.draft(under_way.desk()))
        refused = _try_all(under_way, step, drafts if patient else drafts[:1], aside=step.aside or not patient)
        if refused is None:
            under_way.refused.pop(step.name, None)
            return True
        under_way.refused[step.name] = refused
        if not patient or not (_wait(under_way, refused) or _rule(under_way, refused)):
            return False
    return False


def _try_all(under_way: Play, step: Step, drafts: tuple[Act, ...], *, aside: bool) -> Refused | None:
    """Propose each draft by each who may, until one is allowed; return the first refusal where none is."""
    first: Refused | None = None
    for draft in drafts:
        for actor in find_actors(under_way.desk(), step, draft):
            refused = under_way.propose(step.name, actor, draft, aside=aside)
            if refused is None:
                return None
            first = refused if first is None else first
    if drafts and first is None:
        return Refused("act.nobody", "", phrase("Nobody has a part in which this may be done."))
    return first


def _wait(under_way: Play, refused: Refused) -> bool:
    at = refused.earliest
    if at is None or not under_way.now < at <= under_way.now + _LONGEST_WAIT:
        return False
    under_way.now = at
    return True


def _rule(under_way: Play, refused: Refused) -> bool:
    """Have somebody entitled rule on what only a person can judge; return whether anybody could."""
    made = False
    for one in (refused, *refused.also):
        demand = next((it for it in under_way.setting.rulebook.demands if it.id == one.requirement), None)
        if demand is None or not demand.ruled_by or not _may_rule(under_way, demand.id):
            continue
        entries = tuple(_read_entries(one, under_way.next_aside))
        ruling = RulingMade(requirement=demand.id, met=True, reasons="text", about=entries)
        actors = find_free_holders(under_way.facts, under_way.setting.rulebook, demand.ruled_by)
        name = f"ruled-{demand.id}"
        made |= any(under_way.propose(name, actor, ruling, aside=True) is None for actor in actors[:1])
    return made


def _may_rule(under_way: Play, demand: str) -> bool:
    return under_way.may_rule is None or demand in under_way.may_rule


def _read_entries(refused: Refused, before: int) -> Iterator[int]:
    """Yield the entries a refusal rests on, without the act that was refused."""
    for name, value in refused.facts:
        if name == "entries" and isinstance(value, tuple):
            yield from (int(entry) for entry in value if int(entry) < before)
