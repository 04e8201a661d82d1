"""What the benchmarks are played in: an organisation under the caucus rulebook, and its matters."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from alteram.adapters.rulebooks import load_packs, load_rulebook
from alteram.bootstrap import Opened, create, open_folder
from alteram.core.acts import (
    CaseManagerAssigned,
    ContactMade,
    ContactPersonNamed,
    ExhibitDisclosed,
    ExhibitLodged,
    ExhibitSeen,
    InterestDeclared,
    MatterAccepted,
    OrganisationFounded,
    ReportAcknowledged,
    ReportLodged,
    RiskAssessed,
    StatementPublished,
    SupportOffered,
    TriageDecided,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.operations.founding import found
from alteram.operations.perform import perform, perform_many
from alteram.operations.recording import Proposal
from alteram.operations.rulebooks import adopt_rulebook

CUSTODIAN, MANAGER, RESPONDENT, REPORTER, CONTACT = (PersonId(one) for one in ("m10", "m20", "m05", "m03", "m21"))
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@contextmanager
def organisation(database: str = "") -> Iterator[Opened]:
    with tempfile.TemporaryDirectory() as made:
        home = Path(made) / "organisation"
        create(home, organisation="bench", origin="bench.invalid/log", database=database)
        opened = open_folder(home, clock=lambda: NOW)
        try:
            members = [PersonId(f"m{number:02d}") for number in range(1, 65)]
            offices = {"senior-whip": PersonId("m02"), "chair": PersonId("m09"), "custodian": CUSTODIAN}
            act = OrganisationFounded(
                name="Bench", kind="caucus", jurisdiction="NZ", time_zone="Pacific/Auckland", secretary=PersonId("m02")
            )
            found(opened.organisation, act, members=members, offices=offices)
            rules = load_rulebook("caucus")
            adopted = adopt_rulebook(opened.organisation, rules, act.secretary, packs=load_packs(rules))
            assert adopted, adopted
            yield opened
        finally:
            opened.close()


def begin(opened: Opened, name: str) -> StreamId:
    """Begin a matter that has a case manager, parties and a contact person."""
    stream = StreamId(name)
    acts: list[tuple[PersonId, Act]] = [
        (REPORTER, ReportLodged(identity="named", about="person", text="x" * 200, people=(RESPONDENT,))),
        (CUSTODIAN, CaseManagerAssigned(person=MANAGER)),
        (MANAGER, InterestDeclared(nature="none")),
        (MANAGER, ReportAcknowledged(report=0, text="x", external_routes=True)),
        (MANAGER, SupportOffered(to=REPORTER)),
        (MANAGER, SupportOffered(to=RESPONDENT)),
        (MANAGER, RiskAssessed(point="report", person=REPORTER, level="low", text="x")),
        (MANAGER, TriageDecided(score="medium", reasons="x")),
        (MANAGER, MatterAccepted(procedure="conduct-complaint", complainant=REPORTER, respondent=RESPONDENT)),
        (MANAGER, ContactPersonNamed(person=CONTACT, for_person=RESPONDENT, every_days=14)),
    ]
    for who, act in acts:
        done = perform(opened.organisation, stream, act, who)
        assert done, done
    return stream


def filling(stream: StreamId, count: int, first: int = 0) -> list[Proposal]:
    """The everyday of a matter, `count` acts of it."""
    proposals = []
    for number in range(first, first + count):
        exhibit = f"e{number - number % 6}"
        kinds: list[tuple[PersonId, Act]] = [
            (
                MANAGER,
                ExhibitLodged(exhibit=exhibit, kind="document", obtained="given", title="An exhibit " + "x" * 100),
            ),
            (MANAGER, ExhibitDisclosed(exhibits=(exhibit,), to=RESPONDENT)),
            (RESPONDENT, ExhibitSeen(exhibit=exhibit, person=RESPONDENT)),
            (CONTACT, ContactMade(person=RESPONDENT)),
            (MANAGER, RiskAssessed(point="during", person=REPORTER, level="low", text="No change. " + "x" * 100)),
            (RESPONDENT, StatementPublished(person=RESPONDENT, text="x" * 100)),
        ]
        who, act = kinds[number % 6]
        proposals.append(Proposal(stream, act, who))
    return proposals


def fill(opened: Opened, stream: StreamId, count: int, first: int = 0) -> None:
    for done in perform_many(opened.organisation, filling(stream, count, first)):
        assert done, done
