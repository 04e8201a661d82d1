"""Verify a redaction without any of Alteram.

python conformance/verify_redaction.py FILE [EXPORT] [--policy POLICY] [--word WORD …] [--box NUMBER:X:Y:WIDE:HIGH …]

Written from docs/spec/evidence.md, section 5. Exit status 0: verified; 1: something does not verify; 2: not a redaction
that is known here, or bad input. With an EXPORT it says what that shows of the redaction. `--box` is for pictures.
"""

import argparse
import hashlib
import mmap
import re
import sys
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Run as a program, this folder's parent is not where Python looks for modules.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from conformance.failure import Failure
from conformance.redaction_form import Box, Shape, read_shape

NO_REDACTION = {"redaction.text", "redaction.too-large", "redaction.version"}
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


def verify(data: Any, words: list[str] | None = None, boxes: list[Box] | None = None) -> Shape:
    """Return what a file shows (E5.1 to E5.9). Raises: Failure."""
    words = words or []
    codes = [code for word in words for code in _encode(word)]
    found: list[bool] = []

    def look(part: bytes) -> None:
        found.append(bool(codes) and any(code in part.lower() for code in codes))

    shape = read_shape(data, boxes or [], look)
    letters, edges = _fold(shape.words)
    if any(found) or any(_stands(_fold([word])[0], letters, edges) for word in words):
        raise Failure("redaction.word", "a word that was given stands in it")
    return shape


def _encode(word: str) -> list[bytes]:
    coded = [word.lower().encode(name, "replace").lower() for name in ("utf-8", "utf-16-be", "utf-16-le")]
    return [one for one in coded if len(one) >= 5]


def _fold(texts: list[str]) -> tuple[str, set[int]]:
    """Return the letters of texts, and where words begin and end among them (E5.4)."""
    letters, edges = "", {0}
    for text in texts:
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        bare = "".join(one for one in folded if unicodedata.category(one)[0] != "M")
        marked = "".join(one if unicodedata.category(one)[0] in {"L", "N"} else " " for one in bare)
        for word in marked.split():
            letters += word
            edges.add(len(letters))
    return letters, edges


def _stands(wanted: str, letters: str, edges: set[int]) -> bool:
    if not wanted:
        return False
    if len(wanted) >= 6:
        return wanted in letters or "".join(reversed(wanted)) in letters
    starts = (one.start() for one in re.finditer(f"(?={re.escape(wanted)})", letters))
    return any(start in edges and start + len(wanted) in edges for start in starts)


def verify_lodging(digest: str, shape: Shape, export: bytes, policy: bytes | None = None) -> Lodged:
    """Return what an export shows of a redaction (E5.10 to E5.12). Raises: Failure."""
    # Here, since only this needs more than Python: the shape of a file is checked without.
    from conformance.trust import read_policy  # noqa: PLC0415
    from conformance.verify_export import Verification  # noqa: PLC0415

    entries: list[Entry] = []

    class Reading(Verification):
        """Keeps the claims of every entry that verified."""

        def _verify_entry(self, name: str, stream: Any, before: Any) -> Any:
            placed = super()._verify_entry(name, stream, before)
            entries.append(Entry(name, stream.name, placed.claims))
            return placed

    result = Reading(export, None if policy is None else read_policy(policy)).run()
    done = [one for one in entries if one.claims.get("reported") is None]
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


def main() -> int:
    """Verify as asked and say what is shown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("export", type=Path, nargs="?")
    parser.add_argument("--policy", type=Path)
    parser.add_argument("--word", action="append", default=[])
    parser.add_argument("--box", action="append", default=[])
    asked = parser.parse_args()
    if not all(_fold([word])[0] for word in asked.word):
        print("bad input: a word without a letter", file=sys.stderr)
        return 2
    try:
        boxes = [Box(*map(int, one.split(":"))) for one in asked.box]
        with asked.file.open("rb") as file:
            size = file.seek(0, 2)
            data: Any = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        shape = verify(data, asked.word, boxes)
        _tell(shape, asked)
        if asked.export is not None:
            policy = None if asked.policy is None else asked.policy.read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            _tell_lodged(verify_lodging(digest, shape, asked.export.read_bytes(), policy))
    except (OSError, TypeError, ValueError) as error:
        print(f"bad input: {error}", file=sys.stderr)
        return 2
    except Failure as failure:
        print(f"NOT VERIFIED: {failure} [{failure.code}]", file=sys.stderr)
        return 2 if failure.code in NO_REDACTION else 1
    return 0


def _tell(shape: Shape, asked: Any) -> None:
    print(f"a redaction ({shape.kind}): {len(shape.numbers)} places cut out, of {len(set(shape.numbers))} numbers")
    if shape.kind == "pdf":
        print(f"  {shape.pages} pages, the last {shape.listing} of them the list of cuts")
    if shape.kind == "png" and not asked.box:
        print("  no box was told: whether any is black was not looked at")
    print(f"  words that were given and stand nowhere in it: {len(asked.word)}")
    print("  not looked at: what its pictures show, and whether all is covered that must be")


def _tell_lodged(lodged: Lodged) -> None:
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


if __name__ == "__main__":
    raise SystemExit(main())
