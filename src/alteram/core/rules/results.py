"""What a standard says of several of its demands together, such as a statutory safe harbour.

The pack's own demands are asked, whatever a rulebook that builds on it chose: the result is the standard's, not ours.
"""

from datetime import datetime

from alteram.core.kernel.phrases import as_own, join, phrase
from alteram.core.matters import Facts
from alteram.core.rules.assess import examine
from alteram.core.rules.findings import Finding, Result
from alteram.core.rules.rulebook import Pack, Rulebook
from alteram.core.rules.standards import NamedResult


def examine_result(result: NamedResult, pack: Pack, facts: Facts, rulebook: Rulebook, now: datetime) -> Finding:
    """Return PASS when all that `result` needs came to PASS or RULED, FAIL when one failed, else UNKNOWN.

    It rests on the entries that decide: of those that failed, else of those that are open, else of all.
    """
    found = {one.id: examine(one, facts, rulebook, now) for one in pack.demands if one.id in result.needs}
    open_ones: tuple[Result, ...] = ("FAIL", "UNKNOWN")
    for verdict in open_ones:
        short = {name: finding for name, finding in found.items() if finding.result == verdict}
        if short:
            return Finding(verdict, _say(verdict, short), _entries(short))
    return Finding("PASS", phrase("All that it needs is met."), _entries(found))


def _say(verdict: Result, short: dict[str, Finding]) -> str:
    which = join(", ", map(as_own, short))
    if verdict == "FAIL":
        return phrase("Not met: {which}.", which=which)
    return phrase("Not known: {which}.", which=which)


def _entries(found: dict[str, Finding]) -> tuple[int, ...]:
    return tuple(sorted({entry for finding in found.values() for entry in finding.entries}))
