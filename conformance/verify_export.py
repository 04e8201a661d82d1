"""Verify an export of Alteram without any of Alteram: `python conformance/verify_export.py FILE [--policy POLICY]`.

Written from docs/spec/record.md; the steps are those of its section 7. Exit status 0: verified; 1: something does not
verify, and the member and what is broken in it are named; 2: not an export at all, or a bad argument.
"""

import argparse
import hashlib
import sys
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

# Run as a program, this folder's parent is not where Python looks for modules.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from conformance.bounds import Dated, Times, date_head, find_latest, tell_time, tell_times
from conformance.container import Container
from conformance.disclosures import check_claims, read_disclosed, verify_author
from conformance.failure import Failure
from conformance.heads import read_statement, within
from conformance.papers import tell_paper
from conformance.receipts import (
    Head,
    Receipt,
    hash_leaf,
    read_hashes,
    read_head,
    read_receipt,
    verify_growth,
    verify_path,
)
from conformance.spelling import find_instant, is_identifier, is_whole, read_base64url, read_json, write_base64url
from conformance.trust import SignedNote, Trust, is_small_order, read_note, read_policy

FORMAT = "alteram-export/1"
#: What makes a file no export at all (exit status 2); every other failure is of an export (1).
NO_EXPORT = {
    "archive.attributes",
    "archive.bomb",
    "archive.compression",
    "archive.extra",
    "archive.members",
    "archive.name",
    "archive.names",
    "archive.zip",
}


@dataclass
class Stream:
    """What was verified of one stream."""

    name: str
    entries: int = 0
    disclosed: int = 0
    withheld: int = 0
    authored: int = 0
    by_passkey: int = 0
    from_paper: int = 0
    complete: bool = True
    closed: bool = False
    times: list[Times] = field(default_factory=list)

    def __str__(self) -> str:
        """Return one line for a reader."""
        tail = "closed" if self.closed else "open"
        whole = "nothing missing" if self.complete else "not shown to be complete"
        return (
            f"stream {self.name}: {self.entries} entries, {whole}, {tail}; "
            f"{self.disclosed} fields disclosed, {self.withheld} withheld or decoys; "
            f"{self.authored} entries signed by their author, {self.by_passkey} of them with a passkey"
            + (f"; {self.from_paper} acts read from paper" if self.from_paper else "")
        )


@dataclass
class Result:
    """What was verified of an export."""

    organisation: str
    matter: str
    head: Head
    signers: list[str]
    witnessed: bool
    streams: list[Stream] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    follows: list[str] = field(default_factory=list)


@dataclass
class _Placed:
    """The entry before this one in its stream."""

    number: int
    index: int
    leaf_hash: bytes
    at: datetime | None
    claims: dict[str, Any]


