"""Requests for protected names: who may ask, who answers, which second key counts, and what asking gives away."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from alteram.core.acts import (
    CaseManagerAssigned,
    CommandRecorded,
    CorrectionMade,
    IdentityAsked,
    IdentityRefused,
    IdentityReleased,
    PartyJoined,
    ReportLodged,
    SecondKeyAsked,
    SecondKeyGiven,
    SecondKeyRefused,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.rules.rulebook import SecondKeyRule
from alteram.operations.identities import find_identities
from alteram.operations.organisation import Organisation
from alteram.operations.perform import Performed, perform, rule_on
from alteram.operations.questions import UnknownMatterError, get_facts
from tests.worlds import (
    CHAIR,
    CUSTODIAN,
    M1,
    MANAGER,
    MEMBER,
    MEMBERS,
    OUTSIDER,
    RESPONDENT,
    RULES,
    SECRETARY,
    found_small_body,
    open_world,
)

#: Who told, protected; another whose part is protected; and somebody with no part at all.
TELLER, WITNESS, REPORT = PersonId("teller"), PersonId("witness"), 0
TWO_KEYS = msgspec.structs.replace(
    RULES, second_key=(SecondKeyRule(act="identity.released", by=("chair",), clause="1"),)
)


def begin(organisation: Organisation) -> None:
    steps: list[tuple[PersonId, Act]] = [
        (TELLER, ReportLodged(identity="protected", about="person", text="What happened.", people=(RESPONDENT,))),
        (CUSTODIAN, CaseManagerAssigned(person=MANAGER)),
        (MANAGER, PartyJoined(person=RESPONDENT, role="respondent")),
        (MANAGER, PartyJoined(person=WITNESS, role="witness", protected=True)),
    ]
    for who, act in steps:
        assert perform(organisation, M1, act, who)


@pytest.fixture
def organisation(tmp_path: Path) -> Iterator[Organisation]:
    """A matter told by somebody protected, under rules that ask for no second key."""
    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation)
        begin(organisation)
        yield organisation


@pytest.fixture
def two_keys(tmp_path: Path) -> Iterator[Organisation]:
    """The same, where nobody releases a name alone: the chair holds the second key."""
    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation, rules=TWO_KEYS)
        begin(organisation)
        yield organisation


def ask(organisation: Organisation, by: PersonId = RESPONDENT, **changes: Any) -> Performed:
    given = {"entry": REPORT, "ground": "defence", "reasons": "I cannot answer without knowing.", **changes}
    return perform(organisation, M1, IdentityAsked(**given), by)


def seq_of(done: Performed) -> int:
    assert done.seq is not None, done.ruling
    return done.seq


def release(organisation: Organisation, request: int | None, by: PersonId = CUSTODIAN, **changes: Any) -> Performed:
    given = {"person": TELLER, "to": (RESPONDENT,), "basis": "legal-duty", "reasons": "The law.", "request": request}
    return perform(organisation, M1, IdentityReleased(**{**given, **changes}), by)


def code(done: Performed) -> str:
    assert isinstance(done.ruling, Refused), done.ruling
    return done.ruling.code


def test_name_that_was_asked_for_is_released_to_who_asked_and_the_request_is_answered(
    organisation: Organisation,
) -> None:
    request = seq_of(ask(organisation))
    assert release(organisation, request)
    assert code(release(organisation, request)) == "identity.answered"
    refused = IdentityRefused(request=request, to=RESPONDENT, reasons="No.")
    assert code(perform(organisation, M1, refused, CUSTODIAN)) == "identity.answered"


@pytest.mark.parametrize("request_seq", [None, 1])
def test_nothing_is_released_unasked(organisation: Organisation, request_seq: int | None) -> None:
    done = release(organisation, request_seq)
    assert code(done) == ("identity.unasked" if request_seq is None else "reference.unknown")


def test_request_that_was_taken_back_is_none(organisation: Organisation) -> None:
    request = seq_of(ask(organisation))
    assert perform(organisation, M1, CorrectionMade(entry=request, reasons="No longer needed."), RESPONDENT)
    assert code(release(organisation, request)) == "identity.unasked"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"person": WITNESS}, "identity.another"),
        ({"to": (RESPONDENT, MEMBER)}, "identity.to-others"),
        ({"to": (MEMBER,)}, "identity.to-others"),
        ({"to": ()}, "identity.to-others"),
    ],
)
def test_release_gives_away_neither_another_name_nor_to_others(
    organisation: Organisation, changes: dict[str, Any], told: str
) -> None:
    request = seq_of(ask(organisation))
    assert code(release(organisation, request, **changes)) == told


@pytest.mark.parametrize("by", [MEMBER, TELLER, WITNESS])
def test_who_has_no_need_of_a_name_cannot_ask(organisation: Organisation, by: PersonId) -> None:
    assert code(ask(organisation, by)) == "act.not-yours"


def test_stranger_who_asks_learns_nothing(organisation: Organisation) -> None:
    assert code(ask(organisation, OUTSIDER)) == "matter.unknown"


@pytest.mark.parametrize("others", [(MEMBER,), (TELLER,), (RESPONDENT, TELLER)])
def test_party_asks_for_themselves_only_and_learns_of_nobody_by_asking(
    organisation: Organisation, others: tuple[PersonId, ...]
) -> None:
    assert code(ask(organisation, needed_by=others)) == "identity.for-others"


def test_case_manager_asks_for_others_and_the_name_goes_to_them(organisation: Organisation) -> None:
    request = seq_of(ask(organisation, MANAGER, needed_by=(CHAIR,)))
    assert code(release(organisation, request, to=(MANAGER,))) == "identity.to-others"
    assert release(organisation, request, to=(CHAIR,))


@pytest.mark.parametrize("entry", [1, 2])
def test_asking_about_an_entry_that_hides_nobody_is_recorded_like_any_other(
    organisation: Organisation, entry: int
) -> None:
    """A refusal would say which entries hide somebody."""
    assert ask(organisation, entry=entry)


def test_same_is_not_asked_twice_before_it_is_answered(organisation: Organisation) -> None:
    request = seq_of(ask(organisation))
    assert code(ask(organisation)) == "identity.asked-already"
    assert ask(organisation, entry=3)
    refused = IdentityRefused(request=request, to=RESPONDENT, reasons="The particulars are enough.")
    assert perform(organisation, M1, refused, CUSTODIAN)
    assert ask(organisation)


@pytest.mark.parametrize("by", [RESPONDENT, MANAGER, MEMBER])
def test_only_the_custodian_answers_and_nobody_else_learns_whose_name_it_is(
    organisation: Organisation, by: PersonId
) -> None:
    request = seq_of(ask(organisation))
    told = {
        repr(rule_on(organisation, M1, build, by))
        for person in (TELLER, WITNESS, MEMBER)
        for build in [IdentityReleased(person=person, to=(RESPONDENT,), basis="consent", request=request)]
    }
    assert len(told) == 1
    assert "act.not-yours" in told.pop()


def test_nobody_answers_their_own_request(organisation: Organisation) -> None:
    request = seq_of(ask(organisation, MANAGER, needed_by=(CUSTODIAN,)))
    assert code(release(organisation, request, to=(CUSTODIAN,))) == "identity.own"
    refused = IdentityRefused(request=request, to=MANAGER, reasons="No.")
    assert code(perform(organisation, M1, refused, CUSTODIAN)) == "identity.own"


def test_refusal_goes_to_who_asked_with_its_reasons(organisation: Organisation) -> None:
    request = seq_of(ask(organisation))
    astray = IdentityRefused(request=request, to=MEMBER, reasons="No.")
    assert code(perform(organisation, M1, astray, CUSTODIAN)) == "identity.not-asker"
    assert perform(organisation, M1, IdentityRefused(request=request, to=RESPONDENT, reasons="Not needed."), CUSTODIAN)
    (mine,) = find_identities(organisation, M1, RESPONDENT).requests
    assert mine.answer is not None
    assert mine.answer.text == "Not needed."


def give(organisation: Organisation, about: int | None, by: PersonId = CHAIR) -> Performed:
    return perform(organisation, M1, SecondKeyGiven(to_act="identity.released", about=about), by)


def test_where_two_keys_are_asked_for_nobody_releases_alone(two_keys: Organisation) -> None:
    request = seq_of(ask(two_keys))
    assert code(release(two_keys, request)) == "identity.second-key"
    assert give(two_keys, request)
    assert release(two_keys, request)


def test_second_key_is_to_one_request_only(two_keys: Organisation) -> None:
    first, second = seq_of(ask(two_keys)), seq_of(ask(two_keys, entry=3))
    assert code(give(two_keys, None)) == "identity.no-request"
    assert give(two_keys, first)
    assert code(release(two_keys, second, person=WITNESS)) == "identity.second-key"


@pytest.mark.parametrize("by", [SECRETARY, CUSTODIAN])
def test_second_key_of_who_does_not_hold_one_is_refused(two_keys: Organisation, by: PersonId) -> None:
    assert code(give(two_keys, seq_of(ask(two_keys)), by)) == "identity.key-holder"


def test_who_asks_gives_themselves_no_second_key(two_keys: Organisation) -> None:
    request = seq_of(ask(two_keys, CHAIR))
    assert code(give(two_keys, request)) == "identity.key-holder"
    assert code(release(two_keys, request, to=(CHAIR,))) == "identity.second-key"


@pytest.mark.parametrize(("superior", "below"), [(RESPONDENT, CHAIR), (CHAIR, RESPONDENT)])
def test_second_key_from_the_line_of_who_asks_does_not_count(
    two_keys: Organisation, superior: PersonId, below: PersonId
) -> None:
    commanded = CommandRecorded(superior=superior, people=(below,))
    assert perform(two_keys, ORGANISATION_STREAM, commanded, SECRETARY)
    request = seq_of(ask(two_keys))
    assert code(give(two_keys, request)) == "identity.key-holder"
    assert code(release(two_keys, request)) == "identity.second-key"


def test_key_holder_who_then_refuses_has_not_agreed(two_keys: Organisation) -> None:
    request = seq_of(ask(two_keys))
    assert give(two_keys, request)
    assert perform(two_keys, M1, SecondKeyRefused(to_act="identity.released", about=request, reasons="No."), CHAIR)
    assert code(release(two_keys, request)) == "identity.second-key"


def test_custodian_sees_each_request_with_its_reasons_and_what_each_key_holder_said(two_keys: Organisation) -> None:
    request = seq_of(ask(two_keys))
    asked = SecondKeyAsked(to=CHAIR, to_act="identity.released", about=request, text="A party needs a name.")
    assert perform(two_keys, M1, asked, CUSTODIAN)
    (one,) = find_identities(two_keys, M1, CUSTODIAN).requests
    assert (one.asker, one.reasons, one.borne) == (RESPONDENT, "I cannot answer without knowing.", (TELLER,))
    assert [(key.person, key.said, key.was_asked) for key in one.keys] == [(CHAIR, "", True)]
    assert give(two_keys, request)
    (one,) = find_identities(two_keys, M1, CUSTODIAN).requests
    assert [(key.person, key.said) for key in one.keys] == [(CHAIR, "given")]
    assert one.may_answer
    assert one.may_release


def test_key_holder_sees_what_they_were_asked_and_not_the_reasons(two_keys: Organisation) -> None:
    request = seq_of(ask(two_keys))
    assert find_identities(two_keys, M1, CHAIR).requests == ()
    asked = SecondKeyAsked(to=CHAIR, to_act="identity.released", about=request, text="A party needs a name.")
    assert perform(two_keys, M1, asked, CUSTODIAN)
    (one,) = find_identities(two_keys, M1, CHAIR).requests
    assert (one.reasons, one.borne, one.gist, one.may_key) == ("", (), "A party needs a name.", True)


def test_who_asks_sees_their_own_request_and_nothing_of_what_is_behind_it(two_keys: Organisation) -> None:
    seq_of(ask(two_keys, MANAGER, needed_by=(SECRETARY,)))
    own = seq_of(ask(two_keys))
    (one,) = find_identities(two_keys, M1, RESPONDENT).requests
    assert one.seq == own
    assert (one.borne, one.keys, one.may_answer, one.may_key) == ((), (), False, False)
    assert TELLER not in repr(one)


@pytest.mark.parametrize("viewer", [WITNESS, SECRETARY])
def test_who_neither_asked_nor_answers_sees_no_request(two_keys: Organisation, viewer: PersonId) -> None:
    ask(two_keys)
    assert find_identities(two_keys, M1, viewer).requests == ()


@pytest.mark.parametrize("viewer", [OUTSIDER, MEMBER])
def test_stranger_finds_no_matter(organisation: Organisation, viewer: PersonId) -> None:
    with pytest.raises(UnknownMatterError):
        find_identities(organisation, M1, viewer)


def test_release_of_former_times_answers_no_request_and_is_read_as_ever(organisation: Organisation) -> None:
    assert IdentityReleased(person=TELLER, to=(CHAIR,), basis="consent").request is None
    assert ask(organisation)
    (one,) = find_identities(organisation, M1, CUSTODIAN).requests
    assert one.answer is None
    assert get_facts(organisation, M1).matter.all(IdentityReleased) == ()
    assert TELLER not in MEMBERS
