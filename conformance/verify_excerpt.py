"""Verify an excerpt without any of Alteram: `python conformance/verify_excerpt.py FILE [ANSWER] [--policy POLICY]`.

Written from docs/spec/evidence.md, section 2. Exit status 0: verified; 1: something does not verify; 2: not an excerpt,
or bad input. With an ANSWER both are verified, and it says how the answer lies to the excerpt.
"""

import argparse
import hashlib
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Run as a program, this folder's parent is not where Python looks for modules.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from conformance.bounds import Bound, Dated, date_head, find_latest, tell_time
from conformance.disclosures import Disclosed, check_claims, read_disclosed
from conformance.failure import Failure
from conformance.heads import read_record_key, read_statement, verify_older_heads, within
from conformance.receipts import Receipt, hash_leaf, read_head, read_receipt, verify_path
from conformance.spelling import is_identifier, is_whole, read_base64url, read_json
from conformance.trust import Trust, read_policy

FIRST_LINE = b"alteram-excerpt/1\n"
LARGEST = 512 << 20
LARGEST_HEAD = 8 << 20
LARGEST_PIECE = 1 << 26
MOST_PIECES = 1_000_000
SALT = 16
EVEN = 65_536
MEMBERS = {"checkpoints", "entry", "organisation", "policy", "ranges", "receipt", "record_key", "successions"}
SHOWN = ["act", "act.exhibit", "act.form", "act.pieces", "act.tree"]
FORMS = {"bytes", "flac", "matroska", "messages", "pages"}
EVENLY, HEADED = {"bytes", "flac", "matroska"}, {"flac", "matroska"}
HASH = re.compile(r"[A-Za-z0-9_-]{43}")
NO_EXCERPT = {"excerpt.form", "excerpt.format", "excerpt.too-large"}


@dataclass
class Result:
    """What was verified: pieces [first, until) of `of`, and by when the whole was in the log."""

    organisation: str
    exhibit: str
    form: str
    of: int
    tree: str
    first: int
    until: int
    content: bytes
    header: bytes | None
    recorded: Bound | None
    cosigned: list[str]
    own_policy: bool
    notes: list[str]


class Excerpt:
    """One excerpt being verified, step by step."""

    def __init__(self, data: bytes, trust: Trust | None) -> None:
        """Read the file (step 1, E2.6)."""
        if len(data) > LARGEST:
            raise Failure("excerpt.too-large", "an excerpt of more than 512 MiB")
        line, _, rest = data.partition(b"\n")
        if line + b"\n" != FIRST_LINE or b"\n" not in data:
            later = re.fullmatch(rb"alteram-excerpt/[1-9][0-9]{0,3}", line) and b"\n" in data
            raise Failure("excerpt.format" if later else "excerpt.form", "not an excerpt that is known here")
        end = 4 + int.from_bytes(rest[:4], "big")
        if len(rest) < end or end > 4 + LARGEST_HEAD:
            raise Failure("excerpt.form", "an excerpt that is cut short")
        self._said = read_json(rest[4:end], LARGEST_HEAD, "excerpt.form")
        _check_head(self._said)
        self._pieces = list(_cut(rest[end:], self._said["ranges"]))
        self._trust = trust
        self._taken: set[int] = set()

    def run(self) -> Result:
        """Return the result of all steps. Raises: Failure."""
        said = self._said
        if not is_identifier(said["organisation"]):
            raise Failure("form", "not an identifier", "organisation")
        enclosed = within("policy", read_policy, said["policy"].encode())
        trust = enclosed if self._trust is None else self._trust
        own, cosigned = within("receipt", self._read_receipt, trust)
        older = verify_older_heads(said["checkpoints"], self._head, trust, "excerpt")
        kid, public = within("record_key", self._read_key)
        notes = [within(f"successions/{n}", self._read_succession, one) for n, one in enumerate(said["successions"])]
        claims = within("entry", self._verify_entry, kid, public)
        within("ranges", _check_places, said["ranges"], claims["act.form"])
        for place, one in enumerate(said["ranges"]):
            within(f"ranges/{place}", _verify_range, one, self._pieces[place], claims)
        shown = self._pieces[-1]
        first = said["ranges"][-1]["first"]
        return Result(
            organisation=said["organisation"],
            exhibit=claims["act.exhibit"],
            form=claims["act.form"],
            of=claims["act.pieces"],
            tree=claims["act.tree"],
            first=first,
            until=first + len(shown),
            content=b"".join(one[SALT:] for one in shown),
            header=self._pieces[0][0][SALT:] if len(self._pieces) == 2 else None,
            recorded=find_latest([*older, own], self._receipt.index),
            cosigned=cosigned,
            own_policy=self._trust is None,
            notes=notes,
        )

    def _read_receipt(self, trust: Trust) -> tuple[Dated, list[str]]:
        """Step 2 (E2.7)."""
        self._receipt = read_receipt(self._said["receipt"].encode(), {})
        self._head = read_head(self._receipt.note.text)
        signed = trust.verify(self._receipt.note, self._head.origin)
        cosigned = sorted({key.name for key, _ in signed if key in trust.witnesses.values()})
        return date_head(self._head, signed, trust), cosigned

    def _read_statement(self, one: dict[str, Any]) -> dict[str, Any]:
        text = one["statement"].encode()
        statement = read_statement(text)
        path = tuple(map(read_base64url, one["path"]))
        verify_path(Receipt(one["index"], path, self._receipt.note, None), self._head, hash_leaf(b"\x03" + text))
        self._take(one["index"])
        return statement

    def _take(self, index: int) -> None:
        if index in self._taken:
            raise Failure("receipt.index", "two members are the same leaf of the log")
        self._taken.add(index)

    def _read_key(self) -> tuple[str, bytes]:
        """Step 3 (E2.8)."""
        return read_record_key(self._read_statement(self._said["record_key"]), self._said["organisation"])

    def _read_succession(self, one: dict[str, Any]) -> str:
        match self._read_statement(one):
            case {
                "statement": "log-succession",
                "follows": str() as follows,
                "origin": str(),
                "size": size,
                "carried": carried,
            } if is_whole(size) and is_whole(carried) and carried <= size:
                return f"the log follows {follows}: {carried} of its {size} entries carried over"
            case _:
                raise Failure("statement.form", "no succession is stated")

    def _verify_entry(self, kid: str, public: bytes) -> dict[str, Any]:
        """Step 4 (E2.9)."""
        entry, extra = read_disclosed(self._said["entry"].encode()), self._receipt.extra
        if extra is None or len(extra) != 33 or extra[0] != 1:
            raise Failure("receipt.extra", "a receipt without the entry's blinding")
        verify_path(self._receipt, self._head, hash_leaf(_commit(entry, extra[1:])))
        self._take(self._receipt.index)
        if entry.kid != kid or self._said["record_key"]["index"] >= self._receipt.index:
            raise Failure("entry.key", "an entry of a record key that was not published before")
        entry.verify(public)
        if list(entry.claims) != SHOWN:
            raise Failure("excerpt.claims", "an entry that shows more, less, or in another order")
        check_claims(entry.claims)
        _check_lodging(entry.claims)
        return entry.claims


