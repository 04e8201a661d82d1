"""Ways round the rules of evidence that were tried and are closed: what one could open, give, or say of another."""

from collections.abc import Callable
from hashlib import sha256

import pytest

from alteram.core.acts import (
    BundleBuilt,
    ConsentRecorded,
    DraftReportServed,
    ExhibitDerived,
    ExhibitDisclosed,
    ExhibitLodged,
    ExhibitQuarantined,
    ExhibitSeen,
    ExhibitWithheld,
    NamesChecked,
    NoticeServed,
    PartyJoined,
    PartySevered,
    RedactionChecked,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.core.rules.bundles import find_unlooked
from alteram.core.rules.recordings import find_consents
from alteram.operations.attachments import begin_attachment, open_attachment
from alteram.operations.entries import enter
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.exhibits.opening import open_exhibit
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform
from alteram.operations.questions import UnknownMatterError
from tests.evidence import BAD, build_plain_tools
from tests.worlds import (
    COMPLAINANT,
    CUSTODIAN,
    M1,
    MANAGER,
    RESPONDENT,
    SECRETARY,
    do,
)

DIGEST = "ab" * 32
OTHER = PersonId("somebody-else")


@pytest.fixture
def body(body: Organisation) -> Organisation:
    lodge(body, "e1")
    return body


def lodge(body: Organisation, name: str, content: bytes = b"one") -> None:
    prepared = prepare(body, M1, receive(body, M1, [content]), build_plain_tools(), kind="document")
    assert lodge_exhibit(
        body, M1, ExhibitLodged(exhibit=name, kind="document", obtained="given"), COMPLAINANT, prepared
    )


def code(body: Organisation, act: Act, by: PersonId = MANAGER) -> str:
    done = perform(body, M1, act, by)
    return done.ruling.code if isinstance(done.ruling, Refused) else "allowed"


def opened(body: Organisation, person: PersonId, exhibit: str = "e1") -> str:
    found = open_exhibit(enter(body, M1, person), exhibit, now=body.ports.clock().replace(microsecond=0))
    return found.code if isinstance(found, Refused) else b"".join(found.read()).decode()


def join(body: Organisation, role: str, *, protected: bool = False, person: PersonId = OTHER) -> None:
    do(body, M1, PartyJoined(person=person, role=role, protected=protected), MANAGER)  # type: ignore[arg-type]  # one of them


@pytest.mark.parametrize("name", ["e1", "nothing"])
def test_witness_is_told_the_same_of_an_exhibit_that_is_closed_and_of_one_that_is_not_there(
    body: Organisation, name: str
) -> None:
    join(body, "witness")
    assert opened(body, OTHER, name) == "exhibit.unknown"


def test_witness_to_whom_an_exhibit_was_given_opens_it(body: Organisation) -> None:
    join(body, "witness")
    do(body, M1, ExhibitDisclosed(exhibits=("e1",), to=OTHER), MANAGER)
    assert opened(body, OTHER) == "one"


def test_witness_is_not_told_that_a_scanner_found_something(body: Organisation) -> None:
    join(body, "witness")
    lodge(body, "e2", BAD)
    assert opened(body, OTHER, "e2") == "exhibit.unknown"
    assert opened(body, RESPONDENT, "e2") == "exhibit.quarantined"


def serve_copy(body: Organisation, to: PersonId) -> int:
    do(body, M1, BundleBuilt(bundle="b1", for_people=(to,), exhibits=("e1",), pages=1, digest=DIGEST), MANAGER)
    incoming = begin_attachment(body, M1, "copy.pdf")
    incoming.write(b"the copy")
    digest = sha256(b"the copy").hexdigest()
    act = ExhibitDisclosed(exhibits=("e1",), to=to, bundle="b1", digest=digest)
    done = perform(body, M1, act, MANAGER, attachments=(incoming.finish(),))
    assert done.seq is not None
    return done.seq


def read_copy(body: Organisation, seq: int, person: PersonId) -> bytes | None:
    try:
        return b"".join(open_attachment(body, M1, seq, 0, person).content)
    except UnknownMatterError:
        return None


def test_copy_closes_when_the_part_ends_of_whom_it_was_served_on(body: Organisation) -> None:
    join(body, "companion")
    seq = serve_copy(body, OTHER)
    assert read_copy(body, seq, OTHER) == b"the copy"
    do(body, M1, PartySevered(person=OTHER, role="companion"), MANAGER)
    assert read_copy(body, seq, OTHER) is None


@pytest.mark.parametrize(
    "act",
    [
        ExhibitWithheld(exhibit="e1", person=RESPONDENT, reasons="It names a child."),
        ExhibitQuarantined(exhibit="e1", found="Something"),
    ],
)
def test_copy_closes_with_an_exhibit_in_it(body: Organisation, act: Act) -> None:
    seq = serve_copy(body, RESPONDENT)
    assert read_copy(body, seq, RESPONDENT) == b"the copy"
    do(body, M1, act, MANAGER)
    assert read_copy(body, seq, RESPONDENT) is None


GIVING: tuple[Callable[[str], Act], ...] = (
    lambda one: ExhibitDisclosed(exhibits=(one,), to=RESPONDENT),
    lambda one: NoticeServed(to=RESPONDENT, allegations=(), exhibits=(one,)),
    lambda one: DraftReportServed(to=RESPONDENT, exhibits=(one,)),
)


@pytest.mark.parametrize("give", GIVING)
def test_nothing_in_quarantine_is_given_by_any_act(body: Organisation, give: Callable[[str], Act]) -> None:
    do(body, M1, ExhibitQuarantined(exhibit="e1", found="Something"), MANAGER)
    assert code(body, give("e1")) == "exhibit.quarantined"
    do(body, M1, ExhibitQuarantined(exhibit="e1", lifted=True), MANAGER)
    assert code(body, give("e1")) == "allowed"


@pytest.mark.parametrize("give", GIVING)
def test_redaction_that_nobody_checked_is_given_by_no_act(body: Organisation, give: Callable[[str], Act]) -> None:
    do(body, M1, ExhibitDerived(exhibit="r1", of="e1", how="redaction", cuts=1), MANAGER)
    assert code(body, give("r1")) == "redaction.unchecked"
    do(body, M1, RedactionChecked(exhibit="r1", agreed=True), SECRETARY)
    assert code(body, give("r1")) == "allowed"


def test_what_was_made_of_something_in_quarantine_stays_closed_whatever_else_is_let_go(body: Organisation) -> None:
    for name, of in (("t1", "e1"), ("t2", "t1")):
        do(body, M1, ExhibitDerived(exhibit=name, of=of, how="transcript"), MANAGER)
    do(body, M1, ExhibitQuarantined(exhibit="t1", found="Something"), MANAGER)
    do(body, M1, ExhibitQuarantined(exhibit="e1", lifted=True), MANAGER)
    for name, expected in (("e1", "one"), ("t1", "exhibit.quarantined"), ("t2", "exhibit.quarantined")):
        assert opened(body, COMPLAINANT, name) == expected


@pytest.mark.parametrize("by", [COMPLAINANT, MANAGER, CUSTODIAN])
def test_nobody_records_that_another_saw_an_exhibit(body: Organisation, by: PersonId) -> None:
    assert code(body, ExhibitSeen(exhibit="e1", person=RESPONDENT), by) == "exhibit.seen-by-another"
    assert code(body, ExhibitSeen(exhibit="e1", person=by), by) == "allowed"


def test_look_for_names_counts_for_those_who_were_protected_when_it_was_taken(body: Organisation) -> None:
    join(body, "witness", protected=True)
    do(body, M1, BundleBuilt(bundle="b1", for_people=(RESPONDENT,), exhibits=("e1",), pages=1, digest=DIGEST), MANAGER)
    do(body, M1, NamesChecked(bundle="b1", found=0), MANAGER)
    join(body, "witness", protected=True, person=PersonId("another"))
    act = ExhibitDisclosed(exhibits=("e1",), to=RESPONDENT, bundle="b1")
    assert find_unlooked(body.facts(M1, fresh=True), "b1", RESPONDENT) == {"another"}
    assert code(body, act) == "bundle.names"
    do(body, M1, NamesChecked(bundle="b1", found=0), MANAGER)
    assert code(body, act) == "allowed"


def test_consent_that_another_tells_of_is_not_taken_and_takes_nothing_back(body: Organisation) -> None:
    lodged = ExhibitLodged(exhibit="call", kind="recording", obtained="given", speakers=(RESPONDENT,))
    do(body, M1, lodged, COMPLAINANT)

    def find_state() -> list[str]:
        return [one.act.state for one in find_consents(body.facts(M1, fresh=True), "call").values()]

    for by, state, expected in (
        (COMPLAINANT, "before", []),
        (COMPLAINANT, "refused", ["refused"]),
        (RESPONDENT, "refused", ["refused"]),
        (COMPLAINANT, "before", ["refused"]),
        (RESPONDENT, "after", ["after"]),
        (COMPLAINANT, "refused", ["after"]),
    ):
        do(body, M1, ConsentRecorded(exhibit="call", speaker=RESPONDENT, state=state), by)  # type: ignore[arg-type]  # one of them
        assert find_state() == expected
