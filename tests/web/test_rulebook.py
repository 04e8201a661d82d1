"""The rules in the browser: clause by clause, as a picture, by version, and amended by two people."""

import time
from pathlib import Path

import pytest
from django.test import Client

from alteram.adapters.rulebooks.library import read_shipped
from alteram.bootstrap import Opened
from alteram.core.acts import RulebookAmended
from alteram.core.kernel.identifiers import ORGANISATION_STREAM
from alteram.core.matters import find_adoption
from tests.web.conftest import As
from tests.web.scenes import CHAIR, MANAGER, MEMBER, RESPONDENT, STRANGER, WHIP

RULES = "/caucus/rulebook/"
ROOM = (RULES, f"{RULES}stages/", f"{RULES}versions/", f"{RULES}file/", f"{RULES}amend/")


def amended(**changed: str) -> str:
    text = read_shipped("rulebooks", "caucus").decode()
    for old, new in {'version: "2026.1"\njurisdiction': 'version: "2026.2"\njurisdiction', **changed}.items():
        assert old in text
        text = text.replace(old, new, 1)
    return text


def in_force(caucus: Opened) -> str:
    adopted = find_adoption(caucus.organisation.facts(ORGANISATION_STREAM, fresh=True).organisation)
    assert adopted is not None
    return adopted.digest


