"""Letters in the browser: written, looked at, served, arrived; and who is given them."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from alteram.adapters.letters import TypstPress
from alteram.bootstrap import Opened
from alteram.core.acts import MeetingCalled, NoticeServed, PartyJoined, ServiceConfirmed
from alteram.core.kernel.canonical import Json
from alteram.core.kernel.identifiers import PersonId
from alteram.installation.models import Account, DirectoryEntry
from alteram.operations.letters import Writing, build_reply_form
from alteram.operations.perform import perform
from alteram.operations.ports import StoreUnavailableError
from alteram.operations.printing import LetterError, Printed
from alteram.operations.questions import get_facts
from alteram.operations.recording import Batch
from tests.web.conftest import As, prove
from tests.web.scenes import CHAIR, COMPLAINANT, LEADER, MANAGER, MEMBER, MEMBERS, RESPONDENT, ROW, STRANGER, WHIP, must

LETTERS = "/caucus/matters/row/letters/"
ROOM = "/caucus/matters/row/certificates/"
WRITE = f"{LETTERS}write/notice/"


def fill_notice(**changed: str) -> dict[str, object]:
    soon = datetime.now(UTC).replace(second=0, microsecond=0)
    form: dict[str, object] = {
        "a-to": RESPONDENT,
        "a-allegations": ["a1"],
        "a-particulars": "On 3 March, in the meeting room.",
        "a-worst_sanction": "expulsion",
        "a-jeopardy": "A seat.",
        "a-respond_by": f"{soon + timedelta(days=40):%Y-%m-%dT%H:%M}",
        "a-hearing_at": f"{soon + timedelta(days=70):%Y-%m-%dT%H:%M}",
        "a-states_companion": "on",
        "a-states_presumption": "on",
        "a-method": "page",
    }
    return {**form, **changed}


def look(client: Client, form: dict[str, object]) -> str:
    """Return the digest of the letter that is shown."""
    page = client.post(WRITE, {**form, "do": "look"}).content.decode()
    found = re.search(r'name="looked_at" value="([0-9a-f]{64})"', page)
    assert found, page
    return found[1]


def serve(client: Client, form: dict[str, object]) -> str:
    digest = look(client, form)
    response = client.post(WRITE, {**form, "do": "serve", "looked_at": digest})
    assert response.status_code == 302, response.content.decode()
    return digest


def notices(caucus: Opened) -> list[NoticeServed]:
    return [one.act for one in get_facts(caucus.organisation, ROW).matter.all(NoticeServed)]


def test_letter_is_looked_at_served_recorded_by_digest_and_given_to_its_addressee(
    as_person: As, caucus: Opened
) -> None:
    digest = serve(as_person(MANAGER), fill_notice())
    assert notices(caucus)[-1].digest == digest
    seq = get_facts(caucus.organisation, ROW).matter.head_seq
    answer = as_person(RESPONDENT).get(f"{LETTERS}served/{seq}/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert "made-again" not in answer["Content-Disposition"]
    assert sha256(answer.content).hexdigest() == digest


def test_letter_stays_as_it_was_served_whatever_changes_afterwards(as_person: As, caucus: Opened) -> None:
    digest = serve(as_person(MANAGER), fill_notice())
    seq = get_facts(caucus.organisation, ROW).matter.head_seq
    DirectoryEntry.objects.create(organisation="caucus", person=RESPONDENT, name="Another name")
    (caucus.folder / "letters").mkdir()
    (caucus.folder / "letters" / "notice.typ").write_text('#import "letter.typ": *\n#show: b => letter("Else", b)\n')
    answer = as_person(RESPONDENT).get(f"{LETTERS}served/{seq}/")
    assert sha256(answer.content).hexdigest() == digest


@pytest.mark.parametrize("person", [COMPLAINANT, MEMBER, STRANGER])
def test_letter_is_not_given_to_anybody_else(as_person: As, caucus: Opened, person: str) -> None:
    serve(as_person(MANAGER), fill_notice())
    seq = get_facts(caucus.organisation, ROW).matter.head_seq
    assert as_person(person).get(f"{LETTERS}served/{seq}/").status_code == 404


def test_entry_that_is_no_letter_is_none(as_person: As) -> None:
    assert as_person(RESPONDENT).get(f"{LETTERS}served/0/").status_code == 404
    assert as_person(RESPONDENT).get(f"{LETTERS}served/9999/").status_code == 404


def test_letter_other_than_the_one_looked_at_is_not_served(as_person: As, caucus: Opened) -> None:
    manager, before = as_person(MANAGER), len(notices(caucus))
    digest = look(manager, fill_notice())
    changed = fill_notice(**{"a-jeopardy": "Another seat."})
    response = manager.post(WRITE, {**changed, "do": "serve", "looked_at": digest})
    assert "Nothing was served" in response.content.decode()
    assert len(notices(caucus)) == before


def test_letter_that_the_rules_refuse_is_not_served_and_nothing_written_is_lost(as_person: As, caucus: Opened) -> None:
    manager, before = as_person(MANAGER), len(notices(caucus))
    form = fill_notice(**{"a-respond_by": f"{datetime.now(UTC) + timedelta(hours=30):%Y-%m-%dT%H:%M}"})
    response = manager.post(WRITE, {**form, "do": "serve", "looked_at": look(manager, form)})
    assert response.status_code == 422
    page = response.content.decode()
    assert "The rules do not permit this now. Nothing was recorded." in page
    assert "A seat." in page
    assert len(notices(caucus)) == before


def test_protected_name_is_not_served_to_whom_it_is_closed(as_person: As, caucus: Opened) -> None:
    protect_complainant(caucus)
    DirectoryEntry.objects.create(organisation="caucus", person=MEMBER, name="Ari Tāmati")
    manager, before = as_person(MANAGER), len(notices(caucus))
    form = fill_notice(**{"a-particulars": "As ari tāmati told us."})
    response = manager.post(WRITE, {**form, "do": "serve", "looked_at": look(manager, form)})
    assert "This letter gives somebody away" in response.content.decode()
    assert len(notices(caucus)) == before


def test_name_is_looked_for_as_a_word_of_its_own(as_person: As, caucus: Opened) -> None:
    protect_complainant(caucus)
    page = as_person(MANAGER).post(WRITE, {**fill_notice(**{"a-particulars": "The members sat."}), "do": "look"})
    assert "This letter gives somebody away" not in page.content.decode()


def protect_complainant(caucus: Opened) -> None:
    joined = PartyJoined(person=MEMBER, role="witness", protected=True)
    must(perform(caucus.organisation, ROW, joined, MANAGER))


@pytest.mark.parametrize("person", [RESPONDENT, COMPLAINANT, MEMBER, STRANGER])
def test_letter_is_written_by_whose_part_it_is_and_by_nobody_else(as_person: As, person: str) -> None:
    assert as_person(person).get(WRITE).status_code == 404
    assert as_person(person).post(WRITE, fill_notice()).status_code == 404


def test_required_field_left_empty_is_told_and_no_letter_is_shown(as_person: As) -> None:
    response = as_person(MANAGER).post(WRITE, {"do": "look"})
    assert response.status_code == 422
    assert "looked_at" not in response.content.decode()


def test_respondent_sees_when_the_notice_arrived_and_what_runs_from_then(as_person: As) -> None:
    page = as_person(RESPONDENT).get(LETTERS).content.decode()
    assert "What is served this way has arrived when it is served." in page
    assert "10 working days" in page


def test_posted_letter_has_not_arrived_until_its_delivery_is_confirmed(as_person: As, caucus: Opened) -> None:
    # No day to answer by: from when it runs is not known before the letter has arrived, and the rules say so.
    serve(as_person(MANAGER), fill_notice(**{"a-method": "post", "a-respond_by": ""}))
    seq = get_facts(caucus.organisation, ROW).matter.head_seq
    assert "not confirmed yet" in as_person(RESPONDENT).get(LETTERS).content.decode()
    confirmed = ServiceConfirmed(
        document=seq, to=RESPONDENT, delivered_at=datetime.now(UTC).replace(microsecond=0), how="post-proof"
    )
    must(perform(caucus.organisation, ROW, confirmed, MANAGER))
    page = as_person(RESPONDENT).get(LETTERS).content.decode()
    assert "not confirmed yet" not in page
    assert f"Delivery was confirmed by entry {seq + 1}" in page


def test_page_of_letters_asks_no_more_for_many_addressees_than_for_few(
    as_person: As, caucus: Opened, django_assert_max_num_queries: Any
) -> None:
    manager = as_person(MANAGER)
    called = MeetingCalled(
        meeting="hearing-1",
        body="caucus",
        at=datetime.now(UTC).replace(microsecond=0) + timedelta(days=60),
        agenda=("hearing",),
        invited=MEMBERS,
    )
    must(perform(caucus.organisation, ROW, called, CHAIR))
    with django_assert_max_num_queries(12):
        page = manager.get(LETTERS).content.decode()
    assert f"{len(MEMBERS)} people" in page


def test_stranger_cannot_tell_the_letters_of_a_matter_from_none(as_person: As) -> None:
    stranger = as_person(STRANGER)
    there, nowhere = stranger.get(LETTERS), stranger.get("/caucus/matters/nowhere/letters/")
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert there.content == nowhere.content


def test_who_has_not_signed_in_is_asked_to(caucus: Opened, db: None) -> None:
    for address in (LETTERS, WRITE, f"{LETTERS}served/10/", "/caucus/letters/"):
        assert Client().get(address)["Location"].startswith("/accounts/login/")


def test_what_is_only_printed_is_for_who_has_a_part(as_person: As) -> None:
    answer = as_person(RESPONDENT).get(f"{LETTERS}print/reply-form/")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Disposition"].startswith("attachment")
    assert as_person(STRANGER).get(f"{LETTERS}print/reply-form/").status_code == 404


def test_nothing_else_is_printed(as_person: As) -> None:
    for letter in ("notice", "certificate", "signed-certificate"):
        assert as_person(RESPONDENT).get(f"{LETTERS}print/{letter}/").status_code == 404


def test_letters_lead_to_the_certificate_which_says_what_the_matter_came_to(as_person: As) -> None:
    client = as_person(RESPONDENT)
    assert f'href="{ROOM}"' in client.get(LETTERS).content.decode()
    assert client.get(ROOM).status_code == 200


def test_templates_are_for_the_secretary(as_person: As) -> None:
    assert as_person(WHIP).get("/caucus/letters/").status_code == 200
    assert as_person(MANAGER).get("/caucus/letters/").status_code == 404
    assert as_person(MANAGER).get("/caucus/letters/notice/").status_code == 404
    assert as_person(WHIP).get("/caucus/letters/nothing/").status_code == 404


def test_changed_template_is_told_and_a_broken_one_with_its_line(as_person: As, caucus: Opened) -> None:
    folder = caucus.folder / "letters"
    folder.mkdir()
    (folder / "notice.typ").write_text('#import "letter.typ": *\n\n#nothing-like-it()\n')
    whip = as_person(WHIP)
    assert "your own, changed" in whip.get("/caucus/letters/").content.decode()
    page = whip.get("/caucus/letters/notice/").content.decode()
    assert "notice.typ:3:" in page
    assert "data:image/png;base64," in page  # what ships is shown meanwhile
    assert whip.get("/caucus/letters/notice/?as=pdf").content.startswith(b"%PDF-")


def test_letter_is_served_by_what_ships_where_the_organisations_own_is_broken(as_person: As, caucus: Opened) -> None:
    (caucus.folder / "letters").mkdir()
    (caucus.folder / "letters" / "letter.typ").write_text("#let data = (\n")
    manager = as_person(MANAGER)
    page = manager.post(WRITE, {**fill_notice(), "do": "look"}).content.decode()
    assert "does not print, so the shipped one was used" in page
    serve(manager, fill_notice())
    assert notices(caucus)[-1].digest is not None


def reply_form_of(caucus: Opened, viewer: str, **asked: str) -> Mapping[str, Json]:
    writing = Writing(caucus.organisation, "The caucus", ZoneInfo("UTC"), str)
    person = PersonId(asked["person"]) if asked else None
    return build_reply_form(writing, ROW, PersonId(viewer), now=datetime.now(UTC), person=person).data


def accuse(caucus: Opened) -> datetime:
    """Let another member be a respondent too, told when to answer."""
    soon = datetime.now(UTC).replace(second=0, microsecond=0)
    until = soon + timedelta(days=50)
    must(perform(caucus.organisation, ROW, PartyJoined(person=LEADER, role="respondent"), MANAGER))
    told = NoticeServed(
        to=LEADER,
        allegations=("a1",),
        particulars=("On 3 March, in the meeting room.",),
        worst_sanction="expulsion",
        jeopardy="A seat.",
        respond_by=until,
        hearing_at=soon + timedelta(days=80),
        states_companion=True,
        states_presumption=True,
    )
    must(perform(caucus.organisation, ROW, told, MANAGER))
    return until


def tell(moment: datetime) -> list[int]:
    return [moment.year, moment.month, moment.day, moment.hour, moment.minute]


def test_form_to_answer_on_says_the_day_of_whoever_answers_and_of_nobody_else(caucus: Opened) -> None:
    joined = PartyJoined(person=STRANGER, role="witness")
    must(perform(caucus.organisation, ROW, joined, MANAGER))
    assert reply_form_of(caucus, MANAGER)["respond_by"] == reply_form_of(caucus, RESPONDENT)["respond_by"]
    assert reply_form_of(caucus, STRANGER)["respond_by"] is None
    until = accuse(caucus)
    assert reply_form_of(caucus, LEADER)["respond_by"] == tell(until)
    assert reply_form_of(caucus, RESPONDENT)["respond_by"] not in [None, tell(until)]


def test_form_for_several_who_answer_is_printed_for_each(as_person: As, caucus: Opened) -> None:
    until = accuse(caucus)
    assert reply_form_of(caucus, MANAGER)["respond_by"] is None
    assert reply_form_of(caucus, MANAGER, person=LEADER)["respond_by"] == tell(until)
    page = as_person(MANAGER).get(LETTERS).content.decode()
    assert all(f"reply-form/?for={one}" in page for one in (LEADER, RESPONDENT))
    printed = as_person(MANAGER).get(f"{LETTERS}print/reply-form/?for={LEADER}")
    assert printed.content.startswith(b"%PDF-")
    for person, asked in ((RESPONDENT, LEADER), (MANAGER, STRANGER)):
        assert as_person(person).get(f"{LETTERS}print/reply-form/?for={asked}").status_code == 404
    assert "reply-form/?for=" not in as_person(RESPONDENT).get(LETTERS).content.decode()


def test_letter_sent_twice_is_served_once(as_person: As, caucus: Opened) -> None:
    manager, form = as_person(MANAGER), fill_notice()
    before = len(notices(caucus))
    form |= {"looked_at": look(manager, form), "once": "a-token-of-this-form"}
    first, second = (manager.post(WRITE, {**form, "do": "serve"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert second["Location"] == "/caucus/matters/row/"
    assert "Nothing was recorded twice" in manager.get(second["Location"]).content.decode()
    assert len(notices(caucus)) == before + 1


def test_letter_that_was_not_served_can_be_sent_again_by_the_same_form(as_person: As, caucus: Opened) -> None:
    manager, form = as_person(MANAGER), fill_notice(once="a-token-of-this-form")
    before = len(notices(caucus))
    changed = manager.post(WRITE, {**form, "do": "serve", "looked_at": "0" * 64})
    assert "not the one you looked at any more" in changed.content.decode()
    assert manager.post(WRITE, {**form, "do": "serve", "looked_at": look(manager, form)}).status_code == 302
    assert len(notices(caucus)) == before + 1


def test_letter_that_does_not_print_says_so_and_keeps_what_was_written(
    as_person: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_keywords: object) -> Printed:
        raise LetterError("The letter is too long to be printed.", remedy="Say less.")

    monkeypatch.setattr(TypstPress, "print_pdf", fail)
    page = as_person(MANAGER).post(WRITE, {**fill_notice(), "do": "look"})
    assert page.status_code == 422
    assert "too long to be printed" in page.content.decode()
    assert "On 3 March, in the meeting room." in page.content.decode()
    for address in (f"{LETTERS}print/reply-form/", f"{LETTERS}served/10/"):
        refused = as_person(RESPONDENT).get(address)
        assert refused.status_code == 409
        assert "too long to be printed" in refused.content.decode()


def test_letter_that_cannot_be_stored_just_now_is_not_lost(
    as_person: As, caucus: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager, form = as_person(MANAGER), fill_notice(once="a-token-of-this-form")
    before, digest = len(notices(caucus)), look(manager, form)

    def fail(self: Batch) -> None:
        raise StoreUnavailableError("The disk is full.", remedy="Make room.")

    with monkeypatch.context() as patch:
        patch.setattr(Batch, "store", fail)
        page = manager.post(WRITE, {**form, "do": "serve", "looked_at": digest})
    assert page.status_code == 503
    assert "On 3 March, in the meeting room." in page.content.decode()
    assert manager.post(WRITE, {**form, "do": "serve", "looked_at": digest}).status_code == 302
    assert len(notices(caucus)) == before + 1


def test_who_must_prove_again_keeps_the_letter_they_wrote(as_person: As) -> None:
    chair = as_person(CHAIR)
    prove(chair, Account.objects.get(memberships__person=CHAIR), ago=3600)
    answer = chair.post(f"{LETTERS}write/instrument/", {"a-conduct": "You are warned.", "do": "look"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'<a href="[^"]+" target="_blank" rel="opener">', page)
    assert "You are warned." in page
