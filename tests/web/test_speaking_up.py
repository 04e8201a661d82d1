"""Speaking up without an account: lodged once, come back to with a phrase, answered, and open to nobody else."""

import re

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import (
    CaseManagerAssigned,
    ContentRead,
    ReportAcknowledged,
    ReporterAnswered,
    ReporterAsked,
    ReportLodged,
    ReportWithdrawn,
)
from alteram.core.kernel.identifiers import READINGS_STREAM, StreamId
from alteram.core.vault import derive_pseudonym, derive_sign_in, encode_phrase, parse_phrase
from alteram.operations.perform import perform
from alteram.operations.ports import StoreUnavailableError
from alteram.operations.questions import UnknownMatterError, get_facts
from alteram.web.speaking_up import reporting
from tests.web.conftest import As
from tests.web.scenes import CAUCUS, CUSTODIAN, MANAGER, MEMBER, RESPONDENT, must
from tests.web.speaking import HIDDEN, PHOTO, SECRET, SPEAK_UP, ask, come_back, files, lodge, mine, read_phrase, waiting


def lodged(caucus: Opened, matter: StreamId) -> ReportLodged:
    return get_facts(caucus.organisation, matter).matter.all(ReportLodged)[0].act


def lodged_by(caucus: Opened, matter: StreamId) -> str | None:
    return get_facts(caucus.organisation, matter).matter.all(ReportLodged)[0].actor


# -- reporting


def test_anonymous_report_is_recorded_under_what_is_derived_from_the_phrase_and_nothing_else(
    db: None, caucus: Opened
) -> None:
    matter, phrase = lodge(Client())
    (event,) = get_facts(caucus.organisation, matter).matter.all(ReportLodged)
    expected = derive_pseudonym(derive_sign_in(parse_phrase(phrase), CAUCUS), CAUCUS)
    assert (event.actor, event.act.identity) == (expected, "anonymous")
    assert re.fullmatch(r"20\d\d-[a-z2-7]{10}", matter)


def test_two_way_messages_end_to_end(as_person: As, caucus: Opened) -> None:
    organisation = caucus.organisation
    matter, phrase = lodge(Client())
    must(perform(organisation, matter, CaseManagerAssigned(person=MANAGER), CUSTODIAN))
    must(
        perform(organisation, matter, ReportAcknowledged(report=0, text="It has come.", external_routes=True), MANAGER)
    )
    question = must(perform(organisation, matter, ReporterAsked(text="On which day was it?"), MANAGER))

    reporter = come_back(phrase)
    page = reporter.get(mine(matter)).content.decode()
    for said in ("A question waits for you", "On which day was it?", "It has come.", SECRET, "case manager"):
        assert said in page
    address = f"{mine(matter)}acts/reporter.answered/"
    assert "On which day was it?" in reporter.get(f"{address}?to={question}").content.decode()
    done = reporter.post(address, {"a-question": question, "a-text": "On Monday.", "files": files(("a.jpg", PHOTO))})
    assert done["Location"] == mine(matter)
    (answer,) = get_facts(organisation, matter).matter.all(ReporterAnswered)
    assert answer.act.question == question
    assert "A question waits for you" not in reporter.get(mine(matter)).content.decode()

    manager = as_person(MANAGER)
    seen = manager.get(f"/caucus/matters/{matter}/timeline/{answer.seq}/").content.decode()
    assert "On Monday." in seen
    sent = manager.get(f"/caucus/matters/{matter}/timeline/{answer.seq}/files/0/")
    assert sent.getvalue() == PHOTO


def test_reporter_adds_to_the_report_and_withdraws_it(db: None, caucus: Opened) -> None:
    matter, phrase = lodge(Client())
    reporter = come_back(phrase)
    added = reporter.post(f"{mine(matter)}acts/reporter.answered/", {"a-question": "0", "a-text": "And once more."})
    assert added.status_code == 302
    withdrawn = reporter.post(f"{mine(matter)}acts/report.withdrawn/", {"a-report": "0", "a-freely": "on"})
    assert withdrawn.status_code == 302
    facts = get_facts(caucus.organisation, matter).matter
    assert len(facts.all(ReporterAnswered)) == len(facts.all(ReportWithdrawn)) == 1
    page = reporter.get(mine(matter)).content.decode()
    assert "And once more." in page
    assert "acts/report.withdrawn/" not in page


