"""Write testdata/: `python -m tools.make_testdata`. Golden files are written once and never again.

Everything but the golden files is signed with Ed25519 from fixed seeds, so that running this again changes nothing.
"""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from alteram.core.acts import ReportLodged
from alteram.core.kernel.canonical import Json, encode_canonical
from alteram.core.kernel.identifiers import PersonId
from alteram.core.record import Bound, encode_claims, seal, verify_export
from alteram.core.record.claims import ENVELOPE
from alteram.core.tlog import Note, encode_policy
from alteram.core.vault import encode_base64url, open_entry, wrap_keys
from alteram.core.vault.disclosures import build_disclosure
from tests.exports import (
    ALL_TYPES,
    ED25519_ONLY,
    MATTER,
    RECORD_KEY,
    SIGNING,
    Entropy,
    Part,
    author_of,
    build_log,
    build_part,
    members_of,
    pack,
    seed_of,
)
from tests.forgeries import FORGERIES

FOLDER = Path(__file__).resolve().parents[1] / "testdata"
#: One export for each way in which a file can be wrong; the rest of them are tested from code.
EXPORTS = (
    "author-covers-too-little",
    "author-is-another",
    "author-is-null",
    "author-of-small-order",
    "author-of-unknown-scheme",
    "checkpoint-of-another-root",
    "checkpoint-seen-holds-the-entry",
    "checkpoint-seen-is-forged",
    "checkpoint-seen-is-later",
    "checkpoint-short-of-witnesses",
    "checkpoint-unsigned-by-log",
    "claim-not-listed",
    "claim-of-later-release",
    "claim-seq-malformed",
    "consistency-altered",
    "consistency-cut-short",
    "consistency-removed",
    "disclosure-name-twice",
    "disclosure-salt-short",
    "disclosure-tampered",
    "disclosures-withheld",
    "entry-left-out-and-said-so",
    "entry-of-another-stream",
    "entry-removed",
    "entry-shown-twice",
    "good",
    "manifest-counts-true",
    "older-checkpoint-cosigned-elsewhere",
    "older-checkpoint-is-later",
    "older-checkpoint-misnamed",
    "older-checkpoint-of-another-log",
    "older-checkpoint-of-another-root",
    "older-checkpoint-short-of-witnesses",
    "older-checkpoint-unsigned-by-log",
    "older-checkpoint-without-time",
    "older-checkpoints-removed",
    "previous-is-another",
    "receipt-of-another-entry",
    "receipt-of-nothing",
    "receipt-under-older-checkpoint",
    "record-key-of-another-organisation",
    "record-key-published-later",
    "record-key-published-twice",
    "record-key-unpublished",
    "rulebook-altered",
    "sequence-number-skipped",
    "statement-misnumbered",
    "time-runs-backwards",
)
Vector = tuple[str, dict[str, object]]


def main() -> None:
    """Write every file."""
    SIGNING.set(ED25519_ONLY)
    _write("leaves", _leaves())
    _write("disclosures", _disclosures())
    _write("entries", _entries())
    _write_exports()
    _write_golden()


def _write(folder: str, vectors: Iterator[Vector]) -> None:
    (FOLDER / folder).mkdir(parents=True, exist_ok=True)
    for name, vector in vectors:
        text = json.dumps(vector, indent=1, ensure_ascii=False, sort_keys=True)
        (FOLDER / folder / f"{name}.json").write_text(text + "\n")


