"""What makes bundles and redactions out of hostile files sees nothing but its job, and is not run where it would."""

import json
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

import pikepdf
import pytest

from alteram.adapters.bundles import workers
from alteram.adapters.bundles.copies import BundleCopies
from alteram.adapters.bundles.marking import derive_secrets, mark, prepare
from alteram.adapters.bundles.reading import Bundle
from alteram.adapters.bundles.workers import BundleError, WorkerEndedError, ask_worker, confine
from alteram.adapters.converting.documents import DocumentReader
from alteram.adapters.converting.sandbox import Sandbox
from alteram.operations.bundle_ports import Suspect
from benchmarks.leaks import FONT, Pages, build_bundle

#: What a program would do that a file took over.
PRY = """
import json, os, socket, sys
def tried(do):
    try:
        return bool(do() or True)
    except OSError:
        return False
own = sys.argv[1]
print(json.dumps({
    "record": tried(lambda: open(sys.argv[2]).read()),
    "people": tried(lambda: open("/etc/passwd").read()),
    "network": tried(lambda: socket.create_connection(("127.0.0.1", int(sys.argv[3])), 2)),
    "processes": [one for one in os.listdir("/proc") if one.isdecimal() and int(one) > 9],
    "settings": "KEY_OF_THE_SERVER" in os.environ,
    "writes": [place for place in ("/", "/usr", "/proc/sys/kernel", own)
               if tried(lambda: open(os.path.join(place, "written"), "w"))],
}))
"""


def pry(tmp_path: Path, job: dict[str, Any], port: int) -> dict[str, Any]:
    secret = tmp_path / "apart" / "root.key"
    secret.parent.mkdir(exist_ok=True)
    secret.write_text("key")
    own = str(job.get("folder", "/nowhere"))
    command = [*confine(job), sys.executable, "-s", "-P", "-c", PRY, own, str(secret), str(port)]
    ended = subprocess.run(command, capture_output=True, check=True, env={"KEY_OF_THE_SERVER": "1"}, cwd="/")
    return cast("dict[str, Any]", json.loads(ended.stdout))


def test_worker_reaches_no_file_no_network_no_process_and_no_setting(tmp_path: Path) -> None:
    import socket  # noqa: PLC0415 - for this test alone

    with socket.create_server(("127.0.0.1", 0)) as server:
        found = pry(tmp_path, {}, server.getsockname()[1])
    assert found == {
        "record": False, "people": False, "network": False, "processes": [], "settings": False, "writes": []
    }  # fmt: skip


def test_worker_writes_into_the_folder_of_its_job_and_nowhere_else(tmp_path: Path) -> None:
    folder = tmp_path / "job"
    folder.mkdir()
    assert pry(tmp_path, {"folder": str(folder)}, 9)["writes"] == [str(folder)]
    assert [one.name for one in folder.iterdir()] == ["written"]


def count_pages() -> int:
    made = BytesIO()
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(made)
    with TemporaryFile() as source:
        source.write(made.getvalue())
        source.flush()
        file = cast("BinaryIO", source)
        return int(ask_worker("count pages", {"source": source.fileno()}, files=[file])["pages"])


@pytest.mark.parametrize("output", ["stdout", "stderr"])
def test_worker_that_says_more_than_it_may_is_ended(monkeypatch: pytest.MonkeyPatch, output: str) -> None:
    monkeypatch.setattr(workers, "MAX_ANSWER", 1 << 20)
    command = [sys.executable, "-c", f"import sys\nwhile True: sys.{output}.write('x' * 9999)"]
    with pytest.raises(WorkerEndedError, match="broke the program"):
        workers._run(command, b"", [], 60)


@pytest.mark.parametrize("said", [b"", b"1", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_worker_that_answers_nonsense_is_not_believed(said: bytes) -> None:
    with pytest.raises(WorkerEndedError):
        workers._parse(said)


def test_worker_that_goes_on_after_it_answered_is_ended_in_time() -> None:
    command = [sys.executable, "-c", "import os, time\nos.close(1)\nos.close(2)\ntime.sleep(60)"]
    with pytest.raises(WorkerEndedError, match="longer"):
        workers._run(command, b"", [], 1)


def test_marks_are_prepared_and_read_where_no_file_can_do_harm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    build_bundle(tmp_path / "bundle.pdf", letters=1, scans=1, seed=1)
    suspect = Suspect("b1", tmp_path / "bundle.pdf", 2, bytes(32), (b"one",))
    programs = Sandbox()
    copies = BundleCopies(programs, DocumentReader(programs), FONT, shows=(), settings={}, recordings=NoRecordings())
    (made,) = copies.mark_copies(suspect, {b"one": "For one"}, tmp_path).values()
    (tmp_path / "plain").mkdir()
    prepare(suspect.unmarked, derive_secrets(suspect.seed, 2), tmp_path / "plain")
    mark(tmp_path / "plain", suspect.seed, b"one", tmp_path / "plain.pdf", shown="For one", font=FONT.read_bytes())
    # Each time that a PDF is written it gets an identifier of its own.
    found, plain = (re.sub(rb"/ID ?\[[^]]*\]", b"", one.read_bytes()) for one in (made, tmp_path / "plain.pdf"))
    assert found == plain
    assert len(found) < made.stat().st_size
    made.unlink()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BundleError, match="bubblewrap"):
        copies.mark_copies(suspect, {b"one": "For one"}, tmp_path)
    with pytest.raises(BundleError, match="bubblewrap"):
        Bundle(suspect.unmarked, Pages(suspect.unmarked), suspect.seed)._find_carried(1)


class NoRecordings:
    """Implements MarksRecordings: marks none."""

    def mark(self, source: Path, shown: str, folder: Path, *, film: bool) -> Path | None:
        return None


def test_nothing_is_run_where_nothing_can_be_confined(monkeypatch: pytest.MonkeyPatch) -> None:
    assert count_pages() == 1
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BundleError, match="bubblewrap") as raised:
        count_pages()
    assert "apt-get install bubblewrap" in raised.value.remedy


def test_confinement_that_the_kernel_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_SYSTEM", ())
    monkeypatch.setattr(workers, "_SCRATCH", -1)
    with pytest.raises(BundleError, match="confined"):
        count_pages()
