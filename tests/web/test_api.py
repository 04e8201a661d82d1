"""The API: what programs of a party, of a handler, of a stranger and of nobody are answered."""

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.middleware.common import CommonMiddleware
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import ResponseGiven
from alteram.core.kernel.errors import MalformedError
from alteram.core.tlog.proof import parse_tlog_proof
from alteram.installation.releases import find_quarter
from alteram.installation.signing_in import invite
from alteram.operations import open_acts
from alteram.operations.entries import enter
from alteram.operations.questions import find_open_acts, get_facts
from alteram.operations.readings import find_readings
from alteram.operations.recording import Batch
from tests.web.conftest import As
from tests.web.programs import API, Program, read
from tests.web.scenes import CAUCUS, MANAGER, MEMBER, RESPONDENT, ROW, STRANGER, TEXT

THE_ROW = f"{API}/matters/row"
ANSWER = {"act": "response.given", "fields": {"allegations": ["a1"], "stance": "deny", "text": "It was not so."}}
DECISION = {"act": "decision.made", "fields": {"deciders": ["custodian"], "reasons": "Because I say so."}}
PLACES = (
    "",
    "/entries",
    "/entries/0",
    "/entries/0/receipt",
    "/acts",
    "/assessment",
    "/cures",
    "/comparison",
    "/rulebook",
    "/export",
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("caucus")]


def test_token_tells_whom_it_acts_for() -> None:
    me = read(Program(RESPONDENT, ("read",)).get(f"{API}/me"))
    assert (me["person"], me["organisation"], me["title"], me["scopes"]) == (
        RESPONDENT,
        CAUCUS,
        "The caucus",
        ["read"],
    )


def test_respondent_lists_the_matter_and_when_it_is_due() -> None:
    page = read(Program(RESPONDENT).get(f"{API}/matters"))
    assert [(one["matter"], one["parts"][0]) for one in page["matters"]] == [("row", "respondent")]
    assert page["next"] is None


def test_respondent_reads_where_the_matter_stands() -> None:
    overview = read(Program(RESPONDENT).get(THE_ROW))
    assert (overview["matter"], overview["stage"]["owner"]) == ("row", overview["stage"]["owner"])
    assert "respondent" in overview["my_parts"]