def _leaves() -> Iterator[Vector]:
    good = encode_canonical({"key": encode_base64url(RECORD_KEY.public), "kid": "record-1", "statement": "record-key"})
    cases: dict[str, tuple[str, bytes, str | None]] = {
        "good": ("a record key", b"\x03" + good, None),
        "later-statement": ("a statement of a kind that is not known", b'\x03{"statement":"later"}', None),
        "is-an-entry": ("a hidden entry is no statement", b"\x01" + bytes(32), "leaf.kind"),
        "empty": ("no data", b"", "leaf.kind"),
        "not-an-object": ("JSON, but a list", b"\x03[]", "leaf.form"),
        "says-nothing": ("no member `statement`", b'\x03{"kid":"record-1"}', "leaf.form"),
        "statement-is-a-number": ("the statement is no text", b'\x03{"statement":1}', "leaf.form"),
        "keys-unsorted": ("keys out of order", b'\x03{"statement":"a","kid":"b"}', "leaf.form"),
        "key-twice": ("one key twice", b'\x03{"statement":"a","statement":"a"}', "leaf.form"),
        "white-space": ("a space after the colon", b'\x03{"statement": "a"}', "leaf.form"),
        "escaped": ("a letter spelled as an escape", b'\x03{"statement":"\\u0061"}', "leaf.form"),
        "fraction": ("a number with a fraction", b'\x03{"a":1.0,"statement":"a"}', "leaf.form"),
        "minus-zero": ("zero with a sign", b'\x03{"a":-0,"statement":"a"}', "leaf.form"),
        "beyond-2-53": (
            "a number that not every language holds",
            b'\x03{"a":9007199254740992,"statement":"a"}',
            "leaf.form",
        ),
        "not-utf-8": ("a byte that is not UTF-8", b'\x03{"statement":"\xff"}', "leaf.form"),
        "lone-surrogate": ("half a character", b'\x03{"statement":"\\ud800"}', "leaf.form"),
        "too-deep": (
            "32 lists and objects within one another",
            b'\x03{"a":' + b"[" * 31 + b"]" * 31 + b',"statement":"a"}',
            "leaf.form",
        ),
        "deepest": (
            "31 lists and objects within one another",
            b'\x03{"a":' + b"[" * 30 + b"]" * 30 + b',"statement":"a"}',
            None,
        ),
        "key-not-ascii": ("a key beyond ASCII", '\x03{"é":1,"statement":"a"}'.encode(), "leaf.form"),
        "text-after": ("a line break after it", b'\x03{"statement":"a"}\n', "leaf.form"),
    }
    for name, (desc, leaf, error) in cases.items():
        yield name, {"desc": desc, "error": error, "leaf_hex": leaf.hex()}


def _disclosures() -> Iterator[Vector]:
    opened = build_part().log.entries[MATTER, 1][1]
    jwt, *shown = opened.presentation.encode().decode().removesuffix("~").split("~")
    other = build_part().log.entries[MATTER, 0][1].presentation.encode().decode().split("~")[1]
    header, payload, signature = jwt.split(".")

    def put(*parts: str, ending: str = "~") -> str:
        return "~".join(parts) + ending

    def payload_of(value: Mapping[str, Json]) -> str:
        return put(f"{header}.{encode_base64url(encode_canonical(value))}.{signature}")

    def header_of(**members: Json) -> str:
        return put(f"{encode_base64url(encode_canonical(members))}.{payload}.{signature}")

    digests: Sequence[Json] = sorted(opened.jwt.digests)
    right = {"alg": "EdDSA", "kid": "record-1", "typ": "alteram-entry+sd-jwt"}
    other_value = build_disclosure("act.procedure", "another", bytes(16)).encoded
    cases: dict[str, tuple[str, str, str | None]] = {
        "good": ("everything disclosed", put(jwt, *shown), None),
        "nothing-disclosed": ("everything withheld", put(jwt), None),
        "one-disclosed": ("one claim disclosed", put(jwt, shown[3]), None),
        "tampered": ("another value under another salt", put(jwt, other_value), "presentation.digest"),
        "twice": ("one disclosure twice", put(jwt, shown[0], shown[0]), "presentation.digest"),
        "of-another-entry": ("a disclosure of another entry", put(jwt, other), "presentation.digest"),
        "no-tilde": ("the last tilde is missing", put(jwt, *shown, ending=""), "presentation.form"),
        "key-binding": ("something after the last tilde", put(jwt, *shown) + jwt, "presentation.form"),
        "empty-disclosure": ("two tildes together", put(jwt, "", shown[0]), "disclosure.form"),
        "empty": ("no data", "", "presentation.form"),
        "two-parts": ("a JWT without signature", put(f"{header}.{payload}"), "jwt.form"),
        "signature-short": (
            "a signature of 63 bytes",
            put(f"{header}.{payload}.{encode_base64url(bytes(63))}"),
            "jwt.form",
        ),
        "padding": ("base64 with padding", put(jwt + "=="), "base64url"),
        "algorithm-none": ("another algorithm", header_of(**{**right, "alg": "none"}), "jwt.form"),
        "another-type": ("another type", header_of(**{**right, "typ": "JWT"}), "jwt.form"),
        "header-with-more": ("a header with a member more", header_of(**right, crit=[]), "jwt.form"),
        "claim-in-clear": (
            "a claim that is not hidden",
            payload_of({"_sd": digests, "_sd_alg": "sha-256", "iss": "a"}),
            "jwt.form",
        ),
        "another-hash": ("another hash", payload_of({"_sd": digests, "_sd_alg": "sha-512"}), "jwt.form"),
        "digests-unsorted": (
            "digests out of order",
            payload_of({"_sd": digests[::-1], "_sd_alg": "sha-256"}),
            "jwt.digests",
        ),
        "digest-twice": (
            "one digest twice",
            payload_of({"_sd": [digests[0], *digests[:-1]], "_sd_alg": "sha-256"}),
            "jwt.digests",
        ),
        "digests-not-padded": ("15 digests", payload_of({"_sd": digests[:15], "_sd_alg": "sha-256"}), "jwt.digests"),
    }
    for name, (desc, presentation, error) in cases.items():
        yield name, {"desc": desc, "error": error, "presentation": presentation}


