"""Equality of arms by hand: who decides is handed, as a file or on paper, only what every respondent has."""

from typing import Any

import pytest

from alteram.core.access import may_open_exhibit
from alteram.core.acts import (
    BundleBuilt,
    ExhibitDerived,
    ExhibitDisclosed,
    ExhibitLodged,
    ExhibitRuled,
    ExhibitWithheld,
    NoticeServed,
    PartyJoined,
    ReceiptGiven,
    ServiceConfirmed,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.rules.capacities import find_roles
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform, rule_on
from tests.worlds import CHAIR, COMPLAINANT, M1, MANAGER, MEMBER, PANEL, RESPONDENT, RULES, SECRETARY, do

DIGEST = "ab" * 32
DECIDER = PANEL[0]
BY_HAND = ("file", "print")


@pytest.fixture
def body(body: Organisation) -> Organisation:
    for one in ("e1", "e2"):
        do(body, M1, ExhibitLodged(exhibit=one, kind="document", obtained="given"), COMPLAINANT)
    return body


def record(body: Organisation, act: Act, by: PersonId = MANAGER) -> int:
    seq = do(body, M1, act, by).seq
    assert seq is not None
    return seq


def give(*exhibits: str, to: PersonId = DECIDER, **what: Any) -> ExhibitDisclosed:
    return ExhibitDisclosed(exhibits=exhibits or ("e1",), to=to, **what)


def told(body: Organisation, act: Act) -> tuple[str, ...]:
    """Return the code of a refusal and what is missing."""
    ruling = rule_on(body, M1, act, MANAGER)
    return (ruling.code, *ruling.missing) if isinstance(ruling, Refused) else ALLOWED


EARLY = ("exhibit.undisclosed", "exhibit.disclosed")
SENT = ("exhibit.undisclosed", "service.confirmed")
ALLOWED = ("allowed",)


@pytest.mark.parametrize("by", BY_HAND)
def test_who_decides_is_handed_an_exhibit_once_the_respondent_was_given_it(body: Organisation, by: str) -> None:
    assert told(body, give(by=by)) == EARLY
    done = perform(body, M1, give(by=by), MANAGER)
    assert isinstance(done.ruling, Refused)
    assert str(done.ruling.because) == (
        f"Give exhibit e1, or its gist, to {RESPONDENT} first; who decides is handed it after."
    )
    assert body.facts(M1, fresh=True).matter.all(ExhibitDisclosed) == ()
    record(body, give(to=RESPONDENT, by="file"))
    assert told(body, give(by=by)) == ALLOWED
    assert told(body, give("e1", "e2", by=by)) == EARLY
    record(body, give(by=by))


def test_on_the_page_it_is_served_and_stays_closed(body: Organisation) -> None:
    record(body, give())
    assert not may_open_exhibit(body.facts(M1), RULES, "e1", DECIDER)


@pytest.mark.parametrize("by", BY_HAND)
def test_nobody_else_waits_for_the_respondent(body: Organisation, by: str) -> None:
    for person in (RESPONDENT, COMPLAINANT, CHAIR, SECRETARY, MEMBER):
        assert told(body, give(to=person, by=by)) == ALLOWED


@pytest.mark.parametrize("by", BY_HAND)
def test_what_was_printed_for_the_respondent_counts_once_it_arrived(body: Organisation, by: str) -> None:
    printed = record(body, give(to=RESPONDENT, by="print"))
    assert told(body, give(by=by)) == SENT
    because = getattr(rule_on(body, M1, give(by=by), MANAGER), "because", "")
    assert str(because).startswith(f"Have it confirmed first that {RESPONDENT} received exhibit e1;")
    record(body, ReceiptGiven(disclosure=printed), RESPONDENT)
    assert told(body, give(by=by)) == ALLOWED


def test_confirmation_by_somebody_else_does_for_a_receipt(body: Organisation) -> None:
    printed = record(body, give(to=RESPONDENT, by="print"))
    at = body.facts(M1).matter.all(ExhibitDisclosed)[0].recorded_at
    record(body, ServiceConfirmed(document=printed, to=RESPONDENT, delivered_at=at, how="signed"))
    assert told(body, give(by="print")) == ALLOWED


def test_each_respondent_has_it(body: Organisation) -> None:
    record(body, PartyJoined(person=MEMBER, role="respondent"))
    record(body, give(to=RESPONDENT))
    assert told(body, give(by="file")) == EARLY
    record(body, give(to=MEMBER))
    assert told(body, give(by="file")) == ALLOWED


def test_what_was_withheld_from_the_respondent_is_handed_over_once_its_gist_was_given(body: Organisation) -> None:
    record(body, give(to=RESPONDENT))
    record(body, ExhibitWithheld(exhibit="e1", person=RESPONDENT, reasons="It names a child."))
    assert told(body, give(by="file")) == EARLY
    record(body, ExhibitWithheld(exhibit="e1", person=RESPONDENT, reasons="It names a child.", gist="A date."))
    assert told(body, give(by="file")) == ALLOWED


def test_what_was_ruled_out_is_not_handed_to_who_decides(body: Organisation) -> None:
    record(body, give(to=RESPONDENT))
    record(body, ExhibitRuled(exhibit="e1", admissible=False, reasons="So."), CHAIR)
    assert told(body, give(by="print")) == ("exhibit.ruled-out",)
    assert told(body, give(to=COMPLAINANT, by="print")) == ALLOWED
    record(body, ExhibitRuled(exhibit="e1", admissible=True, reasons="After all."), CHAIR)
    assert told(body, give(by="print")) == ALLOWED


def test_what_the_respondent_lodged_is_handed_over(body: Organisation) -> None:
    record(body, ExhibitLodged(exhibit="e3", kind="document", obtained="given"), RESPONDENT)
    record(body, ExhibitDerived(exhibit="t3", of="e3", how="transcript"))
    assert told(body, give("e3", "t3", by="print")) == ALLOWED


def test_copy_of_a_bundle_waits_for_all_that_stands_in_it_whatever_is_named(body: Organisation) -> None:
    built = BundleBuilt(bundle="b1", for_people=(DECIDER, RESPONDENT), exhibits=("e1", "e2"), pages=3, digest=DIGEST)
    record(body, built)
    record(body, give(to=RESPONDENT))
    assert told(body, give(by="file")) == ALLOWED
    assert told(body, give(bundle="b1", by="file")) == EARLY
    record(body, give("e1", "e2", to=RESPONDENT, bundle="b1", by="file"))
    assert told(body, give(bundle="b1", by="file")) == ALLOWED


def test_notice_with_exhibits_is_no_way_round_it(body: Organisation) -> None:
    ways: tuple[Any, ...] = ("electronic", "post", "hand", "paper")
    for method in ways:
        assert told(body, NoticeServed(to=DECIDER, exhibits=("e1",), method=method)) == EARLY
        assert told(body, NoticeServed(to=RESPONDENT, exhibits=("e1",), method=method)) == ALLOWED
    assert told(body, NoticeServed(to=DECIDER, exhibits=("e1",))) == ALLOWED


def test_act_refuses_those_who_decide_to_whom_the_page_is_closed_and_nobody_else(body: Organisation) -> None:
    for is_given in (False, True):
        if is_given:
            record(body, give(to=RESPONDENT))
        facts = body.facts(M1, fresh=True)
        deciders = {one for one in facts.roll.members if "decider" in find_roles(facts, RULES, one)}
        closed = {one for one in deciders if not may_open_exhibit(facts, RULES, "e1", one)}
        assert {one for one in facts.roll.members if told(body, give(to=one, by="file")) == EARLY} == closed
        assert closed == (set() if is_given else set(PANEL))
