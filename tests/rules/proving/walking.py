"""Random walks of the live engine: anybody proposes anything at any time, and what the rulebook lets be is kept.

A walk begins with somebody who means well: a random stretch of the usual course, so that it comes far enough to go
wrong. From there on drafts of any act are proposed by anybody, mixed with the steps that are left, while time goes by.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import msgspec

from alteram.core.acts import Act, PartySevered, all_specs
from alteram.core.kernel.identifiers import PersonId
from alteram.core.matters import find_ever_holders
from alteram.core.rules.drafts import build_basis, find_drafts
from alteram.core.rules.proving import appeals, own_cause, stopping
from alteram.core.rules.proving.adversary import find_insertions
from alteram.core.rules.proving.casting import NO_COLLISION, Collision
from alteram.core.rules.proving.deviating import find_alterations
from alteram.core.rules.proving.exploring import Base
from alteram.core.rules.proving.guarantees import Watch
from alteram.core.rules.proving.identities import _read as read_identities
from alteram.core.rules.proving.playing import Play, resume, take
from alteram.core.rules.proving.searching import Search, Violation
from alteram.core.rules.rulebook import Pack, Rulebook

#: How long passes before something is done: mostly little, now and then more than any period.
_PASSES: Final = (timedelta(minutes=5),) * 12 + (
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=11),
    timedelta(days=45),
)
#: What the prover does not cover, as docs/explanation/proving.md says.
_NOT_COVERED: Final = ("departure.authorised", "external-order.recorded")
_SPECS: Final = tuple(one for one in all_specs() if one.stream == "matter" and one.name not in _NOT_COVERED)


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk: the matter that came of it, who is also whom in it, and what the prover's own judgements say of it."""

    seed: int
    collision: Collision
    play: Play
    violations: tuple[Violation, ...]

    def tell(self) -> str:
        """Return what was done, act by act, and what is wrong with it."""
        acts = [f"{one.event.seq} {one.event.actor} {one.step} {one.event.act!r}" for one in self.play.played]
        return "\n".join(
            [f"seed {self.seed}; {self.collision.title}", *acts, *(one.because for one in self.violations)]
        )


class Walker:
    """Walks under one rulebook, from a seed each."""

    def __init__(self, rulebook: Rulebook, packs: tuple[Pack, ...] = ()) -> None:
        """Play the matter that keeps to the course once, with each collision that the prover knows of."""
        self._search = Search(rulebook, packs)
        found = (*own_cause.find_collisions(self._search), *stopping.find_collisions(self._search))
        self._collisions = (NO_COLLISION, *found)
        self._bases: dict[Collision, Base] = {}

    def walk(self, seed: int, *, acts: int) -> Walk:
        """Return a walk with so many attempts after the course is left."""
        draw = random.Random(seed)
        collision = draw.choice((NO_COLLISION, *self._collisions))
        base = self._find_base(collision)
        left = draw.randrange(len(base.marks))
        under_way = resume(base.setting, base.marks[left], may_rule=base.ruled)
        rest = [step for step in base.course[left:] if draw.random() > _FORGOTTEN]
        for _ in range(acts):
            under_way.now += draw.choice(_PASSES)
            if rest and draw.random() < _KEEPING_ON:
                take(under_way, rest.pop(0))
                continue
            propose_anything(under_way, base, draw)
        for step in rest:
            take(under_way, step)
        return Walk(seed, collision, under_way, tuple(judge(self._search, base, under_way, collision)))

    def _find_base(self, collision: Collision) -> Base:
        if collision not in self._bases:
            self._bases[collision] = self._search.base(self._search.procedures[0], collision=collision)
        return self._bases[collision]


_FORGOTTEN: Final = 0.06
_KEEPING_ON: Final = 0.6


def propose_anything(under_way: Play, base: Base, draw: random.Random) -> None:
    """Propose one act by somebody: a draft of any kind, a real dispute's, or one done before with a field changed."""
    people = sorted({*base.setting.cast.members, *base.setting.cast.people.values(), *base.setting.cast.panel})
    actor = draw.choice(people)
    match draw.randrange(3):
        case 0:
            insertion = draw.choice(list(find_insertions(base)))
            under_way.propose(insertion.name, insertion.by, insertion.act)
        case 1 if under_way.played:
            done = draw.choice(under_way.played)
            altered = list(find_alterations(done.step, done.event.act, people))
            if altered:
                change = draw.choice(altered)
                act = msgspec.structs.replace(done.event.act, **{change.field: change.value})
                under_way.propose(f"again-{done.step}", draw.choice((actor, done.event.actor or actor)), act)
        case _:
            draft = _draft(under_way, draw, actor)
            if draft is not None:
                under_way.propose("drafted", actor, draft)


def _draft(under_way: Play, draw: random.Random, actor: PersonId) -> Act | None:
    basis = build_basis(under_way.facts, under_way.setting.rulebook, actor, under_way.now)
    drafts = list(find_drafts(draw.choice(_SPECS), basis))
    return draw.choice(drafts) if drafts else None


def judge(search: Search, base: Base, under_way: Play, collision: Collision) -> Iterator[Violation]:
    """Yield what the properties say of a walk, each by its own judgement."""
    yield from own_cause._read(under_way, (), collision)
    done = [one.event.act for one in under_way.played]
    if dict(collision.same).get("respondent"):
        yield from stopping._read(under_way, (), collision)
    yield from appeals._read(under_way, ())
    yield from read_identities(under_way, ())
    sides = [find_ever_holders(under_way.facts.matter, role) for role in ("complainant", "respondent")]
    if any(len(one) > 1 for one in sides) or any(isinstance(one, PartySevered) for one in done):
        return  # Who joins later is beyond the scope: one on each side.
    for demand in search.demands:
        watch = Watch(base, demand)
        yield from watch.find_breaches(under_way, ())
