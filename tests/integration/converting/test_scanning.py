"""The scanner's answers: from a real clamd with a definition of our own, and where there is none."""

import io
import socket
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from alteram.adapters.converting.scanning import CHUNK, ClamDaemon, NoScanner, parse_answer
from alteram.operations.evidence_ports import Scanned
from tests.needs import need_program
from tests.patience import HANGS, wait_until

#: The industry's test file, in two parts: whole, it would be found in this one.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.fixture(scope="module")
def daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A clamd that knows one signature, with its socket in a folder of the test's."""
    program = need_program("clamd", provided_by="sudo apt-get install clamav-daemon", also="/usr/sbin")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "own.ndb").write_text(f"Eicar-Test:0:*:{EICAR.hex()}\n")
    place = folder / "socket"
    settings = folder / "clamd.conf"
    settings.write_text(
        f"Foreground yes\nLocalSocket {place}\nDatabaseDirectory {folder}\nStreamMaxLength 1M\nMaxThreads 2\n"
    )
    with subprocess.Popen([program, "-c", str(settings)], stdout=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: place.exists() or process.poll() is not None, lambda: "clamd does not listen")
            assert process.poll() is None, "clamd ended"
            yield place
        finally:
            process.terminate()


def test_clean_file_is_clean(daemon: Path) -> None:
    assert ClamDaemon(daemon).scan([b"hello"]) == Scanned("clean")


def test_test_file_is_found_by_name_across_chunks(daemon: Path) -> None:
    assert ClamDaemon(daemon).scan([EICAR[:20], b"", EICAR[20:]]) == Scanned("found", name="Eicar-Test.UNOFFICIAL")


def test_test_file_in_a_zip_is_found(daemon: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("own.com", EICAR)
    assert ClamDaemon(daemon).scan([out.getvalue()]).answer == "found"


def test_file_of_the_scanners_size_is_scanned_and_a_larger_one_is_not_called_clean(daemon: Path) -> None:
    assert ClamDaemon(daemon).scan([bytes(CHUNK)] * 4).answer == "clean"
    larger = ClamDaemon(daemon).scan([bytes(CHUNK)] * 40)
    assert larger.answer == "could-not-scan"
    assert "larger" in larger.why or "does not answer" in larger.why


def test_scanner_says_its_version(daemon: Path) -> None:
    assert ClamDaemon(daemon).describe().startswith("ClamAV")


def test_scanner_that_is_away_could_not_scan(tmp_path: Path) -> None:
    away = ClamDaemon(tmp_path / "nowhere")
    assert away.scan([b"hello"]).answer == "could-not-scan"
    assert away.describe() == "a scanner that does not answer"


@pytest.mark.parametrize("said", [b"", b"stream: OK", b"\xff\xff\0", b"stream: ERROR\0", b"OK\0", b"a" * 10_000])
def test_answer_in_another_spelling_is_never_clean_and_one_in_the_spelling_is(said: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=_answer_once, args=(server, said))
        thread.start()
        found = ClamDaemon(server.getsockname(), patience=HANGS).scan([b"hello"])
        thread.join()
    assert found.answer == ("clean" if said == b"stream: OK" else "could-not-scan")


def _answer_once(server: socket.socket, said: bytes) -> None:
    accepted, _ = server.accept()
    with accepted:
        while not accepted.recv(1 << 16).endswith(bytes(4)):
            pass
        accepted.sendall(said)


def test_scanner_that_is_silent_could_not_scan() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert ClamDaemon(server.getsockname(), patience=0.1).scan([b"hello"]).answer == "could-not-scan"


def test_no_scanner_reads_nothing_and_says_so() -> None:
    def refuse() -> Iterator[bytes]:
        pytest.fail("read")
        yield b""

    assert NoScanner().scan(refuse()).answer == "not-scanned"
    assert NoScanner().describe() == "no scanner"


def test_name_of_what_is_found_is_the_scanners() -> None:
    assert parse_answer("stream: Win.Test.EICAR_HDB-1 FOUND").name == "Win.Test.EICAR_HDB-1"
    assert parse_answer("stream: OK FOUND\nstream: OK").answer == "could-not-scan"
