"""A matter of 5,000 entries: folding and assessing it, warm and cold; ruling on its next act; verifying its export."""

import io

from alteram.bootstrap import Opened
from alteram.core.acts import RiskAssessed
from alteram.core.kernel.identifiers import StreamId
from alteram.core.matters import Facts, StreamFacts, fold_events
from alteram.core.record import verify_export
from alteram.core.rules import assess
from alteram.operations.exporting import export_matter
from alteram.operations.organisation import Organisation
from alteram.operations.perform import rule_on
from alteram.operations.questions import assess_matter
from benchmarks.figures import Row, row, time_work
from benchmarks.scenes import MANAGER, NOW, begin, fill, organisation

ENTRIES = 5_000
ROUNDS = 7


def measure() -> list[Row]:
    with organisation() as opened:
        stream = begin(opened, "matter")
        fill(opened, stream, ENTRIES - 10)
        while opened.integrator.run().added:
            pass
        return [*folding(opened, stream), *ruling(opened, stream), *exports(opened, stream)]


def folding(opened: Opened, stream: StreamId) -> list[Row]:
    facts, rules = opened.organisation.facts(stream, fresh=True), opened.organisation.governing(stream)
    events = facts.matter.every()
    governing = opened.organisation.state(stream).governing
    assert governing is not None
    assert facts.matter.head_seq == ENTRIES - 1

    def warm() -> None:
        matter = fold_events(StreamFacts.empty(stream), events)
        assess(Facts(facts.organisation, matter, facts.linked), rules, NOW)

    def cold() -> None:
        fresh = Organisation(opened.organisation.ports)
        fresh.rulebook(governing)
        assess_matter(fresh, stream, now=NOW)

    taken, opening = time_work(ROUNDS, warm), time_work(ROUNDS, cold)
    return [
        row("fold and assess 5,000 decoded entries: CPU", taken.cpu * 1e3, "ms", 300.0),
        row("  (wall)", taken.wall * 1e3, "ms"),
        row("the same cold, with decryption: CPU", opening.cpu * 1e3, "ms", 1500.0),
        row("  (wall)", opening.wall * 1e3, "ms"),
    ]


def ruling(opened: Opened, stream: StreamId) -> list[Row]:
    act = RiskAssessed(point="during", person=MANAGER, level="low", text="x")

    def rule() -> None:
        assert rule_on(opened.organisation, stream, act, MANAGER)

    rule()
    return [row("ruling on the next act in it, warm: CPU", time_work(100, rule).cpu * 1e3, "ms", 2.0)]


def exports(opened: Opened, stream: StreamId) -> list[Row]:
    buffer = io.BytesIO()
    written = time_work(1, lambda: export_matter(opened.organisation, stream, buffer))
    taken = time_work(ROUNDS, lambda: verify_export(buffer, opened.organisation.ports.policy))
    return [
        row("verify an export of 5,000 entries, every signature: CPU", taken.cpu, "s", 3.0),
        row("  (wall)", taken.wall, "s"),
        row("  (writing it: CPU)", written.cpu, "s"),
        row("  (its size)", len(buffer.getvalue()) / 2**20, "MiB"),
    ]
