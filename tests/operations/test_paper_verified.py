"""What was read from paper is told apart by both verifiers, and nothing else is taken for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from alteram.core.acts import PaperEntered, PaperReportEntered, ReportLodged, ResponseGiven
from alteram.core.kernel.canonical import Json
from alteram.core.record.papers import are_paper_and_act
from alteram.operations.keys import bring_up_to_date
from alteram.operations.organisation import Organisation
from alteram.operations.paper import enter_paper
from alteram.operations.paper_reports import enter_paper_report
from alteram.operations.perform import perform
from conformance.papers import tell_paper
from conformance.verify_export import verify as verify_second
from tests.worlds import (
    CUSTODIAN,
    M1,
    M2,
    MANAGER,
    MEMBER,
    RESPONDENT,
    START,
    World,
    begin_matter,
    export,
    found_small_body,
    open_world,
    verify,
)

ANSWER = ResponseGiven(stance="deny", text="It was not so.")
PAPER: dict[str, Json] = {
    "act": "paper.entered/1",
    "act.person": "respondent",
    "act.what": "response.given",
    "actor": "manager",
    "at": "2026-03-02T09:00:00Z",
    "seq": 3,
}
ACT: dict[str, Json] = {"act": "response.given/1", "actor": "respondent", "at": "2026-03-02T09:00:00Z", "seq": 4}
REPORT: dict[str, Json] = {"act": "report.lodged/1", "actor": "member", "at": "2026-03-02T09:00:00Z", "seq": 0}
ENTERED: dict[str, Json] = {**PAPER, "act": "paper-report.entered/1", "act.report": 0, "seq": 1}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Places on a database."""
    with open_world("sqlite", tmp_path) as world:
        yield world


@pytest.fixture
def organisation(world: World) -> Organisation:
    """A matter with a respondent, and an organisation that takes reports."""
    organisation = world.open()
    found_small_body(organisation)
    begin_matter(organisation)
    return organisation


def count(world: World, organisation: Organisation, stream: str) -> tuple[int, int]:
    integrator = world.integrator(organisation)
    bring_up_to_date(integrator)
    integrator.cosign()
    data = export(organisation, M1 if stream == M1 else M2)
    first, second = verify(organisation, data), verify_second(data)
    return first.read_from_paper, sum(one.from_paper for one in second.streams)


def test_act_from_paper_is_counted_by_both_verifiers_and_one_done_by_oneself_is_not(
    world: World, organisation: Organisation
) -> None:
    assert perform(organisation, M1, ANSWER, RESPONDENT)
    assert count(world, organisation, M1) == (0, 0)
    paper = PaperEntered(person=RESPONDENT, what="response.given", digest="ab" * 32, received_at=START)
    assert enter_paper(organisation, M1, paper, ANSWER, MANAGER)
    assert count(world, organisation, M1) == (1, 1)


def test_report_from_paper_is_counted_by_both_verifiers(world: World, organisation: Organisation) -> None:
    report = ReportLodged(identity="named", about="person", text="So it was.")
    paper = PaperReportEntered(report=0, digest="ab" * 32, received_at=START)
    assert enter_paper_report(organisation, M2, report, paper, CUSTODIAN, reporter=MEMBER).performed
    assert count(world, organisation, M2) == (1, 1)


@pytest.mark.parametrize(("before", "after"), [(PAPER, ACT), (REPORT, ENTERED)])
def test_neighbours_that_disclose_a_paper_and_its_act_are_told(before: dict[str, Json], after: dict[str, Json]) -> None:
    assert are_paper_and_act(before, after)
    assert tell_paper(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PAPER, {**ACT, "actor": "manager"}),
        (PAPER, {**ACT, "act": "report.withdrawn/1"}),
        (PAPER, {**ACT, "at": "2026-03-02T09:00:01Z"}),
        (PAPER, {name: value for name, value in ACT.items() if name != "actor"}),
        (PAPER, {name: value for name, value in ACT.items() if name != "act"}),
        ({name: value for name, value in PAPER.items() if name != "at"}, {**ACT, "at": None}),
        ({name: value for name, value in PAPER.items() if name != "act.person"}, ACT),
        ({**PAPER, "reported": {"by": "respondent"}}, ACT),
        (PAPER, {**ACT, "reported": {"by": "respondent"}}),
        ({**PAPER, "act": "paper.served/1"}, ACT),
        ({**REPORT, "seq": 3}, ENTERED),
        ({name: value for name, value in REPORT.items() if name != "seq"}, ENTERED),
        (REPORT, {**ENTERED, "at": "2026-03-02T09:00:01Z"}),
    ],
)
def test_neighbours_that_are_not_or_do_not_disclose_it_are_not(before: dict[str, Json], after: dict[str, Json]) -> None:
    assert not are_paper_and_act(before, after)
    assert not tell_paper(before, after)
