"""Founding in the browser, without script: the setup code, each step, what is wrong said in place, and what is made."""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from alteram.adapters.rulebooks import load_rulebook
from alteram.core.kernel.identifiers import ORGANISATION_STREAM, PersonId
from alteram.installation.founding import Plan, is_free
from alteram.installation.models import Account, DirectoryEntry, Membership
from alteram.installation.organisations import get_organisation
from alteram.installation.people_lists import ListedPerson, parse_people
from alteram.installation.setup_code import (
    SetupCodeError,
    find_code_file,
    get_setup_code,
    is_setup_code,
    use_setup_code,
)
from alteram.installation.signing_in import invite
from tests.patience import HANGS
from tests.web.conftest import post_letters
from tests.web.serving import ROOT

ABOUT = {
    "name": "Bowls club",
    "kind": "club",
    "jurisdiction": "NZ",
    "time_zone": "Pacific/Auckland",
    "founder": "m02",
    "founder_name": "The secretary",
    "founder_email": "m02@club.invalid",
}
PEOPLE = "identifier,name,email\nm01,The president,m01@club.invalid\nm02,The secretary,m02@club.invalid\nm03,,\n"
OWN = (Path(__file__).parents[2] / "src" / "alteram" / "rulebooks" / "small-club.yaml").read_text()


@pytest.fixture
def founder(db: None, home: Path) -> Client:
    """Somebody who showed the setup code of an installation with nothing in it."""
    client = Client()
    assert client.post("/found/", {"code": get_setup_code()})["Location"] == "/found/organisation/"
    return client


def _write_all(founder: Client, **other: str) -> None:
    for step, form in (
        ("organisation", {**ABOUT, **other}),
        ("rulebook", {"choice": "small-club"}),
        ("people", {"people": PEOPLE}),
        ("offices", {"office.president": "m01", "office.secretary": "m02", "body.committee": ["m01", "m02", "m03"]}),
    ):
        assert founder.post(f"/found/{step}/", form).status_code == 302, step


# -- the setup code


def test_code_is_kept_for_its_owner_only_and_taken_however_it_is_written(home: Path) -> None:
    code = get_setup_code()
    assert find_code_file().stat().st_mode & 0o777 == 0o600
    assert get_setup_code() == code
    assert is_setup_code(code.upper().replace("-", " "))
    assert not is_setup_code(code[:-1])
    assert not is_setup_code("")


def test_without_the_code_nobody_founds(db: None, home: Path) -> None:
    get_setup_code()
    client = Client()
    assert client.post("/found/", {"code": "anything"}).status_code == 422
    for step in ("organisation", "rulebook", "standards", "people", "offices", "mail", "check"):
        assert client.post(f"/found/{step}/", ABOUT)["Location"] == "/found/"
    assert not list(home.glob("*/organisation.json"))


def test_empty_code_opens_nothing_where_no_code_was_made(db: None, home: Path) -> None:
    assert Client().get("/found/check/")["Location"] == "/found/"


# -- the whole


def test_organisation_is_founded_and_its_secretary_signs_in_and_finds_no_step_again(founder: Client) -> None:
    _write_all(founder)
    page = founder.get("/found/check/").content.decode()
    assert "Bowls club" in page
    assert "apart" in page
    done = founder.post("/found/check/")
    link = done.context["founded"].link
    facts = get_organisation("bowls-club").organisation.facts(ORGANISATION_STREAM)
    assert facts.roll.members == {"m01", "m02", "m03"}
    assert dict(facts.roll.offices) == {"president": "m01", "secretary": "m02"}
    assert get_organisation("bowls-club").organisation.governing(ORGANISATION_STREAM).id == "small-club"
    assert founder.get("/found/organisation/")["Location"] == "/found/"
    secretary = Client()
    assert secretary.post(link.partition("8000")[2]).status_code == 302
    assert secretary.get("/bowls-club/").status_code == 200
    assert secretary.get("/bowls-club/members/").status_code == 200


