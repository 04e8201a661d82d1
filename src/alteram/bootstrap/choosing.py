"""Which packs a rulebook builds on, where they conflict, what it chooses: read from its file and written into it."""

from collections.abc import Iterable
from dataclasses import dataclass

from alteram.adapters.rulebooks import load_pack, read_document, shipped_names
from alteram.adapters.rulebooks.yaml_writer import put_list
from alteram.core.rules import Pack
from alteram.core.rules.conflicts import Conflict, find_conflicting
from alteram.core.rules.parsing.building_on import Override, StatedChoices, find_uses, read_stated_choices


@dataclass(frozen=True, slots=True)
class Choice:
    """A conflict of what a rulebook demands and builds on, what can be chosen, and what is: empty, nothing yet."""

    conflict: Conflict
    uses: tuple[str, ...]
    use: str
    because: str

    @property
    def requirement(self) -> str:
        """Return the requirement by which the choice names the conflict."""
        return self.conflict.demands[0].id


@dataclass(frozen=True, slots=True)
class Choosing:
    """The packs that ship, those that a rulebook builds on, and each conflict there is."""

    packs: tuple[Pack, ...]
    builds_on: tuple[str, ...]
    choices: tuple[Choice, ...]

    @property
    def is_open(self) -> bool:
        """Return whether something is to be chosen still."""
        return any(not one.use for one in self.choices)


def list_packs() -> tuple[Pack, ...]:
    """Return the packs that ship."""
    return tuple(load_pack(name) for name in shipped_names("packs"))


def read_choosing(text: str) -> Choosing:
    """Return what a rulebook's file states of packs, be the rest consistent or not. Raises: DocumentError."""
    stated = read_stated_choices(read_document(text.encode("utf-8", "replace"), "rulebook.yaml"))
    packs = list_packs()
    chosen = [pack for name in stated.builds_on for pack in packs if pack.id == name]
    demands = [*stated.demands, *(demand for pack in chosen for demand in pack.demands)]
    choices = tuple(_find_choice(one, stated) for one in find_conflicting(demands))
    return Choosing(packs, tuple(one.id for one in chosen), choices)


def _find_choice(conflict: Conflict, stated: StatedChoices) -> Choice:
    names = {one.id for one in conflict.demands}
    made = next((one for one in stated.overrides if one.requirement in names), None)
    uses = find_uses(conflict)
    if made is None or made.use not in uses:
        return Choice(conflict, uses, "", "" if made is None else made.because)
    return Choice(conflict, uses, made.use, made.because)


def write_packs(text: str, names: Iterable[str]) -> str:
    """Return a file that builds on just these packs that ship. What it chose stays, where there is still a conflict.

    Raises: DocumentError, yaml.YAMLError where it cannot be read.
    """
    chosen = set(names)
    packs = [pack for pack in list_packs() if pack.id in chosen]
    text = put_list(text, "builds_on", [{"pack": pack.id, "version": pack.version} for pack in packs])
    return write_choices(text, [_state(one) for one in read_choosing(text).choices if one.use])


def write_choices(text: str, overrides: Iterable[Override]) -> str:
    """Return a file that chooses so. Raises: yaml.YAMLError where it cannot be read."""
    spelt = [{"requirement": one.requirement, "use": one.use, "because": one.because} for one in overrides]
    return put_list(text, "overrides", spelt)


def _state(choice: Choice) -> Override:
    return Override(requirement=choice.requirement, use=choice.use, because=choice.because)
