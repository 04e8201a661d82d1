"""Every file of the corpus is read within limits, runs nothing, reaches nothing, and stays as it was lodged."""

import base64
import hashlib
import json
import re
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from alteram.adapters.confining.interpreter import find_interpreter
from alteram.adapters.confining.sandbox import Sandbox
from alteram.adapters.converting.asking import parse_answer
from alteram.adapters.converting.captures import CaptureReader
from alteram.adapters.converting.documents import DocumentReader, Shown
from alteram.adapters.converting.recordings import RecordingReader
from alteram.adapters.converting.sniffing import HEAD, TAIL, Opinions, Sniffer
from alteram.adapters.converting.threads import ThreadReader
from alteram.operations.evidence_ports import Capture, Ended, Job, Limits, ShownDocument, Thread, Unshown
from tests.integration.converting.confined import need_confinement
from tests.integration.converting.hostile import archives, corpus, mails, pdfs, pictures, programs, texts
from tests.integration.converting.hostile.sample import Sample, Traps
from tests.needs import need_program

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
#: What reads a file of a kind: every task that could be asked of it.
TASKS: dict[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "application/zip": ("listing",),
    "application/x-tar": ("listing",),
    "application/json": ("text", "chat"),
    "application/mbox": ("mail",),
    "application/warc": ("capture",),
    "message/rfc822": ("mail",),
    "multipart/related": ("capture", "mail"),
    "text/html": ("text", "capture"),
    "text/plain": ("text", "chat"),
    "text/csv": ("text",),
    "text/xml": ("text",),
    "image/svg+xml": ("text",),
}
KINDS: dict[str, type] = {"mail": Thread, "chat": Thread, "capture": Capture, "detect": Opinions}
OURS = re.compile(r"page-\d{5}\.png|answer|ended")


@pytest.fixture
def traps(tmp_path: Path) -> Iterator[Traps]:
    """An address that is listened at and a path that nobody writes to: both must stay untouched."""
    path = tmp_path / "own"
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.01)
        yield Traps(f"http://127.0.0.1:{server.getsockname()[1]}/own", str(path))
        with pytest.raises(TimeoutError):
            server.accept()
    assert not path.exists(), "a file wrote outside its folder"


def read_all(samples: list[Sample], folder: Path) -> dict[tuple[str, str], bytes | int]:
    """Return what the worker answers, or how it ended, for each file and task."""
    kept, out = folder / "samples", folder / "out"
    kept.mkdir()
    out.mkdir()
    jobs: list[tuple[int, str, dict[str, object]]] = []
    for number, sample in enumerate(samples):
        (kept / str(number)).write_bytes(sample.data)
        head, tail = sample.data[:HEAD], sample.data[-TAIL:]
        told: dict[str, object] = {"head": base64.b64encode(head).decode(), "tail": base64.b64encode(tail).decode()}
        jobs.append((number, "detect", told))
        tasks = TASKS.get(sample.media, ("picture",) if sample.media.startswith("image/") else ())
        jobs += [(number, task, {"media": sample.media, "seconds": 5, "pages": 5}) for task in tasks]
    before = [hashlib.sha256(sample.data).digest() for sample in samples]
    limits = Limits(seconds=300, cpu_seconds=250, memory=3 << 30, address_space=3 << 30, files=20_000)
    job = Job(
        (sys.executable, "-s", "-P", "-B", "-W", "ignore", str(HERE / "several.py")),
        out,
        {"samples": kept},
        limits,
        json.dumps(jobs).encode(),
        (*find_interpreter(), HERE),
        {"PYTHONPATH": str(ROOT / "src")},
    )
    ended = Sandbox().run(job)
    assert ended.how == "done", ended
    after = [hashlib.sha256((kept / str(number)).read_bytes()).digest() for number in range(len(samples))]
    assert after == before, "evidence was changed"
    strangers = [str(one) for one in out.rglob("*") if one.is_file() and not OURS.fullmatch(one.name)]
    assert strangers == []
    assert not [one for one in out.rglob("*") if one.is_symlink()]
    return {(samples[number].name, task): _take(out / f"{number}-{task}") for number, task, _ in jobs}