def test_whoever_has_an_address_is_sent_a_link_and_the_letter_says_nothing_else(founder: Client) -> None:
    _write_all(founder)
    founder.post("/found/check/")
    post_letters()
    (letter,) = mail.outbox
    assert letter.to == ["m01@club.invalid"]
    assert "/sign-in/link/" in str(letter.body)
    assert not re.search(r"\bm01\b", str(letter.body))  # a word: the link's token may hold any three letters
    assert {one.person: one.name for one in DirectoryEntry.objects.all()} == {
        "m01": "The president",
        "m02": "The secretary",
        "m03": "",
    }
    assert Membership.objects.count() == 2


def test_code_is_another_once_it_was_used(founder: Client) -> None:
    before = get_setup_code()
    _write_all(founder)
    founder.post("/found/check/")
    assert get_setup_code() != before


def test_founder_who_has_an_account_here_is_shown_no_link_to_it(founder: Client) -> None:
    Account.objects.create_account("m02@club.invalid")
    _write_all(founder)
    done = founder.post("/found/check/")
    assert done.context["founded"].link == ""
    assert "sign-in/link" not in done.content.decode()


# -- what is wrong


def test_name_that_is_taken_or_stands_for_something_else_is_refused(founder: Client, home: Path) -> None:
    (home / "club").mkdir()
    for name in ("accounts", "found", "static", "installation", "club"):
        response = founder.post("/found/organisation/", {**ABOUT, "organisation": name})
        assert response.status_code == 422, name
        assert "The secretary" in response.content.decode()


def test_organisation_with_no_latin_letter_in_its_name_gets_a_short_name(founder: Client) -> None:
    assert founder.post("/found/organisation/", {**ABOUT, "name": "クラブ"}).status_code == 302
    assert founder.get("/found/organisation/").context["form"].initial["organisation"] == "organisation"


def test_unknown_time_zone_is_refused(founder: Client) -> None:
    assert founder.post("/found/organisation/", {**ABOUT, "time_zone": "Middle/Earth"}).status_code == 422


@pytest.mark.parametrize(("zone", "told"), [("Europe/London", True), ("Pacific/Auckland", False)])
def test_rulebook_that_counts_days_elsewhere_is_told_with_what_to_do(founder: Client, zone: str, told: bool) -> None:
    founder.post("/found/organisation/", {**ABOUT, "time_zone": zone})
    founder.post("/found/rulebook/", {"choice": "own", "text": OWN})
    page = founder.get("/found/check/").content.decode()
    assert ("To count in your own, go back to" in page) is told


@pytest.mark.parametrize(
    ("zone", "chosen", "calendar"),
    [
        ("Europe/Paris", {}, "France"),
        ("Europe/Paris", {"country": "BE"}, "Belgium"),
        ("Europe/Paris", {"country": "none"}, "No public holidays"),
        ("Europe/Berlin", {"country": "DE", "subdivision": "by"}, "Germany, BY"),
        ("UTC", {}, "No public holidays"),
        ("Pacific/Auckland", {}, "New Zealand"),
    ],
)
def test_club_elsewhere_counts_its_days_by_its_own_calendar(
    founder: Client, zone: str, chosen: dict[str, str], calendar: str
) -> None:
    _write_all(founder, time_zone=zone, jurisdiction="Here")
    assert founder.post("/found/rulebook/", {"choice": "small-club", **chosen}).status_code == 302
    page = founder.get("/found/check/").content.decode()
    assert f"counted as in {zone}" in page
    assert f">{calendar}<" in page
    assert "To count in your own, go back to" not in page
    founder.post("/found/check/")
    rules = get_organisation("bowls-club").organisation.governing(ORGANISATION_STREAM)
    assert (rules.calendar.time_zone, rules.calendar.name) == (zone, calendar)
    # What ships is adopted as it ships where it was written for.
    assert (rules == load_rulebook("small-club")) is (calendar == "New Zealand")
    assert rules.jurisdiction == ("NZ" if calendar == "New Zealand" else "Here")