def test_what_a_reporter_reads_is_kept_as_read_once(db: None, caucus: Opened) -> None:
    matter, phrase = lodge(Client())
    must(perform(caucus.organisation, matter, CaseManagerAssigned(person=MANAGER), CUSTODIAN))
    question = must(perform(caucus.organisation, matter, ReporterAsked(text="On which day was it?"), MANAGER))
    reporter = come_back(phrase)
    for page in (f"{mine(matter)}acts/reporter.answered/?to={question}", mine(matter), mine(matter)):
        assert "On which day was it?" in reporter.get(page).content.decode()
    read = caucus.organisation.state(READINGS_STREAM, fresh=True).facts.all(ContentRead)
    assert [one.actor for one in read if question in one.act.entries] == [lodged_by(caucus, matter)]


def test_answer_sent_twice_is_recorded_once(db: None, caucus: Opened) -> None:
    matter, phrase = lodge(Client())
    reporter, address = come_back(phrase), f"{mine(matter)}acts/reporter.answered/"
    found = re.search(r'name="once" value="([^"]+)"', reporter.get(address).content.decode())
    assert found is not None
    for _ in range(2):
        sent = reporter.post(address, {"a-question": "0", "a-text": "And once more.", "once": found[1]})
        assert sent["Location"] == mine(matter)
    assert len(get_facts(caucus.organisation, matter).matter.all(ReporterAnswered)) == 1


def test_report_with_many_entries_is_read_page_by_page(db: None, caucus: Opened) -> None:
    matter, phrase = lodge(Client())
    reporter = come_back(phrase)
    reporter.post(f"{mine(matter)}acts/report.withdrawn/", {"a-report": "0", "a-freely": "on"})
    for number in range(51):
        reporter.post(f"{mine(matter)}acts/reporter.answered/", {"a-question": "0", "a-text": f"More: {number}."})
    newest = reporter.get(mine(matter)).content.decode()
    assert SECRET not in newest
    assert "acts/report.withdrawn/" not in newest
    older = re.search(r'rel="next" href="([^"]+)"', newest)
    assert older is not None
    assert SECRET in reporter.get(f"{mine(matter)}{older[1]}").content.decode()


@pytest.mark.parametrize(
    ("about", "asked", "unasked"),
    [("incident", "where", "since"), ("practice", "since", "where"), ("person", "whom", "where")],
)
def test_what_is_asked_adapts_without_script_and_what_is_not_asked_is_not_read(
    db: None, caucus: Opened, about: str, asked: str, unasked: str
) -> None:
    client = Client()
    page = client.get(f"{SPEAK_UP}report/?about={about}&identity=anonymous").content.decode()
    shown = re.findall(r'<div class="field"(?: data-asked="[^"]+")?(?P<hidden> hidden)?>(.*?)</div>', page, re.DOTALL)
    by_name = {name: bool(hidden) for hidden, body in shown for name in re.findall(r'name="(\w+)"', body)}
    assert (by_name[asked], by_name[unasked], by_name["name"]) == (False, True, True)
    action, form = ask(client, about=about)
    client.post(action, {**form, asked: "asked for", unasked: "not asked for", "name": "A name"})
    act = lodged(caucus, StreamId(action.split("/")[-2]))
    stored = next(
        caucus.organisation.ports.store.load(caucus.organisation.ports.organisation, StreamId(action.split("/")[-2]))
    )
    opened = caucus.organisation.open(stored)
    assert opened is not None
    text = opened.presentation.claims["act.text"]
    assert act.about == about
    assert isinstance(text, str)
    assert ("asked for" in text, "not asked for" in text, "A name" in text) == (True, False, False)


