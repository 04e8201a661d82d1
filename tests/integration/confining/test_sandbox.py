"""A program in the sandbox sees, reaches and uses nothing but what it is given, and ends within limits."""

import os
import socket
import stat
from collections.abc import Mapping
from pathlib import Path
from threading import Thread

import pytest

from alteram.adapters.confining import command, watching
from alteram.adapters.confining.sandbox import Sandbox
from alteram.adapters.converting.captures import CaptureReader
from alteram.adapters.converting.documents import DocumentReader
from alteram.adapters.converting.recordings import RecordingReader
from alteram.adapters.converting.sniffing import Sniffer
from alteram.adapters.converting.threads import ThreadReader
from alteram.operations.evidence_ports import ConfinementError, Ended, Job, Limits, Unshown
from tests.integration.converting.confined import find_running, need_confinement
from tests.patience import HANGS

#: Time enough for a slow machine: what ends here ends by another limit.
SMALL = Limits(
    seconds=HANGS, cpu_seconds=60, memory=128 << 20, file_size=4 << 20, written=16 << 20, files=50, processes=12
)


@pytest.fixture(autouse=True)
def _confined() -> None:
    need_confinement()


def run(
    folder: Path, script: str, *, reads: Mapping[str, Path] | None = None, limits: Limits = SMALL, asked: bytes = b""
) -> Ended:
    """Return how a shell script ended, confined, with a folder of its own under `folder`."""
    own = folder / "own"
    own.mkdir()
    return Sandbox().run(Job(("sh", "-c", script), own, reads or {}, limits, asked))


def test_program_that_ends_well_answers(tmp_path: Path) -> None:
    ended = run(tmp_path, "cat; echo there > file", asked=b"hello")
    assert (ended.how, ended.status, ended.answer) == ("done", 0, b"hello")
    assert (tmp_path / "own" / "file").read_text() == "there\n"


def test_program_that_fails_says_so_with_its_complaint(tmp_path: Path) -> None:
    ended = run(tmp_path, "echo wrong >&2; exit 3")
    assert (ended.how, ended.status, ended.complaint) == ("failed", 3, "wrong\n")


def test_program_reaches_no_socket_of_this_machine(tmp_path: Path) -> None:
    reach = "import socket; socket.create_connection(('127.0.0.1', %d), 2)"
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        socket.create_connection(("127.0.0.1", port)).close()
        server.accept()[0].close()
        ended = run(tmp_path, f'/usr/bin/python3 -c "{reach % port}"')
        assert ended.how == "failed"
        assert "Error" in ended.complaint
        server.settimeout(0.01)
        with pytest.raises(TimeoutError):
            server.accept()


def test_program_reaches_no_socket_by_path(tmp_path: Path) -> None:
    place = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(place))
        server.listen()
        assert run(tmp_path, f"test -e {place}").how == "failed"


def test_program_sees_only_what_it_is_given(tmp_path: Path) -> None:
    organisation = tmp_path / "organisation"
    organisation.mkdir()
    (organisation / "keys").write_text("secret")
    given = organisation / "exhibit"
    given.write_text("given")
    ended = run(
        tmp_path, f"cat /in/exhibit; cat {organisation}/keys /etc/shadow /etc/passwd; ls / ", reads={"exhibit": given}
    )
    assert ended.answer.startswith(b"given")
    assert b"secret" not in ended.answer
    assert ended.complaint.count("No such file") == 3
    shown = set(ended.answer.removeprefix(b"given").decode().split())
    assert shown <= {"bin", "dev", "etc", "in", "lib", "lib32", "lib64", "out", "proc", "sbin", "tmp", "usr", "var"}


def test_program_cannot_change_what_it_is_given(tmp_path: Path) -> None:
    given = tmp_path / "exhibit"
    given.write_text("given")
    ended = run(
        tmp_path, "echo other > /in/exhibit || rm /in/exhibit || chmod 777 /in/exhibit", reads={"exhibit": given}
    )
    assert ended.how == "failed"
    assert given.read_text() == "given"


@pytest.mark.parametrize("place", ["/", "/usr", "/etc", "/in", "/dev", "/proc"])
def test_program_writes_nowhere_but_in_its_own_folders(tmp_path: Path, place: str) -> None:
    ended = run(tmp_path, f"echo own > {place}/own")
    assert ended.how == "failed"


@pytest.mark.parametrize(
    "setting", ["sys/kernel/hostname", "sys/kernel/core_pattern", "sys/vm/overcommit_memory", "self/comm"]
)
def test_program_changes_no_setting_of_the_machine(tmp_path: Path, setting: str) -> None:
    # Nothing is written: a setting that could be changed would be changed for the whole machine.
    assert run(tmp_path, f"test -e /proc/{setting} && ! test -w /proc/{setting}").how == "done"


def test_program_inherits_neither_environment_nor_descriptors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALTERAM_SECRET", "secret")
    with (tmp_path / "kept").open("wb") as kept:
        os.set_inheritable(kept.fileno(), True)
        ended = run(tmp_path, "env; ls /proc/self/fd | tr '\\n' ' '")
    assert b"secret" not in ended.answer
    assert b"ALTERAM" not in ended.answer
    # Of its own: in, out, complaints, and the folder that ls reads.
    assert ended.answer.endswith(b"0 1 2 3 ")


def test_program_has_no_privileges_and_makes_no_namespaces(tmp_path: Path) -> None:
    ended = run(tmp_path, "grep CapEff /proc/self/status; id -u; unshare --user true && echo more")
    assert ended.answer == b"CapEff:\t0000000000000000\n65534\n"


