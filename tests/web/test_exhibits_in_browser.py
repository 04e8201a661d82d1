"""A real recording, made by ffmpeg: lodged without script, looked at by the real programs, shown and played.

With it every page of the room against WCAG 2.2 AA, in both colour schemes and on a narrow screen.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from alteram.bootstrap import Opened
from alteram.core.acts import ExhibitLodged
from alteram.installation.jobs.long import do_waiting
from tests.integration.converting.confined import need_confinement
from tests.needs import need_program
from tests.web.conftest import As
from tests.web.exhibit_scenes import lodge_letter
from tests.web.looking import PLACE, Shown, examine_all, look_at
from tests.web.scenes import COMPLAINANT, RESPONDENT, ROW
from tests.web.test_exhibits_viewing import WORDS, build_tools

pytestmark = pytest.mark.django_db(transaction=True)
ROOM = "/caucus/matters/row/exhibits/"
#: Two seconds of a tone, then two of silence.
_TONE = ("-f", "lavfi", "-i", "sine=frequency=440:duration=2", "-af", "apad=pad_dur=2", "-ar", "16000")


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A recording as a telephone would make it, in a lossy format."""
    need_confinement()
    program = need_program("ffmpeg", provided_by="apt-get install ffmpeg")
    target: Path = tmp_path_factory.mktemp("recordings") / "call.ogg"
    subprocess.run([program, "-v", "error", *_TONE, str(target)], check=True)
    return target.read_bytes()


def lodge_recording(client: Client, content: bytes) -> str:
    """Lodge it by the form, and return the address of its job once that is done."""
    form = {"a-exhibit": "call", "a-kind": "recording", "a-obtained": "made-by-lodger", "a-speakers": [COMPLAINANT]}
    file = SimpleUploadedFile("call.ogg", content)
    job = str(client.post("/caucus/matters/row/lodge/", {**form, "file": file})["Location"])
    assert "Not lodged yet" in client.get(job).content.decode()
    do_waiting()
    assert client.post(f"{ROOM}call/transcript/", {"name": "words", "text": WORDS}).status_code == 302
    return job


def render(client: Client, other: Client, job: str) -> Iterator[Shown]:
    """Yield the pages of the room as the lodger is shown them, and what the other side is told."""
    rooms = ("", "call/", "call/view/", "call/transcript/", "words/view/", "e1/view/", "thread/view/", "page/view/")
    for address in (*(ROOM + one for one in rooms), "/caucus/matters/row/lodge/", job):
        given = client.get(address)
        assert given.status_code == 200, address
        yield Shown(address, COMPLAINANT, given.content.decode())
    yield Shown("closed", RESPONDENT, other.get(f"{ROOM}call/view/").content.decode())


def test_real_recording_is_lodged_shown_and_played_on_pages_that_fail_nobody(
    caucus: Opened, as_person: As, recording: bytes
) -> None:
    client = as_person(COMPLAINANT)
    job = lodge_recording(client, recording)
    (lodged,) = caucus.organisation.facts(ROW, fresh=True).matter.all(ExhibitLodged)
    assert (lodged.act.form, lodged.act.size) == ("flac", len(recording))
    lodge_letter(caucus)
    lodge_letter(caucus, "thread", b"Hello\nGood bye", kind="message", tools=build_tools())
    lodge_letter(caucus, "page", b"WARC/1.0", kind="web-page", tools=build_tools(), media="application/warc")
    pages = list(render(client, as_person(RESPONDENT), job))
    assert "It lasts 0:04" in pages[2].html
    assert "Nothing is heard:" in pages[2].html
    sound = client.get(f"{ROOM}call/sound/")
    flac = b"".join(sound.streaming_content)  # type: ignore[attr-defined]  # a file is streamed
    assert flac.startswith(b"fLaC")
    with look_at(pages) as page:
        page.route("**/sound/", lambda route: route.fulfill(body=flac, content_type="audio/flac"))
        wrong = examine_all(page, pages)
        page.goto(f"{PLACE}/page/2")
        length = page.evaluate(
            "new Promise((done, fail) => { const one = document.querySelector('audio');"
            " one.onloadedmetadata = () => done(one.duration); one.onerror = () => fail(one.error.message);"
            " one.preload = 'auto'; one.load() })"
        )
    assert not wrong, "\n".join(wrong)
    assert length == pytest.approx(4, abs=0.1)
