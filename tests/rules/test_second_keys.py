"""What the caucus lets nobody do alone to the organisation: another officer agrees to just that act, and once.

m02 is the senior whip, who keeps the roll; m09 the chair, m10 the custodian, m11 the scrutineer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from alteram.adapters.rulebooks import load_rulebook
from alteram.core.acts import (
    BodyConstituted,
    CommandRecorded,
    MemberJoined,
    MemberLeft,
    MemberSuspended,
    OfficeFilled,
    OfficeVacated,
    OrganisationActAgreed,
    PackAdopted,
    RulebookAdopted,
    RulebookAmended,
    get_spec,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused, Ruling
from alteram.core.matters import Facts, build_live_event
from alteram.core.matters.stream_facts import StreamFacts
from alteram.core.rules import build_digest, decide, encode_rulebook
from alteram.core.rules.rulebook import Rulebook, parse_canonical_rulebook
from alteram.core.rules.second_keys import MAY_NEED_TWO
from tests.rules.lawful import RULEBOOK, before

OLD, NEW = "a" * 64, "b" * 64


def person(name: str) -> PersonId:
    return PersonId(name)


@dataclass
class Roll:
    """The caucus's own stream, to go on with."""

    stream: StreamFacts
    now: datetime
    rulebook: Rulebook = RULEBOOK

    def propose(self, by: str, act: Act) -> Ruling:
        event = build_live_event(act, seq=self.stream.head_seq + 1, actor=person(by), at=self.now)
        ruling = decide(Facts(self.stream, self.stream), self.rulebook, event, self.now)
        if ruling:
            self.stream = self.stream.with_event(event)
        return ruling


@pytest.fixture
def roll() -> Roll:
    play = before("meeting.called")
    return Roll(play.facts.organisation, play.now)


def code(ruling: Ruling) -> str:
    assert isinstance(ruling, Refused), ruling
    return ruling.code


#: Each act that takes two, with the agreement to it.
ACTS: list[tuple[Act, OrganisationActAgreed]] = [
    (act, OrganisationActAgreed(to_act=get_spec(type(act)).name, **about))
    for act, about in (
        (MemberJoined(people=(person("n1"), person("n2"))), {"people": (person("n2"), person("n1"))}),
        (MemberLeft(person=person("m05"), why="expelled"), {"person": person("m05")}),
        (MemberLeft(person=person("m05"), why="lapsed"), {"person": person("m05")}),
        (MemberSuspended(person=person("m05")), {"person": person("m05")}),
        (
            MemberSuspended(person=person("m05"), matter=StreamId("m1"), instrument=7),
            {"person": person("m05"), "matter": StreamId("m1")},
        ),
        (OfficeFilled(office="chair", person=person("m30")), {"office": "chair", "person": person("m30")}),
        (OfficeVacated(office="chair", person=person("m09")), {"office": "chair", "person": person("m09")}),
        (
            BodyConstituted(body="appeal-panel", members=(person("x09"),)),
            {"body": "appeal-panel", "people": (person("x09"),)},
        ),
        (
            CommandRecorded(superior=person("m01"), people=(person("m09"),)),
            {"person": person("m01"), "people": (person("m09"),)},
        ),
        (RulebookAdopted(rulebook="caucus", version="2", digest=NEW), {"digest": NEW}),
        (RulebookAmended(rulebook="caucus", version="2", digest=NEW, replaces=OLD), {"digest": NEW}),
        (PackAdopted(pack="standard", version="2", digest=NEW), {"digest": NEW}),
    )
]
_ACTS = pytest.mark.parametrize(("act", "agreement"), ACTS, ids=lambda one: get_spec(type(one)).name)


def test_every_act_that_may_need_two_is_tried_here() -> None:
    assert {get_spec(type(act)).name for act, _ in ACTS} == set(MAY_NEED_TWO)


@_ACTS
def test_secretary_does_not_do_it_alone(roll: Roll, act: Act, agreement: OrganisationActAgreed) -> None:
    assert code(roll.propose("m02", act)) == "second-key.missing"
    assert roll.propose("m02", agreement)
    assert code(roll.propose("m02", act)) == "second-key.missing"


@_ACTS
def test_secretary_does_it_once_another_officer_agreed(roll: Roll, act: Act, agreement: OrganisationActAgreed) -> None:
    assert roll.propose("m10", agreement)
    assert roll.propose("m02", act)


@_ACTS
def test_agreement_counts_once(roll: Roll, act: Act, agreement: OrganisationActAgreed) -> None:
    assert roll.propose("m10", agreement)
    assert roll.propose("m02", act)
    assert code(roll.propose("m02", act)) == "second-key.missing"


@_ACTS
def test_agreement_of_a_member_without_office_does_not_count(
    roll: Roll, act: Act, agreement: OrganisationActAgreed
) -> None:
    assert roll.propose("m04", agreement)
    assert code(roll.propose("m02", act)) == "second-key.missing"


@_ACTS
def test_agreement_to_the_same_act_on_something_else_does_not_count(
    roll: Roll, act: Act, agreement: OrganisationActAgreed
) -> None:
    for name, value in (("person", person("m06")), ("people", (person("m06"),)), ("office", "leader"), ("digest", OLD)):
        assert roll.propose("m10", msgspec.structs.replace(agreement, **{name: value}))
    assert roll.propose("m10", msgspec.structs.replace(agreement, matter=StreamId("m9")))
    assert roll.propose("m10", msgspec.structs.replace(agreement, to_act="key.enrolled"))
    assert code(roll.propose("m02", act)) == "second-key.missing"


