"""Exhibits and uploads: whatever ends the process or fails in it, nothing acknowledged is missing or half.

The process is killed at any moment, or in a system call; or such a call fails with EIO or ENOSPC without being done.
Afterwards every exhibit on the record opens whole, an upload goes on where it stopped, and sweeping removes the rest.
"""

import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest

from alteram.bootstrap import open_folder
from alteram.core.acts import ExhibitLodged
from alteram.core.tlog.ranges import compute_packed_root
from alteram.operations.attachments import sweep_attachments
from alteram.operations.entries import enter
from alteram.operations.exhibits.stored import get_stored
from alteram.operations.exhibits.uploads import add_to_upload, list_uploads, receive_upload, sweep_uploads
from alteram.operations.organisation import Organisation
from tests.faults.children import ROOT, create_folder, environment
from tests.faults.exhibit_writer import content_of
from tests.needs import need_program
from tests.patience import HANGS
from tests.worlds import COMPLAINANT, M1

NOW = timedelta(0)
#: Whatever changes a file or a folder, or makes that durable.
CALLS = ("write", "pwrite64", "fcntl", "fsync", "fdatasync", "ftruncate", "mkdir", "link", "rename", "unlink")
#: What the short test makes fail.
SHORT = ("write", "fsync", "link", "rename", "unlink")
FILES = 4
#: Some of each file is written past the cache, by a thread. strace counts for each thread; what it makes fail has none.
_BLOCK = 1 << 14
_NAMES = re.compile(r"^(?:\d+ +)?(\w+)\(")


@dataclass(slots=True)
class Heard:
    """What a writer acknowledged."""

    lodged: list[str] = field(default_factory=list)
    offsets: dict[str, int] = field(default_factory=dict)
    dropping: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    def hear(self, said: str) -> None:
        """Take what was said; a last line that was cut short counts for nothing."""
        for line in said.split("\n")[:-1]:
            match line.split():
                case ["lodged", exhibit]:
                    self.lodged.append(exhibit)
                case ["part", upload, offset]:
                    self.offsets[upload] = int(offset)
                case ["dropping", upload]:
                    self.dropping.add(upload)
                case ["error", kind]:
                    self.errors.append(kind)
                case ["ready"]:
                    pass
                case _:
                    pytest.fail(f"the writer said: {line}")


def command(folder: Path, name: str, count: int) -> list[str]:
    return [sys.executable, "-m", "tests.faults.exhibit_writer", str(folder), name, str(count)]


def surroundings() -> dict[str, str]:
    return {**environment(), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}


def check(folder: Path, heard: Heard) -> None:
    """Open the folder as an operator would after a crash, and look for all that was acknowledged."""
    opened = open_folder(folder)
    try:
        organisation = opened.organisation
        sweep_attachments(organisation, older_than=NOW)
        names = [one.act.exhibit for one in organisation.facts(M1).matter.all(ExhibitLodged)]
        assert set(heard.lodged) <= set(names), "an exhibit was acknowledged and is not there"
        assert len(names) == len(set(names)), "an exhibit was lodged twice"
        for name in names:  # acknowledged or not: none is half
            check_whole(organisation, name)
        assert organisation.ports.attachments.waiting(NOW) == ()
        kept = [one for one in (folder / "attachments" / "kept").rglob("*") if one.is_file()]
        assert len(kept) == FILES * len(names), "something is kept that no entry names"
        check_uploads(organisation, heard)
    finally:
        opened.close()


def check_whole(organisation: Organisation, name: str) -> None:
    stored, content = get_stored(organisation, M1, organisation.facts(M1), name), content_of(name)
    act = stored.event.act
    assert isinstance(act, ExhibitLodged)
    assert b"".join(stored.get("original").read()) == content
    assert (act.digest, act.size, len(stored.files)) == (sha256(content).hexdigest(), len(content), FILES)
    pieces = stored.read_pieces()
    assert (len(pieces), compute_packed_root(pieces.hashes).hex()) == (act.pieces, act.tree)
    first, until = pieces.find_span(len(pieces) - 1, len(pieces))
    assert stored.get("form").read_range(first, until) == b"a picture of " + content.split(b"\f")[-1]
    assert stored.read_facts()["scan"] == "clean"


def check_uploads(organisation: Organisation, heard: Heard) -> None:
    """Check that every upload goes on at what was acknowledged or later, and is the file in the end; then sweep."""
    entered = enter(organisation, M1, COMPLAINANT)
    there = {one.name: one for one in list_uploads(entered)}
    assert set(heard.offsets) - heard.dropping <= set(there), "an upload was acknowledged and is not there"
    for name, one in there.items():
        if name in heard.dropping:
            continue  # deleting it may have stopped in the middle
        assert one.offset >= heard.offsets.get(name, 0)
        content = content_of(one.file_name)
        whole = one if one.is_whole else add_to_upload(entered, name, one.offset, [content[one.offset :]])
        assert whole.is_whole
        assert receive_upload(entered, name).digest_hex == sha256(content).hexdigest()
    sweep_uploads(organisation, older_than=NOW)
    assert organisation.ports.uploads.idle(NOW) == ()
    sweep_attachments(organisation, older_than=NOW)
    assert organisation.ports.attachments.waiting(NOW) == ()


# -- killed at any moment


