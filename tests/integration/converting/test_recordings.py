"""Recordings made by real programs: facts, waveform, the seekable form, and parts of it that play."""

import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alteram.adapters.confining.sandbox import Sandbox
from alteram.adapters.converting import flac, matroska
from alteram.adapters.converting.recordings import RecordingReader
from alteram.adapters.converting.seekable import PIECE, find_piece_range, play_excerpt
from alteram.adapters.converting.waveforms import MAX_BUCKETS, RATE, Meter
from alteram.core.kernel.errors import MalformedError
from alteram.operations.evidence_ports import (
    PlayableExcerpt,
    RecordingFacts,
    RecordingIndex,
    SeekableForm,
    Unshown,
    Waveform,
)
from tests.effort import measure_effort
from tests.integration.converting.confined import need_confinement
from tests.needs import need_program
from tests.patience import HANGS

SECONDS = 24
#: Sound whose every frame differs, so that no part can be taken for another.
NOISE = f"anoisesrc=duration={SECONDS}:sample_rate=16000:seed=7:amplitude=0.3"
PICTURES = f"testsrc=size=160x120:rate=10:duration={SECONDS}"
READER = RecordingReader(Sandbox())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    need_confinement()
    need_program("ffmpeg", provided_by="sudo apt-get install ffmpeg")
    return tmp_path_factory.mktemp("recordings")


def make(file: Path, *options: str) -> Path:
    """Return a recording made by ffmpeg."""
    if not file.exists():
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", *options, str(file)], check=True, timeout=HANGS)
    return file


def decode(file: Path) -> bytes:
    command = ["ffmpeg", "-v", "error", "-i", str(file), "-map", "0:a:0", "-f", "s32le", "-c:a", "pcm_s32le", "-"]
    return subprocess.run(command, check=True, capture_output=True, timeout=HANGS).stdout


def list_frames(file: Path, stream: str = "v") -> list[str]:
    command = ["ffmpeg", "-v", "error", "-i", str(file), "-map", f"0:{stream}", "-f", "framemd5", "-"]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=HANGS).stdout
    return [line.rpartition(",")[2] for line in told.splitlines() if not line.startswith("#")]


def seek(source: Path, folder: Path) -> tuple[bytes, SeekableForm]:
    folder.mkdir(exist_ok=True)
    for one in folder.iterdir():
        one.unlink()
    form = READER.make_seekable(source, folder)
    assert isinstance(form, SeekableForm), form
    return form.file.read_bytes(), form


def cut(data: bytes, index: RecordingIndex, from_s: float, until_s: float) -> PlayableExcerpt:
    first, until = find_piece_range(index, from_s, until_s)
    played = play_excerpt(data[:PIECE], data[first * PIECE : until * PIECE], first)
    assert isinstance(played, PlayableExcerpt), played
    return played


SOUNDS = {
    "wav": ("-i", NOISE),
    "mp3": ("-i", NOISE, "-c:a", "libmp3lame"),
    "m4a": ("-i", NOISE, "-ac", "2"),
    "ogg": ("-i", NOISE, "-c:a", "libvorbis"),
}


@pytest.mark.parametrize("ending", SOUNDS)
def test_part_of_a_sound_decodes_to_the_same_samples_as_in_the_whole(folder: Path, tmp_path: Path, ending: str) -> None:
    source = make(folder / f"sound.{ending}", *SOUNDS[ending])
    data, form = seek(source, tmp_path / "form")
    whole = decode(form.file)
    channels = flac.parse_head(data).channels
    for from_s, until_s in ((0.0, 2.0), (7.3, 9.1), (11.0, 23.5), (20.0, 24.0)):
        played = cut(data, form.index, from_s, until_s)
        assert played.first <= from_s * played.rate
        assert played.first + played.length >= min(until_s * played.rate, form.index.length)
        (tmp_path / "part.flac").write_bytes(played.data)
        size = 4 * channels
        assert decode(tmp_path / "part.flac") == whole[played.first * size : (played.first + played.length) * size]
        looked = READER.look(tmp_path / "part.flac")
        assert isinstance(looked, RecordingFacts)
        assert looked.milliseconds == played.length * 1000 // played.rate


@pytest.mark.parametrize(("codec", "bits"), [("pcm_s16le", 16), ("pcm_s24le", 24)])
def test_form_of_a_sound_kept_without_loss_holds_its_very_samples(
    folder: Path, tmp_path: Path, codec: str, bits: int
) -> None:
    source = make(folder / f"{codec}.wav", "-i", NOISE, "-c:a", codec)
    data, form = seek(source, tmp_path / "form")
    assert flac.parse_head(data).bits == bits
    assert decode(form.file) == decode(source)


