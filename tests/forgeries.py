"""Exports that are wrong in one way each, most of them signed with every right key; and a few that are odd but right.

`FORGERIES` gives each by name with the code that refuses it; None means that it must be accepted.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from alteram.core.acts import FactAgreed
from alteram.core.kernel.canonical import Json, encode_canonical, parse_canonical
from alteram.core.record import Entry, Seen, encode_claims
from alteram.core.record.entry import is_signed_by_author
from alteram.core.tlog import (
    Checkpoint,
    Note,
    compute_root,
    encode_checkpoint,
    encode_policy,
    hash_leaf,
    parse_tlog_proof,
    sign_note,
)
from alteram.core.vault import RecordKey, build_author_claim, build_disclosures, encode_base64url
from alteram.core.vault.disclosures import Disclosure, build_disclosure
from tests.checkpoint_forgeries import CHECKPOINT_FORGERIES
from tests.exports import (
    MATTER,
    ORIGIN,
    RECORD_KEY,
    SIGNING,
    Log,
    author_of,
    build_export,
    build_log,
    build_part,
    export_of,
    members_of,
    pack,
    seed_of,
)
from tests.forging import Forgery, Members, drop, with_members

FIRST = "streams/matter-1/00000000"
SECOND = "streams/matter-1/00000001"
NEXT = "streams/matter-1/00000003.sd-jwt"


def _next(log: Log) -> Entry:
    return log.next_entry(MATTER, FactAgreed(event=0), "m05")


def _with_claims(**change: object) -> Callable[[], bytes]:
    def make() -> bytes:
        log = build_log()
        log.append(_next(log), change=change)  # type: ignore[arg-type]  # forged on purpose
        return export_of(log)

    return make


def _with_author(build: Callable[[Mapping[str, Json]], Json]) -> Callable[[], bytes]:
    def make() -> bytes:
        log = build_log()
        entry = _next(log)
        disclosures = _disclosures(log, entry)
        good = build_author_claim(author_of("m05"), [one for one in disclosures if is_signed_by_author(one.name)])
        assert isinstance(good, Mapping)
        author = build_disclosure("author", build(good), log.entropy(16))
        log.append_disclosures(MATTER, entry.seq, (*disclosures, author))
        return export_of(log)

    return make


def _disclosures(log: Log, entry: Entry) -> tuple[Disclosure, ...]:
    return build_disclosures(encode_claims(entry), log.entropy)


def _with_disclosure(extra: Callable[[Log], Disclosure]) -> Callable[[], bytes]:
    def make() -> bytes:
        log = build_log()
        entry = _next(log)
        kept = [one for one in _disclosures(log, entry) if one.name not in {"fields", "act.event"}]
        log.append_disclosures(MATTER, entry.seq, (*kept, extra(log)))
        return export_of(log)

    return make


def _with_keys(publish: Callable[[Log], object], kid: str = "record-2") -> Callable[[], bytes]:
    def make() -> bytes:
        log = build_log()
        publish(log)
        log.append(_next(log), record_key=RecordKey.from_seed(kid, seed_of("record-2")))
        return export_of(log)

    return make


def _published_later() -> bytes:
    log = build_log()
    key = RecordKey.from_seed("record-2", seed_of("record-2"))
    log.append(_next(log), record_key=key)
    log.publish(key)
    return export_of(log)


def _out_of_order() -> bytes:
    log = build_log()
    one = log.append(_next(log))
    other = log.append(replace(_next(log), seen=None))
    log.leaves[one], log.leaves[other] = log.leaves[other], log.leaves[one]
    for seq, index in ((3, other), (4, one)):
        log.entries[MATTER, seq] = index, log.entries[MATTER, seq][1]
    return export_of(log)


def _with_entry(change: Callable[[Entry], Entry]) -> Callable[[], bytes]:
    def make() -> bytes:
        log = build_log()
        log.append(change(_next(log)))
        return export_of(log)

    return make


def _recount(members: Members, **streams: int) -> Members:
    manifest = parse_canonical(members["manifest.json"])
    assert isinstance(manifest, dict)
    return members | {"manifest.json": encode_canonical({**manifest, "streams": {"organisation": 2, **streams}})}


def _manifest(**change: Json) -> Callable[[Members], Members]:
    def put(members: Members) -> Members:
        manifest = parse_canonical(members["manifest.json"])
        assert isinstance(manifest, dict)
        return members | {"manifest.json": encode_canonical({**manifest, **change})}

    return put


def _without(entry: str) -> Callable[[Members], Members]:
    return drop(f"{entry}.sd-jwt", f"{entry}.tlog-proof")


def _copy(source: str, target: str) -> Callable[[Members], Members]:
    return lambda members: members | {target: members[source]}


def _twice(members: Members) -> Members:
    """Show one entry under two streams; what names its stream is withheld."""
    bare = members[f"{FIRST}.sd-jwt"].split(b"~", 1)[0] + b"~"
    copied = {
        "streams/matter-2/00000000.sd-jwt": bare,
        "streams/matter-2/00000000.tlog-proof": members[f"{FIRST}.tlog-proof"],
    }
    return _recount(members | copied, **{"matter-1": 3, "matter-2": 1})


def _moved(members: Members) -> Members:
    """Show an entry as if it were of another stream, nothing withheld."""
    moved = {
        f"streams/matter-2/00000002.{ending}": members.pop(f"streams/matter-1/00000002.{ending}")
        for ending in ("sd-jwt", "tlog-proof")
    }
    return _recount(members | moved, **{"matter-1": 2, "matter-2": 1})


def _disclosed(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Members], Members]:
    def put(members: Members) -> Members:
        parts = members[f"{SECOND}.sd-jwt"].removesuffix(b"~").split(b"~")
        return members | {f"{SECOND}.sd-jwt": b"~".join(change(parts)) + b"~"}

    return put


def _receipt(change: Callable[[bytes], bytes]) -> Callable[[Members], Members]:
    return lambda members: members | {f"{FIRST}.tlog-proof": change(members[f"{FIRST}.tlog-proof"])}


def _signed(*, log: bool = True, witnesses: int = 2, text: str | None = None) -> Callable[[], bytes]:
    def make() -> bytes:
        part = build_part()
        signing = SIGNING.get()
        signers = (*(signing.log_keys if log else ()), *signing.witnesses[:witnesses])
        note = sign_note(part.note.text if text is None else text, signers, timestamp=1_772_500_000)
        # A head of another root is not continued from any older one either; that is a case of its own.
        return replace(part, note=note, older=part.older if text is None else ()).write()

    return make


def _seen_holds_the_entry() -> bytes:
    log = build_log()
    log.append(replace(_next(log), seen=Seen(ORIGIN, 10, bytes(32))))
    log.sizes[10] = log.now
    log.decoy()
    return export_of(log)


def _leaf_hashes() -> list[bytes]:
    return [hash_leaf(one) for one in build_log().leaves]


def _slim() -> bytes:
    """Receipts may carry fewer of the checkpoint's signatures."""
    part = build_part()
    slim = replace(part, note=Note(part.note.text, part.note.lines[:1])).write()
    return pack(members_of(slim) | {"checkpoint": part.note.encode().encode()})


