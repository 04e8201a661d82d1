"""What one requirement comes to: `PASS`, `FAIL`, `UNKNOWN` or `RULED`, why, on which entries, and what would mend it.

`UNKNOWN` is loud: silence never turns green. `RULED` rests on a reasoned ruling by somebody entitled to rule.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.phrases import join

Result: TypeAlias = Literal["PASS", "FAIL", "UNKNOWN", "RULED"]

#: From worst to best: the result of several is the worst of them.
ORDER: tuple[Result, ...] = ("FAIL", "UNKNOWN", "RULED", "PASS")


@dataclass(frozen=True, slots=True)
class Cure:
    """A lawful act that would mend a failure or settle an unknown: its name, who may do it, and what it must do."""

    act: str
    by: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a requirement comes to at one anchor, or all told.

    `entries` are sequence numbers in the matter's stream that it rests on; `working` shows the arithmetic;
    `missing` are acts (by name) whose absence it complains of; `earliest` is when time alone would meet it.
    `concerns` are the people it is about: none of them may rule on it.
    `uncontradicted` says of a PASS that nothing speaks against it, and nothing but that for it.
    """

    result: Result
    because: str
    entries: tuple[int, ...] = ()
    working: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    earliest: datetime | None = None
    cures: tuple[Cure, ...] = ()
    incurable: str = ""
    concerns: tuple[PersonId, ...] = ()
    uncontradicted: bool = False


def passed(
    because: str, *, entries: Iterable[int] = (), working: Iterable[str] = (), uncontradicted: bool = False
) -> Finding:
    """Return a PASS; `uncontradicted` where it rests on nothing but that nothing speaks against it."""
    return Finding("PASS", because, tuple(entries), tuple(working), uncontradicted=uncontradicted)


def failed(
    because: str,
    *,
    entries: Iterable[int] = (),
    working: Iterable[str] = (),
    missing: Iterable[str] = (),
    earliest: datetime | None = None,
    cures: Iterable[Cure] = (),
    incurable: str = "",
) -> Finding:
    """Return a FAIL; say what would mend it, or why nothing does."""
    return Finding("FAIL", because, tuple(entries), tuple(working), tuple(missing), earliest, tuple(cures), incurable)


def unknown(
    because: str,
    *,
    entries: Iterable[int] = (),
    working: Iterable[str] = (),
    missing: Iterable[str] = (),
    earliest: datetime | None = None,
    cures: Iterable[Cure] = (),
) -> Finding:
    """Return an UNKNOWN; say what would settle it."""
    return Finding("UNKNOWN", because, tuple(entries), tuple(working), tuple(missing), earliest, tuple(cures))


def silent(because: str) -> Finding:
    """Return what a requirement says at an event it does not speak of: UNKNOWN on no entry, gating nothing."""
    return unknown(because)


def worst(findings: Iterable[Finding]) -> Finding:
    """Return the worst of at least one finding, with the entries of all that are as bad."""
    kept = list(findings)
    if len(kept) == 1:
        return kept[0]
    by_result: dict[Result, list[Finding]] = {}
    for finding in kept:
        by_result.setdefault(finding.result, []).append(finding)
    for result in ORDER:
        if result in by_result:
            return _merged(by_result[result])
    raise ValueError("worst() needs at least one finding")


def _merged(findings: list[Finding]) -> Finding:
    first = findings[0]
    if len(findings) == 1:
        return first
    latest = [one.earliest for one in findings]
    return replace(
        first,
        because=join(" ", dict.fromkeys(one.because for one in findings)),
        entries=tuple(sorted({entry for one in findings for entry in one.entries})),
        working=tuple(dict.fromkeys(line for one in findings for line in one.working)),
        missing=tuple(dict.fromkeys(act for one in findings for act in one.missing)),
        earliest=None if None in latest else max(at for at in latest if at is not None),
        cures=tuple(dict.fromkeys(cure for one in findings for cure in one.cures)),
        incurable=join(" ", dict.fromkeys(one.incurable for one in findings if one.incurable)),
        uncontradicted=any(one.uncontradicted for one in findings),
    )
