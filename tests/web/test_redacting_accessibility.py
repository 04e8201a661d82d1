"""The pages of redactions against WCAG 2.2 AA: in both colour schemes, on a narrow screen, with all they can show."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page

from alteram.bootstrap import Opened
from alteram.core.acts import PartyJoined
from alteram.core.kernel.identifiers import PersonId
from alteram.operations.evidence_ports import ShownDocument, Unshown
from tests.evidence import PlainReading, build_plain_tools
from tests.web.conftest import As
from tests.web.evidence_scene import do
from tests.web.exhibit_scenes import lodge_letter
from tests.web.looking import Shown, examine_all, look_at
from tests.web.redacting_scene import LEAKS, Row, fill, use_plain_tools, work
from tests.web.scenes import CUSTODIAN, MANAGER

pytestmark = pytest.mark.django_db
ROOM = "/caucus/matters/row/exhibits/"
MAKING = f"{ROOM}e1/redaction/"
WIDTH, HEIGHT = 600, 800


class _Sized(PlainReading):
    """Shows pages of an ordinary size."""

    def show(self, source: Path, media: str, folder: Path) -> ShownDocument | Unshown:
        shown = super().show(source, media, folder)
        assert isinstance(shown, ShownDocument)
        return replace(shown, pages=tuple(replace(one, width=WIDTH, height=HEIGHT) for one in shown.pages))


@pytest.fixture
def pages(caucus: Opened, as_person: As, monkeypatch: pytest.MonkeyPatch) -> list[Shown]:
    """All that the room can show; the first is the form as it is found."""
    tools = replace(build_plain_tools(), documents=_Sized())
    use_plain_tools(monkeypatch, evidence=tools)
    lodge_letter(caucus, "e1", b"Page one by quiet-witness.\fPage two.", tools=tools)
    lodge_letter(caucus, "mail", b"Hello\nGood bye", kind="message", tools=tools)
    do(caucus, PartyJoined(person=PersonId("quiet-witness"), role="witness", protected=True))
    client, shown = as_person(MANAGER), {}
    shown["empty"] = client.get(MAKING)
    shown["nothing"] = client.post(MAKING, fill())
    shown["misfit"] = client.post(MAKING, fill(Row("x", reason=""), Row(place=(1, 90, 10, 20, 5))))
    client.post(MAKING, fill(Row("Page", reason=LEAKS)))
    shown["under way"] = client.get(MAKING)
    work()
    shown["leak"] = client.get(MAKING)
    client.post(MAKING, fill(Row("Page"), Row("Nobody"), Row(place=(2, 10, 10, 20, 5), reason="A face")))
    work()
    shown["made"] = client.get(MAKING)
    shown["refused"] = client.post(f"{MAKING}lodging/", {"name": "e1"})
    client.post(f"{MAKING}lodging/", {"name": "e1-redacted"})
    shown["exhibit"] = client.get(f"{ROOM}e1-redacted/")
    shown["own check"] = client.get(f"{ROOM}e1-redacted/check/")
    shown["check"] = as_person(CUSTODIAN).get(f"{ROOM}e1-redacted/check/")
    shown["mail"] = client.get(f"{ROOM}mail/redaction/")
    return [Shown(name, "somebody", answer.content.decode()) for name, answer in shown.items()]


def add_row(page: Page, shown: Shown) -> None:
    if shown.address == "made":
        page.locator("[data-add]").first.click()


def test_pages_fail_nobody(pages: list[Shown]) -> None:
    with look_at(pages) as page:
        wrong = examine_all(page, pages, add_row)
    assert not wrong, "\n".join(wrong)
