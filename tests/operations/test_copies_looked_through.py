"""What was made of an exhibit opens to who may not know somebody protected once their name was looked for in it."""

from typing import Any

import pytest

from alteram.core.access import build_reader, find_given, may_open_exhibit
from alteram.core.acts import (
    BundleBuilt,
    CorrectionMade,
    ExhibitDerived,
    ExhibitDisclosed,
    ExhibitLodged,
    ExhibitWithheld,
    IdentityAsked,
    IdentityReleased,
    NamesChecked,
    PartyJoined,
    RedactionChecked,
)
from alteram.core.acts.fields import Act
from alteram.core.disclosure.equality import build_equality
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.rules.reliance import knows_of
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform
from tests.worlds import CHAIR, COMPLAINANT, CUSTODIAN, M1, MANAGER, PANEL, RESPONDENT, RULES, SECRETARY, do

DIGEST = "ab" * 32
HIDDEN, WITNESS = PersonId("hidden-witness"), PersonId("plain-witness")


@pytest.fixture
def body(body: Organisation) -> Organisation:
    lodged = ExhibitLodged(
        exhibit="e1", kind="recording", obtained="given", digest=DIGEST, form="flac", pieces=9, tree=DIGEST
    )
    do(body, M1, lodged, COMPLAINANT)
    return body


def protect(body: Organisation, person: PersonId = HIDDEN) -> None:
    do(body, M1, PartyJoined(person=person, role="witness", protected=True), MANAGER)


def look(body: Organisation, **at: Any) -> None:
    do(body, M1, NamesChecked(found=0, **at), MANAGER)


def give(body: Organisation, to: PersonId = RESPONDENT, *exhibits: str) -> None:
    do(body, M1, ExhibitDisclosed(exhibits=exhibits or ("e1",), to=to), MANAGER)


def derive(
    body: Organisation, name: str = "t1", of: str = "e1", how: str = "transcript", by: PersonId = MANAGER
) -> None:
    bounds = {"first": 1, "until": 3} if how == "excerpt" else {}
    do(body, M1, ExhibitDerived(exhibit=name, of=of, how=how, **bounds), by)  # type: ignore[arg-type]  # one of them


def opened(body: Organisation, person: PersonId, exhibit: str = "t1") -> str:
    may = may_open_exhibit(body.facts(M1, fresh=True), RULES, exhibit, person)
    return may.code if isinstance(may, Refused) else "allowed"


@pytest.fixture
def given(body: Organisation) -> Organisation:
    """The respondent was given the exhibit, which was looked through for whoever is protected."""
    protect(body)
    look(body, exhibits=("e1",))
    give(body)
    return body


@pytest.mark.parametrize("how", ["transcript", "translation", "text", "excerpt", "pages"])
@pytest.mark.parametrize("at", [{"exhibits": ("t1",)}, {"exhibits": ("e1",)}])
def test_copy_made_later_waits_until_somebody_looked_in_it_or_in_what_it_was_made_of(
    given: Organisation, how: str, at: dict[str, Any]
) -> None:
    derive(given, how=how)
    readers = (RESPONDENT, COMPLAINANT, PANEL[0])
    assert [opened(given, one) for one in readers] == ["exhibit.undisclosed", "exhibit.names", "exhibit.names"]
    assert [opened(given, one) for one in (MANAGER, CUSTODIAN, SECRETARY, CHAIR)] == ["allowed"] * 4
    assert [opened(given, one, "e1") for one in readers] == ["allowed"] * 3
    look(given, **at)
    assert [opened(given, one) for one in readers] == ["allowed"] * 3


def test_where_nobody_is_protected_nobody_waits(body: Organisation) -> None:
    give(body)
    derive(body)
    derive(body, "r1", how="redaction")
    assert [opened(body, one) for one in (RESPONDENT, COMPLAINANT, PANEL[0])] == ["allowed"] * 3
    assert opened(body, COMPLAINANT, "r1") == "allowed"


def test_whoever_made_a_copy_does_not_wait_for_it(given: Organisation) -> None:
    derive(given, by=RESPONDENT)
    derive(given, "t2", by=COMPLAINANT)
    assert [opened(given, RESPONDENT, one) for one in ("t1", "t2")] == ["allowed", "exhibit.undisclosed"]
    assert [opened(given, COMPLAINANT, one) for one in ("t1", "t2")] == ["exhibit.names", "allowed"]


