"""The rules of the caucus can be kept: each gate opens on some lawful path, and no act on those paths is refused."""

import pytest

from alteram.core.acts import get_spec
from alteram.core.rules import decide, examine
from tests.rules.lawful import RULEBOOK, paths, steps


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
