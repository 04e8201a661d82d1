"""State of a stream by folding its entries: events and how they stand, parts people play, the organisation's roll."""

from alteram.core.matters.events import AnyEvent, Event, Standing, build_live_event, build_reported_event
from alteram.core.matters.facts import Facts
from alteram.core.matters.history import Expectation, History, HistoryEvent, fold_history
from alteram.core.matters.keys import KeyRing, build_key_ring
from alteram.core.matters.organisation import Roll, build_roll, find_adoption
from alteram.core.matters.roles import (
    BEARING,
    SIDES,
    Holding,
    LinkedMatter,
    build_holdings,
    find_ever_holders,
    find_holders,
    find_side_holders,
)
from alteram.core.matters.stream_facts import StreamFacts, WithheldEntry, changes_standing, fold_events

__all__ = [
    "BEARING",
    "SIDES",
    "AnyEvent",
    "Event",
    "Expectation",
    "Facts",
    "History",
    "HistoryEvent",
    "Holding",
    "KeyRing",
    "LinkedMatter",
    "Roll",
    "Standing",
    "StreamFacts",
    "WithheldEntry",
    "build_holdings",
    "build_key_ring",
    "build_live_event",
    "build_reported_event",
    "build_roll",
    "changes_standing",
    "find_adoption",
    "find_ever_holders",
    "find_holders",
    "find_side_holders",
    "fold_events",
    "fold_history",
]
