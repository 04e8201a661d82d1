"""Disclosure: what is due, bundles built and served as long work, and each party's reading room with their own copy."""

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import (
    BundleBuilt,
    ExhibitDisclosed,
    ExhibitRuled,
    ExhibitWithheld,
    NamesChecked,
    PartyJoined,
    ReceiptGiven,
    ReporterAsked,
)
from alteram.core.kernel.identifiers import PersonId
from alteram.installation import background, disclosure_work
from alteram.installation.background import LongWork, Tell, do_work
from alteram.installation.models import DirectoryEntry
from alteram.installation.organisations import read_now
from alteram.operations.disclosure.bundling import MAX_TITLE
from tests.web.conftest import As
from tests.web.counting import count_queries
from tests.web.evidence_scene import OTHER, PAPER, disclose, do, lodge
from tests.web.scenes import CHAIR, COMPLAINANT, MANAGER, MEMBER, RESPONDENT, ROW, STRANGER

ROOM = "/caucus/matters/row/disclosure/"
BUNDLES = f"{ROOM}bundles/"
ONE = f"{BUNDLES}bundle-1/"
#: What who handles the matter reads, with a name before it.
WHO_FIRST = "first; who decides is handed it after."
WITNESS = PersonId("quiet-witness")


@pytest.fixture
def lodged(caucus: Opened) -> Opened:
    """The matter with two papers of the complainant's."""
    lodge(caucus, "e1", PAPER, COMPLAINANT)
    lodge(caucus, "e2", OTHER, COMPLAINANT)
    return caucus


def work() -> None:
    """Do what was asked for, as the process for long work does."""
    for one in LongWork.objects.filter(ended_at=None):
        do_work.func(one.pk)


def build(client: Client, *people: str, exhibits: tuple[str, ...] = ("e1", "e2")) -> str:
    """Have a bundle built, and return the page that tells of it."""
    asked = client.post(BUNDLES, {"people": people or (RESPONDENT,), "exhibits": exhibits})
    assert (asked.status_code, asked["Location"]) == (302, BUNDLES)
    assert "A bundle is being built." in client.get(BUNDLES).content.decode()
    work()
    return client.get(BUNDLES).content.decode()


def serve(client: Client, *people: str, by: str = "page") -> str:
    """Have it served, and return its page."""
    assert client.post(f"{ONE}serving/", {"people": people, "by": by}).status_code == 302
    work()
    return client.get(ONE).content.decode()


def test_due_says_who_must_have_what_and_then_since_when(as_person: As, lodged: Opened) -> None:
    for person in (MANAGER, RESPONDENT, COMPLAINANT):
        page = as_person(person).get(ROOM).content.decode()
        assert "Title of e1" in page
        assert ">due<" in page
    disclose(lodged, "e1", "e2")
    page = as_person(RESPONDENT).get(ROOM).content.decode()
    assert ">due<" not in page
    assert ">given<" in page


def test_page_of_who_handles_the_matter_leads_to_bundles_and_no_other(as_person: As, lodged: Opened) -> None:
    assert BUNDLES in as_person(MANAGER).get(ROOM).content.decode()
    assert BUNDLES not in as_person(RESPONDENT).get(ROOM).content.decode()


@pytest.mark.parametrize("address", [ROOM, f"{ROOM}room/", f"{ROOM}room/12/", BUNDLES, ONE, f"{ONE}file/"])
def test_stranger_finds_nothing(as_person: As, lodged: Opened, address: str) -> None:
    assert as_person(STRANGER).get(address).status_code == 404


@pytest.mark.parametrize("person", [RESPONDENT, COMPLAINANT, MEMBER])
def test_who_does_not_handle_the_matter_neither_sees_nor_builds_nor_serves_bundles(
    as_person: As, lodged: Opened, person: PersonId
) -> None:
    client = as_person(person)
    assert client.get(BUNDLES).status_code == 404
    assert client.post(BUNDLES, {"people": RESPONDENT, "exhibits": "e1"}).status_code == 404
    for address in (ONE, f"{ONE}file/"):
        assert client.get(address).status_code == 404
    for address in (f"{ONE}serving/", f"{ONE}names/"):
        assert client.post(address, {"people": RESPONDENT}).status_code == 404
    assert not LongWork.objects.exists()


