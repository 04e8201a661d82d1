"""Copies of recordings that say for whom they are: in the picture of a film; in the tags and cover of a sound.

The mark is one that everybody sees, and can be taken out by who wants to: it is not traced. A film is encoded anew,
with name and time burnt in along its lower edge; sound is copied sample for sample into FLAC.
"""

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from alteram.adapters.converting.asking import FILE, run
from alteram.adapters.converting.recordings import FORMATS, PROGRAMS
from alteram.operations.evidence_ports import ConfinedPrograms, Ended, Job, Limits

_MARK: Final = "mark.png"
#: Twenty hours at some ten times their speed, and no copy larger than 20 GB.
_LIMITS: Final = Limits(
    seconds=7_200,
    cpu_seconds=14_000,
    memory=1 << 30,
    address_space=3 << 30,
    file_size=20 << 30,
    written=20 << 30,
)
_SIDE: Final = 600
_LETTER: Final = 20
_PLAIN: Final = ("-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact")
#: No larger than a page shows it; the mark as wide as the film at most, along its lower edge, from first to last.
_BURNT: Final = (
    "[0:V:0]scale='min(854,iw)':'min(480,ih)':force_original_aspect_ratio=decrease:force_divisible_by=2[film];"
    "[1:v][film]scale2ref=w='min(iw,main_w)':h='ow/main_a'[mark][under];[under][mark]overlay=0:H-h[out]"
)
_FILM: Final = (
    *("-filter_complex", _BURNT, "-map", "[out]", "-map", "0:a:0?", *_PLAIN, "-fpsmax", "25", "-pix_fmt", "yuv420p"),
    *("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "800k", "-g", "100"),
    *("-c:a", "libopus", "-b:a", "64k", "-ac", "2"),
)
_SOUND: Final = (
    *("-map", "0:a:0", "-map", "1:v:0", *_PLAIN, "-c:a", "flac", "-c:v", "copy"),
    *("-disposition:v:0", "attached_pic"),
)


class RecordingMarker:
    """Marks recordings by ffmpeg, confined. `font` (TTF) is what copies say of themselves in."""

    def __init__(self, programs: ConfinedPrograms, font: Path, *, limits: Limits = _LIMITS) -> None:
        """Run ffmpeg by `programs`."""
        self._programs, self._font, self._limits = programs, font, limits

    def mark(self, source: Path, shown: str, folder: Path, *, film: bool) -> Path | None:
        """Return a copy of a recording that says `shown`, in `folder`, which is empty; None where it cannot be made."""
        mark = folder.with_name(f"{folder.name}-{_MARK}")
        try:
            _draw(mark, shown, self._font, film=film)
            made = folder / ("copy.webm" if film else "copy.flac")
            order = (*_FILM, *_tell(shown), "-f", "webm") if film else (*_SOUND, *_tell(shown), "-f", "flac")
            ended = run(
                self._programs,
                Job(_order(*order, f"/out/{made.name}"), folder, {FILE: source, _MARK: mark}, self._limits),
            )
        finally:
            mark.unlink(missing_ok=True)
        if not isinstance(ended, Ended) or ended.how != "done":
            return None
        return None if made.is_symlink() or not made.is_file() else made


def _order(*then: str) -> tuple[str, ...]:
    opening = ("-protocol_whitelist", "file,pipe", "-format_whitelist")
    return (
        *(str(PROGRAMS / "ffmpeg"), "-v", "error", "-nostdin", "-threads", "1"),
        *(*opening, FORMATS, "-i", f"/in/{FILE}"),
        *(*opening, "png_pipe", "-f", "png_pipe", "-i", f"/in/{_MARK}", *then),
    )


def _tell(shown: str) -> tuple[str, ...]:
    return ("-metadata", f"title={shown}", "-metadata", f"comment={shown}")


def _draw(mark: Path, shown: str, font: Path, *, film: bool) -> None:
    """Draw what a copy says: a strip for the edge of a film, a square for the cover of a sound."""
    letters = ImageFont.truetype(str(font), _LETTER)
    lines = shown if film else _wrap(shown, letters)
    left, top, right, bottom = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox((0, 0), lines, font=letters)
    size = (int(right - left) + 16, int(bottom - top) + 12) if film else (_SIDE, _SIDE)
    picture = Image.new("RGB", size, "black")
    at = (8 - left, 6 - top) if film else (20, 20)
    ImageDraw.Draw(picture).multiline_text(at, lines, font=letters, fill="white")
    picture.save(mark, "PNG")


def _wrap(shown: str, letters: ImageFont.FreeTypeFont) -> str:
    lines = [""]
    for word in shown.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if letters.getlength(longer) > _SIDE - 40 and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)