def test_refusal_says_who_may_agree_under_which_clause(roll: Roll) -> None:
    ruling = roll.propose("m02", MemberSuspended(person=person("m05")))
    assert isinstance(ruling, Refused)
    assert ruling.clause == "10.3"
    assert ruling.missing == ("organisation-act.agreed",)
    assert dict(ruling.facts)["who may agree"] == ("chair", "custodian", "scrutineer")


def test_agreement_does_not_let_a_member_do_the_secretarys_act(roll: Roll) -> None:
    assert roll.propose("m10", OrganisationActAgreed(to_act="member.suspended", person=person("m05")))
    assert code(roll.propose("m04", MemberSuspended(person=person("m05")))) == "act.not-yours"


def test_stranger_does_not_agree(roll: Roll) -> None:
    agreement = OrganisationActAgreed(to_act="member.suspended", person=person("m05"))
    assert code(roll.propose("z99", agreement)) == "act.not-yours"


def test_nobody_agrees_to_their_own_office(roll: Roll) -> None:
    assert roll.propose("m10", OrganisationActAgreed(to_act="office.filled", office="chair", person=person("m10")))
    filled = OfficeFilled(office="chair", person=person("m10"))
    assert code(roll.propose("m02", filled)) == "second-key.missing"
    assert roll.propose("m11", OrganisationActAgreed(to_act="office.filled", office="chair", person=person("m10")))
    assert roll.propose("m02", filled)


def test_officer_who_was_replaced_agrees_to_nothing_more(roll: Roll) -> None:
    assert roll.propose("m10", OrganisationActAgreed(to_act="member.suspended", person=person("m05")))
    assert roll.propose("m09", OrganisationActAgreed(to_act="office.filled", office="custodian", person=person("m30")))
    assert roll.propose("m02", OfficeFilled(office="custodian", person=person("m30")))
    assert code(roll.propose("m02", MemberSuspended(person=person("m05")))) == "second-key.missing"


def test_office_without_a_part_is_filled_by_one_person(roll: Roll) -> None:
    assert roll.propose("m02", OfficeFilled(office="leader", person=person("m30")))
    assert roll.propose("m02", OfficeVacated(office="leader", person=person("m30")))


@pytest.mark.parametrize(
    ("act", "about"),
    [
        (OfficeVacated(office="chair", person=person("m09")), {"office": "chair", "person": person("m09")}),
        (MemberLeft(person=person("m05"), why="resigned"), {"person": person("m05")}),
    ],
)
def test_whoever_leaves_agrees_for_themselves(
    roll: Roll, act: OfficeVacated | MemberLeft, about: dict[str, Any]
) -> None:
    assert code(roll.propose("m02", act)) == "second-key.missing"
    assert roll.propose(act.person, OrganisationActAgreed(to_act=get_spec(type(act)).name, **about))
    assert roll.propose("m02", act)


def test_agreement_to_leave_is_none_to_be_expelled(roll: Roll) -> None:
    assert roll.propose("m05", OrganisationActAgreed(to_act="member.left", person=person("m05")))
    assert code(roll.propose("m02", MemberLeft(person=person("m05"), why="expelled"))) == "second-key.missing"


def test_secretary_who_leaves_needs_nobody(roll: Roll) -> None:
    assert roll.propose("m02", OfficeVacated(office="senior-whip", person=person("m02")))


def test_first_officers_are_filled_by_the_founder_alone(roll: Roll) -> None:
    empty = Roll(StreamFacts.empty(roll.stream.stream), roll.now - timedelta(days=900))
    for event in roll.stream.every():
        if not isinstance(event.act, OfficeFilled) or event.act.office == "senior-whip":
            moved = build_live_event(event.act, seq=empty.stream.head_seq + 1, actor=event.actor, at=empty.now)
            empty.stream = empty.stream.with_event(moved)
    assert empty.propose("m02", OfficeFilled(office="chair", person=person("m09")))
    assert code(empty.propose("m02", OfficeFilled(office="custodian", person=person("m10")))) == "second-key.missing"
    agreement = OrganisationActAgreed(to_act="office.filled", office="custodian", person=person("m10"))
    assert empty.propose("m09", agreement)
    assert empty.propose("m02", OfficeFilled(office="custodian", person=person("m10")))


@_ACTS
def test_club_whose_rules_ask_for_nobody_lets_the_secretary_do_it(
    roll: Roll, act: Act, agreement: OrganisationActAgreed
) -> None:
    roll.rulebook = msgspec.structs.replace(RULEBOOK, second_key=msgspec.UNSET)
    assert roll.propose("m02", act)
    assert get_spec(type(act)).name == agreement.to_act


@pytest.mark.parametrize(
    "act", [MemberLeft(person=person("m05"), why="expelled"), MemberSuspended(person=person("m05"))]
)
def test_instrument_is_named_with_its_matter(roll: Roll, act: MemberLeft | MemberSuspended) -> None:
    roll.rulebook = msgspec.structs.replace(RULEBOOK, second_key=msgspec.UNSET)
    without = msgspec.structs.replace(act, instrument=7)
    assert code(roll.propose("m02", without)) == "roll.no-matter"
    assert roll.propose("m02", msgspec.structs.replace(without, matter=StreamId("m1")))
    assert roll.propose("m02", msgspec.structs.replace(act, matter=StreamId("m1")))


def test_rulebook_without_second_keys_keeps_the_spelling_it_always_had() -> None:
    club = load_rulebook("small-club")
    assert b"second_key" not in encode_rulebook(club)
    assert parse_canonical_rulebook(encode_rulebook(club)) == club
    assert b"second_key" in encode_rulebook(RULEBOOK)
    assert parse_canonical_rulebook(encode_rulebook(RULEBOOK)) == RULEBOOK
    assert build_digest(encode_rulebook(club)) != build_digest(encode_rulebook(RULEBOOK))
