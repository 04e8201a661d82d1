"""Giving evidence away: redactions have two people, bundles one; names are looked for, receipts and days told."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from alteram.core.access import may_open_exhibit
from alteram.core.acts import (
    BundleBuilt,
    CopyTraced,
    CustodyRecorded,
    DraftReportServed,
    ExhibitDerived,
    ExhibitDisclosed,
    ExhibitLodged,
    ExhibitRuled,
    ExhibitWithheld,
    LeakReported,
    MeetingCalled,
    NamesChecked,
    NoticeServed,
    PartyJoined,
    ReceiptGiven,
    RedactionChecked,
)
from alteram.core.acts.fields import Act
from alteram.core.disclosure.due import Due, find_due, find_last_start
from alteram.core.disclosure.equality import Sight, build_equality
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.kernel.periods import Period, earliest_after
from alteram.core.rules.rulebook import Demand
from alteram.operations.organisation import Organisation
from alteram.operations.perform import Performed, perform
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
    START,
    do,
)

DIGEST = "ab" * 32
HIDDEN_WITNESS = PersonId("hidden-witness")


@pytest.fixture
def body(body: Organisation) -> Organisation:
    lodged = ExhibitLodged(
        exhibit="e1", kind="recording", obtained="given", digest=DIGEST, form="flac", pieces=9, tree=DIGEST
    )
    do(body, M1, lodged, COMPLAINANT)
    return body


def code(body: Organisation, act: Act, by: PersonId) -> str:
    done = perform(body, M1, act, by)
    assert isinstance(done.ruling, Refused), done
    return done.ruling.code


def derive(body: Organisation, how: str, name: str = "d1", **what: Any) -> Performed:
    return perform(body, M1, ExhibitDerived(exhibit=name, of="e1", how=how, **what), MANAGER)  # type: ignore[arg-type]  # by name


def build(body: Organisation, name: str = "b1", **what: Any) -> Performed:
    given: dict[str, Any] = {"for_people": (RESPONDENT,), "exhibits": ("e1",), "pages": 3, "digest": DIGEST} | what
    return perform(body, M1, BundleBuilt(bundle=name, **given), MANAGER)


def ruled(done: Performed) -> str:
    return done.ruling.code if isinstance(done.ruling, Refused) else "allowed"


@pytest.mark.parametrize("lacking", [{"form": None}, {"pieces": None}, {"tree": None}, {"digest": None}, {"pieces": 0}])
def test_pieces_of_an_exhibit_are_given_whole_or_not_at_all(body: Organisation, lacking: dict[str, Any]) -> None:
    whole = {"digest": DIGEST, "form": "bytes", "pieces": 1, "tree": DIGEST}
    lodged = ExhibitLodged(exhibit="e2", kind="document", obtained="given", **{**whole, **lacking})
    assert code(body, lodged, COMPLAINANT) == "exhibit.pieces"


@pytest.mark.parametrize(
    ("first", "until", "expected"),
    [
        (0, 9, "allowed"),
        (8, 9, "allowed"),
        (0, 10, "excerpt.range"),
        (3, 3, "excerpt.range"),
        (4, 3, "excerpt.range"),
        (None, 3, "excerpt.range"),
        (0, None, "excerpt.range"),
    ],
)
def test_excerpt_lies_within_the_whole(body: Organisation, first: int | None, until: int | None, expected: str) -> None:
    assert ruled(derive(body, "excerpt", first=first, until=until)) == expected


def test_excerpt_of_what_was_not_lodged_in_pieces_cannot_be(body: Organisation) -> None:
    do(body, M1, ExhibitLodged(exhibit="e2", kind="physical", obtained="found"), COMPLAINANT)
    act = ExhibitDerived(exhibit="d1", of="e2", how="excerpt", first=0, until=1)
    assert code(body, act, MANAGER) == "excerpt.no-whole"


def test_only_an_excerpt_has_a_range(body: Organisation) -> None:
    assert ruled(derive(body, "transcript", first=0, until=1)) == "excerpt.range"


def test_exhibit_and_what_was_made_of_one_never_share_a_name(body: Organisation) -> None:
    assert ruled(derive(body, "transcript", name="e1")) == "name.taken"
    assert ruled(derive(body, "transcript")) == "allowed"
    assert ruled(derive(body, "transcript")) == "name.taken"
    assert code(body, ExhibitLodged(exhibit="d1", kind="document", obtained="given"), COMPLAINANT) == "name.taken"


@pytest.mark.parametrize("name", ["e1", "e9"])
def test_whoever_may_not_lodge_is_not_told_whether_a_name_is_taken(body: Organisation, name: str) -> None:
    act = ExhibitLodged(exhibit=name, kind="document", obtained="given")
    assert code(body, act, MEMBER) == code(body, act, CHAIR) == "act.not-yours"


def test_redaction_goes_nowhere_before_a_second_person_agreed(body: Organisation) -> None:
    derive(body, "redaction", cuts=2)
    assert ruled(build(body, exhibits=("d1",))) == "bundle.unchecked"
    assert code(body, ExhibitDisclosed(exhibits=("d1",), to=RESPONDENT), MANAGER) == "redaction.unchecked"
    assert code(body, RedactionChecked(exhibit="d1", agreed=True), MANAGER) == "redaction.own"
    assert code(body, RedactionChecked(exhibit="e1", agreed=True), CHAIR) == "redaction.unknown"
    do(body, M1, RedactionChecked(exhibit="d1", agreed=True), SECRETARY)
    assert ruled(build(body, exhibits=("d1",))) == "allowed"
    do(body, M1, RedactionChecked(exhibit="d1", agreed=False, remarks="Line 3 still shows."), SECRETARY)
    assert code(body, ExhibitDisclosed(exhibits=("d1",), to=RESPONDENT), MANAGER) == "redaction.unchecked"


def test_bundle_goes_to_whom_it_was_built_for_with_what_is_in_it(body: Organisation) -> None:
    do(body, M1, ExhibitLodged(exhibit="e2", kind="document", obtained="given"), COMPLAINANT)
    assert build(body)
    for act in (
        ExhibitDisclosed(exhibits=("e1",), to=COMPLAINANT, bundle="b1"),
        ExhibitDisclosed(exhibits=("e1", "e2"), to=RESPONDENT, bundle="b1"),
    ):
        assert code(body, act, MANAGER) == "bundle.other"
    do(body, M1, ExhibitDisclosed(exhibits=("e1",), to=RESPONDENT, bundle="b1"), MANAGER)
    assert ruled(build(body, "b2", for_people=(COMPLAINANT,), follows="b1")) == "bundle.other"
    assert ruled(build(body, "b3", follows="b9")) == "reference.unknown"
    assert ruled(build(body, "b1")) == "name.taken"
    assert ruled(build(body, "b4")) == "bundle.behind"
    assert ruled(build(body, "b4", follows="b1")) == "allowed"
    assert ruled(build(body, "b5", follows="b1")) == "bundle.behind"
    assert ruled(build(body, "b5", follows="b4")) == "allowed"


def test_bundle_for_somebody_who_may_not_know_a_protected_person_waits_for_a_look(body: Organisation) -> None:
    build(body)
    assert code(body, NamesChecked(bundle="b1", found=0), MANAGER) == "names.nobody"
    do(body, M1, PartyJoined(person=HIDDEN_WITNESS, role="witness", protected=True), MANAGER)
    disclosed = ExhibitDisclosed(exhibits=("e1",), to=RESPONDENT, bundle="b1")
    assert code(body, disclosed, MANAGER) == "bundle.names"
    do(body, M1, NamesChecked(bundle="b1", found=3, reasons="Three places of another of that name."), MANAGER)
    do(body, M1, disclosed, MANAGER)


GIVEN_BY_ITSELF: tuple[Act, ...] = (
    ExhibitDisclosed(exhibits=("e1",), to=RESPONDENT),
    NoticeServed(to=RESPONDENT, allegations=(), exhibits=("e1",)),
    DraftReportServed(to=RESPONDENT, exhibits=("e1",)),
)


def protect(body: Organisation, person: PersonId = HIDDEN_WITNESS) -> None:
    do(body, M1, PartyJoined(person=person, role="witness", protected=True), MANAGER)


def look(body: Organisation, **at: Any) -> str:
    return ruled(perform(body, M1, NamesChecked(found=0, **at), MANAGER))


@pytest.mark.parametrize("act", GIVEN_BY_ITSELF)
def test_exhibit_for_somebody_who_may_not_know_a_protected_person_waits_for_a_look(
    body: Organisation, act: Act
) -> None:
    assert look(body, exhibits=("e1",)) == "names.nobody"
    protect(body)
    assert code(body, act, MANAGER) == "exhibit.names"
    do(body, M1, ExhibitLodged(exhibit="e2", kind="document", obtained="given"), COMPLAINANT)
    for other in ({"exhibits": ("e2",)}, {"gists": ("e1",), "gist": "A call."}):
        assert look(body, **other) == "allowed"
        assert code(body, act, MANAGER) == "exhibit.names"
    assert look(body, exhibits=("e1",)) == "allowed"
    assert ruled(perform(body, M1, act, MANAGER)) == "allowed"
    protect(body, PersonId("another"))
    assert code(body, act, MANAGER) == "exhibit.names"


def test_look_says_at_what(body: Organisation) -> None:
    protect(body)
    assert look(body) == "names.nothing"
    assert look(body, gists=("e1",)) == look(body, exhibits=("e1",), gist="A call.") == "names.gist"
    for unknown in ({"exhibits": ("e9",)}, {"gists": ("e9",), "gist": "A call."}, {"bundle": "b9"}):
        assert look(body, **unknown) == "reference.unknown"
    for by in (SECRETARY, COMPLAINANT, RESPONDENT):
        assert code(body, NamesChecked(exhibits=("e1",), found=0), by) == "act.not-yours"


def test_whoever_lodged_an_exhibit_or_may_know_is_given_it_without_a_look(body: Organisation) -> None:
    protect(body)
    for to in (COMPLAINANT, HIDDEN_WITNESS):
        assert ruled(perform(body, M1, ExhibitDisclosed(exhibits=("e1",), to=to), MANAGER)) == "allowed"


def test_look_at_a_bundle_is_one_at_each_exhibit_in_it(body: Organisation) -> None:
    build(body)
    protect(body)
    act = ExhibitDisclosed(exhibits=("e1",), to=RESPONDENT)
    assert code(body, act, MANAGER) == "exhibit.names"
    assert look(body, bundle="b1") == "allowed"
    assert ruled(perform(body, M1, act, MANAGER)) == "allowed"


@pytest.mark.parametrize(("how", "expected"), [("transcript", "exhibit.names"), ("redaction", "allowed")])
def test_what_is_made_of_an_exhibit_and_comes_with_it_is_looked_at_too(
    body: Organisation, how: str, expected: str
) -> None:
    protect(body)
    assert look(body, exhibits=("e1",)) == "allowed"
    assert derive(body, how)
    act = ExhibitDisclosed(exhibits=("e1",), to=RESPONDENT)
    assert ruled(perform(body, M1, act, MANAGER)) == expected
    assert look(body, exhibits=("e1",)) == "allowed"
    assert ruled(perform(body, M1, act, MANAGER)) == "allowed"


def test_gist_waits_for_a_look_at_it_and_withholding_without_one_does_not(body: Organisation) -> None:
    protect(body)
    without = ExhibitWithheld(exhibit="e1", person=RESPONDENT, reasons="So.")
    assert ruled(perform(body, M1, without, MANAGER)) == "allowed"
    act = ExhibitWithheld(exhibit="e1", person=RESPONDENT, reasons="So.", gist="A call about a date.")
    assert code(body, act, MANAGER) == "exhibit.names"
    assert look(body, exhibits=("e1",)) == "allowed"
    assert code(body, act, MANAGER) == "exhibit.names"
    assert look(body, gists=("e1",), gist="A call about a day.") == "allowed"
    assert code(body, act, MANAGER) == "exhibit.gist"
    assert look(body, gists=("e1",), gist="A call\r\nabout a date. ") == "allowed"
    assert ruled(perform(body, M1, act, MANAGER)) == "allowed"
    protect(body, PersonId("another"))
    assert code(body, act, MANAGER) == "exhibit.names"
    assert look(body, gists=("e1",), gist="A call about a day.") == "allowed"
    assert code(body, act, MANAGER) == "exhibit.gist"
    for to in (HIDDEN_WITNESS, COMPLAINANT):
        told = ExhibitWithheld(exhibit="e1", person=to, reasons="So.", gist="Anything.")
        assert code(body, told, MANAGER) == "exhibit.gist"


def test_gist_for_who_may_know_or_where_nobody_is_protected_is_given_in_any_words(body: Organisation) -> None:
    act = ExhibitWithheld(exhibit="e1", person=RESPONDENT, reasons="So.", gist="A call about a date.")
    assert ruled(perform(body, M1, act, MANAGER)) == "allowed"
    protect(body)
    own = ExhibitWithheld(exhibit="e1", person=HIDDEN_WITNESS, reasons="So.", gist="A call about a date.")
    assert ruled(perform(body, M1, own, MANAGER)) == "allowed"


@pytest.mark.parametrize("exhibit", ["e1", "e9"])
def test_member_without_a_part_is_not_told_whether_an_exhibit_is_there(body: Organisation, exhibit: str) -> None:
    for act in (
        ExhibitDisclosed(exhibits=(exhibit,), to=MEMBER),
        ExhibitRuled(exhibit=exhibit, admissible=True, reasons="x"),
    ):
        assert code(body, act, MEMBER) == "act.not-yours"
        assert code(body, act, PersonId("stranger")) == "matter.unknown"


def test_receipt_is_given_by_whom_it_was_disclosed_to(body: Organisation) -> None:
    done = do(body, M1, ExhibitDisclosed(exhibits=("e1",), to=RESPONDENT), MANAGER)
    assert done.seq is not None
    assert code(body, ReceiptGiven(disclosure=done.seq), COMPLAINANT) == "receipt.other"
    assert code(body, ReceiptGiven(disclosure=0), RESPONDENT) == "reference.unknown"
    do(body, M1, ReceiptGiven(disclosure=done.seq), RESPONDENT)


def test_trace_names_copies_just_when_it_found_some(body: Organisation) -> None:
    leak = do(body, M1, LeakReported(part_only=True), COMPLAINANT)
    for outcome, copies in (("found", ()), ("cannot-tell", (RESPONDENT,))):
        act = CopyTraced(digest=DIGEST, leak=leak.seq, outcome=outcome, copies=copies)  # type: ignore[arg-type]  # by name
        assert code(body, act, MANAGER) == "trace.copies"
    do(
        body,
        M1,
        CopyTraced(digest=DIGEST, leak=leak.seq, outcome="found", copies=(RESPONDENT,), error="1 in 10^6"),
        MANAGER,
    )


def test_custody_is_told_by_who_has_a_part_and_nobody_else(body: Organisation) -> None:
    act = CustodyRecorded(exhibit="e1", event="copied", reasons="For the report.")
    assert code(body, act, MEMBER) in {"act.not-yours", "matter.unknown"}
    do(body, M1, act, MANAGER)


def test_equality_tells_which_side_lacks_an_exhibit_until_it_is_given(body: Organisation) -> None:
    def row() -> tuple[bool, dict[PersonId, bool]]:
        (one,) = build_equality(body.facts(M1, fresh=True), RULES)
        return one.is_unequal, {sight.person: sight.has_nothing for sight in one.sights}

    assert row() == (True, {COMPLAINANT: False, RESPONDENT: True})
    withheld = ExhibitWithheld(exhibit="e1", person=RESPONDENT, reasons="It names a child.")
    do(body, M1, withheld, MANAGER)
    assert row()[0]
    do(body, M1, ExhibitWithheld(exhibit="e1", person=RESPONDENT, reasons="So.", gist="A call about a date."), MANAGER)
    assert row() == (False, {COMPLAINANT: False, RESPONDENT: False})


def _due(body: Organisation, **parameters: Any) -> Due:
    rules = _with(Demand(id="d", title="", guarantee="disclosure", kind="disclosure-before", parameters=parameters))
    (one,) = find_due(body.facts(M1, fresh=True), rules, body.ports.clock())
    return one


def _with(demand: Demand) -> Any:
    return type(RULES)(**{**{name: getattr(RULES, name) for name in RULES.__struct_fields__}, "demands": (demand,)})


def test_exhibit_is_due_before_the_hearing_by_the_period_that_the_rulebook_gives(body: Organisation) -> None:
    parameters = {"at_least": msgspec.Raw(b'{"clear_days":10}'), "before": msgspec.Raw(b'"hearing"')}
    one = _due(body, **parameters)
    assert (one.person, one.state, one.by_at) == (RESPONDENT, "due", None)
    hearing_at = START + timedelta(days=30)
    called = MeetingCalled(meeting="h", body="panel", at=hearing_at, agenda=("It",), invited=(RESPONDENT,))
    do(body, M1, called, CHAIR)
    one = _due(body, **parameters)
    assert one.by_at is not None
    assert earliest_after(one.by_at, Period(clear_days=10), RULES.calendar).end <= hearing_at
    later = one.by_at + timedelta(seconds=1)
    assert earliest_after(later, Period(clear_days=10), RULES.calendar).end > hearing_at
    do(body, M1, ExhibitDisclosed(exhibits=("e1",), to=RESPONDENT), MANAGER)
    assert _due(body, **parameters).state == "given"


def test_printed_copy_is_had_once_somebody_confirms_that_it_arrived(body: Organisation) -> None:
    parameters = {"at_least": msgspec.Raw(b'{"clear_days":10}'), "before": msgspec.Raw(b'"hearing"')}
    printed = do(body, M1, ExhibitDisclosed(exhibits=("e1",), to=RESPONDENT, by="print"), MANAGER).seq
    assert printed is not None
    assert _due(body, **parameters).state == "sent"
    assert _sight(body).sent_at is not None
    assert _sight(body).has_nothing
    assert may_open_exhibit(body.facts(M1), RULES, "e1", RESPONDENT)
    assert not may_open_exhibit(body.facts(M1), RULES, "e1", PANEL[0])
    do(body, M1, ReceiptGiven(disclosure=printed), RESPONDENT)
    assert _due(body, **parameters).state == "given"
    assert (_sight(body).sent_at, _sight(body).has_nothing) == (None, False)
    assert may_open_exhibit(body.facts(M1), RULES, "e1", PANEL[0])


def test_copy_that_was_seen_to_arrive_counts_before_one_that_was_sent_earlier(body: Organisation) -> None:
    do(body, M1, ExhibitDisclosed(exhibits=("e1",), to=RESPONDENT, by="print"), MANAGER)
    by_page = do(body, M1, ExhibitDisclosed(exhibits=("e1",), to=RESPONDENT), MANAGER).seq
    do(body, M1, ExhibitDisclosed(exhibits=("e1",), to=RESPONDENT, by="print"), MANAGER)
    assert _sight(body).entry == by_page


def _sight(body: Organisation) -> Sight:
    rows = build_equality(body.facts(M1, fresh=True), RULES)
    return next(one for one in rows[0].sights if one.person == RESPONDENT)


@pytest.mark.parametrize(
    "period", [Period(days=1), Period(clear_days=3), Period(working_days=5), Period(months=2), Period(hours=9)]
)
@pytest.mark.parametrize("days", [0, 1, 40, 364])
def test_last_day_back_from_an_end_is_the_last_that_leaves_the_period(period: Period, days: int) -> None:
    end = START + timedelta(days=days)
    start, working = find_last_start(end, period, RULES.calendar)
    assert start is not None
    assert working
    assert earliest_after(start, period, RULES.calendar).end <= end
    assert earliest_after(start + timedelta(seconds=1), period, RULES.calendar).end > end
