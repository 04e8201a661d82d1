"""What the outside may ask about a matter without changing it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from typing import Final

from alteram.core.access import build_reader, find_visible_claims
from alteram.core.acts import ActSpec, all_specs, find_spec
from alteram.core.acts.catalogue import Role
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, REGISTERS, PersonId, StreamId
from alteram.core.kernel.outcomes import Refused, Ruling
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import Facts
from alteram.core.rules import Assessment, Pack, Rulebook, assess
from alteram.core.rules.capacities import find_procedure, find_roles
from alteram.core.rules.drafts import TRIED, build_basis, find_drafts
from alteram.core.rules.rulebook import Stage
from alteram.core.rules.stages import find_stage
from alteram.operations.organisation import Organisation
from alteram.operations.perform import rule_on_each
from alteram.operations.recording import Batch

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
#: Refusals that no other way of filling in an act changes.
_WHATEVER_IT_SAYS = frozenset(
    {
        "act.not-yours",
        "act.wrong-stage",
        "act.wrong-stream",
        "matter.begun",
        "matter.closed",
        "matter.history",
        "matter.unknown",
        "time.backwards",
    }
)


class UnknownMatterError(AlteramError):
    """There is no matter of this name."""


def get_facts(organisation: Organisation, stream: StreamId) -> Facts:
    """Return a matter's facts, read just now. Raises: UnknownMatterError."""
    facts = organisation.facts(stream, fresh=True)
    if facts.matter.head_seq < 0:
        raise UnknownMatterError(
            phrase("There is no matter {stream}.", stream=stream), remedy=phrase("See `alteram matter list`.")
        )
    return facts


def assess_matter(
    organisation: Organisation, stream: StreamId, *, packs: Iterable[Pack] = (), now: datetime | None = None
) -> Assessment:
    """Assess a matter against the rulebook that governs it, and further packs. Raises: UnknownMatterError."""
    facts = get_facts(organisation, stream)
    at = (now or organisation.ports.clock()).replace(microsecond=0)
    return assess(facts, organisation.governing(stream), at, packs=packs)


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """An entry as one person may see it: `claims` holds what is open; `act` is empty where it is withheld."""

    seq: int
    at: datetime
    act: str
    claims: dict[str, Json]


def find_timeline(organisation: Organisation, stream: StreamId, viewer: PersonId) -> tuple[TimelineEntry, ...]:
    """Return a matter's entries as `viewer` may see them; who has no part in it is told of no other entry.

    Raises: UnknownMatterError, to whoever may see nothing of it as well.
    """
    facts = organisation.facts(stream, fresh=True)
    reader = build_reader(facts, organisation.governing(stream), viewer)
    entries = []
    for stored in organisation.ports.store.load(organisation.ports.organisation, stream):
        opened = organisation.open(stored)
        claims = {} if opened is None else opened.presentation.claims
        tag = claims.get("act")
        spec = find_spec(tag) if isinstance(tag, str) else None
        visible = () if spec is None else find_visible_claims(reader, spec, claims)
        shown = {name: value for name, value in claims.items() if name in visible}
        act = shown.get("act")
        if not (shown or reader.has_part):
            continue
        entries.append(TimelineEntry(stored.seq, stored.at, act if isinstance(act, str) else "", shown))
    if not entries:
        raise UnknownMatterError(
            phrase("There is no such matter, or it is not open to you."), remedy=phrase("Ask the secretary.")
        )
    return tuple(entries)


@dataclass(frozen=True, slots=True)
class OpenAct:
    """An act with what the rules would say if one person proposed it now, filled in as well as it can be.

    `ruling` allowed: what is written in it can still be refused. Refused: why not, and from when, as far as is known.
    `by` are the parts that may do it here; `is_own` says whether the person has one of them.
    """

    spec: ActSpec
    by: tuple[Role, ...]
    is_own: bool
    ruling: Ruling