class Verification:
    """One export being verified, step by step."""

    def __init__(self, data: bytes, trust: Trust | None) -> None:
        """Walk the container."""
        self._container = Container(data)
        self._trust = trust
        self._keys: dict[str, tuple[int, bytes]] = {}
        self._notes: dict[bytes, SignedNote] = {}
        self._taken: set[int] = set()
        self._rulebooks: set[str] = set()
        self._follows: list[str] = []

    def run(self) -> Result:
        """Return the result of every step. Raises: Failure."""
        manifest = within("manifest.json", self._verify_manifest)
        self._organisation = manifest["organisation"]
        note, head, signers = self._verify_checkpoint()
        self._note, self._head = note, head
        self._verify_older()
        for name in self._under("statements/", ".leaf"):
            within(name, self._verify_statement, name)
        self._verify_rest()
        result = Result(manifest["organisation"], manifest["matter"], head, signers, self._witnessed)
        result.streams = [self._verify_stream(name) for name in sorted(manifest["streams"])]
        present = self._verify_rules()
        result.absent = sorted(self._rulebooks - present)
        result.follows = self._follows
        return result

    def published_keys(self) -> dict[str, bytes]:
        """Return each record key that the export publishes, by its name."""
        return {kid: public for kid, (_, public) in self._keys.items()}

    def _under(self, start: str, end: str) -> list[str]:
        return [name for name in self._container.names if name.startswith(start) and name.endswith(end)]

    def _verify_manifest(self) -> Any:
        """Step 1 (R7.2)."""
        manifest = read_json(self._container.read("manifest.json"), 1 << 20, "form")
        match manifest:
            case {"format": str() as version, "matter": str() as matter, "organisation": str() as organisation}:
                pass
            case _:
                raise Failure("manifest.form", "not the manifest of an export")
        if version != FORMAT:
            raise Failure("manifest.format", "a format that is not known here")
        if not is_identifier(matter) or not is_identifier(organisation):
            raise Failure("form", "a name that is no identifier")
        found: dict[str, int] = {}
        for name in self._under("streams/", ".sd-jwt"):
            stream = name.split("/")[1]
            found[stream] = found.get(stream, 0) + 1
        folders = {name.split("/")[1] for name in self._under("streams/", "")}
        told = manifest.get("streams")
        same = told == found and all(is_whole(one) for one in told.values()) and folders == set(found)
        if not same or matter not in found:
            raise Failure("manifest.streams", "an entry was removed from the file, or added to it")
        return manifest

    def _verify_checkpoint(self) -> tuple[SignedNote, Head, list[str]]:
        """Step 2 (R7.3)."""
        enclosed = self._container.read("policy")
        trust = within("policy", read_policy, enclosed) if self._trust is None else self._trust

        def verify() -> tuple[SignedNote, Head, list[str]]:
            note = read_note(self._container.read("checkpoint"))
            head = read_head(note.text)
            signed = trust.verify(note, head.origin)
            self._own, self._applied = date_head(head, signed, trust), trust
            self._witnessed = any(key in trust.witnesses.values() for key, _ in signed)
            return note, head, [f"{key.name} at {tell_time(time)}" if time else key.name for key, time in signed]

        found: tuple[SignedNote, Head, list[str]] = within("checkpoint", verify)
        return found

    def _verify_older(self) -> None:
        """Step 2, the older checkpoints, which bound times (R7.3)."""
        names = [name for name in self._under("checkpoints/", "") if not name.endswith(".consistency")]
        older = [within(name, self._read_older, name) for name in names]
        self._heads = {one.head.size: one for one in older}
        self._dated = [*older, self._own]

    def _read_older(self, name: str) -> Dated:
        note = read_note(self._container.read(name))
        head = read_head(note.text)
        if head.origin != self._head.origin:
            raise Failure("checkpoint.origin", "a checkpoint of another log")
        if f"{head.size:016d}" != name.removeprefix("checkpoints/"):
            raise Failure("checkpoint.name", f"a checkpoint of size {head.size}")
        dated = date_head(head, self._applied.verify_log(note, head.origin), self._applied)
        proof = f"{name}.consistency"
        within(proof, self._verify_growth, head, proof)
        return dated

    def _verify_growth(self, head: Head, proof: str) -> None:
        verify_growth(head, self._head, read_hashes(self._container.read(proof)))

    def _find_receipt(self, name: str) -> Receipt:
        where = f"{name.rpartition('.')[0]}.tlog-proof"
        receipt: Receipt = within(where, self._read_receipt, where)
        return receipt

    def _read_receipt(self, where: str) -> Receipt:
        receipt = read_receipt(self._container.read(where), self._notes)
        if receipt.note.text != self._note.text or not set(receipt.note.lines) <= set(self._note.lines):
            raise Failure("receipt.checkpoint", "a receipt under another checkpoint")
        extra = receipt.extra or b""
        if where.startswith("streams/") and (len(extra) != 33 or extra[:1] != b"\x01"):
            raise Failure("receipt.extra", "a receipt without the entry's blinding")
        return receipt

    def _place(self, receipt: Receipt, leaf_hash: bytes) -> None:
        verify_path(receipt, self._head, leaf_hash)
        if receipt.index in self._taken:
            raise Failure("receipt.index", "two members are the same leaf of the log")
        self._taken.add(receipt.index)

    def _verify_statement(self, name: str) -> None:
        """Step 3 (R7.4)."""
        leaf = self._container.read(name)
        if leaf[:1] != b"\x03":
            raise Failure("leaf.kind", "not a public statement")
        statement = read_statement(leaf[1:])
        receipt = self._find_receipt(name)
        self._place(receipt, hash_leaf(leaf))
        if f"{receipt.index:08d}" != name.split("/")[1].removesuffix(".leaf"):
            raise Failure("statement.index", f"the statement stands at {receipt.index} in the log")
        if statement["statement"] != "record-key":
            self._follows += find_succession(statement)
            return
        kid, key = statement.get("kid"), statement.get("key")
        if not isinstance(kid, str) or not kid or not isinstance(key, str):
            raise Failure("statement.form", "no record key is published")
        public = read_base64url(key)
        if len(public) != 32 or is_small_order(public):
            raise Failure("statement.key", "a record key that is none, or that anybody could sign for")
        if statement.get("organisation", self._organisation) != self._organisation:
            raise Failure("statement.organisation", "a record key of another organisation")
        if kid in self._keys:
            raise Failure("statement.kid", "a record key of this name was published already")
        self._keys[kid] = receipt.index, public

    def _verify_rest(self) -> None:
        """Step 1, what no other step reads (R7.2)."""
        for name in self._container.names:
            stem, _, ending = name.rpartition(".")
            owner = f"{stem}.leaf" if name.startswith("statements/") else f"{stem}.sd-jwt"
            owner = stem if ending == "consistency" else owner
            if ending in {"tlog-proof", "consistency"} and owner not in self._container:
                raise Failure("archive.orphan", "a proof that belongs to nothing", name)
            if name == "README.txt":
                self._container.read(name)

    def _verify_stream(self, stream: str) -> Stream:
        """Steps 4 and 5 (R7.5, R7.6)."""
        seen = Stream(stream)
        before: _Placed | None = None
        for name in self._under(f"streams/{stream}/", ".sd-jwt"):
            before = within(name, self._verify_entry, name, seen, before)
        return seen

    def _verify_entry(self, name: str, stream: Stream, before: _Placed | None) -> _Placed:
        entry = read_disclosed(self._container.read(name))
        receipt = self._find_receipt(name)
        blinding = (receipt.extra or b"")[1:]
        blinded = b"alteram/entry-commitment/v1".ljust(32, b"\0") + blinding + entry.jwt.encode()
        leaf_hash = hash_leaf(b"\x01" + hashlib.sha256(blinded).digest())
        self._place(receipt, leaf_hash)
        published, public = self._keys.get(entry.kid, (receipt.index, b""))
        if published >= receipt.index:
            raise Failure("entry.key", "a record key that the log had not published before")
        entry.verify(public)
        check_claims(entry.claims)
        seen = self._find_seen(entry.claims, receipt.index)
        author = verify_author(entry)
        stream.authored += author.startswith("verified")
        stream.by_passkey += author == "verified by passkey"
        self._count(stream, entry.claims, len(entry.digests))
        at = find_instant(entry.claims.get("at"))
        placed = _Placed(int(name[-15:-7]), receipt.index, leaf_hash, at, entry.claims)
        self._verify_link(stream, entry.claims, placed, before)
        if before is not None and before.number + 1 == placed.number:
            stream.from_paper += tell_paper(before.claims, entry.claims)
        not_before = None if seen is None else seen.earliest
        not_after = find_latest(self._dated, receipt.index)
        stream.times.append(Times(placed.number, at, not_before, not_after))
        if at is None and before is not None:
            placed.at = before.at
        return placed

    def _find_seen(self, claims: dict[str, Any], index: int) -> Dated | None:
        """Return the checkpoint that the entry says it has seen, where it is in the file (R7.5)."""
        seen = claims.get("seen")
        if seen is None or seen["origin"] != self._head.origin:
            return None
        if seen["size"] > index:
            raise Failure("entry.seen", "the entry says it saw a checkpoint that already held it")
        known = self._heads.get(seen["size"])
        if known is not None and read_base64url(seen["root"]) != known.head.root:
            raise Failure("entry.seen", "the entry says it saw another checkpoint than the log signed")
        return known

    def _count(self, stream: Stream, claims: dict[str, Any], digests: int) -> None:
        stream.entries += 1
        stream.disclosed += len(claims)
        stream.withheld += len(claims.get("fields", range(digests))) - len(claims)
        stream.closed = str(claims.get("act", "")).startswith("matter.closed/")
        rulebook = claims.get("ruling", {}).get("rulebook")
        if isinstance(rulebook, str):
            self._rulebooks.add(rulebook)

    def _verify_link(self, stream: Stream, claims: dict[str, Any], entry: _Placed, before: _Placed | None) -> None:
        if claims.get("seq", entry.number) != entry.number:
            raise Failure("stream.seq", f"the entry says it is number {claims['seq']}")
        if claims.get("stream", stream.name) != stream.name:
            raise Failure("stream.name", "the entry belongs to another stream")
        if before is not None and entry.index <= before.index:
            raise Failure("stream.order", "the entry stands in the log before the one it follows")
        follows = entry.number == 0 or (before is not None and before.number == entry.number - 1)
        stream.complete &= follows and "prev" in claims and "seq" in claims
        if follows and "prev" in claims:
            expected = None if before is None else write_base64url(before.leaf_hash)
            if claims["prev"] != expected:
                raise Failure("stream.prev", "the entry does not follow the one before it")
        if before is not None and before.at is not None and entry.at is not None and entry.at < before.at:
            raise Failure("stream.time", "time runs backwards")

    def _verify_rules(self) -> set[str]:
        """Step 6 (R7.7)."""
        for name in self._under("packs/", "") + self._under("rulebooks/", ""):
            if hashlib.sha256(self._container.read(name)).hexdigest() != name.split("/")[1].removesuffix(".json"):
                raise Failure("rulebook.digest", "not the rules of this digest", name)
        return {name.split("/")[1].removesuffix(".json") for name in self._under("rulebooks/", "")}


