"""The proof of the rules on pages: asked for once, told as it goes, beside the clauses, and before an adoption."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from alteram.adapters.rulebooks.library import read_shipped
from alteram.bootstrap.rulebooks import read_rulebook, write_amendment
from alteram.core.rules.proving.prove import PROPERTIES
from alteram.installation import background
from alteram.installation.background import LongWork, Tell, do_work
from alteram.operations.kept_proofs import decode_proof, encode_proof
from alteram.operations.proving import SCOPE, ToldProof, build_proof_key, compare_files, prove_and_tell
from tests.rules.test_proof_amendments import weaken
from tests.web.conftest import As
from tests.web.programs import API, Program, read
from tests.web.scenes import MEMBER, RESPONDENT, STRANGER, WHIP

RULES = "/caucus/rulebook/"
PROOF, AMEND, VERSIONS = "/caucus/rulebook/proof/", "/caucus/rulebook/amend/", "/caucus/rulebook/versions/"
CLUB = weaken(read_shipped("rulebooks", "small-club").decode())
QUICK = tuple(one for one in PROPERTIES if one.id in {"silence", "ladder", "appeals"})


def prove_club() -> ToldProof:
    rulebook = read_rulebook(CLUB.encode(), "rulebook.yaml")
    return ToldProof(
        tuple(prove_and_tell(rulebook, (), CLUB, lambda one: write_amendment(CLUB, one), properties=QUICK))
    )


@pytest.fixture(scope="module")
def refuted() -> ToldProof:
    return prove_club()


def run_refuted(organisation: str, given: Any, tell: Tell) -> Any:
    del organisation, given
    tell(1, len(PROPERTIES), encode_proof(ToldProof(prove_club().results[:1])))
    return encode_proof(prove_club())


def run_proved(organisation: str, given: Any, tell: Tell) -> Any:
    del organisation, given, tell
    return [
        {"property": one.id, "title": str(one.title), "verdict": "proved", "plays": 1, "rulings": 2, "violations": []}
        for one in PROPERTIES
    ]


#: Clauses of the rules in force and of the pack they build on, then none.
NAMED = ("5.1", "5.1", "sch2.2", "")


def run_naming(organisation: str, given: Any, tell: Tell) -> Any:
    """Tell four stories: two name one clause, one names a clause of a pack, and one none."""
    del organisation, given, tell
    first, *rest = prove_club().results
    story = first.violations[0]
    named = replace(first, violations=tuple(replace(story, clause=one) for one in NAMED))
    return encode_proof(ToldProof((named, *(replace(one, violations=(), verdict="proved") for one in rest))))


def run_badly(organisation: str, given: Any, tell: Tell) -> Any:
    raise ArithmeticError(organisation, given, tell)


def use(monkeypatch: pytest.MonkeyPatch, runner: Any) -> None:
    monkeypatch.setitem(background.RUNNERS, "proof", f"{__name__}.{runner.__name__}")


def do_last() -> None:
    do_work.func(LongWork.objects.latest("pk").pk)


def ask_first(client: Client) -> str:
    """Have the weakened club proved before it is adopted; return the address of its proof."""
    page = client.post(AMEND, {"text": CLUB, "do": "look"}).content.decode()
    digest = page.partition('name="looked_at" value="')[2][:64]
    return client.post(AMEND, {"text": CLUB, "do": "prove", "looked_at": digest})["Location"]


# -- what is kept


def test_proof_is_read_again_as_it_was_told(refuted: ToldProof) -> None:
    again = decode_proof(encode_proof(refuted))
    assert again == refuted
    told = again.results[0].violations[0].because
    assert getattr(told, "template", "") == getattr(refuted.results[0].violations[0].because, "template", None)


def test_what_a_proof_lets_be_is_kept_and_an_older_one_tells_nothing_of_it(refuted: ToldProof) -> None:
    noted = ToldProof((replace(refuted.results[0], notes=("It overrides a demand.",)),))
    kept: Any = encode_proof(noted)
    assert decode_proof(kept) == noted
    del kept[0]["notes"]
    assert decode_proof(kept).results[0].notes == ()


def test_key_changes_with_rules_packs_and_scope() -> None:
    rulebook, other = (read_rulebook(text.encode(), "x.yaml") for text in (CLUB, CLUB.replace("weeks: 6", "weeks: 7")))
    wider = replace(SCOPE, deviations=SCOPE.deviations + 1)
    keys = {build_proof_key(rulebook, ()), build_proof_key(other, ()), build_proof_key(rulebook, (), wider)}
    assert len(keys) == 3
    assert build_proof_key(rulebook, ()) == build_proof_key(rulebook, ())


def test_lines_that_change_are_told_with_what_stands_around_them() -> None:
    told = [(one.mark, one.text) for one in compare_files("a\nb\nc\nd", "a\nb\nx\nd")]
    assert told == [("…", ""), (" ", "a"), (" ", "b"), ("-", "c"), ("+", "x"), (" ", "d")]


# -- on pages


@pytest.mark.parametrize("person", [MEMBER, RESPONDENT, WHIP])
def test_proof_is_open_to_members(as_person: As, person: str) -> None:
    page = as_person(person).get(PROOF)
    assert page.status_code == 200
    assert "Nobody has asked for a proof of this version yet." in page.content.decode()
    assert "What was searched" in page.content.decode()


def test_proof_is_not_there_for_a_stranger(as_person: As) -> None:
    assert as_person(STRANGER).get(PROOF).status_code == 404
    assert as_person(STRANGER).post(PROOF).status_code == 404
    assert not LongWork.objects.exists()


def test_version_is_proved_once_and_told_as_it_goes(as_person: As, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, run_proved)
    client = as_person(MEMBER)
    assert client.post(PROOF).status_code == 302
    assert client.post(PROOF).status_code == 302
    assert LongWork.objects.count() == 1
    assert "0 of 10 properties are done." in client.get(PROOF).content.decode()
    do_last()
    page = client.get(PROOF).content.decode()
    assert "nothing in the scope that was searched is unfair" in page
    assert "Prove this version" not in page


def test_versions_say_whether_each_was_proved_and_when(as_person: As, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, run_proved)
    client = as_person(MEMBER)
    assert "Nobody has asked for a proof" in client.get(VERSIONS).content.decode()
    client.post(PROOF)
    do_last()
    assert "This was found out after it was adopted." in client.get(VERSIONS).content.decode()


def prove_in_force(client: Client, monkeypatch: pytest.MonkeyPatch, runner: Any) -> str:
    """Have the version in force proved; return its page, clause by clause."""
    use(monkeypatch, runner)
    client.post(PROOF)
    do_last()
    return client.get(RULES).content.decode()


def find_marked(page: str) -> dict[str, list[str]]:
    """Return the headings of the parts of a page that a proof names, each with the stories it links."""
    parts = re.findall(r"<section[^>]*>(.*?)</section>", page, re.DOTALL)
    links = {re.findall(r"<h2[^>]*>(.*?)</h2>", one)[0]: re.findall(r'href="([^"]+#story-\d+)"', one) for one in parts}
    return {title: found for title, found in links.items() if found}


def test_clauses_that_a_refuted_proof_names_are_marked_with_their_stories(
    as_person: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_person(MEMBER)
    page = prove_in_force(client, monkeypatch, run_naming)
    marked = find_marked(page)
    assert [title.partition(":")[0] for title in marked] == ["5.1 Notice", "Builds on"]
    told = [address.partition("#")[2] for links in marked.values() for address in links]
    assert told == ["story-1", "story-2", "story-3"]
    assert "a matter can go wrong here in 2 ways." in page
    assert "it can be unfair in 4 ways." in page
    address, _, anchor = marked["5.1 Notice"][1].partition("#")
    proof = client.get(address).content.decode()
    assert f'id="{anchor}"' in proof
    assert "#clause-5.1" in proof


def test_search_in_the_rules_keeps_the_marks(as_person: As, monkeypatch: pytest.MonkeyPatch) -> None:
    client = as_person(MEMBER)
    prove_in_force(client, monkeypatch, run_naming)
    found = client.get(RULES, {"find": "nothing is decided, and that somebody may come along"}).content.decode()
    assert list(find_marked(found)) == ["5.1 Notice"]
    assert find_marked(client.get(RULES, {"find": "ten clear days"}).content.decode()) == {}


def test_no_clause_is_marked_before_a_proof_or_where_it_is_proved(
    as_person: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_person(MEMBER)
    pages = [client.get(RULES).content.decode(), prove_in_force(client, monkeypatch, run_proved)]
    assert [find_marked(one) for one in pages] == [{}, {}]
    assert not any("Refuted:" in one for one in pages)


def test_proof_that_broke_off_says_so_and_can_be_asked_for_again(
    as_person: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, run_badly)
    client = as_person(MEMBER)
    client.post(PROOF)
    with pytest.raises(ArithmeticError):
        do_last()
    page = client.get(PROOF).content.decode()
    assert "the proof broke off" in page
    assert "Prove this version" in page


def test_proposal_is_proved_before_it_is_adopted_and_its_stories_told(
    as_person: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, run_refuted)
    client = as_person(MEMBER)
    address = ask_first(client)
    do_last()
    page = client.get(address).content.decode()
    assert "proposed, not adopted" in page
    assert "refuted" in page
    assert "This should not have been allowed." in page
    assert "Left out: the instrument of the sanction." in page
    assert "The clause to amend:" in page
    assert "new:" in page
    assert "stop-" not in page
    looked = client.post(AMEND, {"text": CLUB, "do": "look"}).content.decode()
    assert "it can be unfair in" in looked
    assert "Prove it first" not in looked


def test_proposal_is_taken_over_into_the_text_and_nothing_recorded(
    as_person: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, run_refuted)
    client = as_person(MEMBER)
    address = ask_first(client)
    do_last()
    one, everything = (client.post(address, {"take": take}).content.decode() for take in ("0", "all"))
    assert one.count("overdue_to: ") == 1
    assert everything.count("overdue_to: ") == 2
    assert "sanction-instrument" in everything
    assert "beside the one in force" in everything
    assert client.post(address, {"take": "99"}).status_code == 404
    assert client.post(address, {"take": "-1"}).status_code == 404


def test_proof_never_stands_in_the_way_of_an_adoption(as_person: As, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, run_refuted)
    client = as_person(WHIP)
    ask_first(client)
    page = client.post(AMEND, {"text": CLUB, "do": "look"}).content.decode()
    assert "Being proved:" in page
    assert "Adopt this version" in page


def test_proof_of_no_such_name_is_not_there(as_person: As) -> None:
    assert as_person(MEMBER).get(PROOF, {"proof": "0" * 64}).status_code == 404


def test_proposal_is_not_there_in_another_organisation_or_for_a_stranger(
    as_person: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(monkeypatch, run_refuted)
    address = ask_first(as_person(MEMBER))
    assert as_person(STRANGER).get(address).status_code == 404


# -- for programs


@pytest.mark.usefixtures("caucus")
@pytest.mark.django_db
def test_program_asks_for_a_proof_and_is_told_it(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, run_refuted)
    place = f"{API}/rulebook/proof"
    program = Program(MEMBER, ("read", "rulebook"))
    assert read(program.get(place))["state"] == "not-asked-for"
    asked = program.post(place, {"text": CLUB})
    assert asked.status_code == 202
    assert asked.json()["state"] == "under-way"
    do_last()
    told = read(program.get(f"{place}?proof={asked.json()['proof']}"))
    assert told["state"] == "refuted"
    silence = next(one for one in told["properties"] if one["property"] == "silence")
    assert silence["violations"][0]["proposal"]["lines"]


@pytest.mark.usefixtures("caucus")
@pytest.mark.django_db
def test_program_without_the_scope_or_that_is_a_stranger_has_nothing_proved() -> None:
    place = f"{API}/rulebook/proof"
    assert Program(MEMBER, ("read",)).post(place, {}).status_code == 403
    assert Program(STRANGER, ("read", "rulebook")).post(place, {"text": CLUB}).status_code == 404
    assert Program(STRANGER).get(place).status_code == 404
    assert Program(MEMBER, ("read", "rulebook")).post(place, {"text": "a: ["}).status_code == 422
    assert not LongWork.objects.exists()


@pytest.mark.usefixtures("caucus")
@pytest.mark.django_db
def test_program_is_told_the_standards() -> None:
    listed = read(Program(MEMBER).get(f"{API}/standards"))
    whole = read(Program(MEMBER).get(f"{API}/standards/{listed[0]['pack']}"))
    assert whole["content"]["clauses"]
    assert Program(MEMBER).get(f"{API}/standards/nowhere").status_code == 404
    assert Program(STRANGER).get(f"{API}/standards").status_code == 404
