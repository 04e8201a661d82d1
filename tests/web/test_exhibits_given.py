"""A witness reads what was disclosed to them, and nothing else of the evidence."""

import pytest

from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitDerived, ExhibitRuled, ExhibitWithheld, PartyJoined, PropositionStated
from alteram.core.kernel.identifiers import PersonId
from tests.web.conftest import As
from tests.web.evidence_scene import OTHER, PAPER, disclose, do, lodge, mark
from tests.web.programs import API, Program, read
from tests.web.scenes import CHAIR, COMPLAINANT, RESPONDENT

pytestmark = pytest.mark.django_db
ROOM = "/caucus/matters/row/"
WITNESS = PersonId("quiet-witness")


@pytest.fixture(autouse=True)
def lodged(caucus: Opened) -> Opened:
    """The matter with two papers of the complainant's, and a witness."""
    lodge(caucus, "e1", PAPER, COMPLAINANT)
    lodge(caucus, "e2", OTHER, COMPLAINANT)
    do(caucus, PartyJoined(person=WITNESS, role="witness"))
    return caucus


def test_witness_finds_what_was_disclosed_to_them_and_opens_it(as_person: As, lodged: Opened) -> None:
    client = as_person(WITNESS)
    assert client.get(f"{ROOM}exhibits/e1/").status_code == 404
    disclose(lodged, "e1", to=WITNESS)
    for address in ("exhibits/", "exhibits/e1/", "exhibits/e1/view/", "disclosure/room/"):
        answer = client.get(f"{ROOM}{address}")
        assert (answer.status_code, "Title of e1" in answer.content.decode()) == (200, True), address
    assert b"".join(client.get(f"{ROOM}exhibits/e1/file/")) == PAPER.encode()
    assert read(Program(WITNESS).get(f"{API}/matters/row/exhibits/e1"))["told"]["exhibit"] == "e1"


def test_witness_learns_of_nothing_that_was_given_to_others(as_person: As, lodged: Opened) -> None:
    disclose(lodged, "e2")
    disclose(lodged, "e1", to=WITNESS)
    client = as_person(WITNESS)
    for address in ("exhibits/e2/", "exhibits/e2/view/", "exhibits/e2/file/"):
        assert client.get(f"{ROOM}{address}").status_code == 404, address
    for address in ("exhibits/", "disclosure/room/", "timeline/"):
        assert "Title of e2" not in client.get(f"{ROOM}{address}").content.decode(), address


def test_what_was_withheld_again_is_closed_and_still_known(as_person: As, lodged: Opened) -> None:
    disclose(lodged, "e1", to=WITNESS)
    do(lodged, ExhibitWithheld(exhibit="e1", person=WITNESS, reasons="Given by mistake."))
    client = as_person(WITNESS)
    assert client.get(f"{ROOM}exhibits/e1/").status_code == 200
    assert client.get(f"{ROOM}exhibits/e1/file/").status_code == 403


def test_witness_is_not_told_who_else_has_it_nor_what_was_ruled(as_person: As, lodged: Opened) -> None:
    do(lodged, ExhibitRuled(exhibit="e1", admissible=False, reasons="It was taken."), CHAIR)
    do(lodged, ExhibitDerived(exhibit="t1", of="e1", how="redaction"), COMPLAINANT)
    do(lodged, PropositionStated(proposition="p1", text="It was decided."))
    do(lodged, mark("a1", "e1", PAPER, "The weather was fine"))
    disclose(lodged, "e1", to=RESPONDENT)
    disclose(lodged, "e1", to=WITNESS)
    client, program = as_person(WITNESS), Program(WITNESS)
    for address in ("exhibits/", "exhibits/e1/"):
        page = client.get(f"{ROOM}{address}").content.decode()
        assert "has it since" not in page, address
        assert "Ruled out" not in page, address
        assert "Neither side has it" not in page, address
        assert "Nobody has ruled" not in page, address
    shown = read(program.get(f"{API}/matters/row/exhibits/e1"))
    told = shown["told"]
    assert (told["sides"], told["admissible"], told["relied_on_by"]) == ({}, None, [])
    assert (shown["about"], shown["made_of_it"], shown["consents"]) == ([], [], [])
    assert read(program.get(f"{API}/matters/row/disclosure/due"))["due"] == []
    assert read(program.get(f"{API}/matters/row/propositions"))["speakers"] == []
    # The sides see all of it.
    told = read(Program(COMPLAINANT).get(f"{API}/matters/row/exhibits/e1"))["told"]
    assert [one["person"] for one in told["sides"]["respondent"]] == [RESPONDENT]
    assert told["admissible"] is False


def test_another_witness_sees_nothing_of_it(as_person: As, lodged: Opened) -> None:
    other = PersonId("other-witness")
    do(lodged, PartyJoined(person=other, role="witness"))
    seq = disclose(lodged, "e1", to=WITNESS)
    client = as_person(other)
    assert client.get(f"{ROOM}exhibits/e1/").status_code == 404
    assert "Title of e1" not in client.get(f"{ROOM}timeline/{seq}/").content.decode()
