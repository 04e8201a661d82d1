"""A real recording with pictures, made by ffmpeg: its copy plays, lines follow it, and a part is chosen on it."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Page, Route, sync_playwright

from alteram.bootstrap import Opened
from alteram.cli.story.evidence import make_call
from alteram.core.record import verify_excerpt
from alteram.core.record.adjoining import adjoin
from alteram.installation.byte_ranges import find_span
from alteram.installation.jobs.long import do_waiting
from tests.integration.converting.confined import need_confinement
from tests.needs import need_program
from tests.web.conftest import As, open_chromium
from tests.web.looking import PLACE, Shown, examine_all, serve
from tests.web.scenes import COMPLAINANT, RESPONDENT
from tests.web.test_exhibits_excerpting import give, read_file

pytestmark = pytest.mark.django_db(transaction=True)
ROOM = "/caucus/matters/row/exhibits/"
VIEW, CUT = f"{ROOM}film/view/", f"{ROOM}film/excerpt/"
SECONDS = 12
WORDS = "0:00 Chair: It was decided on Monday.\n0:04.5 Member: No.\n0:08-0:09 It rings."
#: In a format that browsers do not play, with noise so that it is many pieces long.
_FILM = (
    *("-f", "lavfi", "-i", f"testsrc2=size=320x240:rate=10:duration={SECONDS}"),
    *("-f", "lavfi", "-i", f"anoisesrc=duration={SECONDS}:amplitude=0.3"),
    *("-c:v", "mpeg4", "-q:v", "2", "-g", "10", "-c:a", "pcm_s16le", "-ar", "16000", "-f", "matroska"),
)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    need_confinement()
    program = need_program("ffmpeg", provided_by="apt-get install ffmpeg")
    target: Path = tmp_path_factory.mktemp("films") / "film.mkv"
    subprocess.run([program, "-v", "error", *_FILM, str(target)], check=True)
    return target.read_bytes()


def lodge_film(client: Client, content: bytes) -> None:
    form = {"a-exhibit": "film", "a-kind": "recording", "a-obtained": "made-by-lodger", "a-speakers": [COMPLAINANT]}
    given = client.post("/caucus/matters/row/lodge/", {**form, "file": SimpleUploadedFile("film.mkv", content)})
    assert given.status_code == 302
    do_waiting()


def read(client: Client, address: str) -> bytes:
    return b"".join(client.get(address).streaming_content)  # type: ignore[attr-defined]  # a file is streamed


def answer_ranges(content: bytes, media: str) -> Callable[[Route], None]:
    """Return what answers a browser that asks for parts of a file."""

    def fulfill(route: Route) -> None:
        span = find_span(route.request.headers.get("range"), len(content))
        assert span is not None
        headers = {"Accept-Ranges": "bytes", "Content-Type": media, "Content-Range": span.content_range}
        route.fulfill(status=206, headers=headers, body=content[span.first : span.until])

    return fulfill


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = open_chromium(playwright)
        yield browser.new_page(viewport={"width": 1280, "height": 900})
        browser.close()


def test_film_plays_lines_follow_it_and_a_part_of_it_is_proved_and_answered(
    caucus: Opened, as_person: As, film: bytes, request: pytest.FixtureRequest
) -> None:
    client = as_person(COMPLAINANT)
    lodge_film(client, film)
    caucus.integrator.run()
    wrong = client.post(f"{ROOM}film/transcript/", {"name": "words", "text": WORDS + "\nno time\n0:59 too late"})
    assert wrong.status_code == 422
    assert '/film/film/#t=4.5"' in client.get(f"{VIEW}?t=4.5").content.decode()
    assert '/film/film/"' in client.get(f"{VIEW}?t=x").content.decode()
    assert "Line 4:" in wrong.content.decode()
    assert "Line 5:" in wrong.content.decode()
    assert "0:59 too late</textarea>" in wrong.content.decode()
    assert client.post(f"{ROOM}film/transcript/", {"name": "words", "text": WORDS}).status_code == 302
    addresses = [VIEW, f"{CUT}?begin=0:05&end=0:07", f"{ROOM}film/transcript/?mend=words"]
    given = client.post(CUT, {"begin": "0:05", "end": "0:07", "first": "", "until": "", "name": "part"})
    assert given.status_code == 302
    do_waiting()
    give(caucus, "film")
    other = as_person(RESPONDENT)
    proposed = other.get(f"{ROOM}part/answer/").content.decode()
    assert "All that came before" in proposed
    excerpt = re.search(r"The excerpt is film from (\S+) to", proposed)
    assert excerpt is not None
    assert f"0:00–{excerpt[1]}," in proposed
    one = verify_excerpt(read_file(client, "part"))
    assert one.header is not None
    assert other.post(CUT, {"first": 0, "until": one.first, "name": "earlier", "adds_to": "part"}).status_code == 302
    do_waiting()
    assert adjoin(one, verify_excerpt(read_file(other, "earlier"))).relation == "before"
    addresses += [f"{ROOM}part/", f"{ROOM}part/answer/", f"{ROOM}part/view/"]
    pages = [Shown(address, COMPLAINANT, client.get(address).content.decode()) for address in addresses]
    pages.append(Shown("wrong", COMPLAINANT, wrong.content.decode()))
    part = read(client, f"{ROOM}part/film/")
    content, captions = read(client, f"{ROOM}film/film/"), client.get(f"{ROOM}words/captions/").content
    assert content[:4] == b"\x1a\x45\xdf\xa3"
    page: Page = request.getfixturevalue("page")
    serve(page, pages)
    page.route("**/film/film/", answer_ranges(content, "video/webm"))
    page.route("**/part/film/", answer_ranges(part, "video/webm"))
    page.route("**/captions/", lambda route: route.fulfill(body=captions, content_type="text/vtt"))
    found = examine_all(page, pages)
    assert not found, "\n".join(found)
    _follow(page)
    _choose(page)
    _play_part(page)


def _play_part(page: Page) -> None:
    """The part plays by itself, and is no longer than what was cut out: whole clusters of it."""
    page.goto(f"{PLACE}/page/5")
    page.wait_for_function("document.getElementById('player').readyState >= 1")
    assert 1 <= page.evaluate("document.getElementById('player').duration") <= 5
    assert page.evaluate("document.getElementById('player').videoWidth") == 320


def test_part_of_a_sound_plays_by_itself(caucus: Opened, as_person: As, request: pytest.FixtureRequest) -> None:
    need_confinement()
    need_program("ffmpeg", provided_by="apt-get install ffmpeg")
    client = as_person(COMPLAINANT)
    lodge_film(client, make_call())
    caucus.integrator.run()
    assert client.post(CUT, {"begin": "0:20", "end": "0:24", "name": "part"}).status_code == 302
    view = f"{ROOM}part/view/"
    shown, sound = client.get(view).content.decode(), read(client, f"{ROOM}part/sound/")
    page: Page = request.getfixturevalue("page")
    serve(page, [Shown(view, COMPLAINANT, shown)])
    page.route("**/part/sound/", answer_ranges(sound, "audio/flac"))
    page.goto(f"{PLACE}/page/0")
    page.wait_for_function("document.getElementById('player').readyState >= 1")
    assert 4 <= page.evaluate("document.getElementById('player').duration") < 30


def _follow(page: Page) -> None:
    """It plays, and a line that is pressed moves it there and is marked."""
    page.goto(f"{PLACE}/page/0")
    page.wait_for_function("document.getElementById('player').readyState >= 1")
    assert page.evaluate("document.getElementById('player').duration") == pytest.approx(SECONDS, abs=0.5)
    assert page.evaluate("document.getElementById('player').videoWidth") == 320
    link = page.locator("[data-cues] a").nth(1)
    assert str(link.get_attribute("href")).endswith("/film/view/?t=4.5#player")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.getElementById('player').currentTime >= 4.5")
    assert "No." in page.locator("[data-cues] li[aria-current]").inner_text()
    assert page.evaluate("document.getElementById('player').textTracks[0].cues.length") == 3


def _choose(page: Page) -> None:
    """A part is chosen by dragging, by the keyboard, and by where the player is."""
    page.goto(f"{PLACE}/page/1")
    page.wait_for_function("document.getElementById('player').readyState >= 1")
    page.locator("[data-wave]").scroll_into_view_if_needed()
    box = page.locator("[data-wave]").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.up()
    assert page.locator("#id_begin").input_value() == "0:03"
    assert page.locator("#id_end").input_value() == "0:06"
    assert float(str(page.locator("[data-chosen]").get_attribute("width"))) == pytest.approx(250, abs=2)
    page.locator("#id_end").press("ArrowUp")
    assert page.locator("#id_end").input_value() == "0:07"
    page.evaluate("document.getElementById('player').currentTime = 9")
    page.get_by_role("button", name="It ends where the player is").click()
    assert page.locator("#id_end").input_value() == "0:09"
