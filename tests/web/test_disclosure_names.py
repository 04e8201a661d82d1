"""Names of protected people are looked for by all that the directory holds of them, and in names of files as well."""

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitLodged, PartyJoined
from alteram.core.kernel.identifiers import PersonId
from alteram.installation.background import LongWork, do_work
from alteram.installation.models import DirectoryEntry
from alteram.installation.names_work import MOST_ALSO
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from tests.evidence import build_plain_tools
from tests.web.conftest import As
from tests.web.evidence_scene import do, lodge
from tests.web.scenes import COMPLAINANT, MANAGER, RESPONDENT, ROW, must

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
