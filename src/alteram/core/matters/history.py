"""A history: what is said to have happened elsewhere, as it is entered afterwards, and the facts it folds to.

`fold_history` gives the same facts as entering the same events through the store. It judges nothing: how a reported
event stands is stated in it, and what it supports is decided in `events`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from alteram.core.acts import Act, build_structural
from alteram.core.acts.reported import Reported
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.matters.events import AnyEvent, build_live_event, build_reported_event
from alteram.core.matters.facts import Facts
from alteram.core.matters.roles import LinkedMatter, build_holdings
from alteram.core.matters.stream_facts import StreamFacts, fold_events


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One entry to be: the act, who records it and when, and how it stands where it is `reported` (None: live)."""

    act: Act
    reported: Reported | None
    recorded_by: PersonId
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an assessment must say of a history: of one requirement in one matter.

    `demand` is the requirement's identifier. `earliest` is the earliest lawful time it must report, `curable` whether
    it must name a cure. `says` are words that its sentence must hold, `entries` what it must rest on among others.
    """

    matter: StreamId
    demand: str
    result: str
    why: str
    pack: str = ""
    curable: bool | None = None
    cures: tuple[str, ...] = ()
    earliest: datetime | None = None
    says: tuple[str, ...] = ()
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """An organisation as it was, its matters with their events in order, which matters are linked, what is expected.

    `organisation` are live acts of the organisation's own stream. Every matter begins with `history.entered`.
    `assessed_at` is the time of asking that `expected` speaks of; `open_cures` are acts that would then still mend
    something, over all matters.
    """

    name: str
    title: str
    rulebook: str
    entered_at: datetime
    entered_by: PersonId
    assessed_at: datetime
    organisation: tuple[HistoryEvent, ...]
    matters: dict[StreamId, tuple[HistoryEvent, ...]]
    links: tuple[tuple[StreamId, StreamId], ...]
    expected: tuple[Expectation, ...] = ()
    open_cures: tuple[str, ...] = ()


def fold_history(history: History, *, at: datetime | None = None, by: PersonId | None = None) -> dict[StreamId, Facts]:
    """Return the facts of each matter of `history`, each with the parts played in those it is linked to.

    `at` and `by` say when and by whom it was entered, where that is not as the history says.
    """
    if at is not None or by is not None:
        history = _entered(history, at or history.entered_at, by or history.entered_by)
    organisation = _fold(ORGANISATION_STREAM, history.organisation)
    matters = {stream: _fold(stream, events) for stream, events in history.matters.items()}
    return {
        stream: Facts(
            organisation,
            facts,
            tuple(LinkedMatter(other, build_holdings(matters[other])) for other in _linked(history, stream)),
        )
        for stream, facts in matters.items()
    }


def build_history_event(event: HistoryEvent, seq: int) -> AnyEvent:
    """Return the event of an entry of a history, in the place `seq` of its stream."""
    act = build_structural(event.act)
    if event.reported is None:
        return build_live_event(act, seq=seq, actor=event.recorded_by, at=event.recorded_at)
    return build_reported_event(
        act, event.reported, seq=seq, actor=event.recorded_by, at=event.recorded_at, as_stated=True
    )


def _entered(history: History, at: datetime, by: PersonId) -> History:
    matters = {
        stream: tuple(replace(event, recorded_at=at, recorded_by=by) for event in events)
        for stream, events in history.matters.items()
    }
    return replace(history, matters=matters)


def _fold(stream: StreamId, events: Iterable[HistoryEvent]) -> StreamFacts:
    return fold_events(StreamFacts.empty(stream), (build_history_event(event, seq) for seq, event in enumerate(events)))


def _linked(history: History, stream: StreamId) -> list[StreamId]:
    pairs = [*history.links, *((other, one) for one, other in history.links)]
    return sorted({other for one, other in pairs if one == stream})
