"""An organisation at work, in memory or on a database: its clock moves by hand, its keys and salts come from a seed.

`World.open` gives another `Organisation` on the same places, as another process would have. `Faults` makes one write of
any port fail, either before it took effect or after, so that every write can be tested failing in both ways.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast

from alteram.adapters.db import open_sqlite
from alteram.adapters.db.postgresql import open_postgresql
from alteram.adapters.files import (
    FileAttachmentStore,
    FileCheckpointLock,
    FileKeyStore,
    FileSigners,
    FileTileStore,
    FileUploadStore,
    read_root_key,
)
from alteram.adapters.memory import (
    MemoryAttachmentStore,
    MemoryCheckpointLock,
    MemoryKeyStore,
    MemorySigners,
    MemoryStore,
    MemoryTileStore,
    MemoryUploadStore,
)
from alteram.core.acts import (
    CaseManagerAssigned,
    MatterAccepted,
    OrganisationFounded,
    RecordShredded,
    ReportLodged,
    SecondKeyGiven,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.calendars import Calendar, Transition
from alteram.core.kernel.identifiers import OrganisationId, PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.periods import Period
from alteram.core.record import VerificationReport, verify_export
from alteram.core.rules.rulebook import Body, Clause, Office, Procedure, Rulebook, Stage
from alteram.core.tlog import (
    COSIGNATURE_ED25519,
    Checkpoint,
    Note,
    NoteError,
    Policy,
    SignerKey,
    build_range_root,
    parse_checkpoint,
    parse_note_unverified,
    sign_note,
    verify_note,
)
from alteram.core.tlog.policy import Group, Named
from alteram.core.tlog.tiles import TILE_WIDTH, Tile, parse_bundle
from alteram.operations.audit import audit_log
from alteram.operations.exporting import export_matter
from alteram.operations.founding import found
from alteram.operations.integrate import Integrator
from alteram.operations.organisation import Organisation
from alteram.operations.perform import Performed, perform
from alteram.operations.ports import Cosigned, Ports, Store
from alteram.operations.rulebooks import adopt_rulebook
from tests.oracle import mth

Kind: TypeAlias = Literal["memory", "sqlite", "postgresql"]
Mode: TypeAlias = Literal["not applied", "applied"]

ORGANISATION = OrganisationId("caucus")
ORIGIN = "caucus.example/log"
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
M1, M2 = StreamId("m1"), StreamId("m2")
SECRETARY, CHAIR, CUSTODIAN = PersonId("secretary"), PersonId("chair"), PersonId("custodian")
MANAGER, COMPLAINANT, RESPONDENT = PersonId("manager"), PersonId("complainant"), PersonId("respondent")
MEMBER, OUTSIDER = PersonId("member"), PersonId("outsider")
PANEL = tuple(PersonId(f"panel-{number}") for number in (1, 2, 3))
MEMBERS = (SECRETARY, CHAIR, CUSTODIAN, MANAGER, COMPLAINANT, RESPONDENT, MEMBER, *PANEL)
OFFICES = {"secretary": SECRETARY, "chair": CHAIR, "custodian": CUSTODIAN}

RULES = Rulebook(
    id="small-body",
    title="Rules of a small body",
    version="1",
    jurisdiction="",
    calendar=Calendar(
        name="UTC",
        time_zone="UTC",
        valid_from=date(2020, 1, 1),
        valid_until=date(2040, 12, 31),
        transitions=(Transition(datetime(2020, 1, 1, tzinfo=UTC), 0),),
    ),
    clauses=(Clause(id="1", title="All of it", text="What is not permitted is not done."),),
    offices=tuple(Office(id=name, title=name, plays=(name,)) for name in ("secretary", "chair", "custodian")),
    bodies=(Body(id="panel", title="The panel", chair="chair", clause="1"),),
    procedures=(
        Procedure(
            id="conduct",
            title="A complaint",
            decided_by="panel",
            clause="1",
            stages=(
                Stage(
                    id="intake",
                    title="A report has arrived",
                    entered_by=("report.lodged",),
                    owner="custodian",
                    within=Period(days=10),
                ),
                Stage(
                    id="triage",
                    title="Somebody handles it",
                    entered_by=("case-manager.assigned",),
                    owner="case-manager",
                    within=Period(days=20),
                ),
                Stage(id="closed", title="It is closed", entered_by=("matter.closed",), owner="custodian"),
            ),
        ),
    ),
)
#: The same rules with other words: what an amendment may be.
AMENDED = Rulebook(**{**{name: getattr(RULES, name) for name in RULES.__struct_fields__}, "version": "2"})


class Entropy:
    """Bytes that look random and are the same for the same seed. `drawn` keeps them, to be searched for."""

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._lock = threading.Lock()
        self.drawn: list[bytes] = []

    def __call__(self, count: int) -> bytes:
        with self._lock:
            number = len(self.drawn).to_bytes(8, "big")
            blocks = (sha256(self._seed + number + at.to_bytes(8, "big")).digest() for at in range(-(-count // 32)))
            self.drawn.append(b"".join(blocks)[:count])
            return self.drawn[-1]


@dataclass(slots=True)
class Clock:
    """The time, moved by hand."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **period: float) -> None:
        """Let time pass; a negative period turns the clock back."""
        self.now += timedelta(**period)