def test_named_report_without_account_gives_name_and_contact_in_the_confidential_text(db: None, caucus: Opened) -> None:
    client = Client()
    action, form = ask(client, identity="named")
    assert client.post(action, form).status_code == 422
    matter, phrase = lodge(client, identity="named", name="The gardener", contact="Ring at the gate")
    page = come_back(phrase).get(mine(matter)).content.decode()
    assert "The gardener" in page
    assert "Ring at the gate" in page
    assert lodged(caucus, matter).identity == "named"


@pytest.mark.parametrize("identity", ["named", "protected"])
def test_who_is_signed_in_reports_as_themselves_unless_anonymously(
    as_person: As, caucus: Opened, identity: str
) -> None:
    member = as_person(MEMBER)
    action, form = ask(member, identity=identity)
    response = member.post(action, form)
    matter = StreamId(action.split("/")[-2])
    assert response["Location"] == f"/caucus/matters/{matter}/"
    assert get_facts(caucus.organisation, matter).matter.all(ReportLodged)[0].actor == MEMBER
    assert "reporter" not in response.cookies


def test_who_is_signed_in_and_reports_anonymously_is_not_tied_to_their_account(as_person: As, caucus: Opened) -> None:
    member = as_person(MEMBER)
    matter, _ = lodge(member)
    assert get_facts(caucus.organisation, matter).matter.all(ReportLodged)[0].actor != MEMBER
    assert matter not in member.get("/caucus/").content.decode()


def test_form_sent_twice_is_recorded_once_and_shows_the_same_phrase(db: None, caucus: Opened) -> None:
    client = Client()
    action, form = ask(client)
    first, second = (client.post(action, {**form, "files": files(("a.jpg", PHOTO))}) for _ in range(2))
    assert read_phrase(first.content.decode()) == read_phrase(second.content.decode())
    assert "recorded once" in second.content.decode()
    assert get_facts(caucus.organisation, StreamId(action.split("/")[-2])).matter.head_seq == 0
    assert waiting(caucus) == 1


def test_phrase_made_in_the_browser_never_comes_to_the_server(db: None, caucus: Opened) -> None:
    client = Client()
    action, form = ask(client)
    sign_in = derive_sign_in(bytes(range(16)), CAUCUS)
    page = client.post(action, {**form, "seed": "", "sign_in": sign_in.hex()}).content.decode()
    assert "data-in-browser hidden" in page
    matter = StreamId(action.split("/")[-2])
    actor = get_facts(caucus.organisation, matter).matter.all(ReportLodged)[0].actor
    assert actor == derive_pseudonym(sign_in, CAUCUS)
    assert come_back(encode_phrase(bytes(range(16)))).get(mine(matter)).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"token": ""}, {"token": "x:y:z"}, {"seed": ""}, {"seed": "AAAA"}, {"seed": "", "sign_in": "00"}, {"what": ""}],
)
def test_form_that_is_not_ours_or_not_whole_records_nothing_and_keeps_what_was_written(
    db: None, caucus: Opened, wrong: dict[str, str]
) -> None:
    client = Client()
    action, form = ask(client)
    response = client.post(action, {**form, "wish": "To be heard.", **wrong})
    assert response.status_code == 422
    assert "To be heard." in response.content.decode()
    with pytest.raises(UnknownMatterError):
        get_facts(caucus.organisation, StreamId(action.split("/")[-2]))


def test_token_of_one_matter_begins_no_other(db: None, caucus: Opened) -> None:
    client = Client()
    _, form = ask(client)
    assert client.post(f"{SPEAK_UP}report/another/", form).status_code == 422
    with pytest.raises(UnknownMatterError):
        get_facts(caucus.organisation, StreamId("another"))