def test_redaction_waits_for_a_look_in_itself_also_for_who_lodged_the_whole(given: Organisation) -> None:
    derive(given, "r1", how="redaction")
    do(given, M1, RedactionChecked(exhibit="r1", agreed=True), SECRETARY)
    look(given, exhibits=("e1",))
    assert opened(given, COMPLAINANT, "r1") == "exhibit.names"
    look(given, exhibits=("r1",))
    assert opened(given, COMPLAINANT, "r1") == "allowed"
    assert opened(given, RESPONDENT, "r1") == "exhibit.undisclosed"


def test_copy_of_a_copy_waits_by_itself(given: Organisation) -> None:
    derive(given)
    look(given, exhibits=("t1",))
    derive(given, "t2", of="t1", how="translation")
    assert [opened(given, RESPONDENT, one) for one in ("t1", "t2")] == ["allowed", "exhibit.undisclosed"]
    look(given, exhibits=("e1",))
    assert opened(given, RESPONDENT, "t2") == "allowed"


@pytest.mark.parametrize(("holds", "expected"), [(("e1",), "exhibit.undisclosed"), (("e1", "t1"), "allowed")])
def test_look_at_a_bundle_is_one_at_the_copies_in_it_and_at_no_others(
    body: Organisation, holds: tuple[str, ...], expected: str
) -> None:
    protect(body)
    derive(body)
    built = BundleBuilt(bundle="b1", for_people=(RESPONDENT,), exhibits=holds, pages=3, digest=DIGEST)
    do(body, M1, built, MANAGER)
    look(body, bundle="b1")
    do(body, M1, ExhibitDisclosed(exhibits=("e1",), to=RESPONDENT, bundle="b1"), MANAGER)
    assert opened(body, RESPONDENT) == expected


def test_copy_that_is_open_stays_so_when_somebody_else_is_protected_later(given: Organisation) -> None:
    derive(given)
    look(given, exhibits=("t1",))
    protect(given, PersonId("another"))
    derive(given, "t2")
    assert [opened(given, RESPONDENT, one) for one in ("t1", "t2")] == ["allowed", "exhibit.undisclosed"]
    assert [opened(given, COMPLAINANT, one) for one in ("t1", "t2")] == ["allowed", "exhibit.names"]


def test_copy_that_was_there_before_anybody_was_protected_stays_open(body: Organisation) -> None:
    derive(body)
    give(body)
    protect(body)
    assert [opened(body, one) for one in (RESPONDENT, COMPLAINANT)] == ["allowed"] * 2


def test_look_before_somebody_was_protected_does_for_nobody_who_is_given_it_after(body: Organisation) -> None:
    protect(body)
    derive(body)
    look(body, exhibits=("t1",))
    protect(body, PersonId("another"))
    built = BundleBuilt(bundle="b1", for_people=(RESPONDENT,), exhibits=("e1",), pages=3, digest=DIGEST)
    do(body, M1, built, MANAGER)
    look(body, bundle="b1")
    do(body, M1, ExhibitDisclosed(exhibits=("e1",), to=RESPONDENT, bundle="b1"), MANAGER)
    assert opened(body, RESPONDENT) == "exhibit.undisclosed"
    look(body, exhibits=("t1",))
    assert opened(body, RESPONDENT) == "allowed"


def test_they_have_it_since_it_was_looked_through_and_the_table_says_so(given: Organisation) -> None:
    derive(given)

    def find_sight() -> Any:
        rows = build_equality(given.facts(M1, fresh=True), RULES)
        row = next(one for one in rows if one.exhibit == "t1")
        return next(one for one in row.sights if one.person == RESPONDENT)

    assert find_sight().has_nothing
    look(given, exhibits=("t1",))
    facts = given.facts(M1, fresh=True)
    checked = facts.matter.all(NamesChecked)[-1]
    found = find_given(facts, "t1", RESPONDENT)
    assert found is not None
    assert (found.seq, found.at, found.has_since) == (checked.seq, checked.recorded_at, checked.recorded_at)
    assert find_sight().has_since == checked.recorded_at


def test_withholding_the_whole_after_it_was_looked_through_closes_the_copy(given: Organisation) -> None:
    derive(given)
    look(given, exhibits=("t1",))
    do(given, M1, ExhibitWithheld(exhibit="e1", person=RESPONDENT, reasons="A child."), MANAGER)
    assert opened(given, RESPONDENT) == "exhibit.undisclosed"


