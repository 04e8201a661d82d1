"""Recordings by ffprobe and ffmpeg, confined: facts, waveform, and the lossless form in which parts can be found.

Only formats that hold a recording are opened: a playlist that would read other files is none of them.
"""

import tempfile
from pathlib import Path
from typing import Any, Final

import msgspec

from alteram.adapters.converting import seekable
from alteram.adapters.converting.asking import FILE, explain, run
from alteram.adapters.converting.flac import BLOCK
from alteram.adapters.converting.plain_text import tame
from alteram.core.kernel.errors import MalformedError
from alteram.operations.evidence_ports import (
    ConfinedPrograms,
    Ended,
    Job,
    Limits,
    PlayableExcerpt,
    RecordedStream,
    RecordingFacts,
    RecordingIndex,
    SeekableForm,
    TakesBytes,
    Unshown,
    Waveform,
)

PROGRAMS: Final = Path("/usr/bin")
#: Formats that are opened, by ffmpeg's names; no playlist, no list of files, no device, no picture.
FORMATS: Final = (
    "aac,ac3,aiff,amr,amrnb,amrwb,asf,au,avi,caf,eac3,flac,flv,matroska,mov,mp3,mp4,m4a,3gp,3g2,mj2,mpeg,mpegts,"
    "ogg,wav,w64,webm,wv"
)
#: Before a file that is opened, with its formats behind: whatever stands in it, no other file is.
ALONE: Final = ("-protocol_whitelist", "file,pipe", "-format_whitelist")
_OPEN: Final = (*ALONE, FORMATS)
_LOOK: Final = Limits(seconds=60, cpu_seconds=50, memory=512 << 20, address_space=2 << 30, answer=4 << 20)
#: Long recordings: twenty hours at fifty times their speed, and 20 GB.
_LONG: Final = Limits(
    seconds=3_600,
    cpu_seconds=7_000,
    memory=1 << 30,
    address_space=3 << 30,
    answer=8 << 30,
    file_size=32 << 30,
    written=32 << 30,
)
MAX_STREAMS: Final = 64
#: Milliseconds of a cluster, at most, where pictures do not begin one earlier.
_CLUSTER: Final = 2_000
#: Small enough to be made at several times their speed: what is told of a recording says how large its pictures are.
SMALL: Final = "scale='min(854,iw)':'min(480,ih)':force_original_aspect_ratio=decrease:force_divisible_by=2"
AS_WEBM: Final = (
    *("-fpsmax", "25", "-pix_fmt", "yuv420p", "-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"),
    *("-b:v", "800k", "-g", "100", "-c:a", "libopus", "-b:a", "64k", "-ac", "2", "-f", "webm"),
)
#: Nothing of what is written beside sound and pictures comes in; the same recording gives the same bytes.
PLAIN: Final = ("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact")
#: The first pictures and the first sound, to be played from anywhere.
_FILM: Final = ("-map", "0:V:0", "-map", "0:a:0?", *PLAIN, "-vf", SMALL, "-cues_to_front", "1", *AS_WEBM)
#: Bits of a sample that 16 bits hold without loss.
_SIXTEEN: Final = 16


