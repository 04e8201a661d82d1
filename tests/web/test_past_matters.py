"""What an amendment would have meant for past matters: asked for, worked out beside requests, and who is told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import (
    CaseManagerAssigned,
    InterestDeclared,
    MatterClosed,
    ReportAcknowledged,
    ReporterInformed,
    ReportLodged,
    ReportWithdrawn,
    SecondKeyGiven,
)
from alteram.core.acts.fields import Act
from alteram.core.kernel.identifiers import PersonId, StreamId
from alteram.installation.background import LongWork
from alteram.installation.jobs.long import do_waiting
from alteram.operations.perform import perform
from alteram.operations.replaying import find_closed_matters
from tests.web.conftest import As
from tests.web.looking import Shown, examine_all, look_at
from tests.web.programs import API, Program, read
from tests.web.scenes import CHAIR, COMPLAINANT, CUSTODIAN, MANAGER, MEMBER, RESPONDENT, STRANGER, WHIP, must
from tests.web.test_rulebook import RULES, amended, in_force, look

PAST = f"{RULES}past/"
OVER = StreamId("over")
pytestmark = pytest.mark.django_db(transaction=True)


def end_a_matter(opened: Opened, stream: StreamId = OVER) -> None:
    """Play a complaint that was freely withdrawn and is closed."""
    now = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    steps: list[tuple[PersonId, Act]] = [
        (COMPLAINANT, ReportLodged(identity="named", about="person", text="x", people=(RESPONDENT,))),
        (CUSTODIAN, CaseManagerAssigned(person=MANAGER)),
        (MANAGER, InterestDeclared(nature="none")),
        (MANAGER, ReportAcknowledged(report=0, text="We have it.", external_routes=True)),
        (COMPLAINANT, ReportWithdrawn(report=0, freely=True)),
        (CUSTODIAN, SecondKeyGiven(to_act="matter.closed")),
        (MANAGER, ReporterInformed(phase="outcome", text="It is over.")),
        (
            MANAGER,
            MatterClosed(approved_by=CUSTODIAN, actions="-", lessons="-", reporter_told=True, review_routes=True),
        ),
    ]
    for number, (who, act) in enumerate(steps):
        must(perform(opened.organisation, stream, act, who, now=now + timedelta(hours=number)))


#: A version under which only the chair closes a matter.
STRICTER = {"- {acts: [matter.closed], by: [case-manager]": "- {acts: [matter.closed], by: [chair]"}


@pytest.fixture
def over(caucus: Opened) -> Opened:
    """The caucus with one closed matter."""
    end_a_matter(caucus)
    assert find_closed_matters(caucus.organisation) == (OVER,)
    return caucus


def ask(client: Client) -> str:
    """Ask what the stricter version would have meant; return the address of the answer."""
    text = amended(**STRICTER)
    answer = client.post(f"{RULES}amend/", {"text": text, "do": "past", "looked_at": look(client, text)})
    assert answer.status_code == 302, answer.content
    return str(answer["Location"])


def show(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2]


def test_amendment_tells_which_rights_would_shrink_or_grow(as_person: As) -> None:
    text = amended(**STRICTER)
    page = as_person(MEMBER).post(f"{RULES}amend/", {"text": text, "do": "look"}).content.decode()
    assert "Rights that shrink (1)" in page
    assert "case manager may no longer do this: Matter closed." in page
    assert "Rights that grow (1)" in page


def test_secretary_sees_how_far_it_is_then_numbers_then_own_matters(as_person: As, over: Opened) -> None:
    whip = as_person(WHIP)
    address = ask(whip)
    assert "it has not begun yet" in show(whip, address)
    do_waiting()
    page = show(whip, address)
    assert "<dd>fewer than 5</dd>" in page
    assert "Matter closed" in page
    assert page.index("In numbers") < page.index("Acts that would have been refused")


def test_matter_is_named_to_who_has_a_part_in_it_and_linked(as_person: As, over: Opened) -> None:
    address = ask(as_person(CUSTODIAN))
    do_waiting()
    page = show(as_person(CUSTODIAN), address)
    assert f"/caucus/matters/{OVER}/" in page
    assert "Entry 7, Matter closed, would have been refused." in page


@pytest.mark.parametrize("person", [MEMBER, RESPONDENT, COMPLAINANT, MANAGER, STRANGER])
def test_it_is_not_there_for_who_does_not_amend_the_rules(as_person: As, over: Opened, person: str) -> None:
    address = ask(as_person(WHIP))
    do_waiting()
    client, digest = as_person(person), in_force(over)
    assert client.get(address).status_code == 404
    assert client.post(PAST, {"from": digest, "to": digest}).status_code == 404
    text = amended(**STRICTER)
    asked = client.post(f"{RULES}amend/", {"text": text, "do": "past", "looked_at": "0" * 64})
    assert asked.status_code in {200, 404}
    assert LongWork.objects.count() == 1


def test_member_who_sends_the_button_that_they_are_not_shown_finds_nothing(as_person: As, over: Opened) -> None:
    client, text = as_person(MEMBER), amended(**STRICTER)
    page = client.post(f"{RULES}amend/", {"text": text, "do": "look"}).content.decode()
    assert 'value="past"' not in page
    digest = page.partition('name="looked_at" value="')[2][:64]
    assert client.post(f"{RULES}amend/", {"text": text, "do": "past", "looked_at": digest}).status_code == 404
    assert not LongWork.objects.exists()


def test_what_nobody_asked_for_is_not_there(as_person: As, caucus: Opened) -> None:
    whip = as_person(WHIP)
    for query in ({}, {"past": "0" * 64}):
        assert whip.get(PAST, query).status_code == 404
    for sent in ({}, {"from": in_force(caucus)}, {"past": "0" * 64}, {"from": "0" * 64, "to": "0" * 64}):
        assert whip.post(PAST, sent).status_code == 404


def test_looking_again_takes_the_place_of_what_was_kept_and_sees_what_was_closed_since(
    as_person: As, over: Opened
) -> None:
    chair = as_person(CHAIR)
    address = ask(chair)
    do_waiting()
    key = address.partition("past=")[2]
    end_a_matter(over, StreamId("over-too"))
    assert "<dd>1</dd>" in show(chair, address)
    assert chair.post(PAST, {"past": key})["Location"] == address
    do_waiting()
    assert "<dd>2</dd>" in show(chair, address)
    assert LongWork.objects.count() == 1


def test_what_was_cut_short_goes_on_from_what_was_done(as_person: As, over: Opened) -> None:
    whip = as_person(WHIP)
    address = ask(whip)
    # As if it had been stopped after that matter, in which nothing was found.
    LongWork.objects.update(done=1, parts=1, outcome={"done": [OVER], "found": []})
    do_waiting()
    assert "<dd>0</dd>" in show(whip, address)


def test_differences_between_two_versions_offer_it_to_who_amends_and_to_nobody_else(
    as_person: As, over: Opened
) -> None:
    digest = in_force(over)
    query = {"from": digest, "to": digest}
    assert "Look at past matters" in as_person(WHIP).get(f"{RULES}changes/", query).content.decode()
    assert "Look at past matters" not in as_person(MEMBER).get(f"{RULES}changes/", query).content.decode()
    answer = as_person(WHIP).post(PAST, query)
    do_waiting()
    assert "<dd>0</dd>" in show(as_person(WHIP), str(answer["Location"]))


# -- programs


def test_program_asks_and_reads_the_same(as_person: As, over: Opened) -> None:
    program, digest = Program(WHIP), in_force(over)
    asked = read(program.post(f"{API}/rulebook/past", {"old": digest, "new": digest}, key="k"), 202)
    assert (asked["done"], asked["outcome"]) == (0, None)
    do_waiting()
    found = read(program.get(f"{API}/rulebook/past?past={asked['past']}"))
    assert found["outcome"] == {"looked_at": 1, "touched": 0, "changed": [], "barred": [], "mine": []}


def test_program_is_told_what_came_of_a_proposal_that_its_owner_asked_for_on_a_page(
    as_person: As, over: Opened
) -> None:
    key = ask(as_person(CUSTODIAN)).partition("past=")[2]
    do_waiting()
    outcome = read(Program(CUSTODIAN).get(f"{API}/rulebook/past?past={key}"))["outcome"]
    assert outcome["barred"] == [{"act": "matter.closed", "matters": None}]
    (mine,) = outcome["mine"]
    assert (mine["matter"], mine["refused"][0]["entry"]) == (OVER, 7)


@pytest.mark.parametrize("person", [MEMBER, RESPONDENT, MANAGER])
def test_program_of_anybody_else_finds_nothing(as_person: As, over: Opened, person: str) -> None:
    key = ask(as_person(WHIP)).partition("past=")[2]
    digest = in_force(over)
    program = Program(person)
    assert program.get(f"{API}/rulebook/past?past={key}").status_code == 404
    assert program.post(f"{API}/rulebook/past", {"old": digest, "new": digest}).status_code == 404


def test_axe_finds_nothing_against_the_pages(as_person: As, over: Opened) -> None:
    custodian = as_person(CUSTODIAN)
    address = ask(custodian)
    pages = [custodian.get(address).content.decode()]
    do_waiting()
    pages.append(custodian.get(address).content.decode())
    digest = in_force(over)
    pages.append(custodian.get(f"{RULES}changes/", {"from": digest, "to": digest}).content.decode())
    shown = [Shown(f"{number}", CUSTODIAN, html) for number, html in enumerate(pages)]
    with look_at(shown) as page:
        assert not examine_all(page, shown)
