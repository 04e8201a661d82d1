"""Verify a certificate without any of Alteram: `python conformance/verify_certificate.py FILE [EXPORT] [--policy P]`.

Written from docs/spec/certificate.md; the steps are those of its section 4, all but the ninth: it does not assess a
matter again, and says so. Exit status 0: verified; 1: something does not verify; 2: not a certificate, or bad input.
"""

import argparse
import hashlib
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Run as a program, this folder's parent is not where Python looks for modules.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from conformance.bounds import Bound, Dated, date_head, find_latest, tell_time
from conformance.certificate_form import ORDER, check_members
from conformance.container import Container
from conformance.failure import Failure
from conformance.heads import read_record_key, read_statement, verify_older_heads, within
from conformance.keys_in_force import check_key_in_force
from conformance.receipts import Head, Receipt, hash_leaf, read_head, read_receipt, verify_path
from conformance.spelling import find_instant, is_identifier, read_base64url, read_json, write_base64url
from conformance.trust import Key, SignedNote, Trust, read_note, read_policy, verify_ed25519
from conformance.verify_export import NO_EXPORT, Verification

FORMAT = "alteram-certificate/1"
LARGEST = 4 << 20
PREFIX = b"alteram/certificate/v1".ljust(32, b"\0")
NO_CERTIFICATE = {"certificate.form", "certificate.format", "certificate.too-large"}
WORDS = ("id", "title", "clause", "source", "status")


@dataclass
class Result:
    """What was verified of a certificate."""

    said: dict[str, Any]
    digest: str
    kid: str
    dated: Dated
    cosigned: list[str]
    own_policy: bool
    recorded: dict[int, Bound | None] = field(default_factory=dict)
    matched: int | None = None
    absent: list[int] = field(default_factory=list)
    absent_rules: list[str] = field(default_factory=list)
    key_shown: bool = False


