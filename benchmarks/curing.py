"""A matter of 1,000 entries under every pack that ships, and what would mend the night before.

Times are of the processor. The bare figure beside a plan is one assessment of the same matter.
"""

import time

from alteram.adapters.rulebooks import load_history, load_pack, load_rulebook, shipped_names
from alteram.core.kernel.identifiers import StreamId
from alteram.core.matters import Facts, StreamFacts, fold_events, fold_history
from alteram.core.rules import Pack, assess, plan_cures
from benchmarks.figures import Row, row, time_work
from benchmarks.scenes import NOW, begin, fill, organisation

ENTRIES = 1_000
HISTORY = "the-night-before"


def measure() -> list[Row]:
    return [*assess_under_all(), *plan()]


def assess_under_all() -> list[Row]:
    packs = tuple(load_pack(name) for name in shipped_names("packs"))
    with organisation() as opened:
        stream = begin(opened, "matter")
        fill(opened, stream, ENTRIES - 10)
        facts, rules = opened.organisation.facts(stream, fresh=True), opened.organisation.governing(stream)
        events = facts.matter.every()

        def under(*chosen: Pack) -> None:
            matter = fold_events(StreamFacts.empty(stream), events)
            assess(Facts(facts.organisation, matter, facts.linked), rules, NOW, packs=chosen)

        taken, bare = time_work(7, lambda: under(*packs)), time_work(7, under)
    asked = len(rules.demands) + sum(len(pack.demands) for pack in packs)
    return [
        row(f"fold and assess 1,000 entries under all {len(packs)} packs: CPU", taken.cpu * 1e3, "ms", 300.0),
        row("  (requirements asked)", asked, ""),
        row("  (under the rulebook alone)", bare.cpu * 1e3, "ms"),
    ]


def plan() -> list[Row]:
    history = load_history(HISTORY)
    rules = load_rulebook(history.rulebook)
    began = time.process_time()
    cures = {stream: plan_cures(facts, rules, history.assessed_at) for stream, facts in fold_history(history).items()}
    took = time.process_time() - began
    facts = fold_history(history)[StreamId("confidence")]
    bare = time_work(7, lambda: assess(facts, rules, history.assessed_at))
    return [
        row("plan what would mend the night before, both matters: CPU", took, "s", 5.0),
        row("  (requirements that failed or are open)", sum(len(one.plans) for one in cures.values()), ""),
        row("  (without a cure)", sum(not plan.steps for one in cures.values() for plan in one.plans), ""),
        row(
            "  (searches that ended at their bound)",
            sum(not plan.is_least for one in cures.values() for plan in one.plans),
            "",
            0,
        ),
        row("  (bare: assessing it once)", bare.cpu * 1e3, "ms"),
    ]
