"""A copy of a bundle with what lies beside it, in one zip: theirs alone, whole, and each opening on the record."""

import hashlib
import io
import re
import zipfile

import pyrage
import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.bootstrap.evidence import build_evidence_tools
from alteram.cli.story.evidence import make_call
from alteram.core.acts import ExhibitDisclosed, ExhibitLodged, ExhibitSeen, ExhibitWithheld
from alteram.core.vault import encode_identity
from alteram.installation.background import LongWork, do_work
from alteram.operations.evidence_ports import EvidenceTools
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.exhibits.stored import open_files
from tests.evidence import build_plain_tools
from tests.integration.converting.confined import need_confinement
from tests.needs import need_program
from tests.web.conftest import As
from tests.web.evidence_scene import PAPER, do, lodge
from tests.web.programs import API, Program
from tests.web.scenes import COMPLAINANT, MANAGER, MEMBER, RESPONDENT, ROW, STRANGER, must

pytestmark = pytest.mark.django_db
ROOM = "/caucus/matters/row/disclosure/"
SOUND = b"fLaC and sound" * 1000


@pytest.fixture
def served(caucus: Opened, as_person: As) -> int:
    """A bundle of a paper and what is said to be a recording, served on the respondent: the entry that served it."""
    return serve(caucus, as_person, SOUND, build_plain_tools())


def serve(caucus: Opened, as_person: As, sound: bytes, tools: EvidenceTools, *, by: str = "page") -> int:
    organisation = caucus.organisation
    lodge(caucus, "e1", PAPER, COMPLAINANT)
    prepared = prepare(
        organisation, ROW, receive(organisation, ROW, [sound]), tools, kind="recording", file_name="../call.flac"
    )
    act = ExhibitLodged(exhibit="e2", kind="recording", obtained="given", file_name="../call.flac")
    must(lodge_exhibit(organisation, ROW, act, COMPLAINANT, prepared))
    manager = as_person(MANAGER)
    for address, sent in (
        ("bundles/", {"people": RESPONDENT, "exhibits": ["e1", "e2"]}),
        ("bundles/bundle-1/serving/", {"people": RESPONDENT, "by": by}),
    ):
        assert manager.post(f"{ROOM}{address}", sent).status_code == 302
        for one in LongWork.objects.filter(ended_at=None):
            do_work.func(one.pk)
    (given,) = organisation.facts(ROW, fresh=True).matter.all(ExhibitDisclosed)
    return given.seq


def test_zip_holds_the_own_copy_and_the_recording_and_their_digests(as_person: As, caucus: Opened, served: int) -> None:
    client = as_person(RESPONDENT)
    address = f"{ROOM}room/{served}/zip/"
    assert address in client.get(f"{ROOM}room/").content.decode()
    copy = b"".join(client.get(f"{ROOM}room/{served}/"))
    answer = client.get(address)
    assert "attachment" in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as packed:
        assert packed.testzip() is None
        assert packed.namelist() == ["bundle.pdf", "beside/001-E1-e1", "beside/002-E2-call.flac", "SHA256SUMS"]
        assert packed.read("bundle.pdf") == copy
        assert packed.read("beside/001-E1-e1") == PAPER.encode()
        assert packed.read("beside/002-E2-call.flac") == SOUND
        assert hashlib.sha256(SOUND).hexdigest() in packed.read("SHA256SUMS").decode()
    seen = [one.act for one in caucus.organisation.facts(ROW, fresh=True).matter.all(ExhibitSeen)]
    assert ("e2", RESPONDENT) in [(one.exhibit, one.person) for one in seen]


def test_recording_in_the_zip_says_for_whom_it_is_and_is_kept_with_the_entry_that_served_it(
    as_person: As, caucus: Opened
) -> None:
    need_confinement()
    need_program("ffmpeg", provided_by="apt-get install ffmpeg")
    call = make_call()
    seq = serve(caucus, as_person, call, build_evidence_tools())
    answer = as_person(RESPONDENT).get(f"{ROOM}room/{seq}/zip/")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as packed:
        assert packed.namelist() == ["bundle.pdf", "beside/001-E1-e1", "beside/002-E2-call.flac", "SHA256SUMS"]
        copy = packed.read("beside/002-E2-call.flac")
        assert f"{hashlib.sha256(copy).hexdigest()}  beside/002" in packed.read("SHA256SUMS").decode()
    assert copy.startswith(b"fLaC")
    assert copy.count(f"Copy of {RESPONDENT}, ".encode()) == 2
    assert b"image/png" in copy
    files = open_files(caucus.organisation, ROW, seq)[2]
    assert [b"".join(one.read()) == copy for one in files] == [False, False, True]


def test_zip_by_the_api_is_the_same(as_person: As, served: int) -> None:
    answer = Program(RESPONDENT).get(f"{API}/matters/row/disclosure/room/{served}/zip")
    by_page = b"".join(as_person(RESPONDENT).get(f"{ROOM}room/{served}/zip/"))
    assert b"".join(answer.streaming_content) == by_page


@pytest.mark.parametrize("person", [COMPLAINANT, MANAGER, STRANGER])
def test_zip_of_somebody_else_is_not_there(as_person: As, served: int, person: str) -> None:
    assert as_person(person).get(f"{ROOM}room/{served}/zip/").status_code == 404
    assert Program(person).get(f"{API}/matters/row/disclosure/room/{served}/zip").status_code == 404
    assert as_person(RESPONDENT).get(f"{ROOM}room/{served + 1}/zip/").status_code == 404


