"""A waveform as a picture that is drawn here, and in words for who does not see it."""

from dataclasses import dataclass
from typing import Final

from alteram.operations.exhibits.viewing import ViewedWave

#: The picture's size, and how many stretches of silence are told of.
WIDTH: Final = 1000
HEIGHT: Final = 120
SILENCES: Final = 12
_TICKS: Final = 5
_FULL: Final = 32768


@dataclass(frozen=True, slots=True)
class DrawnWave:
    """The picture's path, the marks of time below it as (place, words), and what is told of it."""

    path: str
    ticks: tuple[tuple[int, str], ...]
    length: str
    loudest: str
    silences: tuple[tuple[str, str], ...]
    more: int


def draw_wave(wave: ViewedWave) -> DrawnWave:
    """Return the picture of a waveform."""
    count = len(wave.highest)
    columns = min(count, WIDTH // 2)
    parts = []
    for column in range(columns):
        first, until = column * count // columns, (column + 1) * count // columns
        high, low = max(wave.highest[first:until]), min(wave.lowest[first:until])
        place = column * WIDTH // columns
        parts.append(f"M{place} {_place(high)}V{max(_place(low), _place(high) + 1)}")
    ticks = tuple((WIDTH * one // _TICKS, tell_time(wave.milliseconds * one // _TICKS)) for one in range(_TICKS))
    silences = tuple((tell_time(first), tell_time(until)) for first, until in wave.silences[:SILENCES])
    more = len(wave.silences) - len(silences)
    return DrawnWave("".join(parts), ticks, tell_time(wave.milliseconds), tell_time(wave.loudest_ms), silences, more)


def tell_time(milliseconds: int) -> str:
    """Return a time in a recording as it is written: 1:02:03, or 2:03."""
    seconds = milliseconds // 1000
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def _place(sample: int) -> int:
    return HEIGHT // 2 - sample * (HEIGHT // 2 - 2) // _FULL
