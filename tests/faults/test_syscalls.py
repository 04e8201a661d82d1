"""Every kind of system call that a writer makes fails, or ends the process, and nothing acknowledged is lost.

strace makes the call fail with EIO without doing it, or kills the process when it is made. How often Python makes each
call before the writer has opened everything is counted first; only what follows is made to fail.
"""

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.children import Told, check_all_there, command, create_folder, environment
from tests.needs import need_program
from tests.patience import HANGS

CALLS = (
    "openat", "read", "write", "pread64", "pwrite64", "fsync", "fdatasync", "ftruncate",
    "close", "link", "rename", "unlink",
)  # fmt: skip
ACTS = 6
_NAMES = re.compile(r"^(?:\d+ +)?(\w+)\(")


@pytest.fixture(scope="module")
def strace() -> str:
    return need_program("strace", provided_by="sudo apt-get install strace")


@pytest.fixture(scope="module")
def counted(strace: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, int]]:
    """How often each call was made before the writer was ready, and until its end."""
    base = tmp_path_factory.mktemp("counting")
    folder, output = create_folder(base / "club"), base / "trace"
    run([strace, "-f", "-e", f"trace={','.join(CALLS)}", "-o", str(output)], folder)
    before: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for line in output.read_text().splitlines():
        if '"ready' in line:
            before = Counter(total)
        if found := _NAMES.match(line):
            total[found[1]] += 1
    return {name: (before[name], total[name]) for name in CALLS if total[name] > before[name]}


def run(strace: list[str], folder: Path, acts: int = ACTS) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*strace, *command(folder, acts=acts, shred_every=5)],
        capture_output=True, text=True, timeout=HANGS, env=environment(), check=False,
    )  # fmt: skip


def inject(strace: str, folder: Path, call: str, what: str, when: str) -> Told:
    """Run the writer while some of its calls fail, and look for all that it acknowledged."""
    done = run(
        [
            strace,
            "-f",
            "--seccomp-bpf",
            "-e",
            f"trace={call}",
            "-e",
            f"inject={call}:{what}:when={when}",
            "-o",
            "/dev/null",
        ],
        folder,
    )
    told = Told()
    told.hear(line for line in done.stdout.splitlines(keepends=True) if line.endswith("\n"))
    check_all_there(folder, told)
    return told


def test_calls_that_are_made_to_fail_are_made(counted: dict[str, tuple[int, int]]) -> None:
    assert {"openat", "read", "write", "pwrite64", "close", "link", "rename", "unlink"} <= counted.keys()
    assert {"fsync", "fdatasync"} & counted.keys()  # which of them, SQLite chooses when it is built


@pytest.mark.parametrize("call", CALLS)
def test_call_that_fails_now_and_then_loses_nothing(
    strace: str, counted: dict[str, tuple[int, int]], tmp_path: Path, call: str
) -> None:
    if call not in counted:
        return  # this build of SQLite does without it: see the test above
    before, total = counted[call]
    step = max(3, (total - before) // 4)
    told = inject(strace, create_folder(tmp_path / "club"), call, "error=EIO", f"{before + 2}+{step}")
    assert told.entries or told.errors


@pytest.mark.parametrize("call", ["pwrite64", "fsync", "link", "rename"])
def test_process_that_ends_in_a_call_loses_nothing(
    strace: str, counted: dict[str, tuple[int, int]], tmp_path: Path, call: str
) -> None:
    before, total = counted[call]
    when = before + 1 + (total - before - 1) * 3 // 5
    told = inject(strace, create_folder(tmp_path / "club"), call, "signal=KILL", str(when))
    assert told.entries


@pytest.mark.campaign
@pytest.mark.parametrize("what", ["error=EIO", "error=ENOSPC", "signal=KILL"])
@pytest.mark.parametrize("call", CALLS)
def test_each_call_in_turn_loses_nothing(
    strace: str, counted: dict[str, tuple[int, int]], tmp_path: Path, call: str, what: str
) -> None:
    if call not in counted:
        return
    before, total = counted[call]
    for number, when in enumerate(range(before + 1, total + 1)):
        inject(strace, create_folder(tmp_path / f"club-{number}"), call, what, str(when))
