"""Nothing rests on what a respondent neither has nor was told the gist of, whatever the rulebook says of it."""

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from alteram.core.acts import (
    Allegation,
    AllegationsStated,
    AppealDecided,
    AppealLodged,
    AppealPanelFormed,
    DecisionMade,
    ExhibitDerived,
    ExhibitDisclosed,
    ExhibitLodged,
    ExhibitWithheld,
    ExternalOrderRecorded,
    FactFound,
    FindingMade,
    InterimMeasureImposed,
    InterimMeasureReviewed,
    InvestigatorAppointed,
    PartyJoined,
    PropositionEvidenced,
    PropositionFound,
    PropositionStated,
    ReceiptGiven,
    RedactionChecked,
    ReportFinalised,
)
from alteram.core.acts.fields import Act
from alteram.core.disclosure.equality import build_equality
from alteram.core.disclosure.propositions import build_board
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.rules.evidence import RELYING
from alteram.operations.entries import enter, find_entry
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform
from tests.worlds import (
    CHAIR,
    COMPLAINANT,
    M1,
    MANAGER,
    MEMBER,
    PANEL,
    RESPONDENT,
    RULES,
    SECRETARY,
    do,
)

Make: TypeAlias = Callable[..., tuple[Act, PersonId]]
INVESTIGATOR, ON_APPEAL = PersonId("investigator"), (PersonId("on-appeal-1"), PersonId("on-appeal-2"))


@pytest.fixture
def body(body: Organisation) -> Organisation:
    do(body, M1, ExhibitLodged(exhibit="e1", kind="document", obtained="given"), COMPLAINANT)
    return body


def ruled(body: Organisation, act: Act, by: PersonId = CHAIR) -> str:
    done = perform(body, M1, act, by)
    return done.ruling.code if isinstance(done.ruling, Refused) else "allowed"


def record(body: Organisation, act: Act, by: PersonId = MANAGER) -> int:
    seq = do(body, M1, act, by).seq
    assert seq is not None
    return seq


def disclose(body: Organisation, *exhibits: str, **how: Any) -> int:
    return record(body, ExhibitDisclosed(exhibits=exhibits, to=RESPONDENT, **how))


def charge(body: Organisation) -> None:
    record(body, AllegationsStated(allegations=(Allegation(id="a1", breach="b1"),)))


def find(body: Organisation, *exhibits: str) -> tuple[Act, PersonId]:
    charge(body)
    return FindingMade(allegation="a1", outcome="proved", exhibits=exhibits, reasons="So."), CHAIR


def decide(body: Organisation, *exhibits: str) -> tuple[Act, PersonId]:
    del body
    return DecisionMade(exhibits=exhibits, reasons="So."), CHAIR


def decide_nothing(body: Organisation, *exhibits: str) -> tuple[Act, PersonId]:
    del body
    return DecisionMade(kind="no-action", exhibits=exhibits, reasons="So."), CHAIR


def finalise(body: Organisation, *exhibits: str) -> tuple[Act, PersonId]:
    record(body, InvestigatorAppointed(person=INVESTIGATOR))
    return ReportFinalised(exhibits=exhibits, text="The report."), INVESTIGATOR


def find_so(body: Organisation, *exhibits: str) -> tuple[Act, PersonId]:
    record(body, PropositionStated(proposition="p1", text="It was on Monday."), COMPLAINANT)
    return PropositionFound(proposition="p1", outcome="so", exhibits=exhibits, reasons="So."), CHAIR


def find_fact(body: Organisation, *exhibits: str) -> tuple[Act, PersonId]:
    return FactFound(event=0, happened=True, exhibits=exhibits, reasons="So."), CHAIR


def suspend(body: Organisation, *exhibits: str) -> tuple[Act, PersonId]:
    del body
    return InterimMeasureImposed(person=RESPONDENT, measure="suspension", exhibits=exhibits), CHAIR


def review(body: Organisation, *exhibits: str) -> tuple[Act, PersonId]:
    measure = record(body, InterimMeasureImposed(person=RESPONDENT, measure="suspension"), CHAIR)
    return InterimMeasureReviewed(measure=measure, outcome="continued", exhibits=exhibits, reasons="So."), CHAIR


def decide_appeal(body: Organisation, *exhibits: str) -> tuple[Act, PersonId]:
    decision = record(body, DecisionMade(reasons="So."), CHAIR)
    appeal = record(body, AppealLodged(against=decision, grounds=("evidence",), text="No."), RESPONDENT)
    record(body, AppealPanelFormed(members=ON_APPEAL, appeal=appeal), SECRETARY)
    return AppealDecided(appeal=appeal, outcome="upheld", exhibits=exhibits, reasons="So."), ON_APPEAL[0]