def test_copy_that_is_given_by_itself_is_open_whatever_came_before(given: Organisation) -> None:
    derive(given)
    look(given, exhibits=("e1",))
    protect(given, PersonId("another"))
    derive(given, "t2")
    look(given, exhibits=("t2",))
    give(given, RESPONDENT, "t2")
    assert opened(given, RESPONDENT, "t2") == "allowed"


def test_whoever_is_protected_waits_for_a_look_for_others_alone(given: Organisation) -> None:
    give(given, HIDDEN)
    derive(given)
    assert opened(given, HIDDEN) == "allowed"
    protect(given, PersonId("another"))
    derive(given, "t2")
    assert opened(given, HIDDEN, "t2") == "exhibit.unknown"


def test_copy_opens_without_a_look_to_whom_the_name_was_released_and_to_nobody_else(given: Organisation) -> None:
    derive(given)
    joined = given.facts(M1, fresh=True).matter.all(PartyJoined)[-1].seq
    asked = do(given, M1, IdentityAsked(entry=joined, ground="defence", reasons="To answer."), RESPONDENT)
    released = IdentityReleased(
        person=HIDDEN, to=(RESPONDENT,), basis="legal-duty", reasons="The law.", request=asked.seq
    )
    do(given, M1, released, CUSTODIAN)
    assert [opened(given, one) for one in (RESPONDENT, COMPLAINANT, PANEL[0])] == [
        "allowed", "exhibit.names", "exhibit.names"
    ]  # fmt: skip


def test_entry_of_a_copy_opens_to_a_witness_with_the_copy(given: Organisation) -> None:
    do(given, M1, PartyJoined(person=WITNESS, role="witness"), MANAGER)
    give(given, WITNESS)
    derive(given)

    def is_told() -> bool:
        facts = given.facts(M1, fresh=True)
        return facts.matter.all(ExhibitDerived)[-1].seq in build_reader(facts, RULES, WITNESS).given

    assert (is_told(), opened(given, WITNESS)) == (False, "exhibit.unknown")
    look(given, exhibits=("t1",))
    assert (is_told(), opened(given, WITNESS)) == (True, "allowed")


@pytest.mark.parametrize("person", [PersonId("stranger"), PersonId("member")])
def test_look_opens_nothing_to_who_has_no_part(given: Organisation, person: PersonId) -> None:
    derive(given)
    assert opened(given, person) == "exhibit.unknown"
    look(given, exhibits=("t1",))
    assert opened(given, person) == "exhibit.unknown"


def test_nothing_rests_on_a_copy_that_waits(given: Organisation) -> None:
    derive(given)
    assert not knows_of(given.facts(M1, fresh=True), "t1", RESPONDENT)
    look(given, exhibits=("t1",))
    assert knows_of(given.facts(M1, fresh=True), "t1", RESPONDENT)


def test_respondent_has_what_was_made_of_what_they_lodged_once_it_opens_to_them(body: Organisation) -> None:
    protect(body)
    do(body, M1, ExhibitLodged(exhibit="e2", kind="document", obtained="given"), RESPONDENT)
    derive(body, "t2", of="e2")
    assert not knows_of(body.facts(M1, fresh=True), "t2", RESPONDENT)
    assert opened(body, PANEL[0], "t2") == "exhibit.names"
    look(body, exhibits=("e2",))
    assert knows_of(body.facts(M1, fresh=True), "t2", RESPONDENT)
    assert opened(body, PANEL[0], "t2") == "allowed"


@pytest.mark.parametrize(
    "act",
    [
        BundleBuilt(bundle="b1", for_people=(RESPONDENT,), exhibits=("e1",), pages=9, digest=DIGEST),
        ExhibitLodged(exhibit="e1", kind="document", obtained="given"),
        ExhibitDerived(exhibit="t1", of="e1", how="transcript"),
    ],
)
def test_what_was_looked_through_cannot_be_exchanged_under_its_name_before_it_is_given(
    body: Organisation, act: Act
) -> None:
    protect(body)
    derive(body)
    do(body, M1, BundleBuilt(bundle="b1", for_people=(RESPONDENT,), exhibits=("e1",), pages=3, digest=DIGEST), MANAGER)
    look(body, exhibits=("e1",), bundle="b1")
    entry = body.facts(M1, fresh=True).matter.all(type(act))[-1]
    do(body, M1, CorrectionMade(entry=entry.seq, reasons="It was wrong."), entry.actor)
    done = perform(body, M1, act, entry.actor)
    assert isinstance(done.ruling, Refused)
    assert done.ruling.code == "name.taken"