def test_form_without_its_token_against_forgery_records_nothing_and_keeps_no_file(db: None, caucus: Opened) -> None:
    client = Client(enforce_csrf_checks=True)
    action, form = ask(client)
    assert client.post(action, {**form, "files": files(("a.jpg", PHOTO))}).status_code == 403
    with pytest.raises(UnknownMatterError):
        get_facts(caucus.organisation, StreamId(action.split("/")[-2]))
    assert waiting(caucus) == 0


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-01-01", "not a day", "2026-02-30"])
def test_day_that_no_record_takes_is_told_beside_it(db: None, caucus: Opened, day: str) -> None:
    client = Client()
    action, form = ask(client)
    response = client.post(action, {**form, "first_on": day})
    assert response.status_code == 422
    assert 'id="id_first_on_error"' in response.content.decode()
    assert client.post(action, {**form, "first_on": "1900-01-01", "last_on": "1899-12-31"}).status_code == 422
    assert client.post(action, {**form, "first_on": "1900-01-01", "last_on": "1900-01-01"}).status_code == 200


@pytest.mark.parametrize("number", ["x", "", "-1", "7", "\u00b2", "9" * 30])
def test_answer_to_no_entry_is_told_and_records_nothing(db: None, caucus: Opened, number: str) -> None:
    matter, phrase = lodge(Client())
    reporter = come_back(phrase)
    address = f"{mine(matter)}acts/reporter.answered/"
    assert reporter.get(address, {"to": number}).status_code == 200
    assert reporter.post(address, {"a-question": number, "a-text": "To nobody."}).status_code == 422
    assert get_facts(caucus.organisation, matter).matter.head_seq == 0


@pytest.mark.parametrize("query", ["", "?about=person", "?about=person&identity=x", "?about=x&identity=named"])
def test_form_without_the_two_choices_goes_back_to_them(db: None, caucus: Opened, query: str) -> None:
    assert Client().get(f"{SPEAK_UP}report/{query}")["Location"] == SPEAK_UP


