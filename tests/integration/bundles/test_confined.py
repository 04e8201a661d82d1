"""What makes bundles and redactions out of hostile files sees nothing but its job, and is not run where it would."""

import re
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast

import pikepdf
import pytest

from alteram.adapters.bundles import workers
from alteram.adapters.bundles.copies import BundleCopies
from alteram.adapters.bundles.marking import derive_secrets, mark, prepare
from alteram.adapters.bundles.reading import Bundle
from alteram.adapters.bundles.workers import Bounds, BundleError, WorkerEndedError, ask_worker, build_job
from alteram.adapters.confining import command
from alteram.adapters.confining.sandbox import Sandbox
from alteram.adapters.converting.documents import DocumentReader
from alteram.operations.bundle_ports import Suspect
from alteram.operations.evidence_ports import Ended
from benchmarks.leaks import FONT, Pages, build_bundle


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
def test_worker_that_says_more_than_it_may_is_ended(tmp_path: Path, output: str) -> None:
    script = f"import sys\nwhile True: sys.{output}.write('x' * 9999)"
    job = build_job("count pages", {}, tmp_path, files=[], bounds=Bounds())
    job = replace(job, command=(sys.executable, "-c", script), limits=replace(job.limits, answer=1 << 20))
    with pytest.raises(WorkerEndedError, match="broke the program"):
        workers._parse(Sandbox().run(job))


@pytest.mark.parametrize("said", [b"", b"1", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_worker_that_answers_nonsense_is_not_believed(said: bytes) -> None:
    with pytest.raises(WorkerEndedError):
        workers._parse(Ended("done", 0, said))


def test_worker_that_goes_on_after_it_answered_is_ended_in_time(tmp_path: Path) -> None:
    job = build_job("count pages", {}, tmp_path, files=[], bounds=Bounds())
    goes_on = (sys.executable, "-c", "import os, time\nos.close(1)\nos.close(2)\ntime.sleep(60)")
    with pytest.raises(WorkerEndedError, match="longer"):
        workers._parse(Sandbox().run(replace(job, command=goes_on, limits=replace(job.limits, seconds=1))))


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
    monkeypatch.setattr(workers, "_PROGRAMS", Sandbox())
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
    monkeypatch.setattr(workers, "_PROGRAMS", Sandbox())
    with pytest.raises(BundleError, match="bubblewrap") as raised:
        count_pages()
    assert "apt-get install bubblewrap" in raised.value.remedy


def test_confinement_that_the_kernel_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "SCRATCH", -1)
    monkeypatch.setattr(workers, "_PROGRAMS", Sandbox())
    with pytest.raises(BundleError, match="cannot confine"):
        count_pages()
