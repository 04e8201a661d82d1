"""Names of protected people are looked for by all that the directory holds of them, and in names of files as well."""

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitLodged, PartyJoined
from alteram.core.kernel.identifiers import PersonId
from alteram.installation.background import LongWork, do_work
from alteram.installation.models import DirectoryEntry
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from tests.evidence import build_plain_tools
from tests.web.conftest import As
from tests.web.evidence_scene import do, lodge
from tests.web.scenes import COMPLAINANT, MANAGER, RESPONDENT, ROW, must

pytestmark = pytest.mark.django_db
BUNDLES = "/caucus/matters/row/disclosure/bundles/"
WITNESS = PersonId("quiet-witness")


def search(manager: Client) -> list[list[object]]:
    """Have a bundle built and searched for names, and return where some may stand."""
    for address, sent in ((BUNDLES, {"people": RESPONDENT, "exhibits": ["e9"]}), (f"{BUNDLES}bundle-1/names/", {})):
        assert manager.post(address, sent).status_code == 302
        for one in LongWork.objects.filter(ended_at=None):
            do_work.func(one.pk)
    outcome = LongWork.objects.get(kind="names").outcome
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


def test_name_of_a_file_beside_is_looked_at_too(as_person: As, caucus: Opened) -> None:
    organisation = caucus.organisation
    prepared = prepare(
        organisation, ROW, receive(organisation, ROW, [b"fLaC and sound"]), build_plain_tools(), kind="recording"
    )
    act = ExhibitLodged(exhibit="e9", kind="recording", obtained="given", file_name="Zzyx_Qwrtp_call.flac")
    must(lodge_exhibit(organisation, ROW, act, COMPLAINANT, prepared))
    do(caucus, PartyJoined(person=WITNESS, role="witness", protected=True))
    DirectoryEntry.objects.create(organisation="caucus", person=WITNESS, name="Zzyx Qwrtp")
    assert ["name of a file beside", 0, True] in search(as_person(MANAGER))