def prove(client: Client, *, seconds_ago: float = 0) -> Client:
    """Return a browser in which it was proved so long ago who sits there."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - seconds_ago}]
    session.save()
    return client


def look(client: Client, text: str) -> str:
    page = client.post(f"{RULES}amend/", {"text": text, "do": "look"}).content.decode()
    return page.partition('name="looked_at" value="')[2][:64]


def do(client: Client, text: str, what: str, digest: str) -> tuple[int, str]:
    response = client.post(f"{RULES}amend/", {"text": text, "do": what, "looked_at": digest})
    return response.status_code, response.content.decode()


@pytest.mark.parametrize("address", ROOM)
@pytest.mark.parametrize("person", [MEMBER, RESPONDENT, WHIP])
def test_rules_are_open_to_members(as_person: As, address: str, person: str) -> None:
    assert as_person(person).get(address).status_code == 200


@pytest.mark.parametrize("address", ROOM)
def test_rules_are_not_there_for_a_stranger(as_person: As, address: str) -> None:
    assert as_person(STRANGER).get(address).status_code == 404


def test_who_has_not_signed_in_is_asked_to(caucus: Opened, db: None) -> None:
    assert Client().get(RULES)["Location"].startswith("/accounts/login/")


def test_clause_stands_beside_what_it_does_with_its_parameters_in_words(as_person: As) -> None:
    page = as_person(MEMBER).get(RULES, {"find": "ten clear days"}).content.decode()
    assert "Ten clear days lie between the delivery of the notice and the hearing." in page
    assert "At least: 10 clear days." in page
    assert "5.4" not in page.partition("</form>")[2].partition("</main>")[0]


def test_search_for_what_is_not_there_finds_no_clause(as_person: As) -> None:
    assert "0 clauses say this." in as_person(MEMBER).get(RULES, {"find": "xyzzy"}).content.decode()


def test_packs_are_told_with_their_sources(as_person: As) -> None:
    page = as_person(MEMBER).get(RULES).content.decode()
    assert "Builds on:" in page
    assert "An aid, not legal advice." in page


def test_stages_are_drawn_and_told_as_a_table(as_person: As) -> None:
    page = as_person(MEMBER).get(f"{RULES}stages/").content.decode()
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page
    assert "To be left within 10 working days." in page  # in the picture
    assert "<td>10 working days</td>" in page  # in the table


def test_file_is_the_one_that_was_adopted(as_person: As) -> None:
    answer = as_person(MEMBER).get(f"{RULES}file/")
    assert answer.content == read_shipped("rulebooks", "caucus")
    assert answer["Content-Disposition"].endswith('.yaml"')


def test_matters_are_named_to_who_has_a_part_and_counted_for_the_others(as_person: As, caucus: Opened) -> None:
    manager = as_person(MANAGER).get(f"{RULES}versions/").content.decode()
    assert "1 matter" in manager
    assert "/caucus/matters/row/" in manager
    member = as_person("leader").get(f"{RULES}versions/").content.decode()
    assert "1 matter" in member


def test_version_that_was_never_adopted_is_not_there(as_person: As) -> None:
    member = as_person(MEMBER)
    assert member.get(RULES, {"version": "0" * 64}).status_code == 404
    assert member.get(f"{RULES}changes/", {"from": "0" * 64}).status_code == 404
    assert member.get(f"{RULES}changes/").status_code == 404


def test_error_in_a_new_version_is_told_with_line_field_and_remedy_and_the_text_stays(as_person: As) -> None:
    text = amended(**{"title: Rules of a parliamentary caucus": "titel: Rules of a parliamentary caucus"})
    response = as_person(MEMBER).post(f"{RULES}amend/", {"text": text, "do": "look"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "rulebook.yaml:4:" in page
    assert "Did you mean" in page
    assert "titel: Rules of a parliamentary caucus" in page


def test_what_is_no_yaml_at_all_is_told(as_person: As) -> None:
    for text in ("", "a: [", "\x00", "- " * 5000):
        assert as_person(MEMBER).post(f"{RULES}amend/", {"text": text, "do": "look"}).status_code == 422


def test_difference_is_shown_before_anything_is_adopted(as_person: As, caucus: Opened) -> None:
    before = in_force(caucus)
    text = amended(**{"Ten clear days lie between": "Fourteen clear days lie between"})
    page = as_person(MEMBER).post(f"{RULES}amend/", {"text": text, "do": "look"}).content.decode()
    assert "Ten clear days lie between" in page
    assert "Fourteen clear days lie between" in page
    assert "Adopt this version" not in page
    assert in_force(caucus) == before


def test_two_people_adopt_a_version_and_it_is_in_force(as_person: As, caucus: Opened) -> None:
    text, before = amended(), in_force(caucus)
    chair, whip = prove(as_person(CHAIR)), prove(as_person(WHIP))
    digest = look(whip, text)
    status, page = do(whip, text, "adopt", digest)
    assert status == 422
    assert "Nobody does this alone" in page
    assert do(chair, text, "agree", digest)[0] == 302
    assert do(whip, text, "adopt", digest)[0] == 302
    assert in_force(caucus) == digest
    assert as_person(MEMBER).get(f"{RULES}file/").content.decode() == text
    changes = as_person(MEMBER).get(f"{RULES}changes/", {"from": before, "to": digest})
    assert changes.status_code == 200


def test_agreement_to_one_version_is_none_to_another(as_person: As, caucus: Opened) -> None:
    chair, whip = prove(as_person(CHAIR)), prove(as_person(WHIP))
    one, other = amended(), amended(**{"Ten clear days lie between": "Nine clear days lie between"})
    assert do(chair, one, "agree", look(chair, one))[0] == 302
    assert do(whip, other, "adopt", look(whip, other))[0] == 422
    assert not caucus.organisation.facts(ORGANISATION_STREAM, fresh=True).organisation.all(RulebookAmended)


def test_version_other_than_the_one_looked_at_is_not_adopted(as_person: As, caucus: Opened) -> None:
    chair, whip, before = prove(as_person(CHAIR)), prove(as_person(WHIP)), in_force(caucus)
    text = amended()
    digest = look(whip, text)
    assert do(chair, text, "agree", digest)[0] == 302
    do(whip, amended(**{"Ten clear days lie between": "No days lie between"}), "adopt", digest)
    assert in_force(caucus) == before


@pytest.mark.parametrize("person", [MEMBER, RESPONDENT, MANAGER])
def test_nobody_but_the_secretary_adopts(as_person: As, caucus: Opened, person: str) -> None:
    text, before = amended(), in_force(caucus)
    client = prove(as_person(person))
    assert do(client, text, "adopt", look(client, text))[0] == 422
    assert in_force(caucus) == before


def test_who_did_not_prove_who_they_are_adopts_nothing(as_person: As, caucus: Opened) -> None:
    text, before = amended(), in_force(caucus)
    whip = prove(as_person(WHIP), seconds_ago=10 * 24 * 3600)
    digest = look(prove(as_person(CHAIR)), text)
    status, page = do(whip, text, "adopt", digest)
    assert status == 200
    assert "Show first that it is you." in page
    assert 'target="_blank"' in page  # else the new version would be gone with this page
    assert in_force(caucus) == before


def test_version_in_force_is_told_as_such(as_person: As) -> None:
    text = read_shipped("rulebooks", "caucus").decode()
    page = as_person(WHIP).post(f"{RULES}amend/", {"text": text, "do": "look"}).content.decode()
    assert "This version is in force already." in page


def test_hostile_text_in_a_version_is_shown_as_text(as_person: As) -> None:
    text = amended(**{"title: Somebody handles it": 'title: "<script>alert(1)</script>"'})
    page = as_person(MEMBER).post(f"{RULES}amend/", {"text": text, "do": "look"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_rulebook_reads_no_file_of_the_machine_as_a_pack(
    as_person: As, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("secret.yaml").write_bytes(b"password: swordfish\n")
    text = amended(**{"pack: nz-incorporated-societies-2022-sch2": "pack: secret.yaml"})
    response = as_person(MEMBER).post(f"{RULES}amend/", {"text": text, "do": "look"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "There is no pack" in page
    assert "password" not in page