def _entries() -> Iterator[Vector]:
    log = build_log()
    claims = encode_claims(
        log.next_entry(MATTER, ReportLodged(identity="named", about="person", text="What was said."), "m03")
    )
    fields = [*ENVELOPE, "author", *(name for name in claims if name.startswith("act."))]
    fields.sort()

    def but(**change: Json) -> dict[str, Json]:
        return {**claims, **{name.replace("act_", "act."): value for name, value in change.items()}}

    def without(name: str) -> dict[str, Json]:
        return {key: value for key, value in claims.items() if key != name}

    cases: dict[str, tuple[str, dict[str, Json], str | None]] = {
        "good": ("all claims but the author's signature", dict(claims), None),
        "at-withheld": ("a claim of the envelope is withheld", without("at"), "entry.withheld"),
        "text-withheld": ("a field of the act is withheld", without("act.text"), "entry.withheld"),
        "seq-true": ("true is no number", but(seq=True), "entry.form"),
        "seq-negative": ("a number below 0", but(seq=-1), "entry.form"),
        "reads-text": ("an empty text is no empty list", but(reads=""), "entry.form"),
        "reads-triple": ("three things read as a pair", but(reads=[["organisation", 0, 0]]), "entry.form"),
        "attachments-null": ("null is no empty list", but(attachments=None), "entry.form"),
        "at-with-fraction": ("a fraction of a second", but(at="2026-03-02T09:35:00.5Z"), "entry.form"),
        "at-on-no-day": ("30 February", but(at="2026-02-30T09:35:00Z"), "entry.form"),
        "at-in-year-999": ("an instant that cannot be written", but(at="0999-02-03T09:35:00Z"), "entry.form"),
        "prev-short": ("a hash of 31 bytes", but(prev=encode_base64url(bytes(31))), "entry.form"),
        "seen-with-more": (
            "a member too many",
            but(seen={"origin": "o", "root": encode_base64url(bytes(32)), "size": 1, "x": 1}),
            "entry.form",
        ),
        "fields-unsorted": ("names out of order", but(fields=fields[::-1]), "entry.form"),
        "fields-lists-more": (
            "a field that is not there",
            but(fields=sorted([*fields, "act.people"])),
            "entry.withheld",
        ),
        "fields-lists-less": (
            "a field that is not listed",
            but(fields=[one for one in fields if one != "act.text"]),
            "entry.fields",
        ),
        "act-unknown": ("an act that nobody knows", but(act="report.burnt/1"), "entry.form"),
        "act-of-later-version": ("a version that is not known yet", but(act="report.lodged/99"), "entry.form"),
        "field-unknown": (
            "a field that the act has not",
            {**but(fields=sorted([*fields, "act.colour"])), "act.colour": "red"},
            "entry.form",
        ),
        "field-default-written": (
            "a default that is left out by writers",
            {**but(fields=sorted([*fields, "act.urgent"])), "act.urgent": False},
            "entry.form",
        ),
        "field-of-another-kind": ("a number where text belongs", but(act_text=1), "entry.form"),
    }
    for name, (desc, found, error) in cases.items():
        yield name, {"claims": found, "desc": desc, "error": error}


