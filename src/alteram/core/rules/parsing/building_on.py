"""What a rulebook takes from the packs it builds on, and which of the demands that conflict it chooses.

builds_on:
  - {pack: nz-incorporated-societies-2022-sch2, version: "2026.2"}
overrides:
  - {requirement: notice-before-hearing, use: rulebook, because: "Ours is longer."}
"""

from dataclasses import dataclass

from msgspec import Struct

from alteram.core.kernel.documents import Node, fail, read_any_mapping, read_identifier
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.phrases import as_own, join, phrase
from alteram.core.rules.conflicts import Conflict, find_conflicting, tell_parameters
from alteram.core.rules.parsing.demands import read_demands
from alteram.core.rules.parsing.items import Item, check_name, read_items, refuse_twins
from alteram.core.rules.parsing.packs import PackLoader
from alteram.core.rules.rulebook import Demand, Pack, PackReference, build_digest, encode_rulebook

_OWN = "rulebook"
_ALL = "all"


class StatedPack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pack a rulebook says it builds on; where it gives a digest, only the pack with that digest will do."""

    pack: str
    version: str
    digest: str = ""


class Override(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A choice between demands that conflict: those of one pack, the rulebook's own, or `all` where they can all hold.

    `requirement` names any of them.
    """

    requirement: str
    use: str
    because: str


def read_packs(fields: dict[str, Node], load_pack: PackLoader) -> tuple[Pack, ...]:
    """Return the packs that a rulebook builds on, in its order."""
    items = read_items(fields, "builds_on", StatedPack)
    refuse_twins((item.value.pack, item.field("pack")) for item in items)
    return tuple(_load(item, load_pack) for item in items)


def _load(item: Item[StatedPack], load_pack: PackLoader) -> Pack:
    read_identifier(item.field("pack"))
    try:
        pack = load_pack(item.value.pack)
    except AlteramError as error:
        fail(item.field("pack"), error.problem, error.remedy)
    if pack.version != item.value.version:
        fail(
            item.field("version"),
            phrase(
                "the pack {id} is here in version {version}.", id=as_own(pack.id), version=as_own(str(pack.version))
            ),
            phrase("Read what changed, then name that version."),
        )
    if item.value.digest not in {"", build_pack_reference(pack).digest}:
        fail(
            item.field("digest"),
            phrase("the pack {id} has another digest.", id=as_own(pack.id)),
            phrase("Compare the two, then name the right one."),
        )
    return pack


@dataclass(frozen=True, slots=True)
class StatedChoices:
    """What a rulebook builds on and chooses, with its own demands, be it consistent or not."""

    demands: tuple[Demand, ...]
    builds_on: tuple[str, ...]
    overrides: tuple[Override, ...]


def read_stated_choices(root: Node) -> StatedChoices:
    """Return what a rulebook states of packs, whatever else is wrong with it. Raises: DocumentError."""
    fields = read_any_mapping(root)
    return StatedChoices(
        tuple(item.value for item in read_demands(fields)),
        tuple(item.value.pack for item in read_items(fields, "builds_on", StatedPack)),
        tuple(item.value for item in read_items(fields, "overrides", Override)),
    )


def build_pack_reference(pack: Pack) -> PackReference:
    """Return how a rulebook names a pack."""
    return PackReference(id=pack.id, version=pack.version, digest=build_digest(encode_rulebook(pack)))


def choose_demands(
    fields: dict[str, Node], own: tuple[Item[Demand], ...], packs: tuple[Pack, ...], root: Node
) -> tuple[Demand, ...]:
    """Return all demands, one for each name: the rulebook's own, then those of each pack.

    Raises: DocumentError where some conflict (see `conflicts`) and the rulebook does not choose, or where it chooses
    and nothing does.
    """
    overrides = read_items(fields, "overrides", Override)
    refuse_twins((item.value.requirement, item.field("requirement")) for item in overrides)
    demands = (*(item.value for item in own), *(demand for pack in packs for demand in pack.demands))
    conflicts = find_conflicting(demands)
    chosen = _read_choices(overrides, conflicts)
    _refuse_open(
        [one for place, one in enumerate(conflicts) if place not in chosen], own, fields.get("builds_on", root)
    )
    dropped = {
        (one.pack, one.id)
        for place, use in chosen.items()
        for one in conflicts[place].demands
        if use not in {_ALL, _owner(one)}
    }
    kept = {one.id: one for one in demands if (one.pack, one.id) not in dropped}
    # A demand stands where its name first stood, whoever's it is.
    return tuple(kept[name] for name in dict.fromkeys(one.id for one in demands) if name in kept)


def _read_choices(overrides: tuple[Item[Override], ...], conflicts: tuple[Conflict, ...]) -> dict[int, str]:
    """Return what was chosen in which of the conflicts, by their place."""
    chosen: dict[int, str] = {}
    for item in overrides:
        name = item.value.requirement
        place = next((at for at, one in enumerate(conflicts) if name in {demand.id for demand in one.demands}), None)
        if place is None:
            fail(
                item.field("requirement"),
                phrase("nothing clashes over {name}.", name=as_own(repr(name))),
                phrase("Remove this choice."),
            )
        check_name(item.field("use"), item.value.use, find_uses(conflicts[place]), phrase("owner of that requirement"))
        if chosen.setdefault(place, item.value.use) != item.value.use:
            fail(
                item.field("use"),
                phrase("{name} clashes with what was chosen above.", name=as_own(repr(name))),
                phrase("Choose once."),
            )
    return chosen


def _refuse_open(conflicts: list[Conflict], own: tuple[Item[Demand], ...], builds_on: Node) -> None:
    """Name every conflict that is open, with its clauses, and how to choose."""
    if not conflicts:
        return
    places = {item.value.id: item.node for item in own}
    node = next((places[one.id] for one in conflicts[0].demands if one.id in places and not one.pack), builds_on)
    problems, remedies = zip(*map(_tell, conflicts), strict=True)
    fail(node, join(" ", problems), phrase("Choose in overrides: {remedies}.", remedies=join("; ", remedies)))


def _tell(conflict: Conflict) -> tuple[str, str]:
    first = conflict.demands[0]
    uses = phrase(
        "requirement: {id}, use: {uses}",
        id=as_own(first.id),
        uses=join(phrase(" or "), map(as_own, find_uses(conflict))),
    )
    if all(one.id == first.id for one in conflict.demands):
        return phrase(
            "{id} is demanded by {demands}.",
            id=as_own(repr(first.id)),
            demands=join(phrase(" and "), map(_describe, conflict.demands)),
        ), uses
    told = [
        phrase("{demand} ({asks})", demand=_describe(one), asks=as_own(f"{one.id}: {tell_parameters(one) or one.kind}"))
        for one in conflict.demands
    ]
    return phrase("{kind} is demanded by {told}.", kind=as_own(first.kind), told=join(phrase(" and "), told)), uses


def find_uses(conflict: Conflict) -> tuple[str, ...]:
    """Return what can be chosen in a conflict: whose demands stay, or all where they can all hold."""
    owners = tuple(dict.fromkeys(map(_owner, conflict.demands)))
    return (*owners, _ALL) if conflict.may_all_hold else owners


def _owner(demand: Demand) -> str:
    return demand.pack or _OWN


def _describe(demand: Demand) -> str:
    owner = phrase("the pack {pack}", pack=as_own(demand.pack)) if demand.pack else phrase("this rulebook")
    return phrase(
        "clause {clause} of {owner}", clause=as_own(demand.clause) if demand.clause else phrase("(none)"), owner=owner
    )
