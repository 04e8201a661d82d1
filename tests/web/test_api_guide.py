"""The guide to the API: each request in it is answered as it says, and each event looks as it says."""

import json
import re
from pathlib import Path

import pytest

from tests.web.programs import Program
from tests.web.scenes import RESPONDENT

GUIDES = Path(__file__).resolve().parents[2] / "docs" / "how-to"


def find_blocks(guide: str, language: str) -> list[str]:
    text = (GUIDES / f"{guide}.md").read_text()
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.mark.django_db
@pytest.mark.usefixtures("caucus")
def test_requests_of_the_guide_work_as_they_stand() -> None:
    program, statuses = Program(RESPONDENT), []
    for block in find_blocks("use-the-api", "http"):
        head, _, body = block.partition("\n\n")
        method, address, _version = head.splitlines()[0].split()
        key = next((line.split(": ")[1] for line in head.splitlines() if line.startswith("Idempotency-Key")), None)
        response = program.get(address) if method == "GET" else program.post(address, body, key=key)
        statuses.append(response.status_code)
    assert statuses == [200, 201]


def test_event_of_the_guide_has_the_fields_that_events_have() -> None:
    (block,) = find_blocks("notices", "json")
    event = json.loads(block)
    assert set(event) == {"type", "timestamp", "data"}
    assert set(event["data"]) == {"organisation", "matter", "seq", "area"}
