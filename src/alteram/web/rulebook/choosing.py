"""Choosing packs, and what stays where they conflict: shown in place, and written into the rulebook's file."""

from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from yaml import YAMLError

from alteram.bootstrap import choosing
from alteram.core.kernel.errors import AlteramError
from alteram.core.rules.parsing.building_on import Override
from alteram.core.rules.rulebook import Demand, Pack
from alteram.web.rulebook.wording import tell_item
from alteram.web.wording import tell_word

#: What buttons ask for: to build on other packs, and to choose between them.
BUILD, CHOOSE = "build", "choose"
CHOOSING: Final = frozenset({BUILD, CHOOSE})
_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class OfferedPack:
    """A pack as it is offered, and whether it is built on."""

    pack: Pack
    counts: tuple[tuple[str, int], ...]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class OfferedUse:
    """Something that can be chosen in a conflict: whose demands stay, and what they ask."""

    use: str
    owner: str
    demands: tuple[tuple[Demand, tuple[str, ...]], ...]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class OfferedChoice:
    """A conflict with all that can be chosen in it."""

    name: str
    title: str
    uses: tuple[OfferedUse, ...]
    because: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class OfferedChoosing:
    """The packs, and the conflicts among those that are built on."""

    packs: tuple[OfferedPack, ...]
    choices: tuple[OfferedChoice, ...]
    is_open: bool


def find_choosing(text: str) -> OfferedChoosing | None:
    """Return what can be chosen for a rulebook's file; None where the file cannot be read so far."""
    try:
        found = choosing.read_choosing(text)
    except AlteramError:
        return None
    packs = tuple(OfferedPack(one, count_statuses(one), one.id in found.builds_on) for one in found.packs)
    return OfferedChoosing(packs, tuple(_offer(one, found.packs) for one in found.choices), found.is_open)


def count_statuses(pack: Pack) -> tuple[tuple[str, int], ...]:
    """Return how many requirements of a pack rest on a source of each status, by its letter."""
    counted = [(status, sum(one.status == status for one in pack.demands)) for status in "FSG"]
    return tuple((status, count) for status, count in counted if count)


def write_choices(posted: QueryDict, text: str) -> str:
    """Return a file with what was chosen on a page written into it; as it was, where it cannot be read."""
    try:
        if posted.get("do") == BUILD:
            return choosing.write_packs(text, posted.getlist("pack"))
        found = choosing.read_choosing(text)
        made = [_read_choice(posted, one) for one in found.choices]
        return choosing.write_choices(text, [one for one in made if one is not None])
    except (AlteramError, YAMLError):
        return text


def _read_choice(posted: QueryDict, choice: choosing.Choice) -> Override | None:
    use = posted.get(f"use-{choice.requirement}", choice.use)
    if use not in choice.uses:
        return None
    because = " ".join(posted.get(f"because-{choice.requirement}", choice.because).split())[:_LONGEST]
    return Override(requirement=choice.requirement, use=use, because=because or _("No reason was given."))


def _offer(choice: choosing.Choice, packs: tuple[Pack, ...]) -> OfferedChoice:
    titles = {one.id: one.title for one in packs} | {"rulebook": _("These rules themselves")}
    first = choice.conflict.demands[0]
    uses = tuple(
        OfferedUse(
            use,
            titles.get(use, _("All of them, side by side")),
            tuple((one, tell_item(one)[1:]) for one in choice.conflict.demands if (one.pack or "rulebook") == use),
            use == choice.use,
        )
        for use in choice.uses
    )
    return OfferedChoice(choice.requirement, tell_word(first.kind), uses, choice.because, not choice.use)
