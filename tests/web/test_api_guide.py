"""The guide to the API: each request in it is answered as it says, and each event looks as it says."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client

from tests.web.programs import Program
from tests.web.scenes import RESPONDENT

#: Fewer would mean that they are no longer found.
LEAST_REQUESTS = 11
GUIDES = Path(__file__).resolve().parents[2] / "docs" / "how-to"


def find_blocks(guide: str, language: str) -> list[str]:
    text = (GUIDES / f"{guide}.md").read_text()
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def ask(program: Program, block: str) -> int:
    """Send a request of the guide as it stands, with a token where it shows one; return its status."""
    head, _, body = block.partition("\n\n")
    method, address, _version = head.splitlines()[0].split()
    headers = dict(line.split(": ", 1) for line in head.splitlines()[1:])
    if "Authorization" in headers:
        headers["Authorization"] = f"Bearer {program.shown}"
    kind = headers.pop("Content-Type", "application/json")
    sent = body.replace("\n", "\r\n") if kind.startswith("multipart/") else body
    response = Client().generic(method, address, sent, content_type=kind, headers=headers)
    return int(response.status_code)


@pytest.mark.django_db
@pytest.mark.usefixtures("caucus")
def test_requests_of_the_guide_work_as_they_stand() -> None:
    program = Program(RESPONDENT)
    asked = {block.partition(" HTTP")[0]: ask(program, block) for block in find_blocks("use-the-api", "http")}
    assert len(asked) >= LEAST_REQUESTS
    wrong = {request: status for request, status in asked.items() if status not in {200, 201}}
    assert not wrong


def test_event_of_the_guide_has_the_fields_that_events_have() -> None:
    (block,) = find_blocks("notices", "json")
    event = json.loads(block)
    assert set(event) == {"type", "timestamp", "data"}
    assert set(event["data"]) == {"organisation", "matter", "seq", "area"}
