"""Proving each shipped rulebook, in one process on one core: how long, how many rulings a second, and how it grows.

Times are of the processor. The bare figure beside them is the same engine ruling on the acts of one matter, over and
over, with nothing searched. The search gives more rulings a second than that where it remembers what it ruled on before
in the same circumstances; how many of them is said.
"""

import time
from statistics import median

from alteram.adapters.rulebooks import load_packs, load_rulebook, shipped_names
from alteram.core.rules.decide import decide
from alteram.core.rules.proving.prove import Proof, prove
from alteram.core.rules.proving.searching import Scope, Search
from alteram.core.rules.rulebook import Rulebook
from benchmarks.figures import Row, row

#: Seconds of the processor that proving a rulebook may take.
MOST = 20
GROWN = "caucus"


def measure() -> list[Row]:
    rows = [row("bare: rulings on the acts of one matter, a second", rule_bare(load_rulebook(GROWN)), "/s")]
    for name in shipped_names("rulebooks"):
        rulebook = load_rulebook(name)
        took, proof = prove_once(rulebook, Scope())
        rulings, remembered, matters = count(proof)
        rows += [
            row(f"proving {name} ({'proved' if proof.proved else 'NOT PROVED'})", took, "s", MOST),
            row("  (matters played)", matters, ""),
            row("  (rulings a second)", rulings / took, "/s"),
            row("  (of them remembered)", 100 * remembered / rulings, "%"),
        ]
    return rows + measure_growth(load_rulebook(GROWN))


def measure_growth(rulebook: Rulebook) -> list[Row]:
    """How the cost grows with the scope: no deviation, one at a time, two at a time."""
    rows = []
    for deviations in (0, 1, 2):
        took, proof = prove_once(rulebook, Scope(deviations))
        rows.append(row(f"proving {rulebook.id}, deviations at once: {deviations}", took, "s"))
        rulings, _, matters = count(proof)
        rows.append(row("  (matters played)", matters, ""))
        rows.append(row("  (rulings)", rulings, ""))
    return rows


def count(proof: Proof) -> tuple[int, int, int]:
    """Return how many rulings there were, how many of them were remembered, and how many matters."""
    rulings, remembered, matters = (
        sum(getattr(one, what) for one in proof.results) for what in ("rulings", "remembered", "plays")
    )
    return rulings, remembered, matters


def prove_once(rulebook: Rulebook, scope: Scope) -> tuple[float, Proof]:
    began = time.process_time()
    proof = prove(rulebook, load_packs(rulebook), scope)
    return time.process_time() - began, proof


def rule_bare(rulebook: Rulebook) -> float:
    """Return how many rulings a second the engine gives on the acts of a matter that keeps to the course."""
    search = Search(rulebook)
    base = search.base(search.procedures[0])
    before = [base.marks[0].facts, *(one.after for one in base.play.played)]
    proposed = [(facts, one.event) for facts, one in zip(before, base.play.played, strict=False)]
    took = []
    for _ in range(5):
        began = time.process_time()
        for facts, event in proposed:
            decide(facts, rulebook, event, event.recorded_at)
        took.append(time.process_time() - began)
    return len(proposed) / median(took)
