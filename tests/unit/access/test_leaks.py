"""A matter with a protected reporter, played through, and looked at by everybody through every door there is.

Whoever may not know the reporter's name finds it in no timeline, no export and no refusal.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from alteram.core.acts import (
    AdjustmentGranted,
    CaseManagerAssigned,
    ContactMissed,
    ExhibitDisclosed,
    ExhibitLodged,
    IdentityAsked,
    IdentityReleased,
    InterestDeclared,
    InvestigatorAppointed,
    MatterAccepted,
    MatterClosed,
    MattersLinked,
    MeetingAlleged,
    MeetingCalled,
    PartyHeard,
    PartyJoined,
    ReportAcknowledged,
    ReporterAnswered,
    ReporterAsked,
    ReporterInformed,
    ReportLodged,
    ReprisalAlleged,
    RiskAssessed,
    StatementTaken,
    SupportOffered,
)
from alteram.core.acts.fields import Act
from alteram.core.acts.reported import Reported
from alteram.core.kernel.canonical import encode_canonical
from alteram.core.kernel.identifiers import ATTEMPTS_STREAM, PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.operations.organisation import Organisation
from alteram.operations.perform import perform, rule_on
from alteram.operations.questions import UnknownMatterError, find_timeline
from tests.worlds import (
    CHAIR,
    CUSTODIAN,
    M1,
    M2,
    MANAGER,
    MEMBER,
    OUTSIDER,
    PANEL,
    RESPONDENT,
    SECRETARY,
    World,
    do,
    export,
    found_small_body,
    open_world,
    report,
    verify,
)

HIDDEN, WITNESS, INVESTIGATOR = PersonId("hidden-1"), PersonId("witness"), PersonId("investigator")
#: Everybody from whom the name is kept.
KEPT_FROM = (RESPONDENT, WITNESS, INVESTIGATOR, CHAIR, SECRETARY, MEMBER, *PANEL)
#: Those of them who named the hidden person in entries of their own, or see nothing at all.
NAMED_IT = (SECRETARY, RESPONDENT, MEMBER)
KNOWING = (HIDDEN, MANAGER, CUSTODIAN)


def play(organisation: Organisation) -> None:
    """Play a matter in which the protected reporter does, and is named in, whatever a reporter is."""
    steps: tuple[tuple[Act, PersonId], ...] = (
        (ReportLodged(identity="protected", about="person", text="It was so.", people=(RESPONDENT,)), HIDDEN),
        (CaseManagerAssigned(person=MANAGER), CUSTODIAN),
        (ReportAcknowledged(report=0, text="It arrived."), MANAGER),
        (MatterAccepted(procedure="conduct", complainant=HIDDEN, respondent=RESPONDENT), MANAGER),
        (PartyJoined(person=HIDDEN, role="witness", protected=True), MANAGER),
        (PartyJoined(person=WITNESS, role="witness"), MANAGER),
        (InvestigatorAppointed(person=INVESTIGATOR), MANAGER),
        (ReporterAsked(text="When?"), MANAGER),
        (ReporterAnswered(question=7, text="On Monday."), HIDDEN),
        (RiskAssessed(point="report", person=HIDDEN, level="high", text="Be careful."), MANAGER),
        (SupportOffered(to=HIDDEN), MANAGER),
        (ExhibitLodged(exhibit="e1", kind="recording", obtained="given", speakers=(HIDDEN, RESPONDENT)), HIDDEN),
        (ExhibitDisclosed(exhibits=("e1",), to=HIDDEN), MANAGER),
        (StatementTaken(person=HIDDEN, text="It was so."), MANAGER),
        (InterestDeclared(nature="none"), HIDDEN),
        (MeetingAlleged(meeting="eve", text="They met.", attended=(CHAIR, HIDDEN)), HIDDEN),
        (ContactMissed(person=HIDDEN, text="Nobody called."), HIDDEN),
        (AdjustmentGranted(person=HIDDEN, kind="interpreter"), MANAGER),
        (ReprisalAlleged(person=HIDDEN, text="They moved my desk."), HIDDEN),
        (
            MeetingCalled(
                meeting="h1", body="panel", at=organisation.ports.clock(), agenda=("It",), invited=(*PANEL, HIDDEN)
            ),
            SECRETARY,
        ),
        (PartyHeard(meeting="h1", person=HIDDEN), SECRETARY),
    )
    for act, actor in steps:
        do(organisation, M1, act, actor)
    told = Reported(by=RESPONDENT, asserted_by=(HIDDEN,))
    assert perform(organisation, M1, ContactMissed(person=HIDDEN), HIDDEN, reported=told)
    told = Reported(by=HIDDEN, agreed_by=(RESPONDENT,))
    assert perform(organisation, M1, InterestDeclared(nature="other"), RESPONDENT, reported=told)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Organisation]]:
    """A world whose matter `m1` was played, and its log published."""
    with open_world("memory", tmp_path_factory.mktemp("leaks")) as world:
        organisation = world.open()
        found_small_body(organisation)
        play(organisation)
        do(organisation, M2, report(), MEMBER)
        do(organisation, M2, CaseManagerAssigned(person=MANAGER), CUSTODIAN)
        do(organisation, M1, MattersLinked(other=M2, why="same-people"), MANAGER)
        do(organisation, M1, InterestDeclared(nature="none"), PANEL[0])
        integrator = world.integrator(organisation)
        integrator.run()
        integrator.cosign()
        yield world, organisation


def entry_named(organisation: Organisation, name: str, viewer: PersonId) -> dict[str, object]:
    return next(dict(one.claims) for one in find_timeline(organisation, M1, viewer) if one.act == name)


@pytest.mark.parametrize("viewer", KEPT_FROM)
def test_name_is_in_no_claim_that_others_see(played: tuple[World, Organisation], viewer: PersonId) -> None:
    organisation = played[1]
    if viewer == MEMBER:
        with pytest.raises(UnknownMatterError):
            find_timeline(organisation, M1, viewer)
        return
    timeline = find_timeline(organisation, M1, viewer)
    assert len(timeline) > 20
    for one in timeline:
        if one.claims.get("actor") != viewer:
            assert HIDDEN.encode() not in encode_canonical(one.claims), one.act


@pytest.mark.parametrize("viewer", KNOWING)
def test_name_is_seen_by_who_keeps_it_and_by_its_bearer(played: tuple[World, Organisation], viewer: PersonId) -> None:
    claims = [encode_canonical(one.claims) for one in find_timeline(played[1], M1, viewer)]
    assert sum(HIDDEN.encode() in one for one in claims) > 10


@pytest.mark.parametrize("viewer", [one for one in KEPT_FROM if one not in NAMED_IT])
def test_name_is_nowhere_in_an_export_for_others_and_the_export_verifies(
    played: tuple[World, Organisation], viewer: PersonId
) -> None:
    organisation = played[1]
    data = export(organisation, M1, viewer=viewer)
    verify(organisation, data)
    with ZipFile(BytesIO(data)) as archive:
        shown = b"".join(archive.read(name) for name in archive.namelist())
    assert HIDDEN.encode() not in shown
    assert HIDDEN.encode() not in decoded(shown)


def decoded(data: bytes) -> bytes:
    """Return what every base64url word in `data` stands for: the disclosures of entries are such words."""
    words = re.findall(rb"[A-Za-z0-9_-]{16,}", data)
    return b"\n".join(urlsafe_b64decode(word + b"=" * (-len(word) % 4)) for word in words if len(word) % 4 != 1)


def test_search_of_an_export_finds_a_name_that_is_there(played: tuple[World, Organisation]) -> None:
    with ZipFile(BytesIO(export(played[1], M1, viewer=CUSTODIAN))) as archive:
        assert HIDDEN.encode() in decoded(b"".join(archive.read(name) for name in archive.namelist()))


def test_release_opens_the_name_to_those_it_names_only(tmp_path: Path) -> None:
    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation)
        play(organisation)
        do(organisation, M1, ReporterInformed(text="An order came.", phase="interim"), MANAGER)
        asked = IdentityAsked(entry=0, ground="legal-duty", reasons="A court asks.")
        request = do(organisation, M1, asked, INVESTIGATOR).seq
        release = IdentityReleased(person=HIDDEN, to=(INVESTIGATOR,), basis="legal-duty", request=request)
        do(organisation, M1, release, CUSTODIAN)
        assert entry_named(organisation, "statement.taken/1", INVESTIGATOR)["act.person"] == HIDDEN
        assert "act.person" not in entry_named(organisation, "statement.taken/1", CHAIR)


def test_link_is_told_to_handlers_only(played: tuple[World, Organisation]) -> None:
    for viewer, tells in ((CHAIR, True), (PANEL[1], False), (RESPONDENT, False), (WITNESS, False)):
        claims = [encode_canonical(one.claims) for one in find_timeline(played[1], M1, viewer)]
        assert any(b'"m2"' in one for one in claims) is tells, viewer


def test_attempt_of_a_protected_person_names_them_to_the_custodian_only(tmp_path: Path) -> None:
    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation)
        play(organisation)
        assert not perform(organisation, M1, MatterClosed(approved_by=CHAIR), HIDDEN)
        for viewer, tells in ((CUSTODIAN, True), (CHAIR, False), (SECRETARY, False)):
            claims = [encode_canonical(one.claims) for one in find_timeline(organisation, ATTEMPTS_STREAM, viewer)]
            assert any(HIDDEN.encode() in one for one in claims) is tells, viewer
        with pytest.raises(UnknownMatterError):
            find_timeline(organisation, ATTEMPTS_STREAM, RESPONDENT)


@pytest.mark.parametrize("actor", [*KEPT_FROM, OUTSIDER])
def test_no_refusal_of_any_kind_names_the_hidden_person(played: tuple[World, Organisation], actor: PersonId) -> None:
    organisation = played[1]
    refused = 0
    for act in (
        MatterClosed(approved_by=HIDDEN),
        PartyHeard(meeting="nowhere", person=RESPONDENT),
        CaseManagerAssigned(person=HIDDEN),
        ReportLodged(identity="named", about="person", text="Again."),
        MatterAccepted(procedure="conduct"),
        ReporterAnswered(question=7, text="Mine."),
    ):
        ruling = rule_on(organisation, M1, act, actor)
        refused += isinstance(ruling, Refused)
        assert HIDDEN not in repr(ruling)
    assert refused > 3


def test_accused_who_holds_an_office_sees_the_matter_as_the_accused(tmp_path: Path) -> None:
    with open_world("memory", tmp_path) as world:
        organisation = world.open()
        found_small_body(organisation)
        do(organisation, M1, ReportLodged(identity="protected", about="person", text="So.", people=(CHAIR,)), HIDDEN)
        do(organisation, M1, CaseManagerAssigned(person=MANAGER), CUSTODIAN)
        risk = RiskAssessed(point="report", person=HIDDEN, level="high", text="Be careful of the chair.")
        do(organisation, M1, risk, MANAGER)
        assert "act.text" in entry_named(organisation, "risk.assessed/1", CHAIR)
        do(organisation, M1, MatterAccepted(procedure="conduct", respondent=CHAIR), MANAGER)
        assert "act.text" not in entry_named(organisation, "risk.assessed/1", CHAIR)
        assert "act.text" in entry_named(organisation, "risk.assessed/1", SECRETARY)