@dataclass(frozen=True, slots=True)
class OpenActs:
    """What one person can do in a stream now: their parts, the stage it is in, the stage after, and every act."""

    parts: tuple[Role, ...]
    stage: Stage | None
    next_stage: Stage | None
    acts: tuple[OpenAct, ...]


def find_open_acts(
    organisation: Organisation,
    stream: StreamId,
    person: PersonId,
    *,
    only: ActSpec | None = None,
    among: Collection[str] | None = None,
    now: datetime | None = None,
    fresh: bool = True,
) -> OpenActs:
    """Return every act of a stream (or `only` one) with what the rules would say if `person` proposed it now.

    With `among`, only those of these names are asked about; what is said of each is the same. Without `fresh` it is
    asked of what is at hand, for whoever has just read it.
    It records nothing, and tells nothing that proposing would not. Raises: UnknownMatterError, also for a matter that
    is there but not open to `person`.
    """
    facts, rulebook = organisation.facts(stream, fresh=fresh), organisation.governing(stream)
    parts = find_roles(facts, rulebook, person)
    if facts.matter.head_seq < 0 or stream in REGISTERS or parts == ("anyone",):
        raise UnknownMatterError(
            phrase("There is no such matter, or it is not open to you."), remedy=phrase("Ask the secretary.")
        )
    at = (now or organisation.ports.clock()).replace(microsecond=0)
    organisational = stream == ORGANISATION_STREAM
    specs = all_specs() if only is None else (only,)
    drafting = Drafting(organisation, facts, rulebook, person, at)
    acts = []
    for spec in specs:
        if only is None and spec.stream != ("organisation" if organisational else "matter"):
            continue
        if among is not None and spec.name not in among:
            continue
        rule = rulebook.find_act_rule(spec.name)
        by = spec.by if rule is None else rule.by
        is_own = not frozenset(by).isdisjoint(parts)
        acts.append(OpenAct(spec, by, is_own, drafting.rule_on(spec, most=TRIED if is_own else 1)))
    here, after = (None, None) if organisational else _find_stages(facts, rulebook)
    return OpenActs(parts, here, after, tuple(acts))


class Drafting:
    """Acts of one stream as one person could propose them at one time, and what the rules say of them."""

    def __init__(
        self, organisation: Organisation, facts: Facts, rulebook: Rulebook, person: PersonId, now: datetime
    ) -> None:
        """Begin with what drafts are made from; they are ruled on by what is at hand."""
        self._organisation, self._stream, self._person = organisation, facts.matter.stream, person
        self._basis = build_basis(facts, rulebook, person, now)
        self._desk = Batch(organisation, now, fresh=False)

    def rule_on(self, spec: ActSpec, *, holding: Mapping[str, str] = _NOTHING, most: int = TRIED) -> Ruling:
        """Return what the rules say of an act, filled in as well as it can be.

        Where some drafts hold what `holding` says, by field, only these are tried.
        """
        drafts = tuple(islice(find_drafts(spec, self._basis), most))
        fitting = [one for one in drafts if all(str(getattr(one, name)) == held for name, held in holding.items())]
        rulings = rule_on_each(self._organisation, self._stream, fitting or drafts, self._person, self._desk)
        return _find_kindest(rulings)


def _find_stages(facts: Facts, rulebook: Rulebook) -> tuple[Stage | None, Stage | None]:
    """Return the stage a matter is in and the one after it in its procedure."""
    procedure, here = find_procedure(facts, rulebook), find_stage(facts, rulebook)
    if procedure is None or here is None:
        return here, None
    rest = procedure.stages[procedure.stages.index(here) + 1 :]
    return here, rest[0] if rest else None


def _find_kindest(rulings: Iterable[Ruling]) -> Ruling:
    """Return the first ruling that allows, else the refusal that asks for least."""
    refused: list[Refused] = []
    for ruling in rulings:
        if not isinstance(ruling, Refused):
            return ruling
        refused.append(ruling)
        if ruling.code in _WHATEVER_IT_SAYS:
            break
    return min(refused, key=lambda one: (len(one.missing) + len(one.also), one.earliest is None))