def test_timeline_is_read_in_pages_to_its_end_without_gap() -> None:
    program, seqs, cursor = Program(MANAGER), [], ""
    while True:
        page = read(program.get(f"{THE_ROW}/entries?limit=4{cursor}"))
        seqs += [one["seq"] for one in page["entries"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seqs == list(range(page["total"]))


def test_entry_shows_a_party_what_is_open_to_them_only() -> None:
    told = json.dumps(read(Program(MANAGER).get(f"{THE_ROW}/entries/0")))
    withheld = json.dumps(read(Program(RESPONDENT).get(f"{THE_ROW}/entries/0")))
    assert TEXT in told
    assert TEXT not in withheld


def test_entry_beyond_the_last_is_not_found() -> None:
    assert Program(MANAGER).get(f"{THE_ROW}/entries/11").status_code == 404
    assert Program(MANAGER).get(f"{THE_ROW}/entries/10").status_code == 200


def test_receipt_of_an_entry_can_be_read_by_others_tools() -> None:
    response = Program(RESPONDENT).get(f"{THE_ROW}/entries/3/receipt")
    assert response.status_code == 200
    assert parse_tlog_proof(response.content).extra is not None


def test_receipt_of_what_was_recorded_just_now_is_not_there_yet() -> None:
    program = Program(RESPONDENT)
    seq = read(program.post(f"{THE_ROW}/acts", ANSWER), 201)["seq"]
    problem = read(program.get(f"{THE_ROW}/entries/{seq}/receipt"), 409)
    assert problem["type"].endswith("#not-in-the-log")


def test_export_is_a_file_that_holds_the_matter() -> None:
    response = Program(RESPONDENT).get(f"{THE_ROW}/export")
    assert response.status_code == 200
    names = zipfile.ZipFile(io.BytesIO(b"".join(response))).namelist()
    assert names


def test_export_needs_its_scope() -> None:
    assert Program(RESPONDENT, ("read",)).get(f"{THE_ROW}/export").status_code == 403


def test_open_acts_come_with_their_rulings() -> None:
    acts = {one["act"]: one for one in read(Program(RESPONDENT).get(f"{THE_ROW}/acts"))["acts"]}
    assert acts["response.given"]["ruling"]["outcome"] == "allowed"
    assert acts["notice.served"]["ruling"]["outcome"] == "refused"


def test_assessment_shows_what_is_unknown() -> None:
    found = read(Program(RESPONDENT).get(f"{THE_ROW}/assessment"))
    assert {"UNKNOWN", "PASS"} <= {one["result"] for one in found["requirements"]}


def test_cures_name_acts() -> None:
    found = read(Program(MANAGER).get(f"{THE_ROW}/cures"))
    assert found["plans"]
    for one in found["plans"]:
        assert one["result"] in {"FAIL", "UNKNOWN"}
        assert bool(one["steps"]) != bool(one["incurable"])
    mended = {name for step in found["together"] for name in step["mends"]}
    assert mended.union(found["left"]) == {one["requirement"] for one in found["plans"]}


def test_standards_are_compared_with_their_sources_and_an_unknown_one_is_named() -> None:
    program = Program(RESPONDENT)
    found = read(program.get(f"{THE_ROW}/comparison?pack=ronr-discipline"))
    assert found["shared"]
    assert all({one["standard"] for one in row["said"]} == {"", "ronr-discipline"} for row in found["shared"])
    assert all(one["source"] for row in found["shared"] for one in row["said"] if one["standard"])
    assert program.get(f"{THE_ROW}/comparison?pack=../caucus").status_code == 422


def test_rulebook_in_force_governs_the_matter() -> None:
    program = Program(RESPONDENT)
    assert read(program.get(f"{API}/rulebook"))["digest"] == read(program.get(f"{THE_ROW}/rulebook"))["digest"]


def test_respondent_answers(caucus: Opened) -> None:
    recorded = read(Program(RESPONDENT).post(f"{THE_ROW}/acts", ANSWER), 201)
    given = get_facts(caucus.organisation, ROW).matter.all(ResponseGiven)
    assert [(one.seq, one.actor, one.act.stance) for one in given] == [(recorded["seq"], RESPONDENT, "deny")]
    assert recorded["ruling"]["capacity"] == "respondent"


def test_trying_an_act_records_nothing(caucus: Opened) -> None:
    tried = read(Program(RESPONDENT).post(f"{THE_ROW}/acts?try=true", ANSWER))
    assert tried["ruling"]["outcome"] == "allowed"
    assert not get_facts(caucus.organisation, ROW).matter.all(ResponseGiven)


def test_refusal_carries_the_ruling(caucus: Opened) -> None:
    problem = read(Program(MANAGER).post(f"{THE_ROW}/acts", DECISION), 409)
    assert problem["ruling"]["outcome"] == "refused"
    assert problem["ruling"]["code"]
    assert problem["ruling"]["because"]
    assert get_facts(caucus.organisation, ROW).matter.head_seq == 10


def test_grave_act_needs_a_scope_of_its_own_and_trying_it_does_not() -> None:
    program = Program(MANAGER, ("read", "propose"))
    response = program.post(f"{THE_ROW}/acts", DECISION)
    assert response.status_code == 403
    assert 'scope="grave"' in response.headers["WWW-Authenticate"]
    assert program.post(f"{THE_ROW}/acts?try=true", DECISION).status_code == 200


def test_proposing_needs_its_scope_and_a_report_needs_one_of_two() -> None:
    report = {"act": "report.lodged", "fields": {"identity": "named", "about": "practice", "text": "It is so."}}
    assert Program(RESPONDENT, ("read", "report")).post(f"{THE_ROW}/acts", ANSWER).status_code == 403
    assert Program(MEMBER, ("read",)).post(f"{API}/matters/new/acts", report).status_code == 403
    assert Program(MEMBER, ("report",)).post(f"{API}/matters/new/acts", report).status_code == 201


def test_event_that_happened_elsewhere_is_recorded_with_its_standing() -> None:
    program = Program(MANAGER, ("report", "read"))
    event = {
        "act": "support.offered",
        "fields": {"to": RESPONDENT},
        "reported": {"first": "2026-01-05T10:00:00Z", "asserted_by": [MANAGER]},
    }
    seq = read(program.post(f"{THE_ROW}/events", event), 201)["seq"]
    assert read(program.get(f"{THE_ROW}/entries/{seq}"))["claims"]["reported"]["asserted_by"] == [MANAGER]


@pytest.mark.parametrize("place", PLACES)
def test_stranger_cannot_tell_a_matter_from_none(place: str) -> None:
    stranger = Program(STRANGER)
    there, nowhere = stranger.get(THE_ROW + place), stranger.get(f"{API}/matters/nowhere{place}")
    assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)
    assert there.status_code == 404


def test_stranger_cannot_tell_by_acting_either() -> None:
    stranger = Program(STRANGER)
    for address in ("acts", "acts?try=true"):
        there = stranger.post(f"{THE_ROW}/{address}", ANSWER)
        nowhere = stranger.post(f"{API}/matters/nowhere/{address}", ANSWER)
        assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)
        assert there.status_code == 404


