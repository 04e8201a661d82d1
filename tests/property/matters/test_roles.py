"""Who plays which part, against tables written apart from the code; what a linked matter may see; who is protected."""

from collections.abc import Sequence
from dataclasses import fields
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from alteram.core.acts import (
    AppealPanelFormed,
    CaseManagerAssigned,
    CompanionNamed,
    ContactPersonNamed,
    HandoverMade,
    HistoryEntered,
    IdentityReleased,
    InvestigatorAppointed,
    MatterAccepted,
    MediatorChosen,
    PartyJoined,
    PartyReplaced,
    PartySevered,
    PersonRecused,
    ReportLodged,
    get_spec,
)
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.matters import (
    AnyEvent,
    Holding,
    LinkedMatter,
    WithheldEntry,
    build_holdings,
    find_ever_holders,
    find_holders,
    fold_events,
)
from alteram.core.matters.protection import find_protected, find_released_to
from alteram.core.matters.roles import BEARING
from tests.act_strategies import acts, standings
from tests.property.matters.streams import build_events, empty, entries, people

_bearing = acts(*(get_spec(kind) for kind in (*BEARING, IdentityReleased)))
parts = st.one_of(
    st.tuples(_bearing, people, st.none()),
    st.tuples(_bearing, people, st.none()),
    st.tuples(_bearing, people, standings()),
    entries,
)
streams = st.lists(parts, max_size=14)
HISTORY = (HistoryEntered(title="A tale", source="somebody"), PersonId("chair"), None)
#: The sides of a matter: nobody stands down from being one.
SIDES = {"reporter", "complainant", "respondent"}


def given_by(event: AnyEvent) -> list[tuple[str | None, str]]:
    """Return who is given which part by an act, as the design tells it."""
    act: Any = event.act
    named = isinstance(act, ReportLodged) and act.identity == "named"
    table: dict[type[Any], list[tuple[str | None, str]]] = {
        ReportLodged: [(event.actor, "reporter"), *([(event.actor, "complainant")] if named else [])],
        MatterAccepted: [
            (getattr(act, "complainant", None), "complainant"),
            (getattr(act, "respondent", None), "respondent"),
        ],
        PartyJoined: [(getattr(act, "person", None), str(getattr(act, "role", "")))],
        CaseManagerAssigned: [(getattr(act, "person", None), "case-manager")],
        InvestigatorAppointed: [(getattr(act, "person", None), "investigator")],
        MediatorChosen: [(getattr(act, "mediator", None), "mediator")],
        CompanionNamed: [(getattr(act, "person", None), str(getattr(act, "kind", "")))],
        ContactPersonNamed: [(getattr(act, "person", None), "contact-person")],
        AppealPanelFormed: [(person, "appeal-decider") for person in getattr(act, "members", ())],
        HandoverMade: [(getattr(act, "to", None), str(getattr(act, "role", "")))],
        PartyReplaced: [(getattr(act, "by", None), str(getattr(act, "role", "")))],
    }
    return table.get(type(act), [])


def taken_by(event: AnyEvent) -> list[tuple[str, str]]:
    """Return who loses which part by an act."""
    act: Any = event.act
    match act:
        case PersonRecused():
            own = event.actor == act.person or not event.live
            return [(act.person, role) for role in act.roles if own and role not in SIDES]
        case PartySevered() | PartyReplaced():
            return [(act.person, act.role)]
        case HandoverMade():
            return [(act.from_person, act.role)]
        case _:
            return []


