"""Re-assessing 10,000 closed matters of 200 decoded entries under a changed pack, on one core and on all of them.

Beside it the bare decoding of the same entries, and what it costs to read them out of the record, which is most of it.
Matters are sixteen, each with entries of its own, taken in turn: ten thousand would fill the memory and show no more.
"""

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import msgspec

from alteram.bootstrap import Opened
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, StreamId
from alteram.core.matters import Facts, StreamFacts, fold_events
from alteram.core.matters.loading import build_event_from_claims
from alteram.core.rules import Demand, Rulebook, encode_rulebook, parse_canonical_rulebook
from alteram.core.rules.amendments.replaying import Recorded, compare_assessments, replay_matter, slice_replay
from alteram.operations.replaying import read_recorded
from benchmarks.figures import Row, row, time_in_turn
from benchmarks.scenes import begin, fill, organisation

MATTERS, ENTRIES, DISTINCT, ROUNDS, CHUNK = 10_000, 200, 16, 5, 250
STREAM = StreamId("matter-0")
Matters = tuple[tuple[Recorded, ...], ...]
Versions = tuple[Rulebook, Rulebook]


def measure() -> list[Row]:
    with organisation() as opened:
        streams = [begin(opened, f"matter-{number}") for number in range(DISTINCT)]
        for number, stream in enumerate(streams):
            fill(opened, stream, ENTRIES - 10, first=6 * number)
        rules = opened.organisation.governing(STREAM)
        matters = tuple(read_recorded(opened.organisation, one) for one in streams)
        assert {len(one) for one in matters} == {ENTRIES}
        own = opened.organisation.state(ORGANISATION_STREAM).facts
        return [
            *on_one_core(opened, streams, matters, own, rules),
            *on_all_cores(matters, own, (rules, change_pack(rules))),
        ]


def change_pack(rules: Rulebook) -> Rulebook:
    """The same rulebook on packs of which every requirement asks for something else."""
    changed = (change(one) if one.pack else one for one in rules.demands)
    return msgspec.structs.replace(rules, demands=tuple(changed), version="changed")


def change(demand: Demand) -> Demand:
    protects = "complainant" if demand.protects == "respondent" else "respondent"
    return msgspec.structs.replace(demand, protects=protects)


def change_all(rules: Rulebook) -> Rulebook:
    """A rulebook that differs in something every requirement may read: nothing can be left out."""
    return msgspec.structs.replace(rules, sanctions=rules.sanctions[1:])


def on_one_core(
    opened: Opened, streams: list[StreamId], matters: Matters, own: StreamFacts, rules: Rulebook
) -> list[Row]:
    texts = [[msgspec.json.encode(one) for one in find_claims(opened, stream)] for stream in streams]
    pack, whole = (rules, change_pack(rules)), (rules, change_all(rules))
    works: list[Callable[[], object]] = [
        lambda: decode(texts),
        lambda: [reassess(one, own, pack) for one in matters],
        lambda: [replay(one, own, pack) for one in matters],
        lambda: [reassess(one, own, whole) for one in matters],
        lambda: [replay(one, own, whole) for one in matters],
        lambda: [read_recorded(opened.organisation, one) for one in streams],
    ]
    bare, some, some_ruled, every, every_ruled, reading = (DISTINCT / one.cpu for one in time_in_turn(ROUNDS, *works))
    counts = len(slice_replay(*pack).demands), len(rules.demands)
    return [
        row("bare decoding of 200 entries, one core", bare, "matters/s"),
        row(
            f"re-assess 200 entries, changed pack ({counts[0]} requirements), one core",
            some,
            "matters/s",
            200,
            least=True,
        ),
        row("  (against bare decoding)", some / bare, "times"),
        row("  (with the acts it touches ruled on again)", some_ruled, "matters/s"),
        row(f"re-assess under another rulebook (all {counts[1]}), one core", every, "matters/s", 200, least=True),
        row("  (against bare decoding)", every / bare, "times"),
        row("  (with every act ruled on again)", every_ruled, "matters/s"),
        row("reading 200 entries out of the record, deciphered, one core", reading, "matters/s"),
    ]


def on_all_cores(matters: Matters, own: StreamFacts, versions: Versions) -> list[Row]:
    """All ten thousand, with progress on standard error; a process is told no more than which to take."""
    cores = os.cpu_count() or 1
    old, new = map(encode_rulebook, versions)
    with ProcessPoolExecutor(
        cores, mp_context=get_context("spawn"), initializer=hold, initargs=(matters, own, old, new)
    ) as pool:
        list(pool.map(take, [1] * cores))  # started before the clock is
        began, done = time.perf_counter(), 0
        for count in pool.map(take, [CHUNK] * (MATTERS // CHUNK)):
            done += count
            if done % (MATTERS // 10) == 0:
                print(f"{done} of {MATTERS} matters", file=sys.stderr, flush=True)
        rate = done / (time.perf_counter() - began)
    return [
        row(f"re-assess 10,000 of them on {cores} cores, per core", rate / cores, "matters/s", 200, least=True),
        row("  (together)", rate, "matters/s"),
    ]


_held: list[Callable[[int], object]] = []


def hold(matters: Matters, own: StreamFacts, old: bytes, new: bytes) -> None:
    versions = parse_canonical_rulebook(old), parse_canonical_rulebook(new)
    _held.append(partial(reassess_in_turn, matters, own, versions))


def reassess_in_turn(matters: Matters, own: StreamFacts, versions: Versions, count: int) -> None:
    for number in range(count):
        reassess(matters[number % len(matters)], own, versions)


def take(count: int) -> int:
    _held[0](count)
    return count


def reassess(recorded: tuple[Recorded, ...], own: StreamFacts, versions: Versions) -> object:
    matter = fold_events(StreamFacts.empty(STREAM), (one.event for one in recorded))
    return list(compare_assessments(Facts(own, matter), versions, slice_replay(*versions)))


def replay(recorded: tuple[Recorded, ...], own: StreamFacts, versions: Versions) -> object:
    return replay_matter(STREAM, recorded, lambda _seq: own, (), versions, slice_replay(*versions))


def find_claims(opened: Opened, stream: StreamId) -> list[dict[str, Json]]:
    ports, found = opened.organisation.ports, []
    for stored in ports.store.load(ports.organisation, stream):
        entry = opened.organisation.open(stored)
        assert entry is not None
        found.append(dict(entry.presentation.claims))
    return found


def decode(matters: list[list[bytes]]) -> None:
    for texts in matters:
        for seq, text in enumerate(texts):
            build_event_from_claims(seq, msgspec.json.decode(text), as_stated=False)
