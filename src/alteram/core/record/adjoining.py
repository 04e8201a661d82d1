"""How two excerpts of one exhibit lie to each other: directly before or after, over one another, or how far off.

It compares what was verified. That both are genuine, and of which exhibit, `excerpt_verification` shows.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from alteram.core.record.errors import RecordError
from alteram.core.record.excerpt_verification import VerifiedExcerpt

Relation: TypeAlias = Literal["before", "after", "overlap", "gap"]


@dataclass(frozen=True, slots=True)
class Adjoined:
    """How an answer lies to an excerpt: directly before it, directly after it, over part of it, or apart from it.

    `between` are the pieces [from, to) that both show (overlap) or that neither does and that lie between them (gap);
    none where one directly follows the other. `joined` is what both show together, where that is one range.
    """

    relation: Relation
    between: tuple[int, int]
    joined: tuple[int, int] | None
    is_earlier: bool
    """The answer begins before the excerpt does."""


def adjoin(excerpt: VerifiedExcerpt, answer: VerifiedExcerpt) -> Adjoined:
    """Return how `answer` lies to `excerpt`. Raises: RecordError when they are not of the same exhibit's pieces."""
    named, other = ((one.organisation, one.exhibit, one.form, one.of, one.tree) for one in (excerpt, answer))
    if named != other:
        raise RecordError("excerpt.other-exhibit", "The two excerpts are not of the same exhibit.", where="answer")
    first, until = min(excerpt.first, answer.first), max(excerpt.until, answer.until)
    # Where one ends and the other begins; turned around where they overlap.
    inner, outer = min(excerpt.until, answer.until), max(excerpt.first, answer.first)
    relation: Relation
    if inner < outer:
        relation = "gap"
    elif inner > outer:
        relation = "overlap"
    else:
        relation = "before" if answer.until == excerpt.first else "after"
    return Adjoined(
        relation=relation,
        between=(min(inner, outer), max(inner, outer)),
        joined=None if relation == "gap" else (first, until),
        is_earlier=answer.first < excerpt.first,
    )