class Certificate:
    """One certificate being verified, step by step."""

    def __init__(self, data: bytes, trust: Trust | None) -> None:
        """Read the file (step 1)."""
        self._digest = hashlib.sha256(data).hexdigest()
        if len(data) > LARGEST:
            raise Failure("certificate.too-large", "a certificate of more than 4 MiB")
        file = read_json(data, LARGEST, "certificate.form")
        said: Any = file.get("certificate") if isinstance(file, dict) else None
        version = said.get("format") if isinstance(said, dict) else None
        if isinstance(version, str) and version != FORMAT:
            raise Failure("certificate.format", "a format that is not known here")
        check_members(said)
        signature = file.get("signature")
        if file.keys() != {"certificate", "signature"} or not isinstance(signature, str) or len(signature) != 86:
            raise Failure("certificate.form", "not a certificate and its signature")
        self._signature = _in("certificate.form", signature)
        self._said: dict[str, Any] = said
        self._trust = trust
        self._taken: set[int] = set()

    def run(self) -> Result:
        """Return the result of steps 1 to 6. Raises: Failure."""
        said = self._said
        if not is_identifier(said["organisation"]):
            raise Failure("form", "not an identifier", "organisation")
        if find_instant(said["as_of"]) is None:
            raise Failure("form", "not an instant", "as_of")
        older, own, cosigned = self._verify_heads()
        kid, public = within("record_key", self._verify_key)
        self._public = public
        signed = PREFIX + json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        if not verify_ed25519(public, self._signature, signed):
            raise Failure("certificate.signature", "not signed by the record key", "signature")
        self._verify_entries()
        self._check_lines()
        names = {line.name for line in self._note.lines} - {self._head.origin}
        if [one["name"] for one in said["witnesses"]] != sorted(names):
            raise Failure("certificate.witnesses", "other witnesses than those who signed the checkpoint", "witnesses")
        check_words(said, find_enclosed(said))
        result = Result(said, self._digest, kid, own, cosigned, self._trust is None)
        result.recorded = {one["seq"]: find_latest([*older, own], one["index"]) for one in said["entries"]}
        return result

    def _verify_heads(self) -> tuple[list[Dated], Dated, list[str]]:
        """Step 2 (C4.2)."""
        said = self._said
        enclosed = within("policy", read_policy, said["policy"].encode())
        trust = enclosed if self._trust is None else self._trust
        note, self._head, signed = within("checkpoint", _read_signed, said["checkpoint"], trust)
        self._note = note
        older = verify_older_heads(said["checkpoints"], self._head, trust, "certificate")
        cosigned = sorted({key.name for key, _ in signed if key in trust.witnesses.values()})
        return older, date_head(self._head, signed, trust), cosigned

    def _verify_key(self) -> tuple[str, bytes]:
        """Step 3 (C4.3)."""
        published = self._said["record_key"]
        text = published["statement"].encode()
        statement = read_statement(text)
        self._place(published["index"], hash_leaf(b"\x03" + text), published["path"])
        return read_record_key(statement, self._said["organisation"])

    def _verify_entries(self) -> None:
        """Step 5 (C4.5)."""
        said = self._said
        for one in said["entries"]:
            within(f"entries/{one['seq']}", self._place_entry, one)
        within("organisation_entry", self._place_entry, said["organisation_entry"])
        seqs, indices = [one["seq"] for one in said["entries"]], [one["index"] for one in said["entries"]]
        whole = bool(seqs) and seqs[0] == 0 and seqs[-1] == said["matter"]["entries"] - 1
        if not whole or seqs != sorted(set(seqs)) or indices != sorted(indices):
            raise Failure("certificate.entries", "entries that are not those of a stream", "entries")

    def _place_entry(self, one: dict[str, Any]) -> None:
        self._place(one["index"], read_base64url(one["leaf"]), one["path"])

    def _place(self, index: int, leaf_hash: bytes, path: list[str]) -> None:
        hashes = tuple(map(read_base64url, path))
        verify_path(Receipt(index, hashes, self._note, None), self._head, leaf_hash)
        if index in self._taken:
            raise Failure("receipt.index", "two members are the same leaf of the log")
        self._taken.add(index)

    def _check_lines(self) -> None:
        """Step 6 (C4.6)."""
        said = self._said
        kinds = [one["kind"] for one in said["rules"]]
        packs = [one["digest"] for one in said["rules"][1:]]
        if kinds[:1] != ["rulebook"] or "rulebook" in kinds[1:] or packs != sorted(set(packs)):
            raise Failure("certificate.rules", "not one rulebook and then packs in order", "rules")
        if said["rules"][0]["digest"] in packs:
            raise Failure("certificate.rules", "rules named twice", "rules")
        known = {one["digest"]: one["kind"] for one in said["rules"]}
        shown = {one["seq"] for one in said["entries"]}
        _check_group(said, "requirements", {"rulebook", "pack"}, known, shown)
        _check_group(said, "results", {"pack", "built-on"}, known, shown)
        matter = said["matter"]
        if not shown >= {*matter["alleged"], *(one["entry"] for one in said["departures"])}:
            raise Failure("certificate.entries", "an entry without its proof", "matter")
        if max(matter["signed"], matter["destroyed"], matter["asserted"]) > matter["entries"]:
            raise Failure("certificate.counts", "more is counted than there are entries", "matter")

    def beside(self, result: Result, export: bytes) -> None:
        """Add what an export shows: steps 7 and 8 (C4.7, C4.8, C4.11). Raises: Failure."""
        verification = Verification(export, self._trust)
        found = verification.run()
        said = self._said
        if found.organisation != said["organisation"]:
            raise Failure("certificate.organisation", "an export of another organisation", "organisation")
        if found.head.origin != self._head.origin:
            raise Failure("certificate.log", "an export under another log", "checkpoint")
        container = Container(export)
        result.matched = 0
        named = [(found.matter, one) for one in said["entries"]]
        for stream, one in (*named, ("organisation", said["organisation_entry"])):
            place = _find_place(container, stream, one["seq"])
            if place is None:
                result.absent += [one["seq"]] if stream == found.matter else []
            elif place != (one["index"], one["leaf"]):
                raise Failure("certificate.entries", "the export holds another entry", f"entries/{one['seq']}")
            else:
                result.matched += stream == found.matter
        if not result.matched:
            raise Failure("certificate.matter", "an export of another matter", "entries")
        last = said["organisation_entry"]["seq"]
        result.key_shown = check_key_in_force(self._public, container, verification.published_keys(), last)
        rules = {**find_enclosed(said), **_find_rules(container, said)}
        check_words(said, rules)
        result.absent_rules = [one["digest"] for one in said["rules"] if one["digest"] not in rules]


