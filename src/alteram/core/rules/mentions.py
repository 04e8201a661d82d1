"""Whether a clause mentions the thing it is named for, by words that are alike; it understands nothing.

A word is mentioned where the first four letters of it stand in what is told of a thing: what it is called, who does it,
what its kind asks. Only a clause with not one such word is told to mention it never.
"""

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from alteram.core.acts import find_spec
from alteram.core.rules.requirements import get_requirement
from alteram.core.rules.rulebook import Clause, Demand, Procedure, Rulebook

_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_ALIKE: Final = 4
#: Words that say nothing of what a clause is about.
_EMPTY: Final = frozenset(
    {
        "that",
        "this",
        "with",
        "from",
        "have",
        "been",
        "they",
        "their"[:_ALIKE],
        "them",
        "what",
        "when",
        "where"[:_ALIKE],
        "ever",
        "nothing"[:_ALIKE],
    }
    | {
        "anyt",
        "anyb",
        "there"[:_ALIKE],
        "only",
        "once",
        "into",
        "upon",
        "matt",
        "unti",
        "befo",
        "whether"[:_ALIKE],
        "which"[:_ALIKE],
    }
)


def is_mentioned(item: Struct, clause: Clause, rulebook: Rulebook) -> bool:
    """Return whether `clause` says any word of `item`, a part of `rulebook`, or of what it is there for."""
    about = " ".join(_find_texts(item, rulebook)).casefold()
    if "sanction" in about:  # a clause that speaks of warnings speaks of sanctions
        about += " ".join(one.title for one in rulebook.sanctions).casefold()
    return any(stem in about for stem in find_stems(f"{clause.title} {clause.text}"))


def find_stems(text: str) -> frozenset[str]:
    """Return how the words of a text begin, those that say nothing left out."""
    return frozenset(word[:_ALIKE] for word in _WORD.findall(text.casefold())) - _EMPTY


def _find_texts(item: Struct, rulebook: Rulebook) -> Iterator[str]:
    for name in ("id", "title", "act", "requirement", "guarantee", "kind", "owner", "by", "plays", "entered_by"):
        value = getattr(item, name, ())
        yield from value if isinstance(value, tuple) else (value,)
    spec = find_spec(getattr(item, "act", ""))
    if spec is not None:
        yield spec.help
    if isinstance(item, Demand):
        yield get_requirement(item.kind).help
        for name in item.gates:
            gated = find_spec(name)
            yield name if gated is None else f"{name} {gated.help}"
    if isinstance(item, Procedure):
        yield from (text for stage in item.stages for text in _find_texts(stage, rulebook))
    titles = {one.id: one.title for one in rulebook.bodies} | {one.id: one.title for one in rulebook.offices}
    for name in ("by", "chair", "decided_by", "appeal_to"):
        value = getattr(item, name, "")
        if isinstance(value, str):
            yield titles.get(value, "")
    yield from (titles.get(one, "") for one in getattr(item, "plays", ()))