def _take(folder: Path) -> bytes | int:
    told = folder / "answer"
    return told.read_bytes() if told.exists() else int((folder / "ended").read_text())


def parse(task: str, told: bytes | int) -> object:
    """Return what is made of an answer; a worker that ended otherwise is one that says so."""
    if isinstance(told, int):
        return parse_answer(Ended("failed", told), KINDS.get(task, Shown))
    return parse_answer(Ended("done", 0, told), KINDS.get(task, Shown))


#: What keeps LibreOffice busy for longer than any limit: the quick test gives it seconds.
LONG = "docx of thirty million letters"
#: What must be said of some of them, of the corpus's part and task: words that stand in the answer.
SAID = {
    ("zip bomb flat", "listing"): "fill a disk",
    ("zip with a name: parent", "listing"): "lead out of the folder",
    ("zip with a name: turned", "listing"): "turn a part",
    ("tar with a name: windows", "listing"): "lead out of the folder",
    ("pdf: script on opening", "pdf"): "scripts",
    ("pdf: launch", "pdf"): "starts a program",
    ("pdf: encrypted", "pdf"): "encrypted",
    ("pdf: program embedded", "pdf"): "files inside it",
    ("pdf: page tree in a loop", "pdf"): "damaged",
    ("png of huge size", "picture"): "too-large",
    ("tiff of huge size", "picture"): "too-large",
    ("jpeg of huge size", "picture"): "too-large",
    ("pdf and zip", "detect"): "ends as a zip archive",
    ("gif and script", "detect"): "reads as a script",
    ("jpeg and HTML", "detect"): "HTML stands inside it",
    ("text that is a program", "detect"): "it is a program",
    ("svg with a script", "text"): "<script>",
    ("svg with outside entities", "text"): "entities",
    ("html with a script", "text"): "<script>",
    ("csv that starts a program", "text"): "spreadsheet would compute",
    ("csv with an at", "text"): "spreadsheet would compute",
    ("text that turns", "text"): "[U+202E]",
    ("text of nothing", "text"): "empty",
    ("mail of a million headers", "mail"): "beyond the limit",
    ("mail of ten thousand parts", "mail"): "beyond the limit",
    ("mail in HTML that loads", "mail"): "not followed",
    ("warc with a digest that does not fit", "capture"): "does not fit",
    ("warc followed by rubbish", "capture"): "seen",
}


@pytest.mark.parametrize("part", [archives, pdfs, pictures, texts, mails], ids=lambda one: one.__name__.split(".")[-1])
def test_hostile_file_is_read_within_limits_and_runs_and_reaches_nothing(
    part: ModuleType, traps: Traps, tmp_path: Path
) -> None:
    need_confinement()
    samples: list[Sample] = part.make_samples(traps)
    told = read_all(samples, tmp_path)
    answers = {place: parse(task, one) for place, one in told.items() for task in [place[1]]}
    nonsense = [place for place, one in answers.items() if isinstance(one, Unshown) and "nonsense" in one.detail]
    assert nonsense == []
    # What is wrong with a file is an answer of our readers; none of them ends by an error of its own.
    assert not [place for place, one in told.items() if one == 1]
    assert not [place for place, one in told.items() if isinstance(one, bytes) and b"root:x:" in one]
    names = {sample.name for sample in samples}
    wrong = {
        place: repr(answers[place])[:300]
        for place, words in SAID.items()
        if place[0] in names and words not in repr(answers[place])
    }
    assert wrong == {}


def test_corpus_holds_at_least_two_hundred_files_and_says_something_of_those_named_here() -> None:
    samples = corpus.make_corpus(Traps("http://127.0.0.1:9/own", "own"))
    assert len(samples) >= 200
    assert {name for name, _ in SAID} <= {sample.name for sample in samples}