def run_and_kill(folder: Path, name: str, after_s: float, heard: Heard) -> None:
    child = subprocess.Popen(
        [*command(folder, name, 100_000), str(_BLOCK)], stdout=subprocess.PIPE, text=True, env=surroundings(), cwd=ROOT
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(after_s)
        child.send_signal(signal.SIGKILL)
        heard.hear(child.stdout.read())


def kill_in_a_loop(folder: Path, *, rounds: int, seed: int, longest: float, seconds: float = 1e9) -> Heard:
    chance, until, lodged, errors = random.Random(seed), time.monotonic() + seconds, list[str](), list[str]()
    for number in count():
        heard = Heard(lodged=lodged)
        # A slow machine acknowledges its first later, and is given longer each time.
        run_and_kill(folder, f"round-{number}", chance.uniform(0.05, longest) * (1 + number // rounds), heard)
        check(folder, heard)
        lodged, errors = heard.lodged, errors + heard.errors
        if lodged and (number + 1 >= rounds or time.monotonic() > until):
            break
    return Heard(lodged=lodged, errors=errors)


def test_killed_writer_loses_no_exhibit_and_no_part_it_acknowledged(tmp_path: Path) -> None:
    heard = kill_in_a_loop(create_folder(tmp_path / "club"), rounds=3, seed=11, longest=0.6)
    assert heard.lodged
    assert not heard.errors


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(12, 15))
def test_writer_killed_for_a_minute_loses_no_exhibit_and_no_part(tmp_path: Path, seed: int) -> None:
    # A folder of its own for so many rounds: all that it ever held is looked at after each.
    until, number = time.monotonic() + 60, 0
    while time.monotonic() < until:
        folder = create_folder(tmp_path / f"club-{number}")
        kill_in_a_loop(folder, rounds=8, seed=seed * 1000 + number, longest=1.5, seconds=60)
        shutil.rmtree(folder)
        number += 1


# -- calls that fail, or in which it ends


@pytest.fixture(scope="module")
def strace() -> str:
    return need_program("strace", provided_by="sudo apt-get install strace")


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a matter, to be copied."""
    return create_folder(tmp_path_factory.mktemp("exhibits") / "club")


@pytest.fixture(scope="module")
def counted(strace: str, club: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, int]]:
    """How often each call was made before the writer was ready, and until its end."""
    base = tmp_path_factory.mktemp("counting")
    output = base / "trace"
    run([strace, "-f", "-e", f"trace={','.join(CALLS)}", "-o", str(output)], shutil.copytree(club, base / "club"))
    before: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for line in output.read_text().splitlines():
        if '"ready' in line:
            before = Counter(total)
        if found := _NAMES.match(line):
            total[found[1]] += 1
    return {name: (before[name], total[name]) for name in CALLS if total[name] > before[name]}


def run(traced: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    """Let two exhibits be lodged, one at once and one in parts."""
    return subprocess.run(
        [*traced, *command(folder, "x", 2)],
        capture_output=True, text=True, timeout=HANGS, env=surroundings(), cwd=ROOT, check=False,
    )  # fmt: skip


def inject(strace: str, folder: Path, call: str, what: str, when: str) -> Heard:
    """Run the writer while some of its calls fail, and look for all that it acknowledged."""
    options = ["-f", "--seccomp-bpf", "-e", f"trace={call}", "-e", f"inject={call}:{what}:when={when}"]
    heard = Heard()
    heard.hear(run([strace, *options, "-o", "/dev/null"], folder).stdout)
    check(folder, heard)
    return heard


def test_calls_that_are_made_to_fail_are_made(counted: dict[str, tuple[int, int]]) -> None:
    assert set(SHORT) <= counted.keys()


@pytest.mark.parametrize("call", SHORT)
def test_call_that_fails_now_and_then_loses_no_exhibit(
    strace: str, counted: dict[str, tuple[int, int]], club: Path, tmp_path: Path, call: str
) -> None:
    before, total = counted[call]
    step = max(3, (total - before) * 3 // 4)  # more than one exhibit takes: it is lodged at the second try
    heard = inject(strace, shutil.copytree(club, tmp_path / "club"), call, "error=EIO", f"{before + 2}+{step}")
    assert heard.lodged
    assert heard.errors


@pytest.mark.parametrize("call", ["fsync", "link"])
def test_process_that_ends_in_a_call_loses_no_exhibit(
    strace: str, counted: dict[str, tuple[int, int]], club: Path, tmp_path: Path, call: str
) -> None:
    before, total = counted[call]
    when = before + 1 + (total - before - 1) * 4 // 5
    heard = inject(strace, shutil.copytree(club, tmp_path / "club"), call, "signal=KILL", str(when))
    assert heard.lodged
    assert heard.offsets


@pytest.mark.campaign
@pytest.mark.parametrize("what", ["error=EIO", "error=ENOSPC", "signal=KILL"])
@pytest.mark.parametrize("call", CALLS)
def test_each_call_in_turn_loses_no_exhibit(
    strace: str, counted: dict[str, tuple[int, int]], club: Path, tmp_path: Path, *, call: str, what: str
) -> None:
    if call not in counted:
        return
    before, total = counted[call]
    for when in range(before + 1, total + 1):
        folder = shutil.copytree(club, tmp_path / "club")
        inject(strace, folder, call, what, str(when))
        shutil.rmtree(folder)
