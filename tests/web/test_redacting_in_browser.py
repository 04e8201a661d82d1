"""Places that are blacked out, in a real browser: drawn with the mouse, a finger and keys, and typed without script."""

import io
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from PIL import Image
from playwright.sync_api import Browser, Locator, Page

from alteram.web.redacting.forms import MOST_PLACES, CutsForm, PlaceRow
from tests.web.looking import PLACE, Shown, serve

WIDTH, HEIGHT = 600, 800
Parts = tuple[int, float, float, float, float]


def render_form() -> str:
    """Return the form as it is found, for an exhibit of two pages."""
    context = {
        "asking": SimpleNamespace(name="caucus"),
        "matter": "row",
        "exhibit": "e1",
        "form": CutsForm(()),
        "sizes": ((WIDTH, HEIGHT), (WIDTH, HEIGHT)),
        "empty_place": PlaceRow(prefix="places-__prefix__"),
        "most_places": MOST_PLACES,
    }
    form = render_to_string("web/redacting/form.html", context)
    style = '<link rel="stylesheet" href="/static/alteram/style.css">'
    script = '<script src="/static/alteram/redacting.js" defer></script>'
    return f'<!doctype html><html lang="en"><head>{style}{script}</head><body><main>{form}</main></body></html>'


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a browser at the form."""
    contexts = []
    picture = io.BytesIO()
    Image.new("RGB", (WIDTH, HEIGHT), "white").save(picture, "PNG")

    def open_it(**options: object) -> Page:
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, **options)  # type: ignore[arg-type]  # by name
        contexts.append(context)
        page = context.new_page()
        serve(page, [Shown("form", "somebody", render_form())])
        page.route("**/pages/*/", lambda route: route.fulfill(body=picture.getvalue(), content_type="image/png"))
        page.goto(f"{PLACE}/page/0")
        return page

    yield open_it
    for one in contexts:
        one.close()


def read_places(page: Page) -> list[Parts]:
    """Return the places as the form would send them."""
    sent = page.evaluate("new URLSearchParams(new FormData(document.getElementById('cuts'))).toString()")
    data, places = QueryDict(sent), []
    for number in range(int(data["places-TOTAL_FORMS"])):
        values = [data[f"places-{number}-{name}"] for name in ("page", "left", "top", "width", "height")]
        if any(values):
            places.append((int(values[0]), *(float(one) for one in values[1:])))
    return places  # type: ignore[return-value]  # five of them


def find_sheet(page: Page, number: int = 1) -> Locator:
    sheet = page.locator(f"[data-page='{number}']")
    sheet.scroll_into_view_if_needed()
    return sheet


def point(sheet: Locator, across: float, down: float) -> tuple[float, float]:
    """Return where on the screen a place of a page is, in hundredths."""
    box = sheet.bounding_box()
    assert box is not None
    return box["x"] + box["width"] * across / 100, box["y"] + box["height"] * down / 100


def test_places_are_drawn_moved_and_sized_with_the_mouse(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sheet = find_sheet(page)
    page.mouse.move(*point(sheet, 50, 30))
    page.mouse.down()
    page.mouse.move(*point(sheet, 20, 20), steps=3)  # against the direction of reading
    page.mouse.up()
    (drawn,) = read_places(page)
    assert list(drawn) == pytest.approx([1, 20, 20, 30, 10], abs=0.5)
    page.mouse.move(*point(sheet, 30, 25))
    page.mouse.down()
    page.mouse.move(*point(sheet, 40, 35), steps=3)
    page.mouse.up()
    ((_, left, top, width, _height),) = read_places(page)
    assert [left, top, width] == pytest.approx([30, 30, 30], abs=0.5)
    page.mouse.move(*point(sheet, 60.5, 40.5))
    page.mouse.down()
    page.mouse.move(*point(sheet, 70.5, 50.5), steps=3)
    page.mouse.up()
    ((_, left, _, width, height),) = read_places(page)
    assert [left, width, height] == pytest.approx([30, 40, 20], abs=1)


def test_places_never_leave_their_page(open_page: Callable[..., Page]) -> None:
    page = open_page()
    sheet = find_sheet(page)
    page.mouse.move(*point(sheet, 90, 10))
    page.mouse.down()
    page.mouse.move(*point(sheet, 130, -20), steps=3)
    page.mouse.up()
    ((_, left, top, width, height),) = read_places(page)
    assert left + width <= 100
    assert [top, height] == pytest.approx([0, 10], abs=0.3)


def test_a_place_is_made_moved_given_its_reason_and_taken_away_by_keys_alone(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.locator("[data-add]").nth(1).focus()
    page.keyboard.press("Enter")
    assert read_places(page) == [(2, 35, 47, 30, 6)]
    for key in ("ArrowLeft", "ArrowLeft", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowUp"):
        page.keyboard.press(key)
    assert read_places(page) == [(2, 33, 48, 31, 5)]
    told = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert told.startswith("Place on page 2, 33 % from the left, 48 % from the top, 31 % wide, 5 % high.")
    page.keyboard.press("Enter")
    page.keyboard.type("A face")
    assert page.locator("[data-place]:visible [data-part=reason]").input_value() == "A face"
    page.locator(".cut-box").focus()
    page.keyboard.press("Delete")
    assert read_places(page) == []
    assert page.locator(".cut-box").count() == 0
    assert page.locator("#told").inner_text() == "The place was taken away."


def test_more_places_than_rows_take_the_reason_of_the_one_before(open_page: Callable[..., Page]) -> None:
    page = open_page()
    for number in range(5):
        page.locator("[data-add]").first.click()
        if not number:
            page.keyboard.press("Enter")
            page.keyboard.type("A face")
    assert len(read_places(page)) == 5
    reasons = page.locator("[data-place]:visible [data-part=reason]")
    assert [reasons.nth(one).input_value() for one in range(5)] == ["A face"] * 5
    assert page.locator("[name='places-TOTAL_FORMS']").input_value() == "5"


def test_numbers_that_are_typed_move_the_box(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.locator("[data-add]").first.click()
    page.locator("[data-place]:visible [data-part=left]").fill("5")
    assert page.evaluate("document.querySelector('.cut-box').style.left") == "5%"
    page.locator("[data-place]:visible [data-part=page]").fill("99")
    assert page.locator(".cut-box").count() == 0
    page.get_by_role("button", name="Take this place away").click()
    assert page.locator("[data-add]").first.evaluate("one => one === document.activeElement")


def test_a_tap_of_a_finger_adds_a_place(open_page: Callable[..., Page]) -> None:
    page = open_page(has_touch=True)
    page.touchscreen.tap(*point(find_sheet(page), 50, 20))
    ((number, left, top, width, height),) = read_places(page)
    assert [number, left, top] == pytest.approx([1, 35, 17], abs=0.5)
    assert (width, height) == (30, 6)


def test_without_script_places_are_typed(open_page: Callable[..., Page]) -> None:
    page = open_page(java_script_enabled=False)
    assert page.locator("[data-add]").first.is_hidden()
    assert page.locator("[data-noscript]").is_visible()
    typed = {"page": "2", "left": "10", "top": "20.5", "width": "30", "height": "5", "reason": "A face"}
    for name, value in typed.items():
        page.locator(f"[name='places-0-{name}']").fill(value)
        assert page.locator(f"[name='places-0-{name}']").input_value() == value
    assert page.locator("#cuts button:has-text('Make it')").is_enabled()
