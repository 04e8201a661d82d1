"""Verify an export from the file and a policy alone: no network, no database, no clock.

Steps, as docs/spec/record.md section 7 numbers them:
 1. the container (see `archive`) and the manifest
 2. the checkpoint: signed by the log and by the policy's quorum of witnesses; older ones: signed by the log, continued
 3. public statements are in the log; they publish the record keys, each before it is used
 4. every entry: its receipt, its commitment, the record key's signature, each disclosure, the author's signature
 5. every stream: order, links, time, completeness
 6. every rulebook and pack has the digest it is named by; one that a ruling names and that is absent is reported
It says what was disclosed and what withheld, and between which times each entry was recorded (see `bounds`).
It does not say whether the matter was fair: see `rules.assess`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from alteram.core.kernel.canonical import Json, encode_canonical, parse_canonical
from alteram.core.kernel.ed25519 import is_small_order
from alteram.core.kernel.errors import AlteramError
from alteram.core.kernel.identifiers import parse_identifier
from alteram.core.kernel.instants import parse_instant
from alteram.core.record.archive import Archive, build_file_digest
from alteram.core.record.bounds import (
    Checkpoints,
    DatedCheckpoint,
    EntryTimes,
    TimeBounds,
    date_checkpoint,
    tell_times_not_borne_out,
)
from alteram.core.record.claims import check_claims
from alteram.core.record.entry import is_signed_by_author
from alteram.core.record.errors import RecordError
from alteram.core.record.export import FORMAT
from alteram.core.record.papers import are_paper_and_act
from alteram.core.record.successions import tell_succession
from alteram.core.tlog import (
    Checkpoint,
    Note,
    Policy,
    TlogProof,
    hash_leaf,
    parse_checkpoint,
    parse_consistency,
    parse_note_unverified,
    parse_policy,
    parse_tlog_proof,
    verify_checkpoint_note,
    verify_consistency,
    verify_leaf,
    verify_log_note,
)
from alteram.core.vault import (
    Presentation,
    build_entry_leaf,
    decode_base64url,
    encode_base64url,
    is_signed_by_passkey,
    parse_presentation,
    parse_statement_leaf,
    verify_author,
)


@dataclass(frozen=True, slots=True)
class VerifiedEntry:
    """One entry of an export, verified. `claims` holds what is disclosed; `bounds` when it was recorded."""

    name: str
    leaf_hash: bytes
    index: int
    presentation: Presentation
    claims: Mapping[str, Json]
    author: str
    bounds: TimeBounds


@dataclass(slots=True)
class _Tally:
    entries: int = 0
    disclosed: int = 0
    withheld: int = 0
    authored: int = 0
    by_passkey: int = 0
    from_paper: int = 0
    reported: int = 0


@dataclass(frozen=True, slots=True)
class VerifiedStream:
    """What was verified of one stream. `complete` is true when nothing is missing from its beginning to its tail.

    `times` has one element for each entry, in order; `first_at` and `last_at` are what entries say of themselves.
    """

    name: str
    entries: int
    complete: bool
    closed: bool
    first_at: datetime | None
    last_at: datetime | None
    times: tuple[EntryTimes, ...]

    @property
    def first_bounds(self) -> TimeBounds:
        """Return when the first entry was recorded."""
        return self.times[0].bounds if self.times else TimeBounds()

    @property
    def last_bounds(self) -> TimeBounds:
        """Return when the last entry was recorded."""
        return self.times[-1].bounds if self.times else TimeBounds()


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
    signed_by_passkey: int
    read_from_paper: int
    rulebooks: tuple[str, ...]
    absent_rulebooks: tuple[str, ...]
    notes: tuple[str, ...] = field(default=())


def verify_export(source: BinaryIO, policy: Policy | None = None) -> VerificationReport:
    """Return what an export shows, every step verified. Without `policy` the one inside is used; the report says so.

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
        self._record_keys: dict[str, tuple[int, bytes]] = {}
        self._indices: set[int] = set()
        self._tally = _Tally()
        self._named_rulebooks: set[str] = set()
        self._successions: list[str] = []

    def verify(self) -> VerificationReport:
        self.prepare()
        self._check_rest()
        streams = tuple(self._verify_stream(name) for name in self.stream_names())
        rulebooks = self._verify_rulebooks()
        manifest, tally = self._manifest, self._tally
        notes = (
            [] if self._given_policy is not None else ["Trust was taken from the policy inside the file; use your own."]
        )
        if not self._witnessed:
            notes.append("No witness cosigned the checkpoint: only the log itself vouches for its time.")
        notes.extend(self._successions)
        notes.extend(filter(None, (tell_times_not_borne_out(one.name, one.times) for one in streams)))
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
            signed_by_passkey=tally.by_passkey,
            read_from_paper=tally.from_paper,
            rulebooks=rulebooks,
            absent_rulebooks=tuple(sorted(self._named_rulebooks - set(rulebooks))),
            notes=tuple(notes),
        )

    def prepare(self) -> None:
        self._manifest = self._read_manifest()
        self._verify_checkpoint()
        self._verify_older_checkpoints()
        self._verify_statements()

    def stream_names(self) -> list[str]:
        return sorted({name.split("/")[1] for name in self._archive.names if name.startswith("streams/")})

    def _read_manifest(self) -> Mapping[str, Json]:
        where = "manifest.json"
        with _step(where, "1"):
            value = parse_canonical(self._archive.read(where))
        manifest = value if isinstance(value, Mapping) else {}
        version, organisation, matter = (manifest.get(name) for name in ("format", "organisation", "matter"))
        if not (isinstance(version, str) and isinstance(organisation, str) and isinstance(matter, str)):
            raise RecordError("manifest.form", "The manifest is not that of an export (step 1).", where=where)
        if version != FORMAT:
            raise RecordError("manifest.format", "This release does not know the format (step 1).", where=where)
        with _step(where, "1"):
            parse_identifier(organisation)
            parse_identifier(matter)
        counts = {
            name: sum(1 for _ in self._archive.under(f"streams/{name}", ".sd-jwt")) for name in self.stream_names()
        }
        if encode_canonical(manifest.get("streams")) != encode_canonical(counts) or matter not in counts:
            raise RecordError(
                "manifest.streams", "An entry was removed from the file or added to it (step 1).", where=where
            )
        return manifest

    def _check_rest(self) -> None:
        """Check that every receipt belongs to something, and read what nothing below reads."""
        for name in self._archive.names:
            owner = _find_owner(name)
            if owner and owner not in self._archive:
                raise RecordError("archive.orphan", "The proof belongs to nothing (step 1).", where=name)
            if name == "README.txt":
                self._archive.read(name)

    def _verify_checkpoint(self) -> None:
        enclosed = self._archive.read("policy")
        with _step("policy", "2"):
            policy = parse_policy(enclosed) if self._given_policy is None else self._given_policy
        with _step("checkpoint", "2"):
            note = parse_note_unverified(self._archive.read("checkpoint"))
            self._checkpoint = parse_checkpoint(note.text)
            signatures = verify_checkpoint_note(note, policy, self._checkpoint.origin)
        self._policy = policy
        self._own = date_checkpoint(self._checkpoint, signatures, policy)
        self._text, self._lines = note.text, frozenset(note.lines)
        self._signers = tuple((one.key.name, one.timestamp) for one in signatures)
        witnesses = {one.key for one in policy.witnesses}
        self._witnessed = any(one.key in witnesses for one in signatures)

    def _verify_older_checkpoints(self) -> None:
        names = [name for name in self._archive.under("checkpoints", "") if not name.endswith(".consistency")]
        self._checkpoints = Checkpoints([self._verify_older(name) for name in names], self._own)

    def _verify_older(self, name: str) -> DatedCheckpoint:
        with _step(name, "2"):
            note = parse_note_unverified(self._archive.read(name))
            checkpoint = parse_checkpoint(note.text)
            if checkpoint.origin != self._checkpoint.origin:
                raise RecordError("checkpoint.origin", "The checkpoint is of another log.")
            if checkpoint.size != int(name[-16:]):
                raise RecordError("checkpoint.name", f"The checkpoint is of size {checkpoint.size}.")
            signatures = verify_log_note(note, self._policy, checkpoint.origin)
        where = f"{name}.consistency"
        with _step(where, "2"):
            verify_consistency(
                size1=checkpoint.size,
                root1=checkpoint.root,
                size2=self._checkpoint.size,
                root2=self._checkpoint.root,
                proof=parse_consistency(self._archive.read(where)),
            )
        return date_checkpoint(checkpoint, signatures, self._policy)

    def _verify_statements(self) -> None:
        for name in self._archive.under("statements", ".leaf"):
            leaf = self._archive.read(name)
            with _step(name, "3"):
                statement = parse_statement_leaf(leaf)
                receipt = self._read_receipt(name, step="3")
                self._verify_place(receipt, hash_leaf(leaf))
                if receipt.index != int(name[-13:-5]):
                    raise RecordError("statement.index", f"The statement stands at {receipt.index} in the log.")
                if statement["statement"] == "record-key":
                    self._publish(statement, receipt.index)
                self._successions.extend(filter(None, [tell_succession(statement)]))

    def _publish(self, statement: Mapping[str, Json], index: int) -> None:
        match statement:
            case {"kid": str() as kid, "key": str() as key} if kid:
                public = decode_base64url(key)
            case _:
                raise RecordError("statement.form", "The statement does not publish a record key.")
        if len(public) != 32 or is_small_order(public):
            raise RecordError("statement.key", "The record key is one that anybody could sign for, or none.")
        if statement.get("organisation", self._manifest["organisation"]) != self._manifest["organisation"]:
            raise RecordError("statement.organisation", "The record key is that of another organisation.")
        if kid in self._record_keys:
            raise RecordError("statement.kid", "A record key of this name was published already.")
        self._record_keys[kid] = index, public

    def _read_receipt(self, name: str, *, step: str) -> TlogProof:
        where = f"{name.rpartition('.')[0]}.tlog-proof"
        with _step(where, step):
            receipt = parse_tlog_proof(self._archive.read(where), notes=self._notes)
            if receipt.checkpoint.text != self._text or not self._lines.issuperset(receipt.checkpoint.lines):
                raise RecordError("receipt.checkpoint", "The receipt is under another checkpoint.")
            extra = receipt.extra
            if step == "4" and (extra is None or len(extra) != 33 or extra[0] != 1):
                raise RecordError("receipt.extra", "The receipt does not carry the entry's blinding.")
        return receipt

    def _verify_place(self, receipt: TlogProof, leaf_hash: bytes) -> None:
        verify_leaf(receipt, leaf_hash)
        if receipt.index in self._indices:
            raise RecordError("receipt.index", "Two members of the file are the same leaf of the log.")
        self._indices.add(receipt.index)

    def entries_of(self, stream: str) -> Iterator[VerifiedEntry]:
        for name in self._archive.under(f"streams/{stream}", ".sd-jwt"):
            with _step(name, "4"):
                entry = self._verify_entry(name)
            yield entry

    def _verify_entry(self, name: str) -> VerifiedEntry:
        presentation = parse_presentation(self._archive.read(name))
        receipt = self._read_receipt(name, step="4")
        leaf_hash = hash_leaf(build_entry_leaf(presentation.jwt.encoded, (receipt.extra or b"")[1:]))
        self._verify_place(receipt, leaf_hash)
        self._verify_signature(presentation, receipt.index)
        claims = presentation.claims
        check_claims(claims)
        bounds = self._checkpoints.bound(receipt.index, self._check_seen(claims, receipt.index))
        covered = frozenset(one for one in claims if is_signed_by_author(one))
        author = verify_author(presentation, covered, claims)
        self._count(presentation, claims, author)
        return VerifiedEntry(name, leaf_hash, receipt.index, presentation, claims, author, bounds)

    def _verify_signature(self, presentation: Presentation, index: int) -> None:
        published = self._record_keys.get(presentation.jwt.kid)
        if published is None or published[0] >= index:
            raise RecordError("entry.key", "The entry is signed by a record key that the log had not published before.")
        presentation.jwt.verify(published[1])

    def _check_seen(self, claims: Mapping[str, Json], index: int) -> int | None:
        """Return the size of the checkpoint of this log that the entry says it has seen, if it says so."""
        match claims.get("seen"):
            case {"origin": self._checkpoint.origin, "size": int() as size, "root": str() as root}:
                pass
            case _:
                return None
        if size > index:
            raise RecordError("entry.seen", "The entry says it saw a checkpoint that already held it.")
        known = self._checkpoints.find_root(size)
        if known is not None and known != decode_base64url(root):
            raise RecordError("entry.seen", "The entry says it saw another checkpoint than the log signed.")
        return size

    def _count(self, presentation: Presentation, claims: Mapping[str, Json], author: str) -> None:
        tally, fields = self._tally, claims.get("fields")
        tally.entries += 1
        tally.disclosed += len(claims)
        tally.authored += author == "verified"
        tally.by_passkey += author == "verified" and is_signed_by_passkey(claims)
        if isinstance(fields, list):
            if not claims.keys() <= set(fields):
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
        complete, closed = True, False
        times: list[EntryTimes] = []
        given: list[datetime] = []
        for entry in self.entries_of(stream):
            with _step(entry.name, "5"):
                complete &= self._verify_link(stream, previous, entry)
                at = _find_instant(entry.claims.get("at"))
                if at is not None and given and at < given[-1]:
                    raise RecordError("stream.time", "Time runs backwards.")
            given.extend([] if at is None else [at])
            times.append(EntryTimes(_number(entry.name), at, entry.bounds))
            closed = str(entry.claims.get("act", "")).startswith("matter.closed/")
            if previous is not None and _number(previous.name) + 1 == _number(entry.name):
                self._tally.from_paper += are_paper_and_act(previous.claims, entry.claims)
            previous = entry
        first_at, last_at = (given[0], given[-1]) if given else (None, None)
        return VerifiedStream(stream, len(times), complete, closed, first_at, last_at, tuple(times))

    def _verify_link(self, stream: str, previous: VerifiedEntry | None, entry: VerifiedEntry) -> bool:
        """Verify what is disclosed of the entry's place; return whether it provably follows the one before it."""
        seq = entry.claims.get("seq")
        named = _number(entry.name)
        if seq is not None and seq != named:
            raise RecordError("stream.seq", f"The entry says it is number {seq}.")
        if entry.claims.get("stream", stream) != stream:
            raise RecordError("stream.name", "The entry belongs to another stream.")
        if previous is not None and entry.index <= previous.index:
            raise RecordError("stream.order", "The entry stands in the log before the one it follows.")
        follows = named == 0 or (previous is not None and previous.name.endswith(f"/{named - 1:08d}.sd-jwt"))
        if "prev" not in entry.claims or not follows:
            return False
        expected = None if previous is None or named == 0 else encode_base64url(previous.leaf_hash)
        if entry.claims["prev"] != expected:
            raise RecordError("stream.prev", "The entry does not follow the one before it.")
        return seq is not None

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


def _number(name: str) -> int:
    """Return the number in the name of an entry's member."""
    return int(name[-15:-7])


def _find_instant(value: Json) -> datetime | None:
    return parse_instant(value) if isinstance(value, str) else None


def _find_owner(name: str) -> str:
    """Return the name of the member that a proof belongs to; nothing for what is no proof."""
    stem, _, ending = name.rpartition(".")
    if ending == "consistency":
        return stem
    if ending != "tlog-proof":
        return ""
    return f"{stem}.{'leaf' if name.startswith('statements/') else 'sd-jwt'}"


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
