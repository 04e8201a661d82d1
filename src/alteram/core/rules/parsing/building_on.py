"""What a rulebook takes from the packs it builds on, and which of two demands with one name it chooses.

builds_on:
  - {pack: nz-incorporated-societies-2022-sch2, version: "2026.1"}
overrides:
  - {requirement: notice-before-hearing, use: rulebook, because: "Ours is longer."}
"""

from collections.abc import Iterable

from msgspec import Struct

from alteram.core.kernel.documents import Node, fail, read_identifier
from alteram.core.kernel.errors import AlteramError
from alteram.core.rules.parsing.items import Item, check_name, read_items, refuse_twins
from alteram.core.rules.parsing.packs import PackLoader
from alteram.core.rules.rulebook import Demand, Pack, PackReference, build_digest, encode_rulebook

_OWN = "rulebook"


class StatedPack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pack a rulebook says it builds on; where it gives a digest, only the pack with that digest will do."""

    pack: str
    version: str
    digest: str = ""


class Override(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A choice between demands with the same name: that of a pack, or the rulebook's own."""

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
            f"the pack {pack.id} is here in version {pack.version}.",
            "Read what changed, then name that version.",
        )
    if item.value.digest not in {"", build_pack_reference(pack).digest}:
        fail(
            item.field("digest"), f"the pack {pack.id} has another digest.", "Compare the two, then name the right one."
        )
    return pack


def build_pack_reference(pack: Pack) -> PackReference:
    """Return how a rulebook names a pack."""
    return PackReference(id=pack.id, version=pack.version, digest=build_digest(encode_rulebook(pack)))


def choose_demands(
    fields: dict[str, Node], own: tuple[Item[Demand], ...], packs: tuple[Pack, ...], root: Node
) -> tuple[Demand, ...]:
    """Return all demands, one for each name: the rulebook's own, then those of each pack.

    Raises: DocumentError where two have one name and the rulebook does not choose, or chooses where nothing clashes.
    """
    overrides = read_items(fields, "overrides", Override)
    refuse_twins((item.value.requirement, item.field("requirement")) for item in overrides)
    chosen = {item.value.requirement: item.value.use for item in overrides}
    claims: dict[str, list[Demand]] = {}
    for demand in (*(item.value for item in own), *(demand for pack in packs for demand in pack.demands)):
        claims.setdefault(demand.id, []).append(demand)
    for item in overrides:
        _check_override(item, claims)
    places = {item.value.id: item.node for item in own}
    return tuple(_choose(claimed, chosen, places.get(name, root)) for name, claimed in claims.items())


def _check_override(item: Item[Override], claims: dict[str, list[Demand]]) -> None:
    claimed = claims.get(item.value.requirement, [])
    if len(claimed) < 2:
        fail(item.field("requirement"), f"nothing clashes over {item.value.requirement!r}.", "Remove this choice.")
    check_name(item.field("use"), item.value.use, (_owner(one) for one in claimed), "owner of that requirement")


def _choose(claimed: list[Demand], chosen: dict[str, str], node: Node) -> Demand:
    if len(claimed) == 1:
        return claimed[0]
    name = claimed[0].id
    if name not in chosen:
        clauses = " and ".join(f"clause {one.clause or '(none)'} of {_describe(one)}" for one in claimed)
        owners = " or ".join(_owners(claimed))
        fail(node, f"{name!r} is demanded by {clauses}.", f"Choose in overrides: requirement: {name}, use: {owners}.")
    return next(one for one in claimed if _owner(one) == chosen[name])


def _owners(claimed: Iterable[Demand]) -> list[str]:
    return [_owner(one) for one in claimed]


def _owner(demand: Demand) -> str:
    return demand.pack or _OWN


def _describe(demand: Demand) -> str:
    return f"the pack {demand.pack}" if demand.pack else "this rulebook"