def _in(code: str, text: str) -> bytes:
    try:
        return read_base64url(text)
    except Failure as failure:
        raise Failure(code, failure.what) from failure


def _read_signed(text: str, trust: Trust) -> tuple[SignedNote, Head, list[tuple[Key, int]]]:
    note = read_note(text.encode())
    head = read_head(note.text)
    return note, head, trust.verify(note, head.origin)


def _check_group(said: dict[str, Any], where: str, allowed: set[str], known: dict[str, str], shown: set[int]) -> None:
    lines = said[where]
    ranks = [ORDER.index(one["result"]) for one in lines]
    if ranks != sorted(ranks):
        raise Failure("certificate.order", "what is not known does not come first", where)
    if any(known.get(one["by"]) not in allowed for one in lines):
        raise Failure("certificate.rules", "a line of rules that are not named", where)
    if len({(one["by"], one["id"]) for one in lines}) < len(lines):
        raise Failure("certificate.twice", "two lines on one requirement", where)
    for one in lines:
        within(f"{where}/{one['id']}", _check_line, one, shown)


def _check_line(one: dict[str, Any], shown: set[int]) -> None:
    entries = one["entries"]
    if entries != sorted(set(entries)) or not shown >= set(entries):
        raise Failure("certificate.entries", "an entry without its proof")
    if one["signed"] > len(entries) or (one["elsewhere"] and entries):
        raise Failure("certificate.counts", "counts that do not fit the entries")
    if one["uncontradicted"] and one["result"] != "PASS":
        raise Failure("certificate.silence", "only a PASS can be merely not contradicted")
    if one["result"] == "PASS" and not (entries or one["uncontradicted"] or one["elsewhere"]):
        raise Failure("certificate.silence", "a PASS that rests on nothing")


def find_enclosed(said: dict[str, Any]) -> dict[str, bytes]:
    """Return the documents that the certificate holds, by digest (C4.6)."""
    found = {}
    for place, one in enumerate(said["rules"]):
        data = one["text"].encode()
        if data and hashlib.sha256(data).hexdigest() != one["digest"]:
            raise Failure("rulebook.digest", "not the rules of this digest", f"rules/{place}")
        if data:
            found[one["digest"]] = data
    return found


def check_words(said: dict[str, Any], rules: dict[str, bytes]) -> None:
    """Check that the lines are what the documents at hand demand (C4.8)."""
    for place, one in enumerate(said["rules"]):
        if one["digest"] in rules:
            within(f"rules/{place}", _check_document, said, one, rules[one["digest"]])


def _check_document(said: dict[str, Any], one: dict[str, Any], data: bytes) -> None:
    try:
        book = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Failure("certificate.rules", "rules that are not JSON") from error
    if not isinstance(book, dict):
        raise Failure("certificate.rules", "rules that are no object")
    if any(book.get(name, "") != one[name] for name in ("id", "title", "version", "as_of")):
        raise Failure("certificate.rules", "rules that are called otherwise")
    demands = [] if one["kind"] == "built-on" else book.get("demands")
    results = [] if one["kind"] == "rulebook" else book.get("results")
    _compare(said["requirements"], one["digest"], demands, (*WORDS, "guarantee", "pack"))
    _compare(said["results"], one["digest"], results, WORDS)


def _compare(lines: list[dict[str, Any]], digest: str, asked: Any, names: tuple[str, ...]) -> None:
    listed = [one for one in asked if isinstance(one, dict)] if isinstance(asked, list) else []
    said = sorted([str(line[name]) for name in names] for line in lines if line["by"] == digest)
    rules = sorted([str(one.get(name, "G" if name == "status" else "")) for name in names] for one in listed)
    if said != rules:
        raise Failure("certificate.requirements", "lines that are not what the rules demand")