RESTING = (find, decide, decide_nothing, finalise, find_so, find_fact, suspend, review, decide_appeal)


def test_each_act_that_rests_on_evidence_is_asked(body: Organisation) -> None:
    assert {type(make(body)[0]) for make in RESTING if make is not decide_nothing} == set(RELYING)


@pytest.mark.parametrize("make", RESTING)
def test_nothing_rests_on_what_the_respondent_has_nothing_of(body: Organisation, make: Make) -> None:
    act, by = make(body, "e1")
    assert ruled(body, act, by) == "reliance.unseen"
    disclose(body, "e1")
    assert ruled(body, act, by) == "allowed"


@pytest.mark.parametrize("make", RESTING)
def test_what_rests_on_no_exhibit_may_be(body: Organisation, make: Make) -> None:
    act, by = make(body)
    assert ruled(body, act, by) == "allowed"


@pytest.mark.parametrize("make", RESTING)
def test_whoever_has_no_part_is_told_only_that_it_is_not_theirs(body: Organisation, make: Make) -> None:
    act, _ = make(body, "e1")
    assert ruled(body, act, MEMBER) == "act.not-yours"


def test_gist_is_enough_and_withholding_without_one_is_not(body: Organisation) -> None:
    act = DecisionMade(exhibits=("e1",), reasons="So.")
    withheld = ExhibitWithheld(exhibit="e1", person=RESPONDENT, reasons="It names a child.")
    disclose(body, "e1")
    record(body, withheld)
    assert ruled(body, act) == "reliance.unseen"
    record(body, ExhibitWithheld(exhibit="e1", person=RESPONDENT, reasons="It names a child.", gist="A date."))
    assert ruled(body, act) == "allowed"


def test_what_the_other_side_has_is_not_what_the_respondent_has(body: Organisation) -> None:
    record(body, ExhibitDisclosed(exhibits=("e1",), to=COMPLAINANT))
    assert ruled(body, DecisionMade(exhibits=("e1",), reasons="So.")) == "reliance.unseen"


def test_each_respondent_has_it(body: Organisation) -> None:
    record(body, PartyJoined(person=MEMBER, role="respondent"))
    disclose(body, "e1")
    act = DecisionMade(exhibits=("e1",), reasons="So.")
    assert ruled(body, act) == "reliance.unseen"
    record(body, ExhibitDisclosed(exhibits=("e1",), to=MEMBER))
    assert ruled(body, act) == "allowed"


def test_what_the_respondent_lodged_they_have(body: Organisation) -> None:
    do(body, M1, ExhibitLodged(exhibit="e2", kind="document", obtained="given"), RESPONDENT)
    record(body, ExhibitDerived(exhibit="t2", of="e2", how="transcript"))
    assert ruled(body, DecisionMade(exhibits=("e2", "t2"), reasons="So.")) == "allowed"


def test_what_is_printed_counts_once_it_arrived(body: Organisation) -> None:
    printed = disclose(body, "e1", by="print")
    act = DecisionMade(exhibits=("e1",), reasons="So.")
    assert ruled(body, act) == "reliance.unseen"
    record(body, ReceiptGiven(disclosure=printed), RESPONDENT)
    assert ruled(body, act) == "allowed"


def test_whole_does_for_its_redaction_and_a_redaction_not_for_the_whole(body: Organisation) -> None:
    record(body, ExhibitDerived(exhibit="r1", of="e1", how="redaction", cuts=1))
    record(body, RedactionChecked(exhibit="r1", agreed=True), SECRETARY)
    whole, redacted = (DecisionMade(exhibits=(one,), reasons="So.") for one in ("e1", "r1"))
    disclose(body, "r1")
    assert (ruled(body, redacted), ruled(body, whole)) == ("allowed", "reliance.unseen")
    disclose(body, "e1")
    assert ruled(body, whole) == "allowed"


def test_gist_of_the_whole_does_not_do_for_its_redaction(body: Organisation) -> None:
    record(body, ExhibitDerived(exhibit="r1", of="e1", how="redaction", cuts=1))
    record(body, ExhibitDerived(exhibit="t1", of="e1", how="transcript"))
    record(body, ExhibitWithheld(exhibit="e1", person=RESPONDENT, reasons="It names a child.", gist="A date."))
    assert ruled(body, DecisionMade(exhibits=("t1",), reasons="So.")) == "allowed"
    assert ruled(body, DecisionMade(exhibits=("r1",), reasons="So.")) == "reliance.unseen"


def test_having_the_whole_one_has_its_redaction(body: Organisation) -> None:
    record(body, ExhibitDerived(exhibit="r1", of="e1", how="redaction", cuts=1))
    disclose(body, "e1")
    assert ruled(body, DecisionMade(exhibits=("r1",), reasons="So.")) == "allowed"