def begin_again() -> None:
    """Let what was done wait again, as after a process that was stopped before it could say so."""
    LongWork.objects.update(ended_at=None, outcome=None)
    work()


def test_work_that_is_begun_again_records_nothing_twice(as_person: As, lodged: Opened) -> None:
    client = as_person(MANAGER)
    build(client, RESPONDENT, COMPLAINANT)
    begin_again()
    assert client.post(f"{ONE}serving/", {"people": [RESPONDENT, COMPLAINANT], "by": "page"}).status_code == 302
    do(lodged, ExhibitDisclosed(exhibits=("e1", "e2"), to=RESPONDENT, bundle="bundle-1"))
    work()
    begin_again()
    matter = lodged.organisation.facts(ROW, fresh=True).matter
    assert [one.act.bundle for one in matter.all(BundleBuilt)] == ["bundle-1"]
    assert [one.act.to for one in matter.all(ExhibitDisclosed)] == [RESPONDENT, COMPLAINANT]
    outcomes: list[Any] = [one.outcome for one in LongWork.objects.order_by("pk")]
    assert outcomes[0] == {"seq": matter.all(BundleBuilt)[0].seq}
    assert [one["person"] for one in outcomes[1]["served"]] == [RESPONDENT, COMPLAINANT]
    assert client.post(f"{ONE}serving/", {"people": [RESPONDENT], "by": "print"}).status_code == 302
    work()
    printed = lodged.organisation.facts(ROW, fresh=True).matter.all(ExhibitDisclosed)[-1]
    assert len(lodged.organisation.facts(ROW, fresh=True).matter.all(ExhibitDisclosed)) == 3
    sent = client.get(f"/caucus/matters/row/timeline/{printed.seq}/files/0/")["Content-Disposition"]
    assert sent == f'attachment; filename="bundle-1-{RESPONDENT}.pdf"'


@pytest.mark.parametrize(
    "sent", [{}, {"people": RESPONDENT}, {"exhibits": "e1"}, {"people": STRANGER, "exhibits": "e1"},
             {"people": RESPONDENT, "exhibits": "e9"}]
)  # fmt: skip
def test_bundle_of_nothing_or_for_nobody_is_not_asked_for(as_person: As, lodged: Opened, sent: dict[str, str]) -> None:
    answer = as_person(MANAGER).post(BUNDLES, sent)
    assert answer.status_code == 422
    assert "Tick at least one person" in answer.content.decode()
    assert not LongWork.objects.exists()


def test_title_of_a_bundle_is_on_its_front_and_one_too_long_loses_nothing(as_person: As, lodged: Opened) -> None:
    manager, asked = as_person(MANAGER), {"people": RESPONDENT, "exhibits": "e1"}
    answer = manager.post(BUNDLES, asked | {"title": "x" * (MAX_TITLE + 1)})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "x" * (MAX_TITLE + 1) in page
    assert re.search(rf'value="{RESPONDENT}"[^>]* checked', page)
    assert not LongWork.objects.exists()
    title = "The <file> of the row".ljust(MAX_TITLE, "x")
    assert manager.post(BUNDLES, asked | {"title": title}).status_code == 302
    assert "<file>" not in str(LongWork.objects.values())
    work()
    with pikepdf.open(io.BytesIO(b"".join(manager.get(f"{ONE}file/")))) as pdf:
        assert title in str(pdf.open_metadata()["dc:title"])