def test_country_is_suggested_by_the_time_zone_and_can_be_gone_back_to(founder: Client) -> None:
    founder.post("/found/organisation/", {**ABOUT, "time_zone": "Europe/Paris"})
    assert '<option value="FR" selected>' in founder.get("/found/rulebook/").content.decode()
    founder.post("/found/rulebook/", {"choice": "small-club", "country": "BE"})
    assert '<option value="BE" selected>' in founder.get("/found/rulebook/").content.decode()


@pytest.mark.parametrize("wrong", [{"country": "XX"}, {"country": "DE", "subdivision": "ZZ"}, {"subdivision": "BY"}])
def test_country_or_part_that_is_not_known_is_refused(founder: Client, wrong: dict[str, str]) -> None:
    founder.post("/found/organisation/", ABOUT)
    response = founder.post("/found/rulebook/", {"choice": "small-club", **wrong})
    assert response.status_code == 422
    assert "Something does not fit" in response.content.decode()


def test_own_rulebook_keeps_the_calendar_it_states(founder: Client) -> None:
    _write_all(founder, time_zone="Europe/Paris")
    founder.post("/found/rulebook/", {"choice": "own", "text": OWN, "country": "FR"})
    founder.post("/found/check/")
    rules = get_organisation("bowls-club").organisation.governing(ORGANISATION_STREAM)
    assert rules.calendar.time_zone == "Pacific/Auckland"


def test_prose_of_what_ships_is_shown_before_it_is_chosen(founder: Client) -> None:
    page = founder.get("/found/rulebook/").content.decode()
    assert "Members treat one another decently" in page


def test_fault_in_an_own_rulebook_is_told_with_line_and_remedy_and_the_text_stays(founder: Client) -> None:
    wrong = OWN.replace("chair: president, clause", "chiar: president, clause")
    sent = SimpleUploadedFile("ours.yaml", wrong.encode())
    response = founder.post("/found/rulebook/", {"choice": "own", "file": sent})
    page = response.content.decode()
    assert response.status_code == 422
    line = 1 + wrong[: wrong.index("chiar")].count("\n")
    assert f"Line {line} does not fit" in page
    assert "What to do:" in page
    assert (
        "Members treat one another decently and look after what belongs to the club."
        in response.context["form"]["text"].value()
    )
    assert founder.get("/found/offices/")["Location"] == "/found/rulebook/"


def test_own_rulebook_is_taken_from_a_file_and_founded_with(founder: Client) -> None:
    _write_all(founder)
    own = OWN.replace("rulebook: small-club", "rulebook: our-own")
    assert (
        founder.post(
            "/found/rulebook/", {"choice": "own", "file": SimpleUploadedFile("o.yaml", own.encode())}
        ).status_code
        == 302
    )
    founder.post("/found/check/")
    assert get_organisation("bowls-club").organisation.governing(ORGANISATION_STREAM).id == "our-own"


@pytest.mark.parametrize(
    "text", ["", "{", "rulebook: x\n", "\x00", "- &a 1\n- *a\n", OWN + "builds_on: [/etc/x.yaml]\n"]
)
def test_what_is_no_rulebook_is_refused_without_a_fault_of_ours(founder: Client, text: str) -> None:
    assert founder.post("/found/rulebook/", {"choice": "own", "text": text}).status_code == 422


def test_lines_that_do_not_fit_are_told_by_number_and_the_list_stays(founder: Client) -> None:
    founder.post("/found/organisation/", ABOUT)
    response = founder.post("/found/people/", {"people": "m01,A,a@club.invalid\nM 2,B,\nm03,C,nowhere\nm01,D,\n"})
    page = response.content.decode()
    assert response.status_code == 422
    for line in ("Line 2:", "Line 3:", "Line 4:"):
        assert line in page
    assert "m03,C,nowhere" in page


def test_office_held_by_somebody_who_left_the_list_stops_the_founding(founder: Client, home: Path) -> None:
    _write_all(founder)
    founder.post("/found/people/", {"people": "m02,The secretary,m02@club.invalid\n"})
    assert "stands in no list" in founder.get("/found/check/").content.decode()
    founder.post("/found/check/")
    assert not list(home.glob("*/organisation.json"))


