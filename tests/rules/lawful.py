"""The lawful paths of the caucus, act by act, and what comes of an act proposed somewhere on one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from alteram.adapters.rulebooks import load_rulebook, read_document
from alteram.core.acts import Act, build_structural, get_spec
from alteram.core.acts.reported import Reported
from alteram.core.kernel.documents import Node, read_any_mapping, read_mapping, read_sequence, read_text
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Ruling
from alteram.core.matters import AnyEvent, Facts, build_live_event, build_reported_event, fold_events
from alteram.core.matters.stream_facts import StreamFacts
from alteram.core.rules import decide
from alteram.core.rules.parsing.case_facts import read_facts

RULEBOOK = load_rulebook("caucus")
WHOLE = "from a report to the end of the appeal"
_FILE = Path(__file__).with_name("lawful_paths.yaml")


@cache
def paths() -> dict[str, Facts]:
    """Return the facts at the end of each lawful path, by its name."""
    root = read_mapping(read_document(_FILE.read_bytes(), _FILE.name), required=("paths",))
    return dict(read_sequence(root["paths"], _read_path))


def _read_path(node: Node) -> tuple[str, Facts]:
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


@dataclass
class Play:
    """A matter somewhere on a path, to go on with. Time stands still unless it is moved."""

    facts: Facts
    now: datetime

    def propose(self, by: str, act: Act) -> Ruling:
        """Propose an act; it is recorded unless it is refused."""
        event = build_live_event(
            build_structural(act), seq=self.facts.matter.head_seq + 1, actor=PersonId(by), at=self.now
        )
        ruling = decide(self.facts, RULEBOOK, event, self.now)
        if ruling:
            self.facts = self.facts.with_event(event)
        return ruling

    def tell(self, by: str, act: Act, *, of: str | None = None, agreed: bool = False) -> int:
        """Report an event; nobody can refuse it. Return its entry."""
        agreed_by = (PersonId(by),) if agreed else ()
        told = Reported(by=PersonId(of or by), first=self.now, last=self.now, agreed_by=agreed_by)
        seq = self.facts.matter.head_seq + 1
        event = build_reported_event(
            build_structural(act), told, seq=seq, actor=PersonId(by), at=self.now, as_stated=False
        )
        self.facts = self.facts.with_event(event)
        return seq

    def seq(self, act_name: str) -> int:
        """Return the last entry of an act, by its name."""
        return max(one.seq for one in self.facts.matter.every() if get_spec(type(one.act)).name == act_name)

    def pass_time(self, **period: float) -> None:
        """Let time pass."""
        self.now += timedelta(**period)


def before(act_name: str, *, nth: int = 0, path: str = WHOLE) -> Play:
    """Return a path as it stood just before its `nth` act of this name, at the time of that act."""
    found = [(facts, one) for facts, one in steps(paths()[path]) if get_spec(type(one.act)).name == act_name]
    facts, event = found[nth]
    return Play(facts, event.recorded_at)


def after(act_name: str, *, nth: int = 0, path: str = WHOLE) -> Play:
    """Return a path as it stood just after its `nth` act of this name."""
    found = [(facts, one) for facts, one in steps(paths()[path]) if get_spec(type(one.act)).name == act_name]
    facts, event = found[nth]
    return Play(facts.with_event(event), event.recorded_at)
