"""Disclosure by the API: due, equality, a bundle built, served, received and traced; and who may do none of it."""

import io
from dataclasses import replace
from typing import Any

import pikepdf
import pytest

from alteram.bootstrap import Opened
from alteram.core.acts import BundleBuilt, CopyTraced, ExhibitDisclosed, ExhibitWithheld
from alteram.installation.exhibit_tools import find_disclosure_tools
from tests.evidence import PlainMarking
from tests.web.evidence_scene import OTHER, PAPER, disclose, do, lodge
from tests.web.programs import API, Program, read
from tests.web.scenes import COMPLAINANT, MANAGER, MEMBER, RESPONDENT, ROW, STRANGER

ROOM = f"{API}/matters/row/disclosure"
BUNDLES = f"{ROOM}/bundles"
READ = ("/due", "/equality", "/bundles", "/bundles/b1", "/bundles/b1/file", "/room", "/room/5")
TO_BUILD = {"bundle": "b1", "for_people": [RESPONDENT]}
TO_SERVE = {"people": [RESPONDENT]}

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    tools = replace(find_disclosure_tools(), marking=PlainMarking())  # type: ignore[arg-type]  # as good here
    for module in ("disclosure", "tracing"):
        monkeypatch.setattr(f"alteram.api.{module}.find_disclosure_tools", lambda: tools)


@pytest.fixture
def lodged(caucus: Opened) -> Opened:
    """The matter with two papers of the complainant's."""
    lodge(caucus, "e1", PAPER, COMPLAINANT)
    lodge(caucus, "e2", OTHER, COMPLAINANT)
    return caucus


def acts(opened: Opened, kind: type[Any]) -> list[Any]:
    return [one.act for one in opened.organisation.facts(ROW, fresh=True).matter.all(kind)]


def send(program: Program, data: bytes, asked: str = "") -> Any:
    return program.client.post(f"{ROOM}/trace{asked}", data, content_type="application/octet-stream")


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_due_and_equality_change_once_both_sides_have_it(lodged: Opened) -> None:
    program = Program(RESPONDENT)
    due = read(program.get(f"{ROOM}/due"))["due"]
    assert {(one["exhibit"], one["person"], one["state"]) for one in due} == {
        ("e1", RESPONDENT, "due"), ("e2", RESPONDENT, "due")
    }  # fmt: skip
    assert all(one["clause"] for one in due)
    assert read(program.get(f"{ROOM}/equality"))["unequal"] == ["e1", "e2"]
    disclose(lodged, "e1")
    assert read(program.get(f"{ROOM}/equality"))["unequal"] == ["e2"]
    states = {one["exhibit"]: one["state"] for one in read(program.get(f"{ROOM}/due"))["due"]}
    assert states == {"e1": "given", "e2": "due"}


def test_bundle_is_built_served_opened_received_and_traced(lodged: Opened) -> None:
    do(lodged, ExhibitWithheld(exhibit="e2", person=RESPONDENT, gist="It says so too.", reasons="Harm."))
    manager, respondent = Program(MANAGER), Program(RESPONDENT)
    assert read(manager.get(BUNDLES))["choice"] == ["e1", "e2"]
    built = [manager.post(BUNDLES, TO_BUILD, key="k") for _ in range(2)]
    assert read(built[0], 201)["seq"]
    assert built[0].content == built[1].content
    (act,) = acts(lodged, BundleBuilt)
    assert (act.exhibits, act.withheld) == (("e1",), ("e2",))
    shown = read(manager.get(f"{BUNDLES}/b1"))
    assert [(one["exhibit"], one["state"]) for one in shown["placed"]] == [("e1", "shown")]
    assert [(one["exhibit"], one["gist"]) for one in shown["withheld"]] == [("e2", "It says so too.")]
    unmarked = body(manager.get(f"{BUNDLES}/b1/file"))
    with pikepdf.open(io.BytesIO(unmarked)) as pdf:
        assert len(pdf.pages) == act.pages
    assert read(respondent.get(f"{ROOM}/room"))["copies"] == []
    (served,) = read(manager.post(f"{BUNDLES}/b1/serve", TO_SERVE))["served"]
    assert (served["person"], served["ruling"]["outcome"]) == (RESPONDENT, "allowed")
    (copy,) = read(respondent.get(f"{ROOM}/room"))["copies"]
    assert (copy["entry"], copy["by"], copy["receipt"]) == (served["entry"], "page", None)
    marked = body(respondent.get(f"{ROOM}/room/{copy['entry']}"))
    assert marked != unmarked
    for other in (MANAGER, COMPLAINANT):
        assert Program(other).get(f"{ROOM}/room/{copy['entry']}").status_code == 404
    receipt = {"act": "receipt.given", "fields": {"disclosure": copy["entry"]}}
    assert read(respondent.post(f"{API}/matters/row/acts", receipt), 201)
    assert read(respondent.get(f"{ROOM}/room"))["copies"][0]["receipt"] is not None
    traced = read(send(manager, marked))
    assert (traced["outcome"], traced["error"]) == ("found", "at most 1 in 1,000,000")
    assert [(one["person"], one["bundle"]) for one in traced["copies"]] == [(RESPONDENT, "b1")]
    assert acts(lodged, CopyTraced) == []
    typed = read(send(manager, b"The vote was taken on Monday.", "?record=true"))
    assert (typed["outcome"], typed["copies"], typed["why"]) == ("cannot-tell", [], "text")
    assert [one.outcome for one in acts(lodged, CopyTraced)] == ["cannot-tell"]


