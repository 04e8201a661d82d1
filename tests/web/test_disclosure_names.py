"""Names of protected people are looked for by all that the directory holds of them, and in names of files as well."""

import re

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import (
    ExhibitDerived,
    ExhibitDisclosed,
    ExhibitLodged,
    ExhibitWithheld,
    NamesChecked,
    PartyJoined,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.core.kernel.outcomes import Refused
from alteram.installation.background import LongWork, do_work
from alteram.installation.models import DirectoryEntry
from alteram.operations.disclosure.protected_names import MOST_ALSO
from alteram.operations.entries import enter
from alteram.operations.exhibits.deriving import lodge_copy
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.perform import perform
from tests.evidence import build_plain_tools
from tests.web.conftest import As
from tests.web.evidence_scene import do, lodge
from tests.web.scenes import COMPLAINANT, MANAGER, MEMBER, RESPONDENT, ROW, STRANGER, must

pytestmark = pytest.mark.django_db
BUNDLES = "/caucus/matters/row/disclosure/bundles/"
WITNESS = PersonId("quiet-witness")


def search(manager: Client, also: str = "") -> list[list[object]]:
    """Have a bundle built and searched for names, and return where some may stand."""
    asked: dict[str, object] = {"people": RESPONDENT, "exhibits": ["e9"]}
    for address, sent in ((BUNDLES, asked), (f"{BUNDLES}bundle-1/names/", {"also": also})):
        assert manager.post(address, sent).status_code == 302
        for one in LongWork.objects.filter(ended_at=None):
            do_work.func(one.pk)
    work = LongWork.objects.get(kind="names")
    outcome = work.outcome
    assert not also or also not in str(work.given)
    assert outcome is not None
    places: list[list[object]] = outcome["places"]
    return places


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("Write to witness.example@example.org.", "e-mail address"),
        ("They live at 12 Harbour St, Example.", "address"),
        ("The witness lives in Harbour Street.", ""),
    ],
)
def test_address_and_mail_of_the_directory_are_looked_for(as_person: As, caucus: Opened, said: str, what: str) -> None:
    lodge(caucus, "e9", said, COMPLAINANT)
    do(caucus, PartyJoined(person=WITNESS, role="witness", protected=True))
    post = "Zzyx Qwrtp\n12 Harbour Street\nExample"
    DirectoryEntry.objects.create(
        organisation="caucus", person=WITNESS, name="Zzyx Qwrtp", email="witness.example@example.org", post=post
    )
    places = search(as_person(MANAGER))
    assert bool([one for one in places if one[2]]) == bool(what)


@pytest.mark.parametrize(
    ("said", "also"),
    [
        ("They call her Birdie at the office.", "Birdie"),
        ("Ring 09 555 01 23 after six.", "+64 9 555 0123"),
        ("Write to b1rd@example.org.", "b1rd@example.org"),
    ],
)
def test_what_whoever_asks_adds_is_looked_for_and_kept_sealed(
    as_person: As, caucus: Opened, said: str, also: str
) -> None:
    lodge(caucus, "e9", said, COMPLAINANT)
    do(caucus, PartyJoined(person=WITNESS, role="witness", protected=True))
    DirectoryEntry.objects.create(organisation="caucus", person=WITNESS, name="Zzyx Qwrtp")
    assert ["e9", 1, True, "page"] in search(as_person(MANAGER), also)


def test_nothing_is_found_where_nothing_stands(as_person: As, caucus: Opened) -> None:
    lodge(caucus, "e9", "They call her something at the office.", COMPLAINANT)
    do(caucus, PartyJoined(person=WITNESS, role="witness", protected=True))
    DirectoryEntry.objects.create(organisation="caucus", person=WITNESS, name="Zzyx Qwrtp")
    assert search(as_person(MANAGER), "Birdie\n+64 9 555 0123") == []


@pytest.mark.parametrize(("lines", "taken"), [(MOST_ALSO, True), (MOST_ALSO + 1, False)])
def test_so_many_lines_are_looked_for_and_no_more(as_person: As, caucus: Opened, lines: int, taken: bool) -> None:
    lodge(caucus, "e9", "Nothing.", COMPLAINANT)
    do(caucus, PartyJoined(person=WITNESS, role="witness", protected=True))
    client = as_person(MANAGER)
    search(client)
    LongWork.objects.filter(kind="names").delete()
    also = "\n".join(f"name{number}" for number in range(lines))
    page = client.post(f"{BUNDLES}bundle-1/names/", {"also": also}, follow=True).content.decode()
    assert LongWork.objects.filter(kind="names").exists() == taken
    assert ("nothing was looked for" in page) != taken
    assert (also in page) != taken  # what was written stays where it was not taken, and is told nowhere else


