"""A refusal as its reader may be told it: with names where they are open, else no more than the rule."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from alteram.adapters.rulebooks import load_rulebook
from alteram.core.access import tell_refusal
from alteram.core.acts import (
    CaseManagerAssigned,
    DecisionMade,
    IdentityReleased,
    MatterAccepted,
    MattersLinked,
    MeetingCalled,
    MemberJoined,
    OfficeFilled,
    OrganisationFounded,
    PartyJoined,
    ReportLodged,
    build_structural,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.matters import AnyEvent, Facts, Holding, LinkedMatter, StreamFacts, build_live_event, fold_events
from alteram.core.rules import decide

CAUCUS = load_rulebook("caucus")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
CHAIR, CUSTODIAN, MANAGER, WHIP = PersonId("m01"), PersonId("m02"), PersonId("m03"), PersonId("m04")
RESPONDENT, PROTECTED, DECIDER = PersonId("m05"), PersonId("m06"), PersonId("m07")
MEMBERS = tuple(PersonId(f"m{number:02}") for number in range(1, 20))
CLOSED = "The reason is not open to you. Ask the custodian."


def told(stream: str, *acts: tuple[Act, PersonId | None]) -> StreamFacts:
    events = (
        build_live_event(build_structural(act), seq=seq, actor=actor, at=AT + timedelta(minutes=seq))
        for seq, (act, actor) in enumerate(acts)
    )
    return fold_events(StreamFacts.empty(StreamId(stream)), events)


ORGANISATION = told(
    ORGANISATION_STREAM,
    (OrganisationFounded(name="A caucus", kind="caucus", jurisdiction="nz", time_zone="UTC", secretary=WHIP), WHIP),
    (MemberJoined(people=MEMBERS), WHIP),
    (OfficeFilled(office="chair", person=CHAIR), WHIP),
    (OfficeFilled(office="custodian", person=CUSTODIAN), WHIP),
    (OfficeFilled(office="senior-whip", person=WHIP), WHIP),
)
BEGINNING: tuple[tuple[Act, PersonId | None], ...] = (
    (ReportLodged(identity="protected", about="person", text="It was so.", people=(RESPONDENT,)), PROTECTED),
    (CaseManagerAssigned(person=MANAGER), CUSTODIAN),
    (MatterAccepted(procedure="conduct-complaint", complainant=PROTECTED, respondent=RESPONDENT), MANAGER),
    (MeetingCalled(meeting="h1", body="caucus", at=AT + timedelta(days=2), agenda=("It",), invited=MEMBERS), CHAIR),
)


def facts(*more: tuple[Act, PersonId | None], linked: tuple[LinkedMatter, ...] = ()) -> Facts:
    return Facts(ORGANISATION, told("m1", *BEGINNING, *more), linked)


def decision(at: Facts, actor: PersonId) -> AnyEvent:
    act = DecisionMade(deciders=(PROTECTED, DECIDER), reasons="Because.")
    return build_live_event(build_structural(act), seq=at.matter.head_seq + 1, actor=actor, at=AT + timedelta(days=3))


def refuse(at: Facts, actor: PersonId) -> tuple[Refused, Refused]:
    """Return the refusal of a decision as the rules give it, and as `actor` is told it."""
    event = decision(at, actor)
    ruling = decide(at, CAUCUS, event, event.recorded_at)
    assert isinstance(ruling, Refused)
    return ruling, tell_refusal(ruling, at, CAUCUS, event, proposer=actor)


def part(refused: Refused, kind: str) -> Refused:
    return next(one for one in (refused, *refused.also) if one.code == f"requirement.{kind}")


def test_rules_themselves_name_the_conflicted() -> None:
    """Without this, nothing below would show anything."""
    assert PROTECTED in part(refuse(facts(), CHAIR)[0], "separate-hands").because


@pytest.mark.parametrize("actor", [CHAIR, DECIDER, RESPONDENT, WHIP])
def test_protected_complainant_is_not_named_in_any_part_of_a_refusal(actor: PersonId) -> None:
    at = facts()
    ruling = refuse(at, CHAIR)[0]
    event = decision(at, actor)
    shown = tell_refusal(ruling, at, CAUCUS, event, proposer=actor)
    assert PROTECTED in repr(ruling)
    assert PROTECTED not in repr(shown)


def test_closed_reason_keeps_what_its_reader_can_act_on() -> None:
    ruling, shown = refuse(facts(), CHAIR)
    for before, after in zip((ruling, *ruling.also), (shown, *shown.also), strict=True):
        assert (after.code, after.clause, after.requirement) == (before.code, before.clause, before.requirement)
        assert (after.missing, after.earliest) == (before.missing, before.earliest)
    closed = part(shown, "separate-hands")
    assert (closed.because, closed.working, closed.facts) == (CLOSED, (), ())


def test_parts_of_a_refusal_that_name_nobody_are_told_as_they_are() -> None:
    ruling, shown = refuse(facts(), CHAIR)
    before, after = ([one.because for one in (all_of, *all_of.also)] for all_of in (ruling, shown))
    assert sum(one != CLOSED for one in after) > 3
    assert all(one in {was, CLOSED} for one, was in zip(after, before, strict=True))


@pytest.mark.parametrize("actor", [CUSTODIAN, MANAGER, PROTECTED])
def test_those_who_may_know_the_name_are_told_it(actor: PersonId) -> None:
    at = facts()
    ruling = refuse(at, CHAIR)[0]
    assert tell_refusal(ruling, at, CAUCUS, decision(at, actor), proposer=actor) == ruling


def test_those_to_whom_the_name_was_released_are_told_it_and_others_are_not() -> None:
    released = IdentityReleased(person=PROTECTED, to=(CHAIR,), basis="legal-duty", reasons="An order.")
    at = facts((released, CUSTODIAN))
    ruling, shown = refuse(at, CHAIR)
    assert shown == ruling
    other = tell_refusal(ruling, at, CAUCUS, decision(at, DECIDER), proposer=DECIDER)
    assert PROTECTED not in repr(other)


def test_name_that_only_begins_like_a_protected_one_is_told() -> None:
    at = facts((PartyJoined(person=PersonId("m0"), role="witness", protected=True), MANAGER))
    refused = Refused("x", "1", "m05 was not served, nor m0-1.", facts=(("who", ("m05",)),))
    assert tell_refusal(refused, at, CAUCUS, decision(at, CHAIR), proposer=CHAIR) == refused
    named = replace(refused, because="It was m0.")
    assert tell_refusal(named, at, CAUCUS, decision(at, CHAIR), proposer=CHAIR).because == CLOSED


def test_name_in_the_facts_or_the_working_closes_the_reason_too() -> None:
    at = facts()
    for refused in (
        Refused("x", "1", "Not so.", facts=(("who", (str(PROTECTED),)),)),
        Refused("x", "1", "Not so.", facts=(("who", str(PROTECTED)),)),
        Refused("x", "1", "Not so.", working=(f"named: {PROTECTED}",)),
        Refused("y", "1", "Fine.", also=(Refused("x", "1", f"{PROTECTED} is tied."),)),
    ):
        assert PROTECTED not in repr(tell_refusal(refused, at, CAUCUS, decision(at, CHAIR), proposer=CHAIR))


LINK = (MattersLinked(other=StreamId("m2"), why="counter-complaint"), MANAGER)
ACCUSED_ELSEWHERE = LinkedMatter(StreamId("m2"), (Holding(DECIDER, "respondent", 0), Holding(PROTECTED, "reporter", 0)))


def test_linked_matter_is_told_to_those_who_handle_this_one_and_to_nobody_else() -> None:
    at = facts(LINK, linked=(ACCUSED_ELSEWHERE,))
    ruling = refuse(at, CHAIR)[0]
    said = part(ruling, "role-collision")
    assert "m2" in " ".join(said.working)
    handler = tell_refusal(ruling, at, CAUCUS, decision(at, CUSTODIAN), proposer=CUSTODIAN)
    assert handler == ruling
    for actor in (RESPONDENT, DECIDER):
        event = decision(at, actor)
        shown = tell_refusal(ruling, at, CAUCUS, event, proposer=actor)
        assert part(shown, "role-collision").because == CLOSED
        assert "m2" not in repr(shown)


def test_protected_part_in_a_linked_matter_is_not_told_to_handlers_of_this_one() -> None:
    elsewhere = LinkedMatter(StreamId("m2"), (Holding(DECIDER, "complainant", 0, protected=True),))
    at = facts(LINK, linked=(elsewhere,))
    ruling = refuse(at, CHAIR)[0]
    assert DECIDER in part(ruling, "separate-hands").because
    assert (
        DECIDER
        not in part(tell_refusal(ruling, at, CAUCUS, decision(at, WHIP), proposer=WHIP), "separate-hands").because
    )
    keeps = LinkedMatter(StreamId("m2"), (*elsewhere.holdings, Holding(WHIP, "case-manager", 1)))
    released = IdentityReleased(person=PROTECTED, to=(WHIP,), basis="legal-duty", reasons="An order.")
    both = facts(LINK, (released, CUSTODIAN), linked=(keeps,))
    ruling = refuse(both, CHAIR)[0]
    assert tell_refusal(ruling, both, CAUCUS, decision(both, WHIP), proposer=WHIP) == ruling
