"""Every page in a language nobody speaks: what is not in it was never marked, or no translator is given it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.formats import date_format, reset_format_cache
from django.utils.translation import override

from alteram.bootstrap import Opened
from alteram.installation.languages import find_languages
from tests.web import scenes
from tests.web.left_over import find_left, read_left
from tests.web.looking import PLACE, Shown, look_at
from tests.web.pseudo import PSEUDO, PSEUDO_RTL, accent, let_be_known, speak
from tests.web.test_accessibility import find_pages
from tests.web.walking import Walker, find_addresses
from tools.generate_messages import TARGET, build_pot

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(caucus: Opened, monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[Shown]:
    speak(monkeypatch, settings, PSEUDO)
    walker = Walker()
    return [*find_pages(walker, most=6), *find_answers(walker)]


def find_answers(walker: Walker) -> Iterator[Shown]:
    """Yield what people are shown who send forms with nothing in them."""
    for address in find_addresses():
        if address.method == "POST" and "/v1/" not in address.route:
            for actor in ("nobody", "respondent", "case-manager", "secretary"):
                response = walker.ask(address, actor)
                if response["Content-Type"].startswith("text/html") and not response.streaming and response.content:
                    yield Shown(f"POST /{address.route}", actor, response.content.decode())


def test_nothing_is_left_over_on_any_page(pages: list[Shown]) -> None:
    assert len(pages) > 60
    assert all(f'lang="{PSEUDO}" dir="ltr"' in one.html for one in pages)
    wrong: dict[str, str] = {}
    for shown in pages:
        for text in read_left(shown.html):
            wrong.setdefault(text, str(shown))
    told = "\n".join(f"{place}: {text}" for text, place in wrong.items())
    assert not wrong, f"{len(wrong)} texts are not translated:\n{told}"


def test_translators_are_given_every_text() -> None:
    """Made again by `make docs`."""
    assert TARGET.read_text() == build_pot()


@pytest.mark.parametrize(
    "text",
    ["Members", "Nothing waits for you.", f"{accent('Members')} of", "a part of nobody", "member of", "Custodian left"],
)
def test_what_is_not_marked_is_found(text: str) -> None:
    assert find_left(text)


@pytest.mark.parametrize(
    "text", [accent("Members"), "", "· 3.1 –", scenes.TEXT, "whip", f"{accent('Stage')} (whip, {accent('chair')})"]
)
def test_translations_and_data_are_let_pass(text: str) -> None:
    assert not find_left(text)


def test_what_is_read_out_counts_like_what_is_shown() -> None:
    assert read_left('<input type="submit" value="Send"><img alt="A clock"><p translate="no">Ann</p><br>Ann') == [
        "Send",
        "A clock",
        "Ann",
    ]


def test_a_language_is_chosen_without_script_and_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    speak(monkeypatch, settings, PSEUDO_RTL)
    settings.LANGUAGE_CODE = "en"
    before = client.get("/check/").content.decode()
    assert '<html lang="en" dir="ltr">' in before
    assert '<form class="languages" method="post" action="/language/">' in before
    answer = client.post("/language/", {"language": PSEUDO_RTL, "next": "/check/"})
    assert answer.headers["Location"] == "/check/"
    assert f'<html lang="{PSEUDO_RTL}" dir="rtl">' in client.get("/check/").content.decode()


def test_a_choice_of_language_leads_nowhere_else(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "https://elsewhere.invalid/"})
    assert answer.headers["Location"] == "/"


def test_reading_changes_no_language(client: Client) -> None:
    assert client.get("/language/?language=en").status_code == 405


def test_one_language_is_not_offered_as_a_choice(client: Client) -> None:
    assert "/language/" not in client.get("/check/").content.decode()


def test_a_language_is_offered_once_its_translation_is_there(tmp_path: Path) -> None:
    assert [code for code, _ in find_languages([tmp_path])] == ["en"]
    place = tmp_path / "mi" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.po").touch()
    assert [code for code, _ in find_languages([tmp_path])] == ["en"]
    (place / "django.mo").touch()
    assert find_languages([tmp_path, tmp_path / "none"])[1:] == [("mi", "te reo Māori")]


@pytest.mark.parametrize("language", ["en", "mi"])
def test_a_month_is_written_in_letters_after_its_day(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    let_be_known(monkeypatch, language)
    reset_format_cache()
    with override(language):
        assert date_format(datetime(2027, 1, 7, 17, tzinfo=UTC), "DATETIME_FORMAT") == "7 January 2027, 17:00"
    reset_format_cache()


@pytest.fixture
def pages_to_the_left(caucus: Opened, monkeypatch: pytest.MonkeyPatch, settings: Any) -> list[Shown]:
    speak(monkeypatch, settings, PSEUDO_RTL)
    # How wide a page is hangs on its address more than on who looks: three of them see what there is to see.
    return list(find_pages(Walker(), most=3))


def test_no_page_needs_scrolling_sideways_from_right_to_left(pages_to_the_left: list[Shown]) -> None:
    assert all(f'<html lang="{PSEUDO_RTL}" dir="rtl">' in one.html for one in pages_to_the_left)
    wrong = []
    with look_at(pages_to_the_left, width=320) as page:
        for number, shown in enumerate(pages_to_the_left):
            page.goto(f"{PLACE}/page/{number}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > 320:
                wrong.append(f"{shown}: {wide}")
    assert not wrong, "\n".join(wrong)
