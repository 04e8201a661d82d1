"""What work costs, counted against a bare loop: neither how fast a machine is changes it, nor what else it does."""

import time
from collections.abc import Callable
from typing import TypeVar

_TURNS = 1_000_000
T = TypeVar("T")


def measure_effort(work: Callable[[], T]) -> tuple[T, float]:
    """Return what came of work, and how many million turns of a bare loop keep the processor for as long.

    A quick processor makes a hundred million turns a second.
    """
    before = measure_turn()
    began = time.thread_time()
    done = work()
    spent = time.thread_time() - began
    # The slower of both: a processor that others share, or that was slowed down, is so for some time.
    return done, spent / max(before, measure_turn())


def measure_turn() -> float:
    """Return the seconds for which a million turns of a bare loop keep the processor: a hundredth, of a quick one."""
    began = time.thread_time()
    for _ in range(_TURNS):
        pass
    return time.thread_time() - began