def test_bundle_is_built_served_opened_in_the_reading_room_and_received(as_person: As, lodged: Opened) -> None:
    do(
        lodged,
        ExhibitWithheld(exhibit="e2", person=RESPONDENT, gist="A second paper says so too.", reasons="Harm."),
    )
    manager = as_person(MANAGER)
    assert "bundle-1" in build(manager)
    page = manager.get(ONE).content.decode()
    assert "Title of e1" in page
    assert "A second paper says so too." in page
    assert "served on nobody yet" in page
    unmarked = b"".join(manager.get(f"{ONE}file/"))
    with pikepdf.open(io.BytesIO(unmarked)) as pdf:
        (event,) = lodged.organisation.facts(ROW, fresh=True).matter.all(BundleBuilt)
        assert len(pdf.pages) == event.act.pages
    respondent = as_person(RESPONDENT)
    before = respondent.get(f"{ROOM}room/").content.decode()
    assert "No bundle was served on you yet." in before
    assert "A second paper says so too." in before  # the gist is theirs at once

    served = serve(manager, RESPONDENT)
    assert "not confirmed yet" in served
    assert "Marks that nobody sees: pages of which each one alone can be traced, " in served
    (given,) = lodged.organisation.facts(ROW, fresh=True).matter.all(ExhibitDisclosed)
    room = respondent.get(f"{ROOM}room/").content.decode()
    own = f"{ROOM}room/{given.seq}/"
    assert own in room
    assert "your lawyer" in room
    copy = b"".join(respondent.get(own))
    assert copy.startswith(b"%PDF")
    assert copy != unmarked
    # The copy is theirs alone: the other side has no way to it.
    assert as_person(COMPLAINANT).get(own).status_code == 404
    assert as_person(STRANGER).get(own).status_code == 404
    readings = as_person(MANAGER).get("/caucus/matters/row/readings/").content.decode()
    assert f"/timeline/{given.seq}/" in readings
    assert as_person(COMPLAINANT).get(f"/caucus/matters/row/timeline/{given.seq}/files/0/").status_code == 404
    do(lodged, ReceiptGiven(disclosure=given.seq), RESPONDENT)
    assert "you confirmed that you received it" in respondent.get(f"{ROOM}room/").content.decode()
    assert ">confirmed<" in manager.get(ONE).content.decode()


def test_copy_says_whose_it_is_by_name_and_when_it_was_made_where_the_organisation_is(
    as_person: As, lodged: Opened
) -> None:
    DirectoryEntry.objects.create(organisation="caucus", person=RESPONDENT, name="Respondent Example")
    manager = as_person(MANAGER)
    build(manager)
    serve(manager, RESPONDENT)
    (given,) = lodged.organisation.facts(ROW, fresh=True).matter.all(ExhibitDisclosed)
    with pikepdf.open(io.BytesIO(b"".join(as_person(RESPONDENT).get(f"{ROOM}room/{given.seq}/")))) as pdf:
        said = str(pdf.docinfo["/CopyFor"])
    local = lodged.organisation.governing(ROW).calendar.shift(given.recorded_at)
    assert said == f"Copy of Respondent Example ({RESPONDENT}), {local:%Y-%m-%d %H:%M %Z}"


def test_bundle_waits_until_protected_names_were_looked_for(as_person: As, lodged: Opened) -> None:
    do(lodged, PartyJoined(person=WITNESS, role="witness", protected=True))
    DirectoryEntry.objects.create(organisation="caucus", person=WITNESS, name="Monday Evening")
    manager = as_person(MANAGER)
    assert "names to be looked for first" in build(manager)
    refused = serve(manager, RESPONDENT)
    assert "Nobody confirmed yet that the bundle" in refused
    assert manager.post(f"{ONE}names/").status_code == 302
    work()
    page = manager.get(ONE).content.decode()
    found = re.search(r"(\d+) places? may be a name", page)
    assert found is not None
    assert int(found[1]) >= 2  # both papers say "Monday evening"
    assert "Exhibit e1, page 1 of it: a name" in page
    outcome = LongWork.objects.get(kind="names").outcome
    assert "onday" not in str(outcome)  # where it stands is kept, never what stands there
    do(lodged, NamesChecked(bundle="bundle-1", found=int(found[1]), reasons="A day, not a person."))
    served = serve(manager, RESPONDENT)
    assert "Nobody confirmed yet" not in served
    assert lodged.organisation.facts(ROW, fresh=True).matter.all(ExhibitDisclosed)
    assert "names/" not in manager.get(ONE).content.decode().partition("Look for names</h2>")[2]
    do(lodged, PartyJoined(person=PersonId("another"), role="witness", protected=True))
    page = manager.get(ONE).content.decode()
    assert "Have them looked for again." in page
    assert f'action="{ONE}names/"' in page


