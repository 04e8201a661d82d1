"""The read tables: what lists show, worked out from the folds. Dropped and rebuilt at will; `rebuild` compares."""

from dataclasses import dataclass

from alteram.core.acts import MatterClosed, MatterReopened
from alteram.core.kernel.calendars import CalendarError
from alteram.core.matters import AnyEvent, Facts, StreamFacts
from alteram.core.matters.roles import BEARING, build_holdings
from alteram.core.rules import Rulebook
from alteram.core.rules.capacities import find_procedure
from alteram.core.rules.stages import find_clock, find_stage
from alteram.operations.organisation import Organisation, StreamState
from alteram.operations.ports import MatterRow, PartyRow, StoreError


def build_matter_row(facts: Facts, state: StreamState, rulebook: Rulebook) -> MatterRow:
    """Return how lists show a matter that has at least one entry."""
    if state.head is None or state.opened_at is None:
        raise StoreError(f"The matter {facts.matter.stream} has no entry.")
    procedure, stage = find_procedure(facts, rulebook), find_stage(facts, rulebook)
    try:
        clock = find_clock(facts, rulebook)
    except CalendarError:
        # The adopted calendar ends before this period does: no due date is better than a wrong one.
        clock = None
    changes = [one for one in facts.matter.all(MatterClosed, MatterReopened) if one.live]
    closed = changes[-1].recorded_at if changes and isinstance(changes[-1].act, MatterClosed) else None
    return MatterRow(
        stream=facts.matter.stream,
        procedure="" if procedure is None or facts.matter.is_history else procedure.id,
        stage="history" if facts.matter.is_history else "" if stage is None else stage.id,
        opened_at=state.opened_at,
        last_at=state.head.at,
        last_seq=state.head.seq,
        closed_at=closed,
        next_due_at=None if clock is None or closed else clock.due_at,
        next_owner="" if stage is None or closed else stage.owner,
    )


def changes_parties(event: AnyEvent) -> bool:
    """Return whether an event bears on who plays which part."""
    return isinstance(event.act, BEARING)


def build_party_rows(facts: StreamFacts) -> tuple[PartyRow, ...]:
    """Return the parts people play, or played, in a matter."""
    return tuple(PartyRow(facts.stream, one.person, one.role, one.since, one.until) for one in build_holdings(facts))


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild came to: how many rows there are now, and how many differed from what stood there."""

    matters: int
    parties: int
    differing: int


def rebuild(organisation: Organisation) -> Rebuilt:
    """Drop the read tables, build them again from the entries, and say how many rows differed.

    Nobody may write meanwhile.
    """
    ports = organisation.ports
    before = ports.store.dump_read_tables(ports.organisation)
    matters: list[MatterRow] = []
    parties: list[PartyRow] = []
    for stream in organisation.matter_streams():
        facts = organisation.facts(stream, fresh=True)
        matters.append(build_matter_row(facts, organisation.state(stream), organisation.governing(stream)))
        parties.extend(build_party_rows(facts.matter))
    ports.store.replace_read_tables(ports.organisation, matters, parties)
    after = ports.store.dump_read_tables(ports.organisation)
    differing = sum(len(set(old) ^ set(new)) for old, new in zip(before, after, strict=True))
    return Rebuilt(len(after[0]), len(after[1]), differing)