def _commit(entry: Disclosed, blinding: bytes) -> bytes:
    prefix = b"alteram/entry-commitment/v1".ljust(32, b"\0")
    return b"\x01" + hashlib.sha256(prefix + blinding + entry.jwt.encode()).digest()


def _check_lodging(claims: dict[str, Any]) -> None:
    act, exhibit, form, count, tree = (claims[name] for name in SHOWN)
    if not act.startswith("exhibit.lodged/") or not isinstance(exhibit, str):
        raise Failure("excerpt.lodging", "an entry that lodges no exhibit")
    if not isinstance(form, str) or form not in FORMS or not is_whole(count) or not 1 <= count <= MOST_PIECES:
        raise Failure("excerpt.lodging", "an exhibit that was not cut into pieces")
    if not isinstance(tree, str):
        raise Failure("excerpt.lodging", "an entry that names no root")
    if not is_identifier(exhibit):
        raise Failure("form", "not an identifier")
    if not re.fullmatch(r"[0-9a-f]{64}", tree):
        raise Failure("excerpt.lodging", "an entry that names no root")


def _check_head(said: Any) -> None:
    if not isinstance(said, dict) or said.keys() != MEMBERS:
        raise Failure("excerpt.form", "a head with a member missing, or one too many")
    lists = ("checkpoints", "ranges", "successions")
    if not all(isinstance(said[name], list if name in lists else str) for name in MEMBERS - {"record_key"}):
        raise Failure("excerpt.form", "a member of another kind")
    for one in said["checkpoints"]:
        _check(one, consistency=_is_path, note=_is_text)
    for one in (said["record_key"], *said["successions"]):
        _check(one, index=is_whole, path=_is_path, statement=_is_text)
    for one in said["ranges"]:
        _check(one, first=_is_first, lengths=_are_lengths, proof=_is_proof)
    if not 1 <= len(said["ranges"]) <= 2:
        raise Failure("excerpt.form", "no range, or more than two")


def _check(value: Any, **members: Any) -> None:
    if not isinstance(value, dict) or value.keys() != members.keys():
        raise Failure("excerpt.form", "a member missing, or one too many")
    if not all(check(value[name]) for name, check in members.items()):
        raise Failure("excerpt.form", "a malformed member")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_path(value: Any, most: int = 63) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= most
        and all(isinstance(one, str) and HASH.fullmatch(one) is not None for one in value)
    )


def _is_proof(value: Any) -> bool:
    return _is_path(value, 124)


def _is_first(value: Any) -> bool:
    return is_whole(value) and value <= MOST_PIECES


