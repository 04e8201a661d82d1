"""Parts of exhibits by the API: lodged with their proof, answered, and refused to whoever may not open the whole."""

from typing import Any

import pytest

from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitDerived
from alteram.core.record import verify_excerpt
from alteram.installation.jobs.long import do_waiting
from tests.web.evidence_scene import disclose
from tests.web.exhibit_scenes import lodge_letter
from tests.web.programs import API, Program, read
from tests.web.scenes import COMPLAINANT, RESPONDENT, ROW, STRANGER

PLACE = f"{API}/matters/row/acts/excerpt"
ROOM = f"{API}/matters/row/exhibits"

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def lodged(caucus: Opened) -> Opened:
    """The matter with a letter of three pages, by the complainant."""
    lodge_letter(caucus, content=b"one\ftwo\fthree")
    return caucus


def send(person: str | Program, key: str | None = None, **fields: Any) -> Any:
    program = Program(person) if isinstance(person, str) else person
    headers = {} if key is None else {"Idempotency-Key": key}
    body = {"exhibit": "part", "of": "e1", "first": 1, "until": 2} | fields
    return program.client.post(PLACE, body, content_type="application/json", headers=headers)


def find_parts(opened: Opened) -> list[ExhibitDerived]:
    return [one.act for one in opened.organisation.facts(ROW, fresh=True).matter.all(ExhibitDerived)]


def test_part_is_lodged_once_and_its_file_proves_it(lodged: Opened) -> None:
    program = Program(COMPLAINANT)
    answers = [send(program, "k", reasons="What was printed") for _ in range(2)]
    assert read(answers[0], 201)["seq"]
    assert answers[0].content == answers[1].content
    (act,) = find_parts(lodged)
    assert (act.how, act.of, act.first, act.until) == ("excerpt", "e1", 1, 2)
    proved = verify_excerpt(b"".join(program.get(f"{ROOM}/part/file").streaming_content))
    assert (proved.first, proved.until, proved.of) == (1, 2, 3)


def test_other_side_is_told_what_adjoins_and_answers_with_it(lodged: Opened) -> None:
    read(send(COMPLAINANT), 201)
    disclose(lodged, "e1")
    program = Program(RESPONDENT)
    told = read(program.get(f"{ROOM}/part/adjoining"), 200)
    assert (told["of"], told["part"]["first"], told["part"]["until"]) == ("e1", 1, 2)
    found = [(one["where"], one["amount"], one["part"]["first"], one["part"]["until"]) for one in told["adjoining"]]
    assert found == [("before", None, 0, 1), ("after", None, 2, 3)]
    read(send(program, exhibit="answer", first=0, until=1, adds_to="part"), 201)
    assert find_parts(lodged)[1].adds_to == "part"


def test_to_whom_the_whole_is_closed_no_part_is_cut(lodged: Opened) -> None:
    read(send(COMPLAINANT), 201)
    assert read(send(RESPONDENT, exhibit="more"), 403)["ruling"]["code"] == "exhibit.undisclosed"
    assert send(STRANGER, exhibit="more").status_code == 404
    assert send(Program(COMPLAINANT, ("read",)), exhibit="more").status_code == 403
    assert Program(RESPONDENT).get(f"{ROOM}/part/adjoining").status_code == 403
    assert Program(STRANGER).get(f"{ROOM}/part/adjoining").status_code == 404
    assert Program(COMPLAINANT).get(f"{ROOM}/e1/adjoining").status_code == 404
    assert len(find_parts(lodged)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"first": 2, "until": 2},
        {"first": 2, "until": 4},
        {"first": None},
        {"from_s": 0.0, "until_s": 1.0},
        {"first": None, "until": None, "from_s": 0.0, "until_s": 1.0},
        {"exhibit": "Not a name"},
    ],
)
def test_part_that_is_none_does_not_fit(lodged: Opened, fields: dict[str, Any]) -> None:
    assert send(COMPLAINANT, **fields).status_code == 422
    assert find_parts(lodged) == []


def test_part_can_be_lodged_while_the_caller_does_something_else(lodged: Opened) -> None:
    program = Program(COMPLAINANT)
    body = {"exhibit": "part", "of": "e1", "first": 1, "until": 2}
    headers = {"Prefer": "respond-async"}
    given = program.client.post(PLACE, body, content_type="application/json", headers=headers)
    job = read(given, 202)
    assert (job["kind"], job["state"], job["done"], job["parts"]) == ("excerpt", "under-way", 0, 3)
    assert not find_parts(lodged)
    do_waiting()
    told = read(program.get(given["Location"]), 200)
    (event,) = lodged.organisation.facts(ROW, fresh=True).matter.all(ExhibitDerived)
    assert (told["state"], told["done"], told["entry"]) == ("done", 3, event.seq)
    refused = program.client.post(PLACE, body, content_type="application/json", headers=headers)
    assert read(refused, 409)["ruling"]["outcome"] == "refused"
    assert Program(RESPONDENT).get(given["Location"]).status_code == 404
