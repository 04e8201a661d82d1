"""The room of exhibits: the list with equality of arms, one exhibit, and its file, as everybody sees them."""

import pytest

from alteram.bootstrap import Opened
from alteram.core.acts import (
    ConsentRecorded,
    CustodyRecorded,
    ExhibitChallenged,
    ExhibitDisclosed,
    ExhibitLodged,
    ExhibitQuarantined,
    ExhibitRuled,
    ExhibitSeen,
    ExhibitWithheld,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId
from alteram.installation.models import DirectoryEntry
from alteram.operations.exhibits.stored import Part, get_stored
from alteram.operations.perform import perform
from tests.evidence import BAD, swap
from tests.web.conftest import As
from tests.web.exhibit_scenes import LETTER, lodge_letter
from tests.web.programs import API, Program, read
from tests.web.scenes import CAUCUS, CHAIR, COMPLAINANT, MANAGER, RESPONDENT, ROW, STRANGER, must
from tests.web.test_query_counts import MOST, ask

pytestmark = pytest.mark.django_db
ROOM = "/caucus/matters/row/exhibits/"
ONE = f"{ROOM}e1/"


def do(caucus: Opened, act: Act, who: PersonId) -> int:
    return must(perform(caucus.organisation, ROW, act, who))


def give(caucus: Opened, exhibit: str = "e1") -> int:
    return do(caucus, ExhibitDisclosed(exhibits=(exhibit,), to=RESPONDENT), MANAGER)


def count_sights(caucus: Opened) -> int:
    return len(caucus.organisation.facts(ROW, fresh=True).matter.all(ExhibitSeen))


def test_list_says_who_has_it_and_that_only_one_side_has_it_until_both_have(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus)
    DirectoryEntry.objects.create(organisation=CAUCUS, person=RESPONDENT, name="Rehua Name")
    before = as_person(RESPONDENT).get(ROOM).content.decode()
    assert "Only one side has it" in before
    assert "has nothing" in before
    assert "The letter" in before
    assert "Rehua Name" in before
    give(caucus)
    after = as_person(RESPONDENT).get(ROOM).content.decode()
    assert "Only one side has it" not in after
    assert "has nothing" not in after
    assert "has it since" in after
    assert "not opened yet" in after


def test_matter_leads_to_its_exhibits(as_person: As) -> None:
    assert as_person(RESPONDENT).get("/caucus/matters/row/").content.decode().count(f'href="{ROOM}"') == 2


@pytest.mark.parametrize("place", [ROOM, ONE, f"{ONE}file/"])
def test_stranger_finds_no_exhibit_and_no_list(caucus: Opened, as_person: As, place: str) -> None:
    lodge_letter(caucus)
    there = as_person(STRANGER).get(place)
    nowhere = as_person(STRANGER).get(place.replace("row", "nowhere"))
    assert there.status_code == nowhere.status_code == 404
    assert there.content.replace(b"row", b"") == nowhere.content.replace(b"nowhere", b"")


def test_exhibit_that_is_not_there_is_not_found(as_person: As) -> None:
    assert as_person(MANAGER).get(f"{ROOM}e9/").status_code == 404
    assert as_person(MANAGER).get(f"{ROOM}e9/file/").status_code == 404


def test_exhibit_shows_what_is_on_record_of_it(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus, content=b"fLaC and sound", kind="recording")
    do(caucus, ConsentRecorded(exhibit="e1", speaker=COMPLAINANT, state="refused"), COMPLAINANT)
    do(caucus, CustodyRecorded(exhibit="e1", event="examined", reasons="For a copy."), MANAGER)
    do(caucus, ExhibitChallenged(exhibit="e1", ground="context", text="Half of it is missing."), RESPONDENT)
    page = as_person(RESPONDENT).get(ONE).content.decode()
    (lodged,) = caucus.organisation.facts(ROW).matter.all(ExhibitLodged)
    for told in ("It was in the post.", "refused", "Examined", "For a copy.", "Half of it is missing.", "letter.txt"):
        assert told in page
    assert str(lodged.act.digest) in page
    assert "not disclosed to you yet" in page
    assert f"{ONE}file/" not in page
    assert count_sights(caucus) == 0


def test_buttons_lead_to_forms_with_the_exhibit_filled_in(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus)
    client = as_person(MANAGER)
    address = "/caucus/matters/row/acts/custody.recorded/?a-exhibit=e1"
    assert address in client.get(ONE).content.decode()
    assert 'value="e1"' in client.get(address).content.decode()


def test_file_is_saved_as_it_was_lodged_and_opening_it_is_recorded(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus)
    client = as_person(RESPONDENT)
    refused = client.get(f"{ONE}file/")
    assert refused.status_code == 403
    assert "not disclosed to you yet" in refused.content.decode()
    assert "clause access" not in refused.content.decode()  # no rulebook has it
    assert count_sights(caucus) == 0
    give(caucus)
    given = client.get(f"{ONE}file/")
    assert b"".join(given.streaming_content) == LETTER  # type: ignore[attr-defined]  # a file is streamed
    assert given["Content-Type"] == "application/octet-stream"
    assert given["Content-Disposition"] == 'attachment; filename="letter.txt"'
    assert given["X-Content-Type-Options"] == "nosniff"
    assert given["Content-Security-Policy"].startswith("sandbox")
    assert given["Content-Length"] == str(len(LETTER))
    assert count_sights(caucus) == 1
    assert "first opened" in as_person(COMPLAINANT).get(ONE).content.decode()


@pytest.mark.parametrize(("place", "part"), [("file", "original"), ("view", "facts"), ("pages/0", "form")])
def test_what_was_swapped_is_not_shown_and_the_page_says_what_to_do(
    caucus: Opened, as_person: As, place: str, part: Part
) -> None:
    lodge_letter(caucus)
    stored = get_stored(caucus.organisation, ROW, caucus.organisation.facts(ROW, fresh=True), "e1")
    swap(caucus.organisation, stored.get(part), b"another".ljust(42))
    answer = as_person(COMPLAINANT).get(f"{ONE}{place}/")
    assert answer.status_code == 500
    assert "restored from their backup" in answer.content.decode()


def test_quarantined_exhibit_says_so_and_stays_closed_to_the_sides(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus, content=BAD)
    page = as_person(RESPONDENT).get(ONE).content.decode()
    assert "Quarantined" in page
    assert as_person(RESPONDENT).get(f"{ONE}file/").status_code == 403
    do(caucus, ExhibitQuarantined(exhibit="e1", lifted=True, reasons="A false alarm."), MANAGER)
    handled = "Let go from quarantine", "A false alarm."
    shown = as_person(MANAGER).get(ONE).content.decode()
    assert all(said in shown for said in handled)
    shown = as_person(RESPONDENT).get(ONE).content.decode()
    assert not any(said in shown for said in handled)
    give(caucus)
    given = as_person(RESPONDENT).get(f"{ONE}file/")
    assert b"".join(given.streaming_content) == BAD  # type: ignore[attr-defined]  # as above


def test_why_an_exhibit_is_withheld_and_its_gist_stand_on_its_page(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus)
    do(caucus, ExhibitWithheld(exhibit="e1", person=RESPONDENT, reasons="A child is named.", gist="A letter."), MANAGER)
    for reader in (MANAGER, RESPONDENT):
        page = as_person(reader).get(ONE).content.decode()
        assert "A child is named." in page
        assert '<blockquote class="prose">A letter.</blockquote>' in page
        assert "Gist only" in page
        assert "Neither side has it before the other" not in page
    closed = as_person(RESPONDENT).get(f"{ONE}view/")
    assert closed.status_code == 403
    assert f'href="{ONE}"' in closed.content.decode()


def test_list_asks_as_often_however_many_exhibits_there_are(caucus: Opened, as_person: As) -> None:
    client, asked = as_person(MANAGER), []
    for many in (range(2), range(2, 8)):
        for number in many:
            lodge_letter(caucus, f"e{number}")
        asked.append(ask(client, caucus, "matters/row/exhibits/"))
    assert asked[0] == asked[1]
    assert max(asked[0]) <= MOST


def test_rule_on_recordings_is_shown_beside_consents_and_offered_to_who_rules(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus, kind="recording", content=b"fLaC and sound")
    do(caucus, ConsentRecorded(exhibit="e1", speaker=COMPLAINANT, state="after"), COMPLAINANT)
    page = as_person(COMPLAINANT).get(ONE).content.decode()
    assert "sections 216A to 216C" in page
    assert "It is not on record that anybody who took part made it" in page
    told = read(Program(COMPLAINANT).get(f"{API}/matters/row/exhibits/e1"))
    assert told["rule"]["citation"] == "nz-crimes-act-1961-part-9a: s216b"
    assert [(one["state"], one["rule_met"]) for one in told["consents"]] == [("after", "UNKNOWN")]


def test_ruling_shows_the_rule_it_cites(caucus: Opened, as_person: As) -> None:
    lodge_letter(caucus, kind="recording", content=b"fLaC and sound")
    cites = "nz-crimes-act-1961-part-9a: s216b"
    do(caucus, ExhibitRuled(exhibit="e1", admissible=True, reasons="It is whole.", cites=cites), CHAIR)
    assert f"The rule on recordings that was weighed: {cites}" in " ".join(
        as_person(COMPLAINANT).get(ONE).content.decode().split()
    )