def find_succession(statement: dict[str, Any]) -> list[str]:
    """Return what a statement says of a log that this one follows (R4.7)."""
    match statement:
        case {"statement": "log-succession", "follows": str() as old, "origin": str() as new} if all(
            is_whole(statement.get(name)) for name in ("size", "carried")
        ):
            size, carried = statement["size"], statement["carried"]
            return [f"log {new} follows {old} of {size} entries and carries {carried} of them on"]
    return []


def verify(data: bytes, policy: bytes | None = None) -> Result:
    """Return what an export shows. Raises: Failure, naming the member and what is broken in it."""
    return Verification(data, None if policy is None else read_policy(policy)).run()


def main(arguments: list[str] | None = None) -> int:
    """Verify the file that is named, and print what was found."""
    parser = argparse.ArgumentParser(description="Verify an export without any of Alteram.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--policy", type=Path, help="whom to trust (C2SP tlog-policy); else the policy in the file")
    options = parser.parse_args(arguments)
    try:
        trust = None if options.policy is None else read_policy(options.policy.read_bytes())
        data = options.file.read_bytes()
    except (OSError, Failure) as error:
        print(f"bad input: {error}", file=sys.stderr)
        return 2
    try:
        result = Verification(data, trust).run()
    except Failure as failure:
        print(f"FAILED {failure.code}: {failure}", file=sys.stderr)
        return 2 if failure.code in NO_EXPORT else 1
    print(f"verified: {result.matter} of {result.organisation}, log {result.head.origin} at {result.head.size}")
    print(f"signed by {', '.join(result.signers)}")
    for stream in result.streams:
        print(stream)
        for line in tell_times(stream.name, stream.times):
            print(line)
    for line in result.follows:
        print(line)
    for digest in result.absent:
        print(f"not in the file: rulebook {digest}")
    if not result.witnessed:
        print("no witness cosigned the checkpoint: only the log itself vouches for its time")
    if trust is None:
        print("trust was taken from the policy inside the file; use your own")
    return 0


if __name__ == "__main__":
    sys.exit(main())
