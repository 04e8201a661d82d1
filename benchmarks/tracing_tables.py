"""Writes the tables of what was measured of tracing, with how often it may be wrong where it never was."""

import math
from collections.abc import Sequence
from typing import Any

_SURE = 0.95


def bound(wrong: int, trials: int) -> float:
    """Return the rate that is not exceeded, with 95 % confidence, where so many of so many were wrong.

    The upper end of Clopper and Pearson's interval, one-sided: about 3 in the number of trials where none was.
    """
    low, high = wrong / trials, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(wrong, trials, middle) > 1 - _SURE else (low, middle)
    return high


def _at_most(wrong: int, trials: int, rate: float) -> float:
    if rate >= 1:
        return float(wrong >= trials)
    logs = (
        math.lgamma(trials + 1) - math.lgamma(one + 1) - math.lgamma(trials - one + 1)
        + (one * math.log(rate) if one else 0.0) + (trials - one) * math.log1p(-rate)
        for one in range(wrong + 1)
    )  # fmt: skip
    return math.fsum(math.exp(one) for one in logs)


def write_rows(single: Sequence[dict[str, Any]], colluding: Sequence[dict[str, Any]]) -> str:
    """Return both tables as Markdown."""
    head = "| What was done | Pages | Symbols | Trials | Right | Nobody | Wrong |"
    rule = "| --- | --- | --: | --: | --: | --: | --: |"
    lines = [head, rule, *(_write(one) for one in single), _sum(single), ""]
    lines += [head.replace("Right |", "Right | Of the colluders |"), rule + " --: |"]
    lines += [*(_write(one, every=True) for one in colluding), _sum(colluding, every=True)]
    return "\n".join(lines)


def _write(one: dict[str, Any], *, every: bool = False) -> str:
    share = [f"{100 * one['every']:.0f} %"] if every else []
    cells = [one["attack"], one["pages"], f"{one['symbols']:,.0f}", str(one["trials"]), str(one["named"]), *share]
    return f"| {' | '.join([*cells, str(one['nobody']), _tell_wrong(one['wrong'], one['trials'])])} |"


def _sum(rows: Sequence[dict[str, Any]], *, every: bool = False) -> str:
    trials, named, nobody, wrong = (sum(one[key] for one in rows) for key in ("trials", "named", "nobody", "wrong"))
    cells = ["**all**", "", "", str(trials), str(named), *([""] if every else []), str(nobody)]
    return f"| {' | '.join([*cells, _tell_wrong(wrong, trials)])} |"


def _tell_wrong(wrong: int, trials: int) -> str:
    return f"{wrong} (≤ {100 * bound(wrong, trials):.2g} %)"
