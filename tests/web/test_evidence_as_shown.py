"""What people write is shown as text: in names of files, titles, speakers, messages, transcripts and quotations."""

import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import AssertionMarked, ExhibitLodged, PropositionStated
from alteram.core.kernel.canonical import Json, encode_canonical
from alteram.operations.entries import enter
from alteram.operations.evidence_ports import Message, Thread
from alteram.operations.exhibits.incoming import receive
from alteram.operations.exhibits.lodging import lodge_exhibit, prepare
from alteram.operations.exhibits.transcripts import lodge_transcript
from alteram.operations.perform import perform
from alteram.operations.propositions import ShownSource, show_source
from tests.evidence import PlainReading, build_plain_tools
from tests.web.scenes import COMPLAINANT, MANAGER, ROW, must

pytestmark = pytest.mark.django_db
EVIL = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'{{ 7 }}{% now %}"
NAMES = ('a"; filename="b.html', "a\r\nSet-Cookie: x=1", "../../etc/passwd", "-rf", "é\u202egpj.exe", EVIL)


class _Evil(PlainReading):
    """Messages whose every part is mark-up."""

    def read_messages(self, source: Any, media: str) -> Thread:
        return Thread("whatsapp", (Message(0, EVIL, EVIL, EVIL, subject=EVIL, attachments=(EVIL,)),))

    def encode_message(self, message: Message) -> bytes:
        said: dict[str, Json] = {
            "index": 0,
            "at": EVIL,
            "sender": EVIL,
            "subject": EVIL,
            "text": EVIL,
            "attachments": [EVIL],
        }
        return encode_canonical({**said, "answers": None})


def lodge(opened: Opened, name: str, content: bytes, *, kind: str = "document", file_name: str = EVIL) -> None:
    tools = replace(build_plain_tools(), threads=_Evil())
    prepared = prepare(opened.organisation, ROW, receive(opened.organisation, ROW, [content]), tools, kind=kind)
    act = ExhibitLodged(
        exhibit=name, kind=kind, obtained="given", title=EVIL, source=EVIL, file_name=file_name, place=EVIL  # type: ignore[arg-type]  # one of them
    )  # fmt: skip
    must(lodge_exhibit(opened.organisation, ROW, act, COMPLAINANT, prepared))


def look(client: Client, place: str) -> str:
    response = client.get(f"/caucus/matters/row/{place}")
    assert response.status_code == 200, place
    assert (
        "default-src 'none'" in response["Content-Security-Policy"] or "'nonce-" in response["Content-Security-Policy"]
    )
    return response.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [("e1", EVIL.encode(), "document"), ("e1", b"one", "message"), ("e1", b"fLaC" + bytes(99), "recording")],
    ids=["text", "thread", "recording"],
)
def test_mark_up_in_evidence_is_shown_as_text(
    caucus: Opened, as_person: Any, name: str, content: bytes, kind: str
) -> None:
    lodge(caucus, name, content, kind=kind)
    if kind == "recording":
        now = caucus.organisation.ports.clock().replace(microsecond=0)
        vtt = f"WEBVTT\n\n00:00.000 --> 00:05.000\n<v {EVIL.replace('>', '')}>{EVIL}\n"
        lodge_transcript(enter(caucus.organisation, ROW, COMPLAINANT), name, "t1", vtt, now=now)
    must(perform(caucus.organisation, ROW, PropositionStated(proposition="p1", text=EVIL), COMPLAINANT))
    source = show_source(enter(caucus.organisation, ROW, COMPLAINANT), name, now=caucus.organisation.ports.clock())
    assert isinstance(source, ShownSource)
    words = source.text or EVIL
    marked = AssertionMarked(
        assertion="m1", proposition="p1", stance="asserts", speaker="<b onclick=alert(3)>", exhibit=name,
        first=0, until=len(words), words=words,
    )  # fmt: skip
    must(perform(caucus.organisation, ROW, marked, COMPLAINANT))
    client = as_person(MANAGER)
    one = f"exhibits/{name}/"
    places = ("exhibits/", one, f"{one}view/", f"{one}excerpt/", f"{one}redaction/", "propositions/", "disclosure/")
    for place in (*places, "disclosure/bundles/", f"propositions/sources/{name}/"):
        page = look(client, place)
        assert not re.search(r"<img[^>]*onerror|<script>alert|<b onclick", page), place
        assert "{{ 7 }}" in page or place == "disclosure/" or (kind != "document" and "sources" in place), place


@pytest.mark.parametrize("file_name", NAMES, ids=range(len(NAMES)))
def test_name_of_a_file_adds_no_header_and_leads_nowhere(caucus: Opened, as_person: Any, file_name: str) -> None:
    lodge(caucus, "e1", EVIL.encode(), file_name=file_name)
    response = as_person(MANAGER).get("/caucus/matters/row/exhibits/e1/file/")
    told = response["Content-Disposition"]
    assert told.startswith("attachment")
    assert "\n" not in told
    assert "\r" not in told
    assert "Set-Cookie" not in response.headers
    assert response["Content-Type"] == "application/octet-stream"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    assert b"".join(response.streaming_content) == EVIL.encode()