def seal_again(client: Client, seq: int) -> tuple[str, bytes]:
    """Return the key that the page shows, and the file that is saved under it."""
    shown = client.get(f"{ROOM}copies/{seq}/").content.decode()
    (key,) = set(re.findall(r"AGE-SECRET-KEY-1[A-Z0-9]+", shown))
    return key, b"".join(client.post(f"{ROOM}copies/{seq}/sealed/", {"key": key}))


def test_copy_to_hand_over_opens_with_the_key_that_was_shown_and_no_other(as_person: As, caucus: Opened) -> None:
    seq = serve(caucus, as_person, SOUND, build_plain_tools(), by="file")
    manager = as_person(MANAGER)
    assert f"{ROOM}copies/{seq}/" in manager.get(f"{ROOM}bundles/bundle-1/").content.decode()
    (key, sealed), (other, _) = seal_again(manager, seq), seal_again(manager, seq)
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(key)]))) as packed:
        assert packed.namelist() == ["bundle.pdf", "beside/001-E1-e1", "beside/002-E2-call.flac", "SHA256SUMS"]
        assert packed.read("beside/002-E2-call.flac") == SOUND
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(other)])


def test_copy_to_hand_over_is_sealed_by_the_api_to_the_key_that_is_named(as_person: As, served: int) -> None:
    identity = pyrage.x25519.Identity.generate()
    address = f"{API}/matters/row/disclosure/copies/{served}/sealed"
    answer = Program(MANAGER).get(f"{address}?recipient={identity.to_public()}")
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(b"".join(answer.streaming_content), [identity]))) as packed:
        assert "bundle.pdf" in packed.namelist()
    assert Program(MANAGER).get(f"{address}?recipient=age1nobody").status_code == 422


def test_key_that_no_page_showed_is_answered_with_another(as_person: As, served: int) -> None:
    answer = as_person(MANAGER).post(f"{ROOM}copies/{served}/sealed/", {"key": "secret"})
    assert answer.status_code == 422
    assert b"AGE-SECRET-KEY-1" in answer.content


@pytest.mark.parametrize("person", [COMPLAINANT, RESPONDENT, STRANGER])
def test_copy_to_hand_over_is_not_there_but_for_who_handles_the_matter(as_person: As, served: int, person: str) -> None:
    assert as_person(person).get(f"{ROOM}copies/{served}/").status_code == 404
    key = encode_identity(bytes(32))
    assert as_person(person).post(f"{ROOM}copies/{served}/sealed/", {"key": key}).status_code == 404
    recipient = pyrage.x25519.Identity.generate().to_public()
    answer = Program(person).get(f"{API}/matters/row/disclosure/copies/{served}/sealed?recipient={recipient}")
    assert answer.status_code == 404
    assert as_person(MANAGER).get(f"{ROOM}copies/{served + 1}/").status_code == 404


def test_copy_that_holds_what_was_withheld_since_is_not_handed_over(as_person: As, caucus: Opened, served: int) -> None:
    do(caucus, ExhibitWithheld(exhibit="e2", person=RESPONDENT, reasons="It names a child"))
    manager = as_person(MANAGER)
    shown = manager.get(f"{ROOM}copies/{served}/").content.decode()
    assert "cannot be handed over" in shown
    assert "AGE-SECRET-KEY" not in shown
    assert_closed(manager, served, "copy.closed", "Build another bundle for them.")


def assert_closed(manager: Client, seq: int, code: str, because: str) -> None:
    """Assert that a copy is handed over neither by its page nor by the API, and that both say why."""
    key = encode_identity(bytes(32))
    answer = manager.post(f"{ROOM}copies/{seq}/sealed/", {"key": key})
    assert (answer.status_code, because in answer.content.decode()) == (409, True)
    recipient = pyrage.x25519.Identity.generate().to_public()
    told = Program(MANAGER).get(f"{API}/matters/row/disclosure/copies/{seq}/sealed?recipient={recipient}")
    assert (told.status_code, told.json()["ruling"]["code"]) == (409, code)
    assert because in told.json()["ruling"]["because"]


def test_copy_on_the_page_of_who_decides_is_handed_over_once_the_respondent_has_it(
    as_person: As, caucus: Opened
) -> None:
    lodge(caucus, "e1", PAPER, COMPLAINANT)
    manager = as_person(MANAGER)
    assert manager.post(f"{ROOM}bundles/", {"people": [RESPONDENT, MEMBER], "exhibits": ["e1"]}).status_code == 302
    for one in LongWork.objects.filter(ended_at=None):
        do_work.func(one.pk)
    seq = do(caucus, ExhibitDisclosed(exhibits=("e1",), to=MEMBER, bundle="bundle-1"))
    shown = manager.get(f"{ROOM}copies/{seq}/").content.decode()
    assert "first; who decides is handed it after." in shown
    assert "AGE-SECRET-KEY" not in shown
    assert_closed(manager, seq, "exhibit.undisclosed", "first; who decides is handed it after.")
    do(caucus, ExhibitDisclosed(exhibits=("e1",), to=RESPONDENT, bundle="bundle-1"))
    assert "AGE-SECRET-KEY" in manager.get(f"{ROOM}copies/{seq}/").content.decode()