def play(
    events: Sequence[AnyEvent | WithheldEntry], *, told: bool
) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Return who holds which part now, and who ever did."""
    now: set[tuple[str, str]] = set()
    ever: set[tuple[str, str]] = set()
    for event in events:
        if isinstance(event, WithheldEntry) or not (event.live or told):
            continue
        now -= set(taken_by(event))
        begun = {
            (person, role)
            for person, role in given_by(event)
            if person is not None and (event.live or not isinstance(event.act, ReportLodged))
        }
        now |= begun
        ever |= begun
    return now, ever


def held(holdings: Sequence[Holding]) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    return {(one.person, one.role) for one in holdings if one.until is None}, {
        (one.person, one.role) for one in holdings
    }


@given(streams)
def test_parts_are_those_that_acts_done_here_give_and_take(drawn: Sequence[Any]) -> None:
    events = build_events(drawn)
    assert held(build_holdings(fold_events(empty(), events))) == play(events, told=False)


@given(streams)
def test_in_a_history_what_is_told_gives_parts_too(drawn: Sequence[Any]) -> None:
    events = build_events([HISTORY, *drawn], told=True)
    assert held(build_holdings(fold_events(empty(), events))) == play(events, told=True)


@given(streams)
def test_holdings_are_in_order_and_nobody_holds_a_part_twice_at_once(drawn: Sequence[Any]) -> None:
    holdings = build_holdings(fold_events(empty(), build_events(drawn)))
    assert [one.since for one in holdings] == sorted(one.since for one in holdings)
    for one in holdings:
        assert one.until is None or one.until >= one.since
        same = [other for other in holdings if (other.person, other.role) == (one.person, one.role)]
        for before, after in pairwise(same):
            assert before.until is not None
            assert before.until <= after.since


@given(streams, people)
def test_holders_of_a_role_are_those_who_hold_it(drawn: Sequence[Any], person: PersonId) -> None:
    facts = fold_events(empty(), build_events(drawn))
    for one in build_holdings(facts):
        assert one.person in find_ever_holders(facts, one.role)
        now = any((two.person, two.role, two.until) == (one.person, one.role, None) for two in build_holdings(facts))
        assert (one.person in find_holders(facts, one.role)) is now


@given(streams)
def test_no_reported_event_changes_who_plays_which_part(drawn: Sequence[Any]) -> None:
    events = build_events(drawn)
    done_here = [one for one in events if isinstance(one, WithheldEntry) or one.live]
    assert build_holdings(fold_events(empty(), events)) == build_holdings(fold_events(empty(), done_here))


@given(streams)
def test_linked_matter_sees_parts_and_nothing_else(drawn: Sequence[Any]) -> None:
    """Whatever else happens in a matter, those it is linked to see the same of it."""
    events = build_events(drawn)
    bearing = [one for one in events if not isinstance(one, WithheldEntry) and isinstance(one.act, BEARING)]
    whole, least = (
        LinkedMatter(StreamId("m1"), build_holdings(fold_events(empty(), each))) for each in (events, bearing)
    )
    assert whole == least
    assert {one.name for one in fields(LinkedMatter)} == {"stream", "holdings"}
    assert {one.name for one in fields(Holding)} == {"person", "role", "since", "until", "protected"}


@given(streams)
def test_protected_are_those_who_reported_or_joined_so_whatever_else_they_became(drawn: Sequence[Any]) -> None:
    events = build_events(drawn)
    expected = set()
    for event in events:
        match event:
            case WithheldEntry():
                continue
            case _ if not event.live:
                continue
            case _:
                act = event.act
                if isinstance(act, ReportLodged) and act.identity != "named" and event.actor is not None:
                    expected.add(event.actor)
                if isinstance(act, PartyJoined) and act.protected:
                    expected.add(act.person)
    facts = fold_events(empty(), events)
    assert find_protected(facts) == expected
    assert {one.person for one in build_holdings(facts) if one.protected} <= expected


@given(streams, people)
def test_reported_release_releases_nothing(drawn: Sequence[Any], viewer: PersonId) -> None:
    events = build_events(drawn)
    released = {
        one.act.person
        for one in events
        if not isinstance(one, WithheldEntry)
        and one.live
        and isinstance(one.act, IdentityReleased)
        and viewer in one.act.to
    }
    assert find_released_to(fold_events(empty(), events), viewer) == released