def _older_receipt() -> Members:
    log = build_log()
    log.leaves.pop()
    return {f"{FIRST}.tlog-proof": log.receipt(5, log.checkpoint(), b"\x01" * 33).encode()}


def _without_extra(data: bytes) -> bytes:
    return replace(parse_tlog_proof(data), extra=None).encode()


def _as_statement(data: bytes) -> bytes:
    receipt = parse_tlog_proof(data)
    assert receipt.extra is not None
    return replace(receipt, extra=b"\x03" + receipt.extra[1:]).encode()


def _weak() -> bytes:
    return encode_policy(replace(SIGNING.get().policy, quorum="none", groups=(), witnesses=()))


SMALL_ORDER = encode_base64url(bytes([1]) + bytes(30) + b"\x80")
OTHER_ROOT = encode_checkpoint(Checkpoint(ORIGIN, 9, bytes(32)))

_FORMS: dict[str, object] = {
    "stream": "Matter 1",
    "seq": True,
    "prev": encode_base64url(bytes(31)),
    "seen": {"origin": ORIGIN, "root": encode_base64url(bytes(32))},
    "reads": "",
    "ruling": [],
    "act": "fact.agreed",
    "actor": "",
    "at": "2026-03-02T09:56:00+00:00",
    "reported": False,
    "attachments": [{"sha256": "0" * 63, "size": 1}],
    "fields": ["b", "a"],
}

