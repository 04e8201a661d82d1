"""Paper in the browser: forms to print, what came back entered with its picture, and nobody who may not."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from alteram.bootstrap import Opened
from alteram.core.acts import ActRefused, PaperConfirmed, PaperEntered, PaperReportEntered, ReportLodged, ResponseGiven
from alteram.core.kernel.identifiers import ATTEMPTS_STREAM, PersonId, StreamId
from alteram.core.vault.phrases import derive_pseudonym, derive_sign_in, is_pseudonym, parse_phrase
from alteram.operations.attachments import find_attachments
from alteram.operations.perform import perform
from alteram.operations.ports import StoreUnavailableError
from alteram.operations.questions import get_facts
from alteram.operations.recording import Batch
from tests.web.conftest import As
from tests.web.scenes import (
    CAUCUS,
    CHAIR,
    COMPLAINANT,
    CUSTODIAN,
    MANAGER,
    MEMBER,
    RESPONDENT,
    ROW,
    STRANGER,
    WHIP,
    must,
)

PAPER = "/caucus/matters/row/paper/"
ANSWER = f"{PAPER}response.given/"


def filled(**changes: object) -> dict[str, object]:
    """Return the form of an answer on paper."""
    return {
        "p-person": RESPONDENT,
        "p-received_at": "2026-01-05T10:00",
        "a-allegations": ["a1"],
        "a-stance": "deny",
        "a-text": "It was not so.",
        "picture": SimpleUploadedFile("answer.png", b"a picture of paper"),
        **changes,
    }


def test_answer_on_paper_is_entered_with_its_picture(as_person: As, caucus: Opened) -> None:
    response = as_person(MANAGER).post(ANSWER, filled())
    assert response.status_code == 302, response.content.decode()
    matter = get_facts(caucus.organisation, ROW).matter
    (entered,), (answer,) = matter.all(PaperEntered), matter.all(ResponseGiven)
    assert (entered.actor, answer.actor, answer.seq) == (MANAGER, RESPONDENT, entered.seq + 1)
    assert [one.name for one in find_attachments(caucus.organisation, ROW, entered.seq, MANAGER)] == ["answer.png"]
    page = as_person(RESPONDENT).get(PAPER).content.decode()
    assert "Response given" in page
    assert f"the act itself is entry {answer.seq}" in page
    assert "not confirmed yet" in page
    told = as_person(COMPLAINANT).get(f"/caucus/matters/row/timeline/{answer.seq}/").content.decode()
    assert "read from paper" in told
    assert f"/caucus/matters/row/timeline/{entered.seq}/" in told


def test_paper_without_its_picture_is_not_entered_and_what_was_written_stays(as_person: As, caucus: Opened) -> None:
    form = filled()
    del form["picture"]
    response = as_person(MANAGER).post(ANSWER, form)
    assert response.status_code == 422
    assert "It was not so." in response.content.decode()
    assert get_facts(caucus.organisation, ROW).matter.all(PaperEntered) == ()


def test_waiver_without_somebody_who_saw_it_is_refused_in_words(as_person: As, caucus: Opened) -> None:
    form = {name: value for name, value in filled().items() if not name.startswith("a-")}
    response = as_person(MANAGER).post(f"{PAPER}right.waived/", {**form, "a-right": "hearing", "a-informed": "on"})
    assert response.status_code == 422
    assert "It gives something up" in response.content.decode()
    assert get_facts(caucus.organisation, ROW).matter.all(PaperEntered) == ()


@pytest.mark.parametrize("person", [RESPONDENT, COMPLAINANT, MEMBER, STRANGER])
def test_who_is_not_entitled_finds_no_form_to_enter(as_person: As, caucus: Opened, person: str) -> None:
    browser = as_person(person)
    assert browser.get(ANSWER).status_code == 404
    assert browser.post(ANSWER, filled()).status_code == 404
    assert get_facts(caucus.organisation, ROW).matter.all(ResponseGiven) == ()


@pytest.mark.parametrize(("person", "status"), [(RESPONDENT, 200), (WHIP, 200), (STRANGER, 404)])
def test_forms_can_be_printed_by_whoever_has_a_part(as_person: As, person: str, status: int) -> None:
    browser = as_person(person)
    assert browser.get(PAPER).status_code == status
    assert browser.get(f"{ANSWER}blank/").status_code == status


def test_act_that_no_party_does_has_no_form_on_paper(as_person: As) -> None:
    browser = as_person(MANAGER)
    for act in ("notice.served", "paper.entered", "nothing.known"):
        assert browser.get(f"{PAPER}{act}/blank/").status_code == 404
        assert browser.get(f"{PAPER}{act}/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"p-witness": "The Chair"}, "Nobody here is called that"),
        ({"p-received_at": "0001-01-01T00:00"}, "Write a day and a time"),
        ({"p-received_at": "9999-12-31T23:59"}, "Write a day and a time"),
    ],
)
def test_paper_with_a_name_or_a_time_that_is_none_keeps_what_was_written(
    as_person: As, caucus: Opened, changes: dict[str, str], told: str
) -> None:
    response = as_person(MANAGER).post(ANSWER, filled(**changes))
    assert response.status_code == 422
    assert told in response.content.decode()
    assert "It was not so." in response.content.decode()
    assert get_facts(caucus.organisation, ROW).matter.all(PaperEntered) == ()


def test_witness_of_a_paper_is_written_by_identifier(as_person: As, caucus: Opened) -> None:
    assert as_person(MANAGER).post(ANSWER, filled(**{"p-witness": CHAIR})).status_code == 302
    (entered,) = get_facts(caucus.organisation, ROW).matter.all(PaperEntered)
    assert entered.act.witness == CHAIR


def test_time_a_paper_came_is_read_in_the_zone_of_the_organisation(as_person: As, caucus: Opened) -> None:
    as_person(MANAGER).post(ANSWER, filled())
    (entered,) = get_facts(caucus.organisation, ROW).matter.all(PaperEntered)
    # ten in the morning in Auckland, in summer
    assert entered.act.received_at == datetime(2026, 1, 4, 21, tzinfo=UTC)


def test_paper_sent_twice_is_entered_once(as_person: As, caucus: Opened) -> None:
    manager = as_person(MANAGER)
    first, second = (manager.post(ANSWER, filled(once="a-token-of-this-form")) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert "Nothing was recorded twice" in manager.get(second["Location"]).content.decode()
    assert len(get_facts(caucus.organisation, ROW).matter.all(PaperEntered)) == 1


def test_paper_that_cannot_be_stored_just_now_is_not_lost(
    as_person: As, caucus: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Batch) -> None:
        raise StoreUnavailableError("The disk is full.", remedy="Make room.")

    manager = as_person(MANAGER)
    with monkeypatch.context() as patch:
        patch.setattr(Batch, "store", fail)
        response = manager.post(ANSWER, filled(once="a-token-of-this-form"))
    assert response.status_code == 503
    assert "It was not so." in response.content.decode()
    assert manager.post(ANSWER, filled(once="a-token-of-this-form")).status_code == 302


def test_paper_that_is_refused_is_kept_as_an_attempt_of_whoever_entered_it(as_person: As, caucus: Opened) -> None:
    form = {name: value for name, value in filled().items() if not name.startswith("a-")}
    appeal = {"a-against": "10", "a-grounds": ["procedure"], "a-text": "Nobody heard me."}
    as_person(MANAGER).post(f"{PAPER}right.waived/", {**form, "a-right": "hearing", "a-informed": "on"})
    form["picture"] = SimpleUploadedFile("appeal.png", b"a picture of paper")
    as_person(MANAGER).post(f"{PAPER}appeal.lodged/", {**form, **appeal})
    register = caucus.organisation.state(ATTEMPTS_STREAM, fresh=True).facts
    kept = [(one.actor, one.act.act, one.act.stream) for one in register.all(ActRefused)]
    assert kept == [(MANAGER, "paper.entered", ROW), (MANAGER, "appeal.lodged", ROW)]


def test_party_confirms_what_was_entered_for_them(as_person: As, caucus: Opened) -> None:
    as_person(MANAGER).post(ANSWER, filled())
    (entered,) = get_facts(caucus.organisation, ROW).matter.all(PaperEntered)
    link = f"/caucus/matters/row/acts/paper.confirmed/?a-paper={entered.seq}"
    assert link in as_person(RESPONDENT).get(PAPER).content.decode()
    assert link not in as_person(COMPLAINANT).get(PAPER).content.decode()
    must(perform(caucus.organisation, ROW, PaperConfirmed(paper=entered.seq), RESPONDENT))
    page = as_person(COMPLAINANT).get(PAPER).content.decode()
    assert "not confirmed yet" not in page
    must(perform(caucus.organisation, ROW, PaperConfirmed(paper=entered.seq, agrees=False), RESPONDENT))
    assert "said not to be what the paper says" in as_person(COMPLAINANT).get(PAPER).content.decode()


def test_reply_on_paper_says_which_entry_it_answers(as_person: As, caucus: Opened) -> None:
    manager = as_person(MANAGER)
    assert "paper/?answers=10" in manager.get("/caucus/matters/row/letters/").content.decode()
    page = manager.get(f"{PAPER}?answers=10").content.decode()
    assert "response.given/?answers=10" in page
    form = manager.get(f"{ANSWER}?answers=10").content.decode()
    assert re.search(r'<option value="10" selected', form)
    assert manager.post(ANSWER, filled(**{"p-answers": "10"})).status_code == 302
    (entered,) = get_facts(caucus.organisation, ROW).matter.all(PaperEntered)
    assert entered.act.answers == 10
    assert "in answer to" in manager.get(PAPER).content.decode()


@pytest.mark.parametrize("answers", ["", "x", "-1", "99999999999", "<b>"])
def test_number_that_is_none_of_an_entry_is_no_answer(as_person: As, answers: str) -> None:
    page = as_person(MANAGER).get(PAPER, {"answers": answers}).content.decode()
    assert "You are entering a reply" not in page


@pytest.mark.parametrize(
    ("act", "more"),
    [
        ("paper.entered", {"a-person": RESPONDENT, "a-what": "response.given"}),
        ("paper-report.entered", {"a-report": "0"}),
    ],
)
def test_paper_is_not_entered_by_the_form_of_the_act_alone(
    as_person: As, caucus: Opened, act: str, more: dict[str, str]
) -> None:
    form = {"a-digest": "ab" * 32, "a-received_at": "2026-01-05T10:00", **more}
    page = as_person(MANAGER).post(f"/caucus/matters/row/acts/{act}/", form)
    assert page.status_code == 422
    assert "together with the" in page.content.decode()
    assert get_facts(caucus.organisation, ROW).matter.all(PaperEntered, PaperReportEntered) == ()


REPORT = "/caucus/paper/report/2026-onpaper/"
FIRST = StreamId("2026-onpaper")


def report(**changes: object) -> dict[str, object]:
    return {
        "p-received_at": "2026-01-05T10:00",
        "a-identity": "anonymous",
        "a-about": "person",
        "a-text": "I saw it in the corridor.",
        "picture": SimpleUploadedFile("report.png", b"a picture of a report"),
        **changes,
    }


def lodged(caucus: Opened) -> ReportLodged:
    (found,) = get_facts(caucus.organisation, FIRST).matter.all(ReportLodged)
    return found.act


def reporter(caucus: Opened) -> PersonId:
    (found,) = get_facts(caucus.organisation, FIRST).matter.all(ReportLodged)
    assert found.actor is not None
    return found.actor


def test_first_report_on_paper_begins_a_matter_and_prints_a_receipt_with_a_phrase_that_works(
    as_person: As, caucus: Opened
) -> None:
    answer = as_person(CUSTODIAN).post(REPORT, report())
    assert answer.status_code == 200, answer.content.decode()
    page = unescape(answer.content.decode())
    words = re.findall(r"<li>([a-z]+)</li>", page[page.index('class="phrase"') :])[:12]
    assert "I saw it in the corridor." not in page
    matter = get_facts(caucus.organisation, FIRST).matter
    (first,), (entered,) = matter.all(ReportLodged), matter.all(PaperReportEntered)
    assert (first.seq, entered.seq, entered.actor) == (0, 1, CUSTODIAN)
    assert entered.act.digest in page
    derived = derive_pseudonym(derive_sign_in(parse_phrase(" ".join(words)), CAUCUS), CAUCUS)
    assert reporter(caucus) == derived
    assert [one.name for one in find_attachments(caucus.organisation, FIRST, 1, CUSTODIAN)] == ["report.png"]


@pytest.mark.parametrize("identity", ["named", "protected"])
def test_report_of_somebody_known_is_theirs_and_needs_no_phrase(as_person: As, caucus: Opened, identity: str) -> None:
    answer = as_person(WHIP).post(REPORT, report(**{"a-identity": identity, "p-reporter": MEMBER}))
    assert answer.status_code == 200, answer.content.decode()
    page = answer.content.decode()
    assert 'class="phrase"' not in page
    assert MEMBER not in page[page.index("Receipt for a report") :]
    assert reporter(caucus) == MEMBER
    assert lodged(caucus).identity == identity
    assert "/caucus/matters/2026-onpaper/" in as_person(MEMBER).get("/caucus/").content.decode()


def test_report_of_somebody_named_without_an_account_is_by_what_their_phrase_derives(
    as_person: As, caucus: Opened
) -> None:
    assert as_person(CUSTODIAN).post(REPORT, report(**{"a-identity": "named"})).status_code == 200
    assert is_pseudonym(reporter(caucus))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"picture": ""}, "Add one picture"),
        ({"a-text": ""}, "required"),
        ({"p-reporter": MEMBER}, "Who reports without a name is not named"),
        ({"p-received_at": "0001-01-01T00:00"}, "Write a day and a time"),
        ({"p-received_at": "2999-01-05T10:00"}, "cannot have been handed in later"),
        ({"a-identity": "named", "p-reporter": CUSTODIAN}, "Nobody enters a paper for themselves"),
        ({"a-people": [CUSTODIAN]}, "Nobody enters a paper for themselves"),
    ],
)
def test_report_that_does_not_fit_is_not_entered_and_what_was_written_stays(
    as_person: As, caucus: Opened, changes: dict[str, object], told: str
) -> None:
    answer = as_person(CUSTODIAN).post(REPORT, report(**changes))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert caucus.organisation.facts(FIRST, fresh=True).matter.head_seq == -1
    if "a-text" not in changes:
        assert "I saw it in the corridor." in answer.content.decode()


@pytest.mark.parametrize("person", [MANAGER, CHAIR, MEMBER, RESPONDENT, STRANGER])
def test_who_holds_no_office_for_it_enters_no_first_report(as_person: As, caucus: Opened, person: str) -> None:
    browser = as_person(person)
    assert browser.get("/caucus/paper/report/").status_code == 404
    assert browser.get(REPORT).status_code == 404
    assert browser.post(REPORT, report()).status_code == 404
    assert caucus.organisation.facts(FIRST, fresh=True).matter.head_seq == -1


def test_report_that_is_sent_twice_begins_one_matter(as_person: As, caucus: Opened) -> None:
    browser = as_person(CUSTODIAN)
    assert browser.post(REPORT, report()).status_code == 200
    assert browser.post(REPORT, report()).status_code == 404
    assert get_facts(caucus.organisation, FIRST).matter.head_seq == 1


def test_each_first_report_has_a_number_of_its_own(as_person: As) -> None:
    browser = as_person(CUSTODIAN)
    first, second = (browser.get("/caucus/paper/report/")["Location"] for _ in range(2))
    assert first != second
    assert browser.get(first).status_code == 200