def test_part_of_a_video_shows_the_same_pictures_and_sounds_as_the_whole(folder: Path, tmp_path: Path) -> None:
    source = make(
        folder / "video.mp4", "-i", PICTURES, "-f", "lavfi", "-i", NOISE, "-c:v", "libx264", "-g", "20", "-c:a", "aac"
    )
    data, form = seek(source, tmp_path / "form")
    assert form.index.form == "matroska"
    whole = list_frames(source)
    assert list_frames(form.file) == whole
    for from_s, until_s in ((0.0, 3.0), (8.5, 12.0), (20.0, 24.0)):
        played = cut(data, form.index, from_s, until_s)
        (tmp_path / "part.mkv").write_bytes(played.data)
        part = list_frames(tmp_path / "part.mkv")
        at = whole.index(part[0])
        assert part == whole[at : at + len(part)]
        assert at <= from_s * 10
        assert at + len(part) >= until_s * 10 - 1
        assert played.first <= max(from_s * 1000, form.index.places[0][0])
        looked = READER.look(tmp_path / "part.mkv")
        assert isinstance(looked, RecordingFacts)
        assert looked.milliseconds == played.length
        assert abs(played.length - len(part) * 100) <= 200


def test_index_says_where_each_second_stands(folder: Path, tmp_path: Path) -> None:
    data, form = seek(make(folder / "sound.wav", *SOUNDS["wav"]), tmp_path / "form")
    assert form.index.length == SECONDS * 16_000
    assert form.index.size == len(data)
    for sample, byte in form.index.places:
        frame = next(iter(flac.find_frames(data, byte, sample // flac.BLOCK)))
        assert (frame.at, frame.number * flac.BLOCK) == (byte, sample)


def test_pieces_that_are_asked_for_are_no_more_than_needed(folder: Path, tmp_path: Path) -> None:
    _, form = seek(make(folder / "sound.wav", *SOUNDS["wav"]), tmp_path / "form")
    first, until = find_piece_range(form.index, 10, 12)
    assert (until - first) * PIECE < form.index.size / SECONDS * 4 + 2 * PIECE
    assert find_piece_range(form.index, 0, SECONDS) == (0, -(-form.index.size // PIECE))


@pytest.mark.parametrize(("from_s", "until_s"), [(-1, 2), (3, 3), (4, 3), (SECONDS, SECONDS + 1)])
def test_stretch_that_is_none_is_refused(folder: Path, tmp_path: Path, from_s: float, until_s: float) -> None:
    _, form = seek(make(folder / "sound.wav", *SOUNDS["wav"]), tmp_path / "form")
    with pytest.raises(MalformedError):
        find_piece_range(form.index, from_s, until_s)


def test_pieces_that_were_changed_do_not_play(folder: Path, tmp_path: Path) -> None:
    data, form = seek(make(folder / "sound.wav", *SOUNDS["wav"]), tmp_path / "form")
    first, until = find_piece_range(form.index, 10, 12)
    part = bytearray(data[first * PIECE : until * PIECE])
    part[len(part) // 2] ^= 1
    assert isinstance(play_excerpt(data[:PIECE], bytes(part), first), Unshown)


@settings(max_examples=40)
@given(st.data())
def test_pieces_however_broken_end_in_an_answer(folder: Path, data: st.DataObject) -> None:
    whole = _make_forms(folder)[data.draw(st.integers(0, 1))]
    first = data.draw(st.integers(0, len(whole) // PIECE))
    part = bytearray(whole[first * PIECE :][: data.draw(st.integers(0, 3 * PIECE))])
    head = bytearray(whole[:PIECE])
    for changed in (part, head):
        for at in data.draw(st.lists(st.integers(0, max(0, len(changed) - 1)), max_size=4)):
            if changed:
                changed[at] ^= data.draw(st.integers(1, 255))
    assert isinstance(play_excerpt(bytes(head), bytes(part), first), PlayableExcerpt | Unshown)


@cache
def _make_forms(folder: Path) -> tuple[bytes, bytes]:
    sound = make(folder / "sound.wav", *SOUNDS["wav"])
    video = make(folder / "small.mkv", "-i", PICTURES, "-c:v", "libx264", "-g", "20")
    return seek(sound, folder / "one")[0], seek(video, folder / "other")[0]


def test_headers_made_on_purpose_cost_little(folder: Path) -> None:
    header = b"\xff\xf8\xc5\x08\x05"
    false = (header + bytes((flac.compute_crc8(header),))) * 30_000
    head = _make_forms(folder)[0][:PIECE]
    played, effort = measure_effort(lambda: play_excerpt(head, false, 1))
    assert isinstance(played, Unshown)
    assert effort < 1500


@pytest.mark.parametrize("header", [b"", b"fLaC", b"\x1a\x45\xdf\xa3", b"own" * 99, b"fLaC\x80\0\0\x22" + b"\xff" * 40])
def test_pieces_that_are_of_no_recording_do_not_play(header: bytes) -> None:
    assert isinstance(play_excerpt(header, b"\xff\xf8" * 500, 1), Unshown)


def test_facts_are_what_ffprobe_finds(folder: Path) -> None:
    made = ("-metadata", "creation_time=2024-01-01T10:00:00Z")
    source = make(folder / "facts.mp4", "-i", PICTURES, "-f", "lavfi", "-i", NOISE, "-c:v", "libx264", *made)
    found = READER.look(source)
    assert isinstance(found, RecordingFacts)
    assert abs(found.milliseconds - SECONDS * 1000) < 100
    assert [(one.kind, one.codec) for one in found.streams] == [("video", "h264"), ("audio", "aac")]
    assert (found.streams[0].width, found.streams[0].height, found.streams[1].rate) == (160, 120, 16_000)
    assert found.created_at == "2024-01-01T10:00:00.000000Z"


def test_speech_of_a_program_is_a_recording(folder: Path) -> None:
    program = need_program("espeak-ng", provided_by="sudo apt-get install espeak-ng")
    file = folder / "speech.wav"
    subprocess.run([program, "-w", str(file), "It was decided on Monday."], check=True, timeout=HANGS)
    found = READER.measure_waveform(file, 200)
    assert isinstance(found, Waveform)
    assert len(found.highest) == 200 or found.milliseconds < 2_000
    assert max(found.highest) > 1_000


def test_what_is_no_recording_says_so(folder: Path) -> None:
    file = folder / "text"
    file.write_bytes(b"hello")
    for found in (READER.look(file), READER.measure_waveform(file), READER.make_seekable(file, folder)):
        assert isinstance(found, Unshown)
        assert found.why == "damaged"
    file.write_bytes(b"")
    assert READER.look(file) == Unshown("empty", "The file is empty.")


def encode(samples: Sequence[int]) -> bytes:
    return b"".join(one.to_bytes(2, "little", signed=True) for one in samples)


@pytest.mark.parametrize("step", [1, 7, 4_096])
def test_waveform_is_the_lowest_and_highest_of_each_stretch_however_the_samples_come(step: int) -> None:
    data = encode([0] * RATE + [100, -200] * (RATE // 2) + [32_767] * RATE + [-32_768] * RATE)
    meter = Meter()
    for at in range(0, len(data), step * 1_001):
        meter(data[at : at + step * 1_001])
    assert meter.finish(4) == Waveform(4_000, (0, -200, 32_767, -32_768), (0, 100, 32_767, -32_768))


@pytest.mark.parametrize(
    ("asked", "seconds", "given"), [(1, 1, 1), (100, 1, 100), (101, 1, 100), (9_999, 50, MAX_BUCKETS)]
)
def test_waveform_has_as_many_stretches_as_asked_for_within_bounds(asked: int, seconds: int, given: int) -> None:
    meter = Meter()
    meter(bytes(2 * RATE * seconds))
    assert len(meter.finish(asked).lowest) == given


def test_waveform_of_nothing_is_empty() -> None:
    assert Meter().finish(10) == Waveform(0, (), ())


@given(st.binary(max_size=40))
def test_checksum_is_the_remainder_of_the_polynomial(data: bytes) -> None:
    value = int.from_bytes(data, "big") << 16
    for bit in reversed(range(16, 8 * len(data) + 16)):
        value ^= (0x18005 << bit - 16) * (value >> bit & 1)
    assert flac.compute_crc16(data) == value


@pytest.mark.parametrize("number", [0, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000, 0x1FFFFF, 0x200000, 0x7FFFFFFF])
def test_number_of_a_frame_is_read_as_it_was_written(number: int) -> None:
    data = flac._encode_number(number)
    assert flac._parse_number(data + b"\xff", 0) == (number, len(data))


@pytest.mark.parametrize(("times", "plays"), [((3, 5), True), ((5, 5), True), ((5, 3), False)])
def test_part_of_which_a_cluster_runs_backwards_does_not_play(times: tuple[int, ...], plays: bool) -> None:
    head = b"\x1a\x45\xdf\xa3\x80" + b"\x18\x53\x80\x67\xff" + b"\x15\x49\xa9\x66\x80" + b"\x16\x54\xae\x6b\x80"
    clusters = b"".join(matroska.CLUSTER + b"\x83\xe7\x81" + bytes([one]) for one in times)
    played = play_excerpt(head + clusters, clusters, 2)
    assert isinstance(played, PlayableExcerpt) is plays
    assert plays or played == Unshown("damaged", "A cluster begins before the first one does.")