def test_cookies_count_for_nothing(as_person: As) -> None:
    response = as_person(RESPONDENT).get(THE_ROW)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("token", ["", "x", "alteram_0_0", "alteram_0123456789abcdef_00", "é", "alteram_" + "0" * 9000])
def test_token_that_is_none_is_refused(token: str) -> None:
    response = Client().get(THE_ROW, headers={"authorization": f"Bearer {token}"})
    assert read(response, 401)["type"].endswith("#unauthorised")


def test_unknown_organisation_is_answered_like_a_wrong_token() -> None:
    program = Program(RESPONDENT)
    assert program.get("/api/v1/nobody/matters").content == Client().get(f"{API}/matters").content


def test_token_ends_with_the_account() -> None:
    program = Program(RESPONDENT)
    account = invite(CAUCUS, RESPONDENT, "")
    account.is_active = False
    account.save()
    assert program.get(f"{API}/me").status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 422),
        ("{", 400),
        ("[" * 100_000, 400),
        ('"x"', 422),
        ("{}", 422),
        ('{"act": "nothing.done"}', 422),
        ('{"act": "response.given", "fields": {"stance": "maybe"}}', 422),
        ('{"act": "response.given", "fields": {"stance": "deny", "text": "\\ud800"}}', 422),
        ('{"act": "response.given", "fields": {"stance": "deny", "\\ud800": "x"}}', 422),
        ('{"act": "response.given", "fields": {"stance": NaN}}', 422),
        ('{"act": "response.given", "fields": {}, "as": "custodian"}', 422),
        ('{"act": "' + "x" * (2 << 20) + '"}', 413),
    ],
)
def test_body_that_does_not_fit_is_a_problem(body: str, status: int) -> None:
    assert read(Program(RESPONDENT).post(f"{THE_ROW}/acts", body), status)["status"] == status


def test_problem_says_where_it_does_not_fit_without_repeating_it() -> None:
    body = {"act": "response.given", "fields": {"stance": "deny", "text": 5}, "secret": "Confidential."}
    problem = read(Program(RESPONDENT).post(f"{THE_ROW}/acts", body), 422)
    assert [one["where"] for one in problem["misfits"]] == ["body.proposal.secret"]
    assert "Confidential." not in json.dumps(problem)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("DELETE", THE_ROW, 405),
        ("PUT", f"{THE_ROW}/acts", 405),
        ("GET", "/api/v1/nothing/at/all/here", 404),
        ("GET", f"{API}/matters/UPPER", 404),
        ("GET", f"{THE_ROW}/entries/x", 404),
        ("GET", f"{API}/matters?cursor=x", 422),
        ("GET", f"{API}/matters?limit=0", 422),
        ("GET", f"{API}/matters?limit=101", 422),
        ("GET", f"{API}/matters?view=all", 422),
        ("GET", f"{THE_ROW}/entries?cursor=-1", 422),
    ],
)
def test_whatever_is_wrong_is_a_problem(method: str, address: str, status: int) -> None:
    assert read(Program(MANAGER).call(method, address), status)["status"] == status


