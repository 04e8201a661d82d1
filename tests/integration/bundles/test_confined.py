"""What makes bundles and redactions out of hostile files sees nothing but its job, and is not run where it would."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

import pikepdf
import pytest

from alteram.adapters.bundles import workers
from alteram.adapters.bundles.workers import BundleError, ask_worker, confine

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
