"""Verify an export from the file and a policy alone: no network, no database, no clock.

Steps, as docs/spec/record.md section 7 numbers them:
 1. the container (see `archive`)
 2. the checkpoint: signed by the log and by the policy's quorum of witnesses
 3. public statements are in the log; they publish the record keys
 4. every entry: its receipt, its commitment, the record key's signature, each disclosure, the author's signature
 5. every stream: order, links, time, completeness
 6. every rulebook that a ruling names is there and has the digest the ruling names, or is reported as absent
It says what was disclosed and what withheld. It does not say whether the matter was fair: see `rules.assess`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from alteram.core.kernel.canonical import Json, parse_canonical
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.instants import parse_instant
from alteram.core.record.archive import Archive, build_file_digest
from alteram.core.record.entry import is_signed_by_author
from alteram.core.record.errors import RecordError
from alteram.core.record.export import FORMAT
from alteram.core.tlog import (
    Checkpoint,
    Note,
    Policy,
    hash_leaf,
    parse_checkpoint,
    parse_note_unverified,
    parse_policy,
    parse_tlog_proof,
    verify_checkpoint_note,
    verify_leaf,
)
from alteram.core.vault import (
    Presentation,
    build_entry_leaf,
    decode_base64url,
    encode_base64url,
    parse_presentation,
    parse_statement_leaf,
    verify_author,
)


@dataclass(frozen=True, slots=True)
class VerifiedEntry:
    """One entry of an export, verified. `claims` holds what is disclosed."""

    name: str
    leaf_hash: bytes
    index: int
    presentation: Presentation
    claims: Mapping[str, Json]
    author: str


@dataclass(slots=True)
class _Tally:
    entries: int = 0
    disclosed: int = 0
    withheld: int = 0
    authored: int = 0
    reported: int = 0


@dataclass(frozen=True, slots=True)
class VerifiedStream:
    """What was verified of one stream. `complete` is true when nothing is missing from its beginning to its tail."""

    name: str
    entries: int
    complete: bool
    closed: bool
    first_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """What verified. Times are POSIX seconds of cosignatures; empty where nobody outside cosigned."""

    organisation: str
    matter: str
    checkpoint: Checkpoint
    signers: tuple[tuple[str, int], ...]
    witnessed: bool
    streams: tuple[VerifiedStream, ...]
    entries: int
    fields_disclosed: int
    fields_withheld: int
    signed_by_author: int
    rulebooks: tuple[str, ...]
    absent_rulebooks: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())


def verify_export(source: BinaryIO, policy: Policy | None = None) -> VerificationReport:
    """Return what an export shows, every step verified. Without `policy` the one inside is used, and the report says so.

    Raises: RecordError naming the member and the step that fails.
    """
    archive = Archive(source)
    verifier = _Verifier(archive, policy)
    return verifier.verify()


def iterate_entries(source: BinaryIO, policy: Policy | None = None) -> Iterator[VerifiedEntry]:
    """Yield every entry of an export after verifying it, streams in the order of their names. Raises: RecordError."""
    verifier = _Verifier(Archive(source), policy)
    verifier.prepare()
    for stream in verifier.stream_names():
        yield from verifier.entries_of(stream)


class _Verifier:
    def __init__(self, archive: Archive, policy: Policy | None) -> None:
        self._archive = archive
        self._given_policy = policy
        self._notes: dict[bytes, Note] = {}
        self._record_keys: dict[str, bytes] = {}
        self._tally = _Tally()
        self._named_rulebooks: set[str] = set()

    def verify(self) -> VerificationReport:
        self.prepare()
        streams = tuple(self._verify_stream(name) for name in self.stream_names())
        rulebooks = self._verify_rulebooks()
        manifest, tally = self._manifest, self._tally
        notes = (
            [] if self._given_policy is not None else ["Trust was taken from the policy inside the file; use your own."]
        )
        if not self._witnessed:
            notes.append("No witness cosigned the checkpoint: only the log itself vouches for its time.")
        return VerificationReport(
            organisation=str(manifest["organisation"]),
            matter=str(manifest["matter"]),
            checkpoint=self._checkpoint,
            signers=self._signers,
            witnessed=self._witnessed,
            streams=streams,
            entries=tally.entries,
            fields_disclosed=tally.disclosed,
            fields_withheld=tally.withheld,
            signed_by_author=tally.authored,
            rulebooks=rulebooks,
            absent_rulebooks=tuple(sorted(self._named_rulebooks - set(rulebooks))),
            notes=tuple(notes),
        )

    def prepare(self) -> None:
        self._manifest = self._read_manifest()
        self._verify_checkpoint()
        self._verify_statements()

    def stream_names(self) -> list[str]:
        return sorted({name.split("/")[1] for name in self._archive.names if name.startswith("streams/")})

    def _read_manifest(self) -> Mapping[str, Json]:
        with _step("manifest.json", "1"):
            value = parse_canonical(self._archive.read("manifest.json"))
        if not isinstance(value, Mapping) or value.get("format") != FORMAT or not isinstance(value.get("matter"), str):
            raise RecordError("manifest.form", "The manifest is not that of an export (step 1).", where="manifest.json")
        counts = {
            name: sum(1 for _ in self._archive.under(f"streams/{name}", ".sd-jwt")) for name in self.stream_names()
        }
        if value.get("streams") != counts or not isinstance(value.get("organisation"), str):
            raise RecordError(
                "manifest.streams", "An entry was removed from the file or added to it (step 1).", where="manifest.json"
            )
        return value

    def _verify_checkpoint(self) -> None:
        with _step("policy", "2"):
            policy = self._given_policy or parse_policy(self._archive.read("policy"))
        with _step("checkpoint", "2"):
            note = parse_note_unverified(self._archive.read("checkpoint"))
            self._checkpoint = parse_checkpoint(note.text)
            signatures = verify_checkpoint_note(note, policy, self._checkpoint.origin)
        self._text, self._lines = note.text, frozenset(note.lines)
        self._signers = tuple((one.key.name, one.timestamp) for one in signatures)
        witnesses = {one.key for one in policy.witnesses}
        self._witnessed = any(one.key in witnesses for one in signatures)

    def _verify_statements(self) -> None:
        for name in self._archive.under("statements", ".leaf"):
            leaf = self._archive.read(name)
            with _step(name, "3"):
                self._verify_receipt(name, leaf)
                statement = parse_statement_leaf(leaf)
                if statement["statement"] == "record-key":
                    self._record_keys[str(statement["kid"])] = decode_base64url(str(statement["key"]))

    def _verify_receipt(self, name: str, leaf: bytes | None) -> tuple[int, bytes | None]:
        receipt = parse_tlog_proof(self._archive.read(f"{name.rpartition('.')[0]}.tlog-proof"), notes=self._notes)
        if receipt.checkpoint.text != self._text or not self._lines.issuperset(receipt.checkpoint.lines):
            raise RecordError("receipt.checkpoint", "The receipt is under another checkpoint.")
        if leaf is not None:
            verify_leaf(receipt, hash_leaf(leaf))
        self._receipt = receipt
        return receipt.index, receipt.extra

    def entries_of(self, stream: str) -> Iterator[VerifiedEntry]:
        for name in self._archive.under(f"streams/{stream}", ".sd-jwt"):
            with _step(name, "4"):
                entry = self._verify_entry(name)
            yield entry

    def _verify_entry(self, name: str) -> VerifiedEntry:
        presentation = parse_presentation(self._archive.read(name))
        index, extra = self._verify_receipt(name, None)
        if extra is None or len(extra) != 33 or extra[0] != 1:
            raise RecordError("receipt.extra", "The receipt does not carry the entry's blinding.")
        leaf_hash = hash_leaf(build_entry_leaf(presentation.jwt.encoded, extra[1:]))
        verify_leaf(self._receipt, leaf_hash)
        key = self._record_keys.get(presentation.jwt.kid)
        if key is None:
            raise RecordError("entry.key", "The entry is signed by a record key that the log never published.")
        presentation.jwt.verify(key)
        claims = presentation.claims
        covered = frozenset(one for one in claims if is_signed_by_author(one))
        author = verify_author(presentation, covered, claims)
        self._count(presentation, claims, author)
        return VerifiedEntry(name, leaf_hash, index, presentation, claims, author)

    def _count(self, presentation: Presentation, claims: Mapping[str, Json], author: str) -> None:
        tally, fields = self._tally, claims.get("fields")
        tally.entries += 1
        tally.disclosed += len(claims)
        tally.authored += author == "verified"
        if isinstance(fields, list):
            unlisted = set(claims) - set(fields)
            if unlisted:
                raise RecordError("entry.fields", "A field is disclosed that the entry does not list.")
            tally.withheld += len(fields) - len(claims)
        else:
            # Without the list of fields the rest may be decoys: only an upper bound is known.
            tally.withheld += len(presentation.jwt.digests) - len(claims)
        match claims.get("ruling"):
            case {"rulebook": str() as digest}:
                self._named_rulebooks.add(digest)
            case _:
                pass

    def _verify_stream(self, stream: str) -> VerifiedStream:
        previous: VerifiedEntry | None = None
        count, complete, closed = 0, True, False
        times: list[datetime] = []
        for entry in self.entries_of(stream):
            with _step(entry.name, "5"):
                complete &= self._verify_link(stream, previous, entry)
                at = entry.claims.get("at")
                if isinstance(at, str):
                    times.append(parse_instant(at))
                    if len(times) > 1 and times[-1] < times[-2]:
                        raise RecordError("stream.time", "Time runs backwards.")
            closed = str(entry.claims.get("act", "")).startswith("matter.closed/")
            previous, count = entry, count + 1
        return VerifiedStream(
            stream, count, complete, closed, times[0] if times else None, times[-1] if times else None
        )

    def _verify_link(self, stream: str, previous: VerifiedEntry | None, entry: VerifiedEntry) -> bool:
        """Verify what is disclosed of the entry's place; return whether it provably follows the one before it."""
        seq = entry.claims.get("seq")
        named = int(entry.name.rpartition("/")[2].removesuffix(".sd-jwt"))
        if seq is not None and seq != named:
            raise RecordError("stream.seq", f"The entry says it is number {seq}.")
        if entry.claims.get("stream", stream) != stream:
            raise RecordError("stream.name", "The entry belongs to another stream.")
        if "prev" not in entry.claims or seq is None:
            return False
        expected = None if named == 0 else previous and encode_base64url(previous.leaf_hash)
        follows = named == 0 or (previous is not None and previous.name.endswith(f"/{named - 1:08d}.sd-jwt"))
        if follows and entry.claims["prev"] != expected:
            raise RecordError("stream.prev", "The entry does not follow the one before it.")
        if previous is not None and entry.index <= previous.index:
            raise RecordError("stream.order", "The entry stands in the log before the one it follows.")
        return follows

    def _verify_rulebooks(self) -> tuple[str, ...]:
        found = []
        for folder in ("packs", "rulebooks"):
            for name in self._archive.under(folder, ".json"):
                digest = name.rpartition("/")[2].removesuffix(".json")
                if build_file_digest(self._archive.read(name)) != digest:
                    raise RecordError("rulebook.digest", "The rules are not those of this digest (step 6).", where=name)
                if folder == "rulebooks":
                    found.append(digest)
        return tuple(sorted(found))


class _step:  # noqa: N801 - reads as a word where it is used
    """Name the member and the step in whatever error comes out of a step."""

    def __init__(self, where: str, step: str) -> None:
        self._where = where
        self._step = step

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, RecordError) and error.where:
            return
        if isinstance(error, AlteramError):
            code = getattr(error, "code", "form")
            raise RecordError(code, f"{error.problem} (step {self._step})", where=self._where) from error
