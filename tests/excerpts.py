"""Exhibits cut into pieces and lodged in a log, excerpts of them, the same every time; and forgeries of excerpts.

Whoever forges here holds the record key, the log's and the witnesses', or none of them: each forgery says which.
"""

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from typing import Any

from alteram.core.acts import ExhibitLodged, OrganisationFounded
from alteram.core.kernel.canonical import encode_canonical
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.record import (
    ExportedCheckpoint,
    ExportedStatement,
    RecordError,
    build_excerpt,
    release_pieces,
    verify_excerpt,
)
from alteram.core.record.excerpts import FORMAT, SHOWN, Released
from alteram.core.tlog import PolicyError, encode_policy, parse_policy
from alteram.core.tlog.ranges import compute_packed_root
from alteram.core.vault import RecordKey, encode_base64url
from alteram.core.vault.pieces import PIECE_SIZE, PieceCollector, PieceCutter, PieceList
from conformance.failure import Failure
from conformance.verify_excerpt import verify
from tests.exports import (
    ED25519_ONLY,
    MATTER,
    ORGANISATION,
    ORIGIN,
    RECORD_KEY,
    SIGNING,
    Log,
    seed_of,
)
from tests.verdicts import Verdict

#: What is cut here: a recording of nine pieces and a bit, a thread of eleven messages, and a small file.
FLAC = b"fLaC" + b"".join(b"%07d\n" % one for one in range((9 * PIECE_SIZE + 1000) // 8))
MESSAGES = tuple(f"{one}: what was said then\n".encode() * (one % 3) for one in range(11))
SMALL = b"a small file"


@dataclass(frozen=True)
class Exhibit:
    """A form in pieces, the key of its file, and where the log holds its lodging."""

    name: str
    form: str
    content: bytes
    pieces: PieceList
    key: bytes
    seq: int

    def release(self, first: int, until: int) -> Released:
        begin, end = self.pieces.find_span(first, until)
        return release_pieces(self.pieces, self.key, first, until, self.content[begin:end])


def cut(content: bytes, key: bytes) -> PieceList:
    cutter = PieceCutter(key)
    cutter.write(content)
    return cutter.finish()


def collect(pieces: Sequence[bytes], key: bytes) -> PieceList:
    collector = PieceCollector(key)
    for one in pieces:
        collector.add(one)
    return collector.finish()


#: A form, its content, its pieces and the key of its file.
Cut = tuple[Any, bytes, PieceList, bytes]


@dataclass
class Scene:
    """A log with exhibits in it."""

    log: Log
    exhibits: dict[str, Exhibit]
    #: Where the statement stands that publishes the record key.
    key_at: int = 0

    def lodge(self, name: str, lodged: Cut, change: Any = None) -> Exhibit:
        """Lodge an exhibit; `change` puts other claims in the place of its own."""
        form, content, pieces, key = lodged
        act = ExhibitLodged(
            exhibit=name,
            kind="recording",
            obtained="made-by-lodger",
            digest=sha256(content).hexdigest(),
            title="Nobody who sees an excerpt is to see this",
            size=len(content),
            form=form,
            pieces=len(pieces),
            tree=compute_packed_root(pieces.hashes).hex(),
        )
        entry = self.log.next_entry(MATTER, act, "m03")
        self.log.append(entry, change=change)
        self.exhibits[name] = Exhibit(name, form, content, pieces, key, entry.seq)
        return self.exhibits[name]

    def excerpt(self, name: str, *ranges: tuple[int, int], released: Sequence[Released] | None = None) -> bytes:
        """Return an excerpt of an exhibit, under the newest checkpoint of the log."""
        exhibit, note = self.exhibits[name], self.log.checkpoint()
        index, opened = self.log.entries[MATTER, exhibit.seq]
        size = len(self.log.leaves)
        older = [
            ExportedCheckpoint(self.log.older(one), self.log.growth(one, size))
            for one in sorted(self.log.sizes)
            if index < one < size
        ]
        return build_excerpt(
            organisation=ORGANISATION,
            entry=opened.presentation,
            receipt=self.log.receipt(index, note, b"\x01" + opened.blinding),
            record_key=ExportedStatement(self.log.leaves[self.key_at], self.log.receipt(self.key_at, note)),
            policy=encode_policy(SIGNING.get().policy),
            released=[exhibit.release(*one) for one in ranges] if released is None else released,
            checkpoints=older[:1],
            successions=[ExportedStatement(self.log.leaves[1], self.log.receipt(1, note))],
        )


def begin_scene() -> Scene:
    log = Log()
    log.publish()
    succession: Any = {
        "carried": 4,
        "follows": "example.org/old",
        "organisation": ORGANISATION,
        "origin": ORIGIN,
        "root": encode_base64url(bytes(32)),
        "size": 4,
        "statement": "log-succession",
    }
    log.state(succession)
    founded = OrganisationFounded(
        name="A caucus", kind="caucus", jurisdiction="nz", time_zone="UTC", secretary=PersonId("secretary")
    )
    log.perform(StreamId("organisation"), founded, "secretary")
    return Scene(log, {})


def with_ed25519(work: Callable[[], Any]) -> Any:
    """Return what `work` does while everything signs with Ed25519 alone, and so the same bytes every time."""
    token = SIGNING.set(ED25519_ONLY)
    try:
        return work()
    finally:
        SIGNING.reset(token)


@cache
def build_scene() -> Scene:
    scene: Scene = with_ed25519(_build_scene)
    return scene


def _build_scene() -> Scene:
    scene = begin_scene()
    keys = [seed_of(f"form {one}") for one in range(3)]
    scene.lodge("recording", ("flac", FLAC, cut(FLAC, keys[0]), keys[0]))
    thread = "messages", b"".join(MESSAGES), collect(MESSAGES, keys[1]), keys[1]
    scene.lodge("thread", thread)
    scene.log.decoy()
    scene.lodge("note", ("bytes", SMALL, cut(SMALL, keys[2]), keys[2]))
    scene.lodge("cut-unevenly", ("bytes", *thread[1:]))
    scene.lodge("uncut", thread, {"act.pieces": 0})
    scene.lodge("of-no-tree", thread, {"act.tree": "A" * 64})
    scene.lodge("in-no-form", thread, {"act.form": "ogg"})
    scene.lodge("only-ruled", thread, {"act": "exhibit.ruled/1"})
    scene.lodge("of-more-pieces", thread, {"act.pieces": 20})
    return scene


def excerpt(name: str, *ranges: tuple[int, int]) -> bytes:
    made: bytes = with_ed25519(lambda: build_scene().excerpt(name, *ranges))
    return made


#: Excerpts that verify: file, exhibit, ranges.
GOOD: dict[str, tuple[str, tuple[tuple[int, int], ...]]] = {
    "middle": ("recording", ((0, 1), (3, 6))),
    "before": ("recording", ((0, 1), (2, 3))),
    "after": ("recording", ((0, 1), (6, 8))),
    "far-off": ("recording", ((0, 1), (9, 10))),
    "beginning": ("recording", ((0, 4),)),
    "whole": ("recording", ((0, 10),)),
    "messages": ("thread", ((2, 6),)),
    "first-message": ("thread", ((0, 1),)),
    "small-file": ("note", ((0, 1),)),
}


# -- forging


@dataclass
class Parts:
    """An excerpt taken apart, to be changed."""

    head: dict[str, Any]
    body: bytearray

    def join(self) -> bytes:
        spelt = encode_canonical(self.head)
        return FORMAT + len(spelt).to_bytes(4, "big") + spelt + self.body


def take_apart(data: bytes) -> Parts:
    at = len(FORMAT) + 4
    end = at + int.from_bytes(data[len(FORMAT) : at], "big")
    return Parts(json.loads(data[at:end]), bytearray(data[end:]))


Change = Callable[[Parts], None]


def change(apply: Change, name: str = "messages") -> bytes:
    parts = take_apart(excerpt(*_of(name)))
    apply(parts)
    return parts.join()


def _of(name: str) -> Any:
    exhibit, ranges = GOOD[name]
    return (exhibit, *ranges)


def set_at(path: str, value: Any) -> Change:
    """Return a change that puts `value` at a path of the head, such as `ranges/1/first`."""

    def apply(parts: Parts) -> None:
        *way, last = [int(one) if one.isdecimal() else one for one in path.split("/")]
        place: Any = parts.head
        for step in way:
            place = place[step]
        place[last] = value(place[last]) if callable(value) else value

    return apply


def _flip(text: str) -> str:
    return ("A" if text[0] != "A" else "B") + text[1:]


def _flip_body(at: int) -> Change:
    def apply(parts: Parts) -> None:
        parts.body[at] ^= 1

    return apply


def _leaves_of(parts: Parts) -> list[bytes]:
    leaves, at = [], 0
    for length in parts.head["ranges"][-1]["lengths"]:
        leaves.append(bytes(parts.body[at : at + 16 + length]))
        at += 16 + length
    return leaves


def _with_leaves(apply: Callable[[list[bytes]], Sequence[bytes]]) -> Change:
    """Return a change of which pieces are shown, each with its salt; the head says their lengths."""

    def applied(parts: Parts) -> None:
        leaves = apply(_leaves_of(parts))
        parts.head["ranges"][-1]["lengths"] = [len(one) - 16 for one in leaves]
        parts.body = bytearray(b"".join(leaves))

    return applied


def _borrow(leaves: list[bytes]) -> list[bytes]:
    """Put the same piece with the salt of another tree in the place of the last."""
    key = seed_of("another")
    (salt,) = release_pieces(collect(MESSAGES, key), key, 5, 6, MESSAGES[5]).salts
    return [*leaves[:-1], salt + MESSAGES[5]]


def set_new(name: str, value: Any) -> Change:
    def apply(parts: Parts) -> None:
        parts.head[name] = value

    return apply


def _respell(parts: Parts) -> bytes:
    spelt = json.dumps(parts.head).encode()
    return FORMAT + len(spelt).to_bytes(4, "big") + spelt + parts.body


def _other_extra(text: str) -> str:
    first, extra, *rest = text.split("\n")
    return "\n".join((first, extra[:-5] + ("A" if extra[-5] != "A" else "B") + extra[-4:], *rest))


def _without_extra(text: str) -> str:
    return "\n".join(one for one in text.split("\n") if not one.startswith("extra"))


def _next_index(text: str) -> str:
    first, extra, index, *rest = text.split("\n")
    return "\n".join((first, extra, f"index {int(index[6:]) + 1}", *rest))


def _with_entry(apply: Callable[[list[str], dict[str, str]], Sequence[str]]) -> Change:
    """Return a change of the entry's disclosures; it is given those shown, and by name all that the entry has."""

    def applied(parts: Parts) -> None:
        jwt, *shown, _ = parts.head["entry"].split("~")
        _, opened = build_scene().log.entries[MATTER, build_scene().exhibits["thread"].seq]
        everything = {one.name: one.encoded for one in opened.presentation.disclosures}
        parts.head["entry"] = "~".join((jwt, *apply(shown, everything))) + "~"

    return applied


def _entry_of_another(parts: Parts) -> None:
    other = take_apart(excerpt("note", (0, 1))).head
    parts.head["entry"], parts.head["receipt"] = other["entry"], other["receipt"]


def _lodged_again(key: RecordKey, *, published_after: bool = False, change: Any = None) -> bytes:
    """Return an excerpt of the thread, lodged once more and signed by `key`, whoever holds that."""
    scene = deepcopy(build_scene())
    whole = scene.exhibits["thread"]
    act = ExhibitLodged(
        exhibit="forged",
        kind="recording",
        obtained="found",
        form="messages",
        pieces=len(whole.pieces),
        tree=compute_packed_root(whole.pieces.hashes).hex(),
    )
    entry = scene.log.next_entry(MATTER, act, "m03")
    scene.log.append(entry, record_key=key, change=change)
    scene.exhibits["forged"] = replace(whole, name="forged", seq=entry.seq)
    if published_after:
        scene.key_at = scene.log.publish(key)
    forged: bytes = with_ed25519(lambda: scene.excerpt("forged", (2, 6)))
    return forged


_OTHER_KEY = RecordKey.from_seed("record-2", seed_of("another record key"))
_SAME_NAME = RecordKey.from_seed("record-1", seed_of("another record key"))


def _unwitnessed() -> bytes:
    scene = build_scene()
    parts = take_apart(excerpt(*_of("messages")))
    alone = with_ed25519(lambda: scene.log.checkpoint(ED25519_ONLY.log_keys))
    head, _, _ = parts.head["receipt"].partition("\n\n")
    parts.head["receipt"] = f"{head}\n\n{alone.encode()}"
    return parts.join()


def _changed(apply: Change) -> Callable[[], bytes]:
    return lambda: change(apply)


def _set(path: str, value: Any) -> Callable[[], bytes]:
    return lambda: change(set_at(path, value))


def _entry(apply: Callable[[list[str], dict[str, str]], Sequence[str]]) -> Callable[[], bytes]:
    return lambda: change(_with_entry(apply))


def _shown(apply: Callable[[list[bytes]], Sequence[bytes]]) -> Callable[[], bytes]:
    return lambda: change(_with_leaves(apply))


def _taken(name: str, *ranges: tuple[int, int]) -> Callable[[], bytes]:
    return lambda: excerpt(name, *ranges)


#: Each forgery, what makes it, and the code that refuses it; both verifiers say the same.
FORGERIES: dict[str, tuple[Callable[[], bytes], str]] = {
    "format-of-later-release": (lambda: b"alteram-excerpt/2" + forge_nothing()[17:], "excerpt.format"),
    "something-behind": (lambda: forge_nothing() + b"\n", "excerpt.form"),
    "cut-short": (lambda: forge_nothing()[:-1], "excerpt.form"),
    "member-missing": (_changed(lambda parts: parts.head.pop("successions")), "excerpt.form"),
    "member-too-many": (_changed(set_new("extra", 1)), "excerpt.form"),
    "no-ranges": (_set("ranges", []), "excerpt.form"),
    "length-is-true": (_set("ranges/0/lengths/2", True), "excerpt.form"),
    "head-in-another-spelling": (lambda: _respell(take_apart(forge_nothing())), "excerpt.form"),
    "organisation-is-no-identifier": (_set("organisation", "A caucus"), "form"),
    "organisation-is-another": (_set("organisation", "senate"), "statement.organisation"),
    "policy-malformed": (_set("policy", "quorum\n"), "policy.line"),
    "not-witnessed": (_unwitnessed, "policy.quorum"),
    "older-checkpoint-not-continued": (_set("checkpoints/0/consistency/0", _flip), "proof.root"),
    "older-checkpoint-twice": (
        _set("checkpoints", lambda one: [one[0], one[0]]),
        "excerpt.checkpoints",
    ),
    "record-key-elsewhere": (_set("record_key/index", 1), "proof.root"),
    "record-key-of-another-statement": (
        _set("record_key/statement", lambda text: text.replace("caucus", "senate")),
        "proof.root",
    ),
    "record-key-is-a-succession": (
        _changed(lambda parts: parts.head.update(record_key=parts.head["successions"].pop())),
        "statement.form",
    ),
    "succession-is-the-record-key": (
        _changed(lambda parts: parts.head.update(successions=[parts.head["record_key"]])),
        "receipt.index",
    ),
    "entry-signed-by-an-unpublished-key": (lambda: _lodged_again(_OTHER_KEY), "entry.key"),
    "entry-older-than-its-record-key": (lambda: _lodged_again(_OTHER_KEY, published_after=True), "entry.key"),
    "entry-signed-by-another-key-of-the-name": (lambda: _lodged_again(_SAME_NAME), "jwt.signature"),
    "entry-says-a-truth-for-a-number": (
        lambda: _lodged_again(RECORD_KEY, change={"act.pieces": True}),
        "excerpt.lodging",
    ),
    "blinding-is-another": (_set("receipt", _other_extra), "proof.root"),
    "blinding-left-out": (_set("receipt", _without_extra), "receipt.extra"),
    "entry-elsewhere": (_set("receipt", _next_index), "proof.root"),
    "entry-shows-who-lodged-it": (_entry(lambda shown, every: [*shown, every["actor"]]), "excerpt.claims"),
    "entry-shows-its-title": (_entry(lambda shown, every: [*shown, every["act.title"]]), "excerpt.claims"),
    "entry-hides-the-number-of-pieces": (
        _entry(lambda _, every: [every[one] for one in SHOWN if one != "act.pieces"]),
        "excerpt.claims",
    ),
    "entry-in-another-order": (_entry(lambda shown, _: shown[::-1]), "excerpt.claims"),
    "entry-of-another-exhibit": (_changed(_entry_of_another), "proof.range"),
    "entry-lodges-nothing": (_taken("only-ruled", (2, 6)), "excerpt.lodging"),
    "entry-says-no-pieces": (_taken("uncut", (2, 6)), "excerpt.lodging"),
    "entry-names-no-root": (_taken("of-no-tree", (2, 6)), "excerpt.lodging"),
    "entry-says-unknown-form": (_taken("in-no-form", (2, 6)), "excerpt.lodging"),
    "entry-says-more-pieces-than-there-are": (_taken("of-more-pieces", (2, 6)), "proof.too-short"),
    "header-missing": (_taken("recording", (3, 4)), "excerpt.ranges"),
    "header-twice": (_taken("recording", (0, 1), (0, 1)), "excerpt.ranges"),
    "header-not-alone": (_taken("recording", (0, 2), (9, 10)), "excerpt.ranges"),
    "header-and-range-are-one": (_taken("recording", (0, 1), (1, 2)), "excerpt.ranges"),
    "header-where-none-is-needed": (_taken("thread", (0, 1), (3, 6)), "excerpt.ranges"),
    "header-changed": (lambda: change(_flip_body(16), "far-off"), "proof.root"),
    "pieces-said-to-stand-elsewhere": (_set("ranges/0/first", 3), "proof.too-short"),
    "piece-said-to-stand-elsewhere": (lambda: change(set_at("ranges/0/first", 1), "first-message"), "proof.root"),
    "pieces-beyond-the-end": (_set("ranges/0/first", 8), "proof.range"),
    "pieces-swapped": (_shown(lambda one: [*one[:2], one[3], one[2]]), "proof.root"),
    "piece-left-out-at-the-end": (_shown(lambda one: one[:-1]), "proof.too-short"),
    "piece-left-out-in-the-middle": (_shown(lambda one: [*one[:1], *one[2:]]), "proof.too-short"),
    "piece-twice": (_shown(lambda one: [*one, one[-1]]), "proof.root"),
    "piece-changed": (_shown(lambda one: [*one[:-1], one[-1][:-1] + b"!"]), "proof.root"),
    "piece-lengthened": (_shown(lambda one: [*one[:-1], one[-1] + b"!"]), "proof.root"),
    "pieces-cut-elsewhere": (
        _set("ranges/0/lengths", lambda one: [one[0] + 1, one[1], one[2] - 1, one[3]]),
        "proof.root",
    ),
    "salt-changed": (lambda: change(_flip_body(0)), "proof.root"),
    "salt-of-another-exhibit": (_shown(_borrow), "proof.root"),
    "proof-changed": (_set("ranges/0/proof/0", _flip), "proof.root"),
    "proof-too-long": (_set("ranges/0/proof", lambda one: [*one, one[0]]), "proof.too-long"),
    "proof-too-short": (_set("ranges/0/proof", lambda one: one[1:]), "proof.too-short"),
    "proof-in-another-order": (_set("ranges/0/proof", lambda one: one[::-1]), "proof.root"),
    "bytes-cut-unevenly": (_taken("cut-unevenly", (2, 6)), "excerpt.lengths"),
}


def forge_nothing() -> bytes:
    return excerpt(*_of("messages"))


def forge(name: str) -> bytes:
    return FORGERIES[name][0]()


# -- asking


def ask_first(data: bytes, policy: bytes | None = None) -> Verdict:
    try:
        verify_excerpt(data, None if policy is None else parse_policy(policy))
    except (RecordError, PolicyError) as error:
        return Verdict(False, error.code, getattr(error, "where", ""))
    return Verdict(True)


def ask_second(data: bytes, policy: bytes | None = None) -> Verdict:
    try:
        verify(data, policy)
    except Failure as failure:
        return Verdict(False, failure.code, failure.where)
    return Verdict(True)
