"""Rulebooks with a fault: a shipped one with a few things changed, and what the prover has to say of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from alteram.adapters.rulebooks import build_calendar, load_pack, read_document
from alteram.core.rules.parsing import parse_rulebook
from alteram.core.rules.proving.casting import NO_COLLISION
from alteram.core.rules.proving.exploring import find_places
from alteram.core.rules.proving.searching import Violation
from alteram.core.rules.rulebook import Pack, Rulebook

SHIPPED: Final = Path(__file__).resolve().parents[3] / "src" / "alteram" / "rulebooks"
FAULTS: Final = Path(__file__).with_name("faults")


@dataclass(frozen=True, slots=True)
class Expected:
    """Which property fails at what, under which clause, why, and what is done otherwise; each part of a text.

    `about` is the act, stage or sanction; `otherwise` is spelt as `spell_otherwise` does.
    """

    property: str
    about: str
    clause: str
    because: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A rulebook with a fault hidden in an interplay of its clauses."""

    name: str
    rulebook: Rulebook
    packs: tuple[Pack, ...]
    expected: Expected
    missed: str
    """Why the prover does not find it yet; empty where it does."""


def load_yaml(text: str) -> Any:
    """Return what a text holds. The library in C takes a tenth of the time of the one in Python."""
    return yaml.load(text, Loader=yaml.CSafeLoader)


def dump_yaml(value: Any) -> bytes:
    """Return a text that holds a value."""
    return yaml.dump(value, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True).encode()


def load_fault(path: Path) -> Fault:
    """Return one fault, by its file."""
    told = load_yaml(path.read_text())
    rulebook = overlay(told["rulebook"], told["changes"])
    packs = tuple(load_pack(name) for name in (*(one.id for one in rulebook.builds_on), *told.get("packs", ())))
    return Fault(path.stem, rulebook, packs, Expected(**told["expected"]), told.get("missed", ""))


def spell_otherwise(violation: Violation) -> str:
    """Return what is done otherwise than usual: the collision, and each deviation with its steps, in plain letters."""
    collision = violation.collision.title if violation.collision is not NO_COLLISION else ""
    deviations = [f"{type(one).__name__} {' '.join(find_places(one))}" for one in violation.deviations]
    return "; ".join([*filter(None, [collision]), *deviations])


def overlay(name: str, changes: dict[str, Any]) -> Rulebook:
    """Return a shipped rulebook with changes: of each list by the names of its items; null drops an item."""
    text = load_yaml((SHIPPED / f"{name}.yaml").read_text())
    for section, items in changes.items():
        text[section] = _change(text.get(section, []), _KEYS.get(section, "id"), items)
    root = read_document(dump_yaml(text), f"{name}.yaml")
    # What cannot stand together is refused where it is read; here it is played.
    return parse_rulebook(root, load_pack=load_pack, build_calendar=build_calendar, contradictory=True)


#: What items of a list are called by, where it is not their `id`; acts are called by the one act a rule is for.
_KEYS: Final = {
    "departures": "requirement",
    "overrides": "requirement",
    "acts": "acts",
    "second_key": "acts",
    "builds_on": "pack",
}


def _change(items: list[dict[str, Any]], key: str, changes: dict[str, Any]) -> list[dict[str, Any]]:
    kept = items
    if key == "acts":
        named = set(changes)
        items = [{**one, "acts": [act for act in one["acts"] if act not in named]} for one in items]
        kept = [one for one in items if one["acts"]]
        return kept + [{"acts": [name], **change} for name, change in changes.items() if change is not None]
    known = {one[key] for one in items}
    added = [{key: name, **change} for name, change in changes.items() if name not in known]
    kept = [_changed(one, changes.get(one[key], {})) for one in items if changes.get(one[key], {}) is not None]
    return kept + added


def _changed(item: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    stages = {"stages": _change(item["stages"], "id", change["stages"])} if "stages" in change else {}
    return {**item, **change, **stages}
