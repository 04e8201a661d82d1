"""An organisation's log in memory, and exports of it: the same every time, but for what ML-DSA draws itself."""

from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from io import BytesIO
from types import EllipsisType

from alteram.core.acts import Act, MatterAccepted, MatterClosed, MemberJoined, OrganisationFounded, ReportLodged
from alteram.core.kernel.canonical import Json, encode_canonical
from alteram.core.kernel.identifiers import OrganisationId, PersonId, StreamId
from alteram.core.record import (
    Entry,
    ExportedCheckpoint,
    ExportedEntry,
    ExportedStatement,
    Seen,
    encode_claims,
    write_export,
)
from alteram.core.record.archive import Archive, write_archive
from alteram.core.record.entry import is_signed_by_author
from alteram.core.tlog import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA44,
    ED25519,
    Checkpoint,
    Note,
    Policy,
    SignerKey,
    TlogProof,
    compute_root,
    encode_checkpoint,
    encode_policy,
    hash_leaf,
    parse_checkpoint,
    sign_note,
)
from alteram.core.tlog.merkle import build_consistency_proof, build_inclusion_proof
from alteram.core.tlog.policy import Group, Named
from alteram.core.vault import (
    AuthorKey,
    Disclosure,
    OpenedEntry,
    RecordKey,
    build_author_claim,
    build_decoy_leaf,
    build_disclosures,
    build_entry_leaf,
    build_statement_leaf,
    encode_base64url,
    parse_jwt_unverified,
    sign_jwt,
)
from alteram.core.vault.disclosures import build_disclosure

ORGANISATION = OrganisationId("caucus")
MATTER = StreamId("matter-1")
ORIGIN = "example.org/caucus"
START = datetime(2026, 3, 2, 9, 0, 0, tzinfo=UTC)
TIMESTAMP = 1_772_500_000
RULEBOOK = encode_canonical({"name": "sample", "version": "1"})
PACK = encode_canonical({"pack": "sample-standard"})


