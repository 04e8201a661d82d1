"""Copies of exhibits by the API: sent as a file or made by the programs; by whom, and what does not fit."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitDerived
from alteram.installation import exhibit_files
from tests.evidence import BAD, build_plain_tools
from tests.web.evidence_scene import PAPER, disclose, lodge
from tests.web.programs import API, Program, read
from tests.web.scenes import COMPLAINANT, MANAGER, RESPONDENT, ROW, STRANGER

PLACE = f"{API}/matters/row/acts/copy"
FILE = ("letter-de.txt", b"Seite eins")

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def lodged(caucus: Opened, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The matter with a paper of the complainant's."""
    monkeypatch.setattr("alteram.api.deriving.find_evidence_tools", build_plain_tools)
    lodge(caucus, "e1", PAPER, COMPLAINANT)
    return caucus


def send(person: str | Program, *files: tuple[str, bytes], key: str | None = None, **fields: Any) -> Any:
    program = Program(person) if isinstance(person, str) else person
    form: dict[str, Any] = {"copy": json.dumps({"exhibit": "c1", "of": "e1", "how": "translation"} | fields)}
    if files:
        form["file"] = [SimpleUploadedFile(name, content) for name, content in files]
    headers = {} if key is None else {"Idempotency-Key": key}
    return program.client.post(PLACE, form, headers=headers)


def find_copies(opened: Opened) -> list[ExhibitDerived]:
    return [one.act for one in opened.organisation.facts(ROW, fresh=True).matter.all(ExhibitDerived)]


def test_translation_is_lodged_once_and_comes_back_to_the_byte(lodged: Opened) -> None:
    program = Program(MANAGER)
    answers = [send(program, FILE, key="k", reasons="Sworn translator") for _ in range(2)]
    assert read(answers[0], 201)["seq"]
    assert answers[0].content == answers[1].content
    (act,) = find_copies(lodged)
    assert (act.how, act.by_hand, act.size) == ("translation", True, len(FILE[1]))
    file = Program(COMPLAINANT).get(f"{API}/matters/row/exhibits/c1/file")
    assert b"".join(file.streaming_content) == FILE[1]


@pytest.mark.parametrize("how", ["text", "pages"])
def test_programs_make_it_where_no_file_is_sent(lodged: Opened, how: str) -> None:
    assert read(send(MANAGER, how=how), 201)["seq"]
    (act,) = find_copies(lodged)
    assert (act.by_hand, act.how) == (False, how)
    content = b"".join(Program(MANAGER).get(f"{API}/matters/row/exhibits/c1/file").streaming_content)
    assert content.startswith(b"%PDF-") if how == "pages" else content.strip()


def test_program_elsewhere_that_made_it_is_named(lodged: Opened) -> None:
    assert read(send(MANAGER, FILE, how="transcript", tool="listener 3"), 201)["seq"]
    (act,) = find_copies(lodged)
    assert (act.by_hand, act.tool) == (False, "listener 3")


def test_to_whom_the_exhibit_is_closed_its_copy_is_too_until_it_is_given(lodged: Opened) -> None:
    assert read(send(RESPONDENT, FILE), 409)["ruling"]["code"] == "exhibit.undisclosed"
    assert read(send(RESPONDENT, how="text"), 409)["ruling"]["code"] == "exhibit.undisclosed"
    assert send(STRANGER, FILE).status_code == 404
    assert send(Program(MANAGER, ("read",)), FILE).status_code == 403
    assert find_copies(lodged) == []
    disclose(lodged, "e1")
    assert read(send(RESPONDENT, FILE), 201)["seq"]


def test_what_cannot_be_kept_or_made_says_what_to_do(lodged: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "quarantined" in read(send(MANAGER, ("bad.txt", BAD)), 409)["detail"]
    assert read(send(MANAGER), 422)["misfits"][0]["where"] == "body.file"
    assert read(send(MANAGER, FILE, how="excerpt"), 422)["misfits"]
    assert read(send(MANAGER, FILE, FILE), 422)["misfits"]
    assert send(MANAGER, FILE, of="e9").status_code == 409
    monkeypatch.setattr(exhibit_files, "MAX_AT_ONCE", len(FILE[1]))
    assert read(send(MANAGER, FILE), 201)["seq"]
    assert send(MANAGER, (FILE[0], FILE[1] + b"."), exhibit="c2").status_code == 413
    assert len(find_copies(lodged)) == 1
