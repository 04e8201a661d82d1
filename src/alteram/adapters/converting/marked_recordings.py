"""Copies of recordings that say for whom they are: in the picture of a film; in the tags and cover of a sound.

The mark is one that everybody sees, and can be taken out by who wants to: it is not traced. A film is encoded anew,
with name and time burnt in along its lower edge; sound is copied sample for sample into FLAC.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from alteram.adapters.converting.asking import FILE, run
from alteram.adapters.converting.recordings import ALONE, AS_WEBM, PLAIN, SMALL, order
from alteram.operations.evidence_ports import ConfinedPrograms, Ended, Job, Limits

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

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
_MARKED: Final = (*ALONE, "png_pipe", "-f", "png_pipe", "-i", f"/in/{_MARK}")
_SIDE: Final = 600
_LETTER: Final = 20
#: No larger than a page shows it; the mark as wide as the film at most, along its lower edge, from first to last.
_BURNT: Final = (
    f"[0:V:0]{SMALL}[film];"
    "[1:v][film]scale2ref=w='min(iw,main_w)':h='ow/main_a'[mark][under];[under][mark]overlay=0:H-h[out]"
)
_FILM: Final = ("-filter_complex", _BURNT, "-map", "[out]", "-map", "0:a:0?", *PLAIN, *AS_WEBM)
_SOUND: Final = (
    *("-map", "0:a:0", "-map", "1:v:0", *PLAIN, "-c:a", "flac", "-c:v", "copy"),
    *("-disposition:v:0", "attached_pic", "-f", "flac"),
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
            command = (*order(), *_MARKED, *(_FILM if film else _SOUND), *_tell(shown), f"/out/{made.name}")
            ended = run(self._programs, Job(command, folder, {FILE: source, _MARK: mark}, self._limits))
        finally:
            mark.unlink(missing_ok=True)
        if not isinstance(ended, Ended) or ended.how != "done":
            return None
        return None if made.is_symlink() or not made.is_file() else made


def _tell(shown: str) -> tuple[str, ...]:
    return ("-metadata", f"title={shown}", "-metadata", f"comment={shown}")


def _draw(mark: Path, shown: str, font: Path, *, film: bool) -> None:
    """Draw what a copy says: a strip for the edge of a film, a square for the cover of a sound."""
    from PIL import Image, ImageDraw, ImageFont  # noqa: PLC0415 - loaded for copies of recordings only

    letters = ImageFont.truetype(str(font), _LETTER)
    lines = shown if film else _wrap(shown, letters)
    left, top, right, bottom = ImageDraw.Draw(Image.new("L", (1, 1))).multiline_textbbox((0, 0), lines, font=letters)
    size = (int(right - left) + 16, int(bottom - top) + 12) if film else (_SIDE, _SIDE)
    picture = Image.new("RGB", size, "black")
    at = (8 - left, 6 - top) if film else (20, 20)
    ImageDraw.Draw(picture).multiline_text(at, lines, font=letters, fill="white")
    picture.save(mark, "PNG")


def _wrap(shown: str, letters: "FreeTypeFont") -> str:
    lines = [""]
    for word in shown.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if letters.getlength(longer) > _SIDE - 40 and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)
