"""The rules of the caucus can be kept: each gate opens on some lawful path, and no act on those paths is refused."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from alteram.adapters.rulebooks import load_rulebook, read_document
from alteram.core.acts import get_spec
from alteram.core.kernel.documents import Node, read_any_mapping, read_mapping, read_sequence, read_text
from alteram.core.matters import AnyEvent, Facts, fold_events
from alteram.core.matters.stream_facts import StreamFacts
from alteram.core.rules import decide, examine
from alteram.core.rules.parsing.case_facts import read_facts

RULEBOOK = load_rulebook("caucus")
FILE = Path(__file__).with_name("lawful_paths.yaml")


@cache
def paths() -> dict[str, Facts]:
    root = read_mapping(read_document(FILE.read_bytes(), FILE.name), required=("paths",))
    return dict(read_sequence(root["paths"], read_path))


def read_path(node: Node) -> tuple[str, Facts]:
    fields = read_any_mapping(node)
    return read_text(fields["path"]), read_facts(node, fields, RULEBOOK)[0]


def steps(facts: Facts) -> Iterator[tuple[Facts, AnyEvent]]:
    """Yield each act of a path with the facts it was proposed on; what the observer set up is taken as given."""
    events = sorted(facts.matter.every(), key=lambda event: event.seq)
    matter = fold_events(StreamFacts.empty(facts.matter.stream), [one for one in events if one.actor == "observer"])
    for event in events:
        if event.actor != "observer":
            yield replace(facts, matter=matter), event
            matter = matter.with_event(event)


@pytest.mark.parametrize("name", paths())
def test_no_act_on_a_lawful_path_is_refused(name: str) -> None:
    for before, event in steps(paths()[name]):
        ruling = decide(before, RULEBOOK, event, event.recorded_at)
        assert ruling, (get_spec(type(event.act)).name, ruling)


def test_every_gate_opens_on_some_lawful_path() -> None:
    gates = {(gate, demand.id) for demand in RULEBOOK.demands for gate in demand.gates}
    opened = set()
    for facts in paths().values():
        for before, event in steps(facts):
            name = get_spec(type(event.act)).name
            after = before.with_event(event)
            for demand in RULEBOOK.demands:
                if name in demand.gates:
                    finding = examine(demand, after, RULEBOOK, event.recorded_at, at=event)
                    # No entries: it does not speak of this event, see `decide`.
                    if finding.result in {"PASS", "RULED"} or not finding.entries:
                        opened.add((name, demand.id))
    assert sorted(gates - opened) == []