@pytest.mark.parametrize(
    ("side", "outcome", "expected"),
    [
        ("for", "so", "reliance.unseen"),
        ("against", "not-so", "reliance.unseen"),
        ("against", "so", "allowed"),
        ("for", "not-so", "allowed"),
        ("for", "open", "allowed"),
    ],
)
def test_finding_on_a_proposition_follows_the_evidence_on_its_side(
    body: Organisation, side: Any, outcome: Any, expected: str
) -> None:
    record(body, PropositionStated(proposition="p1", text="It was on Monday."), COMPLAINANT)
    record(body, PropositionEvidenced(proposition="p1", exhibit="e1", side=side), COMPLAINANT)
    act = PropositionFound(proposition="p1", outcome=outcome, reasons="So.")
    assert ruled(body, act) == expected
    disclose(body, "e1")
    if expected != "allowed":
        assert ruled(body, act) == "allowed"
    found = build_board(body.facts(M1, fresh=True)).rows[0].finding
    assert found is not None
    assert found.exhibits == (("e1",) if expected != "allowed" else ())


def test_evidence_on_another_proposition_is_not_followed(body: Organisation) -> None:
    for name in ("p1", "p2"):
        record(body, PropositionStated(proposition=name, text="It was on Monday."), COMPLAINANT)
    record(body, PropositionEvidenced(proposition="p2", exhibit="e1", side="for"), COMPLAINANT)
    assert ruled(body, PropositionFound(proposition="p1", outcome="so", reasons="So.")) == "allowed"


@pytest.mark.parametrize("by_finding", [True, False])
@pytest.mark.parametrize("proved", [True, False])
def test_decision_rests_on_what_was_found_of_the_charges_it_holds_proved(
    body: Organisation, by_finding: bool, proved: bool
) -> None:
    charge(body)
    disclose(body, "e1")
    if by_finding:
        record(body, FindingMade(allegation="a1", outcome="proved", exhibits=("e1",), reasons="So."), CHAIR)
    else:
        stated = PropositionStated(proposition="p1", text="It was on Monday.", allegation="a1")
        record(body, stated, COMPLAINANT)
        record(body, PropositionEvidenced(proposition="p1", exhibit="e1", side="for"), COMPLAINANT)
        record(body, PropositionFound(proposition="p1", outcome="so", reasons="So."), CHAIR)
    record(body, ExhibitWithheld(exhibit="e1", person=RESPONDENT, reasons="It names a child."))
    act = DecisionMade(proved=("a1",) if proved else (), not_proved=() if proved else ("a1",), reasons="So.")
    assert ruled(body, act) == ("reliance.unseen" if proved else "allowed")


def test_order_from_outside_is_followed_all_the_same(body: Organisation) -> None:
    order = ExternalOrderRecorded(source="court", acts=("decision.made",), text="Decide on it.")
    record(body, order, SECRETARY)
    assert ruled(body, DecisionMade(exhibits=("e1",), reasons="So.")) == "allowed"


def test_table_of_who_has_what_tells_what_findings_on_propositions_rest_on(body: Organisation) -> None:
    act, by = find_so(body, "e1")
    disclose(body, "e1")
    seq = record(body, act, by)
    (row,) = build_equality(body.facts(M1, fresh=True), RULES)
    assert (row.relied_on, row.is_relied_on_unseen) == ((seq,), False)
    record(body, ExhibitWithheld(exhibit="e1", person=RESPONDENT, reasons="It names a child."))
    (row,) = build_equality(body.facts(M1, fresh=True), RULES)
    assert row.is_relied_on_unseen


@pytest.mark.parametrize("make", [decide, find_so, decide_appeal])
def test_entry_of_what_rests_on_nothing_says_so(body: Organisation, make: Make) -> None:
    act, by = make(body)
    seq = record(body, act, by)
    page = find_entry(enter(body, M1, RESPONDENT), seq)
    assert [(one.name, one.value) for one in page.fields if one.name == "exhibits"] == [("exhibits", None)]


def test_entry_of_what_follows_evidence_does_not_say_that_it_rests_on_none(body: Organisation) -> None:
    act, by = find_so(body)
    record(body, PropositionEvidenced(proposition="p1", exhibit="e1", side="for"), COMPLAINANT)
    disclose(body, "e1")
    seq = record(body, act, by)
    page = find_entry(enter(body, M1, RESPONDENT), seq)
    assert all(one.name != "exhibits" for one in page.fields)


def test_entry_of_another_act_says_nothing_of_exhibits(body: Organisation) -> None:
    seq = record(body, AppealPanelFormed(members=PANEL), SECRETARY)
    page = find_entry(enter(body, M1, RESPONDENT), seq)
    assert all(one.name != "exhibits" for one in page.fields)