class InjectedError(Exception):
    """A write failed because a test wanted it to."""


@dataclass(slots=True)
class Faults:
    """Which write fails next: a port's method (`store.append`), from the `skip`-th call on, `times` times."""

    point: str = ""
    mode: Mode = "not applied"
    times: int = 1
    skip: int = 0
    matches: Callable[..., bool] = lambda *_: True
    struck: int = 0

    def arm(
        self, point: str, mode: Mode, *, times: int = 1, skip: int = 0, matches: Callable[..., bool] | None = None
    ) -> None:
        """Make a write fail; `matches` is asked with its arguments whether it is the one."""
        self.point, self.mode, self.times, self.skip, self.struck = point, mode, times, skip, 0
        self.matches = matches or (lambda *_: True)

    def disarm(self) -> None:
        """Let everything work again."""
        self.point = ""

    def strike(self, point: str, work: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Do the work of a method, or fail."""
        if point != self.point or self.struck >= self.times or not self.matches(*arguments):
            return work(*arguments)
        if self.skip:
            self.skip -= 1
            return work(*arguments)
        self.struck += 1
        if self.mode == "applied":
            work(*arguments)
        raise InjectedError(f"{point} failed, {self.mode}")


class _Faulty:
    """A port whose methods fail when `Faults` says so."""

    def __init__(self, port: object, name: str, faults: Faults) -> None:
        self._port, self._name, self._faults = port, name, faults

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if not callable(found):
            return found
        return lambda *arguments, **options: self._faults.strike(
            f"{self._name}.{name}", partial(found, **options), arguments
        )


def inject(ports: Ports, faults: Faults) -> Ports:
    """Return the ports with faults before each of them."""
    names = ("store", "keys", "lock", "tiles", "attachments", "uploads", "witnesses")
    return replace(ports, **{name: cast("Any", _Faulty(getattr(ports, name), name, faults)) for name in names})


class LocalWitness:
    """Implements Witnesses: one witness in this process, who refuses a log that does not grow."""

    def __init__(self, name: str = "witness.example") -> None:
        self.key = SignerKey.from_seed(name, COSIGNATURE_ED25519, sha256(name.encode()).digest())
        self.newest: Note | None = None
        self.timestamp = 1_772_500_000

    def cosign(self, note: Note) -> Cosigned:
        """Return the note cosigned once; as it is, with the larger one beside it, when it is behind what was seen."""
        if self.newest is not None and parse_checkpoint(note.text).size < parse_checkpoint(self.newest.text).size:
            return Cosigned(note, (self.newest,))
        self.newest = note
        if any(line.name == self.key.name for line in note.lines):
            return Cosigned(note)
        signed = sign_note(note.text, [self.key], timestamp=self.timestamp)
        return Cosigned(Note(note.text, (*note.lines, *signed.lines)))


@dataclass(slots=True)
class World:
    """One organisation and everything it stands on."""

    kind: Kind
    folder: Path
    url: str = ""
    seed: str = "world"
    clock: Clock = field(default_factory=Clock)
    faults: Faults = field(default_factory=Faults)
    witness: LocalWitness = field(default_factory=LocalWitness)
    entropies: list[Entropy] = field(default_factory=list)
    signed_at_ns: int = 1_772_442_000_000_000_000
    _memory: dict[str, Any] = field(default_factory=dict)
    _closing: list[Callable[[], None]] = field(default_factory=list)

    def open(self, *, seed: str = "") -> Organisation:
        """Return an organisation on these places that has read nothing yet."""
        entropy = Entropy(seed or f"{self.seed}/{len(self.entropies)}")
        self.entropies.append(entropy)
        ports = self._open_memory(entropy) if self.kind == "memory" else self._open_files(entropy)
        return Organisation(inject(ports, self.faults))

    def integrator(self, organisation: Organisation | None = None, *, fill_to: int = 0) -> Integrator:
        """Return an integrator whose clock advances by a millisecond each time it is asked."""
        return Integrator(organisation or self.open(), clock_ns=self.tick, fill_to=fill_to)

    def publish(self, organisation: Organisation) -> None:
        """Put all that waits into the log and have it cosigned."""
        integrator = self.integrator(organisation)
        integrator.run()
        integrator.cosign()

    def tick(self) -> int:
        """Return the next instant in nanoseconds."""
        self.signed_at_ns += 1_000_000
        return self.signed_at_ns

    def close(self) -> None:
        """Close every handle."""
        for close in reversed(self._closing):
            close()
        self._closing.clear()

    def _open_memory(self, entropy: Entropy) -> Ports:
        if not self._memory:
            self._memory.update(
                store=MemoryStore(),
                keys=MemoryKeyStore(entropy),
                signers=MemorySigners(self.seed.encode()),
                lock=MemoryCheckpointLock(),
                tiles=MemoryTileStore(),
                attachments=MemoryAttachmentStore(),
                uploads=MemoryUploadStore(),
            )
        return self._ports(entropy, **self._memory)

    def _open_files(self, entropy: Entropy) -> Ports:
        apart = self.folder / "apart"
        apart.mkdir(parents=True, exist_ok=True)
        root = read_root_key(apart / "root.key", entropy)
        closeable: dict[str, Any] = {
            "store": open_postgresql(self.url) if self.kind == "postgresql" else open_sqlite(self.folder / "record.db"),
            "keys": FileKeyStore(apart / "streams.db", root, entropy),
            "signers": FileSigners(apart / "signers.db", root, entropy),
            "lock": FileCheckpointLock(apart / "checkpoint.db"),
        }
        self._closing.extend(port.close for port in closeable.values())
        files: dict[str, Any] = {
            "tiles": FileTileStore(self.folder / "log"),
            "attachments": FileAttachmentStore(self.folder / "attachments"),
            "uploads": FileUploadStore(self.folder / "uploads"),
        }
        return self._ports(entropy, **files, **closeable)

    def _ports(self, entropy: Entropy, **places: Any) -> Ports:
        keys = places["signers"].log_keys(ORGANISATION, ORIGIN)
        policy = Policy(
            logs=tuple(Named(ORIGIN, key.verifier) for key in keys),
            witnesses=(Named("witness", self.witness.key.verifier),),
            groups=(Group("quorum", 1, ("witness",)),),
            quorum="quorum",
        )
        return Ports(
            organisation=ORGANISATION,
            origin=ORIGIN,
            witnesses=self.witness,
            policy=policy,
            clock=self.clock,
            entropy=entropy,
            **places,
        )


@contextmanager
def open_world(kind: Kind, folder: Path, *, url: str = "", seed: str = "world") -> Iterator[World]:
    """Yield a world with nothing in it, closed afterwards."""
    world = World(kind, folder, url, seed)
    try:
        yield world
    finally:
        world.close()


def found_small_body(organisation: Organisation, rules: Rulebook = RULES) -> None:
    """Found the organisation and adopt its rules."""
    act = OrganisationFounded(name="A small body", kind="club", jurisdiction="nz", time_zone="UTC", secretary=SECRETARY)
    found(organisation, act, members=MEMBERS, offices=OFFICES, bodies={"panel": PANEL})
    assert adopt_rulebook(organisation, rules, SECRETARY)


def do(organisation: Organisation, stream: StreamId, act: Act, actor: PersonId | None) -> Performed:
    """Perform an act that the rules must allow."""
    done = perform(organisation, stream, act, actor)
    assert not isinstance(done.ruling, Refused), done.ruling
    return done


def report(text: str = "What happened.", *, people: Sequence[PersonId] = ()) -> ReportLodged:
    """Return a report under the reporter's name."""
    return ReportLodged(identity="named", about="person", text=text, people=tuple(people))


def begin_matter(organisation: Organisation, stream: StreamId = M1) -> None:
    """Begin a matter with a complainant, a respondent and a case manager."""
    do(organisation, stream, report(people=[RESPONDENT]), COMPLAINANT)
    do(organisation, stream, CaseManagerAssigned(person=MANAGER), CUSTODIAN)
    accepted = MatterAccepted(
        procedure="conduct", complainant=COMPLAINANT, respondent=RESPONDENT, reasons="It is grave."
    )
    do(organisation, stream, accepted, MANAGER)


def shred(organisation: Organisation, stream: StreamId, **what: Any) -> Performed:
    """Shred with two keys: the secretary gives the second."""
    do(organisation, stream, SecondKeyGiven(to_act="record.shredded"), SECRETARY)
    act = RecordShredded(legal_basis="a request for erasure", second=SECRETARY, **what)
    return perform(organisation, stream, act, CUSTODIAN)


def export(organisation: Organisation, stream: StreamId, *, viewer: PersonId | None = None) -> bytes:
    """Return the export of a matter."""
    target = BytesIO()
    export_matter(organisation, stream, target, viewer=viewer)
    return target.getvalue()


def verify(organisation: Organisation, data: bytes) -> VerificationReport:
    """Verify an export against the organisation's own policy."""
    return verify_export(BytesIO(data), organisation.ports.policy)


def find_checkpoint(ports: Ports) -> Checkpoint | None:
    """Return the published checkpoint after verifying who signed it."""
    published = ports.tiles.find_checkpoint()
    if published is None:
        return None
    note = parse_note_unverified(published)
    if not verify_note(note, [one.key for one in ports.policy.logs]):
        raise NoteError("note.unsigned", "The log did not sign what is published.")
    return parse_checkpoint(note.text)


def published_leaves(ports: Ports) -> list[bytes]:
    """Return every leaf of the published log, read from its bundles."""
    checkpoint = find_checkpoint(ports)
    size = 0 if checkpoint is None else checkpoint.size
    leaves: list[bytes] = []
    for first in range(0, size, TILE_WIDTH):
        width = min(TILE_WIDTH, size - first)
        leaves.extend(parse_bundle(ports.tiles.get_tile(Tile(-1, first // TILE_WIDTH, width)), width))
    return leaves


def check_log(ports: Ports, acknowledged: Mapping[tuple[StreamId, int], bytes]) -> None:
    """Check the published log by its definition, with our auditor beside it, against what was acknowledged.

    `acknowledged` gives the leaf hash of each entry. Each that is in the log stands there once, where the store says;
    each that is not waits in the store.
    """
    checkpoint = find_checkpoint(ports)
    leaves = published_leaves(ports)
    if checkpoint is not None:
        assert checkpoint.root == mth(leaves)
        published = ports.tiles.find_checkpoint()
        assert published is not None
        told = audit_log(ports.tiles.get_tile, parse_note_unverified(published), [one.key for one in ports.policy.logs])
        assert told.ok, told.differences
        if leaves:
            assert build_range_root(len(leaves), ports.tiles.get_tile)(0, len(leaves)) == checkpoint.root
    hashes = [sha256(b"\x00" + leaf).digest() for leaf in leaves]
    assert len(set(hashes)) == len(hashes)
    check_places(ports.store, hashes, acknowledged)


def check_places(store: Store, hashes: Sequence[bytes], acknowledged: Mapping[tuple[StreamId, int], bytes]) -> None:
    """Check that every acknowledged entry is stored once, and in the log at the place the store gave it."""
    for (stream, seq), leaf_hash in acknowledged.items():
        stored = next(iter(store.load(ORGANISATION, stream, seq - 1)))
        assert (stored.seq, stored.leaf_hash) == (seq, leaf_hash)
        index = store.find_index(ORGANISATION, stream, seq)
        if index is None:
            assert leaf_hash not in hashes
        elif index < len(hashes):
            assert hashes[index] == leaf_hash