def test_test_message_is_sent_to_the_founder(founder: Client) -> None:
    assert founder.post("/found/mail/", {"email": "m02@club.invalid"}).status_code == 302
    assert [one.to for one in mail.outbox] == [["m02@club.invalid"]]


# -- lists of people


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("m01", [("m01", "", "")]),
        ("member,A,", [("member", "A", "")]),
        ("identifier,name,email\nm01,A,a@b.invalid", [("m01", "A", "a@b.invalid")]),
        ("m01;A;a@b.invalid\n\n# a remark\nm02\tB\t", [("m01", "A", "a@b.invalid"), ("m02", "B", "")]),
        ('\ufeffm01,"A, the first",', [("m01", "A, the first", "")]),
    ],
)
def test_list_is_read_as_people_write_it(text: str, found: list[tuple[str, str, str]]) -> None:
    people, problems = parse_people(text)
    assert [(one.person, one.name, one.email) for one in people] == found
    assert not problems


@pytest.mark.parametrize(
    "text",
    [
        "m01,,a@b.invalid\nm02,,A@b.invalid",
        "m01\nm01",
        "m01,A,,more",
        ",A,a@b.invalid",
        f"m01,{'A' * 200_000}",
    ],
)
def test_line_that_does_not_fit_is_the_last_one(text: str) -> None:
    _people, problems = parse_people(text)
    assert [one.line for one in problems] == [1 + text.count("\n")]


def test_two_people_never_share_an_account(db: None) -> None:

    invite("club", PersonId("m01"), "m01@club.invalid")
    assert not is_free("club", "M01@club.invalid")
    assert is_free("other", "m01@club.invalid")


def _plan(name: str) -> Plan:
    founder = ListedPerson(PersonId("m02"), "The secretary", "")
    return Plan(name, "A club", "club", "NZ", "Pacific/Auckland", founder, load_rulebook("small-club"))


@pytest.mark.django_db(transaction=True)
def test_of_many_who_found_at_once_with_one_code_one_does(home: Path) -> None:
    code, gate = get_setup_code(), threading.Barrier(2)
    found: list[object] = []

    def try_it(name: str) -> None:
        gate.wait()
        try:
            with use_setup_code(code):
                found.append(name)
        except SetupCodeError as error:
            found.append(error)

    threads = [threading.Thread(target=try_it, args=(f"club-{number}",)) for number in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum(isinstance(one, str) for one in found) == 1
    assert sum(isinstance(one, SetupCodeError) for one in found) == 1


_FOUND = """
import sys
from alteram.installation import serving
serving.set_up()
from tests.web.test_founding import _plan
from alteram.installation.founding import found_organisation
from alteram.installation.setup_code import SetupCodeError
try:
    print("founded", found_organisation(_plan(sys.argv[1]), code=sys.argv[2]).organisation)
except SetupCodeError as error:
    print("refused", error.problem)
"""


def test_of_two_processes_that_found_at_once_with_one_code_one_does(home: Path) -> None:
    environment = {**os.environ, "ALTERAM_HOME": str(home), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    program = "from alteram.installation.serving import prepare_accounts; prepare_accounts()"
    subprocess.run([sys.executable, "-c", program], check=True, env=environment, cwd=ROOT)
    code = get_setup_code()
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _FOUND, name, code], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for name in ("club-one", "club-two")
    ]
    told = sorted(one.communicate(timeout=HANGS)[0].split()[0] for one in running)
    assert told == ["founded", "refused"]
    assert len(list(home.glob("*/organisation.json"))) == 1


def test_founding_that_fails_leaves_the_code_to_be_tried_again(home: Path) -> None:
    code = get_setup_code()
    with pytest.raises(ZeroDivisionError), use_setup_code(code):
        raise ZeroDivisionError
    assert is_setup_code(code)
    with use_setup_code(code):
        pass
    with pytest.raises(SetupCodeError), use_setup_code(code):
        pytest.fail("used twice")
