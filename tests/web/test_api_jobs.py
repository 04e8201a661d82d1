"""Long work by the API: asked for without waiting, told of to who asked and to nobody else, and what it came to."""

import io
from dataclasses import replace
from typing import Any

import pikepdf
import pytest

from alteram.bootstrap import Opened
from alteram.core.acts import (
    BundleBuilt,
    ExhibitDerived,
    ExhibitDisclosed,
    ExhibitLodged,
    NamesChecked,
    PartyJoined,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.installation import background
from alteram.installation.background import LongWork, do_work
from alteram.installation.exhibit_tools import find_disclosure_tools
from tests.evidence import PlainMarking
from tests.web.evidence_scene import PAPER, do, lodge
from tests.web.programs import API, Program, read
from tests.web.scenes import COMPLAINANT, MANAGER, RESPONDENT, ROW, STRANGER

BUNDLES = f"{API}/matters/row/disclosure/bundles"
JOBS = f"{API}/matters/row/jobs"
TO_BUILD = {"bundle": "b1", "for_people": [RESPONDENT], "title": "The treasurer's file"}
LATER = {"headers": {"Prefer": "respond-async, wait=5"}}

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def lodged(caucus: Opened, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The matter with a paper of the complainant's; marks are tested where they are made."""
    tools = replace(find_disclosure_tools(), marking=PlainMarking())  # type: ignore[arg-type]  # as good here
    monkeypatch.setattr("alteram.installation.disclosure_work.find_disclosure_tools", lambda: tools)
    lodge(caucus, "e1", PAPER, COMPLAINANT)
    return caucus


def ask(address: str, contents: Any, person: str = MANAGER, **options: Any) -> Any:
    return Program(person).client.post(address, contents, content_type="application/json", **(LATER | options))


def work() -> None:
    for one in LongWork.objects.filter(ended_at=None):
        do_work.func(one.pk)


def look(job: str, person: str = MANAGER) -> Any:
    return read(Program(person).get(f"{JOBS}/{job}"))


def test_bundle_is_asked_for_built_and_served_without_waiting(lodged: Opened) -> None:
    asked = ask(BUNDLES, TO_BUILD)
    job = read(asked, 202)
    assert (job["kind"], job["state"], job["parts"], job["entry"]) == ("bundle", "under-way", 2, None)
    assert asked["Location"] == f"{JOBS}/{job['job']}"
    assert asked["Preference-Applied"] == "respond-async"
    assert look(job["job"])["state"] == "under-way"
    work()
    done = look(job["job"])
    (act,) = (one.act for one in lodged.organisation.facts(ROW, fresh=True).matter.all(BundleBuilt))
    assert (done["state"], act.exhibits) == ("done", ("e1",))
    with pikepdf.open(io.BytesIO(b"".join(Program(MANAGER).get(f"{BUNDLES}/b1/file").streaming_content))) as pdf:
        assert "The treasurer's file" in str(pdf.open_metadata()["dc:title"])
    served = read(ask(f"{BUNDLES}/b1/serve", {"people": [RESPONDENT]}), 202)
    work()
    (one,) = look(served["job"])["served"]
    (given,) = lodged.organisation.facts(ROW, fresh=True).matter.all(ExhibitDisclosed)
    assert one == {"person": RESPONDENT, "entry": given.seq, "because": None}


def test_title_of_a_bundle_is_kept_sealed_while_it_waits() -> None:
    read(ask(BUNDLES, TO_BUILD), 202)
    assert "treasurer" not in str(LongWork.objects.values())


def test_whoever_does_not_ask_for_it_waits() -> None:
    assert read(ask(BUNDLES, TO_BUILD, headers={"Prefer": "return=minimal"}), 201)["seq"]
    assert not LongWork.objects.exists()


def test_job_that_the_rules_refuse_says_why() -> None:
    for _ in range(2):
        job = read(ask(BUNDLES, TO_BUILD), 202)["job"]
        work()
    told = look(job)
    assert (told["state"], told["entry"]) == ("refused", None)
    assert told["because"]


def test_job_that_broke_off_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("This is for the log.")

    job = read(ask(BUNDLES, TO_BUILD), 202)["job"]
    monkeypatch.setitem(background.RUNNERS, "bundle", f"{__name__}.nothing")
    monkeypatch.setattr(f"{__name__}.nothing", fail, raising=False)
    with pytest.raises(RuntimeError):
        work()
    told = look(job)
    assert (told["state"], told["entry"], told["because"]) == ("broke-off", None, None)


def test_names_are_looked_for_later_and_places_are_told_without_words() -> None:
    read(Program(MANAGER).post(BUNDLES, TO_BUILD), 201)
    job = read(Program(MANAGER).post(f"{BUNDLES}/b1/names", {}), 202)
    assert job["kind"] == "names"
    work()
    told = look(job["job"])
    assert (told["state"], told["count"], told["places"]) == ("done", 0, [])


@pytest.mark.parametrize("what", [{"exhibits": ["e1"]}, {"exhibits": ["e1"], "gist": "A vote.", "also": ["Birdie"]}])
def test_names_are_looked_for_in_what_is_given_by_itself(what: dict[str, Any]) -> None:
    job = read(Program(MANAGER).post(f"{API}/matters/row/disclosure/names", what), 202)
    work()
    told = look(job["job"])
    assert (told["state"], told["count"], told["places"]) == ("done", 0, [])
    assert (
        Program(MANAGER).post(f"{API}/matters/row/disclosure/names", {**what, "exhibits": ["e1", "e9"]}).status_code
        == 404
    )
    assert Program(MANAGER).post(f"{API}/matters/row/disclosure/names", {**what, "exhibits": []}).status_code == 422
    for person in (RESPONDENT, COMPLAINANT, STRANGER):
        assert Program(person).post(f"{API}/matters/row/disclosure/names", what).status_code == 404


def test_what_waits_to_be_looked_through_is_told_to_who_handles_the_matter(lodged: Opened) -> None:
    names = f"{API}/matters/row/disclosure/names"
    do(lodged, ExhibitDerived(exhibit="t1", of="e1", how="translation"))
    assert read(Program(MANAGER).get(names)) == {"waiting": []}
    do(lodged, PartyJoined(person=PersonId("quiet-witness"), role="witness", protected=True))
    do(lodged, ExhibitDerived(exhibit="t2", of="e1", how="translation"))
    assert read(Program(MANAGER).get(names)) == {"waiting": ["t2"]}
    for person in (RESPONDENT, COMPLAINANT, STRANGER):
        assert Program(person).get(names).status_code == 404
    do(lodged, NamesChecked(exhibits=("e1",), found=0))
    assert read(Program(MANAGER).get(names)) == {"waiting": []}


def test_job_is_told_to_nobody_but_who_asked() -> None:
    job = read(ask(BUNDLES, TO_BUILD), 202)["job"]
    for person in (RESPONDENT, COMPLAINANT, STRANGER):
        assert Program(person).get(f"{JOBS}/{job}").status_code == 404
    assert Program(MANAGER).get(f"{JOBS}/{'0' * 64}").status_code == 404
    assert Program(MANAGER).get(f"{API}/matters/nowhere/jobs/{job}").status_code == 404
    assert Program(MANAGER, ("propose",)).get(f"{JOBS}/{job}").status_code == 403


def test_who_may_not_do_it_now_may_not_have_it_done_later() -> None:
    for person in (RESPONDENT, COMPLAINANT, STRANGER):
        assert ask(BUNDLES, TO_BUILD, person).status_code == 404
        assert ask(f"{BUNDLES}/b1/serve", {"people": [RESPONDENT]}, person).status_code == 404
        assert ask(f"{BUNDLES}/b1/names", {}, person).status_code == 404
    assert not LongWork.objects.exists()


def test_no_more_waits_than_there_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "MOST_WAITING", 1)
    read(ask(BUNDLES, TO_BUILD), 202)
    answer = read(ask(BUNDLES, TO_BUILD | {"bundle": "b2"}), 409)
    assert answer["type"].endswith("full")
    assert LongWork.objects.count() == 1


def test_upload_is_lodged_without_waiting_and_then_gone(lodged: Opened) -> None:
    program = Program(COMPLAINANT)
    uploads = f"{API}/matters/row/uploads"
    content = b"page one" * 100
    name = read(program.post(uploads, {"file_name": "letter.txt", "size": len(content)}), 201)["upload"]
    fields = {"exhibit": "e5", "kind": "document", "obtained": "given"}
    address, sent = f"{uploads}/{name}/lodge", {"fields": fields}
    assert ask(address, sent, COMPLAINANT).status_code == 409  # it is not whole yet
    part = program.client.post(f"{uploads}/{name}/parts?offset=0", content, content_type="application/octet-stream")
    assert read(part)["is_whole"]
    assert ask(address, sent, RESPONDENT).status_code == 404
    assert (
        read(ask(address, {"fields": fields | {"exhibit": "e1"}}, COMPLAINANT), 409)["ruling"]["code"] == "name.taken"
    )
    job = read(ask(address, sent, COMPLAINANT), 202)
    assert (job["kind"], job["state"]) == ("lodging", "under-way")
    work()
    done = look(job["job"], COMPLAINANT)
    assert (done["state"], done["done"]) == ("done", done["parts"])
    acts = lodged.organisation.facts(ROW, fresh=True).matter.all(ExhibitLodged)
    assert [one.seq for one in acts if one.act.exhibit == "e5"] == [done["entry"]]
    assert read(program.get(uploads))["uploads"] == []
