"""What a file that took its reader over would try: held by the limits of converters and of bundle workers alike.

Each of them is tried once more with the limit taken away, and then does what it would: it is the limit that holds it.
"""

import errno
import os
import platform
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest

from alteram.adapters.bundles.workers import Bounds, build_job
from alteram.adapters.confining import calls, sandbox, watching
from alteram.adapters.confining.command import build_command
from alteram.adapters.confining.interpreter import find_interpreter
from alteram.adapters.confining.sandbox import Sandbox
from alteram.adapters.converting.asking import WORKER
from alteram.operations.evidence_ports import Ended, Job
from tests.integration.converting.confined import find_running, need_confinement
from tests.patience import HANGS

Build = Callable[[str], Job]
PROGRAMS = Sandbox()
PYTHON = (sys.executable, "-I", "-S", "-c")


@pytest.fixture(autouse=True)
def _confined() -> None:
    need_confinement()


@pytest.fixture(params=["converter", "bundle worker"])
def build(request: pytest.FixtureRequest, tmp_path: Path) -> Build:
    """Return what makes a job of a script, within what each of the two is given."""
    (own := tmp_path / "own").mkdir()
    (folder := tmp_path / "folder").mkdir()

    def converter(script: str) -> Job:
        return Job((*PYTHON, script), own, {}, WORKER, shows=find_interpreter())

    def worker(script: str) -> Job:
        bounds = Bounds(file_size=64 << 20)
        return replace(
            build_job("render", {"folder": str(folder)}, own, files=[], bounds=bounds), command=(*PYTHON, script)
        )

    return converter if request.param == "converter" else worker


def limit(job: Job, **limits: Any) -> Job:
    return replace(job, limits=replace(job.limits, **limits))


def try_out(job: Job) -> Ended:
    return PROGRAMS.run(job)


@pytest.fixture
def take_away(monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[str]], None]:
    """Return what takes words out of the command line that confines."""

    def take(words: Sequence[str]) -> None:
        def weakened(program: str, job: Job, *, told: int, refused: int, room: int) -> list[str]:
            told_whole = build_command(program, job, told=told, refused=refused, room=room)
            at = next(at for at in range(len(told_whole)) if told_whole[at : at + len(words)] == [*words])
            return told_whole[:at] + told_whole[at + len(words) :]

        monkeypatch.setattr(sandbox, "build_command", weakened)

    return take


SPAWN = "import os, time\nfor _ in range(60):\n    if not os.fork(): time.sleep(1); os._exit(0)\nprint('all')"


def test_processes_are_bounded(build: Build) -> None:
    ended = try_out(limit(build(SPAWN), processes=12))
    assert ended.how in {"failed", "processes"}
    assert try_out(limit(build(SPAWN), processes=100)).answer == b"all\n"


def test_fork_bomb_ends_and_leaves_nothing(build: Build) -> None:
    bomb = "import os, signal\nsignal.signal(15, signal.SIG_IGN)\nwhile True:\n try: os.fork()\n except OSError: pass"
    marker = f"# bomb {os.getpid()}"
    ended = try_out(limit(build(f"{bomb}\n{marker}"), seconds=1, cpu_seconds=1))
    assert ended.how in {"time", "processes"}
    assert not find_running(marker)


HOLD = """
import os, time
children = []
for _ in range(4):
    if not os.fork():
        held = b"x" * (60 << 20)
        time.sleep(%s)
        os._exit(0)
for _ in range(4): os.wait()
print("held")
"""


def test_memory_is_bounded_of_all_processes_together(build: Build) -> None:
    # What is to be found over its limit stays until it is, on a slow machine too.
    assert try_out(limit(build(HOLD % HANGS), memory=128 << 20, seconds=HANGS)).how == "memory"
    assert try_out(limit(build(HOLD % 0.5), memory=512 << 20)).answer == b"held\n"


def test_memory_of_a_worker_is_bounded_by_the_kernel_before_anybody_looks(tmp_path: Path) -> None:
    for megabytes, how in ((64, "failed"), (512, "done")):
        (own := tmp_path / str(megabytes)).mkdir()
        job = build_job("render", {}, own, files=[], bounds=Bounds(memory=megabytes << 20))
        assert try_out(replace(job, command=(*PYTHON, "bytearray(128 << 20)"))).how == how


def test_program_that_holds_much_is_ended_where_the_machine_has_little_left(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "meminfo"
    monkeypatch.setattr(watching, "_MACHINE", told)
    hold = "import time\nheld = b'x' * (80 << 20)\ntime.sleep(%s)"
    for total, available, seconds, how in (
        (1 << 20, 60_000, HANGS, "memory"),
        (1 << 20, 70_000, 0.3, "done"),
        (2 << 20, 70_000, HANGS, "memory"),
        (2 << 20, 120_000, 0.3, "done"),
    ):
        told.write_text(f"MemTotal: {total} kB\nMemFree: 1 kB\nMemAvailable: {available} kB\n")
        assert try_out(limit(build(hold % seconds), seconds=HANGS)).how == how


def test_program_is_the_first_to_be_ended_when_memory_ends_and_cannot_say_otherwise(build: Build) -> None:
    ended = try_out(build("place = '/proc/self/oom_score_adj'\nprint(open(place).read())\nopen(place, 'w').write('0')"))
    assert ended.answer == b"1000\n\n"
    assert "Read-only" in ended.complaint


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_no_socket_leads_out(build: Build, take_away: Callable[[Sequence[str]], None], port: int) -> None:
    reach = f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 2)\nprint('there')"
    assert try_out(build(reach)).how == "failed"
    take_away(["--unshare-net"])
    assert try_out(build(reach)).answer == b"there\n"


