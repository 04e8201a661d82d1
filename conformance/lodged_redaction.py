"""What an export shows of a redaction: its lodging, and who checked it (evidence E5.10 to E5.12)."""

from dataclasses import dataclass, field
from typing import Any

from conformance.failure import Failure
from conformance.redaction_form import Shape
from conformance.trust import read_policy
from conformance.verify_export import Verification

LODGING = ["act.exhibit", "act.of", "act.how", "act.cuts", "actor", "reported"]
CHECK = ["act.agreed", "actor", "reported"]


@dataclass
class Entry:
    """An entry of an export that was verified."""

    name: str
    stream: str
    claims: dict[str, Any]

    def is_act(self, tag: str) -> bool:
        """Return whether it discloses an act of this tag, of whatever version."""
        return str(self.claims.get("act", "")).startswith(f"{tag}/")

    def withheld(self, names: list[str]) -> list[str]:
        """Return which of these claims it has, or may have, and does not disclose."""
        listed = self.claims.get("fields", names)
        return [f"{self.name}: {name}" for name in names if name in listed and name not in self.claims]


@dataclass
class Lodged:
    """What an export shows of a redaction. `check` is agreed, withheld or none."""

    entry: Entry
    check: str = "none"
    checked_in: str = ""
    withheld: list[str] = field(default_factory=list)
    unknown: int = 0
    complete: bool = False
    own_policy: bool = False


class Reading(Verification):
    """An export being verified; the claims of every entry that verified are kept."""

    def __init__(self, data: bytes, trust: Any) -> None:
        """Walk the container."""
        super().__init__(data, trust)
        self.entries: list[Entry] = []

    def _verify_entry(self, name: str, stream: Any, before: Any) -> Any:
        placed = super()._verify_entry(name, stream, before)
        self.entries.append(Entry(name, stream.name, placed.claims))
        return placed


def verify_lodging(digest: str, shape: Shape, export: bytes, policy: bytes | None = None) -> Lodged:
    """Return what an export shows of a redaction (E5.10 to E5.12). Raises: Failure."""
    reading = Reading(export, None if policy is None else read_policy(policy))
    result = reading.run()
    done = [one for one in reading.entries if one.claims.get("reported") is None]
    lodged = Lodged(_find_lodging(digest, shape, done), own_policy=policy is None)
    entry = lodged.entry
    lodged.withheld = entry.withheld(LODGING)
    lodged.complete = next(one.complete for one in result.streams if one.name == entry.stream)
    later = [one for one in done if one.stream == entry.stream and one.name > entry.name]
    named = entry.claims.get("act.exhibit")
    exhibit = named if isinstance(named, str) else None
    checks = [
        one
        for one in later
        if one.is_act("redaction.checked") and exhibit is not None and one.claims.get("act.exhibit") == exhibit
    ]
    if checks:
        _judge(lodged, checks[-1])
    elif "act.exhibit" not in entry.claims:
        lodged.check = "withheld"
    after = lodged.checked_in or entry.name
    lodged.unknown = sum(one.name > after and _may_check(one, exhibit) for one in later)
    if lodged.check == "none" and lodged.complete and not lodged.unknown:
        raise Failure("redaction.unchecked", "nobody agreed to it", entry.name)
    return lodged


def _find_lodging(digest: str, shape: Shape, entries: list[Entry]) -> Entry:
    for entry in entries:
        if entry.is_act("exhibit.derived") and entry.claims.get("act.digest") == digest:
            if entry.claims.get("act.how", "redaction") != "redaction":
                raise Failure("redaction.how", "lodged as something else than a redaction", entry.name)
            cuts = entry.claims.get("act.cuts", len(shape.numbers))
            if shape.kind != "png" and (type(cuts) is not int or cuts != len(shape.numbers)):
                raise Failure("redaction.cuts", f"lodged with {cuts} cuts, and it has {len(shape.numbers)}", entry.name)
            return entry
    raise Failure("redaction.not-shown", "no entry of the export shows that this file was lodged")


def _judge(lodged: Lodged, check: Entry) -> None:
    maker, checker = (one.claims.get("actor", ...) for one in (lodged.entry, check))
    if check.claims.get("act.agreed", True) is not True:
        raise Failure("redaction.objected", "whoever checked it last did not agree", check.name)
    if checker is None or (checker is not ... and maker == checker):
        raise Failure("redaction.own", "nobody else than its maker agreed", check.name)
    closed = check.withheld(CHECK)
    lodged.checked_in = check.name
    lodged.withheld += closed
    shown = not closed and {"actor", "reported"} <= lodged.entry.claims.keys()
    lodged.check = "agreed" if shown else "withheld"


def _may_check(entry: Entry, exhibit: Any) -> bool:
    if "act" not in entry.claims:
        return True
    return entry.is_act("redaction.checked") and (exhibit is None or "act.exhibit" not in entry.claims)


def tell_lodged(lodged: Lodged) -> None:
    """Print what an export shows."""
    claims = lodged.entry.claims
    shown = {name: claims.get(f"act.{name}", "(withheld)") for name in ("exhibit", "of", "cuts")}
    print(f"lodged in {lodged.entry.name} as {shown['exhibit']}, made of {shown['of']}, with {shown['cuts']} cuts")
    told = {
        "agreed": f"somebody else agreed to it: {lodged.checked_in}",
        "withheld": "whether somebody else agreed to it is withheld",
        "none": "no check of it is shown",
    }
    print(f"  {told[lodged.check]}")
    for one in lodged.withheld:
        print(f"  withheld: {one}")
    if lodged.unknown:
        print(f"  later entries that may say otherwise, and withhold it: {lodged.unknown}")
    if not lodged.complete:
        print("  entries may be missing besides: the stream is not shown to be complete")
    if lodged.own_policy:
        print("  trust was taken from the policy inside the export; use your own")
