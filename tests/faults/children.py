"""A writer in a process of its own (tools/fault_writer.py): what it acknowledged, and whether all of it is there."""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from alteram.bootstrap import create, open_folder
from alteram.core.kernel.identifiers import OrganisationId
from alteram.core.tlog import parse_note_unverified
from alteram.operations.audit import audit_log
from alteram.operations.ports import Ports
from tests.oracle import mth
from tests.worlds import M1, begin_matter, find_checkpoint, found_small_body, published_leaves

ROOT = Path(__file__).resolve().parents[2]
WRITER = ROOT / "tools" / "fault_writer.py"
CLUB = OrganisationId("club")


def create_folder(folder: Path, database: str = "") -> Path:
    """Make an organisation's folder with a matter begun, from the day the tests' clock shows."""
    create(folder, organisation=CLUB, origin="club.example/log", database=database)
    opened = open_folder(folder)
    try:
        found_small_body(opened.organisation)
        begin_matter(opened.organisation)
        opened.integrator.run()
    finally:
        opened.close()
    return folder


def command(folder: Path, *, acts: int, shred_every: int = 0, name: str = "writer") -> list[str]:
    """Return the command that runs the writer."""
    options = ["--acts", str(acts), "--shred-every", str(shred_every), "--name", name]
    return [sys.executable, str(WRITER), str(folder), *options]


def environment() -> dict[str, str]:
    """Return an environment in which every run of the writer begins in the same way."""
    return {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}


@dataclass(slots=True)
class Told:
    """What one writer or several said."""

    entries: dict[int, str] = field(default_factory=dict)
    shredding: set[int] = field(default_factory=set)
    shredded: set[int] = field(default_factory=set)
    receipts: dict[int, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def hear(self, lines: Iterable[str]) -> None:
        """Take what was said; a last line that was cut short counts for nothing."""
        for line in lines:
            match line.split():
                case ["entry", seq, leaf_hash] if len(leaf_hash) == 64:
                    assert int(seq) not in self.entries, "a sequence number was given twice"
                    self.entries[int(seq)] = leaf_hash
                case ["shredding", seq]:
                    self.shredding.add(int(seq))
                case ["shredded", which, seq, leaf_hash] if len(leaf_hash) == 64:
                    self.shredded.add(int(which))
                    self.entries[int(seq)] = leaf_hash
                case ["receipt", seq, index]:
                    self.receipts[int(seq)] = int(index)
                case ["error", *rest]:
                    self.errors.append(" ".join(rest))
                case _:
                    pass


def check_all_there(folder: Path, told: Told) -> None:
    """Open the folder as an operator would after a crash, and look for everything that was acknowledged."""
    opened = open_folder(folder)
    try:
        ports = opened.organisation.ports
        check_receipts(ports, told, integrated=False)
        opened.integrator.run()
        check_receipts(ports, told, integrated=True)
        for stored in ports.store.load(CLUB, M1):
            readable = opened.organisation.open(stored) is not None
            if stored.seq in told.shredded:
                assert not readable, f"entry {stored.seq} was shredded and can be read"
            elif stored.seq not in told.shredding:
                assert readable, f"entry {stored.seq} was not shredded and cannot be read"
    finally:
        opened.close()


def check_receipts(ports: Ports, told: Told, *, integrated: bool) -> None:
    """Check that what was acknowledged is stored, and in the log once, where a receipt said it is."""
    stored = {one.seq: one.leaf_hash.hex() for one in ports.store.load(CLUB, M1)}
    assert sorted(stored) == list(range(len(stored)))
    for seq, leaf_hash in told.entries.items():
        assert stored.get(seq) == leaf_hash, f"entry {seq} was acknowledged and is not there"
    checkpoint = find_checkpoint(ports)
    assert checkpoint is not None
    leaves = published_leaves(ports)
    assert checkpoint.root == mth(leaves)
    hashes = [sha256(b"\x00" + leaf).hexdigest() for leaf in leaves]
    assert len(set(hashes)) == len(hashes), "a leaf is in the log twice"
    for seq, index in told.receipts.items():
        assert hashes[index] == stored[seq], f"entry {seq} is not where its receipt says"
    if integrated:
        assert ports.store.count_pending(CLUB) == 0
        for seq, leaf_hash in stored.items():
            place = ports.store.find_index(CLUB, M1, seq)
            assert place is not None
            assert hashes[place] == leaf_hash
        published = ports.tiles.find_checkpoint()
        assert published is not None
        keys = [one.key for one in ports.policy.logs]
        assert audit_log(ports.tiles.get_tile, parse_note_unverified(published), keys).ok
