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
from pathlib import Path
from typing import Any

# Run as a program, this folder's parent is not where Python looks for modules.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from conformance.failure import Failure
from conformance.redaction_form import Box, Shape, read_shape

NO_REDACTION = {"redaction.text", "redaction.too-large", "redaction.version"}


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
            from conformance.lodged_redaction import (  # noqa: PLC0415 - needs more than Python, a file alone does not
                tell_lodged,
                verify_lodging,
            )

            policy = None if asked.policy is None else asked.policy.read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            tell_lodged(verify_lodging(digest, shape, asked.export.read_bytes(), policy))
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


if __name__ == "__main__":
    raise SystemExit(main())