def test_store_that_is_away_keeps_what_was_written_and_says_so(
    db: None, caucus: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    action, form = ask(client)

    def fail(*_: object, **__: object) -> None:
        raise StoreUnavailableError("full")

    with monkeypatch.context() as patch:
        patch.setattr(reporting, "lodge_report", fail)
        response = client.post(action, form)
    assert response.status_code == 503
    assert SECRET in response.content.decode()
    assert client.post(action, {**form, **dict(HIDDEN.findall(response.content.decode()))}).status_code == 200


# -- the phrase confirmed back


def test_two_words_are_asked_back_until_they_are_right(db: None, caucus: Opened) -> None:
    client = Client()
    action, form = ask(client)
    page = client.post(action, form).content.decode()
    words, token = read_phrase(page).split(), dict(HIDDEN.findall(page))["token"]
    confirm = f"{action}confirm/"
    asking = client.post(confirm, {"token": token}).content.decode()
    assert not any(f">{word}<" in asking for word in words)
    places = [int(place) for place in re.findall(r"Word number (\d+)", asking)]
    assert len(set(places)) == 2
    wrong = client.post(confirm, {"token": token, "first": "zoo", "second": words[places[1] - 1]})
    assert wrong.status_code == 422
    right = {"token": token, "first": words[places[0] - 1], "second": f" {words[places[1] - 1].upper()} "}
    assert client.post(confirm, right)["Location"] == mine(action.split("/")[-2])
    assert client.post(confirm, {**right, "token": "forged"})["Location"] == f"{SPEAK_UP}mine/"


# -- coming back


def test_wrong_phrases_are_told_apart_from_mistyped_ones_and_open_nothing(db: None, caucus: Opened) -> None:
    _, phrase = lodge(Client())
    client = Client()
    for typed, told in (
        ("", "here are 0"),
        (phrase.rpartition(" ")[0], "here are 11"),
        (f"qqqq {phrase.partition(' ')[2]}", "Word 1 is not"),
        (" ".join(reversed(phrase.split())), "do not belong together"),
        (encode_phrase(bytes(16)), "No report goes with this phrase"),
    ):
        response = client.post(f"{SPEAK_UP}return/", {"phrase": typed})
        # Reversed words fit together once in sixteen times; then no report goes with them.
        page = response.content.decode()
        assert response.status_code == 422
        assert told in page or "No report goes with" in page
        assert "reporter" not in response.cookies
    assert client.get(f"{SPEAK_UP}mine/")["Location"] == f"{SPEAK_UP}return/"


def test_somebody_elses_phrase_opens_their_report_only(db: None, caucus: Opened) -> None:
    first, phrase = lodge(Client())
    second, other = lodge(Client())
    for opened, closed, words in ((first, second, phrase), (second, first, other)):
        reporter = come_back(words)
        assert reporter.get(f"{SPEAK_UP}mine/")["Location"] == mine(opened)
        assert reporter.get(mine(opened)).status_code == 200
        for rest in ("", "receipt/", "receipt/sd-jwt", "acts/reporter.answered/", "files/0/0/"):
            assert reporter.get(f"{mine(closed)}{rest}").status_code == 404
        answer = {"a-question": "0", "a-text": "I am not who reported this."}
        assert reporter.post(f"{mine(closed)}acts/reporter.answered/", answer).status_code == 404
    assert get_facts(caucus.organisation, first).matter.head_seq == 0


def test_stranger_without_phrase_is_asked_for_one_and_learns_nothing(db: None, caucus: Opened) -> None:
    matter, _ = lodge(Client())
    answers = {
        Client().get(f"{mine(name)}{rest}")["Location"]
        for name in (matter, "nowhere")
        for rest in ("", "receipt/", "files/0/0/", "acts/reporter.answered/")
    }
    assert answers == {f"{SPEAK_UP}return/"}


@pytest.mark.parametrize("value", ["reporter-aaaa", "reporter-aaaa:x:y", ""])
def test_cookie_that_was_not_given_here_opens_nothing(db: None, caucus: Opened, value: str) -> None:
    client = Client()
    client.cookies["reporter"] = value
    assert client.get(f"{SPEAK_UP}mine/")["Location"] == f"{SPEAK_UP}return/"


def test_cookie_holds_the_derived_name_only_and_is_kept_from_scripts_and_other_sites(db: None, caucus: Opened) -> None:
    matter, phrase = lodge(Client())
    cookie = come_back(phrase).cookies["reporter"]
    assert cookie.value.split(":")[0] == get_facts(caucus.organisation, matter).matter.all(ReportLodged)[0].actor
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (
        True,
        "Strict",
        SPEAK_UP,
        1200,
    )


@pytest.mark.parametrize("way", ["sign-out", "leave"])
def test_leaving_forgets_who_came_back(db: None, caucus: Opened, way: str) -> None:
    _, phrase = lodge(Client())
    reporter = come_back(phrase)
    left = reporter.post(f"{SPEAK_UP}{way}/", follow=True)
    assert left.status_code == 200
    assert SECRET not in left.content.decode()
    assert reporter.get(f"{SPEAK_UP}mine/")["Location"] == f"{SPEAK_UP}return/"


def test_one_phrase_used_too_often_waits_and_keeps_nobody_else_waiting(
    db: None, caucus: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alteram.installation.receipt_phrases.ATTEMPTS", 3)
    (_, phrase), (_, other) = lodge(Client()), lodge(Client())
    for _ in range(3):
        come_back(phrase)
    assert "used too often" in Client().post(f"{SPEAK_UP}return/", {"phrase": phrase}).content.decode()
    come_back(other)


@pytest.mark.parametrize("act", ["report.lodged", "decision.made", "nothing", "reprisal.alleged"])
def test_phrase_opens_no_act_but_those_of_a_reporter(db: None, caucus: Opened, act: str) -> None:
    matter, phrase = lodge(Client())
    assert come_back(phrase).get(f"{mine(matter)}acts/{act}/").status_code == 404


def test_form_of_a_reporter_offers_no_people(db: None, caucus: Opened) -> None:
    matter, phrase = lodge(Client())
    reporter = come_back(phrase)
    for address in (mine(matter), f"{mine(matter)}acts/reporter.answered/", f"{mine(matter)}acts/report.withdrawn/"):
        page = reporter.get(address).content.decode()
        assert not any(f">{name}<" in page or f'"{name}"' in page for name in (MEMBER, RESPONDENT, "leader"))
