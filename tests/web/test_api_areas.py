"""The API in each of its areas: the right person, the wrong one, the scope, and what is recorded or kept."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import NoticeServed, PaperEntered, ResponseGiven
from alteram.core.kernel.identifiers import ORGANISATION_STREAM
from alteram.core.vault import derive_sign_in, parse_phrase
from alteram.installation.models import DirectoryEntry
from alteram.installation.programs import ApiToken
from alteram.installation.recovery import ask_recovery
from alteram.operations.questions import get_facts
from tests.web.programs import API, Program, read
from tests.web.scenes import (
    CAUCUS,
    CHAIR,
    COMPLAINANT,
    CUSTODIAN,
    MANAGER,
    MEMBER,
    PARTICULARS,
    RESPONDENT,
    ROW,
    STRANGER,
    WHIP,
)
from tests.web.speaking import waiting

THE_ROW = f"{API}/matters/row"
PICTURE = ("paper.jpg", b"what was written by hand")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("caucus")]


def test_respondent_is_told_at_a_glance_what_is_alleged_and_until_when_to_answer() -> None:
    glance = read(Program(RESPONDENT).get(f"{THE_ROW}/glance"))
    accusation = glance["accusation"]
    assert [one["id"] for one in accusation["charges"]] == ["a1"]
    assert accusation["charges"][0]["particulars"] == PARTICULARS
    assert datetime.fromisoformat(accusation["respond_by"]) > datetime.now(UTC)
    assert "response.given" in glance["acts"]
    assert glance["report"] is None


def test_complainant_is_told_what_became_of_the_report_and_not_what_others_decide() -> None:
    glance = read(Program(COMPLAINANT).get(f"{THE_ROW}/glance"))
    assert glance["report"]["acknowledged"]["text"] == "We have it."
    assert (glance["accusation"], glance["to_decide"], glance["due"]) == (None, None, [])


@pytest.mark.parametrize("place", ["parties", "allegations", "readings", "course", "statements", "identities", "paper"])
def test_what_a_matter_holds_is_open_to_its_parties_only(place: str) -> None:
    assert read(Program(MANAGER).get(f"{THE_ROW}/{place}"))
    assert Program(MANAGER, ("export",)).get(f"{THE_ROW}/{place}").status_code == 403
    there, nowhere = (Program(STRANGER).get(f"{API}/matters/{name}/{place}") for name in ("row", "nowhere"))
    assert (there.status_code, there.content) == (404, nowhere.content)


def test_readings_come_in_pages_without_gap() -> None:
    for person in (RESPONDENT, COMPLAINANT, CHAIR):
        read(Program(person).get(f"{THE_ROW}/glance"))
    program, readers, cursor = Program(MANAGER), [], ""
    while True:
        page = read(program.get(f"{THE_ROW}/readings?limit=1{cursor}"))
        readers += [one["reader"] for one in page["readings"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert {RESPONDENT, COMPLAINANT} <= set(readers)


def test_proof_tells_where_an_entry_stands() -> None:
    proof = read(Program(RESPONDENT).get(f"{THE_ROW}/entries/3/proof"))
    assert proof["index"] is not None
    assert proof["origin"] == "caucus.example/log"


def test_desk_tells_the_case_manager_what_is_next_and_the_stranger_nothing() -> None:
    desks = read(Program(MANAGER).get(f"{API}/desks"))["desks"]
    assert "case-manager" in {one["role"] for one in desks}
    assert read(Program(STRANGER).get(f"{API}/desks"))["desks"] == []


# -- letters

SOON = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
ANSWER_BY = f"{SOON + timedelta(days=60):%Y-%m-%dT%H:%M:%SZ}"
NOTICE = {
    "to": RESPONDENT,
    "allegations": ["a1"],
    "particulars": [PARTICULARS],
    "worst_sanction": "expulsion",
    "jeopardy": "A seat.",
    "respond_by": ANSWER_BY,
    "hearing_at": f"{SOON + timedelta(days=110):%Y-%m-%dT%H:%M:%SZ}",
    "states_companion": True,
    "states_presumption": True,
}


def test_letter_is_drafted_looked_at_and_served_once(caucus: Opened) -> None:
    program, place = Program(MANAGER), f"{THE_ROW}/letters/notice"
    draft = read(program.post(f"{place}/draft", {"fields": NOTICE}))
    assert draft["to"] == [RESPONDENT]
    before = len(get_facts(caucus.organisation, ROW).matter.all(NoticeServed))
    served = [
        program.post(f"{place}/serve", {"fields": NOTICE, "looked_at": draft["looked_at"]}, key="k") for _ in range(2)
    ]
    seq = read(served[0], 201)["seq"]
    assert served[1].content == served[0].content
    assert len(get_facts(caucus.organisation, ROW).matter.all(NoticeServed)) == before + 1
    letter = Program(RESPONDENT).get(f"{THE_ROW}/letters/served/{seq}")
    assert letter.content.startswith(b"%PDF")
    assert Program(COMPLAINANT).get(f"{THE_ROW}/letters/served/{seq}").status_code == 404
    listed = read(Program(RESPONDENT).get(f"{THE_ROW}/letters"))["served"]
    assert listed[0]["entry"] == seq
    assert listed[0]["is_mine"] is True


def test_letter_that_is_not_the_one_looked_at_is_not_served(caucus: Opened) -> None:
    head = get_facts(caucus.organisation, ROW).matter.head_seq
    answer = Program(MANAGER).post(f"{THE_ROW}/letters/notice/serve", {"fields": NOTICE, "looked_at": "0" * 64})
    assert read(answer, 409)["type"].endswith("#changed")
    assert get_facts(caucus.organisation, ROW).matter.head_seq == head


def test_letter_is_written_only_by_who_may_serve_it_and_with_its_scope() -> None:
    place = f"{THE_ROW}/letters/notice/draft"
    assert Program(RESPONDENT).post(place, {"fields": NOTICE}).status_code == 404
    assert Program(STRANGER).post(place, {"fields": NOTICE}).status_code == 404
    assert Program(MANAGER, ("read", "propose")).post(place, {"fields": NOTICE}).status_code == 403


def test_templates_are_shown_to_the_secretary_only() -> None:
    names = {one["name"] for one in read(Program(WHIP).get(f"{API}/letters"))["templates"]}
    assert "notice" in names
    assert Program(MANAGER).get(f"{API}/letters").status_code == 404
    assert Program(WHIP).get(f"{API}/letters/notice/sample").content.startswith(b"%PDF")


# -- paper


def build_paper(**more: object) -> dict[str, object]:
    fields = {"allegations": ["a1"], "stance": "deny", "text": "Not so."}
    return {"act": "response.given", "fields": fields, "person": RESPONDENT, "received_at": _ago(), "witness": MEMBER,
            "read_back": True, **more}  # fmt: skip


def _ago() -> str:
    return datetime.now(UTC).replace(microsecond=0, second=0).isoformat()


def test_paper_is_entered_for_whom_it_is_with_its_picture(caucus: Opened) -> None:
    recorded = read(Program(MANAGER).send(f"{THE_ROW}/paper", "paper", build_paper(), PICTURE), 201)
    matter = get_facts(caucus.organisation, ROW).matter
    given = matter.all(ResponseGiven)[-1]
    assert (given.seq, given.actor) == (recorded["seq"], RESPONDENT)
    assert matter.all(PaperEntered)[-1].act.person == RESPONDENT
    entered = read(Program(MANAGER).get(f"{THE_ROW}/paper"))["entered"]
    assert [one["act"] for one in entered] == [given.seq]


def test_paper_without_its_picture_or_by_who_may_not_enter_it_is_not_taken(caucus: Opened) -> None:
    head = get_facts(caucus.organisation, ROW).matter.head_seq
    assert Program(MANAGER).send(f"{THE_ROW}/paper", "paper", build_paper()).status_code == 422
    assert Program(MANAGER).send(f"{THE_ROW}/paper", "paper", build_paper(), PICTURE, PICTURE).status_code == 422
    for person in (COMPLAINANT, STRANGER):
        assert Program(person).send(f"{THE_ROW}/paper", "paper", build_paper(), PICTURE).status_code == 404
    without = Program(MANAGER, ("read", "propose"))
    assert without.send(f"{THE_ROW}/paper", "paper", build_paper(), PICTURE).status_code == 403
    assert get_facts(caucus.organisation, ROW).matter.head_seq == head
    assert waiting(caucus) == 0


def test_report_on_paper_begins_a_matter_and_gives_its_reporter_a_phrase(caucus: Opened) -> None:
    program = Program(CUSTODIAN)
    matter = read(program.post(f"{API}/paper/reports", ""))["matter"]
    fields = {"identity": "anonymous", "about": "person", "text": "It was loud."}
    report, place = {"fields": fields, "received_at": _ago()}, f"{API}/paper/reports/{matter}"
    first, second = (program.send(place, "report", report, PICTURE, key="k") for _ in range(2))
    told = read(first, 201)
    assert read(second, 201) == told
    sign_in = derive_sign_in(parse_phrase(told["phrase"]), CAUCUS).hex()
    mine = read(Client(headers={"receipt-sign-in": sign_in}).get(f"{API}/speak-up/mine"))
    assert mine["matters"] == [matter]
    assert program.send(place, "report", report, PICTURE).status_code == 404


def test_report_on_paper_is_entered_by_an_office_only(caucus: Opened) -> None:
    fields = {"identity": "anonymous", "about": "person", "text": "It was loud."}
    report = {"fields": fields, "received_at": _ago()}
    for person in (MANAGER, STRANGER):
        assert Program(person).post(f"{API}/paper/reports", "").status_code == 404
        assert Program(person).send(f"{API}/paper/reports/new", "report", report, PICTURE).status_code == 404
    assert Program(CUSTODIAN).send(f"{API}/paper/reports/new", "report", report).status_code == 422
    assert Program(CUSTODIAN, ("read",)).post(f"{API}/paper/reports", "").status_code == 403
    assert waiting(caucus) == 0


# -- the roll


def test_roll_is_listed_in_pages_to_the_secretary_only() -> None:
    page = read(Program(WHIP).get(f"{API}/members?limit=2"))
    rest = read(Program(WHIP).get(f"{API}/members?limit=100&cursor={page['next']}"))
    people = [one["person"] for one in (*page["members"], *rest["members"])]
    assert len(people) == len(set(people)) == page["total"]
    assert Program(MANAGER).get(f"{API}/members").status_code == 404
    assert Program(WHIP, ("read",)).get(f"{API}/members").status_code == 403


def test_people_are_added_once_another_agreed(caucus: Opened) -> None:
    secretary, listed = Program(WHIP), {"people": "new-1,One,one@new.invalid\nnew-2,Two"}
    first, second = (secretary.post(f"{API}/members", listed, key="k") for _ in range(2))
    assert read(first, 202)["ruling"]["code"] == "second-key.missing"
    assert second.content == first.content
    (waits,) = read(Program(CHAIR).get(f"{API}/agreements"))["agreements"]
    assert (waits["act"], waits["asked_by"], waits["is_mine"]) == ("member.joined", WHIP, False)
    place = f"{API}/agreements/{waits['number']}"
    assert Program(MEMBER).post(f"{place}/agree", "").status_code == 404
    assert Program(CHAIR, ("members",)).post(f"{place}/agree", "").status_code == 403
    assert read(secretary.post(f"{place}/record", ""), 409)["ruling"]["code"] == "second-key.missing"
    assert Program(CHAIR).post(f"{place}/record", "").status_code == 404
    chair = Program(CHAIR)
    agreed = read(chair.post(f"{place}/agree", "", key="a"), 201)
    recorded = [secretary.post(f"{place}/record", "", key="r") for _ in range(2)]
    assert read(recorded[0], 201) == read(recorded[1], 201)
    assert read(chair.post(f"{place}/agree", "", key="a"), 201) == agreed
    assert {"new-1", "new-2"} <= get_facts(caucus.organisation, ORGANISATION_STREAM).roll.members
    assert secretary.post(f"{place}/withdraw", "").status_code == 404


def test_list_that_cannot_be_read_or_is_not_the_secretarys_adds_nobody() -> None:
    assert Program(MANAGER).post(f"{API}/members", {"people": "new-1"}).status_code == 404
    assert Program(WHIP).post(f"{API}/members", {"people": "NOT AN IDENTIFIER"}).status_code == 422
    assert Program(WHIP).post(f"{API}/members", {"people": ""}).status_code == 422
    assert read(Program(WHIP).get(f"{API}/agreements"))["agreements"] == []


def test_what_waits_is_given_up_by_who_asked_only() -> None:
    Program(WHIP).post(f"{API}/members", {"people": "new-1"})
    number = read(Program(WHIP).get(f"{API}/agreements"))["agreements"][0]["number"]
    assert Program(CHAIR).post(f"{API}/agreements/{number}/withdraw", "").status_code == 404
    assert read(Program(WHIP).post(f"{API}/agreements/{number}/withdraw", "")) == {"done": True}
    assert read(Program(WHIP).get(f"{API}/agreements"))["agreements"] == []


def test_directory_is_corrected_and_an_address_that_signs_in_is_not() -> None:
    member = f"{API}/members/{MEMBER}"
    Program(MEMBER)
    assert read(Program(WHIP).post(member, {"name": "The member", "post": "A street"}))["name"] == "The member"
    assert DirectoryEntry.objects.get(person=MEMBER).post == "A street"
    assert Program(WHIP).post(member, {"email": "thief@elsewhere.invalid"}).status_code == 422
    assert Program(MANAGER).post(member, {"name": "x"}).status_code == 404


def test_act_about_the_roll_is_recorded_for_the_secretary_only(caucus: Opened) -> None:
    leaving = {"act": "member.left", "fields": {"person": MEMBER, "why": "resigned"}}
    assert Program(MANAGER).post(f"{API}/members/acts", leaving).status_code == 404
    answer = Program(WHIP).post(f"{API}/members/acts", leaving)
    assert answer.status_code in {201, 202}
    gone = MEMBER not in get_facts(caucus.organisation, ORGANISATION_STREAM).roll.members
    assert gone == (answer.status_code == 201)
    assert Program(WHIP).post(f"{API}/members/acts", {"act": "notice.served", "fields": {}}).status_code == 422


def test_recovery_is_refused_by_a_token_and_never_agreed_to() -> None:
    Program(MEMBER)
    asked = ask_recovery(CAUCUS, MEMBER, email="new@caucus.invalid", reason="They rang.", by=WHIP)
    (listed,) = read(Program(CHAIR).get(f"{API}/recoveries"))["recoveries"]
    assert (listed["number"], listed["person"], listed["settled_at"]) == (asked.pk, MEMBER, None)
    assert Program(CHAIR).post(f"{API}/recoveries/{asked.pk}/agree", "").status_code == 404
    assert Program(COMPLAINANT).post(f"{API}/recoveries/{asked.pk}/refuse", "").status_code == 404
    assert read(Program(CHAIR).post(f"{API}/recoveries/{asked.pk}/refuse", "")) == {"done": True}
    assert read(Program(CHAIR).post(f"{API}/recoveries/{asked.pk}/refuse", ""), 409)["detail"] == "settled"


def test_link_that_is_stuck_is_listed_sent_again_and_given_up() -> None:
    Program(WHIP).post(f"{API}/members/{MEMBER}", {"email": "member@caucus.invalid"})
    assert read(Program(WHIP).post(f"{API}/members/{MEMBER}/invite", "")) == {"sent": True}
    (stuck,) = read(Program(CHAIR).get(f"{API}/mail"))["letters"]
    assert stuck["to"] == "member@caucus.invalid"
    place = f"{API}/mail/{stuck['number']}"
    assert Program(MEMBER).post(f"{place}/drop", "").status_code == 404
    assert read(Program(CHAIR).post(f"{place}/again", "")) == {"done": True}
    assert read(Program(CHAIR).post(f"{place}/drop", "")) == {"done": True}
    assert read(Program(CHAIR).get(f"{API}/mail"))["letters"] == []


# -- the rules


def test_amendment_is_read_and_shown_before_it_is_adopted_and_needs_its_scopes() -> None:
    text = Program(WHIP).get(f"{API}/rulebook/file").content.decode()
    told = read(Program(WHIP).post(f"{API}/rulebook/amendment", {"text": text}))
    assert told["is_in_force"] is True
    assert told["compared"]["differences"] == []
    looked_at = {"text": text, "digest": told["digest"]}
    assert Program(WHIP, ("read", "rulebook")).post(f"{API}/rulebook/amendment/adopt", looked_at).status_code == 403
    other = {"text": text, "digest": "0" * 64}
    assert read(Program(WHIP).post(f"{API}/rulebook/amendment/adopt", other), 409)["type"].endswith("#changed")
    problem = read(Program(WHIP).post(f"{API}/rulebook/amendment", {"text": "nonsense: ["}), 422)
    assert problem["misfits"][0]["where"] == "body.text"
    assert Program(STRANGER).post(f"{API}/rulebook/amendment", {"text": text}).status_code == 404


def test_versions_say_which_governs_how_many_matters() -> None:
    versions = read(Program(RESPONDENT).get(f"{API}/rulebook/versions"))
    assert [(one["in_force"], one["governs"], one["mine"]) for one in versions["versions"]] == [(True, 1, ["row"])]
    digest = versions["versions"][0]["digest"]
    same = read(Program(RESPONDENT).get(f"{API}/rulebook/changes?old={digest}&new={digest}"))
    assert same == {"differences": [], "has_moved": False, "rights": []}
    assert Program(STRANGER).get(f"{API}/rulebook/versions").status_code == 404


# -- people, settings


def test_standing_of_a_person_is_told_to_themselves_and_to_who_keeps_offices() -> None:
    standing = read(Program(RESPONDENT).get(f"{API}/people/{RESPONDENT}"))
    assert standing["is_own"] is True
    assert standing["patterns"]["open_as_respondent"] == 1
    assert Program(COMPLAINANT).get(f"{API}/people/{RESPONDENT}").status_code == 404
    assert Program(CUSTODIAN).get(f"{API}/people/{RESPONDENT}").status_code == 200
    assert Program(RESPONDENT, ("read",)).get(f"{API}/people/{RESPONDENT}/export").status_code == 403


def test_calendar_feed_is_made_answers_and_is_revoked() -> None:
    program = Program(RESPONDENT)
    address = read(program.post(f"{API}/calendar", ""), 201)["address"]
    path = address.partition("//")[2].partition("/")[2]
    assert Client().get(f"/{path}").status_code == 200
    assert read(program.post(f"{API}/calendar/revoke", "")) == {"done": True}
    assert Client().get(f"/{path}").status_code == 404


def test_token_revokes_itself_and_others_only_with_its_scope() -> None:
    one, other = Program(RESPONDENT, ("read",)), Program(RESPONDENT, ("read",))
    assert one.post(f"{API}/tokens/{other.token.handle}/revoke", "").status_code == 403
    assert read(one.post(f"{API}/tokens/{one.token.handle}/revoke", "")) == {"done": True}
    assert one.get(f"{API}/me").status_code == 401
    assert Program(MEMBER).post(f"{API}/tokens/{other.token.handle}/revoke", "").status_code == 404
    assert other.get(f"{API}/me").status_code == 200
    listed = read(Program(RESPONDENT).get(f"{API}/tokens"))["tokens"]
    assert one.token.handle not in {token["handle"] for token in listed}


def test_token_makes_no_token() -> None:
    program, before = Program(RESPONDENT), ApiToken.objects.count()
    assert program.post(f"{API}/tokens", {"name": "x", "scopes": ["grave"], "days": 365}).status_code == 405
    assert ApiToken.objects.count() == before


def test_webhooks_are_the_affair_of_officers_and_registering_one_is_grave() -> None:
    url = {"url": "https://hooks.example.org/told"}
    assert Program(RESPONDENT).get(f"{API}/webhooks").status_code == 404
    assert Program(RESPONDENT).post(f"{API}/webhooks", url).status_code == 404
    assert Program(WHIP, ("settings",)).post(f"{API}/webhooks", url).status_code == 403
    assert Program(WHIP).post(f"{API}/webhooks", {"url": "nowhere"}).status_code == 422
    assert read(Program(WHIP).get(f"{API}/webhooks"))["webhooks"] == []


def test_preference_is_kept() -> None:
    program = Program(RESPONDENT)
    assert read(program.post(f"{API}/notices", {"how": "daily"})) == {"how": "daily"}
    assert read(program.get(f"{API}/notices")) == {"how": "daily"}
    assert program.post(f"{API}/notices", {"how": "never"}).status_code == 422


def test_health_is_told_to_who_holds_an_office() -> None:
    health = read(Program(CUSTODIAN).get(f"{API}/health"))
    assert health["record"]["origin"] == "caucus.example/log"
    assert "free_bytes" in health["machine"]
    assert Program(MEMBER).get(f"{API}/health").status_code == 404


def test_public_is_told_of_the_log_and_nothing_of_matters() -> None:
    told = json.dumps(read(Client().get(f"{API}/log")))
    assert "caucus.example/log" in told
    assert not re.search(r"\brow\b", told)  # a word: signatures hold any three letters
    assert Client().get("/api/v1/nobody/log").status_code == 404
