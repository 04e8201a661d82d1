"""What of a refusal its reader may be told (design: a refusal never tells a viewer what that viewer may not know).

The rules look at everything; whoever proposed the act may not. A refusal that names a protected person, or that rests
on a linked matter which the reader does not handle, keeps its code, clause, missing acts and earliest time; why it is
so is left to the custodian to say. It does not hide that it was refused, nor by which rule.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from alteram.core.access.parts import HANDLERS, KEEPERS
from alteram.core.access.seeing import build_reader
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.phrases import phrase
from alteram.core.matters import AnyEvent, Facts, LinkedMatter
from alteram.core.rules import decide
from alteram.core.rules.rulebook import Rulebook

CLOSED = phrase("The reason is not open to you. Ask the custodian.")


def tell_refusal(
    refused: Refused, facts: Facts, rulebook: Rulebook, event: AnyEvent, *, proposer: PersonId | None
) -> Refused:
    """Return `refused`, a ruling on `event` in `facts`, as `proposer` may be told it."""
    reader = build_reader(facts, rulebook, proposer)
    handles = not HANDLERS.isdisjoint(reader.roles)
    unknown = reader.unknown | find_unknown_elsewhere(facts, proposer, keeps=not KEEPERS.isdisjoint(reader.roles))
    known = refused if handles or not facts.linked else _without_linked(facts, rulebook, event)
    return _close(refused, known, unknown)


def find_unknown_elsewhere(facts: Facts, person: PersonId | None, *, keeps: bool) -> frozenset[PersonId]:
    """Return whose protected part in a linked matter `person` may not learn of."""
    if keeps:
        return frozenset()
    return frozenset(
        one.person
        for linked in facts.linked
        if not _keeps(linked, person)
        for one in linked.holdings
        if one.protected and one.person != person
    )


def _keeps(linked: LinkedMatter, person: PersonId | None) -> bool:
    return any(one.person == person and one.role in KEEPERS and one.until is None for one in linked.holdings)


def _without_linked(facts: Facts, rulebook: Rulebook, event: AnyEvent) -> Refused | None:
    """Return what the refusal would be if there were no linked matters: all that those who handle none may know of."""
    ruling = decide(replace(facts, linked=()), rulebook, event, event.recorded_at)
    return ruling if isinstance(ruling, Refused) else None


def _close(refused: Refused, known: Refused | None, unknown: Collection[PersonId]) -> Refused:
    open_to = {} if known is None else {_key(one): _texts(one) for one in (known, *known.also)}
    told = [_told(one, open_to, unknown) for one in (refused, *refused.also)]
    return replace(told[0], also=tuple(told[1:]))


def _told(one: Refused, open_to: dict[tuple[str, str], tuple[str, ...]], unknown: Collection[PersonId]) -> Refused:
    texts = _texts(one)
    if open_to.get(_key(one)) == texts and not any(names_anybody(text, unknown) for text in texts):
        return replace(one, also=())
    return replace(one, because=CLOSED, working=(), facts=(), also=())


def _key(one: Refused) -> tuple[str, str]:
    return one.code, one.requirement


def _texts(one: Refused) -> tuple[str, ...]:
    return (one.because, *one.working, *(text for _, value in one.facts for text in _spelled(value)))


def _spelled(value: object) -> Iterator[str]:
    if isinstance(value, tuple):
        yield from map(str, value)
    else:
        yield str(value)


def names_anybody(text: str, people: Collection[PersonId]) -> bool:
    """Return whether a text holds the identifier of one of these people as a word of its own."""
    return any(re.search(rf"(?<![a-z0-9._-]){re.escape(one)}(?![a-z0-9_-]|\.[a-z0-9])", text) for one in people)
