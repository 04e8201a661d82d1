"""What entries that gave evidence gave: told to who refers to one of them, such as by confirming that it arrived."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from alteram.core.acts import ExhibitDisclosed, get_spec
from alteram.core.kernel.canonical import Json
from alteram.operations.disclosure.telling import find_titles
from alteram.operations.entries import Entered, find_entries, find_text
from alteram.operations.exhibits.showing import list_exhibits

DISCLOSED: Final = get_spec(ExhibitDisclosed).tag
#: How evidence is given where an entry does not say.
_USUAL: Final = "page"


@dataclass(frozen=True, slots=True)
class ToldServing:
    """What an entry gave somebody: exhibits by number and title, in a bundle or by themselves, and in which way.

    An exhibit whose own entry is closed to the reader has its short name alone; what is closed of the entry is empty.
    """

    seq: int
    to: str
    by: str
    bundle: str
    exhibits: tuple[str, ...]


def find_servings(entered: Entered, seqs: Collection[int]) -> tuple[ToldServing, ...]:
    """Return what these entries gave, those of them that gave evidence, in their order. Raises: StoreError."""
    opened = find_entries(entered, seqs, titles=True)
    given = [one for _, one in sorted(opened.items()) if one.act == DISCLOSED]
    named = {name for one in given for name in _list(one.claims.get("act.exhibits"))}
    rows = [one for one in list_exhibits(entered) if one.exhibit in named]
    titles = find_titles(entered, rows)
    told = {one.exhibit: f"E{one.number} {titles[one.exhibit]}" for one in rows}
    return tuple(
        ToldServing(
            one.seq,
            find_text(one, "to"),
            find_text(one, "by") or _USUAL,
            find_text(one, "bundle"),
            tuple(told.get(name, name) for name in _list(one.claims.get("act.exhibits"))),
        )
        for one in given
    )


def _list(value: Json) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()