class Entropy:
    """Bytes that look random and are the same every time."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._drawn = 0

    def __call__(self, count: int) -> bytes:
        out = b""
        while len(out) < count:
            out += sha256(self._seed + self._drawn.to_bytes(8, "big")).digest()
            self._drawn += 1
        return out[:count]


def seed_of(name: str) -> bytes:
    return sha256(name.encode()).digest()


LOG_KEYS = (
    SignerKey.from_seed(ORIGIN, ED25519, seed_of("log")),
    SignerKey.from_seed(ORIGIN, COSIGNATURE_MLDSA44, seed_of("log-pq")),
)
WITNESSES = (
    SignerKey.from_seed("example.net/witness-a", COSIGNATURE_ED25519, seed_of("a")),
    SignerKey.from_seed("example.com/witness-b", COSIGNATURE_MLDSA44, seed_of("b")),
)


@dataclass(frozen=True)
class Signing:
    """Who signs the checkpoints of the logs that are built, and the policy that trusts them."""

    log_keys: tuple[SignerKey, ...]
    witnesses: tuple[SignerKey, ...]

    @property
    def policy(self) -> Policy:
        return Policy(
            tuple(Named(key.name, key.verifier) for key in self.log_keys),
            tuple(Named(name, key.verifier) for name, key in zip("ab", self.witnesses, strict=True)),
            (Group("both", 2, ("a", "b")),),
            "both",
        )


#: Every type of signature; and Ed25519 alone, which signs the same bytes every time.
ALL_TYPES = Signing(LOG_KEYS, WITNESSES)
ED25519_ONLY = Signing(
    LOG_KEYS[:1],
    (WITNESSES[0], SignerKey.from_seed("example.com/witness-b", COSIGNATURE_ED25519, seed_of("b"))),
)
SIGNING: ContextVar[Signing] = ContextVar("SIGNING", default=ALL_TYPES)
POLICY = ALL_TYPES.policy
RECORD_KEY = RecordKey.from_seed("record-1", seed_of("record"))


def author_of(person: str) -> AuthorKey:
    return AuthorKey.from_seed(seed_of(f"author {person}"))


@dataclass
class Log:
    """Leaves in order, and what opens those that are entries."""

    entropy: Entropy = field(default_factory=lambda: Entropy(b"exports"))
    leaves: list[bytes] = field(default_factory=list)
    entries: dict[tuple[StreamId, int], tuple[int, OpenedEntry]] = field(default_factory=dict)
    now: datetime = START
    heads: dict[StreamId, int] = field(default_factory=dict)
    #: When the log had each of these sizes, as entries have seen it.
    sizes: dict[int, datetime] = field(default_factory=dict)

    def state(self, statement: Mapping[str, str]) -> int:
        self.leaves.append(build_statement_leaf(statement))
        return len(self.leaves) - 1

    def publish(self, key: RecordKey = RECORD_KEY) -> int:
        return self.state(
            {
                "key": encode_base64url(key.public),
                "kid": key.kid,
                "organisation": ORGANISATION,
                "statement": "record-key",
            }
        )

    def decoy(self) -> None:
        self.leaves.append(build_decoy_leaf(self.entropy(32)))

    def next_entry(self, stream: StreamId, act: Act, actor: str) -> Entry:
        seq = self.heads.get(stream, -1) + 1
        prev = None if seq == 0 else hash_leaf(self.leaves[self.entries[stream, seq - 1][0]])
        self.sizes.setdefault(len(self.leaves), self.now + timedelta(minutes=2))
        self.now += timedelta(minutes=7)
        return Entry(
            stream=stream,
            seq=seq,
            prev=prev,
            act=act,
            actor=PersonId(actor),
            at=self.now,
            ruling={"result": "allowed", "rulebook": sha256(RULEBOOK).hexdigest()},
            reads=((StreamId("organisation"), 0),) if stream != "organisation" else (),
            seen=Seen(ORIGIN, len(self.leaves), compute_root(list(map(hash_leaf, self.leaves)))),
        )

    def append(
        self,
        entry: Entry,
        *,
        record_key: RecordKey = RECORD_KEY,
        author: AuthorKey | None = None,
        change: "Mapping[str, Json | EllipsisType] | None" = None,
        author_claim: "Json | EllipsisType" = ...,
    ) -> int:
        """Append an entry; `change` puts other claims in the place of its own, so that a forger can be played."""
        changed = {**encode_claims(entry), **(change or {})}
        claims = {name: value for name, value in changed.items() if not isinstance(value, EllipsisType)}
        disclosures = build_disclosures(claims, self.entropy)
        key = author_of(entry.actor or "") if author is None else author
        signed = build_author_claim(key, [one for one in disclosures if is_signed_by_author(one.name)])
        claim = signed if isinstance(author_claim, EllipsisType) else author_claim
        disclosures = (*disclosures, build_disclosure("author", claim, self.entropy(16)))
        return self.append_disclosures(entry.stream, entry.seq, disclosures, record_key)

    def append_disclosures(
        self, stream: StreamId, seq: int, disclosures: Sequence[Disclosure], record_key: RecordKey = RECORD_KEY
    ) -> int:
        """Append an entry of any disclosures, even such as nobody may write."""
        jwt, blinding = sign_jwt(disclosures, record_key, self.entropy), self.entropy(32)
        opened = OpenedEntry(blinding, parse_jwt_unverified(jwt), tuple(disclosures))
        return self.keep(stream, seq, opened, build_entry_leaf(jwt, blinding))

    def keep(self, stream: StreamId, seq: int, opened: OpenedEntry, leaf: bytes) -> int:
        self.leaves.append(leaf)
        self.entries[stream, seq] = len(self.leaves) - 1, opened
        self.heads[stream] = seq
        return len(self.leaves) - 1

    def perform(self, stream: StreamId, act: Act, actor: str) -> int:
        return self.append(self.next_entry(stream, act, actor))

    def checkpoint(self, signers: Sequence[SignerKey] | None = None) -> Note:
        signing = SIGNING.get()
        signers = (*signing.log_keys, *signing.witnesses) if signers is None else signers
        head = Checkpoint(ORIGIN, len(self.leaves), compute_root(list(map(hash_leaf, self.leaves))))
        return sign_note(encode_checkpoint(head), signers, timestamp=TIMESTAMP)

    def older(self, size: int, *, signers: Sequence[SignerKey] | None = None, at: int | None = None) -> Note:
        """Return the checkpoint that was signed when the log had this size."""
        signing = SIGNING.get()
        head = Checkpoint(ORIGIN, size, compute_root(list(map(hash_leaf, self.leaves[:size]))))
        timestamp = int(self.sizes[size].timestamp()) if at is None else at
        signed_by = (signing.log_keys[0], *signing.witnesses) if signers is None else signers
        return sign_note(encode_checkpoint(head), signed_by, timestamp=timestamp)

    def growth(self, old: int, new: int) -> tuple[bytes, ...]:
        """Return the proof that the log of size `new` continues that of size `old`."""
        hashes = list(map(hash_leaf, self.leaves))
        return build_consistency_proof(old, new, lambda start, end: compute_root(hashes[start:end]))

    def receipt(self, index: int, note: Note, extra: bytes | None = None) -> TlogProof:
        hashes = list(map(hash_leaf, self.leaves))
        path = build_inclusion_proof(index, len(hashes), lambda start, end: compute_root(hashes[start:end]))
        return TlogProof(index, path, note, extra)


def build_log() -> Log:
    """Return a log of a founded organisation and one short matter, with decoys between."""
    log, organisation = Log(), StreamId("organisation")
    log.publish()
    log.state({"statement": "retention", "years": "7"})
    founded = OrganisationFounded(
        name="A caucus",
        kind="parliamentary caucus",
        jurisdiction="nz",
        time_zone="Pacific/Auckland",
        secretary=PersonId("secretary"),
    )
    log.perform(organisation, founded, "secretary")
    log.perform(organisation, MemberJoined(people=tuple(PersonId(f"m{one:02}") for one in range(1, 9))), "secretary")
    log.decoy()
    report = ReportLodged(
        identity="named", about="person", text="What was said, in “quotes”.\n", people=(PersonId("m05"),)
    )
    log.perform(MATTER, report, "m03")
    log.perform(MATTER, MatterAccepted(procedure="conduct"), "case-manager")
    log.decoy()
    log.perform(MATTER, MatterClosed(approved_by=PersonId("chair"), lessons="None so far."), "case-manager")
    return log


@dataclass(frozen=True)
class Part:
    """What goes into an export. `keep` names the claims that are disclosed; None means all of them."""

    log: Log
    note: Note
    policy: bytes = field(default_factory=lambda: encode_policy(SIGNING.get().policy))
    keep: frozenset[str] | None = None
    streams: tuple[str, ...] | None = None
    without: frozenset[tuple[str, int]] = frozenset()
    rulebooks: tuple[bytes, ...] = (RULEBOOK,)
    packs: tuple[bytes, ...] = (PACK,)
    #: The older checkpoints that go in; None means all that some entry has seen.
    older: tuple[Note, ...] | None = None

    def checkpoints(self) -> Iterable[ExportedCheckpoint]:
        size, sizes = parse_checkpoint(self.note.text).size, sorted(self.log.sizes)
        older = map(self.log.older, (one for one in sizes if one < size)) if self.older is None else self.older
        return [ExportedCheckpoint(one, self.log.growth(parse_checkpoint(one.text).size, size)) for one in older]

    def entries(self) -> Iterable[ExportedEntry]:
        for (stream, seq), (index, opened) in sorted(self.log.entries.items()):
            if (self.streams is None or stream in self.streams) and (stream, seq) not in self.without:
                shown = opened.presentation
                kept = shown if self.keep is None else shown.redact(self.keep)
                yield ExportedEntry(stream, seq, kept, self.log.receipt(index, self.note, b"\x01" + opened.blinding))

    def statements(self) -> Iterable[ExportedStatement]:
        for index, leaf in enumerate(self.log.leaves):
            if leaf[:1] == b"\x03":
                yield ExportedStatement(leaf, self.log.receipt(index, self.note))

    def write(self) -> bytes:
        target = BytesIO()
        write_export(
            target,
            organisation=ORGANISATION,
            matter=MATTER,
            checkpoint=self.note,
            policy=self.policy,
            entries=self.entries(),
            statements=self.statements(),
            checkpoints=self.checkpoints(),
            rulebooks=self.rulebooks,
            packs=self.packs,
        )
        return target.getvalue()


def build_part() -> Part:
    """Return the whole of the sample log as it goes into an export. Not to be changed: `replace` gives another."""
    return _build_part(SIGNING.get())


@cache
def _build_part(signing: Signing) -> Part:
    log = build_log()
    note = log.checkpoint((*signing.log_keys, *signing.witnesses))
    return Part(log, note, older=tuple(log.older(size) for size in sorted(log.sizes)))


def build_export() -> bytes:
    return _build_export(SIGNING.get())


@cache
def _build_export(signing: Signing) -> bytes:
    return _build_part(signing).write()


def members_of(export: bytes) -> dict[str, bytes]:
    archive = Archive(BytesIO(export))
    return {name: archive.read(name) for name in archive.names}


def pack(members: Mapping[str, bytes]) -> bytes:
    target = BytesIO()
    write_archive(target, members)
    return target.getvalue()


def export_of(log: Log) -> bytes:
    return Part(log, log.checkpoint()).write()


def redacted(*keep: str) -> bytes:
    return replace(build_part(), keep=frozenset(keep)).write()