def _write_exports() -> None:
    folder = FOLDER / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    verdicts, times = {}, {}
    for name in EXPORTS:
        forgery = FORGERIES[name]
        export = forgery.make()
        (folder / f"{name}.alteram").write_bytes(export)
        verdicts[name] = {"error": forgery.code, "where": forgery.where}
        if forgery.code is None:
            times[name] = _times_of(export)
    (folder / "verdicts.json").write_text(json.dumps(verdicts, indent=1, sort_keys=True) + "\n")
    (folder / "times.json").write_text(json.dumps(times, indent=1, sort_keys=True) + "\n")


def _times_of(export: bytes) -> dict[str, list[dict[str, object]]]:
    return {
        stream.name: [
            {
                "entry": one.number,
                "not_after": _bound_of(one.bounds.not_after),
                "not_before": _bound_of(one.bounds.not_before),
            }
            for one in stream.times
        ]
        for stream in verify_export(BytesIO(export)).streams
    }


def _bound_of(bound: Bound | None) -> dict[str, object] | None:
    return None if bound is None else {"at": bound.at, "by": list(bound.by), "witnessed": bound.witnessed}


def _write_golden() -> None:
    folder = FOLDER / "golden"
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in {
        "export-1.alteram": _golden_export,
        "export-1-bounded.alteram": _golden_bounded_export,
        "policy-1": _golden_policy,
        "entry-1.json": _golden_entry,
    }.items():
        _write_once(folder / name, make)


def _write_once(path: Path, make: Callable[[], bytes]) -> None:
    if not path.exists():
        path.write_bytes(make())


def _golden_policy() -> bytes:
    return encode_policy(ALL_TYPES.policy)


def _golden_export() -> bytes:
    return _golden_part(replace(_part_of_all_types(), older=()))


def _golden_bounded_export() -> bytes:
    return _golden_part(_part_of_all_types())


def _part_of_all_types() -> Part:
    token = SIGNING.set(ALL_TYPES)
    part = build_part()
    SIGNING.reset(token)
    return part


def _golden_part(part: Part) -> bytes:
    slim = replace(part, note=Note(part.note.text, part.note.lines[:1])).write()
    return pack(members_of(slim) | {"checkpoint": part.note.encode().encode(), "policy": _golden_policy()})


def _golden_entry() -> bytes:
    entropy, stream_key = Entropy(b"golden"), seed_of("stream key")
    entry = build_log().next_entry(MATTER, ReportLodged(identity="named", about="person", text="What was said."), "m03")
    sealed = seal(entry, record_key=RECORD_KEY, author_key=author_of(PersonId("m03")), entropy=entropy)
    opened = open_entry(sealed.ciphertext, sealed.keys, sealed.leaf)
    golden = {
        "blinding_hex": opened.blinding.hex(),
        "claims": {name: value for name, value in opened.presentation.claims.items() if name != "author"},
        "ciphertext": b64encode(sealed.ciphertext).decode(),
        "leaf_hex": sealed.leaf.hex(),
        "presentation": opened.presentation.encode().decode(),
        "record_key": encode_base64url(RECORD_KEY.public),
        "stream_key_hex": stream_key.hex(),
        "wrapped_keys": b64encode(wrap_keys(sealed.keys, sealed.leaf, stream_key, entropy)).decode(),
    }
    return (json.dumps(golden, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


if __name__ == "__main__":
    main()