def test_serving_what_the_rules_refuse_says_why_and_a_printed_copy_is_printed_by_who_serves_it(lodged: Opened) -> None:
    manager = Program(MANAGER)
    assert read(manager.post(BUNDLES, TO_BUILD), 201)
    (served,) = read(manager.post(f"{BUNDLES}/b1/serve", {"people": [STRANGER]}))["served"]
    assert (served["entry"], served["ruling"]["outcome"]) == (None, "refused")
    assert [one for one in acts(lodged, ExhibitDisclosed) if one.bundle] == []
    (served,) = read(manager.post(f"{BUNDLES}/b1/serve", TO_SERVE | {"by": "print"}))["served"]
    printed = manager.get(f"{API}/matters/row/entries/{served['entry']}/files/0")  # who serves it prints it
    assert body(printed).endswith(b"%" + RESPONDENT.encode())
    assert Program(COMPLAINANT).get(f"{API}/matters/row/entries/{served['entry']}/files/0").status_code == 404
    assert read(manager.post(BUNDLES, TO_BUILD), 409)["ruling"]["outcome"] == "refused"


@pytest.mark.usefixtures("lodged")
def test_stranger_finds_nothing() -> None:
    program = Program(STRANGER)
    for place in READ:
        there, nowhere = (program.get(one) for one in (ROOM + place, (ROOM + place).replace("row", "nowhere")))
        assert (there.status_code, there.content) == (404, nowhere.content)
    assert program.post(BUNDLES, TO_BUILD).status_code == 404
    assert program.post(f"{BUNDLES}/b1/serve", TO_SERVE).status_code == 404
    assert send(program, b"a leak").status_code == 404


def test_who_does_not_handle_the_matter_neither_sees_nor_builds_nor_serves_nor_traces(lodged: Opened) -> None:
    for person in (RESPONDENT, COMPLAINANT):
        program = Program(person)
        for place in ("/bundles", "/bundles/b1", "/bundles/b1/file"):
            assert program.get(ROOM + place).status_code == 404
        assert program.post(BUNDLES, TO_BUILD).status_code == 404
        assert program.post(f"{BUNDLES}/b1/serve", TO_SERVE).status_code == 404
        assert send(program, b"a leak").status_code == 404
    assert acts(lodged, BundleBuilt) == []


@pytest.mark.usefixtures("lodged")
def test_building_serving_and_recording_a_trace_need_their_scope(monkeypatch: pytest.MonkeyPatch) -> None:
    program = Program(MANAGER, ("read",))
    assert program.post(BUNDLES, TO_BUILD).status_code == 403
    assert program.post(f"{BUNDLES}/b1/serve", TO_SERVE).status_code == 403
    assert send(program, b"a leak", "?record=true").status_code == 403
    assert read(send(program, b"a leak"))["outcome"] == "cannot-tell"
    monkeypatch.setattr("alteram.api.tracing.MAX_AT_ONCE", 5)
    assert read(send(program, b"a lea"))["outcome"] == "cannot-tell"
    assert send(program, b"a leak").status_code == 413


@pytest.mark.usefixtures("lodged")
def test_bundle_for_nobody_does_not_fit() -> None:
    program = Program(MANAGER)
    assert read(program.post(BUNDLES, {"bundle": "b1", "for_people": []}), 422)["misfits"]
    assert read(program.post(f"{BUNDLES}/b1/serve", {"people": []}), 422)["misfits"]
    assert program.get(f"{BUNDLES}/b9").status_code == 404


@pytest.mark.usefixtures("lodged")
def test_file_for_who_decides_is_refused_before_and_served_behind_that_of_the_respondent() -> None:
    manager, decider = Program(MANAGER), MEMBER
    assert read(manager.post(BUNDLES, TO_BUILD | {"for_people": [decider, RESPONDENT]}), 201)

    def serve(*people: str, by: str) -> list[tuple[str, str]]:
        served = read(manager.post(f"{BUNDLES}/b1/serve", {"people": people, "by": by}))["served"]
        return [(one["person"], one["ruling"].get("code", "served")) for one in served]

    assert serve(decider, by="file") == [(decider, "exhibit.undisclosed")]
    assert serve(decider, RESPONDENT, by="print") == [(RESPONDENT, "served"), (decider, "exhibit.undisclosed")]
    assert serve(decider, RESPONDENT, by="file") == [(RESPONDENT, "served"), (decider, "served")]
    asked = {"act": "exhibit.disclosed", "fields": {"exhibits": ["e1"], "to": decider, "by": "print"}}
    assert read(manager.post(f"{API}/matters/row/acts", asked), 201)


@pytest.mark.usefixtures("lodged")
def test_exhibit_given_by_hand_to_who_decides_is_refused_by_the_api_and_says_whose_comes_first() -> None:
    asked = {"act": "exhibit.disclosed", "fields": {"exhibits": ["e1"], "to": MEMBER, "by": "file"}}
    refused = read(Program(MANAGER).post(f"{API}/matters/row/acts", asked), 409)["ruling"]
    assert (refused["code"], refused["missing"]) == ("exhibit.undisclosed", ["exhibit.disclosed"])
    assert f"to {RESPONDENT} first" in refused["because"]