def test_program_sees_no_other_process(tmp_path: Path) -> None:
    ended = run(tmp_path, "ls /proc | grep -c '^[0-9]'")
    assert int(ended.answer) <= 5


def test_program_over_its_time_is_killed_and_what_it_started_too(tmp_path: Path) -> None:
    marker = f"9876.{os.getpid()}"
    ended = run(tmp_path, f"sleep {marker} & sleep {marker}", limits=Limits(seconds=0.5))
    assert ended.how == "time"
    assert not find_running(marker)


def test_program_that_leaves_others_running_takes_them_with_it(tmp_path: Path) -> None:
    marker = f"9875.{os.getpid()}"
    assert run(tmp_path, f"setsid sleep {marker} > /dev/null 2>&1 & sleep 0.2").how == "done"
    assert not find_running(marker)


def test_program_over_its_computing_time_is_killed(tmp_path: Path) -> None:
    ended = run(tmp_path, "while :; do :; done", limits=Limits(seconds=10 * HANGS, cpu_seconds=1))
    assert ended.how == "time"
    assert ended.seconds < HANGS  # by the clock it had far more


def test_program_within_its_memory_is_not_killed_and_over_it_is(tmp_path: Path) -> None:
    hold = '/usr/bin/python3 -c "import time; held = bytearray(%d << 20); time.sleep(%s)"'
    for size, seconds, how in ((32, 0.3, "done"), (400, HANGS, "memory")):
        (folder := tmp_path / str(size)).mkdir()
        assert run(folder, hold % (size, seconds)).how == how


def test_programs_together_over_their_memory_are_killed(tmp_path: Path) -> None:
    assert run(tmp_path, "for i in 1 2 3; do tail /dev/zero & done; wait").how == "memory"


def test_address_space_of_one_program_is_bounded(tmp_path: Path) -> None:
    limits = Limits(seconds=HANGS, memory=4 << 30, address_space=256 << 20)
    ended = run(tmp_path, "/usr/bin/python3 -c 'bytearray(1 << 30)'", limits=limits)
    assert "MemoryError" in ended.complaint


def test_writer_of_ten_gigabytes_ends_at_the_size_of_a_file(tmp_path: Path) -> None:
    ended = run(tmp_path, "exec head -c 10000000000 /dev/zero > big")
    assert ended.how == "size"
    assert (tmp_path / "own" / "big").stat().st_size == SMALL.file_size


def test_writer_of_many_files_ends_at_their_size_together(tmp_path: Path) -> None:
    assert run(tmp_path, "for i in $(seq 40); do head -c 4000000 /dev/zero > f$i; done; sleep 9000").how == "size"


def test_writer_of_many_files_ends_at_their_number(tmp_path: Path) -> None:
    ended = run(tmp_path, "for i in $(seq 60); do : > f$i; done; sleep 9000")
    assert ended.how == "size"


def test_writer_of_a_long_answer_ends_at_its_size(tmp_path: Path) -> None:
    ended = run(tmp_path, "yes", limits=Limits(seconds=HANGS, answer=1 << 20))
    assert (ended.how, ended.answer) == ("size", b"")


def test_answer_goes_where_it_is_taken(tmp_path: Path) -> None:
    parts: list[bytes] = []
    own = tmp_path / "own"
    own.mkdir()
    ended = Sandbox().run(Job(("seq", "100000"), own, {}), parts.append)
    assert ended.answer == b""
    assert b"".join(parts).count(b"\n") == 100_000


def test_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="empty folder"):
        Sandbox().run(Job(("true",), tmp_path, {}))


def test_program_runs_in_a_thread_of_a_server(tmp_path: Path) -> None:
    ends: list[Ended] = []
    thread = Thread(target=lambda: ends.append(run(tmp_path, "sleep 0.2; echo there")))
    thread.start()
    thread.join()
    assert ends[0].answer == b"there\n"


def test_without_bubblewrap_nothing_is_run_and_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    own = tmp_path / "own"
    own.mkdir()
    with pytest.raises(ConfinementError, match="apt-get install bubblewrap"):
        Sandbox().run(Job(("touch", str(own / "file")), own, {}))
    assert not list(own.iterdir())


def test_with_a_bubblewrap_that_cannot_confine_nothing_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    false = tmp_path / command.PROGRAM
    false.write_text("#!/bin/sh\necho 'no user namespaces' >&2; exit 1\n")
    false.chmod(false.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    own = tmp_path / "own"
    own.mkdir()
    with pytest.raises(ConfinementError, match="no user namespaces"):
        Sandbox().run(Job(("true",), own, {}))
    with pytest.raises(ConfinementError):
        Sandbox().confinement()


def test_where_nobody_could_watch_it_nothing_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_PROCESSES", tmp_path)
    with pytest.raises(ConfinementError, match="cannot be watched"):
        Sandbox().confinement()


def test_without_bubblewrap_every_reader_says_what_to_install_and_raises_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    file, folder = tmp_path / "file", tmp_path / "pages"
    file.write_bytes(b"hello")
    folder.mkdir()
    programs = Sandbox()
    found = [
        DocumentReader(programs).show(file, "text/plain", folder),
        ThreadReader(programs).read_messages(file, "text/plain"),
        CaptureReader(programs).read_capture(file, "application/warc"),
        RecordingReader(programs).look(file),
        RecordingReader(programs).measure_waveform(file),
        RecordingReader(programs).make_seekable(file, folder),
    ]
    assert not [one for one in found if not isinstance(one, Unshown) or "apt-get install" not in one.detail]
    detected = Sniffer(programs).detect(b"hello")
    assert detected.media == "application/octet-stream"
    assert "apt-get install bubblewrap" in detected.warnings[0]
    assert not list(folder.iterdir())
