"""Streams of events drawn at random: live and reported acts of every kind, and many that change how others stand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from alteram.core.acts import (
    CorrectionMade,
    FactAgreed,
    FactDenied,
    FactFound,
    HistoryEntered,
    all_specs,
    build_structural,
)
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.matters import AnyEvent, StreamFacts, WithheldEntry, build_live_event, build_reported_event
from tests.act_strategies import PEOPLE, acts, standings

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONGEST = 14

people = st.sampled_from(PEOPLE).map(PersonId)
targets = st.integers(0, LONGEST)
standing_acts: st.SearchStrategy[Act] = st.one_of(
    st.builds(FactAgreed, event=targets),
    st.builds(FactDenied, event=targets, text=st.none()),
    st.builds(FactFound, event=targets, happened=st.booleans(), reasons=st.just("Because.")),
    st.builds(CorrectionMade, entry=targets, reasons=st.just("Because.")),
)
anything: st.SearchStrategy[Act] = acts(*(one for one in all_specs() if one.type is not HistoryEntered))
#: An entry to be: the act, its actor, and how it stands where it is reported; None for one that was shredded.
entries: st.SearchStrategy[Any] = st.one_of(
    st.tuples(standing_acts, people, st.none()),
    st.tuples(standing_acts, people, st.none()),
    st.tuples(anything, st.none() | people, st.none()),
    st.tuples(anything, people, standings()),
    st.tuples(standing_acts, people, standings()),
    st.none(),
)


def build_events(drawn: Sequence[Any], *, told: bool = False) -> list[AnyEvent | WithheldEntry]:
    """Return the events of drawn entries, one a minute; `told`: the stream tells a history."""
    events: list[AnyEvent | WithheldEntry] = []
    for seq, entry in enumerate(drawn):
        if entry is None:
            events.append(WithheldEntry(seq))
            continue
        act, actor, reported = entry
        events.append(build_one(act, actor, reported, seq, told=told))
    return events


def build_one(act: Act, actor: PersonId | None, reported: Reported | None, seq: int, *, told: bool = False) -> AnyEvent:
    """Return one event, recorded `seq` minutes after the start."""
    at, structural = START + timedelta(minutes=seq), build_structural(act)
    if reported is None:
        return build_live_event(structural, seq=seq, actor=actor, at=at)
    return build_reported_event(structural, reported, seq=seq, actor=actor, at=at, as_stated=told)


def empty() -> StreamFacts:
    """Return a stream that holds nothing."""
    return StreamFacts.empty(StreamId("m1"))


def _dense(target: st.SearchStrategy[int]) -> st.SearchStrategy[Any]:
    return st.tuples(
        st.one_of(
            st.builds(FactAgreed, event=target),
            st.builds(FactDenied, event=target, text=st.none()),
            st.builds(FactFound, event=target, happened=st.booleans(), reasons=st.just("Because.")),
            st.builds(CorrectionMade, entry=target, reasons=st.just("Because.")),
        ),
        st.sampled_from(PEOPLE[:2]).map(PersonId),
        st.none(),
    )


#: Two reported events, then many acts that change how they, and one another, stand.
disputes = st.builds(
    lambda reported, acts: [*reported, *acts],
    st.lists(st.tuples(anything, people, standings()), min_size=1, max_size=2),
    st.lists(_dense(st.integers(0, 1) | st.integers(0, 8)), max_size=LONGEST - 2),
)