def test_hostile_recording_or_playlist_is_no_recording_and_reaches_nothing(traps: Traps, tmp_path: Path) -> None:
    need_confinement()
    need_program("ffmpeg", provided_by="sudo apt-get install ffmpeg")
    reader = RecordingReader(Sandbox(), limits=Limits(seconds=20, cpu_seconds=15))
    samples = programs.make_recording_samples(traps)

    def run(sample: Sample) -> tuple[str, object, object]:
        file = _keep(tmp_path, sample)
        folder = tmp_path / f"made {sample.name}"
        folder.mkdir()
        looked = reader.look(file)
        made = reader.make_seekable(file, folder)
        assert file.read_bytes() == sample.data, "evidence was changed"
        return sample.name, looked, made

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(run, samples))
    opened = {name for name, looked, _ in answers if not isinstance(looked, Unshown)}
    refused = {"playlist", "list of", "stream description", "DASH", "subtitles", "AVI", "text"}
    assert not [name for name in opened if name.removeprefix("recording: ").startswith(tuple(refused))], opened
    assert any(not isinstance(made, Unshown) for name, _, made in answers if name == "recording: length that lies")


def test_hostile_office_file_runs_and_reaches_nothing(traps: Traps, tmp_path: Path) -> None:
    need_confinement()
    need_program("soffice", provided_by="sudo apt-get install libreoffice-writer-nogui libreoffice-calc-nogui")
    usual, hasty = DocumentReader(Sandbox()), DocumentReader(Sandbox(), office_limits=Limits(seconds=4, processes=80))
    samples = programs.make_office_samples(traps)

    def run(sample: Sample) -> tuple[str, ShownDocument | Unshown]:
        file = _keep(tmp_path, sample)
        folder = tmp_path / f"made {sample.name}"
        folder.mkdir()
        shown = (hasty if sample.name == LONG else usual).show(file, sample.media, folder)
        assert file.read_bytes() == sample.data, "evidence was changed"
        return sample.name, shown

    with ThreadPoolExecutor(2) as threads:
        answers = dict(threads.map(run, samples))
    texts_of = {
        name: "".join(page.text for page in one.pages)
        for name, one in answers.items()
        if isinstance(one, ShownDocument)
    }
    assert not [name for name, text in texts_of.items() if "root:x:" in text]
    assert not isinstance(answers["docx of a template elsewhere"], Unshown)
    long = answers[LONG]
    assert isinstance(long, Unshown)
    assert long.why in {"took-too-long", "too-large"}
    assert isinstance(answers["docx that laughs"], Unshown) or "hahaha" not in texts_of["docx that laughs"]


@pytest.mark.campaign
def test_whole_corpus_through_every_reader_one_by_one(traps: Traps, tmp_path: Path) -> None:
    need_confinement()
    programs_here = Sandbox()
    sniffer, documents = Sniffer(programs_here), DocumentReader(programs_here)
    threads, captures, recordings = (
        ThreadReader(programs_here),
        CaptureReader(programs_here),
        RecordingReader(programs_here),
    )
    for sample in corpus.make_corpus(traps):
        file = _keep(tmp_path, sample)
        found = sniffer.detect(sample.data[:HEAD], sample.data[-TAIL:], file_name=sample.file_name, told=sample.media)
        for media in {found.media, sample.media}:
            folder = tmp_path / f"{sample.name} {media.replace('/', ' ')}"
            folder.mkdir()
            assert documents.show(file, media, folder) is not None
            assert threads.read_messages(file, media) is not None
            assert captures.read_capture(file, media) is not None
        assert recordings.look(file) is not None
        assert file.read_bytes() == sample.data, sample.name


def _keep(folder: Path, sample: Sample) -> Path:
    file = folder / sample.name.replace("/", " ")
    file.write_bytes(sample.data)
    return file