def _are_lengths(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(is_whole(one) and one <= LARGEST_PIECE for one in value)


def _cut(body: bytes, ranges: list[dict[str, Any]]) -> Any:
    """Yield for each range its leaf data: salt and piece together."""
    if len(body) != sum(SALT + length for one in ranges for length in one["lengths"]):
        raise Failure("excerpt.form", "other pieces than the head says")
    place = 0
    for one in ranges:
        leaves = []
        for length in one["lengths"]:
            leaves.append(body[place : place + SALT + length])
            place += SALT + length
        yield leaves


def _check_places(ranges: list[dict[str, Any]], form: str) -> None:
    """The header by itself where it is needed and not in the range (E2.10)."""
    if form not in HEADED:
        fits = len(ranges) == 1
    elif len(ranges) == 1:
        fits = ranges[0]["first"] == 0
    else:
        fits = ranges[0]["first"] == 0 and len(ranges[0]["lengths"]) == 1 and ranges[1]["first"] >= 2
    if not fits:
        raise Failure("excerpt.ranges", "other pieces than one range and what it needs")


def _verify_range(said: dict[str, Any], leaves: list[bytes], claims: dict[str, Any]) -> None:
    """By the definition of the proof, recursing from the root (E2.4)."""
    first, until, count = said["first"], said["first"] + len(leaves), claims["act.pieces"]
    if until > count:
        raise Failure("proof.range", "pieces that are not in the tree")
    left = list(map(read_base64url, said["proof"]))
    if any(len(one) != 32 for one in left):
        raise Failure("proof.hash-size", "a hash that is not 32 bytes")
    root = _root(0, count, first, [hash_leaf(one) for one in leaves], left)
    if left:
        raise Failure("proof.too-long", "a range proof that is too long")
    if root.hex() != claims["act.tree"]:
        raise Failure("proof.root", "a range proof that leads to another root")
    for number, leaf in enumerate(leaves, first):
        length = len(leaf) - SALT
        if claims["act.form"] in EVENLY and number < count - 1 and length != EVEN:
            raise Failure("excerpt.lengths", "a piece that is not full")
        if claims["act.form"] in EVENLY and number == count - 1 and not (count > 1) <= length <= EVEN:
            raise Failure("excerpt.lengths", "a last piece that none can be")


def _root(low: int, high: int, first: int, hashes: list[bytes], left: list[bytes]) -> bytes:
    if high <= first or first + len(hashes) <= low:
        if not left:
            raise Failure("proof.too-short", "a range proof that is too short")
        return left.pop(0)
    if high - low == 1:
        return hashes[low - first]
    half = 1
    while half * 2 < high - low:
        half *= 2
    before = _root(low, low + half, first, hashes, left)
    return hashlib.sha256(b"\x01" + before + _root(low + half, high, first, hashes, left)).digest()


def verify(data: bytes, policy: bytes | None = None) -> Result:
    """Return what an excerpt shows. Raises: Failure."""
    return Excerpt(data, None if policy is None else read_policy(policy)).run()


def compare(one: Result, answer: Result) -> str:
    """Return how an answer lies to an excerpt (E2.12). Raises: Failure when they are of two exhibits."""
    named, other = ((r.organisation, r.exhibit, r.form, r.of, r.tree) for r in (one, answer))
    if named != other:
        raise Failure("excerpt.other-exhibit", "two excerpts of two exhibits", "answer")
    if answer.until == one.first:
        return "before"
    if answer.first == one.until:
        return "after"
    if answer.until < one.first or answer.first > one.until:
        return "gap"
    return "overlap"


def main() -> int:
    """Verify as asked and say what is shown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("answer", type=Path, nargs="?")
    parser.add_argument("--policy", type=Path)
    asked = parser.parse_args()
    try:
        policy = None if asked.policy is None else asked.policy.read_bytes()
        result = verify(asked.file.read_bytes(), policy)
        tell(result)
        if asked.answer is not None:
            answer = verify(asked.answer.read_bytes(), policy)
            tell(answer)
            print(f"The answer lies to the excerpt as: {compare(result, answer)}")
    except OSError as error:
        print(f"cannot read: {error}", file=sys.stderr)
        return 2
    except Failure as failure:
        print(f"NOT VERIFIED: {failure} [{failure.code}]", file=sys.stderr)
        return 2 if failure.code in NO_EXCERPT else 1
    return 0


def tell(result: Result) -> None:
    """Print what was verified. People count pieces from 1 (E2.1)."""
    print(f"pieces {result.first + 1} to {result.until} of {result.of} of exhibit {result.exhibit} ({result.form})")
    print(f"  {len(result.content)} bytes, SHA-256 {hashlib.sha256(result.content).hexdigest()}")
    if result.header is not None:
        print(f"  beside them piece 1, {len(result.header)} bytes")
    print(f"  lodged with {result.organisation}; tree {result.tree}")
    by = "at a time that nothing shows" if result.recorded is None else f"by {tell_time(result.recorded.time)}"
    print(f"  in the log {by}; cosigned by {', '.join(result.cosigned) or 'nobody'}")
    if result.own_policy:
        print("  trust was taken from the policy inside the file; use your own")
    for note in result.notes:
        print(f"  {note}")


if __name__ == "__main__":
    raise SystemExit(main())
