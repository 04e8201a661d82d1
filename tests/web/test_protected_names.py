"""A protected name is in no page, form or download of a matter that is served to somebody who may not know it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import (
    Allegation,
    AllegationsStated,
    CaseManagerAssigned,
    ExhibitDisclosed,
    ExhibitLodged,
    IdentityAsked,
    IdentityReleased,
    MatterAccepted,
    NamesChecked,
    PartyJoined,
    ReportAcknowledged,
    ReporterAsked,
    ReporterInformed,
    ReportLodged,
    SecondKeyGiven,
    SupportOffered,
    TriageDecided,
    all_specs,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.operations.perform import perform
from tests.web.conftest import As
from tests.web.mending import work_out
from tests.web.scenes import CHAIR, CUSTODIAN, MANAGER, MEMBER, RESPONDENT, SCRUTINEER, WHIP, must

HIDDEN = StreamId("hidden")
#: Who told, protected: no member, so that a name found anywhere is a name given away.
TELLER, WITNESS = PersonId("teller-one"), PersonId("teller-two")
ROOM = "/caucus/matters/hidden/"
PAGES = (
    "", "timeline/", "parties/", "allegations/", "fair/", "fair/?pack=ronr-discipline", "fair/cures/",
    "fair/standards/?pack=ronr-discipline", "acts/", "acts/report/", "picture/", "picture/svg/", "readings/",
)  # fmt: skip


@pytest.fixture
def hidden(caucus: Opened) -> Opened:
    """A matter told by somebody protected, with a protected witness."""
    now = datetime.now(UTC).replace(microsecond=0) - timedelta(days=10)
    steps: list[tuple[PersonId, Act]] = [
        (TELLER, ReportLodged(identity="protected", about="person", text="I fear to speak.", people=(RESPONDENT,))),
        (CUSTODIAN, CaseManagerAssigned(person=MANAGER)),
        (MANAGER, ReportAcknowledged(report=0, text="We have it.", external_routes=True)),
        (MANAGER, SupportOffered(to=TELLER)),
        (MANAGER, ReporterAsked(text="When was it?")),
        (MANAGER, TriageDecided(score="medium", reasons="Serious if true.")),
        (MANAGER, MatterAccepted(procedure="conduct-complaint", complainant=TELLER, respondent=RESPONDENT)),
        (MANAGER, PartyJoined(person=WITNESS, role="witness", protected=True)),
        (WITNESS, ExhibitLodged(exhibit="letter", kind="document", obtained="given", title="A letter")),
        (MANAGER, NamesChecked(exhibits=("letter",), found=0)),
        (MANAGER, ExhibitDisclosed(exhibits=("letter",), to=RESPONDENT)),
        (
            MANAGER,
            AllegationsStated(
                allegations=(
                    Allegation(id="a1", breach="conduct-towards-colleagues", first_on=(now - timedelta(days=9)).date()),
                )
            ),
        ),
    ]
    for who, act in steps:
        performed = perform(caucus.organisation, HIDDEN, act, who, now=now)
        if not isinstance(act, MatterAccepted | AllegationsStated):
            must(performed)
    caucus.integrator.run()
    return caucus


def fetch_all(client: Client) -> list[tuple[str, str]]:
    entries = [f"timeline/{seq}/" for seq in range(13)]
    acts = [f"acts/{one.name}/" for one in all_specs() if one.stream == "matter"]
    assert "Each by itself" in work_out(client, f"{ROOM}fair/cures/")
    found = []
    for page in (*PAGES, *entries, *acts):
        response = client.get(ROOM + page)
        assert response.status_code in {200, 302, 404}, page
        found.append((page, response.content.decode()))
    assert sum(len(text) > 2000 for _, text in found) > 20
    return found


@pytest.mark.parametrize("viewer", [RESPONDENT, CHAIR, MEMBER, WHIP])
def test_no_page_gives_away_a_protected_name(hidden: Opened, as_person: As, viewer: PersonId) -> None:
    as_person(WITNESS).get(f"{ROOM}timeline/10/")
    client = as_person(viewer)
    assert client.get(ROOM).status_code == 200
    told = [page for page, text in fetch_all(client) if TELLER in text or WITNESS in text]
    assert told == []


def test_one_protected_person_does_not_learn_of_the_other(hidden: Opened, as_person: As) -> None:
    told = [page for page, text in fetch_all(as_person(WITNESS)) if TELLER in text]
    assert told == []


def test_case_manager_knows_the_name_and_the_teller_is_told_who_does(hidden: Opened, as_person: As) -> None:
    assert TELLER in as_person(MANAGER).get(f"{ROOM}parties/").content.decode()
    page = as_person(TELLER).get(ROOM).content.decode()
    knowing = page[page.index("Who knows your name") :]
    assert MANAGER in knowing
    assert CUSTODIAN in knowing
    assert RESPONDENT not in knowing[: knowing.index("</ul>")]


def test_name_that_was_released_is_told_to_whom_it_was_released_only(hidden: Opened, as_person: As) -> None:
    asked = IdentityAsked(entry=0, ground="legal-duty", reasons="A court asks who told us.")
    request = must(perform(hidden.organisation, HIDDEN, asked, CHAIR))
    key = SecondKeyGiven(to_act="identity.released", about=request)
    must(perform(hidden.organisation, HIDDEN, key, SCRUTINEER))
    informed = ReporterInformed(text="Your name is to be released.", phase="interim")
    told = must(perform(hidden.organisation, HIDDEN, informed, MANAGER))
    released = IdentityReleased(
        person=TELLER, to=(CHAIR,), basis="legal-duty", reasons="The law says so.", reporter_told=told, request=request
    )
    must(perform(hidden.organisation, HIDDEN, released, CUSTODIAN))
    assert TELLER in as_person(CHAIR).get(f"{ROOM}parties/").content.decode()
    assert TELLER not in as_person(MEMBER).get(f"{ROOM}parties/").content.decode()