def test_call_of_another_host_is_a_problem_and_a_page_of_another_host_is_a_page() -> None:
    elsewhere = Client(headers={"host": ":!"})
    assert read(elsewhere.get(f"{API}/me"), 400)["type"] == "/api/v1/#malformed"
    page = elsewhere.get("/")
    assert (page.status_code, page.headers["Content-Type"].partition(";")[0]) == (400, "text/html")


def test_fault_before_a_call_is_reached_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> object:
        raise OSError

    monkeypatch.setattr(CommonMiddleware, "process_request", fail)
    client = Client(raise_request_exception=False)
    assert read(client.get(f"{API}/me"), 500)["type"] == "/api/v1/#fault"


def test_catalogue_and_document_are_open_to_anybody() -> None:
    act = read(Client().get("/api/v1/acts/notice.served"))
    assert act["fields"]["$defs"]["NoticeServed"]["properties"]["to"]
    assert act["is_grave"] is False
    assert len(read(Client().get("/api/v1/acts"))["acts"]) > 150
    assert read(Client().get("/api/v1/openapi.json"))["openapi"] == "3.1.0"
    assert Client().get("/api/v1/acts/nothing.done").status_code == 404


def test_page_of_calls_names_each_and_fetches_nothing_from_elsewhere() -> None:
    page = Client().get("/api/v1/").content.decode()
    assert "/api/v1/{org}/matters/{matter}/acts" in page
    assert "http" not in page.replace("application/problem", "")


def test_reading_content_is_kept_and_reading_again_is_not(caucus: Opened) -> None:
    program = Program(RESPONDENT)
    for _ in range(2):
        read(program.get(f"{THE_ROW}/entries/10"))
        read(program.get(f"{THE_ROW}/entries?cursor=10"))
    readings = find_readings(enter(caucus.organisation, ROW, MANAGER))
    assert [(one.reader, [entry.seq for entry in one.entries]) for one in readings] == [(RESPONDENT, [10])]


def test_statistics_of_a_quarter_that_is_over_are_told_and_of_no_other(caucus: Opened) -> None:
    program, now = Program(RESPONDENT), datetime.now(ZoneInfo("Pacific/Auckland"))
    present = find_quarter(now, now.tzinfo or UTC)
    told = read(program.get(f"{API}/statistics/{present.previous().name}"))
    assert {one["group"] for one in told["tables"]} >= {"reports", "outcomes"}
    for other in (present.name, f"{now.year - 2}-Q1", "2026-Q5", "x"):
        assert program.get(f"{API}/statistics/{other}").status_code == 404


def test_damage_of_the_record_is_a_fault_of_ours_and_no_misfit_of_what_was_sent(
    caucus: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> object:
        raise MalformedError("A stored document is damaged.")

    program = Program(RESPONDENT)
    monkeypatch.setattr(Batch, "facts", fail)
    with pytest.raises(MalformedError):
        program.post(f"{THE_ROW}/acts", ANSWER)


@pytest.mark.parametrize("text", ["\ud800", "a\udfff"])
def test_text_that_is_no_character_does_not_fit(text: str) -> None:
    fields = {**ANSWER["fields"], "text": text}  # type: ignore[dict-item] # the fields of an answer are a mapping
    told = Program(RESPONDENT).post(f"{THE_ROW}/acts", {**ANSWER, "fields": fields})
    assert read(told, 422)["misfits"][0]["where"].startswith("body")


def test_open_acts_are_the_same_as_on_the_page_and_asked_at_most_once_in_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []

    def count(*args: Any, **keywords: Any) -> object:
        asked.append(args)
        return find_open_acts(*args, **keywords)

    monkeypatch.setattr(open_acts, "find_open_acts", count)
    program = Program(RESPONDENT)
    first, second = (read(program.get(f"{THE_ROW}/acts")) for _ in range(2))
    assert first == second
    assert len(asked) == 1