def test_nobody_ticked_serves_nothing(as_person: As, lodged: Opened) -> None:
    manager = as_person(MANAGER)
    build(manager)
    answer = manager.post(f"{ONE}serving/", {"people": [STRANGER], "by": "print"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nobody was ticked; nothing was served." in page
    assert 'id="by-print" checked' in page
    assert not LongWork.objects.filter(kind="copies").exists()


def test_what_was_chosen_is_still_there_where_enough_work_waits(
    as_person: As, lodged: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(lodged, PartyJoined(person=WITNESS, role="witness", protected=True))
    manager = as_person(MANAGER)
    build(manager, RESPONDENT, COMPLAINANT)
    monkeypatch.setattr(background, "MOST_WAITING", 0)
    answer = manager.post(f"{ONE}serving/", {"people": [COMPLAINANT], "by": "file"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert re.search(rf'value="{COMPLAINANT}" id="s-\d" checked', page)
    assert not re.search(rf'value="{RESPONDENT}" id="s-\d" checked', page)
    assert 'id="by-file" checked' in page
    answer = manager.post(f"{ONE}names/", {"also": "Birdie"})
    assert answer.status_code == 409
    assert ">Birdie</textarea>" in answer.content.decode()


def test_search_for_names_that_broke_off_says_so(as_person: As, lodged: Opened) -> None:
    do(lodged, PartyJoined(person=WITNESS, role="witness", protected=True))
    manager = as_person(MANAGER)
    build(manager)
    manager.post(f"{ONE}names/")
    LongWork.objects.filter(kind="names").update(has_failed=True, ended_at=read_now())
    page = manager.get(ONE).content.decode()
    assert "The names were not looked for." in page
    assert "Confirm, having looked" not in page


def test_every_page_of_the_room_leads_to_the_same_others(as_person: As, lodged: Opened) -> None:
    for person, led in ((MANAGER, True), (RESPONDENT, False)):
        client = as_person(person)
        for address in (ROOM, f"{ROOM}room/", *([BUNDLES, f"{ROOM}tracing/"] if led else [])):
            page = client.get(address).content.decode()
            assert (f'href="{BUNDLES}"' in page, f'href="{ROOM}tracing/"' in page) == (led, led), address


def test_what_the_rules_refuse_is_told_where_it_was_asked_for(as_person: As, lodged: Opened) -> None:
    manager = as_person(MANAGER)
    manager.post(BUNDLES, {"people": [RESPONDENT], "exhibits": ["e1"]})
    # Meanwhile another bundle took the name.
    other = BundleBuilt(bundle="bundle-1", for_people=(COMPLAINANT,), exhibits=("e1",), pages=1, digest="0" * 64)
    do(lodged, other)
    work()
    page = manager.get(BUNDLES).content.decode()
    assert "The rules do not permit this now. Nothing was recorded." in page


@pytest.mark.parametrize("page", [ROOM, f"{ROOM}room/"])
def test_page_asks_no_more_of_a_longer_record(as_person: As, lodged: Opened, page: str) -> None:
    disclose(lodged, "e1")
    client, found = as_person(RESPONDENT), []
    for _ in range(2):
        found.append(count_queries(client, lodged, page))
        for one in range(12):
            do(lodged, ReporterAsked(text=f"Question {one}?"))
    assert found[0] == found[1]


def tell_all(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """Return what all work tells of how far it is, as it comes."""
    told: list[tuple[int, int]] = []
    counting = background.count_parts

    def count_parts(tell: Tell, parts: int) -> Callable[[], None]:
        def tell_also(done: int, parts: int, outcome: object) -> None:
            told.append((done, parts))
            tell(done, parts, outcome)

        return counting(tell_also, parts)

    monkeypatch.setattr(disclosure_work, "count_parts", count_parts)
    return told


def test_building_and_serving_tell_each_part_that_is_done(
    as_person: As, lodged: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager, told = as_person(MANAGER), tell_all(monkeypatch)
    build(manager, RESPONDENT, COMPLAINANT)
    assert told == [(0, 3), (1, 3), (2, 3)]
    told.clear()
    asked = manager.post(f"{ONE}serving/", {"people": [RESPONDENT, COMPLAINANT], "by": "page"})
    page = manager.get(ONE).content.decode()
    assert asked.status_code == 302
    assert "all copies marked, then each served" in page
    assert "0 of 4" in page
    work()
    assert told == [(0, 4), (1, 4), (2, 4), (3, 4)]


def test_file_for_who_decides_is_refused_with_whose_copy_comes_first_and_goes_out_behind_it(
    as_person: As, lodged: Opened
) -> None:
    manager, decider = as_person(MANAGER), MEMBER
    build(manager, RESPONDENT, decider)
    assert "given a file or print only once the respondent has all" in manager.get(ONE).content.decode()
    refused = serve(manager, decider, by="file")
    assert WHO_FIRST in refused
    assert lodged.organisation.facts(ROW, fresh=True).matter.all(ExhibitDisclosed) == ()
    served = serve(manager, decider, RESPONDENT, by="file")
    assert "Not served on" not in served
    given = lodged.organisation.facts(ROW, fresh=True).matter.all(ExhibitDisclosed)
    assert [one.act.to for one in given] == [RESPONDENT, decider]
    assert served.count("Save this copy, encrypted") == 2
    do(lodged, ExhibitRuled(exhibit="e2", admissible=False, reasons="So."), CHAIR)
    closed = manager.get(ONE).content.decode()
    assert "Exhibit e2 was ruled out: leave it out of what is handed to who decides." in closed
    assert closed.count("Save this copy, encrypted") == 1


def test_form_of_giving_an_exhibit_on_paper_is_refused_to_who_decides_and_says_who_comes_first(
    as_person: As, lodged: Opened
) -> None:
    form = "/caucus/matters/row/acts/exhibit.disclosed/"
    sent = {"a-exhibits": "e1", "a-to": MEMBER, "a-by": "print", "once": "a-token-of-this-form"}
    assert WHO_FIRST in as_person(MANAGER).post(form, sent).content.decode()
    disclose(lodged, "e1")
    assert as_person(RESPONDENT).post(form, sent).status_code != 302
    assert as_person(STRANGER).post(form, sent).status_code == 404
    assert as_person(MANAGER).post(form, sent).status_code == 302


def test_form_of_a_receipt_says_what_was_received_and_for_whom_where_there_is_more_than_one(
    as_person: As, lodged: Opened
) -> None:
    form = "/caucus/matters/row/acts/receipt.given/"
    disclose(lodged, "e1")
    built = BundleBuilt(
        bundle="b1", for_people=(RESPONDENT, COMPLAINANT), exhibits=("e1", "e2"), pages=1, digest="0" * 64
    )
    do(lodged, built)
    do(lodged, ExhibitDisclosed(exhibits=("e1", "e2"), to=RESPONDENT, bundle="b1", by="print"))
    client = as_person(RESPONDENT)
    shown = re.findall(r"<option value=\"\d+\"[^>]*>(\d+[:,] [^<]+)</option>", client.get(form).content.decode())
    assert [one.partition(": ")[2] for one in shown] == [
        "bundle b1 (E1 Title of e1; E2 Title of e2), in print",
        "E1 Title of e1, on the page",
    ]
    do(lodged, ExhibitDisclosed(exhibits=("e2",), to=COMPLAINANT, by="file"))
    shown = re.findall(r"<option value=\"\d+\"[^>]*>(\d+[:,] [^<]+)</option>", client.get(form).content.decode())
    assert [one.partition(": ")[0].partition(", ")[2] for one in shown] == [
        f"for {COMPLAINANT}",
        f"for {RESPONDENT}",
        f"for {RESPONDENT}",
    ]
    assert as_person(STRANGER).get(form).status_code == 404
