"""Copies of recordings say whose they are: burnt into a film, in the tags and cover of a sound that stays as it was."""

import io
import json
import subprocess
from pathlib import Path

import pytest
from PIL import Image

import alteram.adapters.letters
from alteram.adapters.confining.sandbox import Sandbox
from alteram.adapters.converting.marked_recordings import RecordingMarker
from tests.integration.converting.confined import need_confinement
from tests.needs import need_program

FONT = Path(alteram.adapters.letters.__file__).parent / "fonts" / "DejaVuSans.ttf"
SHOWN = "Copy of m09, 2026-03-02 10:00 UTC"


@pytest.fixture
def marker() -> RecordingMarker:
    need_confinement()
    need_program("ffmpeg", provided_by="apt-get install ffmpeg")
    return RecordingMarker(Sandbox(), FONT)


def make(target: Path, *what: str) -> Path:
    subprocess.run(["ffmpeg", "-v", "error", *what, str(target)], check=True)
    return target


def mark(marker: RecordingMarker, source: Path, folder: Path, *, film: bool, shown: str = SHOWN) -> Path | None:
    folder.mkdir()
    return marker.mark(source, shown, folder, film=film)


def decode(file: Path) -> bytes:
    order = ["ffmpeg", "-v", "error", "-i", str(file), "-map", "0:a:0", "-f", "s16le", "-"]
    return subprocess.run(order, check=True, capture_output=True).stdout


def probe(file: Path) -> dict[str, object]:
    order = ["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams", str(file)]
    found: dict[str, object] = json.loads(subprocess.run(order, check=True, capture_output=True).stdout)
    return found


def draw_first(file: Path) -> Image.Image:
    order = ["ffmpeg", "-v", "error", "-i", str(file), "-map", "0:v:0", "-frames:v", "1", "-f", "image2pipe"]
    return Image.open(io.BytesIO(subprocess.run([*order, "-c:v", "png", "-"], check=True, capture_output=True).stdout))


def test_sound_says_whose_copy_it_is_in_its_tags_and_cover_and_keeps_every_sample(
    marker: RecordingMarker, tmp_path: Path
) -> None:
    source = make(tmp_path / "call.wav", "-f", "lavfi", "-i", "sine=440:duration=2", "-metadata", "title=Private")
    made = mark(marker, source, tmp_path / "out", film=False)
    assert made is not None
    assert decode(made) == decode(source)
    told = json.dumps(probe(made))
    assert told.count(SHOWN) == 2
    assert '"attached_pic": 1' in told
    assert "Private" not in told
    assert [one.name for one in tmp_path.iterdir() if one.name.endswith("png")] == []


def test_film_says_whose_copy_it_is_along_its_lower_edge(marker: RecordingMarker, tmp_path: Path) -> None:
    source = make(
        tmp_path / "film.mkv",
        *("-f", "lavfi", "-i", "color=gray:size=640x360:rate=10:duration=1"),
        *("-f", "lavfi", "-i", "sine=440:duration=1"),
    )
    one = mark(marker, source, tmp_path / "one", film=True)
    other = mark(marker, source, tmp_path / "other", film=True, shown=SHOWN.replace("m09", "m05"))
    assert one is not None
    assert other is not None
    drawn, differing = draw_first(one).convert("L"), draw_first(other).convert("L")
    assert drawn.size == (640, 360)
    edge = drawn.crop((0, 330, 300, 360))
    assert max(edge.tobytes()) > 200
    assert min(edge.tobytes()) < 60
    assert {100 < one < 150 for one in drawn.crop((0, 0, 640, 300)).tobytes()} == {True}
    assert edge.tobytes() != differing.crop((0, 330, 300, 360)).tobytes()


def test_mark_is_no_wider_than_a_narrow_film(marker: RecordingMarker, tmp_path: Path) -> None:
    source = make(tmp_path / "film.mkv", "-f", "lavfi", "-i", "color=gray:size=96x64:rate=5:duration=1")
    made = mark(marker, source, tmp_path / "out", film=True)
    assert made is not None
    assert draw_first(made).size == (96, 64)


def test_what_is_no_recording_is_not_marked(marker: RecordingMarker, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"#EXTM3U\nfile:///etc/passwd\n")
    assert mark(marker, tmp_path / "file", tmp_path / "one", film=True) is None
    assert mark(marker, tmp_path / "file", tmp_path / "other", film=False) is None
