"""The log kept up to date by processes of its own, stamped with the time, and succeeded, from the command line."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from alteram.bootstrap import open_folder
from alteram.cli.main import build_app
from alteram.core.acts import ReportLodged
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.tlog import parse_checkpoint, parse_note_unverified
from alteram.operations.perform import perform
from benchmarks.receipts import watch
from tests.authority import Authority, running_authority
from tests.loopback import HOST, find_free_port
from tests.oracle import mth
from tests.patience import HANGS, wait_until
from tests.postgresql import find_bundled_server, find_debian_server, serve
from tests.worlds import published_leaves

PROGRAM = Path(sys.executable).with_name("alteram")


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(build_app(arguments[0]), list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.fixture
def club(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return found(tmp_path, monkeypatch)


def found(folder: Path, monkeypatch: pytest.MonkeyPatch, *more: str) -> Path:
    monkeypatch.chdir(folder)
    assert run("init", "Bowls club", "--secretary", "m02", "--rulebook", "small-club", *more)[0] == 0
    return folder / "alteram-data"


def report(home: Path, count: int, *, first: int = 0) -> None:
    """Report something `count` times, each in a matter of its own, leaving all of it out of the log."""
    with closing(open_folder(home)) as opened:
        for number in range(first, first + count):
            act = ReportLodged(identity="named", about="person", text="It was so.")
            assert perform(opened.organisation, StreamId(f"row-{number}"), act, PersonId("m05"))


def size_of(log: Path) -> int:
    return parse_checkpoint(parse_note_unverified((log / "checkpoint").read_bytes()).text).size


@contextmanager
def running(home: Path, *more: str) -> Iterator["subprocess.Popen[str]"]:
    """Run `alteram log run` until the block ends."""
    command = [str(PROGRAM), "log", "run", "--interval", "0.1", "--home", str(home), "--json", *more]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        assert "up to date" in process.stderr.readline()  # it has begun, and ends when it is told to
        yield process
    finally:
        process.kill()
        process.communicate()


def end(process: "subprocess.Popen[str]", how: signal.Signals = signal.SIGTERM) -> dict[str, object]:
    process.send_signal(how)
    told, complaint = process.communicate(timeout=HANGS)
    assert process.returncode == 0, complaint
    answer = json.loads(told)
    assert isinstance(answer, dict)
    return answer


def wait_for_size(log: Path, size: int) -> None:
    wait_until(lambda: size_of(log) >= size, lambda: f"the log holds {size_of(log)} entries, not {size}")


def check_whole(home: Path) -> None:
    """Every leaf that was acknowledged is in the published log, once and in the order of the store."""
    with closing(open_folder(home)) as opened:
        ports = opened.organisation.ports
        published = published_leaves(ports)
        assert ports.store.count_pending(ports.organisation) == 0
        stored = ports.store.leaves(ports.organisation, 0, 100_000)
        assert [one.leaf for one in stored] == published
        assert len(set(published)) == len(published)
        entries = [(one.stream, one.seq) for one in stored if one.stream is not None]
        assert len(set(entries)) == len(entries)
        heads = {stream: ports.store.find_head(ports.organisation, stream) for stream, _ in entries if stream}
        assert len(entries) == sum(head.seq + 1 for head in heads.values() if head is not None)
        checkpoint = ports.tiles.find_checkpoint()
        assert checkpoint is not None
        assert parse_checkpoint(parse_note_unverified(checkpoint).text).root == mth(published)
    assert run("log", "audit", str(home / "log"))[0] == 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_log_is_kept_up_to_date_until_it_is_told_to_stop(club: Path, how: signal.Signals) -> None:
    before = size_of(club / "log")
    with running(club) as process:
        for number in range(3):
            report(club, 2, first=2 * number)
            wait_for_size(club / "log", before + 2 * (number + 1))
        told = end(process, how)
    assert (told["stopped"], told["added"], told["size"]) == ("told to", 6, before + 6)
    assert 3 <= int(str(told["checkpoints"])) <= 6
    check_whole(club)


def test_what_was_acknowledged_before_it_was_told_to_stop_is_put_in(club: Path) -> None:
    report(club, 1, first=100)
    before = size_of(club / "log")
    with running(club, "--interval", "3600") as process:
        wait_for_size(club / "log", before + 1)  # it waits for an hour now
        report(club, 3)
        assert size_of(club / "log") == before + 1
        end(process)
    assert size_of(club / "log") == before + 4


def test_batches_are_filled_with_decoys(club: Path) -> None:
    before = size_of(club / "log")
    report(club, 1)
    with running(club, "--fill-to", "16") as process:
        wait_for_size(club / "log", before + 16)
        end(process)
    assert size_of(club / "log") == before + 16


def test_signal_that_comes_while_the_log_waits_to_be_told_never_hangs_it() -> None:
    # A handler that set the event itself would wait for a lock that the thread it interrupted holds.
    program = (
        "import os, signal, threading\n"
        "from alteram.cli.log_running import _told_to_stop\n"
        "for _ in range(100):\n"
        "    with _told_to_stop() as told:\n"
        "        threading.Timer(0.005, os.kill, (os.getpid(), signal.SIGTERM)).start()\n"
        "        while not told.wait(0):\n"
        "            pass\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=HANGS, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_log_that_cannot_be_signed_stops_it_with_one_and_a_plain_message(club: Path) -> None:
    (club / "apart" / "checkpoint.db").unlink()
    report(club, 1)
    for more in ((), ("--json",)):
        command = [str(PROGRAM), "log", "run", "--home", str(club), *more]
        done = subprocess.run(command, capture_output=True, text=True, timeout=HANGS, check=False)
        assert (done.returncode, "log.lock" in done.stdout, "Traceback" in done.stderr) == (1, True, False)
        assert "Stop, keep all files as they are" in done.stdout
    assert run("log", "run", "--home", "nowhere")[0] == 2


def test_log_goes_on_after_the_database_was_away_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(find_debian_server() or find_bundled_server()) as server, server.fresh_database() as url:
        home = found(tmp_path, monkeypatch, "--database", url)
        before = size_of(home / "log")
        report(home, 2)
        with running(home) as process:
            assert process.stderr is not None
            wait_for_size(home / "log", before + 2)
            server.stop()
            told = process.stderr.readline()
            assert ("cannot be reached" in told, "Trying again in 1 seconds" in told) == (True, True), told
            assert "Trying again in 2 seconds" in process.stderr.readline()
            status, output = run("matter", "list")
            assert (status, "cannot be reached" in output, "Traceback" in output) == (2, True, False)
            server.start()
            report(home, 3, first=10)
            while "It goes on" not in (told := process.stderr.readline()):
                assert "cannot be reached" in told, told  # on a slow machine it tries more often
            wait_for_size(home / "log", before + 5)
            assert end(process)["added"] == 5
        check_whole(home)


def test_log_that_is_told_to_stop_while_the_database_is_away_ends_with_a_plain_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(find_debian_server() or find_bundled_server()) as server, server.fresh_database() as url:
        home = found(tmp_path, monkeypatch, "--database", url)
        with running(home) as process:
            assert process.stderr is not None
            server.stop()
            process.stderr.readline()
            process.send_signal(signal.SIGTERM)
            told, complaint = process.communicate(timeout=HANGS)
        assert (process.returncode, "Traceback" in complaint) == (2, False)
        assert "cannot be reached" in json.loads(told)["error"]["problem"]
        status, output = run("log", "run")
        assert (status, "cannot be reached" in output) == (2, True)
        server.start()


def test_log_goes_on_after_its_disk_was_full(club: Path) -> None:
    before = size_of(club / "log")
    (club / "log" / "tile").rename(club / "log" / "elsewhere")
    (club / "log" / "tile").touch()  # nothing can be written below what is no folder
    with running(club) as process:
        assert process.stderr is not None
        report(club, 1)
        assert "Trying again in 1 seconds" in process.stderr.readline()
        process.send_signal(signal.SIGSTOP)  # else it might begin a folder of its own in between
        (club / "log" / "tile").unlink()
        (club / "log" / "elsewhere").rename(club / "log" / "tile")
        process.send_signal(signal.SIGCONT)
        wait_for_size(club / "log", before + 1)
        end(process)
    check_whole(club)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_several_at_once_lose_nothing_and_put_nothing_in_twice(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    more = ("--database", request.getfixturevalue("postgresql_url")) if kind == "postgresql" else ()
    home = found(tmp_path, monkeypatch, *more)
    before = size_of(home / "log")
    with (
        running(home, "--interval", "0.02") as first,
        running(home, "--interval", "0.03") as second,
        running(home, "--interval", "0.01") as third,
    ):
        for number in range(30):
            report(home, 4, first=4 * number)
        wait_for_size(home / "log", before + 120)
        told = [end(one) for one in (first, second, third)]
    assert sum(int(str(one["added"])) for one in told) <= 120
    check_whole(home)


def test_receipts_are_there_after_two_checkpoints_more_however_fast_others_write() -> None:
    """How long that is depends on the machine: benchmarks/receipts.py times it."""
    waits = watch(seconds=2.0, interval=0.2)
    assert waits
    # One checkpoint may be seen late, and one may have been begun before the act.
    assert max(one.missed for one in waits) <= 2


# -- time stamps


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    with running_authority(tmp_path / "tsa") as one:
        yield one


def test_newest_checkpoint_is_stamped_kept_and_verified_again(club: Path, authority: Authority) -> None:
    roots = str(authority.folder / "root.pem")
    assert run("log", "stamps", "--roots", roots) == (0, "There are no time stamps yet.\n")
    for number in range(2):
        report(club, 1, first=number)
        status, output = run("log", "stamp", "--tsa", authority.url, "--roots", roots, "--json")
        told = json.loads(output)
        assert (status, told["size"], told["authority"]) == (0, size_of(club / "log"), "CN=Authority")
        assert Path(told["token"]).is_file()
    status, output = run("log", "stamps", "--roots", roots, "--json")
    kept = json.loads(output)
    assert (status, len(kept), [one["verified"] for one in kept]) == (0, 2, [True, True])
    assert kept[0]["size"] < kept[1]["size"]
    status, output = run("log", "stamps", "--roots", roots)
    assert (status, output.count("PASS ")) == (0, 2)


def test_stamp_that_is_not_of_this_log_or_not_by_this_authority_fails(club: Path, authority: Authority) -> None:
    roots = str(authority.folder / "root.pem")
    assert run("log", "stamp", "--tsa", authority.url, "--roots", roots)[0] == 0
    (token,) = (club / "log" / "timestamps").glob("*.tsr")
    (checkpoint,) = (club / "log" / "timestamps").glob("*.checkpoint")
    good = checkpoint.read_text()
    checkpoint.write_text(re.sub(r"\n\d+\n", "\n3\n", good, count=1))
    status, output = run("log", "stamps", "--roots", roots, "--json")
    assert (status, json.loads(output)[0]["code"]) == (1, "note.signature")
    checkpoint.write_text(good)
    token.write_bytes(token.read_bytes()[:-1])
    status, output = run("log", "stamps", "--roots", roots)
    assert (status, output.startswith("FAIL ")) == (1, True)


def test_stamp_by_an_authority_that_is_not_trusted_is_not_kept(
    club: Path, authority: Authority, tmp_path: Path
) -> None:
    with running_authority(tmp_path / "another") as other:
        status, output = run("log", "stamp", "--tsa", other.url, "--roots", str(authority.folder / "root.pem"))
    assert (status, "does not stamp" in output) == (2, True)
    assert not list((club / "log").glob("timestamps/*"))
    away = f"http://{HOST}:{find_free_port()}"
    assert run("log", "stamp", "--tsa", away, "--roots", str(authority.folder / "root.pem"))[0] == 2


# -- keys and succession


def test_keys_are_replaced_and_lost_from_the_command_line_and_the_export_verifies(club: Path) -> None:
    assert run("matter", "propose", "row", "report.lodged", "--as", "m05", "-f", "identity=named", "-f", "about=person",
               "-f", "text=It was so")[0] == 0  # fmt: skip
    status, output = run("key", "rotate", "--record", "--as", "m02", "--json")
    assert (status, json.loads(output)["outcome"]) == (0, "allowed")
    assert run("key", "lost", "--record", "--as", "m02", "--text", "It was copied.")[0] == 0
    assert run("key", "lost", "m02", "--as", "m02")[0] == 0
    assert run("key", "rotate", "m05", "--as", "m05")[0] == 1  # nobody the organisation knows
    assert run("key", "rotate", "m05", "--as", "m02")[0] == 0
    assert run("matter", "export", "row", "row.alteram")[0] == 0
    assert run("verify", "row.alteram", "--policy", "alteram-data/policy")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("key", "rotate", "m02", "--as", "m05"), 1),
        (("key", "rotate", "--record", "--as", "m05"), 1),
        (("key", "lost", "m02", "--as", "m05"), 1),
        (("key", "rotate", "--as", "m02"), 2),
        (("key", "rotate", "m02", "--record", "--as", "m02"), 2),
        (("key", "lost", "m05", "--as", "m02"), 2),
        (("log", "succeed", "club.example/next", "--as", "m05"), 2),
        (("log", "succeed", "a name", "--as", "m02"), 2),
    ],
)
def test_key_or_log_that_may_not_be_changed_is_not(arguments: tuple[str, ...], status: int, club: Path) -> None:
    found_status, output = run(*arguments)
    assert (found_status, "Traceback" in output) == (status, False), output
    assert run("log", "audit", str(club / "log"))[0] == 0
    assert not (club / "log-2").exists()


def test_new_log_is_begun_and_told(club: Path) -> None:
    old = size_of(club / "log")
    status, output = run("log", "succeed", "club.example/next", "--as", "m02", "--json")
    told = json.loads(output)
    assert (status, told["size"], told["carried"], told["lost"]) == (0, old, old, 0)
    assert run("log", "audit", str(club / "log-2"))[0] == 0
    assert run("log", "audit", str(club / "log-2"), "--policy", str(club / "policy"))[0] == 0