def test_neither_passwords_nor_keys_of_the_installation_can_be_read(build: Build, tmp_path: Path) -> None:
    (keys := tmp_path / "installation").mkdir()
    (keys / "root.key").write_text("key")
    for file in ("/etc/shadow", "/etc/passwd", str(keys / "root.key")):
        job = build(f"print(open({file!r}).read())")
        assert "No such file" in try_out(job).complaint
        assert try_out(replace(job, shows=[*job.shows, Path(file).parent])).how == "done"


WRITE = """
import os
for place in ("/", "/usr", "/etc", "/dev", "/proc/sys/kernel", "/in", "/out"):
    try: open(os.path.join(place, "written"), "w"); print(place)
    except OSError: pass
"""


def test_nothing_is_written_outside_its_own_folder(build: Build) -> None:
    assert try_out(build(WRITE)).answer == b"/out\n"


def test_what_it_runs_from_cannot_be_changed(build: Build, tmp_path: Path) -> None:
    (shown := tmp_path / "shown").mkdir()
    write = build(f"open({str(shown)!r} + '/written', 'w')")
    assert "Read-only" in try_out(replace(write, shows=[*write.shows, shown])).complaint
    assert try_out(replace(write, writes=[shown])).how == "done"


FILL = "for at in range(40): open(f'/out/{at}', 'wb').write(bytes(1 << 20))\nimport time; time.sleep(%s)"


def test_disk_is_not_filled_by_many_files_together(build: Build, tmp_path: Path) -> None:
    assert try_out(limit(build(FILL % HANGS), written=20 << 20, seconds=HANGS)).how == "size"
    for one in (tmp_path / "own").iterdir():
        one.unlink()
    assert try_out(limit(build(FILL % 0.3), written=60 << 20)).how == "done"


def test_disk_is_not_filled_by_one_file(build: Build) -> None:
    job = build("open('/out/one', 'wb').write(bytes(8 << 20))")
    # Our interpreter is told rather than ended by the signal, and fails.
    assert try_out(limit(job, file_size=4 << 20)).how in {"failed", "size"}
    (job.folder / "one").unlink(missing_ok=True)
    assert try_out(limit(job, file_size=8 << 20)).how == "done"


def test_disk_that_is_nearly_full_is_left_some(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    PROGRAMS.confinement()
    real = watching.measure_written
    free = chain([8 << 20], repeat(900 << 10))
    monkeypatch.setattr(watching, "measure_written", lambda job: real(job)._replace(free=next(free)))
    monkeypatch.setattr(sandbox, "measure_written", watching.measure_written)
    # A file without a name is in no folder.
    hidden = "import os, time\nfile = open('/out/one', 'wb')\nos.unlink('/out/one')\nfile.write(bytes(6 << 20))\n"
    assert try_out(limit(build(f"{hidden}time.sleep({HANGS})"), seconds=HANGS)).how == "size"


def test_many_files_open_are_refused(build: Build) -> None:
    ended = try_out(build("kept = [open('/dev/null') for _ in range(300)]"))
    assert "Too many open files" in ended.complaint


CALLS = """
import ctypes, os
call = ctypes.CDLL(None, use_errno=True).syscall
for number in %s:
    assert call(number, -1, -1, -1, -1, -1) == -1
    print(ctypes.get_errno())
"""


def test_calls_that_no_reader_needs_are_told_to_be_missing(build: Build) -> None:
    numbers = calls._MACHINES[platform.machine()][1]
    assert set(try_out(build(CALLS % list(numbers))).answer.split()) == {b"%d" % errno.ENOSYS}


def test_memory_that_stands_in_no_process_is_not_had(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    hide = "import os\nfor _ in range(4): os.write(os.memfd_create('one'), bytes(16 << 20))\nprint('hidden')"
    assert "Function not implemented" in try_out(build(hide)).complaint
    monkeypatch.setattr(sandbox, "build_filter", bytes)
    assert try_out(limit(build(hide), memory=48 << 20)).answer == b"hidden\n"


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_filter_is_of_as_many_calls_as_it_names(machine: str) -> None:
    assert len(calls._MACHINES[machine][1]) == len(calls.NAMES)
    assert len(calls.build_filter(machine)) == 8 * (len(calls.NAMES) + 6)
    assert calls.build_filter("another") == b""


def test_computing_is_bounded_and_the_clock_too(build: Build) -> None:
    assert try_out(limit(build("while True: pass"), cpu_seconds=1)).how == "time"
    assert try_out(limit(build("import time\ntime.sleep(9)"), seconds=0.3)).how == "time"


def test_program_that_takes_no_notice_of_being_told_to_end_is_ended(build: Build) -> None:
    deaf = "import signal, time\nfor one in (1, 2, 15, 24): signal.signal(one, signal.SIG_IGN)\n"
    ended = try_out(limit(build(f"{deaf}time.sleep(9000)"), seconds=0.5))
    assert (ended.how, ended.seconds < HANGS) == ("time", True)


def test_environment_is_clean(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEY_OF_THE_SERVER", "1")
    ended = try_out(build("import os\nprint('KEY_OF_THE_SERVER' in os.environ, os.getppid())"))
    assert ended.answer == b"False 1\n"


def test_no_privilege_is_had_or_gained(build: Build) -> None:
    told = "print(*[one for one in open('/proc/self/status') if one[:5] in ('CapEf', 'CapBn', 'NoNew')], sep='')"
    words = try_out(build(told)).answer.split()
    assert words == [b"CapEff:", b"0" * 16, b"CapBnd:", b"0" * 16, b"NoNewPrivs:", b"1"]