@pytest.mark.parametrize("coding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_what_a_file_beside_says_of_who_made_it_is_looked_at(as_person: As, caucus: Opened, coding: str) -> None:
    organisation = caucus.organisation
    told = b"fLaC\xff\xfe\x00\x01" + "Zzyx Qwrtp".encode(coding) + bytes(2 << 20)
    received = receive(organisation, ROW, [told])
    prepared = prepare(organisation, ROW, received, build_plain_tools(), kind="recording")
    act = ExhibitLodged(exhibit="e9", kind="recording", obtained="given", file_name="call.flac")
    must(lodge_exhibit(organisation, ROW, act, COMPLAINANT, prepared))
    do(caucus, PartyJoined(person=WITNESS, role="witness", protected=True))
    DirectoryEntry.objects.create(organisation="caucus", person=WITNESS, name="Zzyx Qwrtp")
    assert ["e9", 0, True, "inside"] in search(as_person(MANAGER))


def test_name_of_a_file_beside_is_looked_at_too(as_person: As, caucus: Opened) -> None:
    organisation = caucus.organisation
    prepared = prepare(
        organisation, ROW, receive(organisation, ROW, [b"fLaC and sound"]), build_plain_tools(), kind="recording"
    )
    act = ExhibitLodged(exhibit="e9", kind="recording", obtained="given", file_name="Zzyx_Qwrtp_call.flac")
    must(lodge_exhibit(organisation, ROW, act, COMPLAINANT, prepared))
    do(caucus, PartyJoined(person=WITNESS, role="witness", protected=True))
    DirectoryEntry.objects.create(organisation="caucus", person=WITNESS, name="Zzyx Qwrtp")
    assert ["e9", 0, True, "name"] in search(as_person(MANAGER))


NAMES = "/caucus/matters/row/disclosure/names/"


def look(client: Client, exhibits: list[str], **written: str) -> str:
    """Have exhibits, or a gist, looked through on the page; return what it then says."""
    assert client.post(NAMES, {"exhibits": exhibits, **written}).status_code == 302
    for one in LongWork.objects.filter(ended_at=None):
        do_work.func(one.pk)
    return client.get(NAMES).content.decode()


def protect(caucus: Opened) -> None:
    do(caucus, PartyJoined(person=WITNESS, role="witness", protected=True))
    DirectoryEntry.objects.create(organisation="caucus", person=WITNESS, name="Zzyx Qwrtp")


def test_exhibit_given_by_itself_is_looked_through_with_its_words_and_confirmed(as_person: As, caucus: Opened) -> None:
    lodge(caucus, "e8", "Nothing.", COMPLAINANT)
    lodge(caucus, "e9", "Zzyx Qwrtp was there.\fNobody else.", COMPLAINANT)
    protect(caucus)
    manager = as_person(MANAGER)
    page = look(manager, ["e8", "e9"])
    assert "Exhibit e9, page 1 of it: a name" in page
    assert "e8, page" not in page
    assert "Zzyx" not in page + str(LongWork.objects.get(kind="names").outcome)
    assert f'action="{NAMES}confirm/"' in page
    form = manager.post(f"{NAMES}confirm/").content.decode()
    assert len(re.findall(r'name="a-exhibits" value="e[89]"[^>]*checked', form)) == 2
    assert re.search(r'name="a-found" value="[1-9]', form)
    assert not re.search(r'name="a-gists"[^>]*checked', form)
    given = ExhibitDisclosed(exhibits=("e9",), to=RESPONDENT)
    assert isinstance(perform(caucus.organisation, ROW, given, MANAGER).ruling, Refused)
    do(caucus, NamesChecked(exhibits=("e9",), found=1, reasons="Another of that name."))
    do(caucus, given)


def test_title_name_of_the_file_and_transcript_are_looked_through(as_person: As, caucus: Opened) -> None:
    organisation = caucus.organisation
    prepared = prepare(
        organisation, ROW, receive(organisation, ROW, [b"fLaC and sound"]), build_plain_tools(), kind="recording"
    )
    act = ExhibitLodged(
        exhibit="e9", kind="recording", obtained="given", file_name="Zzyx_Qwrtp.flac", title="Zzyx Qwrtp speaks"
    )
    must(lodge_exhibit(organisation, ROW, act, COMPLAINANT, prepared))
    made = ExhibitDerived(exhibit="t9", of="e9", how="transcript", file_name="t9.txt")
    entered, written = enter(organisation, ROW, MANAGER), receive(organisation, ROW, [b"0:01 Zzyx Qwrtp: Yes."])
    assert lodge_copy(
        entered, build_plain_tools(), made, written, now=organisation.ports.clock().replace(microsecond=0)
    )
    protect(caucus)
    page = look(as_person(MANAGER), ["e9"])
    for where in (
        "The name of the file of exhibit e9",
        "What the entry of exhibit e9 says in words",
        "Exhibit t9, page 1",
    ):
        assert where in page


def test_gist_is_looked_through_in_place_of_the_exhibit(as_person: As, caucus: Opened) -> None:
    lodge(caucus, "e9", "Zzyx Qwrtp and again Zzyx Qwrtp.", COMPLAINANT)
    protect(caucus)
    manager = as_person(MANAGER)
    for gist, found in (("Zzyx Qwrtp says so.", "1 place may"), ("Somebody says so.", "0 places")):
        page = look(manager, ["e9"], gist=gist)
        assert found in page
        assert ("The gist of exhibit e9: a name" in page) == (found[0] == "1")
        assert gist not in str(LongWork.objects.get(kind="names").given)
        form = manager.post(f"{NAMES}confirm/").content.decode()
        assert re.search(r'name="a-gists" value="e9"[^>]*checked', form)
        assert not re.search(r'name="a-exhibits"[^>]*checked', form)
        assert f">\n{gist}</textarea>" in form
    do(caucus, NamesChecked(gists=("e9",), gist="Somebody says so.", found=0))
    other = ExhibitWithheld(exhibit="e9", person=RESPONDENT, reasons="So.", gist="Zzyx Qwrtp says so.")
    refused = perform(caucus.organisation, ROW, other, MANAGER).ruling
    assert isinstance(refused, Refused)
    assert refused.code == "exhibit.gist"
    do(caucus, ExhibitWithheld(exhibit="e9", person=RESPONDENT, reasons="So.", gist="Somebody says so."))


def test_what_was_made_since_is_named_as_closed_and_chosen(as_person: As, caucus: Opened) -> None:
    lodge(caucus, "e9", "Nothing.", COMPLAINANT)
    manager = as_person(MANAGER)
    protect(caucus)
    assert "is closed to whoever" not in manager.get(NAMES).content.decode()
    do(caucus, ExhibitDerived(exhibit="t9", of="e9", how="translation"))
    page = manager.get(NAMES).content.decode()
    assert "That is so of: t9" in page
    assert re.findall(r'name="exhibits" value="(\w+)"[^>]*checked', page) == ["t9"]
    do(caucus, NamesChecked(exhibits=("e9",), found=0))
    assert "is closed to whoever" not in manager.get(NAMES).content.decode()


def test_names_are_looked_for_by_who_handles_the_matter_and_nothing_that_was_written_is_lost(
    as_person: As, caucus: Opened
) -> None:
    lodge(caucus, "e9", "Nothing.", COMPLAINANT)
    protect(caucus)
    for person in (RESPONDENT, COMPLAINANT, MEMBER, STRANGER):
        client = as_person(person)
        assert client.get(NAMES).status_code == client.post(NAMES, {"exhibits": "e9"}).status_code == 404
        assert client.post(f"{NAMES}confirm/").status_code == 404
        assert "disclosure/names/" not in client.get("/caucus/matters/row/disclosure/").content.decode()
    manager = as_person(MANAGER)
    # The matter's own room of who is protected is called "Protected names", and nothing else.
    page = manager.get(NAMES).content.decode()
    assert f'<a href="{NAMES}" aria-current="page">Look for names</a>' in page
    assert page.count("Protected names") == 1
    assert manager.post(f"{NAMES}confirm/").status_code == 404  # nothing was looked through yet
    assert "disclosure/names/" in manager.get("/caucus/matters/row/disclosure/").content.decode()
    answer = manager.post(NAMES, {"gist": "What it comes to.", "also": "Birdie"})
    page = answer.content.decode()
    assert answer.status_code == 422
    for said in ("Choose at least one exhibit.", ">What it comes to.</textarea>", ">Birdie</textarea>"):
        assert said in page
    assert not LongWork.objects.filter(kind="names").exists()


@pytest.mark.parametrize(
    "since",
    [
        PartyJoined(person=PersonId("another"), role="witness", protected=True),
        ExhibitDerived(exhibit="t9", of="e9", how="translation"),
    ],
)
def test_search_that_did_not_look_for_or_in_all_there_is_now_is_not_confirmed(
    as_person: As, caucus: Opened, since: Act
) -> None:
    lodge(caucus, "e8", "Nothing.", COMPLAINANT)
    lodge(caucus, "e9", "Nothing.", COMPLAINANT)
    protect(caucus)
    manager = as_person(MANAGER)
    look(manager, ["e9"])
    do(caucus, ExhibitDerived(exhibit="t8", of="e8", how="translation"))
    assert manager.post(f"{NAMES}confirm/").status_code == 200
    do(caucus, since)
    assert "Have them looked for again." in manager.get(NAMES).content.decode()
    assert manager.post(f"{NAMES}confirm/").status_code == 404
    assert "0 places" in look(manager, ["e9"])
    assert manager.post(f"{NAMES}confirm/").status_code == 200


def test_search_that_was_kept_in_another_way_is_asked_for_again(as_person: As, caucus: Opened) -> None:
    lodge(caucus, "e9", "Zzyx Qwrtp.", COMPLAINANT)
    protect(caucus)
    manager = as_person(MANAGER)
    search(manager)
    kept = LongWork.objects.get(kind="names")
    kept.given = {name: value for name, value in kept.given.items() if name != "form"}
    kept.key, kept.outcome = "of-an-earlier-version", {"count": 1, "nameless": 0, "places": [["e9", 1, True]]}
    kept.save()
    page = manager.get(f"{BUNDLES}bundle-1/")
    assert page.status_code == 200
    assert "Have them looked for again." in page.content.decode()
    assert manager.post(f"{BUNDLES}bundle-1/names/").status_code == 302
    work = LongWork.objects.get(kind="names")
    do_work.func(work.pk)
    assert "Exhibit e9, page 1 of it: a name" in manager.get(f"{BUNDLES}bundle-1/").content.decode()
