"""A figure with its target, and how figures are taken: medians, and two things measured turn and turn about."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

Row = dict[str, Any]
Work = Callable[[], object]


class Timed(NamedTuple):
    """Medians in seconds: of the wall clock, and of this process's processor time."""

    wall: float
    cpu: float


def row(name: str, figure: float, unit: str, target: float | None = None, *, least: bool = False) -> Row:
    met = None if target is None else figure >= target if least else figure <= target
    return {"name": name, "figure": round(figure, 3), "unit": unit, "target": target, "least": least, "met": met}


def time_in_turn(rounds: int, *works: Work) -> list[Timed]:
    """Do each in turn, so that whatever else the machine does falls on all of them."""
    times: list[list[tuple[float, float]]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            taken.append((time.perf_counter() - wall, time.process_time() - cpu))
    return [Timed(*(statistics.median(one[place] for one in taken) for place in (0, 1))) for taken in times]


def time_work(rounds: int, work: Work) -> Timed:
    return time_in_turn(rounds, work)[0]


def peak_mebibytes() -> float:
    """Return this process's peak, from /proc: getrusage counts the peak of whatever started the process as well."""
    (line,) = (one for one in Path("/proc/self/status").read_text().splitlines() if one.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