FORGERIES: dict[str, Forgery] = {
    "good": Forgery(build_export, None),
    **{
        f"claim-{name}-malformed": Forgery(_with_claims(**{name: value}), "entry.form", NEXT)
        for name, value in _FORMS.items()
    },
    "claim-not-listed": Forgery(_with_claims(later="a claim of a later release"), "entry.fields", NEXT),
    "claim-of-later-release": Forgery(_with_claims(later="hidden", fields=...), None),
    "sequence-number-skipped": Forgery(_with_claims(seq=4), "stream.seq", NEXT),
    "stream-is-another": Forgery(_with_claims(stream="matter-2"), "stream.name", NEXT),
    "previous-is-another": Forgery(_with_claims(prev=encode_base64url(bytes(32))), "stream.prev", NEXT),
    "previous-is-none": Forgery(_with_claims(prev=None), "stream.prev", NEXT),
    "entries-out-of-order": Forgery(_out_of_order, "stream.order", "streams/matter-1/00000004.sd-jwt"),
    "time-runs-backwards": Forgery(
        _with_entry(lambda entry: replace(entry, at=entry.at - timedelta(days=1))), "stream.time", NEXT
    ),
    "time-stands-still": Forgery(_with_entry(lambda entry: replace(entry, at=entry.at - timedelta(minutes=7))), None),
    "checkpoint-seen-is-later": Forgery(
        _with_entry(lambda entry: replace(entry, seen=Seen(ORIGIN, 10, bytes(32)))), "entry.seen", NEXT
    ),
    "checkpoint-seen-is-newest": Forgery(
        _with_entry(lambda entry: replace(entry, seen=Seen(ORIGIN, 9, compute_root(_leaf_hashes())))), None
    ),
    "checkpoint-seen-is-forged": Forgery(
        _with_entry(lambda entry: replace(entry, seen=Seen(ORIGIN, 8, bytes(32)))), "entry.seen", NEXT
    ),
    "checkpoint-seen-holds-the-entry": Forgery(_seen_holds_the_entry, "entry.seen", NEXT),
    "checkpoint-seen-is-absent": Forgery(
        _with_entry(lambda entry: replace(entry, seen=Seen(ORIGIN, 7, bytes(32)))), None
    ),
    "checkpoint-seen-of-another-log": Forgery(
        _with_entry(lambda entry: replace(entry, seen=Seen("example.org/other", 99, bytes(32)))), None
    ),
    "record-key-unpublished": Forgery(_with_keys(lambda log: None), "entry.key", NEXT),
    "record-key-published-later": Forgery(_published_later, "entry.key", NEXT),
    "record-key-rotated": Forgery(
        _with_keys(lambda log: log.publish(RecordKey.from_seed("record-2", seed_of("record-2")))), None
    ),
    "record-key-published-twice": Forgery(
        _with_keys(lambda log: log.publish(RecordKey.from_seed("record-1", seed_of("record-2"))), "record-1"),
        "statement.kid",
        "statements/00000009.leaf",
    ),
    "record-key-is-another": Forgery(_with_keys(lambda log: None, "record-1"), "jwt.signature", NEXT),
    "record-key-of-small-order": Forgery(
        _with_keys(lambda log: log.state({"key": SMALL_ORDER, "kid": "record-2", "statement": "record-key"})),
        "statement.key",
        "statements/00000009.leaf",
    ),
    "record-key-without-name": Forgery(
        _with_keys(lambda log: log.state({"key": encode_base64url(RECORD_KEY.public), "statement": "record-key"})),
        "statement.form",
        "statements/00000009.leaf",
    ),
    "record-key-of-another-organisation": Forgery(
        with_members(_manifest(organisation="elsewhere")), "statement.organisation", "statements/00000000.leaf"
    ),
    "author-is-null": Forgery(_with_author(lambda good: None), "author.form", NEXT),
    "author-of-unknown-scheme": Forgery(_with_author(lambda good: {"scheme": "later", "assertion": "later"}), None),
    "author-covers-another-entry": Forgery(
        _with_author(lambda good: {**good, "covers": [encode_base64url(bytes(32))]}), "author.covers", NEXT
    ),
    "author-covers-too-little": Forgery(_with_author(lambda good: {**good, "covers": []}), "author.covers", NEXT),
    "author-covers-unsorted": Forgery(
        _with_author(lambda good: {**good, "covers": list(reversed(good["covers"]))}),  # type: ignore[arg-type]  # a list
        "author.covers",
        NEXT,
    ),
    "author-is-another": Forgery(
        _with_author(lambda good: {**good, "key": encode_base64url(author_of("m06").public)}), "author.signature", NEXT
    ),
    "author-of-small-order": Forgery(_with_author(lambda good: {**good, "key": SMALL_ORDER}), "author.key", NEXT),
    "disclosure-salt-short": Forgery(
        _with_disclosure(lambda log: build_disclosure("act.event", 0, bytes(15))), "disclosure.salt", NEXT
    ),
    "disclosure-name-reserved": Forgery(
        _with_disclosure(lambda log: build_disclosure("_sd", 0, bytes(16))), "disclosure.form", NEXT
    ),
    "disclosure-name-twice": Forgery(
        _with_disclosure(lambda log: build_disclosure("act", "fact.agreed/1", bytes(16))), "presentation.name", NEXT
    ),
    "disclosure-tampered": Forgery(
        with_members(
            _disclosed(lambda parts: [*parts[:-1], build_disclosure("act.text", "another", bytes(16)).encoded.encode()])
        ),
        "presentation.digest",
        f"{SECOND}.sd-jwt",
    ),
    "disclosure-twice": Forgery(
        with_members(_disclosed(lambda parts: [*parts, parts[-1]])), "presentation.digest", f"{SECOND}.sd-jwt"
    ),
    "disclosures-in-another-order": Forgery(
        with_members(_disclosed(lambda parts: [parts[0], *reversed(parts[1:])])), None
    ),
    "disclosures-withheld": Forgery(with_members(_disclosed(lambda parts: parts[:1])), None),
    "entry-of-another-stream": Forgery(with_members(_moved), "stream.name", "streams/matter-2/00000002.sd-jwt"),
    "entry-shown-twice": Forgery(with_members(_twice), "receipt.index", "streams/matter-2/00000000.sd-jwt"),
    "entries-swapped": Forgery(
        with_members(
            lambda members: (
                members
                | {f"{FIRST}.{one}": members[f"{SECOND}.{one}"] for one in ("sd-jwt", "tlog-proof")}
                | {f"{SECOND}.{one}": members[f"{FIRST}.{one}"] for one in ("sd-jwt", "tlog-proof")}
            )
        ),
        "stream.seq",
        f"{FIRST}.sd-jwt",
    ),
    "entry-removed": Forgery(with_members(_without(SECOND)), "manifest.streams", "manifest.json"),
    "entry-left-out-and-said-so": Forgery(
        with_members(lambda members: _recount(_without(SECOND)(members), **{"matter-1": 2})), None
    ),
    "receipt-removed": Forgery(with_members(drop(f"{SECOND}.tlog-proof")), "archive.missing", f"{SECOND}.tlog-proof"),
    "receipt-of-nothing": Forgery(
        with_members(_copy(f"{FIRST}.tlog-proof", "streams/matter-1/00000009.tlog-proof")),
        "archive.orphan",
        "streams/matter-1/00000009.tlog-proof",
    ),
    "receipt-of-another-entry": Forgery(
        with_members(_copy(f"{FIRST}.tlog-proof", f"{SECOND}.tlog-proof")), "proof.root", f"{SECOND}.sd-jwt"
    ),
    "receipt-under-older-checkpoint": Forgery(
        with_members(lambda members: members | _older_receipt()), "receipt.checkpoint", f"{FIRST}.tlog-proof"
    ),
    "receipt-without-blinding": Forgery(with_members(_receipt(_without_extra)), "receipt.extra", f"{FIRST}.tlog-proof"),
    "receipt-of-a-statement": Forgery(with_members(_receipt(_as_statement)), "receipt.extra", f"{FIRST}.tlog-proof"),
    "receipts-with-one-signature": Forgery(_slim, None),
    "statement-misnumbered": Forgery(
        with_members(
            lambda members: drop("statements/00000001.leaf", "statements/00000001.tlog-proof")(
                members
                | {
                    f"statements/00000002.{one}": members[f"statements/00000001.{one}"]
                    for one in ("leaf", "tlog-proof")
                }
            )
        ),
        "statement.index",
        "statements/00000002.leaf",
    ),
    "statement-is-an-entry": Forgery(
        with_members(lambda members: members | {"statements/00000001.leaf": b"\x01" + bytes(32)}),
        "leaf.kind",
        "statements/00000001.leaf",
    ),
    "checkpoint-unsigned-by-log": Forgery(_signed(log=False), "policy.log", "checkpoint"),
    "checkpoint-short-of-witnesses": Forgery(_signed(witnesses=1), "policy.quorum", "checkpoint"),
    "checkpoint-of-another-root": Forgery(_signed(text=OTHER_ROOT), "proof.root", "statements/00000000.leaf"),
    **CHECKPOINT_FORGERIES,
    "checkpoint-removed": Forgery(with_members(drop("checkpoint")), "archive.missing", "checkpoint"),
    "manifest-removed": Forgery(with_members(drop("manifest.json")), "archive.missing", "manifest.json"),
    "manifest-of-later-format": Forgery(
        with_members(_manifest(format="alteram-export/2")), "manifest.format", "manifest.json"
    ),
    "manifest-with-more": Forgery(with_members(_manifest(later="of a later release")), None),
    "manifest-counts-true": Forgery(
        with_members(_manifest(streams={"matter-1": 3, "organisation": True})), "manifest.streams", "manifest.json"
    ),
    "manifest-of-absent-matter": Forgery(
        with_members(_manifest(matter="matter-9")), "manifest.streams", "manifest.json"
    ),
    "policy-removed": Forgery(with_members(drop("policy")), "archive.missing", "policy"),
    "policy-malformed": Forgery(
        with_members(lambda members: members | {"policy": b"quorum\n"}), "policy.line", "policy"
    ),
    "policy-that-asks-less": Forgery(with_members(lambda members: members | {"policy": _weak()}), None),
    "rulebook-altered": Forgery(
        with_members(
            lambda members: members | {name: data + b" " for name, data in members.items() if "rulebooks" in name}
        ),
        "rulebook.digest",
    ),
    "readme-altered": Forgery(with_members(lambda members: members | {"README.txt": b"Read me.\n"}), None),
    "readme-removed": Forgery(with_members(drop("README.txt")), None),
}
