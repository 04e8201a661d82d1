"""Redactions by the API: asked for, told of, looked at and lodged; by whom the exhibit is open to, and nobody else."""

from typing import Any

import pytest

from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitDerived, RedactionChecked
from alteram.installation.background import LongWork
from tests.web.exhibit_scenes import lodge_letter
from tests.web.programs import API, Program, read
from tests.web.redacting_scene import LEAKS, build_simple_tools, use_plain_tools, work
from tests.web.scenes import COMPLAINANT, CUSTODIAN, MANAGER, RESPONDENT, ROW, STRANGER

pytestmark = [pytest.mark.django_db]
MAKING = f"{API}/matters/row/exhibits/e1/redaction"
SECRET = "Quetzalcoatlus"
PLACE = {"page": 1, "left": 100, "top": 200, "right": 900, "bottom": 400}
CUTS = {"cuts": [{"reason": "A child's name", "words": [SECRET], "places": [PLACE]}]}


@pytest.fixture(autouse=True)
def lodged(caucus: Opened, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The matter with a letter of two pages of the complainant's."""
    use_plain_tools(monkeypatch)
    lodge_letter(caucus, "e1", f"Then {SECRET} spoke.\fAnd left.".encode())
    return caucus


def post(address: str, contents: Any, person: str = MANAGER) -> Any:
    return Program(person).post(address, contents)


def make(contents: Any = CUTS, person: str = MANAGER) -> Any:
    assert read(post(MAKING, contents, person), 202)["state"] == "under-way"
    work()
    return read(Program(person).get(MAKING))


def find_made(opened: Opened) -> list[ExhibitDerived]:
    return [one.act for one in opened.organisation.facts(ROW, fresh=True).matter.all(ExhibitDerived)]


def test_redaction_is_made_looked_at_and_lodged_and_a_second_person_agrees(lodged: Opened) -> None:
    assert read(Program(MANAGER).get(MAKING))["state"] == "none"
    made = make()
    assert (made["state"], made["pages"], made["places"], made["not_found"]) == ("made", 3, 2, [])
    (cut,) = made["cuts"]
    assert (cut["number"], cut["words"], PLACE in cut["places"]) == (1, [SECRET], True)
    page = Program(MANAGER).get(f"{MAKING}/pages/0")
    assert (page["Content-Type"], page.content) == ("image/png", b"a picture of Then [1] spoke.")
    assert Program(MANAGER).get(f"{MAKING}/pages/3").status_code == 404
    asked = {"name": "r1", "reasons": "For the hearing."}
    program = Program(MANAGER)
    first, again = (program.post(f"{MAKING}/lodge", asked, key="k1") for _ in range(2))
    assert (first.status_code, again.status_code, again["Idempotent-Replayed"]) == (201, 201, "true")
    assert [(one.exhibit, one.cuts) for one in find_made(lodged)] == [("r1", 2)]
    assert SECRET not in str(read(Program(MANAGER).get(f"{API}/matters/row/exhibits/r1/facts")))
    check = {"act": "redaction.checked", "fields": {"exhibit": "r1", "agreed": True}}
    assert read(post(f"{API}/matters/row/acts", check), 409)["ruling"]["code"] == "redaction.own"
    assert post(f"{API}/matters/row/acts", check, CUSTODIAN).status_code == 201
    assert lodged.organisation.facts(ROW, fresh=True).matter.all(RedactionChecked)


def test_leak_is_told_and_nothing_of_it_can_be_looked_at_or_lodged(lodged: Opened) -> None:
    made = make({"cuts": [{"reason": LEAKS, "words": [SECRET]}]})
    assert (made["state"], "page 1" in made["leaks"][0]) == ("leaks", True)
    assert made["still"] == [SECRET]
    assert Program(MANAGER).get(f"{MAKING}/pages/0").status_code == 404
    assert read(post(f"{MAKING}/lodge", {"name": "r1"}), 409)["title"]
    assert find_made(lodged) == []


def test_refused_it_waits_on_and_can_be_thrown_away(lodged: Opened) -> None:
    make()
    assert read(post(f"{MAKING}/lodge", {"name": "e1"}), 409)["ruling"]["code"] == "name.taken"
    assert read(Program(MANAGER).get(MAKING))["state"] == "made"
    assert read(post(f"{MAKING}/drop", {}))["state"] == "none"
    assert read(Program(MANAGER).get(MAKING))["state"] == "none"
    assert read(post(f"{MAKING}/lodge", {"name": "r1"}), 409)
    assert not LongWork.objects.exists()


def test_what_went_wrong_is_told() -> None:
    made = make({"cuts": [{"reason": "-", "places": [PLACE | {"page": 7}]}]})
    assert (made["state"], made["because"]) == ("broke-off", "There is no page 8: it has 2.")


@pytest.mark.parametrize(
    "cuts",
    [
        [],
        [{"reason": "Why"}],
        [{"reason": " ", "words": ["spoke"]}],
        [{"reason": "Why", "words": ["x"]}],
        [{"reason": "Why", "places": [PLACE | {"right": 100}]}],
        [{"reason": "Why", "places": [PLACE | {"bottom": 10_001}]}],
    ],
)
def test_what_does_not_fit_is_refused(cuts: list[Any]) -> None:
    assert post(MAKING, {"cuts": cuts}).status_code == 422
    assert not LongWork.objects.exists()


def test_more_than_can_be_kept_is_refused() -> None:
    places = [PLACE | {"left": one % 900, "right": 1000 + one} for one in range(1_000)]
    fits = {"cuts": [{"reason": f"Reason {one}", "places": places} for one in range(4)]}
    assert post(MAKING, fits | {"cuts": [*fits["cuts"], *fits["cuts"]]}).status_code == 413
    assert not LongWork.objects.exists()
    assert make(fits)["state"] == "made"


@pytest.mark.parametrize("person", [STRANGER, RESPONDENT, CUSTODIAN])
def test_to_whom_the_exhibit_is_closed_there_is_nothing(person: str) -> None:
    make()
    for address in (MAKING, f"{MAKING}/pages/0"):
        assert Program(person).get(address).status_code == 404
    for kind in ("pdf", "png", "text"):
        assert post(MAKING, CUTS | {"kind": kind}, person).status_code == 404
    assert post(f"{MAKING}/lodge", {"name": "r1"}, person).status_code == 404
    assert post(f"{MAKING}/drop", {}, person).status_code == 404


def test_one_works_on_ones_own_alone() -> None:
    make()
    assert read(Program(COMPLAINANT).get(MAKING))["state"] == "none"
    assert Program(COMPLAINANT).get(f"{MAKING}/pages/0").status_code == 404


def test_token_that_only_reads_makes_none() -> None:
    assert Program(MANAGER, scopes=("read",)).post(MAKING, CUTS).status_code == 403


def test_text_is_made_as_a_text_and_lodged_as_one(lodged: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    use_plain_tools(monkeypatch, evidence=build_simple_tools())
    assert read(Program(MANAGER).get(MAKING))["kinds"] == ["pdf", "text"]
    made = make({"cuts": [{"reason": "A child's name", "words": [SECRET]}], "kind": "text"})
    assert (made["state"], made["kind"], made["pages"], made["places"]) == ("made", "text", 0, 1)
    page = Program(MANAGER).get(f"{MAKING}/pages/0")
    assert page["Content-Type"] == "text/plain; charset=utf-8"
    assert page.content.decode().startswith("Then █████[1] spoke.")
    assert Program(MANAGER).get(f"{MAKING}/pages/1").status_code == 404
    assert Program(COMPLAINANT).get(f"{MAKING}/pages/0").status_code == 404
    assert post(f"{MAKING}/lodge", {"name": "r1"}).status_code == 201
    assert [(one.media, one.cuts) for one in find_made(lodged)] == [("text/plain", 1)]


def test_word_that_is_left_in_a_text_is_told_and_it_is_not_lodged(lodged: Opened) -> None:
    made = make({"cuts": [{"reason": f"{SECRET} is a child", "words": [SECRET]}], "kind": "text"})
    assert (made["state"], made["kind"], made["still"]) == ("leaks", "text", [SECRET])
    assert Program(MANAGER).get(f"{MAKING}/pages/0").status_code == 404
    assert post(f"{MAKING}/lodge", {"name": "r1"}).status_code == 409
    assert find_made(lodged) == []


@pytest.mark.parametrize("kind", ["png", "gif"])
def test_kind_that_the_exhibit_does_not_allow_is_refused(kind: str) -> None:
    assert post(MAKING, CUTS | {"kind": kind}).status_code == 422
    assert not LongWork.objects.exists()


def test_text_has_no_places() -> None:
    made = make(CUTS | {"kind": "text"})
    assert (made["state"], made["because"]) == (
        "broke-off",
        "A text has no pages: no place in it can be blacked out.",
    )
    assert "have it made as a PDF" in made["remedy"]
