"""Reports with files: the process is killed at any moment, and what it acknowledged is there whole, files included."""

import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from alteram.bootstrap import open_folder
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.operations.attachments import begin_attachment, find_attachments, open_attachment, sweep_attachments
from alteram.operations.lodging import lodge_report
from alteram.operations.organisation import Organisation
from tests.faults.children import ROOT, create_folder, environment
from tests.operations.test_attachments import ANONYMOUS

REPORTER = PersonId("reporter-x")
NOW = timedelta(0)
_PROGRAM = (
    "import sys; from pathlib import Path; from tests.faults.test_files_killed import write; "
    "write(Path(sys.argv[1]), sys.argv[2])"
)


def write(folder: Path, name: str) -> None:
    """Lodge reports with a file of a few chunks until killed; say which are acknowledged."""
    organisation = open_folder(folder).organisation
    sys.stdout.write("ready\n")
    for number in range(100_000):
        lodge(organisation, StreamId(f"{name}-{number}"))
        sys.stdout.write(f"{name}-{number}\n")
        sys.stdout.flush()


def lodge(organisation: Organisation, stream: StreamId) -> None:
    incoming = begin_attachment(organisation, stream, "photo.jpg")
    for _ in range(3):
        incoming.write(content_of(stream))
    assert lodge_report(organisation, stream, ANONYMOUS, REPORTER, attachments=[incoming.finish()])


def content_of(stream: StreamId) -> bytes:
    return stream.encode().ljust(60_000, b".")


def run_and_kill(folder: Path, name: str, after_s: float) -> list[StreamId]:
    """Return what was acknowledged; a last line that was cut short counts for nothing."""
    path = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    command = [sys.executable, "-c", _PROGRAM, str(folder), name]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**environment(), **path})
    with child:
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(after_s)
        child.send_signal(signal.SIGKILL)
        said = child.stdout.read()
    return [StreamId(line) for line in said.split("\n")[:-1]]


def test_killed_writer_loses_no_report_and_no_file_it_acknowledged(tmp_path: Path) -> None:
    folder, chance = create_folder(tmp_path / "club"), random.Random(7)
    told: list[StreamId] = []
    number = 0
    while number < 4 or not told:  # a slow machine acknowledges its first later, and is given longer each time
        told += run_and_kill(folder, f"round-{number}", chance.uniform(0.1, 0.6) * (1 + number // 4))
        opened = open_folder(folder)
        try:
            _check(opened.organisation, told, swept=number % 2 == 0)
        finally:
            opened.close()
        number += 1


def _check(organisation: Organisation, told: list[StreamId], *, swept: bool) -> None:
    if swept:
        sweep_attachments(organisation, older_than=NOW)
        assert organisation.ports.attachments.waiting(NOW) == ()
    for stream in told:
        content = open_attachment(organisation, stream, 0, 0, REPORTER).content
        assert b"".join(content) == content_of(stream) * 3
    # Whatever else was recorded, acknowledged or not, has its file whole.
    for stream in organisation.matter_streams():
        if stream.startswith("round-"):
            assert len(find_attachments(organisation, stream, 0, REPORTER)) == 1
            assert b"".join(open_attachment(organisation, stream, 0, 0, REPORTER).content) == content_of(stream) * 3