def _find_place(container: Container, stream: str, seq: int) -> tuple[int, str] | None:
    """Return where an export that was verified has an entry, and its leaf's hash."""
    stem = f"streams/{stream}/{seq:08d}"
    if f"{stem}.sd-jwt" not in container:
        return None
    receipt = read_receipt(container.read(f"{stem}.tlog-proof"), {})
    jwt = container.read(f"{stem}.sd-jwt").split(b"~", 1)[0]
    blinded = b"alteram/entry-commitment/v1".ljust(32, b"\0") + (receipt.extra or b"")[1:] + jwt
    return receipt.index, write_base64url(hash_leaf(b"\x01" + hashlib.sha256(blinded).digest()))


def _find_rules(container: Container, said: dict[str, Any]) -> dict[str, bytes]:
    found = {}
    for one in said["rules"]:
        name = f"{'rulebooks' if one['kind'] == 'rulebook' else 'packs'}/{one['digest']}.json"
        if name in container:
            found[one["digest"]] = container.read(name)
    return found


def verify(data: bytes, export: bytes | None = None, policy: bytes | None = None) -> Result:
    """Return what a certificate shows, beside an export where one is given. Raises: Failure."""
    certificate = Certificate(data, None if policy is None else read_policy(policy))
    result = certificate.run()
    if export is not None:
        certificate.beside(result, export)
    return result


def tell(result: Result) -> list[str]:
    """Return what was found, what is not known first."""
    said, matter = result.said, result.said["matter"]
    lines = [f"verified: certificate {result.digest} of {said['organisation']} as of {said['as_of']}"]
    lines += [f"UNKNOWN: entry {seq}: alleged, not registered" for seq in matter["alleged"]]
    if matter["asserted"]:
        lines.append(f"UNKNOWN: {matter['asserted']} events are only asserted or denied")
    for one in (*said["requirements"], *said["results"]):
        word = "not contradicted" if one["uncontradicted"] else one["result"]
        lines.append(f"{word}: {one['id']}: {one['title']} {one['entries']}")
    lines.append(f"{matter['signed']} of {matter['entries']} entries are signed as only the person could")
    for one in said["witnesses"]:
        verified = "" if one["name"] in result.cosigned else ", not known to this policy"
        lines.append(f"witness {one['name']}: {'said to be' if one['independent'] else 'not'} independent{verified}")
    bounds = [one for one in result.recorded.values() if one is not None]
    if bounds:
        lines.append(f"its entries were in the log by {tell_time(max(one.time for one in bounds))}")
    if result.matched is not None:
        lines.append(f"{result.matched} entries are those of the export, {len(result.absent)} are not in it")
        lines += [f"not at hand: rules {digest}" for digest in result.absent_rules]
        if not result.key_shown:
            lines.append("the export does not show whether the record key was in force")
    lines.append("not assessed again: this verifier does not; alteram verify CERTIFICATE EXPORT does")
    if result.own_policy:
        lines.append("trust was taken from the policy inside the file; use your own")
    return lines


def main(arguments: list[str] | None = None) -> int:
    """Verify the file that is named, and print what was found."""
    parser = argparse.ArgumentParser(description="Verify a certificate without any of Alteram.")
    parser.add_argument("file", type=Path)
    parser.add_argument("export", type=Path, nargs="?", help="the matter's export")
    parser.add_argument("--policy", type=Path, help="whom to trust (C2SP tlog-policy); else the policy in the file")
    options = parser.parse_args(arguments)
    try:
        policy = None if options.policy is None else options.policy.read_bytes()
        if policy is not None:
            read_policy(policy)
        data = options.file.read_bytes()
        export = None if options.export is None else options.export.read_bytes()
    except (OSError, Failure) as error:
        print(f"bad input: {error}", file=sys.stderr)
        return 2
    try:
        result = verify(data, export, policy)
    except Failure as failure:
        print(f"FAILED {failure.code}: {failure}", file=sys.stderr)
        return 2 if failure.code in NO_CERTIFICATE | NO_EXPORT else 1
    print("\n".join(tell(result)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
