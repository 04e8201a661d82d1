"""What would have become of a matter under other rules: which of its acts would have been refused, what it would be.

The acts that an amendment touches are ruled on again, each as things stood when it was done, by the rules that rule on
live acts; the requirements that it touches are examined again as the matter ended. Under both versions, so that what is
told is the amendment's doing. Parts in linked matters are those of now. It does not guess what people would have done
instead.

What an amendment cannot touch is left out: an act is ruled on again where its rule, or a requirement that it waits for,
differs. Where anything else differs that a requirement can read, all is done again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from msgspec import structs

from alteram.core.acts import all_specs, get_spec
from alteram.core.kernel.identifiers import StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import AnyEvent, Facts, LinkedMatter, StreamFacts, WithheldEntry, fold_events
from alteram.core.rules.assess import examine
from alteram.core.rules.decide import decide
from alteram.core.rules.findings import Result
from alteram.core.rules.rulebook import ActRule, Demand, Rulebook

#: What no requirement reads, and no rule but those that are compared one by one.
_COMPARED: Final = frozenset(
    {"title", "version", "clauses", "jurisdiction", "builds_on", "acts", "demands", "departures", "second_key"}
)


@dataclass(frozen=True, slots=True)
class Slice:
    """What of a matter two versions can differ in: requirements before and after (None: not asked), and acts."""

    demands: tuple[tuple[Demand | None, Demand | None], ...]
    acts: frozenset[str]

    @property
    def is_empty(self) -> bool:
        """Return whether nothing can come out otherwise."""
        return not self.demands and not self.acts


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A requirement that comes to something else; `old` or `new` is empty where that version does not ask it."""

    requirement: str
    title: str
    old: Result | None
    new: Result | None


@dataclass(frozen=True, slots=True)
class RefusedAct:
    """An act that was done and would have been refused."""

    seq: int
    act: str
    code: str
    clause: str
    requirement: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """What would have become of one matter; both empty: nothing else."""

    stream: StreamId
    requirements: tuple[Otherwise, ...] = ()
    refused: tuple[RefusedAct, ...] = ()

    @property
    def is_touched(self) -> bool:
        """Return whether anything would have gone otherwise."""
        return bool(self.requirements or self.refused)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry as it was recorded, before later ones changed how it stands, and how far the organisation had got."""

    event: AnyEvent | WithheldEntry
    organisation_seq: int


def slice_replay(old: Rulebook, new: Rulebook) -> Slice:
    """Return what two versions can differ in, of any matter."""
    whole = any(getattr(old, one) != getattr(new, one) for one in old.__struct_fields__ if one not in _COMPARED)
    whole = whole or {one.id for one in old.clauses} != {one.id for one in new.clauses}  # charges cite clauses
    before, after = ({(one.pack, one.id): one for one in book.demands} for book in (old, new))
    pairs = [(before.get(key), after.get(key)) for key in dict.fromkeys((*before, *after))]
    touched = tuple(pair for pair in pairs if whole or not _are_alike(*pair))
    if whole:
        return Slice(touched, frozenset(one.name for one in all_specs() if one.stream == "matter"))
    return Slice(touched, frozenset((*_find_acts(touched), *_find_ruled(old, new))))


def _are_alike(old: Demand | None, new: Demand | None) -> bool:
    """Return whether two demands come to the same of any record: how they are called changes nothing."""
    if old is None or new is None:
        return False
    return old == structs.replace(
        new, title=old.title, clause=old.clause, source=old.source, status=old.status, covers=old.covers
    )


def _find_acts(demands: Iterable[tuple[Demand | None, Demand | None]]) -> Iterator[str]:
    yield from (act for pair in demands for one in pair if one is not None for act in one.gates)


def _find_ruled(old: Rulebook, new: Rulebook) -> Iterator[str]:
    """Yield the acts whose own rule differs, or which wait for a requirement that may be departed from otherwise."""
    for spec in all_specs():
        before, after = (_bare(book.find_act_rule(spec.name)) for book in (old, new))
        if before != after or old.find_second_key(spec.name) != new.find_second_key(spec.name):
            # What was entered from paper waits for the rule of what it answers.
            yield from (spec.name, "paper.entered", "paper-report.entered")
    changed = {one.requirement for one in set(old.departures) ^ set(new.departures)}
    yield from (act for one in (*old.demands, *new.demands) if one.id in changed for act in one.gates)


def _bare(rule: ActRule | None) -> tuple[object, ...] | None:
    return None if rule is None else (rule.by, rule.stages)


def replay_matter(  # noqa: PLR0917 - all that a replay rests on
    stream: StreamId,
    recorded: Sequence[Recorded],
    organisation: Callable[[int], StreamFacts],
    linked: tuple[LinkedMatter, ...],
    versions: tuple[Rulebook, Rulebook],
    touched: Slice,
) -> Replayed:
    """Return what would have become of a matter under the second of two versions and does not under the first.

    `organisation` gives what was known of the organisation up to a sequence number.
    """
    if not recorded or touched.is_empty:
        return Replayed(stream)
    matter = fold_events(StreamFacts.empty(stream), (one.event for one in recorded))
    facts = Facts(organisation(recorded[-1].organisation_seq), matter, linked)
    refused = (
        () if matter.is_history else tuple(_find_refused(stream, recorded, organisation, linked, versions, touched))
    )
    return Replayed(stream, tuple(compare_assessments(facts, versions, touched)), refused)


def compare_assessments(facts: Facts, versions: tuple[Rulebook, Rulebook], touched: Slice) -> Iterator[Otherwise]:
    """Yield each requirement that two versions differ in and that comes to something else as the matter ended."""
    now = facts.matter.last_at
    if now is None:
        return
    for pair in touched.demands:
        old, new = (_examine(one, facts, book, now) for one, book in zip(pair, versions, strict=True))
        one = pair[1] or pair[0]
        if old != new and one is not None:
            yield Otherwise(one.id, one.title, old, new)


def _examine(demand: Demand | None, facts: Facts, rulebook: Rulebook, now: datetime) -> Result | None:
    return None if demand is None else examine(demand, facts, rulebook, now).result


def _find_refused(  # noqa: PLR0917 - as its caller
    stream: StreamId,
    recorded: Sequence[Recorded],
    organisation: Callable[[int], StreamFacts],
    linked: tuple[LinkedMatter, ...],
    versions: tuple[Rulebook, Rulebook],
    touched: Slice,
) -> Iterator[RefusedAct]:
    before, folded = StreamFacts.empty(stream), 0
    for place, one in enumerate(recorded):
        event = one.event
        if isinstance(event, WithheldEntry) or not event.live:
            continue
        name = get_spec(type(event.act)).name
        if name not in touched.acts:
            continue
        before = fold_events(before, (known.event for known in recorded[folded:place]))
        folded = place
        facts = Facts(organisation(one.organisation_seq), before, linked)
        ruling = decide(facts, versions[1], event, event.recorded_at)
        if isinstance(ruling, Refused) and not isinstance(
            decide(facts, versions[0], event, event.recorded_at), Refused
        ):
            yield RefusedAct(event.seq, name, ruling.code, ruling.clause, ruling.requirement)
