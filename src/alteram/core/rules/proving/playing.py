"""Play a matter under a rulebook: propose act after act to the engine that rules on live ones, and keep what it allows.

Where the rulebook refuses, the player does what the refusal says would help, as somebody would who has read it: waits
until the earliest lawful time, does first what is missing, has a ruling made where only a person can judge. What still
is refused is told, never forced.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from alteram.core.acts import Act, RulingMade, build_structural, get_spec
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Allowed, Departure, Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import BEARING, AnyEvent, Facts, build_live_event
from alteram.core.rules.capacities import find_role_holders
from alteram.core.rules.decide import decide
from alteram.core.rules.parts import find_sides
from alteram.core.rules.proving.casting import Cast, build_world, choose_beginning
from alteram.core.rules.proving.course import Desk, Step
from alteram.core.rules.rulebook import Procedure, Rulebook, Sanction

_PACE: Final = timedelta(minutes=5)
"""How long after one act the next is done."""
_LONGEST_WAIT: Final = timedelta(days=400)
_TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class Setting:
    """Under which rules, with whom, for what a matter is played."""

    rulebook: Rulebook
    cast: Cast
    procedure: Procedure
    sanction: Sanction | None

    @property
    def bearing(self) -> frozenset[str]:
        """Return the acts, by name, that give parts or take the matter a stage on."""
        stages = (name for stage in self.procedure.stages for name in stage.entered_by)
        return frozenset((*stages, *(get_spec(kind).name for kind in BEARING)))


@dataclass(frozen=True, slots=True)
class Played:
    """One act that was allowed: the step it came from, the event, the ruling on it, and the facts just after it."""

    step: str
    event: AnyEvent
    ruling: Allowed | Departure
    after: Facts


@dataclass(frozen=True, slots=True)
class Mark:
    """How a play stood before a step, to go on from there another way."""

    facts: Facts
    now: datetime
    played: tuple[Played, ...]
    refused: tuple[tuple[str, Refused], ...]
    pending: tuple[Step, ...]


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

    def mark(self) -> Mark:
        """Return how it stands now."""
        return Mark(self.facts, self.now, tuple(self.played), tuple(self.refused.items()), tuple(self.pending))

    def propose(self, step: str, actor: PersonId, act: Act) -> Refused | None:
        """Propose an act now; it counts unless it is refused."""
        event = build_live_event(build_structural(act), seq=self.facts.matter.head_seq + 1, actor=actor, at=self.now)
        self.rulings += 1
        ruling = decide(self.facts, self.setting.rulebook, event, self.now)
        if isinstance(ruling, Refused):
            return ruling
        self.facts = self.facts.with_event(event)
        self.played.append(Played(step, event, ruling, self.facts))
        self.now += _PACE
        return None

    def desk(self) -> Desk:
        """Return what the next step is drafted from."""
        setting = self.setting
        return Desk(self.facts, setting.rulebook, setting.cast, setting.procedure, setting.sanction, self.now)


def begin(setting: Setting) -> Play:
    """Return a play that has not begun."""
    at = choose_beginning(setting.rulebook)
    return Play(setting, build_world(setting.rulebook, setting.cast, at), at)


def resume(setting: Setting, mark: Mark, *, may_rule: frozenset[str] | None) -> Play:
    """Return a play that stands as another did at `mark`."""
    return Play(
        setting,
        mark.facts,
        mark.now,
        list(mark.played),
        dict(mark.refused),
        may_rule=may_rule,
        pending=list(mark.pending),
    )


def play(under_way: Play, course: Sequence[Step], *, marked: bool = False) -> Play:
    """Go on with a matter through `course`: each step in turn, what was refused tried again before each later one."""
    for step in course:
        if marked:
            under_way.marks.append(under_way.mark())
        under_way.now += step.after
        if not take(under_way, step):
            under_way.pending.append(step)
            continue
        under_way.pending = [one for one in under_way.pending if not _take_pending(under_way, one)]
    under_way.pending = [step for step in under_way.pending if not take(under_way, step)]
    return under_way


def _take_pending(under_way: Play, step: Step) -> bool:
    """Take a step that was refused before, where what was done last may have helped."""
    refused, last = under_way.refused.get(step.name), under_way.played[-1].event.act if under_way.played else None
    if refused is None or last is None:
        return False
    name = get_spec(type(last)).name
    missing = {act for one in (refused, *refused.also) for act in one.missing}
    helps = name in missing or (refused.code.startswith("act.") and name in under_way.setting.bearing)
    return helps and take(under_way, step, patient=False)


def take(under_way: Play, step: Step, *, patient: bool = True) -> bool:
    """Take one step, if the rulebook lets it be; return whether it was taken, or does not arise.

    Who is patient waits, or has a ruling made, where no draft is allowed and the refusal says that this would help.
    """
    for _ in range(_TRIES if patient else 1):
        drafts = tuple(step.draft(under_way.desk()))
        refused = _try_all(under_way, step, drafts if patient else drafts[:1])
        if refused is None:
            under_way.refused.pop(step.name, None)
            return True
        under_way.refused[step.name] = refused
        if not patient or not (_wait(under_way, refused) or _rule(under_way, refused)):
            return False
    return False


def _try_all(under_way: Play, step: Step, drafts: tuple[Act, ...]) -> Refused | None:
    """Propose each draft by each who may, until one is allowed; return the first refusal where none is."""
    first: Refused | None = None
    for draft in drafts:
        for actor in find_actors(under_way, step, draft):
            refused = under_way.propose(step.name, actor, draft)
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
        entries = tuple(_read_entries(one, under_way.facts.matter.head_seq))
        ruling = RulingMade(requirement=demand.id, met=True, reasons="text", about=entries)
        actors = _find_holders(under_way.facts, under_way.setting.rulebook, demand.ruled_by)
        made |= any(under_way.propose(f"ruled-{demand.id}", actor, ruling) is None for actor in actors[:1])
    return made


def _may_rule(under_way: Play, demand: str) -> bool:
    return under_way.may_rule is None or demand in under_way.may_rule


def _read_entries(refused: Refused, head_seq: int) -> Iterator[int]:
    """Yield the entries a refusal rests on, without the act that was refused."""
    for name, value in refused.facts:
        if name == "entries" and isinstance(value, tuple):
            yield from (int(entry) for entry in value if int(entry) <= head_seq)


def find_actors(under_way: Play, step: Step, draft: Act) -> tuple[PersonId, ...]:
    """Return who may do an act, the likeliest first: somebody of the cast, or one holder of each role that may."""
    if step.by:
        return (under_way.setting.cast.people.get(step.by, PersonId(step.by)),)
    spec = get_spec(type(draft))
    rule = under_way.setting.rulebook.find_act_rule(spec.name)
    return _find_holders(under_way.facts, under_way.setting.rulebook, rule.by if rule is not None else spec.by)


def _find_holders(facts: Facts, rulebook: Rulebook, roles: tuple[Role, ...]) -> tuple[PersonId, ...]:
    """Return one holder of each of the roles who is no side of the matter."""
    sides = find_sides(facts)
    holders = (sorted(find_role_holders(facts, rulebook, role) - sides) for role in roles if role != "anyone")
    return tuple(dict.fromkeys(people[0] for people in holders if people))
