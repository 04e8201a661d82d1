"""Exhibits: lodging a large one, beside `age` encrypting the same file; and proving half a minute of a long one.

Lodging seals, hashes the content and the ciphertext, and cuts and hashes pieces; both write to the same disk and wait
until it has everything. Proving reads the head of the sealed form, the pieces asked for, and the list of pieces.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from shutil import which
from statistics import median

from alteram.core.acts import ExhibitLodged
from alteram.core.kernel.identifiers import OrganisationId, PersonId, StreamId
from alteram.core.record import (
    Entry,
    ExportedStatement,
    VerifiedExcerpt,
    build_excerpt,
    encode_claims,
    release_pieces,
    verify_excerpt,
)
from alteram.core.tlog import (
    ED25519,
    Checkpoint,
    Policy,
    SignerKey,
    TlogProof,
    compute_root,
    encode_checkpoint,
    encode_policy,
    hash_leaf,
    sign_note,
)
from alteram.core.tlog.merkle import build_inclusion_proof
from alteram.core.tlog.policy import Named
from alteram.core.tlog.ranges import compute_packed_root
from alteram.core.vault import (
    AgeSealer,
    Presentation,
    RecordKey,
    build_disclosures,
    build_entry_leaf,
    build_statement_leaf,
    derive_recipient,
    encode_base64url,
    encode_recipient,
    parse_age_header,
    parse_jwt_unverified,
    sign_jwt,
)
from alteram.core.vault.age import MAX_PREFIX
from alteram.core.vault.pieces import PieceCutter, parse_piece_list
from alteram.operations.attachments import drop_attachments
from alteram.operations.exhibits.incoming import receive
from benchmarks.figures import Row, peak_mebibytes, row
from benchmarks.scenes import begin, organisation

LARGE = 2 * 1000**3
ROUNDS = 3
#: Ten hours of speech as FLAC, and how many pieces half a minute of it touches.
LONG, HOURS, SHOWN = 622_000_000, 10, 9
#: How many leaves the log has.
LEAVES = 100_000
BLOCK = 1 << 20
KEY = sha256(b"a benchmark's exhibit").digest()
ORGANISATION = OrganisationId("bench")
RECORD_KEY = RecordKey.from_seed("record-1", sha256(b"record").digest())
LOG_KEY = SignerKey.from_seed("bench.invalid/log", ED25519, sha256(b"log").digest())


def measure() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        return [*measure_lodging(Path(folder)), *measure_proving(Path(folder))]


def write_noise(path: Path, size: int) -> None:
    with path.open("wb") as file:
        for at in range(0, size, BLOCK):
            file.write(os.urandom(min(BLOCK, size - at)))


def read_blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as file:
        while data := file.read(BLOCK):
            yield data


def measure_lodging(folder: Path) -> list[Row]:
    age, whole = which("age"), folder / "whole"
    write_noise(whole, LARGE)
    ours, theirs, cpu = [], [], []
    with organisation() as opened:
        stream = begin(opened, "evidence")
        idle = reset_peak()
        for _ in range(ROUNDS):
            began, processor = time.perf_counter(), time.process_time()
            received = receive(opened.organisation, stream, read_blocks(whole))
            ours.append(time.perf_counter() - began)
            cpu.append(time.process_time() - processor)
            drop_attachments(opened.organisation, stream, [received.sealed])
            if age is not None:
                theirs.append(encrypt(age, whole, folder / "by-age"))
        peak = peak_mebibytes() - idle
    size = f"{LARGE / 1000**3:g} GB"
    rows = [
        row(f"lodging {size}: sealed, hashed, cut into pieces, durable", LARGE / median(ours) / 1e6, "MB/s"),
        row("  (processor time of it, all threads)", median(cpu), "s"),
        row("  peak memory above what an idle process takes", peak, "MiB", 100),
    ]
    if theirs:
        rows.append(row(f"bare: age encrypting the same {size} to the same disk", LARGE / median(theirs) / 1e6, "MB/s"))
        ratio = median(theirs) / median(ours)
        rows.append(row("  lodging, as a part of that throughput", ratio, "", 0.5, least=True))
    whole.unlink()
    return rows


def encrypt(program: str, source: Path, target: Path) -> float:
    """Return how long age takes to encrypt a file, to the moment when the disk has it."""
    began = time.perf_counter()
    subprocess.run([program, "-r", encode_recipient(derive_recipient(KEY)), "-o", target, source], check=True)
    with target.open("rb") as file:
        os.fsync(file.fileno())
    took = time.perf_counter() - began
    target.unlink()
    return took


def reset_peak() -> float:
    """Begin to measure the peak anew, and return what is taken now."""
    Path("/proc/self/clear_refs").write_text("5")
    return peak_mebibytes()


def measure_proving(folder: Path) -> list[Row]:
    form, pieces = folder / "form.age", folder / "pieces"
    write_form(form, pieces)
    log = BenchLog(parse_piece_list(pieces.read_bytes()).hashes)
    middle = len(parse_piece_list(pieces.read_bytes())) // 2
    took, read = [], 0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        data, read = log.prove(form, pieces, middle, middle + SHOWN)
        proved = time.perf_counter() - began
        verified = verify_excerpt(data, log.policy)
        took.append((time.perf_counter() - began, proved))
        check(verified, middle)
    whole, proving = (median(one[at] for one in took) for at in (0, 1))
    return [
        row(f"proving and verifying 30 s of {HOURS} hours ({SHOWN} pieces of {verified.of})", whole, "s", 1),
        row("  (of which proving, from the files on disk)", proving, "s"),
        row(f"  (read of the form's {LONG / 1e6:g} MB)", read / 1e6, "MB"),
        row("  (the excerpt)", len(data) / 1e6, "MB"),
    ]


def check(verified: VerifiedExcerpt, middle: int) -> None:
    if (verified.first, len(verified.pieces)) != (middle, SHOWN) or verified.header is None:
        raise AssertionError("another excerpt than was asked for")


def write_form(form: Path, pieces: Path) -> None:
    """Seal ten hours as they would arrive, with the list of their pieces."""
    sealer, cutter = AgeSealer([derive_recipient(KEY)], os.urandom), PieceCutter(KEY)
    with form.open("wb") as file:
        for at in range(0, LONG, BLOCK):
            data = os.urandom(min(BLOCK, LONG - at))
            cutter.write(data)
            file.write(sealer.seal(data))
        file.write(sealer.finish())
    pieces.write_bytes(cutter.finish().encode())


class BenchLog:
    """A log of many leaves, with the statement of a record key and the lodging of the long recording among them."""

    def __init__(self, hashes: bytes) -> None:
        act = ExhibitLodged(
            exhibit="recording",
            kind="recording",
            obtained="made-by-lodger",
            form="flac",
            pieces=len(hashes) // 32,
            tree=compute_packed_root(hashes).hex(),
        )
        at = datetime(2026, 3, 2, 9, tzinfo=UTC)
        entry = Entry(
            stream=StreamId("matter-1"), seq=0, prev=None, act=act, actor=PersonId("m03"), at=at, ruling={}, reads=()
        )
        disclosures = build_disclosures(encode_claims(entry), os.urandom)
        jwt, self._blinding = sign_jwt(disclosures, RECORD_KEY, os.urandom), os.urandom(32)
        self._entry = Presentation(parse_jwt_unverified(jwt), disclosures)
        self._statement = build_statement_leaf(
            {
                "key": encode_base64url(RECORD_KEY.public),
                "kid": RECORD_KEY.kid,
                "organisation": ORGANISATION,
                "statement": "record-key",
            }
        )
        first, last = hash_leaf(self._statement), hash_leaf(build_entry_leaf(jwt, self._blinding))
        self._hashes = [first, *(os.urandom(32) for _ in range(LEAVES)), last]
        self.policy = Policy((Named("log", LOG_KEY.verifier),), (), (), "none")
        head = Checkpoint(LOG_KEY.name, len(self._hashes), compute_root(self._hashes))
        self._note = sign_note(encode_checkpoint(head), [LOG_KEY], timestamp=1_772_500_000)
        self._receipts = [
            self._receipt(one, extra) for one, extra in ((0, None), (len(self._hashes) - 1, b"\x01" + self._blinding))
        ]

    def _receipt(self, index: int, extra: bytes | None) -> TlogProof:
        """Return a receipt; where a log runs, each was made when its checkpoint was signed."""
        hashes = self._hashes
        path = build_inclusion_proof(index, len(hashes), lambda start, end: compute_root(hashes[start:end]))
        return TlogProof(index, path, self._note, extra)

    def prove(self, form: Path, pieces: Path, first: int, until: int) -> tuple[bytes, int]:
        """Return an excerpt and how many bytes of the form were read for it."""
        listed, stored = parse_piece_list(pieces.read_bytes()), form.stat().st_size
        with form.open("rb", buffering=0) as file:
            header = parse_age_header(KEY, file.read(MAX_PREFIX))
            read, released = MAX_PREFIX, []
            for one in ((0, 1), (first, until)):
                span = listed.find_span(*one)
                begin_at, end_at = header.find_span(*span, stored)
                file.seek(begin_at)
                content = header.open_span(*span, stored, file.read(end_at - begin_at))
                released.append(release_pieces(listed, KEY, *one, content))
                read += end_at - begin_at
        data = build_excerpt(
            organisation=ORGANISATION,
            entry=self._entry,
            receipt=self._receipts[1],
            record_key=ExportedStatement(self._statement, self._receipts[0]),
            policy=encode_policy(self.policy),
            released=released,
        )
        return data, read
