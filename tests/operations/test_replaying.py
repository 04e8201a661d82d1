"""Past matters under other rules: what would have gone otherwise, by one process and by several, and who is told."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

from alteram.bootstrap import create, open_folder
from alteram.bootstrap.again import open_again
from alteram.core.acts import CaseManagerAssigned, MatterAccepted, MatterClosed, RiskAssessed
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.rules import Rulebook
from alteram.core.rules.amendments.replaying import Otherwise, RefusedAct, Replayed
from alteram.core.rules.rulebook import ActRule, Demand
from alteram.operations.organisation import Organisation
from alteram.operations.past_matters import describe_replayed, read_replayed, tell_past_matters
from alteram.operations.questions import UnknownMatterError
from alteram.operations.replaying import find_closed_matters, read_recorded, replay_matters
from tests.worlds import (
    COMPLAINANT,
    CUSTODIAN,
    MANAGER,
    MEMBER,
    OUTSIDER,
    RESPONDENT,
    RULES,
    SECRETARY,
    START,
    begin_matter,
    do,
    found_small_body,
    open_world,
    report,
    shred,
)

CLOSED = tuple(StreamId(f"closed-{number}") for number in range(5))
OPEN = StreamId("open")
ACCEPTED = MatterAccepted(procedure="conduct", complainant=COMPLAINANT, respondent=RESPONDENT)
RISK = RiskAssessed(point="report", person=COMPLAINANT, level="low", text="x")


def having(**changed: Any) -> Rulebook:
    return msgspec.structs.replace(RULES, version="2", **changed)


#: Under these the risk must be assessed before a matter is accepted; under those below only the chair accepts it.
DEMAND = Demand(
    id="risk",
    title="The risk is assessed",
    guarantee="welfare",
    kind="risk-assessed",
    parameters={"points": msgspec.Raw(b'["report"]')},
    protects="complainant",
    clause="1",
    gates=("matter.accepted",),
)
STRICT = having(demands=(DEMAND,))
CHAIR_ACCEPTS = having(acts=(ActRule(act="matter.accepted", by=("chair",), clause="1"),))


def play(organisation: Organisation) -> None:
    """Five closed matters, the risk assessed in the first alone; and one that is open."""
    found_small_body(organisation)
    for stream in CLOSED:
        do(organisation, stream, report(people=[RESPONDENT]), COMPLAINANT)
        do(organisation, stream, CaseManagerAssigned(person=MANAGER), CUSTODIAN)
        if stream == CLOSED[0]:
            do(organisation, stream, RISK, MANAGER)
        do(organisation, stream, ACCEPTED, MANAGER)
        do(organisation, stream, MatterClosed(approved_by=CUSTODIAN), MANAGER)
    begin_matter(organisation, OPEN)


@pytest.fixture
def organisation(tmp_path: Path) -> Iterator[Organisation]:
    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        play(organisation)
        yield organisation


@contextmanager
def never() -> Iterator[Organisation]:
    raise AssertionError("one process needs no other")
    yield  # pragma: no cover


def replay(organisation: Organisation, new: Rulebook, **how: Any) -> dict[str, Replayed]:
    found = [one for progress in replay_matters(organisation, never, (RULES, new), **how) for one in progress.replayed]
    return {one.stream: one for one in found}


def test_closed_matters_are_looked_at_and_no_open_one(organisation: Organisation) -> None:
    assert find_closed_matters(organisation) == CLOSED
    assert tuple(replay(organisation, STRICT)) == CLOSED


def test_act_that_would_have_been_refused_is_named_with_the_requirement_and_the_others_are_not(
    organisation: Organisation,
) -> None:
    found = replay(organisation, STRICT)
    assert found[CLOSED[0]].refused == ()
    (refused,) = found[CLOSED[1]].refused
    assert (refused.seq, refused.act, refused.requirement) == (2, "matter.accepted", "risk")
    assert refused.code == "requirement.risk-assessed"


def test_requirement_that_was_not_asked_is_told_with_what_it_comes_to(organisation: Organisation) -> None:
    found = replay(organisation, STRICT)
    assert found[CLOSED[0]].requirements == (Otherwise("risk", "The risk is assessed", None, "PASS"),)
    assert [(one.old, one.new) for one in found[CLOSED[1]].requirements] == [(None, "FAIL")]


def test_who_could_not_have_done_an_act_is_told_for_each_of_them(organisation: Organisation) -> None:
    found = replay(organisation, CHAIR_ACCEPTS)
    assert all(
        [(one.act, one.code) for one in each.refused] == [("matter.accepted", "act.not-yours")]
        for each in found.values()
    )


def test_amendment_that_only_allows_more_refuses_nothing(organisation: Organisation) -> None:
    looser = having(acts=(ActRule(act="matter.accepted", by=("chair", "case-manager"), clause="1"),))
    assert not any(one.is_touched for one in replay(organisation, looser).values())
    assert not any(one.is_touched for one in replay(organisation, having()).values())


def test_act_is_ruled_on_as_things_stood_when_it_was_done(organisation: Organisation) -> None:
    # Assessed after the matter was closed: that came too late for accepting it.
    do(organisation, CLOSED[2], RISK, MANAGER)
    found = replay(organisation, STRICT)[CLOSED[2]]
    assert [one.act for one in found.refused] == ["matter.accepted"]


def test_what_was_done_before_is_left_out_and_counted(organisation: Organisation) -> None:
    steps = list(replay_matters(organisation, never, (RULES, STRICT), done=CLOSED[:3]))
    assert [(len(one.replayed), one.done, one.total) for one in steps] == [(2, 5, 5)]
    (end,) = replay_matters(organisation, never, (RULES, STRICT), done=CLOSED)
    assert (end.replayed, end.done, end.total) == ((), 5, 5)


def test_entry_that_was_shredded_is_passed_over(organisation: Organisation) -> None:
    assert shred(organisation, CLOSED[0], entry=1, scope="entry").seq is not None
    assert set(replay(organisation, STRICT)) == set(CLOSED)


def test_what_was_recorded_is_read_as_it_was_with_how_far_the_organisation_had_got(organisation: Organisation) -> None:
    recorded = read_recorded(organisation, CLOSED[0])
    assert [one.event.seq for one in recorded] == list(range(len(recorded)))
    known = organisation.facts(CLOSED[0]).organisation.head_seq
    assert [one.organisation_seq for one in recorded] == [known] * len(recorded)


def test_several_processes_find_what_one_does(tmp_path: Path) -> None:
    home = tmp_path / "organisation"
    create(home, organisation="caucus", origin="caucus.example/log")
    opened = open_folder(home, clock=lambda: START)
    try:
        play(opened.organisation)
        one = replay(opened.organisation, STRICT)
        again = partial(open_again, home)
        steps = list(replay_matters(opened.organisation, again, (RULES, STRICT), processes=2))
    finally:
        opened.close()
    assert {each.stream: each for step in steps for each in step.replayed} == one
    assert (steps[-1].done, steps[-1].total) == (5, 5)


# -- who is told


def tell(organisation: Organisation, viewer: PersonId, new: Rulebook = STRICT) -> Any:
    return tell_past_matters(organisation, viewer, replay(organisation, new).values(), len(CLOSED))


@pytest.mark.parametrize("person", [MEMBER, OUTSIDER, RESPONDENT, COMPLAINANT, MANAGER])
def test_who_does_not_amend_the_rules_is_told_nothing(organisation: Organisation, person: PersonId) -> None:
    with pytest.raises(UnknownMatterError):
        tell(organisation, person)


def test_who_amends_the_rules_is_told_numbers_and_the_matters_they_have_a_part_in(organisation: Organisation) -> None:
    told = tell(organisation, SECRETARY)
    assert (told.looked_at, told.touched) == (5, 5)
    assert [(one.requirement, one.new, one.matters) for one in told.changed] == [
        ("risk", "FAIL", None),
        ("risk", "PASS", None),
    ]
    assert {one.stream for one in told.mine} <= set(CLOSED)


def test_small_numbers_are_hidden_and_five_is_told(organisation: Organisation) -> None:
    assert [(one.act, one.matters) for one in tell(organisation, SECRETARY).barred] == [("matter.accepted", None)]
    every = tell(organisation, SECRETARY, CHAIR_ACCEPTS)
    assert [(one.act, one.matters) for one in every.barred] == [("matter.accepted", 5)]


def test_what_came_out_survives_being_kept(organisation: Organisation) -> None:
    for one in replay(organisation, STRICT).values():
        assert read_replayed(msgspec.json.decode(msgspec.json.encode(describe_replayed(one)))) == one
    refused = Replayed(CLOSED[0], (), (RefusedAct(1, "matter.closed", "c", "1", "r"),))
    assert read_replayed(describe_replayed(refused)) == refused
