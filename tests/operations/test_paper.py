"""A paper and the act it does: both stand or neither; who may enter it; nothing is given up without a second person."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from alteram.core.acts import PaperEntered, ReporterAnswered, ReportWithdrawn, ResponseGiven, RightWaived
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.operations.organisation import Organisation
from alteram.operations.paper import PaperError, enter_paper, find_paper
from alteram.operations.perform import Performed, perform
from alteram.operations.questions import UnknownMatterError, get_facts
from tests.worlds import (
    COMPLAINANT,
    M1,
    MANAGER,
    MEMBER,
    OUTSIDER,
    RESPONDENT,
    SECRETARY,
    START,
    begin_matter,
    found_small_body,
    open_world,
)

ANSWER = ResponseGiven(stance="deny", text="It was not so.")
WAIVER = RightWaived(right="hearing")


@pytest.fixture
def organisation(tmp_path: Path) -> Iterator[Organisation]:
    """A matter with a complainant, a respondent and a case manager."""
    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation)
        begin_matter(organisation)
        yield organisation


def paper(what: str = "response.given", **changes: Any) -> PaperEntered:
    given = {"person": RESPONDENT, "what": what, "digest": "ab" * 32, "received_at": START, **changes}
    return PaperEntered(**given)


def enter(organisation: Organisation, by: PersonId, act: Act = ANSWER, **changes: Any) -> Performed:
    what = {ANSWER: "response.given", WAIVER: "right.waived"}.get(act, "response.given")
    return enter_paper(organisation, M1, paper(**{"what": what, **changes}), act, by)


def code(done: Performed) -> str:
    assert isinstance(done.ruling, Refused), done.ruling
    return done.ruling.code


def test_paper_and_the_act_of_the_party_follow_one_another(organisation: Organisation) -> None:
    done = enter(organisation, MANAGER, witness=SECRETARY)
    matter = get_facts(organisation, M1).matter
    assert done.seq == matter.head_seq
    (entered,), (answer,) = matter.all(PaperEntered), matter.all(ResponseGiven)
    assert (entered.seq + 1, answer.seq) == (answer.seq, done.seq)
    assert (entered.actor, answer.actor, answer.live) == (MANAGER, RESPONDENT, True)


def test_act_that_the_rules_refuse_leaves_no_paper_behind(organisation: Organisation) -> None:
    before = get_facts(organisation, M1).matter.head_seq
    withdrawal = ReportWithdrawn(report=0)
    done = enter_paper(organisation, M1, paper("report.withdrawn", witness=SECRETARY), withdrawal, MANAGER)
    assert isinstance(done.ruling, Refused)
    assert get_facts(organisation, M1).matter.head_seq == before


@pytest.mark.parametrize(
    ("by", "changes", "told"),
    [
        (RESPONDENT, {}, "paper.own"),
        (COMPLAINANT, {}, "paper.own"),
        (MANAGER, {"person": MANAGER}, "paper.own"),
        (MANAGER, {"person": MEMBER}, "paper.no-party"),
        (MANAGER, {"received_at": START + timedelta(seconds=1)}, "paper.later"),
        (MEMBER, {}, "act.not-yours"),
        (OUTSIDER, {}, "matter.unknown"),
    ],
)
def test_paper_in_the_wrong_hand_is_refused(
    organisation: Organisation, by: PersonId, changes: dict[str, Any], told: str
) -> None:
    assert code(enter(organisation, by, **changes)) == told
    assert get_facts(organisation, M1).matter.all(PaperEntered, ResponseGiven) == ()


@pytest.mark.parametrize("witness", [None, MANAGER, RESPONDENT, COMPLAINANT])
def test_nothing_is_given_up_without_somebody_else_who_saw_the_paper(
    organisation: Organisation, witness: PersonId | None
) -> None:
    assert code(enter(organisation, MANAGER, WAIVER, witness=witness)) == "paper.witness"


def test_waiver_that_a_second_person_saw_is_recorded(organisation: Organisation) -> None:
    assert enter(organisation, MANAGER, WAIVER, witness=SECRETARY)


@pytest.mark.parametrize(
    "what", ["notice.served", "paper.entered", "member.joined", "nothing.known", "response.given/1"]
)
def test_paper_does_nothing_that_the_person_could_not_do(organisation: Organisation, what: str) -> None:
    ruled = perform(organisation, M1, paper(what), MANAGER)
    assert code(ruled) == "paper.not-theirs"


def test_paper_that_does_another_act_than_it_says_is_an_error(organisation: Organisation) -> None:
    with pytest.raises(PaperError):
        enter_paper(organisation, M1, paper("reporter.answered"), ANSWER, MANAGER)


def test_paper_that_no_act_follows_is_told_from_one_that_did_something(organisation: Organisation) -> None:
    assert perform(organisation, M1, paper(), MANAGER)
    assert enter(organisation, MANAGER)
    assert [one.is_followed for one in find_paper(organisation, M1, RESPONDENT).entered] == [False, True]


def test_who_may_not_enter_paper_still_finds_forms_to_print(organisation: Organisation) -> None:
    desk = find_paper(organisation, M1, RESPONDENT)
    assert "response.given" in {one.spec.name for one in desk.forms}
    assert "notice.served" not in {one.spec.name for one in desk.forms}
    assert not desk.may_enter
    assert find_paper(organisation, M1, MANAGER).may_enter


@pytest.mark.parametrize("stream", [M1, StreamId("nowhere")])
def test_paper_in_a_matter_that_is_not_open_is_unknown(organisation: Organisation, stream: StreamId) -> None:
    with pytest.raises(UnknownMatterError):
        find_paper(organisation, stream, OUTSIDER)


def test_answer_of_somebody_else_on_paper_is_ruled_on_as_theirs(organisation: Organisation) -> None:
    act = ReporterAnswered(question=0, text="Yes.")
    done = enter_paper(organisation, M1, paper("reporter.answered", person=RESPONDENT), act, MANAGER)
    assert code(done) == "paper.not-theirs"
