"""First reports on paper: both entries stand or neither, who may enter one, and whose name stays closed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from alteram.core.acts import (
    CaseManagerAssigned,
    MatterAccepted,
    PaperConfirmed,
    PaperEntered,
    PaperReportEntered,
    PartyJoined,
    ReportLodged,
    ResponseGiven,
)
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.core.kernel.outcomes import Refused
from alteram.core.vault.phrases import derive_pseudonym, derive_sign_in, parse_phrase
from alteram.operations.entries import enter
from alteram.operations.lodging import find_reported
from alteram.operations.organisation import Organisation
from alteram.operations.paper import PaperError, enter_paper, find_paper, find_shown_paper
from alteram.operations.paper_reports import ReportedOnPaper, enter_paper_report, may_enter_reports, name_matter
from alteram.operations.perform import perform, perform_many
from alteram.operations.questions import UnknownMatterError, get_facts
from alteram.operations.recording import Proposal
from tests.worlds import (
    CHAIR,
    COMPLAINANT,
    CUSTODIAN,
    M1,
    MANAGER,
    MEMBER,
    OUTSIDER,
    RESPONDENT,
    SECRETARY,
    START,
    found_small_body,
    open_world,
)


@pytest.fixture
def organisation(tmp_path: Path) -> Iterator[Organisation]:
    """An organisation without a matter."""
    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation)
        yield organisation


def report(**changes: Any) -> ReportLodged:
    return ReportLodged(**{"identity": "protected", "about": "person", "text": "So it was.", **changes})


def paper(**changes: Any) -> PaperReportEntered:
    return PaperReportEntered(**{"report": 0, "digest": "ab" * 32, "received_at": START, **changes})


def enter_report(
    organisation: Organisation, by: PersonId = CUSTODIAN, act: ReportLodged | None = None, **changes: Any
) -> ReportedOnPaper:
    reporter = changes.pop("reporter", None)
    return enter_paper_report(organisation, M1, act or report(), paper(**changes), by, reporter=reporter)


def code(done: ReportedOnPaper) -> str:
    assert isinstance(done.performed.ruling, Refused), done.performed.ruling
    return done.performed.ruling.code


@pytest.mark.parametrize("by", [SECRETARY, CUSTODIAN])
def test_report_and_who_entered_it_follow_one_another(organisation: Organisation, by: PersonId) -> None:
    done = enter_report(organisation, by, reporter=MEMBER)
    assert done.performed.seq == 1
    assert done.phrase == ""
    matter = get_facts(organisation, M1).matter
    (lodged,), (entered,) = matter.all(ReportLodged), matter.all(PaperReportEntered)
    assert (lodged.actor, lodged.live, entered.actor) == (MEMBER, True, by)
    assert find_reported(organisation, MEMBER) == (M1,)


def test_who_has_no_account_is_known_by_the_phrase_that_is_printed(organisation: Organisation) -> None:
    done = enter_report(organisation, act=report(identity="anonymous"))
    name = str(organisation.ports.organisation)
    assert derive_pseudonym(derive_sign_in(parse_phrase(done.phrase), name), name) == done.reporter
    assert find_reported(organisation, done.reporter) == (M1,)
    assert enter_report(organisation).performed.seq is None


def test_who_reports_without_a_name_is_not_named(organisation: Organisation) -> None:
    with pytest.raises(PaperError):
        enter_report(organisation, act=report(identity="anonymous"), reporter=MEMBER)


@pytest.mark.parametrize("by", [CHAIR, MANAGER, MEMBER, OUTSIDER])
def test_who_holds_no_office_for_it_enters_none(organisation: Organisation, by: PersonId) -> None:
    assert not may_enter_reports(organisation, by)
    with pytest.raises(UnknownMatterError):
        enter_report(organisation, by)
    assert organisation.facts(M1, fresh=True).matter.head_seq == -1


@pytest.mark.parametrize(
    ("act", "changes", "told"),
    [
        (report(), {"reporter": CUSTODIAN}, "paper.own"),
        (report(people=(CUSTODIAN,)), {}, "paper.own"),
        (report(), {"received_at": START + timedelta(seconds=1)}, "paper.later"),
    ],
)
def test_report_that_may_not_be_entered_leaves_nothing_behind(
    organisation: Organisation, act: ReportLodged, changes: dict[str, Any], told: str
) -> None:
    assert code(enter_report(organisation, act=act, **changes)) == told
    assert organisation.facts(M1, fresh=True).matter.head_seq == -1


def test_report_that_came_otherwise_is_not_said_to_be_from_paper_afterwards(organisation: Organisation) -> None:
    assert perform(organisation, M1, report(), MEMBER)
    alone = perform(organisation, M1, paper(), CUSTODIAN)
    assert isinstance(alone.ruling, Refused)
    assert alone.ruling.code == "paper.alone"
    late = Proposal(M1, paper(), CUSTODIAN, from_paper=True)
    later = organisation.ports.clock() + timedelta(seconds=1)
    (done,) = perform_many(organisation, [late], now=later)
    assert isinstance(done.ruling, Refused)
    assert done.ruling.code == "paper.not-together"


def test_each_new_matter_has_a_name_of_its_own(organisation: Organisation) -> None:
    names = {name_matter(organisation, START) for _ in range(20)}
    assert len(names) == 20
    assert all(one.startswith("2026-") and StreamId(one) for one in names)


def test_reporter_confirms_and_nobody_else_learns_whose_paper_it_is(organisation: Organisation) -> None:
    enter_report(organisation, reporter=MEMBER)
    assert perform(organisation, M1, CaseManagerAssigned(person=MANAGER), CUSTODIAN)
    accepted = MatterAccepted(procedure="conduct", complainant=COMPLAINANT, respondent=RESPONDENT)
    assert perform(organisation, M1, accepted, MANAGER)
    assert perform(organisation, M1, PaperConfirmed(paper=1), MEMBER)
    (shown,) = find_paper(organisation, M1, CUSTODIAN).entered
    assert (shown.person, shown.what, shown.act, shown.is_confirmed) == (MEMBER, "report.lodged", 0, True)
    for viewer in (COMPLAINANT, RESPONDENT, CHAIR):
        assert find_paper(organisation, M1, viewer).entered == ()
        assert find_shown_paper(enter(organisation, M1, viewer), 0) is None
    assert find_shown_paper(enter(organisation, M1, MEMBER), 0) is not None


def test_paper_that_a_protected_person_saw_is_not_shown_to_who_may_not_know_them(organisation: Organisation) -> None:
    assert perform(organisation, M1, report(identity="named"), COMPLAINANT)
    assert perform(organisation, M1, CaseManagerAssigned(person=MANAGER), CUSTODIAN)
    accepted = MatterAccepted(procedure="conduct", complainant=COMPLAINANT, respondent=RESPONDENT)
    assert perform(organisation, M1, accepted, MANAGER)
    assert perform(organisation, M1, PartyJoined(person=MEMBER, role="witness", protected=True), MANAGER)
    entered = PaperEntered(
        person=RESPONDENT, what="response.given", digest="ab" * 32, received_at=START, witness=MEMBER
    )
    assert enter_paper(organisation, M1, entered, ResponseGiven(stance="deny", text="No."), MANAGER)
    assert len(find_paper(organisation, M1, CUSTODIAN).entered) == 1
    assert find_paper(organisation, M1, COMPLAINANT).entered == ()
