"""Names in files of office programs that lie beside a bundle, and what is told of those that cannot be read."""

from dataclasses import replace

import pytest

from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitDerived, ExhibitLodged, PartyJoined
from alteram.core.kernel.identifiers import PersonId
from alteram.installation.background import LongWork
from alteram.installation.models import DirectoryEntry
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_derived, lodge_exhibit, prepare
from tests.evidence import PictureReading, build_plain_tools
from tests.integration.bundles.test_packed_texts import encrypt, pack
from tests.web.conftest import As
from tests.web.evidence_scene import do
from tests.web.exhibit_scenes import lodge_letter
from tests.web.programs import API, Program, read
from tests.web.scenes import COMPLAINANT, MANAGER, ROW, must
from tests.web.test_disclosure_names import BUNDLES, search

pytestmark = pytest.mark.django_db
WITNESS = PersonId("quiet-witness")
NAMED = pack(("docProps/core.xml", "<a><creator>Zzyx Qwrtp</creator></a>"))


@pytest.mark.parametrize(
    ("file", "found"),
    [
        (NAMED, [["e9", 0, True, "inside"]]),
        (pack(("docProps/core.xml", "<a>Nobody</a>")), []),
        (encrypt(NAMED), [["e9", 0, False, "unread"]]),
    ],
    ids=("named", "nameless", "locked"),
)
def test_office_file_beside_a_bundle_is_looked_into(
    as_person: As, caucus: Opened, file: bytes, found: list[list[object]]
) -> None:
    organisation = caucus.organisation
    prepared = prepare(organisation, ROW, receive(organisation, ROW, [file]), build_plain_tools(), kind="document")
    act = ExhibitLodged(exhibit="e9", kind="document", obtained="given", file_name="letter.docx")
    must(lodge_exhibit(organisation, ROW, act, COMPLAINANT, prepared))
    do(caucus, PartyJoined(person=WITNESS, role="witness", protected=True))
    DirectoryEntry.objects.create(organisation="caucus", person=WITNESS, name="Zzyx Qwrtp")
    client = as_person(MANAGER)
    assert search(client) == found
    page = client.get(f"{BUNDLES}bundle-1/").content.decode()
    assert ("could not all be read" in page) == (["e9", 0, False, "unread"] in found)
    job = read(Program(MANAGER).get(f"{API}/matters/row/jobs/{LongWork.objects.get(kind='names').key}"))
    assert [one["what"] for one in job["places"]] == [one[3] for one in found]


def test_part_of_a_document_is_told_as_one_that_could_not_be_read(as_person: As, caucus: Opened) -> None:
    lodge_letter(caucus, "e8", b"Ask Zzyx Qwrtp.\fNobody")
    part = ExhibitDerived(exhibit="e9", of="e8", how="excerpt", first=0, until=1)
    assert lodge_derived(caucus.organisation, ROW, part, MANAGER, [b"pictures"], media="application/octet-stream")
    do(caucus, PartyJoined(person=WITNESS, role="witness", protected=True))
    DirectoryEntry.objects.create(organisation="caucus", person=WITNESS, name="Zzyx Qwrtp")
    assert search(as_person(MANAGER)) == [["e9", 0, False, "unread"]]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["Ask Zzyx Qwrtp.", "Nobody"], [["e9", 1, True, "page"]]),
        (["Nobody", "Nobody"], []),
        (["Nobody"], [["e9", 0, False, "unread"]]),
    ],
    ids=("named", "nameless", "unread"),
)
def test_scan_is_searched_for_what_a_program_read_in_it_and_told_where_none_did(
    as_person: As, caucus: Opened, texts: list[str], found: list[list[object]]
) -> None:
    tools = replace(build_plain_tools(), documents=PictureReading(*texts))
    lodge_letter(caucus, "e9", b" \f ", tools=tools)
    do(caucus, PartyJoined(person=WITNESS, role="witness", protected=True))
    DirectoryEntry.objects.create(organisation="caucus", person=WITNESS, name="Zzyx Qwrtp")
    assert search(as_person(MANAGER)) == found