class RecordingReader:
    """Implements Recordings by ffmpeg."""

    def __init__(self, programs: ConfinedPrograms, *, limits: Limits = _LONG) -> None:
        """Run ffmpeg by `programs`; `limits` are for what reads a whole recording."""
        self._programs = programs
        self._limits = limits

    def look(self, source: Path) -> RecordingFacts | Unshown:
        """Return what a recording says of itself."""
        if (missing := _find_missing(source)) is not None:
            return missing
        command = (
            *(str(PROGRAMS / "ffprobe"), "-v", "error", *_OPEN, "-of", "json"),
            *("-show_format", "-show_streams", "-i", f"/in/{FILE}"),
        )
        ended = self._run(command, source, None, _LOOK)
        if isinstance(ended, Unshown) or ended.how != "done":
            return _explain(ended)
        try:
            return _read_facts(msgspec.json.decode(ended.answer))
        except (msgspec.DecodeError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
            return Unshown("damaged", "It is not a recording that can be read.")

    def measure_waveform(self, source: Path, buckets: int = 2_000) -> Waveform | Unshown:
        """Return the waveform of all channels mixed."""
        from alteram.adapters.converting.waveforms import RATE, Meter  # noqa: PLC0415 - loads numpy, for this alone

        if (missing := _find_missing(source)) is not None:
            return missing
        meter = Meter()
        command = (
            *order(), "-map", "0:a:0", "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-c:a", "pcm_s16le", "-"
        )  # fmt: skip
        ended = self._run(command, source, None, self._limits, meter)
        if isinstance(ended, Unshown) or ended.how != "done":
            return _explain(ended)
        return meter.finish(buckets)

    def make_seekable(self, source: Path, folder: Path) -> SeekableForm | Unshown:
        """Return the lossless, seekable form, put into `folder`, which is empty."""
        facts = self.look(source)
        if isinstance(facts, Unshown):
            return facts
        kinds = {one.kind for one in facts.streams}
        if "video" in kinds:
            return self._make(source, folder / "form.mkv", _order_matroska(), facts)
        if "audio" in kinds:
            return self._make(source, folder / "form.flac", _order_flac(facts), facts)
        return Unshown("not-shown", "Neither sound nor pictures are in it.")

    def make_film(self, source: Path, folder: Path) -> Path | Unshown:
        """Return a copy of a recording with pictures that browsers play, put into `folder`, which is empty.

        It is encoded anew: nothing of what was lodged reaches whoever plays it but pictures and sound.
        """
        if (missing := _find_missing(source)) is not None:
            return missing
        made = folder / "film.webm"
        ended = self._run((*order(), *_FILM, f"/out/{made.name}"), source, folder, self._limits)
        if isinstance(ended, Unshown) or ended.how != "done":
            return _explain(ended)
        return Unshown("damaged", "ffmpeg made nothing of it.") if made.is_symlink() or not made.is_file() else made

    def find_piece_range(self, index: RecordingIndex, from_s: float, until_s: float) -> tuple[int, int]:
        """Return the pieces in which everything from one second to another stands. Raises: MalformedError."""
        return seekable.find_piece_range(index, from_s, until_s)

    def play_excerpt(self, header: bytes, pieces: bytes, first_piece: int) -> PlayableExcerpt | Unshown:
        """Return a file that plays, out of the form's piece 0 and the bytes of a range of pieces."""
        return seekable.play_excerpt(header, pieces, first_piece)

    def _make(
        self, source: Path, made: Path, options: tuple[str, ...], facts: RecordingFacts
    ) -> SeekableForm | Unshown:
        ended = self._run((*order(), *options, f"/out/{made.name}"), source, made.parent, self._limits)
        if not isinstance(ended, Unshown) and ended.how == "failed":
            return Unshown("not-shown", "ffmpeg cannot make a form of it from which parts can be released.")
        if isinstance(ended, Unshown) or ended.how != "done":
            return _explain(ended)
        if made.is_symlink() or not made.is_file():
            return Unshown("damaged", "ffmpeg made nothing of it.")
        try:
            if made.suffix == ".flac":
                index = seekable.index_flac(made)
            else:
                index = seekable.index_matroska(made, facts.milliseconds)
        except (MalformedError, IndexError):
            return Unshown("damaged", "The form that ffmpeg made of it cannot be cut.")
        return SeekableForm(made, index, "ffmpeg", tuple(_tell(facts, index)))

    def _run(
        self,
        command: tuple[str, ...],
        source: Path,
        folder: Path | None,
        limits: Limits,
        take: TakesBytes | None = None,
    ) -> Ended | Unshown:
        if folder is not None:
            return run(self._programs, Job(command, folder, {FILE: source}, limits), take)
        with tempfile.TemporaryDirectory(prefix="recording-") as spare:
            return run(self._programs, Job(command, Path(spare), {FILE: source}, limits), take)


def order() -> tuple[str, ...]:
    """Return how ffmpeg is called on the file that is shown to it; what it makes of it follows."""
    return (str(PROGRAMS / "ffmpeg"), "-v", "error", "-nostdin", "-threads", "1", *_OPEN, "-i", f"/in/{FILE}")


def _order_flac(facts: RecordingFacts) -> tuple[str, ...]:
    # Sound that was kept with loss has no bits of its own: 16 are taken. Nothing of what is written beside it comes in.
    bits = next(one.bits for one in facts.streams if one.kind == "audio")
    form = "s16" if bits <= _SIXTEEN else "s32"
    return (
        *("-map", "0:a:0", "-map_metadata", "-1", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-vn"),
        *("-c:a", "flac", "-sample_fmt", form, "-frame_size", str(BLOCK), "-f", "flac"),
    )


def _order_matroska() -> tuple[str, ...]:
    # Pictures and sound as they are: not decoded, not changed. Titles, files inside and data tracks stay behind.
    return (
        *("-map", "0:V", "-map", "0:a?", "-c", "copy", *PLAIN),
        *("-cluster_time_limit", str(_CLUSTER), "-f", "matroska"),
    )


def _find_missing(source: Path) -> Unshown | None:
    if not (PROGRAMS / "ffmpeg").exists() or not (PROGRAMS / "ffprobe").exists():
        return Unshown("program-missing", "ffmpeg is not installed: apt-get install ffmpeg.")
    return None if source.stat().st_size else Unshown("empty", "The file is empty.")


def _explain(ended: Ended | Unshown) -> Unshown:
    if isinstance(ended, Unshown):
        return ended
    if ended.how == "failed":
        return Unshown("damaged", "It is not a recording that can be read.")
    return explain(ended)


def _read_facts(value: Any) -> RecordingFacts:
    said = value["format"]
    streams = tuple(_read_stream(one) for one in value["streams"][:MAX_STREAMS])
    if not streams:
        raise ValueError("no streams")
    return RecordingFacts(
        tame(str(said["format_name"]), 100),
        max(0, int(float(said.get("duration") or 0) * 1000)),
        streams,
        tame(str(said.get("tags", {}).get("creation_time", "")), 40),
    )


def _read_stream(one: Any) -> RecordedStream:
    kind = one.get("codec_type")
    cover = one.get("disposition", {}).get("attached_pic")
    return RecordedStream(
        kind if kind in {"audio", "video"} and not cover else "other",
        tame(str(one.get("codec_name", "")), 40),
        int(one.get("sample_rate") or 0),
        int(one.get("channels") or 0),
        int(one.get("bits_per_raw_sample") or one.get("bits_per_sample") or 0) if kind == "audio" else 0,
        int(one.get("width") or 0),
        int(one.get("height") or 0),
    )


def _tell(facts: RecordingFacts, index: RecordingIndex) -> list[str]:
    others = sum(one.kind == "other" for one in facts.streams)
    sounds = sum(one.kind == "audio" for one in facts.streams)
    notices = []
    if others:
        notices.append(f"Left out of the form, kept in the original: {others} tracks that are neither.")
    if index.form == "flac" and sounds > 1:
        notices.append(f"The form holds the first of {sounds} sound tracks.")
    return notices
